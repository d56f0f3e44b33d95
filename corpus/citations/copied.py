"""Words of the law without quotation marks: are they the cited article's, changed ones of it, or another's?"""

from __future__ import annotations

import re
from functools import partial

from corpus.citations.assessment import Assessment
from corpus.citations.candidates import candidates, ranked, tied
from corpus.citations.changes import changed
from corpus.citations.cited import Cited
from corpus.citations.likeness import closeness, plain, shared
from corpus.citations.quoted import QUOTE_EXACT
from corpus.reference import Reference

COPY_OK = 75.0  # a sentence this close to the cited article is its own
COPIED = 86.0  # … this close to an article it is a copy of it
COPY_FAR, COPY_LEAD, COPY_SHORTEST = 62.0, 30.0, 14  # … another's, if it is so far, so much closer there, so long
OLD_COPY, OLD_COPY_LEAD = 62.0, 15.0  # the same for an older version's article
#: The share of its pairs of characters, and the lead, by which it is of one of two articles that are so much alike.
TWIN, TWIN_LEAD, TWIN_LIKE = 0.9, 0.1, 0.4

_MARKS = re.compile('[“”「」『』‘’"]')


def copied(cited: Cited) -> Assessment | None:
    """What the first of the copied sentences says that says anything."""
    evidence = cited.evidence
    for sentence in evidence.copied:
        near = () if sentence == evidence.alone else evidence.near
        if assessment := _copied(cited, sentence, near):
            return assessment
    return None


def _copied(cited: Cited, sentence: str, near: tuple[Reference, ...]) -> Assessment | None:
    """What one sentence says; None where it says nothing, or is of one of the articles that are cited `near`."""
    words = plain(sentence)
    here = max(closeness(words, text) for text in cited.texts)
    if here < QUOTE_EXACT and (twins := _twins(cited, words, near)):
        return Assessment(moved=twins, sure=True)
    if here >= COPY_OK:
        near_copy = COPIED <= here < 100 and not _MARKS.search(sentence)
        change = changed(sentence, cited.articles, swaps=True) if near_copy else None
        return Assessment(supported=change is None, sure=change is None and here >= QUOTE_EXACT, change=change)
    found = candidates(cited.held, sentence, cited.law, cited.old, cited.references, count=4)
    scored = ranked(found, partial(closeness, words))
    if not scored or scored[0][1] in near:
        return None  # the neighbour's words
    for closest, reference in scored:
        if reference in cited.old and closest >= OLD_COPY and closest - here >= OLD_COPY_LEAD:
            return Assessment(moved=(reference,), sure=True)
    best = scored[0][0]
    if best >= COPIED and best - here >= COPY_LEAD and here < COPY_FAR and len(words) >= COPY_SHORTEST:
        return Assessment(moved=tied(scored, cited.law), sure=True)
    return None


def _twins(cited: Cited, words: str, near: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Articles that have nearly all of the words, where the articles cited read alike but have fewer of them."""
    own = max(shared(words, text) for text in cited.texts)
    if len(words) < COPY_SHORTEST or not TWIN_LIKE <= own <= 1 - TWIN_LEAD:
        return ()
    found = candidates(cited.held, words, cited.law, cited=cited.references, count=4)
    having = ranked(found, partial(shared, words))
    if not having or having[0][1] in near or having[0][0] < max(TWIN, own + TWIN_LEAD):
        return ()
    return tied([(100 * share, r) for share, r in having], cited.law)
