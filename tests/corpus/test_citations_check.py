"""check: does the article say what the text says? On texts made at run time and on the labelled set."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import cases
from corpus.citations import Checked, check, find
from corpus.reference import Reference
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load(as_of=date(2026, 11, 1))


def only(text: str, statutes: Statutes, **more: object) -> Checked:
    (one,) = check(text, statutes, **more)  # type: ignore[arg-type]
    return one


def now(one: Checked) -> list[str]:
    return [f"{r.law} {r.key}" for r in one.now]


ARTICLE = """根据《个人信息保护法》第二十二条的规定，任何组织或个人不得非法收集他人的通讯录等个人信息。若催收公司
直接从借款人手机中提取通讯录,已经构成了个人信息的非法使用。

2. 《民法典》及《合同法》

《民法典》第二百四十九条明确指出，债务人应当按时履行债务。如果债务人未按期还款，债权人有权催告。

《民法典》明确规定，催收行为应当合法、合规、文明。根据《个人信息保护法》和《消费者权益保护法》，可以投诉。"""


def test_the_source_article(statutes: Statutes) -> None:
    """Its two wrong numbers and its repealed law are named; its bare laws are left alone."""
    checked = check(ARTICLE, statutes)
    assert [(c.written, c.status) for c in checked] == [
        ("《个人信息保护法》第二十二条", "mismatch"),
        ("《民法典》", "ok"),
        ("《合同法》", "repealed"),
        ("《民法典》第二百四十九条", "mismatch"),
        ("《民法典》", "ok"),
        ("《个人信息保护法》", "ok"),
        ("《消费者权益保护法》", "ok"),
    ]
    assert now(checked[0])[0] == "个人信息保护法 10"
    assert now(checked[3])[0] == "民法典 509"
    assert checked[2].other_laws == ("民法典",)


OLD = "《治安管理处罚法》第四十二条"


@pytest.mark.parametrize(
    ("text", "status", "first"),
    [
        # an old number, shown to be one by quoted words, by the claim, by the version, by the day
        (f"{OLD}规定：“写恐吓信或者以其他方法威胁他人人身安全的”", "renumbered", "治安管理处罚法 50"),
        (f"{OLD}规定，多次发送侮辱、恐吓信息，干扰他人正常生活的，可以拘留。", "renumbered", "治安管理处罚法 50"),
        ("依照《治安管理处罚法》（2012年修正）第四十二条。", "renumbered", "治安管理处罚法 50"),
        ("发布时间：2019-05-06\n依照《民事诉讼法》第二百五十三条处理。", "renumbered", "民事诉讼法 264"),
        ("《民间借贷规定》发布于2015年8月6日。现依照《民事诉讼法》第二百五十三条处理。", "unknown_law ok", None),
        ("央行有通知，发布日期：2019年5月6日。依照《民事诉讼法》第二百五十三条处理。", "ok", None),
        ("作者：甲 发布时间：2019-05-06 阅读\n《民事诉讼法》第二百五十三条", "renumbered", "民事诉讼法 264"),
        ("发布时间：2024-05-06\n依照《民事诉讼法》第二百五十三条处理。", "ok", None),
        ("发布时间：2019-05-06\n依照民事诉讼法第253条，查询被执行人的存款、债券、股票、基金份额。", "ok", None),
        ("老赖要加倍支付迟延履行期间的债务利息（民事诉讼法第253条）。", "renumbered", "民事诉讼法 264"),
        ("《民事诉讼法》第一百一十九条规定的起诉条件", "renumbered", "民事诉讼法 122"),
        ("消法49条 增加赔偿一倍", "renumbered", "消费者权益保护法 55"),
        # nothing shows it
        (f"{OLD}。", "ok", None),
        (f"{OLD}规定，擅自进入铁路防护网影响行车安全的处罚款。", "ok", None),
        # quoted under another number, and under the number of a repealed law
        ("《民法典》第六百七十一条规定“借款的利息不得预先在本金中扣除”。", "mismatch", "民法典 670"),
        ("《民法典》第六百七十条规定“借款的利息不得预先在本金中扣除”。", "ok", None),
        ("“借款的利息不得预先在本金中扣除”（《民法典》第六百七十一条）", "mismatch", "民法典 670"),
        ("《合同法》第二百条规定“借款的利息不得预先在本金中扣除”。", "repealed", "民法典 670"),
        ("个保法第90条规定“任何组织、个人不得非法收集、使用、加工、传输”。", "not_found", "个人信息保护法 10"),
        # … told under a number that leads nowhere, in other words
        ("《民法典》第九千条规定，利息不得预先从本金扣除。", "not_found", "民法典 670"),
        # under a range; nothing is said of a long one
        ("《民法典》第六百七十五条至第六百七十八条规定“借款的利息不得预先在本金中扣除”。", "mismatch", "民法典 670"),
        ("《民法典》第六百七十五条至第七百条规定“借款的利息不得预先在本金中扣除”。", "ok", None),
        # a quotation goes to the citation before it, not to the one after
        ("民法典第670条规定“借款的利息不得预先在本金中扣除”，《民法典》第六百七十六条管逾期利息。", "ok ok", None),
        # … and to whichever it is of, where two laws are cited together, one outside the default scope
        ("《道路交通安全法》第三条、《民法典》第六百七十条规定“借款的利息不得预先在本金中扣除”。", "ok ok", None),
        # a quotation that names other law inside
        ("民法典第675条规定“依据本法第五百一十条的规定仍不能确定的，借款人可以随时返还”。", "ok ok", None),
    ],
)
def test_evidence(text: str, status: str, first: str | None, statutes: Statutes) -> None:
    checked = check(text, statutes)
    assert [c.status for c in checked] == status.split()
    assert (now(checked[0]) or [None])[0] == first


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # another figure for the same thing, also where the article has that figure for something else
        ("定金不能超过合同总价的百分之三十，见《民法典》第五百八十六条第二款。", "百分之二十"),
        ("《劳动法》第四十一条：加班每月不得超过四十小时。", "每月不得超过三十六小时"),
        ("《反家庭暴力法》第三十条：保护令的有效期最长两年。", "不超过六个月"),
        ("《个人信息保护法》第六十六条第一款：拒不改正的，并处十万元以下罚款。", "一百万元"),
        ("《反家庭暴力法》第二十八条，七十二小时内作出；情况紧急的，三十六小时内作出。", "二十四小时内"),
        # the contrary of a word
        ("没约定哪种保证的，按《民法典》第六百八十六条第二款算连带责任保证。", "一般保证"),
        ("《民法典》第一千零六十四条第二款：超出家庭日常生活需要的借款属于夫妻共同债务。", "不属于夫妻共同债务"),
        ("没有通知债务人的，对债务人照样发生效力（《民法典》第五百四十六条第一款）。", "不发生效力"),
        ("《民法典》第一百四十四条，限制民事行为能力人实施的民事法律行为无效。", "无民事行为能力人"),
    ],
)
def test_the_contrary_of_what_the_article_says(text: str, right: str, statutes: Statutes) -> None:
    one = only(text, statutes)
    assert (one.status, right in one.note.partition("引文")[2]) == ("mismatch", True)


@pytest.mark.parametrize(
    "text",
    [
        "定金不超过总价两成，见《民法典》第五百八十六条第二款。",
        "《劳动法》第四十一条：每天一般不超过一小时，特殊原因三小时，每月不超过三十六小时。",
        "《劳动法》第四十四条：休息日两倍工资，法定节假日三倍，平时一倍半。",
        "《治安管理处罚法》第五十条第一款，较重的拘留五到十日，罚款一千元以下。",
        "《治安管理处罚法》第九十七条：询问一般八小时，人数多的十二小时，可能拘留的复杂案件二十四小时。",
        "撤销要在知道被骗起一年内、签约起五年内提，见《民法典》第一百五十二条。",
        "从事无权处分的人卖了车，《民法典》第三百一十一条第一款，所有权人有权追回。",
        "放弃继承要在遗产处理前写下来，不说话就是接受（《民法典》第一千一百二十四条第一款）。",
    ],
)
def test_the_same_in_other_words(text: str, statutes: Statutes) -> None:
    assert only(text, statutes).status == "ok"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("他侮辱我，依《民法典》第一千零三十二条，任何人不得以侮辱、诽谤等方式侵害他人的名誉权。", "民法典 1024"),
        (
            "《民法典》第一百五十条，一方以欺诈手段，使对方在违背真实意思的情况下实施的行为，受欺诈方有权请求撤销。",
            "民法典 148",
        ),
        (
            "不能辨认自己行为的成年人的行为，见第一百四十五条；无民事行为能力人实施的行为无效，见《民法典》第一百四十五条。",
            "民法典 144",
        ),
    ],
)
def test_nearly_the_words_of_another_article(text: str, right: str, statutes: Statutes) -> None:
    one = check(text, statutes)[-1]
    assert (one.status, now(one)[:1]) == ("mismatch", [right])


def test_a_supported_old_number_has_no_remark(statutes: Statutes) -> None:
    bare = only("《治安管理处罚法》第四十二条。", statutes)
    shown = only("《治安管理处罚法》第四十二条规定，擅自进入铁路、城市轨道交通防护网，影响行车安全的处罚款。", statutes)
    assert "第五十条" in bare.note
    assert shown.note == ""


@pytest.mark.parametrize(
    "text",
    [
        "2023年1月1日借的钱，《民法典》第六百八十条",
        "自2021年11月1日起施行的《个人信息保护法》第四十七条",
        "《民法典》第五百零九条（2021-01-01 起施行）。",
        "[《民法典》第五百零九条](/statutes/民法典/509)（2021-01-01 起施行）。",
        "借款到期要还，见[《民法典》第六百七十五条](/statutes/民法典/675)",
        "2026年1月1日起施行的新修订的《治安管理处罚法》第五十条第一款第五项规定：多次发送恐吓信息。",
        "2023年12月29日修订、2024年7月1日起施行的新《公司法》第二十三条",
        "《刑法修正案（十一）》2021年3月1日起施行后，《刑法》第二百九十三条之一管催收",
    ],
)
def test_when_a_law_is_in_force_is_no_claim(text: str, statutes: Statutes) -> None:
    one = check(text, statutes)[-1]
    assert (one.status, one.alarm) == ("ok", False)


@pytest.mark.parametrize(
    "text",
    [
        "《刑法》（1979年）第一百五十条规定的抢劫罪",
        "《刑法》（1979年）第一百五十条第三款",
        "旧《民法典》第六百七十一条规定“借款的利息不得预先在本金中扣除”。",
    ],
)
def test_an_older_version_that_is_not_held_raises_no_alarm(text: str, statutes: Statutes) -> None:
    one = only(text, statutes)
    assert (one.status, one.now, "旧版本，本站没有它的原文" in one.note) == ("ok", (), True)


def test_today_s_words_under_an_older_version_are_quoted(statutes: Statutes) -> None:
    one = only("旧《民法典》第六百七十条规定“借款的利息不得预先在本金中扣除”。", statutes)
    assert (one.status, one.quoted, one.note) == ("ok", True, "")


def test_words_that_differ_are_remarked(statutes: Statutes) -> None:
    words = "借款利息不得预先在本金里扣除，预先扣除的按照实际数额返还借款和计算利息。"
    one = only(f"《民法典》第六百七十条规定：“{words}”", statutes)
    assert one.status == "ok"
    assert "字句" in one.note


@pytest.mark.parametrize(
    ("text", "status", "note"),
    [
        # a denial, a permission, a duty or a figure changed
        ("《民法典》第六百七十条：“借款的利息可以预先在本金中扣除。”", "mismatch", "条文是“不得”，引文写成“可以”"),
        ("“借款的利息应当预先在本金中扣除”（《民法典》第六百七十条）", "mismatch", "“应当”"),
        ("《民法典》第六百八十条第一款：「允许高利放贷，借款的利率不得违反国家有关规定。」", "mismatch", "“禁止”"),
        ("《民法典》第五百零九条：“当事人应当按照约定不全面履行自己的义务。”", "mismatch", "不全"),
        ("《刑法》第二百六十六条规定：“数额较大的，处十年以下有期徒刑、拘役或者管制”", "mismatch", "三年"),
        ("民法典第188条：‘诉讼时效期间为二年’", "mismatch", "三年"),
        ("《劳动法》第十八条规定，有效的劳动合同，从订立的时候起，就没有法律约束力。", "mismatch", "条文是“无效”，"),
        ("《民法典》第一百八十八条规定，向人民法院请求保护民事权利的诉讼时效期间为二年。", "mismatch", "三年"),
        ("《民法典》第五百八十六条：“不得超过主合同标的额的百分之三十，超过部分不产生定金的效力”", "mismatch", "三十"),
        # a word put for its opposite
        ("《民法典》第六百七十七条规定：“应当按照约定的借款期间计算利息。”", "mismatch", "“实际借款”"),
        (
            "《民法典》第六百七十一条规定：“借款人未按照约定的日期、数额提供借款，造成贷款人损失的。”",
            "mismatch",
            "贷款人",
        ),
        (
            "《民法典》第六百八十六条第二款规定：“没有约定或者约定不明确的，按照连带责任保证承担保证责任。”",
            "mismatch",
            "一般保证",
        ),
        # … or for one of another effect in law, said to be the original, or a limit put in
        (
            "《民法典》第一千一百九十八条。原文这样写：“未尽到安全保障义务的，承担相应的连带责任。”",
            "mismatch",
            "“补充”",
        ),
        ("《刑法》第二百六十六条讲得明白，原文是：“诈骗公私财物，数额重大的”", "mismatch", "条文是“较大”"),
        (
            "《民法典》第六百八十七条的原文是：“有下列情形之一的除外：债权人有证据证明债务人的唯一财产不足以履行全部债务”",
            "mismatch",
            "唯一",
        ),
        # other words of matter are shown; what is cut off, left out or empty is not
        (
            "《民法典》第五百零九条规定：“当事人应当遵循诚信原则，根据合同的性质、目的和交易习惯履行告知、协助、保密等义务。”",
            "ok",
            "条文是“履行通知协”，引文写成“履行告知协”",
        ),
        (
            "《民法典》第五百零九条规定：“应当遵循诚信原则，根据合同性质、目的与交易习惯，履行通知、协助等义务”",
            "ok",
            "",
        ),
        # another penalty or period, also in one's own words
        ("《刑法》第二百九十三条之一：催收非法债务的，处五年以下有期徒刑", "mismatch", "条文是“三年以下有期徒刑”"),
        ("《治安管理处罚法》第五十条规定，多次发恐吓信息的，处五百元以下罚款。", "mismatch", "一千元以下罚款"),
        ("诉讼时效是两年（《民法典》第188条）。", "mismatch", "诉讼时效期间为三年"),
        ("《民法典》第六百八十条规定利率超过24%的部分一律不用还。", "ok", "没有“24%”，请核对数字"),
        ("《民法典》第一百八十八条，借出去3年没要，诉讼时效三年过了没有。", "ok", ""),
        ("约定了保证期间两年，民法典第692条，按约定来。", "ok", ""),
        ("《刑法》第二百六十六条，骗了5000元，可能处三年以下有期徒刑。", "ok", ""),
        # a figure of the law, of any kind; one that only tells of a case is none
        ("《民事诉讼法》第一百七十一条：三十日内上诉。", "ok", "没有“三十日”"),
        ("《民事诉讼法》第一百七十一条：15天内上诉。", "ok", ""),
        ("《劳动合同法》第四十七条：每满一年给两个月工资。", "mismatch", "每满一年支付一个月工资"),
        ("《劳动合同法》第三十七条：提前一个月通知可以辞职。", "ok", ""),
        ("《民法典》第七百零五条：租期不得超过五十年。", "ok", "没有“五十年”"),
        ("《民法典》第六百三十四条：欠到三分之一就可以要全款。", "ok", "没有“三分之一”"),
        ("《个人信息保护法》第六十六条：最高罚五百万。", "ok", "没有“五百万”"),
        ("《刑法》第二百七十四条：敲诈勒索最高判无期。", "ok", "没有“无期”"),
        ("《民事诉讼法》第一百七十一条，判决书我等了三天才拿到。", "ok", ""),
        ("《民法典》第一百八十八条，我2015年借的钱，过了八年没有人催。", "ok", ""),
        ("《刑法》第二百三十四条，致人重伤的，处三年以上七年以下有期徒刑。", "mismatch", "条文是“三年以上十年以下"),
        ("《民法典》第十九条规定，十周岁以上的未成年人为限制民事行为能力人", "mismatch", "条文是“八周岁”"),
        ("《刑法》第293条之一：“催收高利放贷等产生的合法债务，情节严重的”", "mismatch", "条文是“非法”"),
        # the marks of notes and of a list are not words of it
        ("《民法典》第六百七十条规定：“借款的利息不得预先在本金中扣除[1]。”", "ok", ""),
        ("《民法典》第六百八十条规定：“1. 禁止高利放贷，借款的利率不得违反国家有关规定。”", "ok", ""),
        # another crime's penalty, an older one beside today's, or what is said to be wrong
        ("《刑法》第二百九十三条之一不是诈骗，诈骗罪才处十年以下有期徒刑。", "ok", ""),
        ("《刑法》第二百九十三条之一的刑期比抢劫罪的十年以下有期徒刑轻得多。", "ok", ""),
        ("《刑法》第二百九十三条之一，不构成诈骗罪，催收非法债务罪处五年以下有期徒刑。", "mismatch", "三年以下"),
        ("《刑法》第二百六十六条，从前处五年以下有期徒刑，如今处三年以下。", "ok", ""),
        ("《治安管理处罚法》第五十条，旧法第四十二条最高只罚五百元以下罚款。", "ok", "写的是“一千元以下罚款”"),
        ("很多人以为《刑法》第二百九十三条之一是五年以下有期徒刑，其实不对。", "ok", "写的是“三年"),
        ("《刑法》第二百六十六条，他被判处二年以下有期徒刑是不可能的。", "ok", "写的是“三年"),
        ("网传《民法典》第六百七十条规定“借款的利息可以预先在本金中扣除”，不实。", "ok", "写的是“不得”"),
        ("有人说《刑法》第二百九十三条之一规定“处五年以下有期徒刑”，其实是三年以下。", "ok", "写的是“三年”"),
        # too few words for a copy, but all of them the law's, around the contrary of its word
        ("《民法典》第六百七十条规定借款利息可以预先扣除。", "mismatch", "写成“借款利息可以预先扣除”"),
        ("《个人信息保护法》第四十七条：个人无权请求删除。", "mismatch", "条文是“个人有权请求删除”"),
        ("《民法典》第六百七十条规定借款利息可以预先扣除吗？", "ok", ""),
        ("平台说借款利息可以预先扣除，根据《民法典》第六百七十条这不对。", "ok", ""),
        ("《民法典》第六百七十五条：借款人可以提前返还。", "ok", ""),
        # sentences of the law one after the other, each with a figure of its own
        (
            "《公司法》第二百三十五条第一款规定，清算组应当自成立之日起十日内通知债权人，并于六十日内在报纸上或者国家企业信用信息公示系统公告。"
            "债权人应当自接到通知之日起三十日内，未接到通知的自公告之日起四十五日内，向清算组申报其债权。",
            "ok",
            "",
        ),
        # no words of the law at all
        ("《民法典》第二百条：“欠款人必须在三日内偿还全部欠款否则坐牢。”", "ok", "不是现行条文的原话"),
        # the same said in other words, shortened, or of an older version
        ("《民法典》第六百七十条：“借款的利息不能预先在本金中扣除。”", "ok", ""),
        ("《民法典》第八百五十条：“侵害他人技术成果的技术合同没有效力。”", "ok", ""),
        ("《民法典》第188条：“诉讼时效期间为3年。……自权利受到损害之日起超过二十年的，人民法院不予保护”", "ok", ""),
        ("《刑法》第二百六十六条：“数额较大的，处3年以下有期徒刑……数额巨大……处三年以上十年以下”", "ok", ""),
        ("旧《民法典》第一百八十八条规定“向人民法院请求保护民事权利的诉讼时效期间为二年”。", "ok", "字句"),
        ("发布时间：2019-01-02\n《民法典》第一百八十八条规定“诉讼时效期间为二年”。", "ok", "字句"),
        # a numeral that counts nothing, and words put after those of the law
        ("《民法典》第六百七十条规定：“借款的利息一律不得预先在本金中扣除。”", "ok", ""),
        ("《民法典》第一百八十八条规定：“诉讼时效期间统一为三年”", "ok", "字句"),
        ("《民法典》第五百零九条规定：“当事人应当按照约定、全面地履行自己的一切义务。”", "ok", ""),
        ("《民法典》第一千零三十三条：“任何一个组织或者个人不得以…侵扰他人的私人生活安宁”", "ok", ""),
        ("《民法典》第六百七十五条规定：“借款人应当按照约定的期限返还借款，一分不少。”", "ok", ""),
        # words of a person, whatever is cited beside them
        ("《民法典》第六百七十条禁止砍头息，平台却说“借款的利息可以预先在本金中扣除”。", "ok", ""),
        ("平台说“借款的利息可以预先在本金中扣除”，根据《民法典》第六百七十条，这不对。", "ok", ""),
    ],
)
def test_a_changed_meaning(text: str, status: str, note: str, statutes: Statutes) -> None:
    one = only(text, statutes)
    assert one.status == status
    assert note in one.note
    assert bool(one.note) == bool(note)


def test_a_claim_that_may_be_of_a_neighbour_sends_nobody_elsewhere(statutes: Statutes) -> None:
    """The same words are weighed anew beside another citation."""
    claim = "《民法典》第七百二十四条规定，借款的利息不得预先在本金中扣除而且出借人不能先扣利息。"
    alone, _, _, beside = check(f"{claim}《刑法》第一条。《民法典》第六百七十条。{claim}", statutes)
    assert now(alone) == ["民法典 670"]
    assert (beside.status, beside.now) == ("ok", ())


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "《民法典》第六百八十条第二款规定：“禁止高利放贷，借款的利率不得违反国家有关规定。”",
            "《民法典》第六百八十条第一款",
        ),
        (
            "《治安管理处罚法》第五十条第一款第一项：“偷窥、偷拍、窃听、散布他人隐私的”",
            "《治安管理处罚法》第五十条第一款第（六）项",
        ),
        ("《刑法》第二百四十六条第一款规定告诉的才处理。", "《刑法》第二百四十六条第二款"),
        ("《民法典》第六百八十条第一款规定：“禁止高利放贷，借款的利率不得违反国家有关规定。”", ""),
        # an item without its 款 may be of any
        ("《反电信网络诈骗法》第二十五条第（四）项 提供支付结算服务", ""),
        ("《劳动合同法》第四十一条第（一）项 与本单位订立较长期限的固定期限劳动合同的", ""),
        ("《治安管理处罚法》第五十条第一款第六项规定：“有下列行为之一的，处五日以下拘留”", ""),
        ("《民法典》第六百八十条第一款规定：“禁止高利放贷”。《民法典》第六百八十条第二款规定没约定就没有。", ""),
    ],
)
def test_words_of_another_paragraph_or_item(text: str, right: str, statutes: Statutes) -> None:
    one = check(text, statutes)[-1]
    assert one.status == ("mismatch" if right else "ok")
    assert [str(r) for r in one.now] == ([right] if right else [])
    assert str(one.reference).removeprefix("《" + one.law + "》") in one.note or not right


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("律师凭“三证”申请，看守所至迟四十八小时内安排，依据《刑事诉讼法》第四十一条。", "《刑事诉讼法》第三十九条"),
        ("律师凭“三证”申请，看守所至迟四十八小时内安排，依据《刑事诉讼法》第三十九条。", ""),
        (
            "《民法典》第六百八十条第一款：自然人之间借钱，约定得不清楚的视为没有利息。",
            "《民法典》第六百八十条第三款",
        ),
        ("《民法典》第六百八十条第三款：自然人之间借钱，约定得不清楚的视为没有利息。", ""),
        # in the words of 第二款, and of 第三款 too
        ("民法典第680条第一款规定没约定利息视为没有利息，对吗", ""),
    ],
)
def test_a_claim_that_a_place_near_by_carries(text: str, place: str, statutes: Statutes) -> None:
    one = only(text, statutes)
    assert one.status == "ok"
    assert one.note == (f"这句话更像是{place}的内容，请对照原文。" if place else "")


def test_a_mistake_that_is_corrected_is_no_alarm(statutes: Statutes) -> None:
    wrong = "《刑法》第二百六十六条是敲诈勒索罪"
    told = only(f"有人说{wrong}，这是错的，那是诈骗罪。", statutes)
    assert (told.status, "第二百七十四条" in told.note) == ("ok", True)
    assert only(f"{wrong}。", statutes).status == "mismatch"


def test_the_former_and_the_latter(statutes: Statutes) -> None:
    two = "《治安管理处罚法》第五十条、《民法典》第六百七十条。"
    first, second = "借款的利息不得预先在本金中扣除", "多次发送恐吓信息干扰他人正常生活"
    swapped = check(f"{two}前者规定{first}，后者规定{second}。", statutes)
    assert [now(c)[0] for c in swapped] == ["民法典 670", "治安管理处罚法 50"]
    assert [c.status for c in check(f"{two}前者规定{second}，后者规定{first}。", statutes)] == ["ok", "ok"]


def test_the_label_says_no_more_than_was_checked(statutes: Statutes) -> None:
    quoted = "《民法典》第六百七十条规定“借款的利息不得预先在本金中扣除”。"
    assert only(quoted, statutes).label == "条文有效，引文相符"
    assert only("《民法典》第六百七十条：先扣利息不违法。", statutes).label == "条文在；说法没有核对"
    assert only("《民法典》", statutes).label == "法律有效"


def test_only_the_article_that_is_changed_is_flagged(statutes: Statutes) -> None:
    text = "《民法典》第六百六十九条、第六百七十条规定：“借款的利息可以预先在本金中扣除。”"
    assert [c.status for c in check(text, statutes)] == ["ok", "mismatch"]


def test_law_that_cites_articles_may_be_copied(statutes: Statutes) -> None:
    """The numbers in the words of an article are the law's own, and nothing is claimed of them."""
    citing = [a for a in statutes.articles() if re.search("第[一二三四五六七八九十百千]+条|前条|该条", a.text)]
    copies = {f"{a.reference}规定，{a.text}" for a in citing}
    wrong = {one.written for copy in copies for one in check(copy, statutes) if one.alarm}
    assert len(copies) > 400
    assert not wrong


