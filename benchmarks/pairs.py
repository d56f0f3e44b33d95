"""python -m benchmarks.pairs: how well does the cross-encoder tell pairs that it has not learnt from?

Reads `tests/index/told.jsonl` (messages and a card whose verdict holds for them, or does not), `branched.jsonl`
(messages and the branch of a card whose facts they tell, or none) and `claimed.jsonl` (claims and an article that
carries them, or does not), by authors of whom it has learnt nothing. Prints of each how many it can read whole, the
share told right at a half, the area under the curve, and by limit how many of the wrong pairs and of the right ones
stay below it; of the messages with branches also how many get one as the bot reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from bot import verdicts
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
    rows = list(read_questions(HERE / "branched.jsonl"))
    branched = [
        (encoder.holds(row["q"], branch.when), name == row["branch"])
        for row in rows
        for name, branch in cards[row["card"]].branches.items()
    ]
    claimed = [
        (encoder.carried(row["q"], statutes.quote(gold(row)[0]) or ""), row["carried"])
        for row in read_questions(HERE / "claimed.jsonl")
    ]
    for task, pairs in (("told", told), ("branched", branched), ("claimed", claimed)):
        read = [(probability, right) for probability, right in pairs if probability is not None]
        print(f"{task}: {len(read)} of {len(pairs)} read; {figures(*map(np.array, zip(*read, strict=True)))}")
    print(chosen(encoder, rows))


def chosen(encoder: CrossEncoder, rows: Sequence[Mapping[str, Any]]) -> str:
    """How many messages surely tell a branch, or seem to; of these, how many the very one, or one with its verdict."""
    lines = []
    for how in ("sure", "likely"):
        read = right = verdict = 0
        for row in rows:
            card = load_cards()[row["card"]]
            heard = verdicts.branches_told(encoder, card, row["q"])
            if not getattr(heard, how):
                continue
            first, meant = heard.names[0], card.branches.get(row["branch"])
            read, right = read + 1, right + (first == row["branch"])
            verdict += meant is not None and card.branches[first].verdict == meant.verdict
        lines.append(f"{how}: {read}, of these {right} theirs, {verdict} its verdict")
    return f"{len(rows)} messages, {sum(bool(row['branch']) for row in rows)} tell a branch; {'; '.join(lines)}"


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
