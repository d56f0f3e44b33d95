from datetime import date

import pytest

from corpus import statutes as module
from corpus.reference import Reference
from corpus.sources import SourceError, Text, package_texts
from corpus.statutes import load, paragraphs, verify


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
    assert "修正案（十二）" in article("刑法第一百六十五条").note
    assert article("刑法第二百五十三条").text != article("刑法第二百五十三条之一").text


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
    assert all(d and d <= date.today() for d in dates.values())


def test_the_day_chooses_the_version() -> None:
    before, after = load(as_of=date(2026, 2, 28)), load(as_of=date(2026, 3, 1))
    assert before.by_name["仲裁法"].adopted == date(2017, 9, 1)
    assert after.by_name["仲裁法"].adopted == date(2025, 9, 12)
    assert "治安管理处罚法" not in load(as_of=date(2025, 12, 31)).by_name


def test_what_is_adopted_but_not_yet_in_force_is_not_served() -> None:
    now, later = load("all", date(2026, 12, 31)), load("all", date(2027, 1, 1))
    assert ("农业法", date(2027, 1, 1)) in now.pending
    assert now.by_name["农业法"].adopted == date(2012, 12, 28)
    assert later.by_name["农业法"].adopted == date(2026, 8, 28)
    assert "医疗保障法" not in now.by_name
    assert "医疗保障法" in later.by_name
    assert not later.pending


def test_a_changed_article_fails_loudly_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(t for t in package_texts() if t.name == "个人信息保护法")
    tampered = Text(
        text.official,
        text.adopted,
        text.in_force_from,
        tuple(a if a.number != 10 else type(a)(10, 0, a.text.replace("不得", "可以"), a.path) for a in text.articles),
        text.origin,
    )
    monkeypatch.setattr(module, "package_texts", lambda: [tampered])
    monkeypatch.setattr(module, "_toml", lambda name: {"statute": [{"name": "个人信息保护法", "versions": []}]})
    with pytest.raises(SourceError, match="《个人信息保护法》第 10 条"):
        load(as_of=date(2026, 11, 2))  # a day that nothing has asked for


def test_every_fingerprint_is_met() -> None:
    import json

    expected = json.loads((module.HERE / "fingerprints.json").read_text("utf-8"))["statutes"]
    texts = {t.name: t for t in package_texts()}
    for name, prints in expected.items():
        if name == "民法典":
            assert len(prints) > 1250
        verify(texts[name], prints)
