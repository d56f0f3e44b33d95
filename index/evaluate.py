"""Scores of a retrieval on questions with known articles, with confidence intervals."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.reference import Reference
from index.rows import gold

MEASURES = ("hit@1", "hit@3", "hit@5", "recall@5", "recall@100", "MRR@10", "nDCG@10")


class EvaluationError(Exception):
    """There is nothing to measure, or nothing to compare with; the message says why."""


def measure(found: Sequence[Reference], gold: set[Reference]) -> dict[str, float]:
    """Every measure for one question. `found` is best first; `gold` must not be empty."""
    hits = [r in gold for r in found]
    first = hits.index(True) + 1 if True in hits else 0
    gain = sum(1 / np.log2(i + 2) for i, hit in enumerate(hits[:10]) if hit)
    ideal = sum(1 / np.log2(i + 2) for i in range(min(10, len(gold))))
    return {
        **{f"hit@{k}": float(any(hits[:k])) for k in (1, 3, 5)},
        **{f"recall@{k}": len(set(found[:k]) & gold) / len(gold) for k in (5, 100)},
        "MRR@10": 1 / first if 0 < first <= 10 else 0.0,
        "nDCG@10": float(gain / ideal),
    }


def situations(rows: Sequence[dict[str, Any]], search: Callable[[str], Sequence[str]]) -> str:
    """How often one of a row's "cards", ids that a reader of the law would be content with, comes first and soon."""
    places = [next((i for i, name in enumerate(search(row["q"])) if name in row["cards"]), 99) for row in rows]
    shares = "  ".join(f"@{k} {np.mean([place < k for place in places]):.3f}" for k in (1, 3, 5))
    return f"情形 ({len(rows)} 题): {shares}"


@dataclass(frozen=True)
class Run:
    """Scores by question: (id, question, its "role" in the file or else its field of law, measures)."""

    rows: tuple[tuple[str, str, str, dict[str, float]], ...]

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]], search: Callable[[str], Sequence[Reference]]) -> Run:
        """Run `search` over rows with "q" and "gold". Raises EvaluationError, RowsError."""
        if not rows:
            raise EvaluationError("没有带 gold 的问题")
        scored = []
        for row in rows:
            right = gold(row)
            field = str(row.get("role") or right[0].law)
            scored.append((str(row["id"]), str(row["q"]), field, measure(search(row["q"]), set(right))))
        return cls(tuple(scored))

    def report(self) -> str:
        """A table: all questions with 95 % bootstrap intervals, then the roles or laws with ten or more."""
        lines = [f"{len(self.rows)} 题"]
        random = np.random.default_rng(0)
        for name in MEASURES:
            values = np.array([r[3][name] for r in self.rows])
            means = random.choice(values, (1000, len(values))).mean(axis=1)
            low, high = np.percentile(means, [2.5, 97.5])
            lines.append(f"{name:<11}{values.mean():.3f}  [{low:.3f}, {high:.3f}]")
        fields: dict[str, list[dict[str, float]]] = defaultdict(list)
        for _, _, field, scores in self.rows:
            fields[field].append(scores)
        for field, some in sorted(fields.items(), key=lambda f: -len(f[1])):
            if len(some) >= 10:
                shown = "  ".join(f"{m} {np.mean([s[m] for s in some]):.2f}" for m in ("hit@5", "MRR@10", "recall@100"))
                lines.append(f"{field} ({len(some)}): {shown}")
        return "\n".join(lines)

    def compare(self, before: Run) -> str:
        """The questions whose reciprocal rank fell since `before`, worst first."""
        old = {q: scores["MRR@10"] for _, q, _, scores in before.rows}
        worse = [
            (scores["MRR@10"] - old[q], i, q) for i, q, _, scores in self.rows if q in old and scores["MRR@10"] < old[q]
        ]
        better = sum(q in old and scores["MRR@10"] > old[q] for _, q, _, scores in self.rows)
        lines = [f"变好 {better} 题，变差 {len(worse)} 题"]
        return "\n".join(lines + [f"{delta:+.2f} {i} {q[:60]}" for delta, i, q in sorted(worse)])

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.rows, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Run:
        try:
            return cls(tuple((i, q, f, s) for i, q, f, s in json.loads(path.read_text("utf-8"))))
        except (OSError, ValueError, TypeError):
            raise EvaluationError(f"读不了 {path}：要 --save 存下的文件") from None
