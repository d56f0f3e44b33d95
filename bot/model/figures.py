"""Numbers in words and digits: does a sentence name one that its sources do not?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_HAN = "零〇一二两三四五六七八九十百千万亿"
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
        if match["n"] and not any(c.isdigit() or c in _DIGITS or c in _UNITS for c in match["n"]):
            continue
        if match["n"] == "千万" and not match["u"]:  # 千万别理
            continue
        if match["per"]:
            value, kind = _value(match["per"]), "%"
        else:
            value, kind = _value(match["n"] + (match["g"] or "")), _KINDS.get(match["u"] or "", "")
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


def _value(written: str) -> float | None:
    """1万 -> 10000, 3万5千 and 3万5 -> 35000, 二十四 -> 24, 一点五 -> 1.5; None where it is no number."""
    text = written.replace(",", "").replace("，", "")
    if re.fullmatch(r"(?:\d+(?:\.\d+)?[万千百亿]*)+", text):
        value, last = 0.0, 10.0
        for digits, units in re.findall(r"(\d+(?:\.\d+)?)([万千百亿]*)", text):
            size = math.prod(_GROUPS.get(unit, 0) or _UNITS[unit] for unit in units)
            short = value and not units and len(digits) == 1  # the 5 of 3万5
            value += float(digits) * (last / 10 if short else size)
            last = size
        return value
    if "点" in text:
        whole, _, part = text.partition("点")
        left = _value(whole)
        digits = "".join(str(_DIGITS[c]) for c in part if c in _DIGITS)
        return left + float(f"0.{digits or 0}") if left is not None else None
    total, section, digit = 0, 0, None
    for c in text:
        if c in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[c]
        elif c in _UNITS:
            section += _UNITS[c] * (1 if digit is None else digit)
            digit = None
        elif c in _GROUPS:
            total = (total + section + (digit or 0)) * _GROUPS[c] if section or digit or total else 0
            section, digit = 0, None
        else:
            return None
    return float(total + section + (digit or 0)) if text else None
