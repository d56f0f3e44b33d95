"""Every card is true: its citations resolve, its quotes are the statute's words, its parts are there."""

import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.cards import (
    FOLD,
    Branch,
    branch_problems,
    contents_problems,
    load_cards,
    load_channels,
    merged_problems,
    parse,
    phrased,
    problems,
    shared_problems,
)
from corpus.conditions import Condition, condition_problems, load_conditions
from corpus.files import HERE, FileError
from corpus.links import lost_links
from corpus.reference import Reference
from corpus.replies import KINDS, load_messages, load_replies
from corpus.statutes import load

CARD = """+++
id = "a-card"
title = "标题"
verdict = "illegal"
questions = [%s]
citations = ["民法典第六百七十条"]
+++
## 结论
不可以。
## 为什么
- 《民法典》第六百七十条说「%s」。
## 界限
- 无。
## 现在怎么做
1. 算账。
## 证据
- 合同。
"""
QUESTIONS = ", ".join(f'"{q * 3}"' for q in "甲乙丙丁戊己庚辛壬癸")


def test_every_card_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0, capsys.readouterr().out


def test_a_phrasing_that_stands_twice_is_told(tmp_path: Path) -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    other = replace(card, id="b-card", questions=("甲甲甲？",))
    (tmp_path / "t.toml").write_text('a-card = ["乙乙乙"]', "utf-8")
    twice = phrased({"a-card": card, "b-card": other}, tmp_path)
    assert "两个问法太像：乙乙乙 / 乙乙乙" in problems(twice["a-card"], load())
    assert list(shared_problems(twice)) == ["t.md b-card：问法「甲甲甲？」已经写在 t.md 的 a-card 里"]


def test_a_true_card_has_no_problems() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    assert problems(card, load()) == []


def test_list_marks_do_not_count_as_words() -> None:
    words = "不可以。《民法典》第六百七十条说「借款的利息不得预先在本金中扣除」。"
    more = "\n- 甲" * 9 + "甲" * (FOLD - len(words) - 9)
    (card,) = parse((CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")).replace("」。", f"」。{more}"), "t")
    assert problems(card, load()) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("第六百七十条", "第九千条"), "法条里没有"),
        (("借款的利息不得", "借款的利息可以"), "里没有「"),
        (("《民法典》第六百七十条说", "《民法典》第六百七十一条说"), "不在 citations"),
        (("- 无。", "- 见第五条。"), "请写全"),
        (("- 无。", "- 见第5条。"), "请写全"),
        (("1. 算账。", "算账。"), "列表"),
        (("a-card", "A card"), "小写"),
        (("乙乙乙", "甲甲甲"), "太像"),
        (("不可以。", "不可以。" * 38), "结论有"),
        (("」。", "」。" + "甲" * 600), "结论加为什么有"),
    ],
)
def test_an_untrue_card_is_caught(change: tuple[str, str], complaint: str) -> None:
    text = (CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")).replace(*change)
    (card,) = parse(text, "t")
    assert any(complaint in p for p in problems(card, load())), problems(card, load())


@pytest.mark.parametrize(
    "change",
    [
        (f"[{QUESTIONS}]", '"催收天天骂我"'),
        ('["民法典第六百七十条"]', '"民法典第六百七十条"'),
        ('verdict = "illegal"', 'verdict = "illegal"\nchannels = "12378"'),
    ],
)
def test_a_text_where_a_list_belongs_is_named(change: tuple[str, str]) -> None:
    text = (CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")).replace(*change)
    with pytest.raises(FileError, match=r"t\.md：a-card：.*列表"):
        list(parse(text, "t"))


def test_a_card_that_rests_on_nothing_is_named() -> None:
    text = (CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")).replace('["民法典第六百七十条"]', "[]")
    with pytest.raises(FileError, match=r"t\.md：a-card：没有 citations"):
        list(parse(text, "t"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("+++\nid", "前言\n+++\nid"), "前言"),
        (('verdict = "illegal"', 'verdict = "illegal"\nchanels = ["12378"]'), "a-card：不认得 chanels"),
        (('id = "a-card"', 'idd = "a-card"'), "不认得 idd"),
        (('id = "a-card"', 'id = "a-card"\ntopic = "t"'), "不认得 topic"),
        (('verdict = "illegal"', 'verdict = "bad"'), "a-card：verdict 只能是"),
        (('["民法典第六百七十条"]', "[670]"), "citations：引注要写成 .*现在是 670"),
        (("## 结论", "先说一句\n## 结论"), "a-card：「先说一句」"),
        (("## 证据", "## 现在怎么做\n1. 再算。\n## 证据"), "现在怎么做、现在怎么做"),
    ],
)
def test_what_would_be_lost_of_a_card_is_named(change: tuple[str, str], complaint: str) -> None:
    text = (CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")).replace(*change, 1)
    with pytest.raises(FileError, match=rf"t\.md：.*{complaint}"):
        list(parse(text, "t"))


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        ("crisis.md", ("\nsigns =", "\nsgins ="), "sgins"),
        ("refuse.md", ("\nquestions =", "\nchanels = []\nquestions ="), "chanels"),
        ("messages.toml", ("crisis = [", 'crisys = ["想死"]\ncrisis = ['), "crisys"),
    ],
)
def test_what_would_be_lost_of_a_reply_is_named(
    file: str, change: tuple[str, str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shutil.copytree(HERE / "replies", tmp_path / "replies") / file
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), "utf-8")
    monkeypatch.setattr("corpus.replies.HERE", tmp_path)
    with pytest.raises(FileError, match=rf"{file}：.*不认得 {complaint}"):
        (load_messages if file == "messages.toml" else load_replies).__wrapped__()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ('signs = "想死"', "signs 要写成.*列表"),
        ("signs = [3]", "signs：第 1 个 要写成一张表"),
        ('signs = [{ fnd = "想死" }]', "signs 第 1 个：不认得 fnd"),
        ('signs = [""]', "signs 第 1 个：find 是空的"),
        ('signs = ["#想死"]', "什么话里都找得到"),
        ('signs = [{ find = "想死", unless = "催收|" }]', "什么话里都找得到：催收"),
        (r"signs = ['\d+#楼']", "# 前面空一格才是注释"),
        ('again = ["«死"]', "没有成对"),
        ('again = ["«nobody»"]', r"\[words\] 里没有 nobody"),
        ('again = ["(死"]', "不是正则表达式"),
    ],
)
def test_a_sign_that_would_hear_everybody_or_nobody_is_named(
    written: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replies").mkdir()
    front = f'+++\nid = "x"\ntitle = "x"\nquestions = ["x"]\n{written}\n+++\n好\n'
    (tmp_path / "replies" / "crisis.md").write_text(front, "utf-8")
    monkeypatch.setattr("corpus.replies.HERE", tmp_path)
    with pytest.raises(FileError, match=f"crisis.md：x：.*{complaint}"):
        load_replies.__wrapped__()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ('words = "x"', "words：要写成一张表"),
        ('[words]\na = ""', "words：a 是空的"),
        ('[words]\na = "x"\n+++\n+++\n[words]\na = "y"', "words 里的 a 写了两次"),
    ],
)
def test_words_of_signs_that_would_be_lost_are_named(
    words: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "crisis.md").write_text(f"+++\n{words}\n+++\n", "utf-8")
    monkeypatch.setattr("corpus.replies.HERE", tmp_path)
    with pytest.raises(FileError, match=f"crisis.md：{complaint}"):
        load_replies.__wrapped__()


