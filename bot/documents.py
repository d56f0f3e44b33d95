"""The text of a document that somebody wants checked: txt, md, docx, pdf or html."""

from __future__ import annotations

import re
import subprocess
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from signal import SIGXCPU

from corpus.word_files import CELL, WORDS, WordError, words_of

LARGEST = 20 * 1024 * 1024  # bytes
#: What Chinese files are in that is not UTF-8, and signs of which a text that cites the law has some.
ENCODINGS, COMMON = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"), "的，。、第条條法"
#: Bytes of a web page for each character that is read.
MARKUP = 5
#: Bytes of it that are read at a time, and the most elements within each other: each end of one goes through these.
PIECE, DEEPEST = 64 * 1024, 2000
#: Of work on a PDF: a million characters on plain pages take 45.
SECONDS = 60
#: What holds no words in a web page, and the bytes at its head in which it may declare its encoding.
WORDLESS, HEAD = ("script", "style", "noscript", "template"), 4096
#: Those in which it is believed. Python has others that no page is in: punycode takes hours for a few megabytes.
BELIEVED = ("gb2312", "gbk", "gb18030", "big5", "big5-hkscs")
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^<>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class DocumentError(ValueError):
    """The document cannot be read; the message says why and what to do."""


def read_document(path: Path, longest: int) -> str:
    """The text of a file; see `text_of`. Raises DocumentError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # some have no end, as /dev/zero
    except OSError:
        raise DocumentError(f"读不了 {path}：请检查文件名和权限。") from None
    return text_of(path.name, data, longest)


def text_of(name: str, data: bytes, longest: int) -> str:
    """The text of a file's bytes, by the ending of its name. Raises DocumentError.

    Of a Word file or a PDF with more than `longest` characters only a little more than these are given.
    """
    if len(data) > LARGEST:
        raise DocumentError(f"{name} 太大，最多 20 MB。")
    ending = Path(name).suffix.lower()
    readers = {".docx": _docx, ".pdf": _pdf, ".html": _html, ".htm": _html}
    if ending in readers:
        try:
            return readers[ending](data, longest)
        except DocumentError:
            raise
        except WordError as error:
            raise DocumentError(str(error)) from None
        except Exception:  # the libraries raise many kinds on a broken file
            raise DocumentError(f"{name} 打不开，可能坏了或者加了密：请另存一份，或者把文字粘贴进来。") from None
    if ending not in ("", ".txt", ".md", ".text"):
        raise DocumentError(f"不认识 {ending} 文件：请用 txt、md、docx、pdf 或 html。")
    return _decoded(data)


def _decoded(data: bytes, *declared: str) -> str:
    """Text in the encoding that it declares if that is true, else in the one in which it reads most like Chinese."""
    marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # Notepad's "Unicode"
    for encoding in ("utf-16",) if marked else (*declared, "utf-8-sig"):
        with suppress(UnicodeError, LookupError):
            return data.decode(encoding)
    texts = [data.decode("utf-8", "replace")]  # cut or damaged
    for encoding in ENCODINGS:
        with suppress(UnicodeError):
            texts.append(data.decode(encoding))
    likeness, text = max(((sum(map(text.count, COMMON)), text) for text in texts), key=itemgetter(0))
    if likeness <= len(text) / 1000:  # as in any heap of signs
        raise DocumentError("读不出里面的字：请另存为 UTF-8 再试。")
    return text


def _docx(data: bytes, longest: int) -> str:
    """Notes, headers and footers too; a line for each cell of a table."""
    return words_of(data, WORDS, longest).replace(CELL, "\n")


def _pdf(data: bytes, longest: int) -> str:
    """Read by a process of its own, see `bot.pdf`; that one's words stay unread: they may quote the document."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("pdf.py")), str(longest), str(SECONDS)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603 of our own making
    if done.returncode == -SIGXCPU:
        raise DocumentError(f"这个 PDF 读了 {SECONDS} 秒还没读完：请分成几份，或者把文字粘贴进来。")
    done.check_returncode()
    text = done.stdout.decode()
    if not text.strip():
        raise DocumentError("这个 PDF 里没有文字（可能是扫描件）：请先识别成文字再检查。")
    return text


def _html(data: bytes, longest: int) -> str:
    """By a parser whose work grows with the page and no faster, whatever stands within what."""
    from lxml import etree

    if len(data) > MARKUP * longest:
        raise DocumentError(f"这个网页太大，最多 {MARKUP * longest >> 20} MB：请把文字粘贴进来。")
    found = _DECLARED.search(data, 0, HEAD)
    declared = found[1].decode("ascii").lower() if found else ""
    page = _decoded(data, *([declared] if declared in BELIEVED else [])).encode("utf-8", "replace")
    text = _HtmlText()
    parser = etree.HTMLParser(target=text, encoding="utf-8", huge_tree=True)
    for start in range(0, len(page), PIECE):
        parser.feed(page[start : start + PIECE])
        if text.depth > DEEPEST:
            raise DocumentError("这个网页的结构不寻常：请把文字粘贴进来。")
    return str(parser.close())


class _HtmlText:
    """What a parser tells of a web page. There is no tree: each attribute of a tag would be sought among all others."""

    def __init__(self) -> None:
        from lxml.html.defs import block_tags

        self.depth = 0
        self._read: list[str] = []
        self._hidden = 0  # elements in which nothing is read
        # These end a line; others stand within one, as in 第<b>680</b>条.
        self._lines = {*block_tags, "br", "tr", "td", "th", "title"}

    def start(self, tag: str, _: dict[str, str]) -> None:
        self.depth += 1
        self._hidden += tag in WORDLESS
        self.data("\n" if tag in self._lines else "")

    def data(self, text: str) -> None:
        if not self._hidden:
            self._read.append(text)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self._hidden -= tag in WORDLESS
        self.data("\n" if tag in self._lines else "")

    def close(self) -> str:
        return "".join(self._read)
