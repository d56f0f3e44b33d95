"""Which article says what a text claims: meaning, for `corpus.citations.check`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.reference import Reference
from index.crossencoder import CrossEncoder
from index.encoder import Encoder
from index.vectors import Floats, Vectors


class ArticleVectors:
    """The articles of one index, as claims are compared with them: by cosine, as in search without BM25.

    `references` (n,) name the article of each of the `chunks` (n, d), vectors of the document head.
    """

    def __init__(self, encoder: Encoder, references: Sequence[Reference], chunks: Vectors) -> None:
        self._encoder, self._chunks = encoder, chunks
        self.articles = list(dict.fromkeys(references))
        self.place = {article: i for i, article in enumerate(self.articles)}
        self._owners = np.array([self.place[r] for r in references])
        laws = np.array([a.law for a in self.articles])
        self._of = {law: np.flatnonzero(laws == law) for law in dict.fromkeys(a.law for a in self.articles)}
        self._all = np.arange(len(self.articles))

    def places(self, law: str | None) -> npt.NDArray[np.int64]:
        """Where the articles of one law or (None) of all stand."""
        return self._of.get(law, self._all[:0]) if law else self._all

    def scores(self, claim: str) -> Floats:
        """How near each article is to a claim."""
        vector = self._encoder.project(self._encoder.base([claim], side="query"), task="query")[0]
        best = np.full(len(self.articles), -1, np.float32)
        np.maximum.at(best, self._owners, self._chunks @ vector)
        return best


class ArticleJudge:
    """A `corpus.citations.Judge` of one text: of what it claims the last scores are kept as long as this.

    Whether an article that is near says the same or the contrary, the cross-encoder tells.
    """

    def __init__(self, vectors: ArticleVectors, cross_encoder: CrossEncoder) -> None:
        self._vectors, self._cross_encoder = vectors, cross_encoder
        self._scores = lru_cache(maxsize=32)(vectors.scores)

    def similar(self, claim: str, law: str | None, k: int) -> list[tuple[Reference, float]]:
        scores, places = self._scores(claim), self._vectors.places(law)
        nearest = places[np.argsort(-scores[places])[:k]]
        return [(self._vectors.articles[i], float(scores[i])) for i in nearest]

    def score(self, claim: str, reference: Reference) -> float | None:
        place = self._vectors.place.get(reference.article)
        return None if place is None else float(self._scores(claim)[place])

    def carried(self, claim: str, provision: str) -> float | None:
        return self._cross_encoder.carried(claim, provision)