@pytest.mark.parametrize("text", ["+++\nid=1\n", "+++\nid = \n+++\n", "+++\nid = 'a'\n+++\n## 结论\n好\n"])
def test_a_broken_file_is_named(text: str) -> None:
    with pytest.raises(FileError, match="t.md"):
        list(parse(text, "t"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x", 'a-card = ["又问"]'.encode()),
        ("t", 'other = ["又问"]'.encode()),
        ("t", b"a-card = ["),
        ("t", 'a-card = "催收天天骂我"'.encode()),
        ("t", 'a-card = ["又问"]'.encode("gbk")),  # as an old editor saves it
    ],
)
def test_phrasings_that_would_be_lost_are_named(tmp_path: Path, file: str, text: bytes) -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    (tmp_path / f"{file}.toml").write_bytes(text)
    with pytest.raises(FileError, match=f"{file}.toml"):
        phrased({card.id: card}, tmp_path)


def test_cards_are_read_with_a_byte_order_mark_and_named_where_they_are_no_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.cards.SITUATIONS", tmp_path)
    monkeypatch.setattr("corpus.cards.PHRASINGS", tmp_path)
    text = CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除")
    (tmp_path / "t.md").write_text(text, "utf-8-sig")
    assert list(load_cards.__wrapped__()) == ["a-card"]
    (tmp_path / "t.md").write_text(text, "gbk")
    with pytest.raises(FileError, match=r"t\.md：不是 UTF-8"):
        load_cards.__wrapped__()


def test_a_topic_that_would_not_be_found_is_named() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    contents = {"一": {"gone": "没有了"}, "二": {"gone": "又写一次"}}
    assert contents_problems(contents, {card.id: card}) == [
        "topics.toml：t.md 还没有题目",
        "topics.toml：situations/ 里没有 gone.md",
        "topics.toml：gone 写了 2 次",
    ]


def test_a_former_id_that_leads_nowhere_is_named() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    assert merged_problems({"old": "a-card", "gone": "old", "a-card": "a-card"}, {card.id: card}) == [
        "merged.toml：gone 指向的 old 不是一张卡片",
        "merged.toml：a-card 还是一张卡片的 id",
    ]


def test_a_condition_that_would_turn_the_wrong_away_is_named() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    asked = card.questions[0]
    deaf = Condition("没有还清", (re.compile(re.escape(asked)),), yes=("还没还清",), no=(asked,))
    card = replace(card, unless={"deaf": ""})
    assert list(condition_problems({"deaf": deaf}, {card.id: card})) == [
        "conditions.toml：deaf 没有听出「还没还清」",
        f"conditions.toml：deaf 把「{asked}」也听成是",
        f"t.md a-card：unless 的 deaf 会把自己的问法「{asked}」转走",
    ]


