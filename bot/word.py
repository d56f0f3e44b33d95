"""A small Markdown as a Word file, and what a person's words must not be in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BLANK = re.compile(r"(【[^【】]*】)")
#: What XML, and so Word, cannot hold, and what turns the direction of writing.
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
#: What opens a line, and its style in Word.
MARKS = {"# ": "Title", "## ": "Heading 1", "- ": "List Bullet", "> ": "Quote"}
#: Columns of a table; further cells stay in the last one.
COLUMNS = 12


def to_docx(text: str) -> bytes:
    """A small Markdown (headings, lists, tables, quotations, paragraphs) as a Word file; blanks are marked yellow."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph

    document = Document()
    end = document.element.body.sectPr  # paragraphs go before it; python-docx looks for it anew through all of them
    _typeset(document)
    styles = {mark: document.styles[name].style_id for mark, name in MARKS.items()}  # by name it is slow to look up
    rows: list[list[str]] = []
    for line in [*_FORBIDDEN.sub("", text).split("\n"), ""]:
        if line.startswith("|"):
            if set(line) - set("|-: "):
                rows.append([cell.strip() for cell in line.strip("|").split("|", COLUMNS - 1)])
            continue
        if rows:
            _table(document, rows)
            rows = []
        if not line.strip():
            continue
        paragraph = Paragraph(OxmlElement("w:p"), document)
        end.addprevious(paragraph._p)
        if mark := next(filter(line.startswith, MARKS), ""):
            paragraph._p.style = styles[mark]
        _fill(paragraph, line.removeprefix(mark))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def tame(text: str) -> str:
    """A text that makes no heading, list, table or block of code of its own, without what no letter can have."""
    return re.sub(r"^[^\S\n]*(?=[#>|*+`~-])", "　", _FORBIDDEN.sub("", text), flags=re.MULTILINE)


def one_line(text: str) -> str:
    """A text in one line, empty where nothing is in it."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def _typeset(document: Document) -> None:
    """Chinese type, black headings: what a court or an office expects."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", *MARKS.values()):
        style = document.styles[name]
        style.font.name = "黑体" if name in ("Title", "Heading 1") else "宋体"
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), style.font.name)
    document.styles["Normal"].font.size = Pt(12)
    document.styles["Heading 1"].font.size = Pt(14)
    document.styles["Title"].font.size = Pt(20)


def _fill(paragraph: Paragraph, line: str) -> None:
    """A line of text, its blanks in yellow."""
    from docx.enum.text import WD_COLOR_INDEX

    for part in _BLANK.split(line):
        run = paragraph.add_run(part)
        if _BLANK.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    for row, written in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, written, strict=False):  # table.cell() would read the whole table for each
            _fill(cell.paragraphs[0], text)
