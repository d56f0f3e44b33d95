"""Documents whose form hides a citation."""

import time
import tracemalloc
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot import documents
from bot.documents import DocumentError, read_document, text_of

LONGEST = 1000  # characters


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
    lines = text_of("信.docx", file.getvalue(), LONGEST).split()
    assert lines == ["开头", "《民法典》第六百八十条", "表中的表", "结尾", "页脚"]


def test_marks_within_a_line_do_not_cut_a_citation() -> None:
    page = "<p>根据<b>《民法典》</b>第<span>680</span>条</p><ul><li>甲<li>乙</ul><script>《刑法》</script>"
    assert text_of("页.html", page.encode(), LONGEST).split() == ["根据《民法典》第680条", "甲", "乙"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5"])
def test_a_text_is_read_in_what_notepad_writes(encoding: str) -> None:
    text = "根據《民法典》第六百七十條，利息不得先扣。" if encoding == "big5" else "《民法典》第六百八十条"
    assert text_of("信.txt", text.encode(encoding), LONGEST) == text


def test_a_text_that_was_cut_within_a_character_is_read() -> None:
    assert text_of("信.txt", "《民法典》第六百八十条，利".encode()[:-1], LONGEST) == "《民法典》第六百八十条，\ufffd"


def test_a_text_in_which_nothing_can_be_read_is_refused() -> None:
    with pytest.raises(DocumentError, match="读不出"):
        text_of("信.txt", "Срок исковой давности".encode("koi8-r"), LONGEST)


@pytest.mark.parametrize("name", ["信.docx", "信.pdf"])
def test_why_a_broken_file_cannot_be_read_is_said_without_its_library_s_words(name: str) -> None:
    with pytest.raises(DocumentError, match=r"打不开，可能坏了"):
        text_of(name, b"no document", LONGEST)


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="太大"):
        read_document(Path("/dev/zero"), LONGEST)


def test_nothing_in_a_word_file_is_passed_over() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("开头")._p
    for wrapper in ("ins", "moveFrom", "sdtContent"):
        paragraph.append(parse_xml(f"<w:{wrapper} {nsdecls('w')}><w:r><w:t>{wrapper}</w:t></w:r></w:{wrapper}>"))
    paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删去</w:delText></w:r></w:del>"))
    box = parse_xml(f"<w:r {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:r>")
    paragraph.append(box)
    document.element.body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}><w:p><w:r><w:t>块</w:t></w:r></w:p></w:sdt>"))
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "首页页眉"
    file = BytesIO()
    document.save(file)
    with ZipFile(file, "a") as parts:
        note = (
            f"<w:footnotes {nsdecls('w')}><w:footnote><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote></w:footnotes>"
        )
        parts.writestr("word/footnotes.xml", note)
    lines = text_of("文.docx", file.getvalue(), LONGEST).split()
    assert lines == ["块", "开头inssdtContent", "框", "脚注", "首页页眉"]


def test_a_page_of_many_short_lines_is_read_at_once() -> None:
    begun = time.monotonic()
    assert text_of("帖.html", ("<p>" + "字<br>" * 20_000).encode(), 100 * LONGEST).split() == ["字"] * 20_000
    assert time.monotonic() - begun < 15  # a second where nothing else runs


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<table>", "<a ", "<p a", "</p>", "<!--", "&#", "<"])
def test_a_page_of_nothing_but_tags_is_read_or_refused(unit: str) -> None:
    begun = time.thread_time()
    try:
        read = text_of("页.html", unit.encode() * 100_000, 10_000_000)
    except DocumentError as error:
        read = str(error)
    assert unit in ("&#", "<") or "<" not in read  # these open none, and are words
    assert time.thread_time() - begun < 1  # a fiftieth where nothing else runs


@pytest.mark.parametrize(
    "page",
    [f"<p {' '.join(f'a{i}=1' for i in range(40_000))}>字", "<div>" * 200_000 + "</b>" * 200_000],
    ids=["attributes", "nested"],
)
def test_the_work_on_a_page_grows_no_faster_than_the_page(page: str) -> None:
    begun = time.process_time()
    with suppress(DocumentError):
        assert text_of("页.html", page.encode(), 10_000_000).strip() == "字"
    assert time.process_time() - begun < 1  # a fiftieth where nothing else runs


