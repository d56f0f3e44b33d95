"""resolve: the article in force, or what became of it; and the tables it reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.citations import Resolved, find, resolve, tables
from corpus.citations.align import align, old_articles
from corpus.citations.align import main as align_main
from corpus.reference import Reference
from corpus.sources import RawArticle
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load(as_of=date(2026, 11, 1))


def one(text: str, statutes: Statutes) -> Resolved:
    return resolve(find(text, statutes)[0], statutes)


@pytest.mark.parametrize(
    ("text", "status", "now"),
    [
        ("《民法典》第六百七十条", "ok", []),
        ("《民法典》第六百七十五条至第六百七十八条", "ok", []),
        ("《刑法》第二百九十三条之一", "ok", []),
        ("《民法典》", "ok", []),
        ("道路交通安全法第三条", "ok", []),  # outside the default scope, in the full package
        ("《民法典》第一千二百六十一条", "not_found", []),
        ("《民法典》第六百七十条至第一千三百条", "not_found", []),
        ("《刑法》第二百六十六条之一", "not_found", ["刑法 266"]),
        ("《民法典》第六百七十五条第三款", "not_found", ["民法典 675"]),
        ("《民法典》第12600条", "not_found", []),
        ("《民法典》（第九千条）", "not_found", []),
        ("《治安管理处罚法》第四十二条至第一百九十条", "not_found", []),
        ("《刑法》第二百五十三条之一至第九百条", "not_found", []),
        ("《民法典》第六百七十五条第一款第（二）项", "not_found", ["民法典 675"]),
        ("《民法典》第六百八十条第零款", "not_found", ["民法典 680"]),
        ("《民法典》第六百八十条第00款", "not_found", ["民法典 680"]),
        ("《刑法》第二百九十三条第一款第（零）项", "not_found", ["刑法 293"]),
        ("《刑法》第二百九十三条第零项", "not_found", ["刑法 293"]),
        ("《民法典》第六百八十条〇〇项目", "ok", []),
        ("《民法典》第零条", "not_found", []),
        ("《刑法》第一百九十九条", "not_found", []),  # 删去
        ("治安管理处罚法第42条第5项", "renumbered", ["治安管理处罚法 50"]),  # only the older version had it
        ("治安管理处罚法第50条第1款第7项", "not_found", ["治安管理处罚法 50"]),  # no version had it
        ("《公司法》第二十条第三款", "renumbered", ["公司法 21", "公司法 23"]),
        ("民法典第-5条", "not_found", []),
        ("《民法典》第680.5条", "not_found", []),
        ("《民法典》第一万条", "not_found", []),
        ("《民法典》第99999999999999999999999条", "not_found", []),
        ("《民法典》1999规定", "not_found", []),
        ("《刑法》第293-5条", "not_found", ["刑法 293"]),
        ("《催收管理法》第三条", "unknown_law", []),
        ("《个人信息保护条列》第三条", None, None),
        ("《民间借贷司法解释》第二十五条", "unknown_law", []),
        ("《医疗保障法》第三条", "unknown_law", []),
        ("《德国民法典》第823条", "unknown_law", []),
        ("《合同法》", "repealed", []),
        ("《合同法》第二百条", "repealed", ["民法典 670"]),
        ("合同法第60条", "repealed", ["民法典 509"]),
        ("《合同法》第二百条至第二百零二条", "repealed", ["民法典 670", "民法典 671", "民法典 672"]),
        ("《侵权责任法》第三十六条", "repealed", ["民法典 1194", "民法典 1195", "民法典 1197"]),
        ("《民法总则》第一百八十八条", "repealed", ["民法典 188"]),
        ("《物权法》第三十九条", "repealed", ["民法典 240"]),
        ("《担保法》第十八条", "repealed", ["民法典 688"]),
        ("《婚姻法》第十七条", "repealed", ["民法典 1062"]),
        ("《继承法》第三十三条", "repealed", ["民法典 1161"]),
        ("《民法通则》第一百三十五条", "repealed", ["民法典 188"]),
        ("《收养法》第六条", "repealed", ["民法典 1098"]),
        ("婚姻法司法解释（二）第二十四条", "repealed", ["民法典 1064"]),
        ("《环境保护法》第六条", "repealed", []),
        ("《治安管理处罚条例》第十九条", "repealed", []),
        ("《治安管理处罚法》（2012年修正）第四十二条", "renumbered", ["治安管理处罚法 50"]),
        (
            "《治安管理处罚法》（2012年）第四十二条至第四十四条",
            "renumbered",
            [f"治安管理处罚法 {n}" for n in (50, 51, 52)],
        ),
        ("旧《治安管理处罚法》第二十六条", "renumbered", ["治安管理处罚法 30"]),
        ("《民事诉讼法》（2017年修正）第二百五十三条", "renumbered", ["民事诉讼法 264"]),
        ("《民事诉讼法》（2012年修正）第一百一十九条", "renumbered", ["民事诉讼法 122"]),
        ("《民事诉讼法》（2021年修正）第一百二十二条", "ok", []),
        ("《民事诉讼法》（2021年修正）第二百六十条", "renumbered", ["民事诉讼法 264"]),
        ("《民事诉讼法》（2023年修正）第二百六十四条", "ok", []),
        ("《网络安全法》（2016年）第四十四条", "renumbered", ["网络安全法 46"]),
        ("1993年《消费者权益保护法》第四十九条", "renumbered", ["消费者权益保护法 55"]),
        ("旧《治安管理处罚法》第六十一条", "renumbered", []),
        ("《治安管理处罚法》（2012年修正）第九百条", "not_found", []),
        ("《治安管理处罚法》（2012年修正）第一百三十条", "not_found", []),  # it had 119; today's 130 is another's
        ("旧《民事诉讼法》第九百条", "not_found", []),
        ("旧《民事诉讼法》第二百九十条", "renumbered", ["民事诉讼法 304"]),  # 2021 had it, 2017 had 284
        ("《公司法》（2018年修正）第九百条", "not_found", []),
        ("《民法总则》第九百条", "repealed", []),
        ("以前民诉法243条", "renumbered", ["民事诉讼法 247", "民事诉讼法 254"]),  # 2021 and 2012
    ],
)
def test_status(text: str, status: str | None, now: list[str] | None, statutes: Statutes) -> None:
    if status is None:
        assert find(text, statutes) == []  # 条列 ends like no law
        return
    resolved = one(text, statutes)
    assert resolved.status == status
    assert [f"{r.law} {r.key}" for r in resolved.now] == now
    if status != "ok":
        assert resolved.note.endswith("。")


def test_a_range_of_items_names_every_one(statutes: Statutes) -> None:
    (found,) = find("《个人信息保护法》第十三条第一款第一项至第三项", statutes)
    assert [r.item for r in resolve(found, statutes).references] == [1, 2, 3]
    (beyond,) = find("《个人信息保护法》第十三条第一款第一项至第九项", statutes)
    assert resolve(beyond, statutes).status == "not_found"


def test_a_range_names_every_article(statutes: Statutes) -> None:
    keys = [r.key for r in one("《刑法》第二百九十三条至第二百九十五条", statutes).references]
    assert keys == ["293", "293-1", "294", "295"]
    whole = one("《民法典》第一条至第一千二百六十条", statutes)
    assert [r.key for r in whole.references] == ["1", "1260"]
    assert "1260 条" in whole.note


@pytest.mark.parametrize(
    ("text", "keys", "remark"),
    [
        ("《合同法》第一百九十六条至第一百九十九条", ["667", "668", "669"], "有的没有查到"),  # 198 is in no table
        ("旧《公司法》第一条至第三条", ["3", "4"], "有的没有查到"),
        ("《合同法》第二条至第二百零七条", ["464", "676"], "只对照了首尾两条"),
        ("旧《治安管理处罚法》第二条至第一百条", ["3", "119"], "只对照了首尾两条"),
        ("旧《治安管理处罚法》第六十条至第六十一条", ["72"], "有的没有查到"),  # 61 is gone
    ],
)
def test_a_range_of_an_old_text_says_what_is_left_out(
    text: str, keys: list[str], remark: str, statutes: Statutes
) -> None:
    resolved = one(text, statutes)
    assert [r.key for r in resolved.now] == keys
    assert remark in resolved.note
    assert resolved.partial == ("首尾" in remark)


def test_an_old_number_that_the_youngest_older_version_kept_is_no_alarm(statutes: Statutes) -> None:
    resolved = one("旧民诉法第16条", statutes)  # 16 in 2021, 17 is where 2012's went
    assert resolved.status == "ok"
    assert resolved.old == (Reference("民事诉讼法", 17),)
    assert "第十七条" in resolved.note


def test_a_missing_paragraph_leads_to_the_article(statutes: Statutes) -> None:
    assert one("《民法典》第一百条第三款", statutes).now == (Reference("民法典", 100),)


@pytest.mark.parametrize(
    "name",
    [
        "上海市消费者权益保护条例",
        # a rule of a court or an authority: without its issuers, with all of them, shortened
        "关于审理民间借贷案件适用法律若干问题的规定",
        "关于适用〈中华人民共和国民法典〉合同编通则若干问题的解释",
        "最高人民法院、最高人民检察院、公安部、司法部关于办理“套路贷”刑事案件若干问题的意见",
        "最高人民法院关于对为索取法律不予保护的债务，非法拘禁他人行为如何定罪问题的解释",
        "最高人民法院 最高人民检察院关于办理没有人知道的案件若干问题的解释",
        "民间借贷规定",
        "房屋租赁合同司法解释",
        "网络小额贷款业务管理暂行办法（征求意见稿）",
    ],
)
def test_a_rule_is_not_held(name: str, statutes: Statutes) -> None:
    assert "本站不收录" in one(f"《{name}》第三十条", statutes).note


@pytest.mark.parametrize("name", ["证券市场催收管理条例", "催收管理规定", "民间借贷催收办法", "社会信用法"])
def test_a_name_that_nothing_has_is_not_found(name: str, statutes: Statutes) -> None:
    assert "没有找到" in one(f"《{name}》第三条", statutes).note


def test_a_law_that_waits_says_from_when(statutes: Statutes) -> None:
    assert "2027 年 1 月 1 日起施行" in one("《医疗保障法》第三条", statutes).note


def test_near_names(statutes: Statutes) -> None:
    assert one("《个人信息保护条例》第三条", statutes).other_laws[0] == "个人信息保护法"
    assert "《个人信息保护法》" in one("《个人信息保护条例》第三条", statutes).note


def test_repealed_names_its_successor(statutes: Statutes) -> None:
    resolved = one("《合同法》", statutes)
    assert resolved.other_laws == ("民法典",)
    assert "2021 年 1 月 1 日" in resolved.note


def test_old_number_without_a_sign_is_ok_with_a_note(statutes: Statutes) -> None:
    resolved = one("《治安管理处罚法》第四十二条", statutes)
    assert resolved.status == "ok"
    assert "第五十条" in resolved.note
    assert resolved.old == (Reference("治安管理处罚法", 50),)
    assert one("新《治安管理处罚法》第四十二条", statutes).note == ""


def test_the_day_counts() -> None:
    before, after = load(as_of=date(2025, 12, 1)), load(as_of=date(2026, 3, 2))
    assert one("《仲裁法》第五条", load(as_of=date(2026, 2, 1))).status == "ok"
    assert one("《仲裁法》第九十六条", after).status == "ok"
    assert one("《仲裁法》第九十六条", load(as_of=date(2026, 2, 1))).status == "not_found"
    assert one("《治安管理处罚法》第四十二条", before).status == "unknown_law"  # the text of that day is not held
    earlier = load(as_of=date(2020, 1, 1))
    assert one("《合同法》第六十条", earlier).status == "ok"
    assert one("《民法典》第一条", earlier).status == "unknown_law"


@pytest.mark.parametrize(
    ("law", "day", "old", "now"),
    [
        ("治安管理处罚法", date(2024, 1, 1), "42", "50"),
        ("治安管理处罚法", date(2024, 1, 1), "40", "47"),
        ("治安管理处罚法", date(2024, 1, 1), "51", "62"),
        ("民事诉讼法", date(2020, 1, 1), "119", "122"),
        ("民事诉讼法", date(2020, 1, 1), "242", "253"),
        ("民事诉讼法", date(2020, 1, 1), "243", "254"),
        ("民事诉讼法", date(2020, 1, 1), "244", "255"),
        ("民事诉讼法", date(2020, 1, 1), "253", "264"),
        ("民事诉讼法", date(2020, 1, 1), "255", "266"),
        ("民事诉讼法", date(2022, 6, 1), "253", "257"),
        ("网络安全法", date(2020, 1, 1), "41", "43"),
        ("仲裁法", date(2020, 1, 1), "58", "71"),
    ],
)
def test_famous_old_numbers(law: str, day: date, old: str, now: str) -> None:
    numbering = tables.numbering_on(law, day)
    assert numbering is not None
    assert [r.key for r in numbering.successors(old) or ()] == [now]


def test_the_table_agrees_with_the_texts() -> None:
    """仲裁法 of 2017 is in the data package: align it again; the table differs only where a person read it."""
    _, old = old_articles("仲裁法@2017-09-01")
    today = load("all", date(2026, 11, 1)).by_name["仲裁法"].articles
    new = [RawArticle(a.number, a.suffix, a.text, a.path) for a in today]
    version = next(v for v in tables.superseded()["仲裁法"] if v.complete)
    differing = [m.old for m in align(old, new) if m.new != tuple(r.key for r in version.successors(m.old) or ())]
    assert set(differing) <= {"28", "66", "67", "70", "73", "75", "77", "80"}


def test_what_align_prints_can_be_put_into_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert align_main(["仲裁法@2017-09-01", "仲裁法", "--as-of", "2026-11-01"]) == 0
    (tmp_path / "superseded.toml").write_text(capsys.readouterr().out, "utf-8")
    monkeypatch.setattr(tables, "HERE", tmp_path)
    (version,) = tables.superseded.__wrapped__()["仲裁法"]
    assert (version.until, version.complete, version.last) == (date(2026, 2, 28), True, "80")
    assert version.successors("1") == (Reference("仲裁法", 1),)
