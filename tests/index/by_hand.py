"""An index small enough to work out by hand: two cards, vectors of two dimensions, and a question that points right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from corpus.cards import SECTIONS, Card, Verdict
from corpus.reference import Reference
from index.e5 import Side
from index.encoder import Task
from index.lexical import Lexical, grams
from index.nearness import CitationFit, Means, Phrasings
from index.odds import Odds
from index.parts import Parts
from index.query import Query
from index.vectors import Vectors

RIGHT, UP = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
LAW = "民法典"


class Pointing:
    """An encoder by which every text points right."""

    identity = "by hand"

    def name(self, side: Side) -> str:
        return side

    def base(self, texts: Sequence[str], *, side: Side) -> Vectors:
        return np.tile(RIGHT, (len(texts), 1))

    def project(self, base: Vectors, *, task: Task) -> Vectors:
        return base


QUERY = Query("催收", Pointing())


def card(name: str, verdict: Verdict, *numbers: int) -> Card:
    """A card that cites these articles."""
    cited = tuple(Reference(LAW, number) for number in numbers)
    return Card(name, "", name, verdict, (), cited, dict.fromkeys(SECTIONS, ""))


#: Two situations that nothing but a test's own evidence tells apart; they do not agree.
CARDS = {"other": card("other", "illegal", 1), "meant": card("meant", "legal", 2)}


def means(other: Vectors = RIGHT, meant: Vectors = RIGHT) -> Means:
    return Means(list(CARDS), np.stack([other, meant]))


def phrasings(other: Vectors = RIGHT, meant: Vectors = RIGHT) -> Phrasings:
    return Phrasings(np.stack([other, meant]), np.arange(3))


def situation_grams(other: str = "催收", meant: str = "催收") -> Lexical:
    return Lexical.build([grams(other), grams(meant)])


def cited(other: Vectors = RIGHT, meant: Vectors = RIGHT) -> CitationFit:
    return CitationFit.fit({"other": [1], "meant": [2]}, {1: other[None], 2: meant[None]})


def verdicts(illegal: float = 0.0, legal: float = 0.0) -> Odds:
    bias = np.array([illegal, legal], np.float32)
    none = np.array([], str), np.zeros((2, 0), np.float32)
    return Odds(("illegal", "legal"), np.zeros((2, 2), np.float32), bias, *none)


def parts(**own: Any) -> Parts:
    """The parts of the index, those that are given in place of even ones."""
    even = Parts(
        chunks=np.zeros((0, 2), np.float32),
        chunk_grams=Lexical.build([["催"]]),
        prior=np.zeros(0, np.float32),
        cited=cited(),
        means=means(),
        phrasings=phrasings(),
        situation_grams=situation_grams(),
        uncovered=Means(("uncovered",), -RIGHT[None]),
        kinds=verdicts(),
        verdicts=verdicts(),
    )
    return replace(even, **own)
