"""Reads two texts together and says whether the second holds for the first: what nearness does not hear.

没还清 and 还清了 have nearly the same vector, and so have an article and its contrary. A cross-encoder reads both
at once, by e5's weights and what `index.train_pairs` added (see `crossencoder/README.md`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import numpy as np

from index.convert import converted
from index.e5 import FIRST, SECOND, E5Tokenizer, padded
from index.sessions import TURNS, open_session

#: holds: a card's title or a branch's `when`, for a message; carried: a claim, by the provision it is made of.
PairTask = Literal["holds", "carried"]
#: Where the trained weights stand.
FOLDER = Path(__file__).parent / "crossencoder"


class CrossEncoder:
    """Any number of threads may use it. `data` is where the converted model is kept."""

    def __init__(self, data: Path, folder: Path = FOLDER) -> None:
        made = converted("pair", folder, data)
        self._tokenizer, self._session = E5Tokenizer.open(made), open_session(made, threads=1)

    def holds(self, message: str, statement: str) -> float | None:
        """The probability that a statement holds for what a message says.

        By a card's title it is that the card's verdict holds, by a branch's `when` that its facts are told. None where
        one is too long to be read whole: what is left out may be what decides.
        """
        return self._probability("holds", message, statement)

    def carried(self, claim: str, provision: str) -> float | None:
        """The probability that a provision, by its text, carries what is claimed of it; None where one is too long."""
        return self._probability("carried", claim, provision)

    def _probability(self, task: PairTask, first: str, second: str) -> float | None:
        odds = self._log_odds(first, second)
        return None if odds is None else float(1 / (1 + np.exp(-odds[get_args(PairTask).index(task)])))

    def _log_odds(self, first: str, second: str) -> tuple[float, ...] | None:
        """One a task; None where one of the texts is too long."""
        window, begin = self._tokenizer.pair(first, second)
        if begin - 2 >= FIRST or len(window) - begin - 1 >= SECOND:
            return None
        ids, mask = padded([window])
        after = mask * (np.arange(ids.shape[1]) >= begin)
        with TURNS:
            (read,) = self._session.run(None, {"ids": ids, "mask": mask, "second": after})[0]
        return tuple(read.tolist())
