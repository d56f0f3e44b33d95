"""Which article says what a text claims: meaning, for `corpus.citations.check`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from corpus.reference import Reference
from index.crossencoder import CrossEncoder
from index.encoder import Encoder
from index.vectors import Floats, Vectors


class ArticleJudge:
    """A `corpus.citations.Judge` over one index: cosines of claims and articles, as in search without BM25.

    Whether an article that is near says the same or the contrary, the cross-encoder tells.

    `references` (n,) name the article of each of the `chunks` (n, d), vectors of the document head.
    """

    def __init__(
        self, encoder: Encoder, cross_encoder: CrossEncoder, references: Sequence[Reference], chunks: Vectors
    ) -> None:
        self._encoder, self._cross_encoder, self._chunks = encoder, cross_encoder, chunks
        self._articles = list(dict.fromkeys(references))
        self._place = {article: i for i, article in enumerate(self._articles)}
        self._owners = np.array([self._place[r] for r in references])
        laws = np.array([a.law for a in self._articles])
        self._of = {law: np.flatnonzero(laws == law) for law in dict.fromkeys(a.law for a in self._articles)}
        self._all = np.arange(len(self._articles))
        self._scores = lru_cache(maxsize=32)(self._score)

    def similar(self, claim: str, law: str | None, k: int) -> list[tuple[Reference, float]]:
        scores = self._scores(claim)
        places = self._of.get(law, self._all[:0]) if law else self._all
        return [(self._articles[i], float(scores[i])) for i in places[np.argsort(-scores[places])[:k]]]

    def score(self, claim: str, reference: Reference) -> float | None:
        place = self._place.get(reference.article)
        return None if place is None else float(self._scores(claim)[place])

    def carried(self, claim: str, provision: str) -> float | None:
        return self._cross_encoder.carried(claim, provision)

    def _score(self, claim: str) -> Floats:
        vector = self._encoder.project(self._encoder.base([claim], side="query"), task="query")[0]
        best = np.full(len(self._articles), -1, np.float32)
        np.maximum.at(best, self._owners, self._chunks @ vector)
        return best
