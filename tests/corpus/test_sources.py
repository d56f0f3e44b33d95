"""A folder of official downloads adds or replaces a statute; a bad file changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document

from corpus.citations import find
from corpus.reference import Reference
from corpus.sources import PACKAGE, SourceError, package_texts
from corpus.statutes import load

GOOD = """试验借贷条例
（2024年5月1日通过　自2024年7月1日起施行）
第一章　总则
第一条　为了试验，制定本条例。
第二条　下列行为应当避免：
（一）甲；
（二）乙。
第二条之一　补充一条。
第二章　附则
第三条　本条例自2024年7月1日起施行。
"""


def test_a_text_is_added(tmp_path: Path) -> None:
    (tmp_path / "试验.txt").write_text(GOOD, "utf-8")
    law = load(folder=tmp_path).by_name["试验借贷条例"]
    assert law.in_force_from == date(2024, 7, 1)
    assert [(a.number, a.suffix) for a in law.articles] == [(1, 0), (2, 0), (2, 1), (3, 0)]
    assert law.articles[1].paragraphs[0].items == ("（一）甲；", "（二）乙。")
    assert law.articles[3].path == ("第二章 附则",)


def test_a_docx_replaces_a_statute(tmp_path: Path) -> None:
    document = Document()
    for line in GOOD.replace("试验借贷条例", "中华人民共和国公证法", 1).split("\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "公证法.docx"))
    found = load(folder=tmp_path)
    assert len(found.by_name["公证法"].articles) == 4
    assert found.article(Reference("民法典", 1)) == load().article(Reference("民法典", 1))


def test_a_table_in_a_docx_is_part_of_what_it_stands_behind(tmp_path: Path) -> None:
    document = Document()
    for line in f"{GOOD}附：减免表".replace("本条例。", "本条例，标准如下：\n第二款。").split("\n"):
        document.add_paragraph(line)
        if line.endswith(("：", "表")):
            table = document.add_table(2, 2)
            for cell, text in zip((c for row in table.rows for c in row.cells), ("档次", "元", "甲", ""), strict=True):
                cell.text = text
    document.add_paragraph("页脚不算")
    document.sections[0].footer.paragraphs[0].text = "印"
    document.save(str(tmp_path / "试验.docx"))
    first, *_, last = load(folder=tmp_path).by_name["试验借贷条例"].articles
    assert [p.lead for p in first.paragraphs] == ["为了试验，制定本条例，标准如下：　档次　元　甲", "第二款。"]
    assert last.text == "本条例自2024年7月1日起施行。"


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0"])
def test_blanks_in_a_title_make_no_other_law(tmp_path: Path, blank: str) -> None:
    text = GOOD.replace("试验借贷条例", f"中华人民共和国{blank}公证法")
    (tmp_path / "公证法.txt").write_text(text, "utf-8")
    found = load(folder=tmp_path)
    assert [s.name for s in found if "公证" in s.name] == ["公证法"]
    assert len(found.by_name["公证法"].articles) == 4


@pytest.mark.parametrize(
    "title",
    [
        "中华人民共和国\n公证法",
        "中华人民共和国公证法（2023年修正）",
        "# 中华人民共和国公证法\n目　录",
        "公证法（2017-09-01修正）\n国务院令第 1 号公布",
    ],
)
def test_a_title_as_it_is_printed_makes_no_other_law(tmp_path: Path, title: str) -> None:
    (tmp_path / "公证法.txt").write_text(GOOD.replace("试验借贷条例", title), "utf-8")
    found = load(folder=tmp_path)
    assert [s.name for s in found if "公证" in s.name or not s.name] == ["公证法"]
    assert [f.law for f in find("《民法典》第一条", found)] == ["民法典"]


def test_an_annex_is_no_part_of_the_last_article(tmp_path: Path) -> None:
    (tmp_path / "试验.txt").write_text(f"{GOOD}附件一：税目表\n第一档 百分之一\n附件二\n", "utf-8")
    assert load(folder=tmp_path).by_name["试验借贷条例"].articles[-1].text == "本条例自2024年7月1日起施行。"


AMENDED = """中华人民共和国公证法
（2005年8月28日第十届全国人民代表大会常务委员会第十七次会议通过
根据2017年9月1日第十二届全国人民代表大会常务委员会第二十九次会议《关于修改〈中华人民共和国法官法〉等八部法律的决定》修正）
第一条　为规范公证活动，制定本法。
第二条　本法自2006年3月1日起施行。
"""


@pytest.mark.parametrize(
    ("adopted", "in_force"),
    [
        ("2017年9月1日", date(2018, 1, 1)),  # the manifest knows this version
        ("2019年9月1日", None),
        ("2019年9月1日通过，自2019年10月1日起施行，原", date(2019, 10, 1)),
    ],
)
def test_an_amended_law_has_the_dates_of_its_amendment(tmp_path: Path, adopted: str, in_force: date | None) -> None:
    (tmp_path / "公证法 2026-11-20.txt").write_text(AMENDED.replace("2017年9月1日", adopted), "utf-8")
    law = load(folder=tmp_path).by_name["公证法"]
    assert law.adopted == date(int(adopted[:4]), 9, 1)
    assert law.in_force_from == in_force


def test_what_is_not_yet_in_force_replaces_nothing(tmp_path: Path) -> None:
    text = GOOD.replace("试验借贷条例", "中华人民共和国公证法").replace("2024年7月1日", "2999年7月1日")
    (tmp_path / "公证法.txt").write_text(text, "utf-8")
    found = load(folder=tmp_path)
    assert found.by_name["公证法"] == load().by_name["公证法"]
    assert ("公证法", date(2999, 7, 1)) in found.pending


OLD = """中华人民共和国%s
（1991年4月9日通过）
第一条　内容。
"""


@pytest.mark.parametrize("law", ["民事诉讼法", "道路交通安全法"])  # of the default scope, and one that is not
def test_an_old_download_does_not_become_the_law(tmp_path: Path, law: str) -> None:
    (tmp_path / "旧.txt").write_text(OLD % law, "utf-8")
    with pytest.raises(SourceError, match=r"旧\.txt：是 1991-04-09 版，比数据包里的 20.* 版旧"):
        load(folder=tmp_path)


def test_an_amendment_that_waits_stands_beside_the_download_of_today(tmp_path: Path) -> None:
    (tmp_path / "农业法.txt").write_text(OLD.replace("1991年4月9日", "2012年12月28日") % "农业法", "utf-8")
    before, after = date(2026, 12, 31), date(2027, 1, 1)
    found = load("all", before, tmp_path)
    assert found.by_name["农业法"].articles[0].text == "内容。"
    assert ("农业法", after) in found.pending
    with pytest.raises(SourceError, match=r"农业法\.txt：是 2012-12-28 版，比数据包里的 2026-08-28 版旧"):
        load("all", after, tmp_path)


def test_a_readme_is_no_statute(tmp_path: Path) -> None:
    (tmp_path / "试验.txt").write_text(GOOD, "utf-8")
    for name in ("README.md", ".DS_Store", "~$试验.docx"):
        (tmp_path / name).write_text("说明", "utf-8")
    assert "试验借贷条例" in load(folder=tmp_path).by_name


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("公证法.doc", b"\xd0\xcf\x11\xe0", "另存为 docx"),
        ("公证法.pdf", b"%PDF", "另存为 docx"),
        ("空.txt", b"", "是空的"),
        ("乱.txt", b"\xff\xfe\x00\xd8", "UTF-8"),
        ("坏.docx", b"not a zip", "打不开"),
        ("无条.md", "某办法\n没有条文".encode(), "第一条"),
        ("缺条.txt", GOOD.replace("第二条　", "第五条　").encode(), "不连续"),
        ("无日期.txt", "某办法\n第一条　内容。\n".encode(), "施行日期"),
        ("无此日.txt", GOOD.replace("2024年7月1日", "2024年2月30日").encode(), "2024年2月30日"),
        ("署名.txt", f"{GOOD}国务院\n2024年5月1日\n".encode(), "2024年5月1日.*删去"),
        ("连写.txt", GOOD.replace("第三条　", "第三条").encode(), "「第三条」后面没有空格"),
        ("重复.txt", GOOD.encode(), "好.txt"),
        ("附件.txt", GOOD.replace("试验", "附件\n试验", 1).encode(), "「附件」不像法律的名称"),
        ("令.txt", GOOD.replace("试验", "国务院令\n第 1 号\n试验", 1).encode(), "「国务院令」不像法律的名称"),
        ("无题.txt", GOOD.replace("试验借贷条例\n", "", 1).encode(), "不像法律的名称"),
        ("空条.txt", "某办法\n施行日期：2020-01-01\n第一条　\n第二条　有。\n".encode(), "第1条没有内容"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_loaded(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / "好.txt").write_text(GOOD, "utf-8")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=complaint) as error:
        load(folder=tmp_path)
    assert name in str(error.value)


def test_a_damaged_data_package_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / PACKAGE / "data").mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    (tmp_path / PACKAGE / "data" / "laws.db").write_bytes(b"no database" * 999)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SourceError, match=r"laws\.db 读不了.*重新安装"):
        package_texts()


def test_a_missing_or_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="没有这个文件夹"):
        load(folder=tmp_path / "nowhere")
    with pytest.raises(SourceError, match="没有法律文本"):
        load(folder=tmp_path)
