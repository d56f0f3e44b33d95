"""Letters cite only what is there, keep words as text, and open as Word files."""

from io import BytesIO

import pytest
from docx import Document

from bot.desk import Pad, load_letters, to_docx, write_letter
from corpus.citations import find, resolve
from corpus.statutes import load


@pytest.mark.parametrize("name", load_letters())
def test_letter_citations_resolve_and_word_opens(name: str) -> None:
    statutes = load("default")
    pad = Pad(name="{{ 7*7 }}<script>", facts=["打了我妈的电话\x00"], evidence=["录音|截图"])
    text = write_letter(load_letters()[name], pad)
    assert all(resolve(f, statutes).status == "ok" for f in find(text, statutes))
    assert "49" not in text
    assert Document(BytesIO(to_docx(text))).paragraphs[0].text == load_letters()[name].title