def test_labels_in_a_list_are_of_their_own_article(statutes: Statutes) -> None:
    rights = "根据《消费者权益保护法》第八条知情权、第九条自主选择权、第二十九条个人信息保护。"
    crimes = "《刑法》第253条之一侵犯公民个人信息罪、第293条寻衅滋事罪、第293条之一催收非法债务罪、第246条侮辱罪。"
    assert [c.status for c in check(rights + crimes, statutes)] == ["ok"] * 7


@pytest.mark.parametrize(
    "text",
    [
        "法律依据：《民法典》第六百七十条 第一千零三十二条",
        "适用法条：《民法典》第一千零三十二条 第一千零三十三条 第一千零三十四条",
        "《民法典》第六百七十条 & 第一千零三十二条",  # no list that is read, and yet no claim
    ],
)
def test_numbers_side_by_side_claim_nothing_of_each_other(text: str, statutes: Statutes) -> None:
    assert {c.status for c in check(text, statutes)} == {"ok"}


def test_every_number_of_a_list_is_checked(statutes: Statutes) -> None:
    text = "《刑法》第二百九十三条之一 第六百八十条 第六百八十一条"
    assert [c.status for c in check(text, statutes)] == ["ok", "not_found", "not_found"]


def test_json_has_the_shape_of_the_contract(statutes: Statutes) -> None:
    text = "见《民法典》第六百七十一条“借款的利息不得预先在本金中扣除”，《合同法》。"
    first, second = (c.to_json() for c in check(text, statutes))
    assert first == {
        "span": [1, 13],
        "written": "《民法典》第六百七十一条",
        "law": "民法典",
        "number": 671,
        "suffix": 0,
        "status": "mismatch",
        "alarm": True,
        "outcome": "wrong",
        "now": [{"law": "民法典", "number": 670, "suffix": 0}],
        "note": "现行《民法典》第六百七十一条讲的不是这件事；引的这句话在第六百七十条。",
    }
    assert second["number"] is None
    assert second["now"] == [{"law": "民法典", "number": None, "suffix": 0}]
    json.dumps([first, second])


