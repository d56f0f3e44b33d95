"""Documents whose form hides a citation."""

from io import BytesIO

import docx
import pytest

from bot.documents import DocumentError, text_of


def test_a_word_file_is_read_whole_and_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("开头")
    table = document.add_table(2, 4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "《民法典》第六百八十条"
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "表中的表"
    document.add_paragraph("结尾")
    document.sections[0].footer.paragraphs[0].text = "页脚"
    document.add_section()  # whose footer is the one before it
    file = BytesIO()
    document.save(file)
    lines = text_of("信.docx", file.getvalue()).split()
    assert lines == ["开头", "《民法典》第六百八十条", "表中的表", "结尾", "页脚"]


def test_marks_within_a_line_do_not_cut_a_citation() -> None:
    page = "<p>根据<b>《民法典》</b>第<span>680</span>条</p><ul><li>甲<li>乙</ul><script>《刑法》</script>"
    assert text_of("页.html", page.encode()).split() == ["根据《民法典》第680条", "甲", "乙"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "gb18030"])
def test_a_text_is_read_in_what_notepad_writes(encoding: str) -> None:
    assert text_of("信.txt", "《民法典》第六百八十条".encode(encoding)) == "《民法典》第六百八十条"


@pytest.mark.parametrize("name", ["信.docx", "信.pdf"])
def test_why_a_broken_file_cannot_be_read_is_said_without_its_library_s_words(name: str) -> None:
    with pytest.raises(DocumentError, match=r"打不开，可能坏了"):
        text_of(name, b"no document")
