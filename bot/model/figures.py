"""Does a sentence name a figure that its sources do not?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus import numerals
from corpus.citations.claimed_figures import MONEY, figures

#: 千万别理 is no number.
_NUMBER = re.compile(rf"(?<!第)(?!千万[^元块])(?P<n>{numerals.QUANTITY})(?P<date>[月日号])?")
_LARGE = 100  # a number from here on says something without a unit: 赔3万5
_CODE = re.compile(r"\d{3,}")
#: 一次还清, 再一次, 一人做事: figures that count nothing.
_IDLE = frozenset({("次数", 1.0), ("次数", 2.0), ("人数", 1.0), ("期数", 1.0)})


def known(text: str, bearing: Iterable[str], everything: str) -> bool:
    """Whether every figure of a sentence stands in the texts that bear on it, as the same measure.

    A date, or a large number without a unit, may be any number there, and a sum a number without a unit; digits
    such as a telephone number must stand in `everything` as they are.
    """
    texts = list(bearing)
    held = {(f.kind, f.value) for one in texts for f in figures(one)} | _IDLE
    numbers = {value for one in texts for _, value, _ in _numbers(one)}
    said = list(figures(text))
    if any((f.kind, f.value) not in held and not (f.kind == MONEY and f.value in numbers) for f in said):
        return False
    measured = {place for f in said for place in range(f.start, f.end)}
    bare = {v for start, v, counts in _numbers(text) if counts and start not in measured}
    written = set(_CODE.findall(everything))
    codes = _CODE.findall(text.replace(",", ""))
    return bare <= numbers and all(code in written or float(code) in numbers for code in codes)


def _numbers(text: str) -> Iterator[tuple[int, float, bool]]:
    """The numbers of a text: where each begins, its value, and whether it counts without a unit: a date, 3万5."""
    for match in _NUMBER.finditer(text):
        value = numerals.quantity(match["n"])
        if value is not None:
            yield match.start(), value, bool(match["date"]) or (value >= _LARGE and len(match["n"]) > 1)