def test_half_a_character_is_passed_over(statutes: Statutes) -> None:
    """As a cut emoji leaves it: no JSON could carry it."""
    (one,) = check("《民法典》\ud800第680条", statutes)
    assert (one.reference, one.status) == (Reference("民法典", 680), "ok")
    (one,) = check("《测试\ud800某某法》第680条", statutes)
    assert json.dumps(one.to_json(), ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["民间借贷司法解释", "关于进一步规范商业银行互联网贷款业务的通知"])
def test_a_rule_that_is_not_held_raises_no_alarm(name: str, statutes: Statutes) -> None:
    one = only(f"《{name}》第二十五条", statutes)
    assert (one.status, one.alarm) == ("unknown_law", False)
    assert "本站不收录" in one.note


def test_a_name_below_the_laws_that_nothing_has_raises_no_alarm(statutes: Statutes) -> None:
    """Nobody has a list of them all; a law would be known, and so would one that is only called 条例."""
    assert not check("《民事诉讼》第三条", statutes)
    names = ("某某保护管理条例", "催收管理办法", "催收管理法", "个人信息保护条例")
    assert [only(f"《{name}》第三条", statutes).alarm for name in names] == [False, False, True, True]


def test_a_number_that_cannot_be_read_is_not_said_to_be_missing(statutes: Statutes) -> None:
    unclear, beyond = only("《民法典》第六七十条", statutes), only("《民法典》第一万条", statutes)
    assert (unclear.alarm, "没看懂" in unclear.note) == (False, True)
    assert (beyond.alarm, beyond.status) == (True, "not_found")


