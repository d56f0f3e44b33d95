"""The text as citations are read in it: closed up and tidied, with the way back to the original.

Spaces and line breaks that OCR and PDF put between characters go, and broken characters, the marks of bold and the
like and where a link leads; full-width signs become ASCII, traditional characters simplified ones, each one character
for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from unicodedata import category

from opencc import OpenCC

from corpus.citations.places import NUMERAL

_HAN = [chr(code) for code in range(0x3400, 0xA000)]
_SIMPLIFIED = dict(zip(_HAN, OpenCC("t2s").convert("\n".join(_HAN)).split("\n"), strict=True))
_TIDY = str.maketrans(_SIMPLIFIED) | str.maketrans(
    "０１２３４５６７８９（）〔〕［］，：；〈〉＜＞～—–－─｜＋＆／﹁﹂﹃﹄",
    "0123456789()()(),:;<><>~----|+&/「」『』",
)
#: Signs without a place of their own on a line: of direction, of joining, of form, of control; and the Hangul fillers.
_UNSEEN = "\u115f\u1160\u3164\uffa0\ufffd" + "".join(
    sign
    for sign in map(chr, (*range(0x10000), *range(0xE0000, 0xE0200)))
    if category(sign) in ("Cf", "Cc", "Mn", "Me") and not sign.isspace()
)
#: Marks of bold and the like: * of a list has white space on both sides. > of a quotation begins a line.
_MARK = re.compile(
    r"[*_`]{1,3}(?=[^\s*_`])|(?<=[^\s*_`])[*_`]{1,3}|(?<=\n)[ \t]*(?:> ?)+"
    r"|</?(?:b|strong|i|em|u|mark|span|font)\b[^<>\n]{0,80}>|(?<=\])\((?:/|https?://)[^()\s]{1,200}\)"
)
_GAP = re.compile(rf"(?:{_MARK.pattern}|[\s{_UNSEEN}])+")
#: The rest of a law's name that was broken at the end of a line: no line of its own begins so.
_NAME_ENDS = re.compile(r"(?:法典?|典|(?:管理)?处罚法|(?:权益)?保[护障]法|诉讼法)第")
_LINE_OPENS = re.compile(rf"(?:第{NUMERAL}[条章节编]|[(]?{NUMERAL}[)、.]|[-*#•·●■【])")


class Squeezed:
    """A text closed up and tidied for reading, with the way back to the original."""

    def __init__(self, original: str) -> None:
        pieces: list[str] = []
        self._from: list[int] = [0]
        self._to: list[int] = [0]
        length, last = 0, 0
        for start, end in _gaps(original):
            pieces.append(original[last:start])
            length += start - last
            last = end
            self._from.append(length)
            self._to.append(end)
        pieces.append(original[last:])
        self.original = original
        self.text = "".join(pieces).translate(_TIDY)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the characters start to end (end > start)."""
        return self.position(start), self.position(end - 1) + 1

    def position(self, index: int) -> int:
        """The place in the original of one character."""
        i = bisect_right(self._from, index) - 1
        return self._to[i] + index - self._from[i]

    def index(self, position: int) -> int:
        """The way back: the place in `text` of a character of the original that was kept."""
        i = bisect_right(self._to, position) - 1
        return self._from[i] + position - self._to[i]


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """What is left out of a text, in order: (start, end)."""
    for match in _GAP.finditer(text):
        start, end = match.span()
        edge = start == 0 or end == len(text)
        marks = [m.span() for m in _MARK.finditer(text, start, end + 1) if m.end() <= end]
        if marks and (edge or sum(b - a for a, b in marks) == end - start or "\n" in text[start:end]):
            yield from marks
        elif not edge and _removable(text, start, end):
            yield start, end


def _in_number(text: str, start: int, end: int) -> bool:
    """Whether a gap is in the number of an article that is set as 第 6 7 0 条."""
    return bool(
        re.search(r"第[\d ]*\d$", text[max(0, start - 12) : start]) and re.match(r"\d[\d ]*条", text[end : end + 12])
    )


def _removable(text: str, start: int, end: int) -> bool:
    """Whether white space between two characters is an accident of setting."""
    if not text[start:end].strip(_UNSEEN):
        return True
    before, after = text[start - 1], text[end]
    breaks = text.count("\n", start, end)
    if not breaks:
        return not (before.isascii() and after.isascii()) or _in_number(text, start, end)
    if breaks > 1 or not ("\u3400" <= before <= "\u9fff" or before in "《" or before.isdigit()):
        return False
    if re.search(rf"第(?:{NUMERAL})?$", text[max(0, start - 12) : start]):
        return True
    if re.match(rf"(?:{NUMERAL})?[条款项]", text[end : end + 10]) or _NAME_ENDS.match(text, end):
        return True
    opened = text.rfind("《", max(0, start - 60), start)
    if opened >= 0 and text.find("》", opened, start) < 0 and text.find("》", end, end + 60) >= 0:
        return "\n" not in text[opened:start]
    line = start - (text.rfind("\n", 0, start) + 1)
    return line >= 24 and "\u3400" <= after <= "\u9fff" and not _LINE_OPENS.match(text[end : end + 12])
