"""Whether a card's verdict holds for what a message says: the cross-encoder, asked about firm cards and branches.

It reads short messages only: of a longer one nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cards import FIRM, Card
from corpus.conditions import may_be_told
from index.crossencoder import CrossEncoder
from index.situations import Match

#: A firm verdict is doubted below this probability that it holds for what a message says. A card with another verdict
#: that holds with that of `INSTEAD` is read in its place, where it is at least so much of the first one's likelihood.
HOLDS, INSTEAD, COMPARABLE = 0.1, 0.7, 0.1
#: A branch is read where its facts are told with the first probability, and those of every branch with another verdict
#: with no more than the second; by the lower limits it stands open below a verdict that depends.
TOLD, TOLD_OTHERWISE = 0.9, 0.1
LIKELY, LIKELY_OTHERWISE = 0.6, 0.3
#: A message of fewer characters names a matter and tells no facts of it: 催收上门违法吗.
FACTS = 12


@dataclass(frozen=True)
class BranchesTold:
    """The ids of a card's branches, the likeliest first; whether a message seems to tell its facts, and surely does."""

    names: tuple[str, ...] = ()
    likely: bool = False
    sure: bool = False


NOTHING_TOLD = BranchesTold()


def turned_round(reader: CrossEncoder, card: Card, text: str) -> bool:
    """Whether a message probably tells the contrary of what a firm card's verdict rests on."""
    holds = reader.holds(text, card.title) if card.verdict in FIRM else None
    return holds is not None and holds < HOLDS


def counterpart(reader: CrossEncoder, matches: Sequence[Match], text: str) -> Card | None:
    """Of the matches beside the first card the best with another verdict, which holds for what the message says."""
    (first, likely), *others = [(m.situation, m.probability) for m in matches if isinstance(m.situation, Card)]
    for card, probability in others:
        if card.verdict != first.verdict and probability >= COMPARABLE * likely:
            holds = reader.holds(text, card.title)
            if holds is not None and holds >= INSTEAD:
                return card
    return None


def branches_told(reader: CrossEncoder, card: Card, text: str) -> BranchesTold:
    """What a message tells of the branches of a card."""
    if not card.branches or len(text) < FACTS:
        return NOTHING_TOLD
    odds = {
        name: (may_be_told(branch, text) and reader.holds(text, branch.when)) or 0.0
        for name, branch in card.branches.items()
    }
    names = tuple(sorted(odds, key=lambda name: -odds[name]))
    best, verdict = odds[names[0]], card.branches[names[0]].verdict
    other = max((odds[name] for name in names if card.branches[name].verdict != verdict), default=0.0)
    return BranchesTold(
        names,
        likely=best >= LIKELY and other <= LIKELY_OTHERWISE,
        sure=best >= TOLD and other <= TOLD_OTHERWISE,
    )
