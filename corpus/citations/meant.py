"""A claim, by its meaning: a judge says how near it is to articles, and whether the one cited carries it.

The judge may speak for the article cited, see a wrong number that the words do not show, or hear that the article
speaks of the same thing otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from corpus.citations.assessment import UNSURE, Assessment
from corpus.citations.candidates import NAMED
from corpus.citations.cited import Cited
from corpus.citations.claimed import CLAIM_FLAGGED
from corpus.citations.judge import Judge
from corpus.citations.likeness import expanded, longest_run, plain
from corpus.reference import Reference

JUDGED_WORDS = 4  # characters that a claim must have for a judge
JUDGED_NEAR = 0.1  # so little behind the nearest article by a judge's cosine, the cited one speaks of what is claimed
JUDGED_APART = 0.27  # so far behind it does not
JUDGED_DOUBT = 0.37  # … where its words are like the claim's, only facts are told, or it is a general provision
JUDGED_OLD = 0.12  # … where the nearest article is what an older version had under that number
JUDGED_SURE = 0.5  # so near must some article be, for the judge to know what is claimed at all
JUDGED_NAMED, JUDGED_NAMED_WORDS = 0.65, 0.2  # … and so near, or with such a share of its words, to be named for it
JUDGED_CONTRARY = 0.0005  # with a lower probability the one article cited does not carry the claim, near as it is
JUDGED_CAREFUL = 0.005  # … with a lower one a reader is asked to compare them
JUDGED_ABOUT = 0.2  # … where the article is so little behind the nearest, or a general provision
JUDGED_OWN = 0.1  # what an article of the cited law has ahead of another law's
CLAIM_RUN = 4  # characters in a row that the claim shares with the article, and no other has more of: not another's
CLAIM_RUN_SHARE = 0.4  # … as a share of it

_COMPARE = "请和原文对照：这句话可能把意思说反了，或者多说、少说了条件。"


def meant(judge: Judge, cited: Cited, worded: Assessment) -> Assessment:
    """What the claim says by its meaning; `worded`, what it says by its words, stands where the judge adds nothing."""
    near = _by_nearness(judge, cited, worded)
    if not near.moved:
        return _compared(judge, cited, near)
    if not cited.any_old(near.moved) and _shares_most(cited, near.moved):
        return UNSURE
    if near is not worded and not _carries(judge, cited, near.moved):
        return Assessment(apart=True)
    return near


def _by_nearness(judge: Judge, cited: Cited, worded: Assessment) -> Assessment:
    """Ask how near it is: that may speak for the cited article, or show a wrong number that the words do not."""
    evidence = cited.evidence
    gap = _behind(judge, cited, evidence.primary)
    if gap is None or evidence.length < JUDGED_WORDS:
        return worded
    if worded.moved:
        return Assessment(supported=True) if gap <= JUDGED_NEAR else worded
    nearest = judge.similar(evidence.primary, None, 1)[0][0]
    if gap > JUDGED_OLD and nearest in cited.old and not worded.supported:
        return Assessment(moved=(nearest,))
    doubt = evidence.story or worded.supported or cited.general
    moved = _nearest(judge, cited) if _is_far(judge, cited, JUDGED_DOUBT if doubt else JUDGED_APART) else ()
    return Assessment(moved=moved) if moved else worded


def _behind(judge: Judge, cited: Cited, claim: str) -> float | None:
    """How far the articles cited are behind the one nearest to a claim; None where the judge knows none of them."""
    own = [score for r in cited.references if (score := judge.score(claim, r.article)) is not None]
    return judge.similar(claim, None, 1)[0][1] - max(own) if own else None


def _is_far(judge: Judge, cited: Cited, needed: float) -> bool:
    """Whether the articles cited are further behind than `needed`, however the claim is cut, and another is near."""
    contexts = cited.evidence.contexts
    if any((_behind(judge, cited, claim) or 0) <= needed for claim in contexts):
        return False
    return any(judge.similar(claim, None, 1)[0][1] >= JUDGED_SURE for claim in contexts)


def _nearest(judge: Judge, cited: Cited) -> tuple[Reference, ...]:
    """The articles nearest to the claim; () where the first is a neighbour's: the claim may be of that."""
    claim, law = cited.evidence.primary, cited.law
    near = dict([*judge.similar(claim, law, 5), *judge.similar(claim, None, 5)])
    near = {r: score + (JUDGED_OWN if r.law == law else 0) for r, score in near.items()}
    ordered = sorted(near, key=lambda r: -near[r])[:NAMED]
    if ordered[0] in cited.evidence.near:
        return ()
    return tuple(r for r in ordered if near[r] >= near[ordered[0]] - JUDGED_NEAR)


def _shares_most(cited: Cited, others: tuple[Reference, ...]) -> bool:
    """Whether the articles cited have more words of the claim in a row than each of the others."""
    primary = cited.evidence.primary
    claims = [plain(primary), plain(expanded(primary)[1])]
    own, best = (
        max((longest_run(claim, text), claim) for claim in claims for text in texts)
        for texts in (cited.texts, cited.held.texts(others))
    )
    return own[0] >= max(CLAIM_RUN, CLAIM_RUN_SHARE * len(own[1])) and own[0] > best[0]


def _carries(judge: Judge, cited: Cited, moved: tuple[Reference, ...]) -> bool:
    """Whether an article that is nearest by meaning is near enough to be named, by that or by its words."""
    claim, held = cited.evidence.primary, cited.held
    return any(
        (judge.score(claim, one) or 0) >= JUDGED_NAMED or held.claim(claim).coverage_in(text) >= JUDGED_NAMED_WORDS
        for one, text in zip(moved, held.texts(moved), strict=True)
    )


def _compared(judge: Judge, cited: Cited, near: Assessment) -> Assessment:
    """Whether the one article cited says what is claimed, near as it is; `near`, where nothing speaks against."""
    article, evidence = cited.only, cited.evidence
    if article is None or evidence.story or evidence.reporting or evidence.corrected:
        return near
    behind = _behind(judge, cited, evidence.primary)
    if evidence.length < CLAIM_FLAGGED or behind is None or behind > JUDGED_ABOUT:
        return near
    carried = judge.carried(evidence.primary, article.text)
    if carried is None or carried >= JUDGED_CAREFUL:
        return near
    others = (judge.carried(claim, article.text) for claim in evidence.contexts if claim != evidence.primary)
    contrary = all(one is not None and one < JUDGED_CONTRARY for one in chain([carried], others))
    if contrary and behind <= JUDGED_NEAR and not cited.general:
        return Assessment(contrary=True)
    return replace(near, note=_COMPARE)
