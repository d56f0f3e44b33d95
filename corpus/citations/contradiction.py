"""What a claim says against its article's own words: another figure for the same thing, or the contrary of a word.

A figure or word of the claim is held against those of its kind in the article. That they are of the same thing is told
by the pairs of characters around them that both have. It is contradicted only where one with another value stands
among clearly more of these than any with its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.citations import tables
from corpus.citations.assessment import Assessment
from corpus.citations.changes import Change, changed
from corpus.citations.cited import Cited
from corpus.citations.claimed_figures import LIFE, figures, is_of_law
from corpus.citations.copied import copied
from corpus.citations.likeness import content, plain
from corpus.citations.pins import pointed_at
from corpus.statutes import Article

_SENTENCE = re.compile(r"[^。;；!?！？\n]+")
_CLAUSE = re.compile(r"[^,，:：\s]+")
_SENTENCED = re.compile("拘留|徒刑")  # how long is for claimed_figures
_CLEAR, _LEAD = 4, 3  # pairs of characters that both have around it, and more than around any of its own value
_ALONE, _SHARE = 2, 0.25  # … where none there has its value: so many, and as a share of the claim's


@dataclass(frozen=True, slots=True)
class _Mark:
    """A figure or a word of the table: what it is of, its value, and the words around it.

    `wide`: those of its clause and of the one before, `around`: those up to the next of its kind; `shown`: its clause.
    """

    kind: str
    value: float
    wide: frozenset[str]
    around: frozenset[str]
    shown: str


def contradicted(cited: Cited) -> Assessment | None:
    """What the claim says against the one article cited, or the other article of which it is a copy."""
    if not (change := _against(cited)):
        return None
    copy = copied(cited)
    return copy if copy and copy.moved else Assessment(change=change)


def _against(cited: Cited) -> Change | None:
    """What the claim says against the one article cited, shown by the words of a copied sentence where these say it."""
    article, evidence = cited.only, cited.evidence
    if article is None or not evidence.single:
        return None
    pinned = bool(cited.references[0].paragraph or cited.references[0].item)
    passages = [text for r in cited.references for text in pointed_at(article, r)] if pinned else [article.text]
    for n, claim in enumerate(evidence.contexts):
        if any(plain(claim) in plain(passage) for passage in passages):
            continue  # the article's own words, sentences of it that were put together
        if change := _contradiction(claim, article, passages, pinned=pinned, clear=n > 0 and not pinned):
            copies = (changed(sentence, [article], swaps=True) for sentence in evidence.copied)
            return next(filter(None, copies), change)
    return None


def _contradiction(
    claim: str, article: Article, passages: Sequence[str], *, pinned: bool, clear: bool
) -> Change | None:
    """What the claim says against `passages` of the article (those cited); None where it says nothing against them.

    `pinned`: they are the 款 or 项 cited, so a word will do. `clear`: only what is told at length to be of the same
    thing counts.
    """
    words = _contraries()[1]
    there = [mark for passage in passages for mark in _marks(passage)]
    for said in _marks(claim, of_law=True):
        alike = [mark for mark in there if mark.kind == said.kind]
        own = max((len(said.wide & mark.wide) for mark in alike if mark.value == said.value), default=None)
        others = ((len(said.around & mark.around), mark) for mark in alike if mark.value != said.value)
        best, other = max(others, key=lambda one: one[0], default=(0, None))
        if other is None:
            continue
        if own is not None:
            enough = best >= max(_CLEAR, own + _LEAD)
        elif clear:
            enough = best >= (_CLEAR if said.kind in words else _LEAD)
        elif pinned and said.kind in words:
            enough = best > 0
        else:
            enough = best >= _CLEAR or best >= max(_ALONE, _SHARE * len(said.around))
        if enough:
            return Change(article.reference, other.shown, said.shown)
    return None


def _marks(text: str, *, of_law: bool = False) -> Iterator[_Mark]:
    """The figures and the words of the table in a text; `of_law`: only figures that are said to be the law's."""
    pattern, sides = _contraries()
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        told = [f for f in figures(words) if f.kind != LIFE]
        others = {f.start for f in told if of_law and not is_of_law(f, words)}
        found = [(f.kind, f.value, f.start, f.end) for f in told]
        found += [(*sides[m[0]], *m.span()) for m in pattern.finditer(words)]
        clauses = [m.span() for m in _CLAUSE.finditer(words)] if found else []
        for kind, value, start, end in found:
            i = next(i for i, clause in enumerate(clauses) if start < clause[1])
            beside = [(s, e) for of, _, s, e in found if of == kind]
            opens = max([clauses[max(0, i - 1)][0], *(e for _, e in beside if e <= start)])
            listed = words.find("、", end, clauses[i][1])
            closes = min([clauses[i][1], *(s for s, _ in beside if s >= end), listed if listed > 0 else len(words)])
            first, stop = clauses[max(0, i - 1)][0], clauses[i][1]
            wide, around = (_pairs(words[a:start]) | _pairs(words[end:b]) for a, b in ((first, stop), (opens, closes)))
            if start not in others and not _SENTENCED.search(words, end, stop):
                yield _Mark(kind, value, wide, around, words[clauses[i][0] : stop])


def _pairs(text: str) -> frozenset[str]:
    """The pairs of characters in a text without empty words and punctuation."""
    words = plain(content(text))
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


@lru_cache(maxsize=1)
def _contraries() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    sides = {
        word: (pair.one[0], value)
        for pair in tables.contraries().contrary
        for value, words in ((1.0, pair.one), (0.0, pair.other))
        for word in words
    }
    return re.compile(tables.any_of(*sides)), sides
