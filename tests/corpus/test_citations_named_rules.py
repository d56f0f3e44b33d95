"""Names of crimes and rules beside a citation are heard."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.citations import check
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load(as_of=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("《刑法》第二百六十六条规定了敲诈勒索罪", "刑法 274"),
        ("《刑法》第196条规定的是贷款诈骗罪", "刑法 193"),
        ("诈骗罪（刑法第264条）", "刑法 266"),
        ("诽谤罪，刑法第247条，自诉", "刑法 246"),
        ("| 寻衅滋事罪 | 刑法第292条 |", "刑法 293"),
        ("掩饰隐瞒犯罪所得罪（刑法第310条）", "刑法 312"),
        ("刑法第293条规定了催收非法债务罪", "刑法 293-1"),
        ("《刑法》第二百七十四条【诈骗罪】", "刑法 266"),
        ("《刑法》第二百三十八条[绑架罪]", "刑法 239"),
        ("《刑法》第246条：硬闯别人家的罪", "刑法 245"),
        ("《刑法》第266条：偷东西", "刑法 264"),
        ("展期，《民法典》第六百七十七条", "民法典 678"),
        ("合同显失公平，《民法典》第一百五十三条", "民法典 151"),
        ("先予执行，《民事诉讼法》第一百零三条", "民事诉讼法 109"),
        ("自首，《刑法》第六十八条", "刑法 67"),
        ("民法典第1024条规定的隐私权", "民法典 1032"),
        ("民法典第192条规定诉讼时效三年", "民法典 188"),
        ("诉讼时效是三年，见《民法典》第一百九十二条。", "民法典 188"),
        ("李某以暴力相威胁索要财物，依照《刑法》第二百六十三条构成敲诈勒索罪，判处有期徒刑一年。", "刑法 274"),
        ("李某的行为已构成盗窃罪，依照《刑法》第二百六十六条判处拘役。", "刑法 264"),
        ("把人关在仓库里，依据刑法第二百三十九条，已构成非法拘禁罪。", "刑法 238"),
        ("有非法占有目的，依《刑法》第一百九十三条即构成信用卡诈骗罪。", "刑法 196"),
        ("消费者权益保护法第二十五条：退一赔三", "消费者权益保护法 55"),
    ],
)
def test_a_name_beside_another_number(text: str, right: str, statutes: Statutes) -> None:
    (one,) = check(text, statutes)
    assert one.status == "mismatch"
    assert [f"{r.law} {r.key}" for r in one.now][:1] == [right]


def test_a_name_under_an_old_number(statutes: Statutes) -> None:
    (one,) = check("治安管理处罚法第四十九条　敲诈勒索", statutes)
    assert (one.status, [r.key for r in one.now]) == ("renumbered", ["58"])


def test_numbers_exchanged(statutes: Statutes) -> None:
    for text in (
        "《刑法》第264条诈骗罪；刑法第266条盗窃罪",
        "《民法典》第六百七十条禁止高利放贷，第六百八十条禁止砍头息。",
        "《民法典》第六百七十条与第六百八十条分别规定了高利放贷的禁止和砍头息的处理",
        "| 砍头息 | 民法典第680条 |\n| 禁止高利贷 | 民法典第670条 |",
    ):
        first, second = check(text, statutes)
        assert (first.now[0], second.now[0]) == (second.reference, first.reference)


@pytest.mark.parametrize(
    "text",
    [
        "盗窃罪、诈骗罪（刑法第二百六十四条、第二百六十六条）",
        "不构成诈骗罪，而是侵占罪，刑法第二百七十条",
        "借钱不还不是诈骗罪（刑法第一百九十六条）",
        "诈骗罪的从犯，《刑法》第二十七条，应当从轻、减轻处罚",
        "《刑法》第二百一十条第二款：诈骗罪",
        "妨害公务罪（刑法第二百四十二条）",
        "《刑法》第三百一十二条，窝藏罪",
        "盗窃罪，刑法第264条，诈骗罪，刑法第266条",
        "《刑法》第二百四十五条【非法搜查罪；非法侵入住宅罪】",
        "初犯，自首，立功，《刑法》第六十七条",
        "数额巨大，累犯，《刑法》第二百六十六条",
        "提存，《民法典》第五百五十七条",
        "李某构成敲诈勒索罪，依照《刑法》第六十七条从轻处罚。",
        "依照《刑法》第二百六十九条构成抢劫罪。",
        "依照《刑法》第一百九十六条第三款构成盗窃罪。",
        "催收冒充警察，骗钱，《刑法》第二百六十六条",
        "月息三分，逾期利息，展期，《民法典》第六百八十条",
        "《民法典》第一百九十四条、第一百九十五条分别规定了诉讼时效中止和诉讼时效中断",
        "隐私权（民法典第九百九十五条）",
        "隐私权（民法典第一千零三十三条）",
    ],
)
def test_a_name_that_may_stand_there(text: str, statutes: Statutes) -> None:
    assert {one.status for one in check(text, statutes)} == {"ok"}
