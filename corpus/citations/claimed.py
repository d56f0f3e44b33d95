"""A claim, by its own words: does the cited article carry it, or does another?"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.cards import load_cards
from corpus.citations.assessment import UNSURE, Assessment
from corpus.citations.candidates import NAMED
from corpus.citations.cited import Cited
from corpus.citations.evidence import Evidence
from corpus.citations.likeness import plain
from corpus.citations.pins import pointed_at
from corpus.citations.standing import AMONG_BEST, Standing, standings
from corpus.reference import Reference

CLAIM_SHORTEST = 5  # characters of it that say something
CLAIM_FLAGGED = 8  # … before an article may be called wrong for it
CLAIM_OLD = 7  # … before it is an older version's
CLAIM_WIDE = 12  # … before it is sought in other laws
CLAIM_WORDS = 4  # characters of a word in quotation marks, or of the 款 or 项 cited, that settles it
CLAIM_LITERAL = 6  # … of a whole claim that stands in the article letter by letter
SUPPORTED = 0.45  # share of a claim's words in the cited article that settles it
STANDS = 0.6  # … its score's against the best one's
CARRIED = 0.5  # share that another article must have to be said to carry the claim
FAR = 0.25  # the cited article's score against the best one's, below which it does not carry it
AVERAGE = 0.5  # … or its standing among the articles of its law, in standard deviations
CARRIED_GENERAL = 0.7  # … where the cited article is a general provision, which a special case may rest on
FAR_WIDE, CARRIED_WIDE = 0.2, 0.6  # the same two against all statutes at once
CLEAR = 3.5  # the best article's standing, in standard deviations
AMONG_CARRIERS = 0.85  # share of the best worth with which an article is named as carrying it
OTHER_LAW, RELIED_ON = 0.85, 1.1  # what another law's article weighs, and one that cards rely on
OLD_CARRIED, OLD_LEAD, OLD_TIMES = 0.3, 0.12, 2  # share, lead and multiple that an older version's article must have

_SHORT = re.compile(r"[“「『]([^“”「」『』]{4,40})[”」』]")


def literal(cited: Cited) -> Assessment | None:
    """Whether the claim is words of the article letter by letter, punctuation aside: 追逐拦截辱骂恐吓他人."""
    claims = [words for c in cited.evidence.contexts if len(words := _bare(c)) >= CLAIM_WORDS]
    for reference, article in zip(cited.references, cited.articles, strict=True):
        pinned = reference.paragraph or reference.item
        there = [_bare(text) for text in (pointed_at(article, reference) if pinned else [article.text])]
        least = CLAIM_WORDS if pinned else CLAIM_LITERAL
        if any(words in text for words in claims if len(words) >= least for text in there):
            return Assessment(supported=True)
    return None


def may_be_weighed(evidence: Evidence) -> bool:
    """Whether something is claimed, and of one citation alone."""
    return evidence.single and evidence.length >= CLAIM_SHORTEST


def claimed(cited: Cited) -> Assessment:
    """What a claim that may be weighed says by its words."""
    if _has_word(cited):
        return Assessment(supported=True)
    evidence, index = cited.evidence, cited.held.index(cited.law)
    rows = [index.where[r.article] for r in cited.references]
    claims = [cited.held.claim(context, cited.law) for context in evidence.contexts]
    support = max(claim.coverage(row) for claim in claims for row in rows)
    if older := _older(cited, support):
        return Assessment(moved=older)
    standing = standings(index, claims, rows, cited.law)
    if support >= SUPPORTED or any(s.share >= STANDS for s in standing):
        return Assessment(supported=True)
    if evidence.length < CLAIM_FLAGGED or (cited.general and standing[0].covered < CARRIED_GENERAL):
        return UNSURE
    if _far_in_law(standing) or _far_in_all(cited):
        return Assessment(moved=_carriers(cited))
    return UNSURE


def _has_word(cited: Cited) -> bool:
    """Whether a word that the claim has in quotation marks stands in the article."""
    words = {plain(word) for claim in cited.evidence.contexts for word in _SHORT.findall(claim)}
    return any(len(word) >= CLAIM_WORDS and word in text for word in words for text in cited.texts)


def _older(cited: Cited, support: float) -> tuple[Reference, ...]:
    """What an older version's articles carry clearly more of than the one cited does (`support`), the best first."""
    index, evidence = cited.held.index(cited.law), cited.evidence
    claim = cited.held.claim(evidence.primary, cited.law)
    gains = {r: claim.coverage(index.where[r]) for r in cited.old if r in index.where}
    gained = max(gains.values(), default=0.0)
    older = gained >= OLD_CARRIED and gained - support >= OLD_LEAD and gained >= OLD_TIMES * support
    if evidence.length < CLAIM_OLD or not older:
        return ()
    ordered = sorted(gains, key=lambda r: -gains[r])
    return tuple(r for r in ordered if gains[r] >= AMONG_BEST * gained)


def _far_in_law(standing: list[Standing]) -> bool:
    """Whether another article of the law cited carries the claim, and those cited are far behind, however it is cut."""
    far = all(s.share < FAR or (s.own < AVERAGE and s.share < STANDS) for s in standing)
    return far and standing[0].covered >= CARRIED and standing[0].best >= CLEAR


def _far_in_all(cited: Cited) -> bool:
    """The same beside the articles of all statutes: perhaps it is another one that says so."""
    everywhere = cited.held.everywhere
    rows = [everywhere.where.get(r.article, -1) for r in cited.references]
    if cited.evidence.length < CLAIM_WIDE or min(rows) < 0:
        return False
    standing = standings(everywhere, map(cited.held.claim, cited.evidence.contexts), rows)
    return all(s.share < FAR_WIDE for s in standing) and standing[0].covered >= CARRIED_WIDE


def _carriers(cited: Cited) -> tuple[Reference, ...]:
    """The articles that carry the claim, by its words; the cited law's own first where they do as well.

    () where the best is a neighbour's: the claim may be of that.
    """
    law, evidence, held = cited.law, cited.evidence, cited.held
    mixed: dict[Reference, float] = {}
    for source, within in ((held.index(law), law), (held.everywhere, None)):
        scores = held.claim(evidence.primary, within).scores
        best = float(scores.rank.max()) or 1.0
        for row in source.nearest(scores.rank, within, 30):
            reference = source.articles[row].reference
            worth = float(scores.covered[row]) + float(scores.rank[row]) / best
            worth *= (1.0 if reference.law == law else OTHER_LAW) * (RELIED_ON if reference in _relied_on() else 1.0)
            mixed[reference] = max(mixed.get(reference, 0.0), worth)
    ordered = sorted(mixed, key=lambda r: -mixed[r])
    if ordered[0] in evidence.near:
        return ()
    return tuple(r for r in ordered[:NAMED] if mixed[r] >= AMONG_CARRIERS * mixed[ordered[0]])


def _bare(text: str) -> str:
    """Plain, without the 的 that people leave out."""
    return plain(text).replace("的", "")


@lru_cache(maxsize=1)
def _relied_on() -> frozenset[Reference]:
    """Articles that the situation cards rely on: the likelier ones among equals. Raises FileError."""
    return frozenset(r.article for card in load_cards().values() for r in card.citations)
