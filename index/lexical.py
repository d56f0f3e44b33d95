"""BM25 (bm25s) over runs of characters, stored beside the vectors."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np

from index.vectors import Floats, mapped

#: How soon further occurrences of a term count no more, and how much the length of a text counts.
K1, B = 1.2, 0.6
logging.getLogger("bm25s").setLevel(logging.WARNING)
_WORD = re.compile(r"[\u4e00-\u9fff0-9a-zA-Z]+")


def grams(text: str) -> list[str]:
    """Runs of one to three characters: they need no dictionary and match short slang."""
    letters = "".join(_WORD.findall(text.lower()))
    return [letters[i : i + n] for n in (1, 2, 3) for i in range(len(letters) - n + 1)]


def places(vocabulary: np.ndarray, terms: Sequence[str]) -> np.ndarray:
    """Where the terms that a sorted vocabulary knows stand in it, each once."""
    asked = np.array(list(dict.fromkeys(terms)), dtype=str)
    if not len(vocabulary):
        return np.zeros(0, np.int64)
    found = np.searchsorted(vocabulary, asked)
    known: np.ndarray = found[vocabulary[np.minimum(found, len(vocabulary) - 1)] == asked]
    return known


class Lexical:
    """A BM25 index over a list of texts; scores are by the text's place in that list.

    `vocabulary` holds the terms sorted, and a term's id is its place: read from the disk as it is needed, where a
    dictionary of the 1.4 million grams of all law and all phrasings takes 340 MB.
    """

    def __init__(self, index: bm25s.BM25, vocabulary: np.ndarray) -> None:
        self._index, self._vocabulary = index, vocabulary

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> Lexical:
        """Index texts that are already split into terms."""
        terms = sorted({term for text in texts for term in text})
        ids = {term: i for i, term in enumerate(terms)}
        index = bm25s.BM25(k1=K1, b=B)
        index.index(([[ids[term] for term in text] for text in texts], ids), show_progress=False)
        index.vocab_dict = {}
        return cls(index, np.array(terms))

    def save(self, folder: Path) -> None:
        self._index.save(folder, show_progress=False)
        np.save(folder / "vocabulary.npy", self._vocabulary)

    @classmethod
    def open(cls, folder: Path) -> Lexical:
        index = bm25s.BM25.load(folder, mmap=True, load_vocab=False)
        arrays = {name: part for name, part in index.scores.items() if isinstance(part, np.ndarray)}
        index.scores.update({name: np.asarray(array) for name, array in arrays.items()})  # as `mapped` does
        return cls(index, mapped(folder / "vocabulary.npy"))

    def scores(self, query: Sequence[str]) -> Floats:
        """One score a text, zeros where no term of the query is known. `query` are terms, each counted once."""
        known = places(self._vocabulary, query)
        if not len(known):
            return np.zeros(self._index.scores["num_docs"], np.float32)
        return np.asarray(self._index.get_scores_from_ids(known), np.float32)
