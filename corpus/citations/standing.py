"""How an article does on a claim, by their words, beside all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.citations.likeness import Claim, Scores, WordIndex

AMONG_BEST = 0.7  # share of the best score that is as good


@dataclass(frozen=True, slots=True)
class Standing:
    """How the article cited does on a claim among others: its `share` of the best score, its `own` and
    the `best` standing in standard deviations, and how much of the claim the best one covers."""

    share: float
    own: float
    best: float
    covered: float


def standings(index: WordIndex, claims: Iterable[Claim], rows: Sequence[int], law: str | None = None) -> list[Standing]:
    """How the best of the articles in `rows` does on each claim, among those of one law or (None) of the index."""
    part = index.laws[law] if law else slice(0, len(index.articles))
    return [_standing(claim.scores, rows, part) for claim in claims]


def _standing(scores: Scores, rows: Sequence[int], part: slice) -> Standing:
    window = scores.rank[part]
    best, own = float(window.max()), max(float(scores.rank[r]) for r in rows)
    mean, spread = float(window.mean()), float(window.std()) or 1.0
    covered = float(scores.covered[part][window >= AMONG_BEST * best].max()) if best else 0.0
    return Standing(own / best if best else 0.0, (own - mean) / spread, (best - mean) / spread, covered)
