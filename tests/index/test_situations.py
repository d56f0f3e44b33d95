"""Five scores speak for a situation; a long message is read in segments, cut between its clauses."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import situations
from index.parts import Parts
from index.query import LONG, SEGMENT
from index.retriever import Index
from index.situations import Situations
from tests.index import by_hand


@given(st.text("催收打我妈，。 ", max_size=300))
@example("催收，" + "打" * 70)
def test_the_segments_of_a_message_are_its_text(index: Index, text: str) -> None:
    segments = [segment.text for segment in index.query(text).segments]
    assert len(text) > LONG or not segments
    if segments:
        assert len(segments) > 1
        assert "".join(segments) == text
        assert all(segments)
        assert all(len(one) + len(other) > SEGMENT for one, other in pairwise(segments))


def test_the_last_of_two_matters_is_heard(index: Index) -> None:
    """The older grievance, told first and at length, is not what is asked."""
    story = (
        "去年公司裁员我就没了工作，信用卡也停了，家里老人还住过院，花了不少钱，亲戚都借遍了，那阵子天天睡不着。"
        "现在是法院把我微信里的钱冻住了，买菜都付不了，怎么解开"
    )
    assert index.query(story).segments
    assert "enf-" in index.matches(index.query(story))[0].situation.id


def lead(parts: Parts) -> float:
    """How many times as likely as the other the situation meant is."""
    matches = Situations(parts, by_hand.CARDS, {}).matches(by_hand.QUERY, 2)
    likely = {match.situation.id: match.probability for match in matches}
    return likely["meant"] / likely["other"]


@pytest.mark.parametrize(
    ("weight", "evidence"),
    [
        ("LEXICAL_WEIGHT", {"situation_grams": by_hand.situation_grams(other="欠款")}),
        ("NEAREST_WEIGHT", {"phrasings": by_hand.phrasings(other=by_hand.UP)}),
        ("CITED_WEIGHT", {"cited": by_hand.cited(other=by_hand.UP)}),
        ("VERDICT_WEIGHT", {"verdicts": by_hand.verdicts(legal=1)}),
        ("SHARP", {"means": by_hand.means(other=by_hand.UP)}),
    ],
)
def test_each_score_counts_by_its_weight(
    weight: str, evidence: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It decides where all others are even; without its weight nothing does."""
    assert lead(by_hand.parts()) == pytest.approx(1)
    assert lead(by_hand.parts(**evidence)) > 1.1
    monkeypatch.setattr(situations, weight, 0.0)
    assert lead(by_hand.parts(**evidence)) == pytest.approx(1)
