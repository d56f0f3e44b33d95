"""The words of a Word file (docx): of a document that is checked, of an official download of law."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import XMLParser
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

#: Bytes of XML that a Word file may hold.
UNPACKED = 50 * 1024 * 1024
#: Bytes of it that are read at a time. No tag is longer, and no Word file has so many names of elements, or so many
#: elements within each other: what a parser remembers of these takes far more memory than the file.
PIECE, ODD = 4 * 1024 * 1024, 1000
#: How Word packs its parts. Of the others zipfile unpacks all that it is given, whatever size the part declares.
PACKED = (ZIP_STORED, ZIP_DEFLATED)
#: The parts of a Word file that hold its words, in the order in which they are read.
WORDS = ("document", "footnotes", "endnotes", "header", "footer")
#: What ends the cells of a table row but the last: no XML can hold it.
CELL = "\a"
#: What stands in a Word file for a sign.
SIGNS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
#: What holds no words of its own: what was moved away, and what repeats a text box for old programs.
HIDDEN = ("moveFrom", "Fallback")


class WordError(ValueError):
    """The file cannot be read; the message says why and what to do."""


def words_of(data: bytes, kinds: Sequence[str], longest: int) -> str:
    """Everything that stands in the parts of these `kinds` (see WORDS): text boxes and tracked insertions too.

    A line for each paragraph, but one for a row of a table, with CELL between its cells. Of a file with more than
    `longest` characters only a little more than these are given. Raises WordError, and what its libraries raise on a
    broken file.
    """
    with ZipFile(BytesIO(data)) as file:
        parts = [p for kind in kinds for p in file.infolist() if re.fullmatch(rf"word/{kind}\d*\.xml", p.filename)]
        if sum(p.file_size for p in parts) > UNPACKED:
            raise WordError(f"这个 Word 文件展开后太大，最多 {UNPACKED >> 20} MB：请分成几份。")
        if any(p.compress_type not in PACKED for p in parts):
            raise WordError("这个 Word 文件的压缩方式不寻常：请另存一份，或者把文字粘贴进来。")
        if not parts:
            raise WordError("这个 Word 文件里没有正文：请另存一份，或者把文字粘贴进来。")
        text = _DocxText(longest)
        with suppress(_Enough):
            for part in parts:
                text.hear(file.open(part))
        return "".join(text.read).strip("\n")


class _Enough(Exception):
    """More has been read than is wanted."""


class _DocxText:
    """What a parser tells of a Word file. There is no tree: millions of empty elements fit into a small file."""

    def __init__(self, longest: int) -> None:
        self.read: list[str] = []
        self._left = longest
        self._names: dict[str, str] = {}  # {namespace}name -> name
        self._depth = 0
        self._hidden = 0  # elements in which nothing is read
        self._spoken = False  # right behind the start of a run's words
        self._heard = False  # whether the last piece told anything

    def hear(self, part: IO[bytes]) -> None:
        """Read a part to its end. Raises _Enough, and WordError where no Word has written it."""
        parser = XMLParser(target=self)  # noqa: S314 expat refuses bombs since 2.4.1
        while piece := part.read(PIECE):
            self._heard = False
            parser.feed(piece)
            if not self._heard or max(self._depth, len(self._names)) > ODD:
                raise WordError("这个 Word 文件的结构不寻常：请把文字粘贴进来。")
        parser.close()

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = self._names.setdefault(tag, tag.rpartition("}")[2])
        self._depth += 1
        self._heard = True
        self._spoken = name == "t"
        if name in HIDDEN:
            self._hidden += 1
        elif name == "txbxContent":
            self._keep("\n")

    def data(self, text: str) -> None:
        self._heard = True
        if self._spoken:
            self._keep(text)

    def end(self, tag: str) -> None:
        name = self._names[tag]
        self._depth -= 1
        self._spoken = False
        if name in HIDDEN:
            self._hidden -= 1
        elif name in SIGNS:
            self._keep(SIGNS[name])
        elif name == "tc" and not self._hidden and self.read[-1:] == ["\n"]:
            self.read[-1] = CELL
        elif name == "tr" and not self._hidden and self.read[-1:] == [CELL]:
            self.read[-1] = "\n"

    def _keep(self, text: str) -> None:
        if self._hidden:
            return
        self.read.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise _Enough