class Oracle:
    """A judge that knows one article for any claim."""

    def __init__(self, right: Reference, statutes: Statutes) -> None:
        self.right, self.statutes = right, statutes

    def score(self, claim: str, reference: Reference) -> float:
        return 1.0 if reference.article == self.right else 0.01 * (reference.number % 7)

    def similar(self, claim: str, law: str | None, k: int) -> Sequence[tuple[Reference, float]]:
        pool = self.statutes.by_name[law].articles if law else tuple(self.statutes.articles())
        scored = [(a.reference, self.score(claim, a.reference)) for a in pool]
        return sorted(scored, key=lambda s: -s[1])[:k]

    def carried(self, claim: str, provision: str) -> float:
        return 1.0


def test_a_judge_may_speak_for_the_article(statutes: Statutes) -> None:
    text = "根据《个人信息保护法》第二十二条的规定，任何组织或个人不得非法收集他人的通讯录等个人信息。"
    assert only(text, statutes, judge=Oracle(Reference("个人信息保护法", 22), statutes)).status == "ok"
    assert only(text, statutes, judge=Oracle(Reference("个人信息保护法", 10), statutes)).status == "mismatch"


def test_a_near_article_that_does_not_say_so_is_wrong(statutes: Statutes) -> None:
    class Reader(Oracle):
        """Knows that the article speaks of it and says something else."""

        def carried(self, claim: str, provision: str) -> float:
            return 0.9 if "不得" in claim else 0.003 if "手机号" in claim else 0.0001

    right = Reference("个人信息保护法", 25)
    judge = Reader(right, statutes)
    told = "《个人信息保护法》第二十五条规定，平台在你点了同意以后怎么把信息卖给别人都行。"
    one = only(told, statutes, judge=judge)
    assert (one.status, one.now, "意思对不上" in one.note) == ("mismatch", (right,), True)
    assert only("《个人信息保护法》第二十五条规定，平台不得把你的信息卖给别人。", statutes, judge=judge).status == "ok"
    less = only(told.replace("怎么把信息", "怎么把手机号"), statutes, judge=judge)
    assert (less.status, "请和原文对照" in less.note) == ("ok", True)
    assert only(told[:-1] + "，对不对？", statutes, judge=judge).status == "mismatch", "who asks does not correct"
    one = only("从前" + told, statutes, judge=judge)
    assert (one.status, one.note) == ("ok", "")

    class Far(Reader):
        """Another article is nearer: what is claimed may be of that."""

        def score(self, claim: str, reference: Reference) -> float:
            return 1.0 if reference.article == self.right else 0.8

    one = only(told, statutes, judge=Far(Reference("个人信息保护法", 14), statutes))
    assert "意思对不上" not in one.note