def test_an_id_that_nothing_has_is_named() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    branch = Branch("放款时先扣了利息", "illegal", "不能先扣。", card.citations, only_with="verifed")
    unless = {"unpaid": "gone", "verified": "a-card", "lost": ""}
    linked = replace(card, channels=("110", "911"), rules=("none",), unless=unless, branches={"one": branch})
    reply = replace(next(iter(load_replies().values())), kind="crisis", id="r", channels=("110", "911"))
    assert list(lost_links({"a-card": linked}, {"r": reply})) == [
        "t.md a-card：channels.toml 里没有 911",
        "t.md a-card：rules.toml 里没有 none",
        "t.md a-card：unless 的 unpaid 指向的 gone 不是另一张卡片",
        "t.md a-card：unless 的 verified 指向的 a-card 不是另一张卡片",
        "t.md a-card：unless 的 lost 不在 conditions.toml 里",
        "t.md a-card 的分支 one：conditions.toml 里没有 verifed",
        "replies/crisis.md r：channels.toml 里没有 911",
    ]


def test_a_branch_that_says_more_than_its_card_is_named() -> None:
    (card,) = parse(CARD % (QUESTIONS, "借款的利息不得预先在本金中扣除"), "t")
    right = Branch("放款时先扣了利息", "illegal", "不能先扣。", card.citations)
    other = Branch("长" * 41, "legal", "第六百八十条说可以。", (Reference("民法典", 680),))
    branched = replace(card, verdict="depends", branches={"right": right})
    assert problems(branched, load()) == []
    assert problems(replace(branched, branches={"right": right, "wrong": other}), load()) == [
        "分支 wrong 的 when 有 41 字，要写，最多 40",
        "分支 wrong 的 says 里不写条号和引文，它们在正文里",
        "分支 wrong 的 《民法典》第六百八十条 不在这张卡的 citations 或 mentions 里",
    ]
    unheard = replace(branched, branches={"right": replace(right, only_with="verified")})
    assert list(condition_problems(load_conditions(), {card.id: unheard})) == [
        "t.md a-card 的分支 right：when 没有说出 conditions.toml 里的 verified"
    ]
    assert problems(replace(branched, verdict="legal"), load()) == ["只有 verdict 是 depends 的卡片才写 branches"]
    twice = {"a-card": branched, "b-card": replace(branched, id="b-card")}
    assert list(branch_problems(twice)) == [
        "t.md b-card 的分支 right：「放款时先扣了利息」已经写在 t.md a-card 的分支 right 里"
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[channel]]\nid = "x"\nfone = "1"\n', "x.*fone"),
        ("[[channel", "不是 TOML"),
        ("[[canal]]", "channel"),
        ('[[channel]]\nname = "x"\n', "id"),
    ],
)
def test_a_broken_table_is_named(text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "channels.toml").write_text(text, "utf-8")
    monkeypatch.setattr("corpus.cards.HERE", tmp_path)
    with pytest.raises(FileError, match=rf"channels\.toml：.*{complaint}"):
        load_channels.__wrapped__()


def test_verify_reads_the_messages_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = shutil.copytree(HERE / "replies", tmp_path / "replies")
    (copied / "messages.toml").write_text('crisis = "催收天天骂我"\n', "utf-8")
    monkeypatch.setattr("corpus.replies.HERE", tmp_path)
    load_messages.cache_clear()
    assert main(["verify"]) == 1
    assert "replies/messages.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("citation", "told", "status"),
    [
        ("民法典第六百七十条", "《民法典》第六百七十条  [第三编 合同", 0),
        ("个保法第十三条", "《个人信息保护法》第十三条  [", 0),
        ("道路交通安全法", "《道路交通安全法》第一百二十四条  [", 0),  # outside the default scope
        ("民法典第六百七十条第九款", "只有一款，没有第九款", 1),
        ("合同法第60条", "第五百零九条", 1),
        ("民法典第九千条", "最后一条是第一千二百六十条", 1),
        ("随便", "不是一条引注：随便", 1),
    ],
)
def test_show_tells_what_a_citation_is_worth(
    citation: str, told: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", citation]) == status
    assert told in capsys.readouterr().out


def test_replies_are_whole() -> None:
    replies = load_replies().values()
    assert {r.kind for r in replies} == set(KINDS)
    assert all(reply.questions for reply in replies)


def test_the_article_is_answered_claim_by_claim() -> None:
    claims = tomllib.loads(Path(__file__).with_name("article.toml").read_text("utf-8"))["claim"]
    wrong = {c["cites"] for c in claims if c["verdict"] == "wrong"}
    assert any("二十二条" in c for c in wrong)
    assert any("二百四十九条" in c for c in wrong)
    for claim in claims:
        assert claim["verdict"] in ("right", "wrong", "imprecise")
        for written in claim["right"]:
            assert load().quote(Reference.parse(written)) is not None, written
        assert set(claim["cards"]) <= set(load_cards())
        assert claim["cards"] or claim["verdict"] != "right"
