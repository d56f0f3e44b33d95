"""A long message is read in parts, cut between its clauses."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from index.retriever import LONG, PART, Index


@given(st.text("催收打我妈，。 ", max_size=300))
@example("催收，" + "打" * 70)
def test_the_parts_of_a_message_are_its_text(index: Index, text: str) -> None:
    parts = [part.text for part in index.query(text).parts]
    assert len(text) > LONG or not parts
    if parts:
        assert len(parts) > 1
        assert "".join(parts) == text
        assert all(parts)
        assert all(len(one) + len(other) > PART for one, other in pairwise(parts))


def test_the_last_of_two_matters_is_heard(index: Index) -> None:
    """The older grievance, told first and at length, is not what is asked."""
    story = (
        "去年公司裁员我就没了工作，信用卡也停了，家里老人还住过院，花了不少钱，亲戚都借遍了，那阵子天天睡不着。"
        "现在是法院把我微信里的钱冻住了，买菜都付不了，怎么解开"
    )
    assert index.query(story).parts
    assert "enf-" in index.matches(index.query(story))[0].situation.id


def test_a_search_in_one_statute_looks_at_its_articles_only(index: Index) -> None:
    """At all of them, also where no article of it is near."""
    query = index.query("给员工交社会保险")
    hits = index.articles(query, top=400, law="广告法")
    assert {hit.reference.law for hit in hits} == {"广告法"}
    assert len(hits) == len(index.statutes.by_name["广告法"].articles)
    assert index.articles(query, law="没有这部法") == []