def test_nothing_is_named_that_is_only_the_least_far(statutes: Statutes) -> None:
    class Far(Oracle):
        """Hardly anything is near."""

        def score(self, claim: str, reference: Reference) -> float:
            return 0.6 if reference.article == self.right else 0.1

    text = "依据《民法典》第一千一百六十一条，您的同事应当替您垫付车费。"
    one = only(text, statutes, judge=Far(Reference("民法典", 465), statutes))
    assert (one.status, one.now, "没有这样说" in one.note) == ("mismatch", (), True)


def test_facts_before_a_citation_are_held_against_it_less_than_a_rule(statutes: Statutes) -> None:
    class Narrow(Oracle):
        """The right article is .3 ahead of any other."""

        def score(self, claim: str, reference: Reference) -> float:
            return 0.8 if reference.article == self.right else 0.5

    judge = Narrow(Reference("刑法", 192), statutes)
    assert only("平台老板卷款跑路，《刑法》第一百七十六条。", statutes, judge=judge).status == "ok"
    assert only("《刑法》第一百七十六条规定老板卷款跑路怎么判。", statutes, judge=judge).status == "mismatch"


def test_a_judge_sees_what_words_do_not_show(statutes: Statutes) -> None:
    text = "双方互相欠同样种类的债，可以互相抵销，依据《民法典》第七百二十四条。"
    assert only(text, statutes).status == "ok"
    one = only(text, statutes, judge=Oracle(Reference("民法典", 568), statutes))
    assert one.status == "mismatch"
    assert "民法典 568" in now(one)


