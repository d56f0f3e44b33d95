"""BM25 (bm25s) over runs of characters, stored beside the vectors."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from index.vectors import Vectors

logging.getLogger("bm25s").setLevel(logging.WARNING)
_WORD = re.compile(r"[\u4e00-\u9fff0-9a-zA-Z]+")


def grams(text: str) -> list[str]:
    """Runs of one to three characters: they need no dictionary and match short slang."""
    letters = "".join(_WORD.findall(text.lower()))
    return [letters[i : i + n] for n in (1, 2, 3) for i in range(len(letters) - n + 1)]


class Lexical:
    """A BM25 index over a list of texts; scores are by the text's place in that list."""

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.6) -> Lexical:
        """Index texts that are already split into terms."""
        index = bm25s.BM25(k1=k1, b=b)
        index.index([list(t) for t in texts], show_progress=False)
        return cls(index)

    def save(self, folder: Path) -> None:
        self._index.save(folder, show_progress=False)

    @classmethod
    def open(cls, folder: Path) -> Lexical:
        return cls(bm25s.BM25.load(folder, mmap=True))

    def scores(self, query: Sequence[str]) -> Vectors:
        """One score a text, zeros where no term of the query is known. `query` are terms, each counted once."""
        known = [w for w in dict.fromkeys(query) if w in self._index.vocab_dict]
        if not known:
            return np.zeros(self._index.scores["num_docs"], np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)
