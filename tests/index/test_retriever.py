"""Articles are found by whole statutes too; what weighs in their order, on vectors to be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from langchain_core.documents import Document

from corpus.reference import Reference
from corpus.statutes import load
from index import store
from index.build import Material
from index.lexical import Lexical, grams
from index.nearness import CitationFit
from index.retriever import (
    BELOW,
    CARDS_WEIGHT,
    FADING,
    LEADING,
    LEXICAL_WEIGHT,
    PRIOR_WEIGHT,
    TOGETHER_WEIGHT,
    Hit,
    Index,
    StatuteRetriever,
)
from tests.index import by_hand


def test_a_search_in_one_statute_looks_at_its_articles_only(index: Index) -> None:
    """At all of them, also where no article of it is near."""
    query = index.query("给员工交社会保险")
    hits = index.articles(query, top=400, law="广告法")
    assert {hit.reference.law for hit in hits} == {"广告法"}
    assert len(hits) == len(index.statutes.by_name["广告法"].articles)
    assert index.articles(query, law="没有这部法") == []


def test_script_and_width_change_no_search(index: Index) -> None:
    retriever = StatuteRetriever(index=index)
    plain, other = map(retriever.search, ("借1万到手8千，砍头息合法吗?", "借１萬到手８千，砍頭息合法嗎？"))
    assert plain == other


COSINES = (*(1 - 0.02 * i for i in range(LEADING + 1)), 0.0)  # of articles 1, 2, … to the question; the last is far off
FAR, NOT_NEAR = len(COSINES), 101  # the latter is none of what the search in Chroma finds


def opened(
    folder: Path,
    together: Mapping[int, Mapping[int, float]] | None = None,
    words: Mapping[int, str] | None = None,
    asked: Mapping[int, float] | None = None,
) -> Index:
    """An index of articles by number: those named together, their words, the logarithm of how often they are named.

    Its two cards cite what no chunk has.
    """
    numbers = range(1, FAR + 1)
    documents = [Document("", metadata={"law": by_hand.LAW, "number": n, "suffix": 0}) for n in numbers]
    shares = {
        Reference(by_hand.LAW, n): {Reference(by_hand.LAW, other): share for other, share in others.items()}
        for n, others in (together or {}).items()
    }
    cards = (by_hand.card("other", "illegal", 101), by_hand.card("meant", "legal", 102, 103))
    made_of = Material(load(), cards, (), (), tuple(documents), (), (), (), shares, "")
    vectors = np.array([(c, (1 - c * c) ** 0.5) for c in COSINES], np.float32)
    client = store.client(folder)
    store.write(client, "articles", vectors)
    parts = by_hand.parts(
        chunks=vectors,
        chunk_grams=Lexical.build([grams((words or {}).get(n, "欠款")) for n in numbers]),
        prior=np.array([(asked or {}).get(n, 0.0) for n in numbers], np.float32),
        cited=CitationFit.fit({"other": [1], "meant": [2, 3]}, dict.fromkeys((1, 2, 3), by_hand.RIGHT[None])),
    )
    return Index(made_of, by_hand.Pointing(), store.Store(client, "articles"), parts, folder)


def scores(hits: list[Hit]) -> dict[int, float]:
    return {hit.reference.number: hit.score for hit in hits}


@pytest.mark.parametrize("named", [FAR, NOT_NEAR])
def test_what_is_named_with_a_leading_article_stands_a_little_below_the_last_of_them(
    named: int, tmp_path: Path
) -> None:
    found = scores(opened(tmp_path, {LEADING: {named: 0.5}}).articles(by_hand.QUERY, 99))
    assert list(found)[LEADING + 1] == named
    assert found[named] == pytest.approx(found[LEADING] - BELOW + TOGETHER_WEIGHT * 0.5, abs=1e-3)


def test_an_article_that_does_not_lead_brings_nothing_along(tmp_path: Path) -> None:
    found = scores(opened(tmp_path, {LEADING + 1: {FAR: 1.0}}).articles(by_hand.QUERY, 99))
    assert found[FAR] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("index", "gained"),
    [
        (partial(opened, together={1: {3: 0.9}}), TOGETHER_WEIGHT * 0.9),
        (partial(opened, words={3: "催收"}), LEXICAL_WEIGHT),
        (partial(opened, asked={3: 2.0}), PRIOR_WEIGHT * 2),
    ],
)
def test_a_near_article_rises_by_what_else_speaks_for_it(
    index: Callable[[Path], Index], gained: float, tmp_path: Path
) -> None:
    """Above the one before it, which is nearer by .02."""
    found = scores(index(tmp_path).articles(by_hand.QUERY, 99))
    assert found[3] == pytest.approx(COSINES[2] + gained, abs=1e-3)
    assert list(found).index(3) < list(found).index(2)


def test_cards_bring_articles_of_their_own_in_the_order_of_the_card(tmp_path: Path) -> None:
    index = opened(tmp_path)
    found = scores(StatuteRetriever(index=index, top=99).search(by_hand.QUERY.text))
    likely = {match.situation.id: match.probability for match in index.matches(by_hand.QUERY)}
    assert found[102] == pytest.approx(CARDS_WEIGHT * likely["meant"])
    assert found[103] == pytest.approx(FADING * found[102])
    assert sum(found[n] for n in range(1, FAR + 1)) == pytest.approx(1 - CARDS_WEIGHT)
