"""Scores of a retrieval on questions with known articles, with confidence intervals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from corpus.files import OperatorError
from corpus.reference import Reference
from index.question_files import cards, gold

MEASURES = ("hit@1", "hit@3", "hit@5", "recall@5", "recall@100", "MRR@10", "nDCG@10")


class EvaluationError(OperatorError):
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


def situation_report(rows: Sequence[dict[str, Any]], search: Callable[[str], Sequence[str]]) -> str:
    """How often one of a row's "cards", ids that a reader of the law would be content with, comes first and soon."""
    places = [next((i for i, name in enumerate(search(row["q"])) if name in cards(row)), 99) for row in rows]
    shares = "  ".join(f"@{k} {np.mean([place < k for place in places]):.3f}" for k in (1, 3, 5))
    return f"情形 ({len(rows)} 题): {shares}"


@dataclass(frozen=True, slots=True)
class Scored:
    """A question's measures; `field` is its "role" in the file or else its field of law."""

    id: str
    question: str
    field: str
    measures: dict[str, float]


@dataclass(frozen=True)
class Run:
    """Scores by question."""

    rows: tuple[Scored, ...]

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]], search: Callable[[str], Sequence[Reference]]) -> Run:
        """Run `search` over rows with "q" and "gold". Raises EvaluationError, QuestionFileError."""
        if not rows:
            raise EvaluationError("没有带 gold 的问题")
        scored = []
        for row in rows:
            right = gold(row)
            field = str(row.get("role") or right[0].law)
            scored.append(Scored(str(row["id"]), str(row["q"]), field, measure(search(row["q"]), set(right))))
        return cls(tuple(scored))

    def means(self, field: str = "") -> dict[str, float]:
        """Every measure's mean, of all questions or of those of a field."""
        some = [row.measures for row in self.rows if not field or row.field == field]
        return {name: float(np.mean([one[name] for one in some])) for name in MEASURES}

    def report(self) -> str:
        """A table: all questions with 95 % bootstrap intervals, then the roles or laws with ten or more."""
        lines = [f"{len(self.rows)} 题"]
        random = np.random.default_rng(0)
        for name, mean in self.means().items():
            values = np.array([row.measures[name] for row in self.rows])
            low, high = np.percentile(random.choice(values, (1000, len(values))).mean(axis=1), [2.5, 97.5])
            lines.append(f"{name:<11}{mean:.3f}  [{low:.3f}, {high:.3f}]")
        for field, count in Counter(row.field for row in self.rows).most_common():
            if count >= 10:
                mean_of = self.means(field)
                shown = "  ".join(f"{name} {mean_of[name]:.2f}" for name in ("hit@5", "MRR@10", "recall@100"))
                lines.append(f"{field} ({count}): {shown}")
        return "\n".join(lines)

    def compare(self, before: Run) -> str:
        """The questions whose MRR@10 fell since `before`, worst first; the same by id and by words."""
        old = {(row.id, row.question): row.measures["MRR@10"] for row in before.rows}
        changes = [
            (row.measures["MRR@10"] - old[row.id, row.question], row)
            for row in self.rows
            if (row.id, row.question) in old
        ]
        worse = sorted(((change, row) for change, row in changes if change < 0), key=itemgetter(0))
        better = sum(change > 0 for change, _ in changes)
        lines = [f"两次都有的 {len(changes)} 题：变好 {better} 题，变差 {len(worse)} 题"]
        return "\n".join(lines + [f"{change:+.2f} {row.id} {row.question[:60]}" for change, row in worse])

    def save(self, path: Path) -> None:
        rows = json.dumps(_ROWS.dump_python(self.rows), ensure_ascii=False)
        path.write_bytes(rows.encode("utf-8", "replace"))  # a question may have half a character

    @classmethod
    def load(cls, path: Path) -> Run:
        """A run that was saved. Raises EvaluationError."""
        try:
            return cls(_ROWS.validate_json(path.read_bytes()))
        except (OSError, ValueError):
            raise EvaluationError(f"读不了 {path}：要 --save 存下的文件") from None


_ROWS = TypeAdapter(tuple[Scored, ...])