# -- properties -----------------------------------------------------------------------------


DATES = ["2026年3月5日", "二〇二六年三月五日", "发布时间：2026-03-05"]
SIGNED = ["（2025）京0105民初1234号", "某某律师事务所", "联系电话：12348", "作者：李某某，执业于某市"]
BEFORE = ["", "法律依据：", "适用法条：\n", "特此告知。", *(f"{words}\n" for words in DATES + SIGNED)]
AFTER = ["", "。", *(end + words for end in ("\n", "。\n", " ") for words in DATES + SIGNED)]


@given(
    st.lists(st.integers(0), min_size=1, max_size=3),
    st.sampled_from(BEFORE),
    st.sampled_from(["、", " ", "\u3000", "；", "和", "/", "，", "\n", ""]),
    st.sampled_from(AFTER),
)
def test_right_citations_among_neutral_words_raise_no_alarm(
    places: list[int], before: str, between: str, after: str
) -> None:
    statutes = load()
    articles = statutes.all[places[0] % len(statutes.all)].articles
    first, *more = (articles[place % len(articles)].reference for place in places)
    text = f"{before}{first}{''.join(between + r.locator for r in more)}{after}"
    assert not [(c.written, c.note) for c in check(text, statutes) if c.alarm]


# -- measured -------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_labelled_set(split: str, statutes: Statutes) -> None:
    scores = cases.score(cases.labelled(split), statutes)
    right = [s for (_, ok), s in scores.items() if ok]
    assert sum(s.flagged for s in right) <= 0.02 * sum(s.total for s in right)
    assert not sum(s.missed for s in scores.values())
    typical = scores["typical", False]
    assert typical.flagged >= 0.8 * typical.total
    altered = scores["altered", False]
    assert altered.flagged >= 0.35 * altered.total


