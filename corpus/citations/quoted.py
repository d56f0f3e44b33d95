"""Words in quotation marks: are they the cited article's, changed ones of it, or another's?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.citations.assessment import Assessment
from corpus.citations.candidates import candidates, ranked, tied
from corpus.citations.changes import Change, changed, reworded
from corpus.citations.cited import Cited
from corpus.citations.likeness import closeness, plain

QUOTE_PIECE = 6  # a part of a quotation, between ellipses, that is compared by itself
QUOTE_SHORT, QUOTE_LONG = 15, 60  # fewer may stand in many laws; so many are hardly another's
QUOTE_EXACT = 97.0  # a quote this close to the cited article is its quote, whatever else is like it
QUOTE_OK = 85.0  # … a long one this close, or any where no other is closer
QUOTE_FAR = 72.0  # this far from it it may be another's
QUOTE_LEAD, QUOTE_LEAD_FAR = 12.0, 15.0  # … if it is this much closer to the other; where it is far
QUOTE_FOUND = 93.0  # … and this close to the other
QUOTE_FOUND_FAR, QUOTE_FOUND_FAR_SHORT = 72.0, 92.0  # … where it is far, and short
QUOTE_LIKE, QUOTE_BEHIND = 65.0, 5.0  # this close, and no further behind any other, it is a loose quote
OLD_QUOTE, OLD_QUOTE_LEAD, OLD_QUOTE_BEHIND = 50.0, 10.0, 12.0  # the same for an older version's article

DIFFERS = "引文和现行条文的字句不完全一样，请对照原文。"
_ELLIPSIS = re.compile(r"…+|\.{3,}|——")


def quoted(cited: Cited) -> Assessment | None:
    """What the words in quotation marks say; None where there are none, or they are not words of the law at all."""
    evidence = cited.evidence
    if not evidence.quotes:
        return None
    pieces = [p for q in evidence.quotes for p in _ELLIPSIS.split(q) if len(plain(p)) >= QUOTE_PIECE]
    pieces = pieces or list(evidence.quotes)
    words = [plain(p) for p in pieces]
    length = sum(map(len, words))

    def near(texts: Sequence[str]) -> float:
        return sum(max(closeness(w, t) for t in texts) * len(w) for w in words) / max(1, length)

    quote = _Quote(near(cited.texts), length)
    set_out = "\n".join(evidence.set_out) if quote.here < 100 else ""
    change, differing = changed(set_out, cited.articles), reworded(set_out, cited.articles)
    if not differing and not change and quote.is_own():
        return Assessment(supported=True, sure=quote.here >= QUOTE_EXACT)
    found = candidates(cited.held, " ".join(pieces), cited.law, cited.old, cited.references)
    scored = ranked(found, lambda text: near([text]))
    best = scored[0][0] if scored else 0.0
    for closest, reference in scored:
        if reference in cited.old and quote.is_old(closest, best):
            return Assessment(moved=(reference,), sure=True)
    if quote.is_anothers(best) or ((change or differing) and quote.is_twins(best)):
        return Assessment(moved=tied(scored, cited.law), sure=True)
    if change:
        return Assessment(change=change)
    if quote.here >= QUOTE_OK or quote.is_loose(best):
        plainly = "" if quote.here >= QUOTE_OK else DIFFERS
        return Assessment(supported=True, note=_both(differing) if differing else plainly)
    return None


def _both(change: Change) -> str:
    """The words of the article and those that the quotation has for them."""
    return f"引文的字句和现行{change.article}不一样：条文是“{change.law}”，引文写成“{change.copy}”。请对照原文。"


@dataclass(frozen=True, slots=True)
class _Quote:
    """How close a quotation is to the articles cited (`here`), and its length; `best` is the closest other one's."""

    here: float
    length: int

    def is_own(self) -> bool:
        """Whether it is of the articles cited, whatever else is like it."""
        return self.here >= QUOTE_EXACT or (self.here >= QUOTE_OK and self.length >= QUOTE_LONG)

    def is_old(self, closest: float, best: float) -> bool:
        """Whether it is of an older version's article that it is so close to."""
        return closest >= max(OLD_QUOTE, self.here + OLD_QUOTE_LEAD, best - OLD_QUOTE_BEHIND)

    def is_anothers(self, best: float) -> bool:
        """Whether it is clearly of another article."""
        if self.here >= QUOTE_FAR:
            return best >= max(QUOTE_FOUND, self.here + QUOTE_LEAD)
        found = QUOTE_FOUND_FAR if self.length >= QUOTE_SHORT else QUOTE_FOUND_FAR_SHORT
        return best >= max(found, self.here + QUOTE_LEAD_FAR)

    def is_twins(self, best: float) -> bool:
        """Whether what looks changed are the words of another article that reads much alike."""
        return self.length >= QUOTE_SHORT and best >= QUOTE_EXACT and best > self.here

    def is_loose(self, best: float) -> bool:
        """Whether it is of the articles cited, but not in their words."""
        return self.here >= max(QUOTE_LIKE, best - QUOTE_BEHIND)
