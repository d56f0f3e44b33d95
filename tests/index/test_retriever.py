"""Articles are found by whole statutes too."""

from __future__ import annotations

from index.retriever import Index


def test_a_search_in_one_statute_looks_at_its_articles_only(index: Index) -> None:
    """At all of them, also where no article of it is near."""
    query = index.query("给员工交社会保险")
    hits = index.articles(query, top=400, law="广告法")
    assert {hit.reference.law for hit in hits} == {"广告法"}
    assert len(hits) == len(index.statutes.by_name["广告法"].articles)
    assert index.articles(query, law="没有这部法") == []