def test_quotations(statutes: Statutes) -> None:
    scores = cases.score(cases.quoted(statutes, 120, seed=11), statutes)
    for (made, ok), score in scores.items():
        if ok:
            assert score.flagged <= 0.01 * score.total, made
        else:
            assert score.among >= 0.95 * score.total, made


def test_renumbered_quotations(statutes: Statutes) -> None:
    """仲裁法 of 2017, whose text the data package holds."""
    scores = cases.score(cases.superseded("仲裁法@2017-09-01", "仲裁法"), statutes)
    changed = [s for (_, ok), s in scores.items() if not ok]
    kept = [s for (_, ok), s in scores.items() if ok]
    assert sum(s.first for s in changed) >= 0.95 * sum(s.total for s in changed)
    assert not sum(s.flagged for s in kept)


def test_time_grows_with_the_length_of_a_text(statutes: Statutes) -> None:
    cases.speed(statutes, most=1)  # what is built once
    times = []
    for size in (100_000, 400_000):
        begin = time.process_time()
        *_, citations = cases.speed(statutes, most=size)
        times.append(time.process_time() - begin)
    assert citations > 1200
    assert times[1] < 9 * times[0]  # four times; what grows by the square takes sixteen


RANGE = "《民法典》第一条至第一千二百六十条"
MONOTONOUS = [RANGE, "《民法典》第一条，", "第一、", "《", "“", "第一", "民法典第一条和", "\n", "合同法", "本法第一条"]


