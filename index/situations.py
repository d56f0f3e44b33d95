"""From a question to situations: which card or reply it tells of, by five scores that are added.

How near the mean of the situation's phrasings is, BM25 over them all, how near the nearest of them is, how well the
first articles of a card fit, and how likely the question calls for its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from corpus.cards import Card
from corpus.replies import Reply, ReplyKind, Situation
from index.nearness import standard
from index.parts import Parts
from index.query import Query
from index.vectors import Floats

#: How much BM25, the nearest phrasing, the first articles and the logarithm of the verdict's probability count beside
#: the nearness to a situation's mean (each but the last standardised), and how sharp the probabilities are: fitted on
#: the exams in tests/, see benchmarks/RESULTS.md.
LEXICAL_WEIGHT, NEAREST_WEIGHT, CITED_WEIGHT, VERDICT_WEIGHT, SHARP = 0.4, 0.7, 0.3, 0.2, 0.75
#: How many situations are looked at phrasing by phrasing.
LOOKED_AT = 32
#: How much the segments of a long message count together, beside the whole; so many are read at most, evenly spread.
SEGMENTS_WEIGHT, SEGMENTS_READ = 0.5, 24
#: So many of a card's articles speak for it; a deviation in an article's fit weighs so many places in its order.
FIRST, PLACES = 3, 2.0
#: A situation is nearer than a matter that no card is about where its mean is, or its nearest phrasing by so much.
BEYOND = 0.1
#: How much the probability of the cards that agree counts beside a card's own where the first is chosen; one whose own
#: is below this part of the likeliest one's is not, whoever agrees.
AGREED_WEIGHT, PLAUSIBLE = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """A situation, the probability that its answer is right, and that it is the very situation meant.

    `covered` is false where the question is nearer to a matter that no card is about.
    """

    situation: Situation
    score: float
    probability: float
    covered: bool


class Situations:
    """All cards and replies of an index, named by their places in `Parts.means`."""

    def __init__(self, parts: Parts, cards: Mapping[str, Card], replies: Mapping[str, Reply]) -> None:
        self._parts = parts
        self._all: list[Situation] = [cards.get(name) or replies[name] for name in parts.means.labels]
        self._agreement = agreement(self._all)
        # Of each row of `parts.cited`, which holds the cards alone: the card's place among all, and its verdict's.
        place = {name: i for i, name in enumerate(parts.means.labels)}
        self._found: WeakKeyDictionary[Query, tuple[Floats, Floats]] = WeakKeyDictionary()
        self._row = {name: row for row, name in enumerate(parts.cited.cards)}
        self._cards = [place[name] for name in parts.cited.cards]
        self._verdicts = [parts.verdicts.labels.index(cards[name].verdict) for name in parts.cited.cards]

    def matches(self, query: Query, top: int) -> list[Match]:
        """The situations that fit best, best first.

        A card's score is the probability that its verdict and its first articles are right: its own and that of the
        cards which agree with it. In the choice of the first these count less than its own, since a person wants to
        read of his own situation; the others, from which he may choose, come by their own probability.
        """
        probabilities, cited = self._probabilities(query)
        agreed = self._agreement @ probabilities
        plausible = probabilities >= PLAUSIBLE * probabilities.max()
        first = np.where(plausible, AGREED_WEIGHT * agreed + probabilities, 0).argmax()
        likeliest = np.argsort(-probabilities)
        places = np.append(first, likeliest[likeliest != first])[:top]
        return [
            Match(self._ordered(i, cited), float(agreed[i]), float(probabilities[i]), bool(covered))
            for i, covered in zip(places, self._covered(query, places), strict=True)
        ]

    def reply(self, query: Query, kind: ReplyKind) -> Reply:
        """The likeliest reply of a kind that suits the words of a question."""
        probabilities, _ = self._probabilities(query)
        replies = ((i, s) for i, s in enumerate(self._all) if isinstance(s, Reply) and s.kind == kind)
        fitting = [(i, s) for i, s in replies if s.suits(query.text)]
        return max(fitting, key=lambda one: probabilities[one[0]])[1]

    def reply_probability(self, query: Query, kind: ReplyKind) -> float:
        """The probability that one of the replies of a kind is meant."""
        probabilities, _ = self._probabilities(query)
        return float(sum(probabilities[i] for i, s in enumerate(self._all) if isinstance(s, Reply) and s.kind == kind))

    def _covered(self, query: Query, places: np.ndarray) -> np.ndarray:
        """Whether each of some situations is nearer than every matter that no card is about."""
        vector = query.question_vector
        uncovered = self._parts.uncovered.scores(vector).max(initial=-1.0)
        near, nearest = self._parts.means.scores(vector)[places], self._parts.phrasings.nearest(vector, places)
        return np.asarray((near >= uncovered) | (nearest >= uncovered + BEYOND))

    def _probabilities(self, query: Query) -> tuple[Floats, Floats]:
        """That each situation is the very one meant, shape (situations,), and how well the cards' citations fit.

        Found once a query: matches, replies and their probability are asked of the same one.
        """
        found = self._found.get(query)  # another's query of the same words may be gone at any moment
        if found is None:
            found = self._found[query] = self._weigh(query)
        return found

    def _weigh(self, query: Query) -> tuple[Floats, Floats]:
        evidence, cited = self._evidence(query)
        every = max(1, -(-len(query.segments) // SEGMENTS_READ))
        if segments := [self._evidence(segment)[0] for segment in query.segments[::every]]:
            evidence = (1 - SEGMENTS_WEIGHT) * evidence + SEGMENTS_WEIGHT * np.mean(segments, axis=0)
        probabilities = np.exp(SHARP * (evidence - evidence.max()))
        return probabilities / probabilities.sum(), cited

    def _evidence(self, query: Query) -> tuple[Floats, Floats]:
        """What speaks for each situation, shape (situations,), and how well the cards' citations fit."""
        vector = query.question_vector
        lexical = standard(self._parts.situation_grams.scores(query.grams))
        evidence = standard(self._parts.means.scores(vector)) + LEXICAL_WEIGHT * lexical
        places = np.argsort(-evidence)[:LOOKED_AT]
        nearest = standard(self._parts.phrasings.nearest(vector, places))
        evidence[places] += NEAREST_WEIGHT * (nearest - nearest.min())
        cited = self._parts.cited.scores(query.article_vector)
        return evidence + self._support(query, evidence, cited), cited

    def _support(self, query: Query, evidence: Floats, cited: Floats) -> Floats:
        """How well each card's first articles and its verdict fit; a reply gets what the best card has."""
        verdicts = np.log(list(self._parts.verdicts.probabilities(query.base[0]).values()))[self._verdicts]
        fits = CITED_WEIGHT * standard(np.nanmean(cited[:, :FIRST], axis=1)) + VERDICT_WEIGHT * verdicts
        support = np.full(len(self._all), fits[evidence[self._cards].argmax()], np.float32)
        support[self._cards] = fits
        return support

    def _ordered(self, place: int, cited: Floats) -> Situation:
        """A situation; a card with its citations in order of weight for this question."""
        situation = self._all[place]
        if isinstance(situation, Reply):
            return situation
        fits = cited[self._row[situation.id], : len(situation.citations)]
        order = np.argsort(np.arange(len(fits)) - PLACES * fits, kind="stable")
        return replace(situation, citations=tuple(situation.citations[i] for i in order))


def agreement(situations: Sequence[Situation]) -> Floats:
    """Which answers hold for which others, shape (n, n), 0 or 1.

    [i, j] is 1 where somebody in situation j is served by i's answer: the same verdict, and one of
    i's first three articles is among j's; for replies, the same kind.
    """
    cards = [s if isinstance(s, Card) else None for s in situations]
    articles = {r.article for c in cards if c for r in c.citations}
    place = {article: i for i, article in enumerate(articles)}
    first, all_ = np.zeros((2, len(situations), len(place)), np.float32)
    for i, card in enumerate(cards):
        if card:
            first[i, [place[r.article] for r in card.citations[:FIRST]]] = 1
            all_[i, [place[r.article] for r in card.citations]] = 1
    kinds = np.array([s.verdict if isinstance(s, Card) else s.kind for s in situations])
    same = kinds[:, None] == kinds[None, :]
    replies = np.array([c is None for c in cards])
    shared = (first @ all_.T > 0) | (replies[:, None] & replies[None, :]) | np.eye(len(situations), dtype=bool)
    return np.asarray(same & shared, np.float32)
