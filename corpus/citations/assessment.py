"""What the evidence says of the articles cited: the outcome of every way to weigh it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.citations.changes import Change
from corpus.reference import Reference


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence says of the articles cited; open where neither of the first two is set.

    supported  they carry it
    moved      these carry it, best first, and the cited ones do not
    apart      the cited ones do not carry it, and no other is near enough to be named
    contrary   the one cited speaks of it, but does not say so
    sure       … by words of the law that stand in the text, not by a claim: these, letter by letter, where supported
    change     a copy of the law that they carry has another meaning, None where there is none
    note       a remark for the reader, in Chinese, empty where there is none
    """

    supported: bool = False
    moved: tuple[Reference, ...] = ()
    apart: bool = False
    contrary: bool = False
    sure: bool = False
    change: Change | None = None
    note: str = ""

    @property
    def wrong(self) -> bool:
        """Whether the articles cited do not say so."""
        return bool(self.moved or self.apart or self.contrary)


UNSURE = Assessment()
