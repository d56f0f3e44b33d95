"""A text as the index reads it: what it is like, and which situations it may tell of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from propcache.api import cached_property

from corpus.cards import Card
from corpus.reference import Reference
from corpus.replies import MessageKind, Reply, ReplyKind, Situation
from index.normalise import has_words, normalise, shorten
from index.query import Query
from index.retriever import Index
from index.situations import Match

#: Likeness to messages of a kind that several rules go by: from the first on a message is like danger, below the second
#: far from it; from the third on it plainly asks something that a card may answer.
DANGER, NO_DANGER, QUESTION = 0.4, 0.005, 0.9
#: A message of so many characters says little by itself.
SHORT = 8
#: A sentence without what stands around it says less: it tells of danger from the first likeness on if it has a sign,
#: from the second on if the replies for danger have so much of the probability of all situations.
SIGNED, ALONE, NEARLY_ALL = 0.5, 0.95, 0.9
#: Where a sentence ends: also at a blank between characters, which a line break leaves.
_END = re.compile(r"(?<=[。!?;…~])(?=[^。!?;…~])|(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


class Readings(dict[str, "Reading"]):
    """The texts that one answer takes into account, each read once: what was said before counts in several ways.

    `longest`: so many characters of a message are read.
    """

    def __init__(self, index: Index, longest: int) -> None:
        super().__init__()
        self.index, self.longest = index, longest
        #: The segments of long texts, which one that follows on has in common with what it follows.
        self.parts: dict[str, Query] = {}

    def __missing__(self, text: str) -> Reading:
        self[text] = Reading(self, text)
        return self[text]

    def normalised(self, text: str) -> str:
        """A message for matching, cut before and after: some single characters stand for eighteen."""
        return shorten(normalise(text[: self.longest]))[: self.longest]


class Reading:
    """A text and what the index says of it, each found on first use and once."""

    def __init__(self, readings: Readings, text: str, matches: Sequence[Match] | None = None) -> None:
        """`matches` are given where the situations of another text count."""
        self.readings, self.index, self.text = readings, readings.index, text
        self._query = self.index.query(text, readings.parts)
        self._matches = matches

    @cached_property
    def odds(self) -> dict[MessageKind, float]:
        """The likeness to messages of each kind, 0 to 1; together 1."""
        return self.index.kinds(self._query)

    @cached_property
    def matches(self) -> Sequence[Match]:
        """The situations that fit best, best first."""
        return self.index.matches(self._query) if self._matches is None else self._matches

    @property
    def like_danger(self) -> bool:
        return self.odds["crisis"] >= DANGER

    @property
    def far_from_danger(self) -> bool:
        return self.odds["crisis"] < NO_DANGER

    def near_danger(self, limit: float) -> bool:
        """Whether the likeness to danger times the probability of dangers among the situations reaches the limit.

        Each of the two alone is met by chance.
        """
        odds = self.odds["crisis"]
        return odds >= limit and odds * self._danger_probability >= limit

    @cached_property
    def _danger_probability(self) -> float:
        return self.index.reply_probability(self._query, "crisis")

    @property
    def plain_question(self) -> bool:
        return self.odds["answer"] >= QUESTION

    @cached_property
    def sentences(self) -> list[Reading]:
        """Its sentences, each read by itself, long ones in segments; none where it is a single short one."""
        queries = [
            self.index.query(sentence, self.readings.parts) for sentence in _END.split(self.text) if has_words(sentence)
        ]
        pieces = [piece.text for query in queries for piece in query.segments or [query]]
        return [self.readings[piece] for piece in pieces] if len(pieces) > 1 else []

    @property
    def tells_danger(self) -> bool:
        """Whether a sentence tells of danger: by a sign that likeness bears out, or by likeness and the search."""
        likeness = self.odds["crisis"]
        if likeness >= ALONE and self.matched_probability("crisis") >= NEARLY_ALL:
            return True
        return likeness >= SIGNED and self.signed("crisis") is not None

    def signed(self, kind: ReplyKind) -> Reply | None:
        """The first reply of a kind whose sign stands in it."""
        replies = self.index.replies.values()
        return next((reply for reply in replies if reply.kind == kind and reply.signed(self.text)), None)

    @property
    def cards(self) -> list[Card]:
        """The cards among the situations, in their order."""
        return [m.situation for m in self.matches if isinstance(m.situation, Card)]

    @property
    def card_probability(self) -> float:
        """The probability of the likeliest card, 0 where there is none."""
        return max((m.probability for m in self.matches if isinstance(m.situation, Card)), default=0.0)

    def replies_of(self, kind: ReplyKind) -> list[Match]:
        """The replies of a kind among the situations."""
        return [m for m in self.matches if is_reply(m.situation, kind)]

    def matched_probability(self, kind: ReplyKind) -> float:
        """The probability of the replies of a kind among the situations, of which only the first few are looked at."""
        return sum(match.probability for match in self.replies_of(kind))

    def reply(self, kind: ReplyKind) -> Reply:
        """The reply of a kind that the search for situations finds likeliest."""
        return self.index.reply(self._query, kind)

    def articles(self, top: int) -> list[Reference]:
        """The articles that fit best, best first."""
        return [hit.reference for hit in self.index.articles(self._query, top)]

    @property
    def searched_articles(self) -> list[Reference]:
        """The articles that fit best by article retrieval and by what the cards that fit cite, best first."""
        return [hit.reference for hit in self.index.articles_with_cards(self._query)]


def is_reply(situation: Situation, kind: ReplyKind) -> bool:
    """Whether a situation is a reply of that kind."""
    return isinstance(situation, Reply) and situation.kind == kind
