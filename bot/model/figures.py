"""Numbers in words and digits: does a sentence name one that its sources do not?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus import numerals

_HAN = "".join((*numerals.DIGITS, *numerals.UNITS, *numerals.GROUPS))
#: Units that count as one: a sum in 元 is the same in 块.
_KINDS = {
    "元": "元", "块": "元", "圆": "元", "年": "年", "载": "年", "月": "月", "日": "日", "天": "日", "号": "日", "小时": "时", "周": "周",  # noqa: E501
    "星期": "周", "%": "%", "倍": "倍", "次": "次", "岁": "岁", "周岁": "岁", "期": "期", "人": "人", "成": "成", "折": "折", "分": "分",  # noqa: E501
}  # fmt: skip
_FIGURE = re.compile(
    rf"百分之(?P<per>[{_HAN}点.\d]+)|(?P<n>\d[\d,，]*(?:\.\d+)?(?:[万千百亿]+\d+(?:\.\d+)?)*|[{_HAN}]+(?:点[{_HAN}]+)?|(?<=[\d])[万千百亿])(?P<g>[万千百亿]*)多?余?(?:个)?(?P<u>{'|'.join(sorted(_KINDS, key=len, reverse=True))})?"  # noqa: E501
)
_CODE = re.compile(r"\d{3,}")
#: 一次还清, 一天到晚, 一年期: a one that counts nothing.
_IDLE = frozenset(
    {(1.0, "次"), (1.0, "人"), (1.0, "分"), (1.0, "期"), (1.0, "成"), (2.0, "次"), (1.0, "日"), (1.0, "月")}
)


def figures(text: str) -> Iterator[tuple[float, str]]:
    """Each number that counts something, as (value, kind of unit); large numbers without a unit too."""
    for match in _FIGURE.finditer(text):
        if match["n"] and not any(c.isdigit() or c in numerals.DIGITS or c in numerals.UNITS for c in match["n"]):
            continue
        if match["n"] == "千万" and not match["u"]:  # 千万别理
            continue
        if match["per"]:
            value, kind = numerals.quantity(match["per"]), "%"
        else:
            value, kind = numerals.quantity(match["n"] + (match["g"] or "")), _KINDS.get(match["u"] or "", "")
        if value is None:
            continue
        if kind or (value >= 100 and len(match["n"] + match["g"]) > 1):
            yield value, kind


def known(text: str, bearing: Iterable[str], everything: str) -> bool:
    """Whether every figure of a sentence stands in the texts that bear on it, with its unit.

    A figure without a unit may stand there with any; digits such as a telephone number must stand
    in `everything` as they are.
    """
    held = {f for one in bearing for f in figures(one)}
    values = {value for value, _ in held}
    for value, kind in figures(text):
        if (value, kind) in _IDLE:
            continue
        if (kind and (value, kind) not in held and (value, "") not in held) or (not kind and value not in values):
            return False
    written = set(_CODE.findall(everything))
    return all(code in written or float(code) in values for code in _CODE.findall(text.replace(",", "")))
