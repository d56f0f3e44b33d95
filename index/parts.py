"""What an index is searched with beside Chroma, as it is made and as it stands in the folder of the index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.lexical import Lexical
from index.nearness import CitationFit, Means, Phrasings
from index.odds import Odds
from index.vectors import Floats, HalfVectors, mapped


@dataclass(frozen=True)
class Parts:
    """The parts of an index, made or opened.

    Of the articles: `chunks` (n, d), their vectors by the document head, `chunk_grams`, their words, `prior` (n,), how
    often people ask of each, and `cited`, those that cards cite. Of the situations: `means` and `phrasings`, vectors by
    the question head, and `situation_grams`, their words. `uncovered`: means of matters that no card is about.
    `kinds`, `verdicts`: what a question calls for.
    """

    chunks: HalfVectors
    chunk_grams: Lexical
    prior: Floats
    cited: CitationFit
    means: Means
    phrasings: Phrasings
    situation_grams: Lexical
    uncovered: Means
    kinds: Odds
    verdicts: Odds

    def save(self, folder: Path) -> None:
        np.save(folder / "chunks.npy", self.chunks)
        self.chunk_grams.save(folder / "chunks.bm25")
        np.save(folder / "prior.npy", self.prior)
        self.cited.save(folder / "cited.npz")
        self.means.save(folder / "means.npz")
        self.phrasings.save(folder)
        self.situation_grams.save(folder / "situations.bm25")
        self.uncovered.save(folder / "uncovered.npz")
        self.kinds.save(folder / "kinds.npz")
        self.verdicts.save(folder / "verdicts.npz")

    @classmethod
    def open(cls, folder: Path) -> Parts:
        """Those that are large are read from the disk as they are needed."""
        return cls(
            chunks=mapped(folder / "chunks.npy"),
            chunk_grams=Lexical.open(folder / "chunks.bm25"),
            prior=np.load(folder / "prior.npy"),
            cited=CitationFit.open(folder / "cited.npz"),
            means=Means.open(folder / "means.npz"),
            phrasings=Phrasings.open(folder),
            situation_grams=Lexical.open(folder / "situations.bm25"),
            uncovered=Means.open(folder / "uncovered.npz"),
            kinds=Odds.open(folder / "kinds.npz"),
            verdicts=Odds.open(folder / "verdicts.npz"),
        )
