"""Who judges claims by meaning. None is here: callers pass one in, see `corpus.citations.check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpus.reference import Reference


class Judge(Protocol):
    """Judges by meaning: nearness, on the scale of a cosine, and whether a text carries what is claimed of it."""

    def similar(self, claim: str, law: str | None, k: int) -> Sequence[tuple[Reference, float]]:
        """The k articles nearest in meaning to a claim, of one law or (None) of all it knows, best first."""

    def score(self, claim: str, reference: Reference) -> float | None:
        """How near one article is; None where it does not know the article."""

    def carried(self, claim: str, provision: str) -> float | None:
        """The probability that a provision, by its text, carries a claim: not its contrary, nor more than it says.

        None where it cannot tell.
        """
