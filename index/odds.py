"""What a question calls for: probabilities of labels, fitted with each index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.vectors import Floats, Vectors

#: How little the weights of a logistic regression are held back.
LOOSENESS = 3.0


class Odds:
    """Probabilities of labels for a base vector (d,) of a question: a logistic regression."""

    def __init__(self, labels: Sequence[str], weights: Vectors, bias: Floats) -> None:
        self.labels = tuple(labels)
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str], counted: Sequence[float] | None = None) -> Odds:
        """Of base vectors (n, d), each `counted` so many times; of three labels or more; rare ones weigh no less."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=LOOSENESS, class_weight="balanced", max_iter=1000)
        model.fit(vectors, labels, sample_weight=counted)
        return cls([str(label) for label in model.classes_], model.coef_, model.intercept_)

    def probabilities(self, vector: Vectors) -> dict[str, float]:
        logits = self._weights @ vector + self._bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        np.savez(path, labels=np.array(self.labels), weights=self._weights, bias=self._bias)

    @classmethod
    def open(cls, path: Path) -> Odds:
        with np.load(path) as file:
            return cls([str(label) for label in file["labels"]], file["weights"], file["bias"])
