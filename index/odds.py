"""What a question calls for: probabilities of labels, fitted with each index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.lexical import grams, places
from index.vectors import Floats, Vectors

#: How little the weights of a logistic regression are held back.
LOOSENESS = 1.0
#: Grams of fewer texts are not learnt from.
TEXTS = 4


class Odds:
    """Probabilities of labels for a question: a logistic regression over its base vector and, if learnt, its grams.

    A vector sees what a question is about, grams the few characters that make it another kind.
    """

    def __init__(
        self, labels: Sequence[str], weights: Vectors, bias: Floats, vocabulary: np.ndarray, gram_weights: Vectors
    ) -> None:
        """Of l labels: `weights` (l, d), `bias` (l,), `gram_weights` (l, g) of the g sorted grams of `vocabulary`."""
        self.labels = tuple(labels)
        self._weights, self._bias = weights, bias
        self._vocabulary, self._gram_weights = vocabulary, gram_weights

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        labels: Sequence[str],
        counted: Sequence[float] | None = None,
        texts: Sequence[str] | None = None,
    ) -> Odds:
        """Of base vectors (n, d), each `counted` so many times; of three labels or more; rare ones weigh no less.

        Of the n `texts`, where they are given, the grams are learnt from too.
        """
        from scipy.sparse import csr_array, hstack
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import normalize

        learnt, vocabulary = vectors, np.array([], dtype=str)
        if texts is not None:
            counter = CountVectorizer(analyzer=grams, min_df=TEXTS, binary=True)
            learnt = hstack([csr_array(vectors), normalize(counter.fit_transform(texts).astype(float))], format="csr")
            vocabulary = counter.get_feature_names_out().astype(str)  # sorted
        model = LogisticRegression(C=LOOSENESS, class_weight="balanced", max_iter=1000)
        model.fit(learnt, labels, sample_weight=counted)
        weights, gram_weights = np.hsplit(model.coef_.astype(np.float32), [vectors.shape[1]])
        return cls([str(label) for label in model.classes_], weights, model.intercept_, vocabulary, gram_weights)

    def probabilities(self, vector: Vectors, said: Sequence[str] = ()) -> dict[str, float]:
        """For a question's base vector (d,) and the grams in it; together 1."""
        known = places(self._vocabulary, said)
        share = max(len(known), 1) ** -0.5  # all grams of a text are a vector of length 1
        logits = self._weights @ vector + self._bias + share * self._gram_weights[:, known].sum(axis=1)
        odds = np.exp(logits - logits.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        np.savez(
            path,
            labels=np.array(self.labels),
            weights=self._weights,
            bias=self._bias,
            vocabulary=self._vocabulary,
            gram_weights=self._gram_weights,
        )

    @classmethod
    def open(cls, path: Path) -> Odds:
        with np.load(path) as file:
            arrays = (file[name] for name in ("weights", "bias", "vocabulary", "gram_weights"))
            return cls([str(label) for label in file["labels"]], *arrays)
