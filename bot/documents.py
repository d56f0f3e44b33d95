"""The text of a document that somebody wants checked: txt, md, docx, pdf or html."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer
    from docx.document import Document

LARGEST = 20 * 1024 * 1024  # bytes


class DocumentError(ValueError):
    """The document cannot be read; the message says why and what to do."""


def read_document(path: Path) -> str:
    """The text of a file. Raises DocumentError."""
    try:
        data = path.read_bytes()
    except OSError:
        raise DocumentError(f"读不了 {path}：请检查文件名和权限。") from None
    return text_of(path.name, data)


def text_of(name: str, data: bytes) -> str:
    """The text of a file's bytes, by the ending of its name. Raises DocumentError."""
    if len(data) > LARGEST:
        raise DocumentError(f"{name} 太大，最多 20 MB。")
    ending = Path(name).suffix.lower()
    readers = {".docx": _docx, ".pdf": _pdf, ".html": _html, ".htm": _html}
    if ending in readers:
        try:
            return readers[ending](data)
        except DocumentError:
            raise
        except Exception:  # the libraries raise many kinds on a broken file
            raise DocumentError(f"{name} 打不开，可能坏了或者加了密：请另存一份，或者把文字粘贴进来。") from None
    if ending not in ("", ".txt", ".md", ".text"):
        raise DocumentError(f"不认识 {ending} 文件：请用 txt、md、docx、pdf 或 html。")
    marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # Notepad's "Unicode"
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(f"{name} 不是文本文件：请另存为 UTF-8。")


def _docx(data: bytes) -> str:
    from docx import Document

    document = Document(BytesIO(data))
    notes = [
        n for section in document.sections for n in (section.header, section.footer) if not n.is_linked_to_previous
    ]
    return "\n".join(line for part in (document, *notes) for line in _lines(part))


def _lines(part: BlockItemContainer | Document) -> Iterator[str]:
    """A part's paragraphs and cells in their order; a cell that spans columns once, a table in a cell too."""
    from docx.table import Table

    for block in part.iter_inner_content():
        if not isinstance(block, Table):
            yield block.text
            continue
        cells = {id(cell._tc): cell for row in block.rows for cell in row.cells}
        for cell in cells.values():
            yield from _lines(cell)


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if not text.strip():
        raise DocumentError("这个 PDF 里没有文字（可能是扫描件）：请先识别成文字再检查。")
    return text


def _html(data: bytes) -> str:
    from bs4 import BeautifulSoup
    from bs4.builder import HTMLTreeBuilder

    soup = BeautifulSoup(data, "html.parser")
    for tag in soup(["script", "style", "noscript", "template"]):
        tag.decompose()
    # These end a line; others stand within one, as in 第<b>680</b>条.
    for tag in soup([*HTMLTreeBuilder.DEFAULT_BLOCK_ELEMENTS, "br", "tr", "td", "th", "title"]):
        tag.insert_before("\n")
        tag.insert_after("\n")
    return soup.get_text()
