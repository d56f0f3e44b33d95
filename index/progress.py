"""A line on stderr that says how far a long job is and how long it still takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

#: Told (what, done, total).
Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Say nothing."""


class ProgressLine:
    """Call it with (what, done, total); a job ends when done reaches total. `doing`: 编码, 训练…"""

    def __init__(self, doing: str = "编码") -> None:
        self._doing = doing
        self._begin: dict[str, tuple[float, int]] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        began, first = self._begin.setdefault(what, (now, done))
        rate = (done - first) / (now - began) if now > began else 0.0
        left = f"，约还要 {(total - done) / rate:.0f} 秒" if rate and done < total else ""
        end = "\n" if done >= total else ""
        print(f"\r正在{self._doing}{what} {done}/{total}{left}        ", end=end, file=sys.stderr, flush=True)
