import gc
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from weakref import ref

import pytest

from corpus import numerals
from corpus import statutes as module
from corpus.citations import check
from corpus.reference import Reference
from corpus.sources import SourceError, StatuteText, package_texts
from corpus.statutes import CHECKED_ON, load, paragraphs, today, verify


def article(written: str):
    return load().article(Reference.parse(written))


def test_headings_that_leak_into_articles_move_to_where_they_belong() -> None:
    for law in load("all"):
        for one in law.articles:
            last = one.text.rsplit("\n", 1)[-1]
            assert not (last.startswith("第") and len(last) < 24 and ("编 " in last)), one.reference
    assert article("民法典第二百零四条").text.endswith("除外。")
    assert article("民法典第二百零五条").path[:2] == ("第二编 物权", "第一分编 通则")
    assert article("民法典第一条").path[0] == "第一编 总则"
    assert article("民事诉讼法第二百五十五条").path[0] == "第三编 执行程序"
    assert article("刑法第四百五十二条").path == ("附则",)


def test_known_defects_are_repaired_or_marked() -> None:
    assert "1995年7月1日" in article("商业银行法第九十五条").text
    amended = [one for law in load("all") for one in law.articles if one.outdated]
    assert [one.reference.key for one in amended] == ["165", "166", "169", "387", "390", "391", "393"]
    assert all("修正案（十二）" in one.note for one in amended)
    assert article("刑法第二百五十三条").text != article("刑法第二百五十三条之一").text


def test_an_item_of_several_lines_is_one_item() -> None:
    for one in (one for law in load("all") for one in law.articles):
        for paragraph in one.paragraphs:
            for place, item in enumerate(paragraph.items, 1):
                assert numerals.parse(re.split("[（()）]", item, maxsplit=2)[1]) == place, one.reference
    ten = load("all").by_name["增值税法"].by_key[10, 0]
    second, third = (ten.quote(Reference("增值税法", 10, 0, None, item)) or "" for item in (2, 3))
    assert "4.饲料" in second
    assert "纳税人销售服务、无形资产" in third


def test_paragraphs_and_items() -> None:
    fifty = article("治安管理处罚法第五十条")
    assert len(fifty.paragraphs) == 2
    assert len(fifty.paragraphs[0].items) == 6
    pinpoint = fifty.quote(Reference.parse("治安管理处罚法第五十条第一款第（五）项"))
    assert pinpoint is not None
    assert "滋扰" in pinpoint
    assert "诽谤" not in pinpoint
    assert fifty.quote(Reference.parse("治安管理处罚法第五十条第三款")) is None
    assert fifty.quote(Reference.parse("治安管理处罚法第五十条第二款第（一）项")) is None


@pytest.mark.parametrize("text", ["", "\n\n", "（一）项在前\n（二）", "甲。\n乙：\n（一）子；\n（二）丑。\n丙。"])
def test_splitting_loses_no_words(text: str) -> None:
    assert "".join(p.text for p in paragraphs(text)).replace("\n", "") == text.replace("\n", "")


def test_in_force_dates_are_the_revisions_own() -> None:
    dates = {s.name: s.in_force_from for s in load()}
    assert dates["网络安全法"] == date(2026, 1, 1)
    assert dates["民事诉讼法"] == date(2024, 1, 1)
    assert dates["治安管理处罚法"] == date(2026, 1, 1)
    assert all(d and d <= today() for d in dates.values())


def test_the_day_chooses_the_version() -> None:
    before, after = load(as_of=date(2026, 2, 28)), load(as_of=date(2026, 3, 1))
    assert before.by_name["仲裁法"].adopted == date(2017, 9, 1)
    assert after.by_name["仲裁法"].adopted == date(2025, 9, 12)
    assert "治安管理处罚法" not in load(as_of=date(2025, 12, 31)).by_name


def test_the_day_is_the_one_in_china_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "FAR24")  # 24 hours behind UTC, 32 behind Beijing
    time.tzset()
    day = load().as_of
    monkeypatch.undo()
    time.tzset()
    assert day == (datetime.now(UTC) + timedelta(hours=8)).date()


def test_what_is_adopted_but_not_yet_in_force_is_not_served() -> None:
    now, later = load("all", date(2026, 12, 31)), load("all", date(2027, 1, 1))
    assert ("农业法", date(2027, 1, 1)) in now.pending
    assert now.by_name["农业法"].adopted == date(2012, 12, 28)
    assert later.by_name["农业法"].adopted == date(2026, 8, 28)
    assert "医疗保障法" not in now.by_name
    assert "医疗保障法" in later.by_name
    assert not later.pending


def changed(name: str) -> list[StatuteText]:
    """The data package with one word of one statute changed."""
    texts = package_texts()
    at = next(i for i, t in enumerate(texts) if t.name == name)
    first, *rest = texts[at].articles
    word = replace(first, text=first.text.replace("制定", "修订", 1))
    assert word != first
    texts[at] = replace(texts[at], articles=(word, *rest))
    return texts


@pytest.mark.parametrize(
    ("scope", "name", "complaint"),
    [
        ("default", "个人信息保护法", "《个人信息保护法》第 1 条"),
        ("default", "治安管理处罚法", "《治安管理处罚法》（2025-06-27 版）"),
        ("all", "种子法", "《种子法》（"),
    ],
)
def test_a_changed_text_fails_loudly_and_by_name(
    scope: str, name: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = changed(name)
    monkeypatch.setattr(module, "package_texts", lambda: texts)
    with pytest.raises(SourceError, match=f"{complaint}.*pip install"):
        load(scope, date(2026, 11, 2))  # a day that nothing has asked for


def test_law_that_nobody_reads_any_more_is_let_go() -> None:
    """A server renews its index for years."""
    held = []
    for day in (10, 11, 12):
        statutes = load(as_of=date(2026, 11, day))  # days that nothing else asks for
        check("《社会保险法》第三条规定了诈骗罪", statutes)
        held.append(ref(statutes))
    gc.collect()
    assert [one() is not None for one in held] == [False, True, True]


def test_a_download_takes_the_place_of_a_changed_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = changed("公证法")
    monkeypatch.setattr(module, "package_texts", lambda: texts)
    (tmp_path / "公证法.txt").write_text("公证法\n施行日期：2024-01-01\n第一条　内容。\n", "utf-8")
    found = load(folder=tmp_path)
    assert found.by_name["公证法"].articles[0].text == "内容。"
    assert [c.status for c in check("《公证法》第一条、《道路交通安全法》第一条", found)] == ["ok", "ok"]


def test_every_text_of_the_package_has_its_fingerprint() -> None:
    fingerprints = module.load_fingerprints()
    texts = package_texts()
    assert {t.label for t in texts} == set(fingerprints.texts)
    assert set(fingerprints.statutes) <= {t.name for t in texts}
    for text in texts:
        verify(text, fingerprints)


def test_no_later_day_is_claimed_than_that_of_the_last_check() -> None:
    assert load(as_of=CHECKED_ON + timedelta(days=400)).checked_on == CHECKED_ON
    assert load(as_of=date(2026, 2, 28)).checked_on == date(2026, 2, 28)
