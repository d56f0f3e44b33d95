"""From a question to articles and to cards: dense and lexical search, fused.

`Index.open` gives both retrievers over one built index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, get_args

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.cards import Card
from corpus.reference import Reference
from corpus.replies import MessageKind, Reply, ReplyKind, Situation
from corpus.statutes import Statutes
from index import store
from index.build import Material, build, collection
from index.encoder import Encoder, open_encoder
from index.judge import ArticleJudge
from index.nearness import standard
from index.parts import Parts
from index.progress import Progress, silent
from index.query import Query
from index.settings import IndexSettings
from index.vectors import Vectors

#: How many chunks of articles are asked of Chroma (an article may have several), and how many situations are looked at
#: phrasing by phrasing.
CHUNKS, LOOKED_AT = 300, 32
#: How much BM25, the nearest phrasing, the first articles and the logarithm of the verdict's probability count beside
#: the nearness to a situation's mean (each but the last standardised), and how sharp the probabilities are: fitted on
#: the exams in tests/, see ARCHITECTURE.md.
LEXICAL_WEIGHT, NEAREST_WEIGHT, CITED_WEIGHT, VERDICT_WEIGHT, SHARP = 0.4, 0.7, 0.3, 0.2, 0.75
#: How much the segments of a long message count together, beside the whole.
SEGMENTS_WEIGHT = 0.5
#: So many of a card's articles speak for it; a deviation in an article's fit weighs so many places in its order.
FIRST, PLACES = 3, 2.0
#: How much BM25 counts beside the cosine of an article, and the logarithm of how many lay questions and cards name it.
ARTICLE_LEXICAL_WEIGHT, PRIOR_WEIGHT = 0.1, 0.02
#: Of articles and cards together: how sharp the articles' probabilities are, how much counts beside them what the first
#: matches cite, how many matches, and what each place in a card's order leaves of it.
ARTICLE_SHARP, CARDS_WEIGHT, MATCHES, FADING = 0.95, 0.2, 8, 0.8
#: A situation is nearer than a matter that no card is about where its mean is, or its nearest phrasing by so much.
BEYOND = 0.1
#: How much the probability of the cards that agree counts beside a card's own where the first is chosen; one whose own
#: is below this part of the likeliest one's is not, whoever agrees.
AGREED_WEIGHT, PLAUSIBLE = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and how well it fits; scores compare within one search only."""

    reference: Reference
    score: float

    def to_json(self) -> dict[str, Any]:
        """As search results name an article."""
        r = self.reference
        return {"law": r.law, "number": r.number, "suffix": r.suffix, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class Match:
    """A situation, the probability that its answer is right, and that it is the very situation meant.

    `covered` is false where the question is nearer to a matter that no card is about.
    """

    situation: Situation
    score: float
    probability: float
    covered: bool


class Index:
    """One built index, open: the statutes and cards it was made of, and search over both."""

    def __init__(self, made_of: Material, encoder: Encoder, articles: store.Store, parts: Parts) -> None:
        self.statutes: Statutes = made_of.statutes
        self.cards: dict[str, Card] = {c.id: c for c in made_of.cards}
        self.replies: dict[str, Reply] = {r.id: r for r in made_of.replies}
        self.encoder = encoder
        self._articles, self._chunk_grams = articles, parts.chunk_grams
        self._chunks, self._prior = parts.chunks, parts.prior
        self._means, self._situation_grams = parts.situations, parts.situation_grams
        self._phrasings = parts.phrasings
        self._references = [Reference(**d.metadata) for d in made_of.articles]
        self._uncovered = parts.uncovered
        self._cited = parts.cited
        self._kinds = parts.kinds
        self._verdicts = parts.verdicts
        self._situations = [self.cards.get(name) or self.replies[name] for name in parts.situations.labels]
        label = {name: i for i, name in enumerate(parts.situations.labels)}
        self._card_labels = [label[name] for name in parts.cited.cards]
        self._row = {name: row for row, name in enumerate(parts.cited.cards)}
        self._card_verdicts = [parts.verdicts.labels.index(self.cards[name].verdict) for name in parts.cited.cards]
        self._agreement = agreement(self._situations)

    @classmethod
    def open(cls, settings: IndexSettings, progress: Progress = silent) -> Index:
        """Open the index of the settings, building it first where it is missing or stale."""
        encoder = open_encoder(settings)
        made_of, folder = build(settings, encoder, progress)
        client = store.client(folder / "chroma", settings.chroma)
        return cls(made_of, encoder, store.Store(client, collection(folder)), Parts.open(folder))

    @cached_property
    def judge(self) -> ArticleJudge:
        """Which article says what a text claims, for `corpus.citations.check`; ready on first use."""
        return ArticleJudge(self.encoder, self._references, np.asarray(self._chunks, np.float32))

    def query(self, text: str) -> Query:
        return Query(text, self.encoder)

    def kinds(self, query: Query) -> dict[MessageKind, float]:
        """How likely the question calls for each kind of reply, or for an answer; they add up to 1."""
        odds = self._kinds.probabilities(query.base[0])
        return {kind: odds[kind] for kind in get_args(MessageKind)}

    def reply(self, query: Query, kind: ReplyKind) -> Reply:
        """The reply of a kind that is likeliest by the search for situations."""
        probabilities = dict(zip(self._means.labels, self._probabilities(query)[0], strict=True))
        return max((r for r in self.replies.values() if r.kind == kind), key=lambda r: probabilities[r.id])

    @cached_property
    def _places_of(self) -> dict[str, np.ndarray]:
        """Where each statute's chunks stand."""
        laws = np.array([r.law for r in self._references])
        return {law: np.flatnonzero(laws == law) for law in dict.fromkeys(map(str, laws))}

    def articles(self, query: Query, top: int = 10, law: str | None = None) -> list[Hit]:
        """The articles that fit best by article retrieval alone, best first.

        They are the nearest, ordered with the help of BM25 and of how often people ask about them. Of one statute
        (`law`, its short name) all articles are compared.
        """
        if law is None:
            places, scores = self._articles.search(query.article_vector, CHUNKS)
        else:
            places = self._places_of.get(law, np.array([], np.int64))
            scores = np.asarray(self._chunks[places], np.float32) @ query.article_vector
        bm25 = self._chunk_grams.scores(query.grams)
        scores = scores + ARTICLE_LEXICAL_WEIGHT * bm25[places] / max(float(bm25.max(initial=0.0)), 1e-9)
        scores += PRIOR_WEIGHT * self._prior[places]
        best: dict[Reference, float] = {}
        for i in np.argsort(-scores):
            best.setdefault(self._references[places[i]], float(scores[i]))
        return [Hit(reference, score) for reference, score in list(best.items())[:top]]

    def in_statute(self, text: str, law: str) -> list[Reference]:
        """The articles of one statute, by its short name, that fit a text best, best first."""
        return [hit.reference for hit in self.articles(self.query(text), CHUNKS, law)]

    def nearest(self, query: Query) -> list[Reference]:
        """The articles of the nearest chunks, best first, by cosine alone."""
        places, _ = self._articles.search(query.article_vector, CHUNKS)
        return [self._references[place] for place in places]

    def matches(self, query: Query, top: int = 5) -> list[Match]:
        """The cards that fit best, best first.

        A card's score is the probability that its verdict and its first articles are right: its own and that of the
        cards which agree with it. In the choice of the first these count less than its own, since a person wants to
        read of his own situation; the others, from which he may choose, come by their own probability.
        """
        probabilities, cited = self._probabilities(query)
        agreed = self._agreement @ probabilities
        plausible = probabilities >= PLAUSIBLE * probabilities.max()
        first = np.where(plausible, AGREED_WEIGHT * agreed + probabilities, 0).argmax()
        likeliest = np.argsort(-probabilities)
        order = np.append(first, likeliest[likeliest != first])[:top]
        uncovered = self._uncovered.scores(query.question_vector).max(initial=-1.0)
        nearest = self._phrasings.nearest(query.question_vector, order)
        near = self._means.scores(query.question_vector)[order]
        covered = (near >= uncovered) | (nearest >= uncovered + BEYOND)
        return [
            Match(self._meant(i, cited), float(agreed[i]), float(probabilities[i]), bool(is_covered))
            for i, is_covered in zip(order, covered, strict=True)
        ]

    def _probabilities(self, query: Query) -> tuple[Vectors, Vectors]:
        """That each situation is the very one meant, shape (situations,), and how well the cards' citations fit."""
        evidence, cited = self._evidence(query)
        if segments := [self._evidence(segment)[0] for segment in query.segments]:
            evidence = (1 - SEGMENTS_WEIGHT) * evidence + SEGMENTS_WEIGHT * np.mean(segments, axis=0)
        probabilities = np.exp(SHARP * (evidence - evidence.max()))
        return probabilities / probabilities.sum(), cited

    def _evidence(self, query: Query) -> tuple[Vectors, Vectors]:
        """What speaks for each situation, shape (situations,), and how well the cards' citations fit."""
        vector = query.question_vector
        lexical = standard(self._situation_grams.scores(query.grams))
        evidence = standard(self._means.scores(vector)) + LEXICAL_WEIGHT * lexical
        places = np.argsort(-evidence)[:LOOKED_AT]
        nearest = standard(self._phrasings.nearest(vector, places))
        evidence[places] += NEAREST_WEIGHT * (nearest - nearest.min())
        cited = self._cited.scores(query.article_vector)
        return evidence + self._support(query, evidence, cited), cited

    def _support(self, query: Query, evidence: Vectors, cited: Vectors) -> Vectors:
        """How well each card's first articles and its verdict fit; a reply gets what the best card has."""
        verdicts = np.log(list(self._verdicts.probabilities(query.base[0]).values()))[self._card_verdicts]
        fits = CITED_WEIGHT * standard(np.nanmean(cited[:, :FIRST], axis=1)) + VERDICT_WEIGHT * verdicts
        support = np.full(len(self._situations), fits[evidence[self._card_labels].argmax()], np.float32)
        support[self._card_labels] = fits
        return support

    def _meant(self, label: int, cited: Vectors) -> Situation:
        """A situation; a card with its citations in order of weight for this question."""
        situation = self._situations[label]
        if isinstance(situation, Reply):
            return situation
        fits = cited[self._row[situation.id], : len(situation.citations)]
        order = np.argsort(np.arange(len(fits)) - PLACES * fits, kind="stable")
        return replace(situation, citations=tuple(situation.citations[i] for i in order))


def agreement(situations: Sequence[Situation]) -> Vectors:
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


class StatuteRetriever(BaseRetriever):
    """Articles for a question as LangChain Documents, whole and quoted word for word.

    By article retrieval and by the citations of the cards that fit, unless `use_cards` is off. Metadata: law, number,
    suffix, score, url.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    top: int = 10
    use_cards: bool = True

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [self._document(hit) for hit in self.search(query)]

    def search(self, question: str) -> list[Hit]:
        """References with scores, best first."""
        query = self.index.query(question)
        if not self.use_cards:
            return self.index.articles(query, self.top)
        found = self.index.articles(query, CHUNKS)
        fits = np.exp(ARTICLE_SHARP * standard(np.array([hit.score for hit in found])))
        likely = dict(zip((hit.reference for hit in found), (1 - CARDS_WEIGHT) * fits / fits.sum(), strict=True))
        for match in self.index.matches(query, MATCHES):
            cited = match.situation.citations if isinstance(match.situation, Card) else ()
            for place, article in enumerate(dict.fromkeys(r.article for r in cited)):
                weight = CARDS_WEIGHT * match.probability * FADING**place
                likely[article] = likely.get(article, 0.0) + weight
        best = sorted(likely.items(), key=lambda pair: -pair[1])
        return [Hit(reference, float(score)) for reference, score in best[: self.top]]

    def _document(self, hit: Hit) -> Document:
        metadata = {**hit.to_json(), "url": hit.reference.url}
        return Document(page_content=self.index.statutes.quote(hit.reference) or "", metadata=metadata)
