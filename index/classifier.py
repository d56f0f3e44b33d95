"""What a question is about: how near it is to the phrasings' mean and to the first article of each situation, and
whether it calls for an answer at all, or for help, a refusal, another field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from corpus.replies import MessageKind
from index.vectors import Vectors

#: How much a message, written to teach the kinds, counts beside a phrasing; and how little the weights are held back.
MESSAGE_WEIGHT, LOOSENESS = 10.0, 3.0


class Classifier:
    """Cosine scores (classes,) for a question vector (d,) of the question head; `labels` names them."""

    def __init__(self, labels: Sequence[str], centres: Vectors) -> None:
        self.labels = tuple(labels)
        self._centres = centres

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str]) -> Classifier:
        """The means, of unit length, of phrasings (n, d) by the situation of each."""
        place = {name: i for i, name in enumerate(dict.fromkeys(labels))}
        centres = np.zeros((len(place), vectors.shape[1]), np.float32)
        np.add.at(centres, [place[label] for label in labels], vectors)
        return cls(list(place), centres / np.linalg.norm(centres, axis=1, keepdims=True))

    def scores(self, vector: Vectors) -> Vectors:
        return np.asarray(self._centres @ vector, np.float32)

    def save(self, path: Path) -> None:
        np.savez(path, labels=np.array(self.labels), centres=self._centres)

    @classmethod
    def open(cls, path: Path) -> Classifier:
        with np.load(path) as file:
            return cls([str(label) for label in file["labels"]], file["centres"])


class Leading:
    """Cosine scores of cards for a question vector (d,) of the query head, by the pieces of their first article."""

    def __init__(self, cards: Sequence[str], pieces: Vectors) -> None:
        self._cards = tuple(cards)
        self._pieces = pieces

    def scores(self, vector: Vectors, labels: Sequence[str]) -> Vectors:
        """One score a label, NaN for what has no article (replies)."""
        place = {name: i for i, name in enumerate(labels)}
        best = np.full(len(labels), np.nan, np.float32)
        np.fmax.at(best, [place[card] for card in self._cards], self._pieces @ vector)
        return best

    def save(self, path: Path) -> None:
        np.savez(path, cards=np.array(self._cards), pieces=self._pieces)

    @classmethod
    def open(cls, path: Path) -> Leading:
        with np.load(path) as file:
            return cls([str(card) for card in file["cards"]], file["pieces"])


class Kinds:
    """Probabilities of the kinds for a base vector (d,): crisis, refuse, out_of_scope, answer."""

    def __init__(self, kinds: Sequence[MessageKind], weights: Vectors, bias: Vectors) -> None:
        self.kinds = tuple(kinds)
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, vectors: Vectors, phrasings: Sequence[MessageKind], messages: Sequence[MessageKind]) -> Kinds:
        """Logistic regression on base vectors (n, d) of phrasings, then messages; rare kinds count like common ones."""
        from sklearn.linear_model import LogisticRegression

        counted = np.array([1.0] * len(phrasings) + [MESSAGE_WEIGHT] * len(messages))
        model = LogisticRegression(C=LOOSENESS, class_weight="balanced", max_iter=1000)
        model.fit(vectors, [*phrasings, *messages], sample_weight=counted)
        return cls([cast(MessageKind, str(k)) for k in model.classes_], model.coef_, model.intercept_)

    def probabilities(self, vector: Vectors) -> dict[MessageKind, float]:
        logits = self._weights @ vector + self._bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.kinds, (odds / odds.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        np.savez(path, kinds=np.array(self.kinds), weights=self._weights, bias=self._bias)

    @classmethod
    def open(cls, path: Path) -> Kinds:
        with np.load(path) as file:
            return cls([cast(MessageKind, str(k)) for k in file["kinds"]], file["weights"], file["bias"])
