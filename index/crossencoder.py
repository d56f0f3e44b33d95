"""Reads two texts together and says whether the second holds for the first: what nearness does not hear.

没还清 and 还清了 have nearly the same vector, and so have an article and its contrary. A cross-encoder reads both
at once, by e5's weights and what `index.train_pairs` added (see `crossencoder/README.md`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from index.convert import converted
from index.e5 import E5Tokenizer, padded
from index.sessions import TURNS, open_session

#: holds: a card's verdict, by its title, for a message; carried: a claim, by the provision it is made of.
PairTask = Literal["holds", "carried"]
#: Where the trained weights stand.
FOLDER = Path(__file__).parent / "crossencoder"
#: So many tokens of a long provision are read, by its lines that are most like the claim.
PASSAGE = 150


class CrossEncoder:
    """Any number of threads may use it. `data` is where the converted model is kept."""

    def __init__(self, data: Path, folder: Path = FOLDER) -> None:
        made = converted("pair", folder, data)
        self._tokenizer, self._session = E5Tokenizer.open(made), open_session(made, threads=1)
        self._read = lru_cache(maxsize=512)(self._log_odds)

    def holds(self, message: str, title: str) -> float:
        """The probability that a card's verdict, by the card's title, holds for what a message says."""
        return self._probability("holds", message, title)

    def carried(self, claim: str, provision: str) -> float:
        """The probability that a provision, by its text, carries what is claimed of it."""
        return self._probability("carried", claim, passage(claim, provision, self._tokenizer))

    def _probability(self, task: PairTask, first: str, second: str) -> float:
        return float(1 / (1 + np.exp(-self._read(first, second)[get_args(PairTask).index(task)])))

    def _log_odds(self, first: str, second: str) -> tuple[float, ...]:
        window, begin = self._tokenizer.pair(first, second)
        ids, mask = padded([window])
        after = mask * (np.arange(ids.shape[1]) >= begin)
        with TURNS:
            (read,) = self._session.run(None, {"ids": ids, "mask": mask, "second": after})[0]
        return tuple(read.tolist())


def passage(claim: str, provision: str, tokenizer: E5Tokenizer) -> str:
    """A provision's text; of one that is too long the first line and those that share most with the claim."""
    if len(tokenizer.ids(provision)) <= PASSAGE:
        return provision
    lines = provision.split("\n")
    sizes = [len(tokenizer.ids(line)) for line in lines]
    pairs = {claim[i : i + 2] for i in range(len(claim) - 1)}
    shared = [sum(pair in line for pair in pairs) / (len(line) ** 0.3 + 1) for line in lines]
    kept, total = [0], sizes[0]
    for i in sorted(range(1, len(lines)), key=lambda i: -shared[i]):
        if total + sizes[i] <= PASSAGE:
            kept.append(i)
            total += sizes[i]
    return "\n".join(lines[i] for i in sorted(kept))
