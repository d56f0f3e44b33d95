"""A citation's claim is judged by meaning: lay words, another article's matter, and what must not be flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import cases
from corpus.citations import check
from corpus.reference import Reference
from index.retriever import Index


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("《民法典》第一千零三十二条规定，利息不得超过本金。", "民法典第六百八十条"),
        ("双方互相欠同样种类的债，可以互相抵销，依据《民法典》第七百二十四条。", "民法典第五百六十八条"),
        ("《民诉法》119条，起诉要有明确的被告", "民事诉讼法第一百二十二条"),
        ("个保法第二十二条规定，催收不得拨打通讯录里的人。", "个人信息保护法第十条"),
    ],
)
def test_lay_words_show_a_wrong_number(index: Index, text: str, right: str) -> None:
    (one,) = check(text, index.statutes, judge=index.judge)
    assert check(text, index.statutes)[0].status == "ok"
    assert one.status in ("mismatch", "renumbered")
    assert Reference.parse(right) in one.now


@pytest.mark.parametrize(
    "text",
    [
        "寻衅滋事罪的从犯，适用《刑法》第二十七条",
        "寻衅滋事是累犯的，《刑法》第六十五条",
        "敲诈勒索罪报案依据《刑事诉讼法》第一百一十条",
        "故意毁坏财物罪要赔钱，《民法典》第一千一百八十四条",
        # words of the article itself, or more of them than another one has
        "《刑法》第二百九十三条 追逐拦截辱骂恐吓他人",
        "多次恐吓他人，《刑法》第二百九十三条",
        "《民法典》第三百九十五条第（二）项建设用地使用权",
        "《电子商务法》第十九条：默认勾选会员",
    ],
)
def test_what_may_stand_there(text: str, index: Index) -> None:
    assert [one.status for one in check(text, index.statutes, judge=index.judge)] == ["ok"]


def test_an_article_that_the_index_does_not_hold_is_left_to_the_words(index: Index) -> None:
    unknown = Reference("海商法", 1)
    assert index.judge.score("船舶碰撞谁来赔", unknown) is None
    assert not index.judge.similar("船舶碰撞谁来赔", "海商法", 3)


def test_the_nearest_articles_of_one_law(index: Index) -> None:
    found = index.judge.similar("放款时先扣掉利息，按实际到手的算本金", "民法典", 3)
    assert found[0][0] == Reference("民法典", 670)
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    assert found[0][1] == index.judge.score("放款时先扣掉利息，按实际到手的算本金", Reference("民法典", 670))


@given(st.text(st.characters() | st.characters(categories=["Cs"]), max_size=40))
def test_any_text_is_judged(index: Index, words: str) -> None:
    text = f"催收{words}打电话骂我的家人，这违反《民法典》第七百二十四条。"
    for one in check(text, index.statutes, judge=index.judge):
        assert text[one.span[0] : one.span[1]] == one.written


def test_the_labelled_test_half(index: Index) -> None:
    scores = cases.score(cases.labelled("test"), index.statutes, index.judge)
    right = [s for (_, ok), s in scores.items() if ok]
    wrong = [s for (_, ok), s in scores.items() if not ok]
    assert sum(s.flagged for s in right) <= 0.02 * sum(s.total for s in right)
    assert sum(s.flagged for s in wrong) >= 0.82 * sum(s.total for s in wrong)
