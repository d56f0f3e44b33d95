"""The articles whose text is held, and their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.citations.law_names import Names
from corpus.citations.likeness import Claim, WordIndex, word_index
from corpus.reference import Reference
from corpus.statutes import Article, Statutes

CLAIMS = 16  # that were compared last are at hand: the same are looked at in several ways


class Held:
    """Articles by reference; `everywhere` is the index of the `statutes`, any other law has one of its own.

    Made for one text: what is compared with the articles is kept as long as this.
    """

    def __init__(self, statutes: Statutes, names: Names) -> None:
        self._laws = names.held
        self.everywhere = word_index(statutes)
        self._claim = lru_cache(maxsize=CLAIMS)(Claim)

    def __contains__(self, law: str) -> bool:
        return law in self._laws

    def index(self, law: str) -> WordIndex:
        """The index that holds a law: the statutes' own, else one of that law alone."""
        return self.everywhere if law in self.everywhere.laws else word_index(self._laws[law], law)

    def claim(self, text: str, law: str | None = None) -> Claim:
        """Words of a text, compared with the articles of the index of a law, or (None) of the statutes' own."""
        return self._claim(self.index(law) if law else self.everywhere, text)

    def articles(self, references: Sequence[Reference]) -> tuple[Article, ...]:
        return tuple(index.articles[row] for index, row in map(self._row, references))

    def texts(self, references: Sequence[Reference]) -> tuple[str, ...]:
        """The words of articles, plain."""
        return tuple(index.texts[row] for index, row in map(self._row, references))

    def is_general(self, references: Sequence[Reference]) -> bool:
        """Whether a general provision is among articles of one law: it may stand for what a special one says."""
        law = references[0].law
        index = self.index(law)
        rows = [index.where[r.article] for r in references if r.article in index.where]
        paths = "".join(heading for row in rows for heading in index.articles[row].path)
        return bool(re.search("总则|通则|一般规定" if law == "民法典" else "总则", paths))

    def _row(self, reference: Reference) -> tuple[WordIndex, int]:
        """An article's index, that which holds its law, and its row there."""
        index = self.index(reference.law)
        return index, index.where[reference.article]
