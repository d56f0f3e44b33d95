"""Articles are found by whole statutes too."""

from __future__ import annotations

from index.retriever import LEADING, Index


def test_a_search_in_one_statute_looks_at_its_articles_only(index: Index) -> None:
    """At all of them, also where no article of it is near."""
    query = index.query("给员工交社会保险")
    hits = index.articles(query, top=400, law="广告法")
    assert {hit.reference.law for hit in hits} == {"广告法"}
    assert len(hits) == len(index.statutes.by_name["广告法"].articles)
    assert index.articles(query, law="没有这部法") == []


def test_the_first_article_brings_along_what_is_named_with_it(index: Index) -> None:
    """Also what is not among the nearest, and behind the first of those."""
    query = index.query("催收打我妈")
    hits = [hit.reference for hit in index.articles(query, top=400)]
    near = set(index.nearest(query))
    brought = [place for place, reference in enumerate(hits) if reference not in near]
    assert brought
    assert min(brought) >= LEADING
