"""From a question to articles: dense and lexical search, fused, alone or with what the fitting cards cite.

`Index.open` gives search for articles and for situations over one built index.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from propcache.api import cached_property
from pydantic import ConfigDict

from corpus.cards import Card
from corpus.reference import Reference
from corpus.replies import MessageKind, Reply, ReplyKind
from corpus.statutes import Statutes
from index import store
from index.build import Material, build, read
from index.crossencoder import CrossEncoder
from index.encoder import Encoder, open_encoder
from index.judge import ArticleJudge, ArticleVectors
from index.nearness import standard
from index.normalise import has_words, normalise
from index.parts import Parts
from index.progress import Progress, silent
from index.query import Query
from index.settings import IndexSettings
from index.situations import Match, Situations
from index.vectors import Vectors

log = logging.getLogger(__name__)
#: What to say to whoever searches for nothing.
NOTHING_ASKED = "没有看到问题。请用几个字说说要找什么，比如：放款先扣利息。"
#: How many chunks of articles are asked of Chroma (an article may have several).
CHUNKS = 300
#: How much BM25 counts beside the cosine of an article, and the logarithm of how many lay questions and cards name it.
LEXICAL_WEIGHT, PRIOR_WEIGHT = 0.1, 0.02
#: So many articles bring along those that people name together with them, which then stand no further below the last of
#: them than this, and higher by their share of what names both.
LEADING, BELOW, TOGETHER_WEIGHT = 20, 0.1, 0.05
#: Of articles and cards together: how sharp the articles' probabilities are, how much counts beside them what the first
#: matches cite, how many matches, and what each place in a card's order leaves of it.
SHARP, CARDS_WEIGHT, MATCHES, FADING = 0.95, 0.2, 8, 0.8


@dataclass(frozen=True, slots=True)
class Hit:
    """An article and how well it fits; scores compare within one search only."""

    reference: Reference
    score: float

    def to_json(self) -> dict[str, Any]:
        """As search results name an article."""
        r = self.reference
        return {"law": r.law, "number": r.number, "suffix": r.suffix, "score": round(self.score, 4)}


class Index:
    """One built index, open: the statutes and cards it was made of, and search over both."""

    def __init__(self, made_of: Material, encoder: Encoder, articles: store.Store, parts: Parts, data: Path) -> None:
        """`data` is where converted models are kept."""
        self.statutes: Statutes = made_of.statutes
        self.cards: dict[str, Card] = {c.id: c for c in made_of.cards}
        self.replies: dict[str, Reply] = {r.id: r for r in made_of.replies}
        self.encoder = encoder
        self._articles, self._parts, self._data = articles, parts, data
        self._references = [Reference(**d.metadata) for d in made_of.articles]
        self._together = made_of.together
        self._situations = Situations(parts, self.cards, self.replies)

    @classmethod
    def open(cls, settings: IndexSettings, progress: Progress = silent) -> Index:
        """Open the index of the settings, building it first where it is missing or stale.

        Raises OperatorError.
        """
        encoder = open_encoder(settings)
        made_of, folder = build(settings, encoder, progress)
        return cls(made_of, encoder, *read(folder, settings.chroma), settings.data)

    @property
    def judge(self) -> ArticleJudge:
        """A judge for one text, for `corpus.citations.check`: which article says what it claims; ready on first use."""
        return ArticleJudge(self._article_vectors, self.cross_encoder)

    @cached_property
    def _article_vectors(self) -> ArticleVectors:
        return ArticleVectors(self.encoder, self._references, np.asarray(self._parts.chunks, np.float32))

    @cached_property
    def cross_encoder(self) -> CrossEncoder:
        """Reads a message with a card's title or a branch's facts, a claim with a provision; ready on first use."""
        return CrossEncoder(self._data)

    @property
    def lost(self) -> bool:
        """Whether a search in Chroma has failed: the index has to be opened anew, and until then does without."""
        return self._articles.lost

    def query(self, text: str, parts: dict[str, Query] | None = None) -> Query:
        """A question to search with; `parts` are the segments that others read with it may have in common with it."""
        parts = {} if parts is None else parts
        return parts.get(text) or Query(text, self.encoder, parts)

    def kinds(self, query: Query) -> dict[MessageKind, float]:
        """How likely the question calls for each kind of reply, or for an answer; they add up to 1."""
        odds = self._parts.kinds.probabilities(query.base[0], query.grams)
        return {kind: odds[kind] for kind in get_args(MessageKind)}

    def matches(self, query: Query, top: int = 5) -> list[Match]:
        """The situations that fit best, best first."""
        return self._situations.matches(query, top)

    def reply(self, query: Query, kind: ReplyKind) -> Reply:
        """The reply of a kind that is likeliest by the search for situations."""
        return self._situations.reply(query, kind)

    def reply_probability(self, query: Query, kind: ReplyKind) -> float:
        """The probability that the search for situations gives all replies of a kind together."""
        return self._situations.reply_probability(query, kind)

    @cached_property
    def _places_of(self) -> dict[str, np.ndarray]:
        """Where each statute's chunks stand."""
        laws = np.array([r.law for r in self._references])
        return {law: np.flatnonzero(laws == law) for law in dict.fromkeys(map(str, laws))}

    def articles(self, query: Query, top: int = 10, law: str | None = None) -> list[Hit]:
        """The articles that fit best by article retrieval alone, best first.

        They are the nearest, ordered with the help of BM25 and of how often people ask about them, and those that the
        first of them bring along. Of one statute (`law`, its short name) all articles are compared, and no others.
        """
        if law is None:
            places, scores = self._near(query.article_vector)
        else:
            places = self._places_of.get(law, np.array([], np.int64))
            scores = np.asarray(self._parts.chunks[places], np.float32) @ query.article_vector
        bm25 = self._parts.chunk_grams.scores(query.grams)
        scores = scores + LEXICAL_WEIGHT * bm25[places] / max(float(bm25.max(initial=0.0)), 1e-9)
        scores += PRIOR_WEIGHT * self._parts.prior[places]
        best: dict[Reference, float] = {}
        for i in np.argsort(-scores):
            best.setdefault(self._references[places[i]], float(scores[i]))
        if law is None:
            best = self._with_companions(best)
        return [Hit(reference, score) for reference, score in list(best.items())[:top]]

    def articles_with_cards(self, query: Query, top: int = 10) -> list[Hit]:
        """The articles that fit best by article retrieval and by the citations of the cards that fit, best first."""
        found = self.articles(query, CHUNKS)
        fits = np.exp(SHARP * standard(np.array([hit.score for hit in found])))
        likely = dict(zip((hit.reference for hit in found), (1 - CARDS_WEIGHT) * fits / fits.sum(), strict=True))
        for match in self.matches(query, MATCHES):
            cited = match.situation.citations if isinstance(match.situation, Card) else ()
            for place, article in enumerate(dict.fromkeys(r.article for r in cited)):
                weight = CARDS_WEIGHT * match.probability * FADING**place
                likely[article] = likely.get(article, 0.0) + weight
        best = sorted(likely.items(), key=lambda pair: -pair[1])
        return [Hit(reference, float(score)) for reference, score in best[:top]]

    def _near(self, vector: Vectors) -> tuple[np.ndarray, Vectors]:
        """The places of the nearest chunks and their cosine similarities, best first.

        Once a search in Chroma has failed, all chunks are compared: slower, but nobody is left without an answer.
        """
        if not self._articles.lost:
            try:
                return self._articles.search(vector, CHUNKS)
            except store.StoreError as error:
                log.warning("%s", error)
        scores = np.asarray(self._parts.chunks, np.float32) @ vector
        places = np.argsort(-scores)[:CHUNKS]
        return places, scores[places]

    def _with_companions(self, best: Mapping[Reference, float]) -> dict[Reference, float]:
        """Articles and their scores, best first, with those that are named together with the first."""
        leading = list(best)[:LEADING]
        shares: dict[Reference, float] = {}
        for lead in leading:
            for article, share in self._together.get(lead, {}).items():
                shares[article] = max(share, shares.get(article, 0.0))
        floor = best[leading[-1]] - BELOW if leading else 0.0
        raised = {a: max(best.get(a, floor), floor) + TOGETHER_WEIGHT * share for a, share in shares.items()}
        return dict(sorted({**best, **raised}.items(), key=lambda pair: -pair[1]))

    def in_statute(self, text: str, law: str) -> list[Reference]:
        """The articles of one statute, by its short name, that fit a text best, best first."""
        return [hit.reference for hit in self.articles(self.query(text), CHUNKS, law)]


class StatuteRetriever(BaseRetriever):
    """Articles for a question as LangChain Documents, whole and quoted word for word.

    By article retrieval and by the citations of the cards that fit, unless `use_cards` is off. Metadata: law, number,
    suffix, score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    top: int = 10
    use_cards: bool = True

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [self._document(hit) for hit in self.search(query)]

    def search(self, question: str) -> list[Hit]:
        """References with scores, best first; none for a question without words. Any script and width will do."""
        if not has_words(question):
            return []
        query = self.index.query(normalise(question))
        return (
            self.index.articles_with_cards(query, self.top) if self.use_cards else self.index.articles(query, self.top)
        )

    def _document(self, hit: Hit) -> Document:
        return Document(page_content=self.index.statutes.quote(hit.reference) or "", metadata=hit.to_json())
