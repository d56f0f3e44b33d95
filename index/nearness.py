"""How near a question is to the phrasings of situations and to the articles that cards cite."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.vectors import Floats, HalfVectors, Vectors, mapped


class Means:
    """How near a question vector (d,) of the question head is to the mean (of unit length) of what each label names."""

    def __init__(self, labels: Sequence[str], means: Vectors) -> None:
        self.labels = tuple(labels)
        self._means = means

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str]) -> Means:
        """Of questions (n, d) and the label of each; labels keep the order in which they come first."""
        place = {name: i for i, name in enumerate(dict.fromkeys(labels))}
        means = np.zeros((len(place), vectors.shape[1]), np.float32)
        np.add.at(means, [place[label] for label in labels], vectors)
        return cls(list(place), means / np.linalg.norm(means, axis=1, keepdims=True))

    def scores(self, vector: Vectors) -> Floats:
        """Cosines, shape (labels,)."""
        return np.asarray(self._means @ vector, np.float32)

    def save(self, path: Path) -> None:
        np.savez(path, labels=np.array(self.labels), means=self._means)

    @classmethod
    def open(cls, path: Path) -> Means:
        with np.load(path) as file:
            return cls([str(label) for label in file["labels"]], file["means"])


class Phrasings:
    """The vectors (n, d) of all phrasings, situation by situation: the i-th's from `starts[i]` to `starts[i + 1]`."""

    def __init__(self, vectors: HalfVectors, starts: np.ndarray) -> None:
        self._vectors, self._starts = vectors, starts

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str]) -> Phrasings:
        """Of phrasings (n, d) and the situation of each, in the order of `Means`."""
        place = {name: i for i, name in enumerate(dict.fromkeys(labels))}
        owners = np.array([place[label] for label in labels])
        starts = np.append(0, np.cumsum(np.bincount(owners)))
        return cls(vectors[np.argsort(owners, kind="stable")].astype(np.float16), starts)

    def nearest(self, vector: Vectors, situations: np.ndarray) -> Floats:
        """The cosine to the nearest phrasing of each of some situations, named by their places."""
        starts, ends = self._starts[situations], self._starts[situations + 1]
        vectors = np.concatenate([self._vectors[a:b] for a, b in zip(starts, ends, strict=True)])
        first = np.append(0, np.cumsum(ends - starts)[:-1])
        return np.asarray(np.maximum.reduceat(vectors.astype(np.float32) @ vector, first))

    def save(self, folder: Path) -> None:
        np.save(folder / "phrasings.npy", self._vectors)
        np.save(folder / "phrasings-starts.npy", self._starts)

    @classmethod
    def open(cls, folder: Path) -> Phrasings:
        return cls(mapped(folder / "phrasings.npy"), np.load(folder / "phrasings-starts.npy"))


class CitationFit:
    """How well the articles that cards cite fit a question vector (d,) of the query head.

    `articles` (cards, most) are the places of a card's citations in order of weight, -1 where it has fewer; `chunks`
    (n, d) are the articles' vectors and `owners` (n,) whose they are.
    """

    def __init__(self, cards: Sequence[str], articles: np.ndarray, chunks: Vectors, owners: np.ndarray) -> None:
        self.cards = tuple(cards)
        self._articles, self._chunks, self._owners = articles, chunks, owners

    @classmethod
    def fit(cls, cited: Mapping[str, Sequence[Hashable]], chunks: Mapping[Hashable, Vectors]) -> CitationFit:
        """Of each card the articles it cites, of each article the vectors (n, d) of its chunks, if it is held."""
        place = {article: i for i, article in enumerate(dict.fromkeys(a for some in cited.values() for a in some))}
        articles = np.full((len(cited), max(map(len, cited.values()))), -1)
        for row, some in zip(articles, cited.values(), strict=True):
            row[: len(some)] = [place[a] for a in some]
        owners = np.repeat(np.arange(len(place)), [len(chunks[a]) for a in place])
        return cls(list(cited), articles, np.concatenate([chunks[a] for a in place]), owners)

    def scores(self, vector: Vectors) -> Floats:
        """Standardised over all cited articles; shape (cards, most), NaN where a card has no more."""
        best = np.full(self._articles.max() + 1, -1, np.float32)
        np.maximum.at(best, self._owners, self._chunks @ vector)
        return np.asarray(np.append(standard(best), np.float32(np.nan))[self._articles])

    def save(self, path: Path) -> None:
        np.savez(path, cards=np.array(self.cards), articles=self._articles, chunks=self._chunks, owners=self._owners)

    @classmethod
    def open(cls, path: Path) -> CitationFit:
        with np.load(path) as file:
            return cls([str(c) for c in file["cards"]], file["articles"], file["chunks"], file["owners"])


def standard(scores: Floats) -> Floats:
    """Scores with mean 0 and deviation 1, so that different kinds can be added."""
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)
