"""The name of a crime or a rule beside a citation: does it belong to the article cited, or to another?"""

from __future__ import annotations

from dataclasses import replace

from corpus.citations.assessment import Assessment
from corpus.citations.candidates import NAMED
from corpus.citations.cited import Cited
from corpus.citations.named_rules import without_crimes


def crime_elsewhere(cited: Cited) -> Assessment | None:
    """The articles of the crime that is named, where those cited are not among them."""
    return rule_elsewhere(cited) if any(rule.is_crime for rule in cited.evidence.named) else None


def rule_elsewhere(cited: Cited) -> Assessment | None:
    """The articles of the crime or rule that is named, where those cited are not among them and may not be meant."""
    away = [one for one in cited.evidence.named if not any(map(one.may_stand_at, cited.articles))]
    if not away or len(away) < len(cited.evidence.named):
        return None
    general, rule = cited.general, cited.held.is_general(away[0].articles)
    apart = general != rule if cited.law == "刑法" else general and not rule
    if apart and not cited.any_old(away[0].articles):
        return None
    return Assessment(moved=away[0].articles[:NAMED])


def named_here(cited: Cited) -> Assessment | None:
    """Whether an article cited is one to which a name beside it belongs."""
    own = {article.reference for article in cited.articles}
    here = any(not own.isdisjoint(one.articles) for one in cited.evidence.named)
    return Assessment(supported=True) if here else None


def beyond_crimes(cited: Cited) -> Cited:
    """The same without the names of crimes in the claim, where an article that defines none is cited.

    There a crime says whose case it is: 敲诈勒索罪未遂, 诈骗罪报案. What is claimed is the rest.
    """
    if cited.law == "刑法" and not cited.general:
        return cited
    bare, evidence = cited.law in ("刑法", "刑事诉讼法"), cited.evidence
    contexts = tuple(without_crimes(one, bare=bare) for one in evidence.contexts)
    primary = without_crimes(evidence.primary, bare=bare)
    return replace(cited, evidence=replace(evidence, primary=primary, contexts=contexts))