@pytest.mark.parametrize("piece", MONOTONOUS)
def test_a_monotonous_text_takes_no_longer(piece: str, statutes: Statutes) -> None:
    """All on one line, as PDFs give it."""
    begin = time.process_time()
    check(piece * (30_000 // len(piece)), statutes)
    assert time.process_time() - begin < 10  # 0.3 s; a quadratic step over citations takes a minute
    times: dict[int, float] = {}
    for size in (100_000, 400_000, 400_000):
        begin = time.process_time()
        find(piece * (size // len(piece)), statutes)
        times[size] = min(time.process_time() - begin, times.get(size, math.inf))
    assert times[400_000] < 7 * max(times[100_000], 0.1)  # four times; ten where the line is read again for each


@given(
    st.text(max_size=60),
    st.sampled_from(["《民法典》第六百七十条", "合同法第60条", "该条第二款", "《治安管理处罚法》第42条"]),
    st.text(max_size=60),
)
def test_any_text_is_checked(before: str, citation: str, after: str) -> None:
    text = f"{before}{citation}{after}“{before}”{citation}"
    for one in check(text, load()):
        assert text[one.span[0] : one.span[1]] == one.written
        json.dumps(one.to_json())


def test_an_article_that_was_deleted_is_not_there(statutes: Statutes) -> None:
    one = only("《刑法》第一百九十九条规定，集资诈骗数额特别巨大的，处无期徒刑或者死刑。", statutes)
    assert (one.status, one.now, one.note) == ("not_found", (), "《刑法》第一百九十九条已经删去。")


@pytest.mark.parametrize(
    "text",
    [
        "《刑法》第三百九十条规定，对犯行贿罪的，处三年以下有期徒刑或者拘役，并处罚金。",  # since 2024-03-01
        "《刑法》第三百九十条规定，对犯行贿罪的，处五年以下有期徒刑或者拘役，并处罚金。",  # before
        "《刑法》第一百六十五条第二款规定，其他公司、企业的董事、监事、高级管理人员违反法律、行政法规规定，实施前款行为。",
        "《刑法》第三百八十九条、第三百九十条规定，行贿的处三年以下有期徒刑。",
        "《刑法》第三百八十九条至第三百九十一条",
    ],
)
def test_an_article_that_was_amended_since_is_neither_called_wrong_nor_right(text: str, statutes: Statutes) -> None:
    *_, one = checked = check(text, statutes)
    assert not any(c.alarm or c.quoted for c in checked)
    assert (one.status, one.outcome, one.label) == ("ok", "unheld", "条文改过，没有核对")
    assert "修改前的文本" in one.note
    assert "flk.npc.gov.cn" in one.note
