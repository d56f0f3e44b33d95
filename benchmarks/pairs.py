"""python -m benchmarks.pairs: how well does the cross-encoder tell pairs that it has not learnt from?

Reads `tests/index/told.jsonl` (messages and a card whose verdict holds for them, or does not) and `claimed.jsonl`
(claims and an article that carries them, or does not), by authors of whom it has learnt nothing. Prints by task how
many it can read whole, the share told right at a half, the area under the curve, and by limit how many of the wrong
pairs and of the right ones stay below it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from corpus.cards import load_cards
from corpus.statutes import load
from index.crossencoder import CrossEncoder
from index.question_files import gold, read_questions
from index.settings import IndexSettings

HERE = Path(__file__).parents[1] / "tests" / "index"
LIMITS = (0.003, 0.02, 0.1, 0.3)


def main() -> None:
    encoder, cards, statutes = CrossEncoder(IndexSettings().data), load_cards(), load("all")
    told = [
        (encoder.holds(row["q"], cards[row["card"]].title), row["holds"]) for row in read_questions(HERE / "told.jsonl")
    ]
    claimed = [
        (encoder.carried(row["q"], statutes.quote(gold(row)[0]) or ""), row["carried"])
        for row in read_questions(HERE / "claimed.jsonl")
    ]
    for task, pairs in (("holds", told), ("carried", claimed)):
        read = [(probability, right) for probability, right in pairs if probability is not None]
        print(f"{task}: {len(read)} of {len(pairs)} read; {figures(*map(np.array, zip(*read, strict=True)))}")


def figures(probabilities: np.ndarray, right: np.ndarray) -> str:
    """Of probabilities (n,) and whether each pair is right (n,)."""
    below = "; ".join(
        f"below {limit}: {(probabilities[~right] < limit).mean():.3f} of the wrong, "
        f"{(probabilities[right] < limit).mean():.3f} of the right"
        for limit in LIMITS
    )
    return (
        f"{((probabilities > 0.5) == right).mean():.3f} right, area {roc_auc_score(right, probabilities):.3f}; {below}"
    )


if __name__ == "__main__":
    main()
