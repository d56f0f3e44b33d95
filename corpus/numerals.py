"""Numerals as Chinese statutes write them, from 1 to 9999, and such as no statute has, to 99,999.

Statutes write 第一千零三十二条; people also write 第1032条, 第１０３２条, 第一〇三二条,
第一百零十条, 第百二十条, 第六百七〇条 and 第1千零33条. `parse` reads them all, above 9999 in digits only; `chinese`
writes the official form.
"""

from __future__ import annotations

import math
import re
import unicodedata

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
DIGITS |= {c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_ZEROS = "零〇○"
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "廿": 20, "卅": 30}

GROUPS = {"万": 10_000, "亿": 100_000_000}
MOST_UNITS = 4  # in a row: 千万亿 has three

#: A character class for regular expressions: everything `parse` may accept.
CHARACTERS = "0-9０-９" + "".join(DIGITS) + "".join(UNITS)
_WHOLE = f"[{CHARACTERS}]+"
_FRACTION = rf"(?:[.．][0-9０-９]+|点{_WHOLE})?"
#: A regular expression of what `quantity` may accept: 五十万, 1,000, 1.5万, 3万5千, 十五点四.
QUANTITY = rf"{_WHOLE}(?:[,，]\d{{3}}(?!\d))*{_FRACTION}(?:[万亿](?:{_WHOLE}{_FRACTION})?)*"
_HAN = "".join((*DIGITS, *UNITS))
#: A part of a quantity: a number, and how often it counts. The units of a number in characters are its own.
_PART = re.compile(rf"(\d+(?:\.\d+)?|[{_HAN}\d]+(?:点[{_HAN}\d]+)?)([十百千万亿]*)")


def parse(written: str) -> int | None:
    """The number that `written` stands for, or None where it is no number from 1 to 99,999."""
    text = unicodedata.normalize("NFKC", written)
    if text.isascii():
        value = int(text) if text.isdecimal() and len(text) <= 6 else 0
    elif all(c in DIGITS or c.isdecimal() for c in text):  # 一〇三二, 二0三
        value = int("".join(str(DIGITS.get(c, c)) for c in text)) if len(text) <= 6 else 0
    else:
        value = _with_units(text)
    return value if 1 <= value <= 99_999 else None


def quantity(written: str) -> float | None:
    """The size of a sum, a period or a share; None where it is no number.

    Reads 五百, 1,000,000, 五十万, 一亿二千万, 1.5万, 3万5千, 3万5 (35,000), 三千五 (3,500), 一点五 and 二〇二一, but
    not 三五, which is three or five.
    """
    text = unicodedata.normalize("NFKC", written).replace(",", "")
    value, last, end = 0.0, 0, 0
    for part in _PART.finditer(text):
        written_number, sizes = part.groups()
        number = _number(written_number)
        if number is None or part.start() > end or len(sizes) > MOST_UNITS:
            return None
        size = math.prod(UNITS.get(c) or GROUPS[c] for c in sizes)
        short = last and not sizes and len(written_number) == 1  # the 5 of 3万5
        value += number * (last / 10 if short else size)
        last, end = size, part.end()
    return value if text and end == len(text) else None


def _number(text: str) -> float | None:
    """A number without 万 and 亿, in figures or characters."""
    if text.isascii():
        return float(text)
    whole, _, fraction = text.partition("点")
    if all(c in _ZEROS for c in whole):
        left: float | None = 0.0
    elif 1 < len(whole) < 4 and all(DIGITS.get(c) for c in whole):  # 三五, 七八
        left = None
    elif len(whole) > 2 and whole[-2] in "百千佰仟" and DIGITS.get(whole[-1]):  # the 五 of 三千五
        hundreds = parse(whole[:-1])
        left = hundreds and hundreds + DIGITS[whole[-1]] * UNITS[whole[-2]] // 10
    else:
        left = parse(whole)
    if left is None or any(c in UNITS for c in fraction):
        return None
    return left + float("0." + ("".join(str(DIGITS.get(c, c)) for c in fraction) or "0"))


def _with_units(text: str) -> int:
    total, digits, smallest = 0, "", 10_000
    for c in text:
        if c in UNITS:
            unit = 10 if UNITS[c] in (20, 30) else UNITS[c]
            if unit >= smallest or len(digits.lstrip("0")) > 1:
                return 0  # 十百: units must fall; 三二百
            smallest = unit
            total += UNITS[c] if c in "廿卅" else unit * (int(digits or 0) or 1)
            digits = ""
        elif c in DIGITS or c.isdecimal():
            digits += str(DIGITS.get(c, c))
        else:
            return 0
    rest = int(digits or 0)
    full = len(digits) == len(str(smallest)) - 1 and (text[-1].isdecimal() or text[-1] in _ZEROS)
    return total + rest if rest < 10 or full else 0  # 一百零五, 六百七〇 and 1千零33, not 二百五三


def chinese(number: int) -> str:
    """The official form: 10 -> 十, 110 -> 一百一十, 1032 -> 一千零三十二.

    Raises ValueError outside 1 to 99,999.
    """
    if not 1 <= number <= 99_999:
        raise ValueError(f"no numeral for {number}: 1 to 99,999 only")
    if number > 9999:
        rest = number % 10_000
        tail = ("零" if rest < 1000 else "") + ("一" if 10 <= rest < 20 else "") + chinese(rest) if rest else ""
        return f"{chinese(number // 10_000)}万{tail}"
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return out.removeprefix("一") if 10 <= number < 20 else out