def test_a_page_with_hundreds_of_tags_left_open_is_read() -> None:
    page = f"{'<font>' * 600}根据《民法典》第680条<p>第二段"
    assert text_of("旧.html", page.encode(), LONGEST).split() == ["根据《民法典》第680条", "第二段"]


def packed(body: str, how: int = ZIP_DEFLATED) -> bytes:
    """A Word file of some kilobytes with this in it."""
    file = BytesIO()
    with ZipFile(file, "w", how) as parts:
        parts.writestr("word/document.xml", f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def test_of_a_small_file_that_unpacks_into_much_little_is_read() -> None:
    paragraph = "<w:p><w:r><w:t>xx</w:t></w:r></w:p>"
    long, endless = packed(paragraph * 100_000), packed(paragraph * 2_000_000)
    assert LONGEST < len(text_of("信.docx", long, LONGEST)) < 2 * LONGEST
    with pytest.raises(DocumentError, match="太大"):
        text_of("信.docx", endless, LONGEST)


@pytest.mark.parametrize("how", [ZIP_BZIP2, ZIP_LZMA])
def test_a_word_file_packed_in_a_way_that_knows_no_bounds_is_refused(how: int) -> None:
    with pytest.raises(DocumentError, match="压缩方式"):
        text_of("信.docx", packed("<w:p><w:r><w:t>xx</w:t></w:r></w:p>", how), LONGEST)


def pdf(times: int, letters: int) -> bytes:
    """A PDF of a page that has so many letters, and that so many times."""
    stream = zlib.compress(b"BT /F 1 Tf" + b"(a)Tj " * letters + b"ET\n")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 5 0 R>>>>/Contents[" + b"4 0 R " * times + b"]>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    file, places = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, one in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    return file + b"xref\n0 6\n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (places, len(file))


def test_a_small_pdf_cannot_ask_for_more_work_than_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text_of("信.pdf", pdf(1, 5), LONGEST) == "aaaaa"
    assert len(text_of("信.pdf", pdf(2, 5000), LONGEST)) == LONGEST + 1
    monkeypatch.setattr(documents, "SECONDS", 1)
    with pytest.raises(DocumentError, match="没读完"):
        text_of("信.pdf", pdf(20, 30_000), LONGEST)


def test_elements_without_words_take_no_memory() -> None:
    empty = packed("<w:a/>" * 400_000 + "<w:p><w:r><w:t>终</w:t></w:r></w:p>")
    tracemalloc.start()
    try:
        assert text_of("信.docx", empty, LONGEST) == "终"
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "body",
    ["<w:a>" * 1_000_000, "".join(f"<w:a{i}/>" for i in range(2000)), f'<w:a b="{"x" * 9_000_000}"/>'],
    ids=["nested", "names", "attribute"],
)
def test_what_no_word_has_written_is_refused(body: str) -> None:
    with pytest.raises(DocumentError, match="不寻常"):
        text_of("信.docx", packed(body), LONGEST)


@pytest.mark.parametrize("head", ["", "<meta charset=gb2312>", "<meta charset=utf-8>", "<meta charset=nonsense>"])
def test_a_page_in_gbk_is_read_whatever_it_declares(head: str) -> None:
    page = f"{head}<p>根据《民法典》第六百八十条，利息镕</p>"
    assert "根据《民法典》第六百八十条，利息镕" in text_of("页.html", page.encode("gbk"), LONGEST)


@pytest.mark.parametrize("head", ["", "<meta charset=utf-8>", "<meta charset=nonsense>"])
def test_a_page_in_utf_8_is_read(head: str) -> None:
    page = f"{head}<p>根据《民法典》第六百八十条，利息镕</p>"
    assert "根据《民法典》第六百八十条，利息镕" in text_of("页.html", page.encode(), LONGEST)


@pytest.mark.parametrize("codec", ["punycode", "utf-7", "unicode_escape", "utf-16"])
def test_a_page_is_not_read_by_whatever_codec_it_names(codec: str) -> None:
    words = r"a-b \u5b57 +W1c-"
    page = f"<meta charset={codec}><p>{words}".rjust(80)
    assert text_of("页.html", page.encode(), LONGEST).strip() == words
