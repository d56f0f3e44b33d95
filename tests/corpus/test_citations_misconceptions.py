"""misconceptions.toml: what is said falsely is heard, its true counterpart is not, entry by entry and in lay words."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.citations import check, tables
from corpus.citations.misconceptions import misconception
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load(as_of=date(2026, 11, 1))


def said(form: str, choice: int) -> str:
    """A form as a sentence, by the first or last of the words of which one will do."""
    return "".join(part.split("|")[choice] for part in form.split())


@pytest.mark.parametrize("choice", [0, -1])
def test_each_entry_hears_what_is_false_and_only_that(choice: int) -> None:
    for one in tables.misconceptions().misconception:
        for form in (*one.false, *one.everywhere):
            assert misconception([one.reference], [said(form, choice)]), (one.article, said(form, choice))
        for form in one.true:
            assert not misconception([one.reference], [said(form, choice)]), (one.article, said(form, choice))


@pytest.mark.parametrize(
    ("false", "true"),
    [
        ("依据《民法典》第六百七十条，利息可以预先扣除", "依据《民法典》第六百七十条，利息不可以预先扣除"),
        (
            "砍头息合法，照借条写的数还（《民法典》第六百七十条）",
            "砍头息不合法，到手多少还多少（《民法典》第六百七十条）",
        ),
        (
            "《民法典》第一千一百二十四条，受遗赠人六十日内没表示视为接受",
            "《民法典》第一千一百二十四条，继承人没表示视为接受，受遗赠人六十日内没表示视为放弃",
        ),
        ("《个人信息保护法》第六十五条规定只有本人可以投诉", "《个人信息保护法》第六十五条规定不是只有本人可以投诉"),
        (
            "依据《刑法》第二百六十六条，拒不还款即构成诈骗罪",
            "依据《刑法》第二百六十六条，虚构事实骗取财物、拒不还款的，构成诈骗罪",
        ),
        (
            "依据《民事诉讼法》第二百五十五条，我司将派员上门查封",
            "依据《民事诉讼法》第二百五十五条，我司将申请法院查封",
        ),
        (
            "依据《民法典》第五百七十九条，贵方须按每日千分之三支付违约金",
            "依据《民法典》第五百七十九条，贵方须支付租金",
        ),
        (
            "您的亲属依《民法典》第一千零六十四条也须承担连带清偿责任。",
            "您的亲属依《民法典》第一千零六十四条不承担责任。",
        ),
        ("《劳动法》第四十四条：平日加班两倍。", "《劳动法》第四十四条：平日一倍半，休息日两倍，法定假三倍。"),
    ],
)
def test_lay_words(false: str, true: str, statutes: Statutes) -> None:
    """The reason says what the article says, and no other article is offered."""
    (one,), (other,) = check(false, statutes), check(true, statutes)
    assert (one.status, other.status) == ("mismatch", "ok")
    assert one.now == (one.references[0].article,)
    assert "没有这样说。它说的是" in one.note


@pytest.mark.parametrize(
    "text",
    [
        "网传《民法典》第六百七十条规定利息可以先扣，这是误传。",
        "《民法典》第六百七十条规定利息可以先扣吗？",
        "说利息可以先扣的是错的，见《民法典》第六百七十条。",
        "并不是说利息可以先扣（《民法典》第六百七十条）。",
    ],
)
def test_a_question_or_a_correction_is_no_claim(text: str, statutes: Statutes) -> None:
    (one,) = check(text, statutes)
    assert not one.alarm


def test_under_another_number_the_article_that_rules_it_is_named(statutes: Statutes) -> None:
    (one,) = check("民法典680条说利息可以先扣，对不对", statutes)
    assert (one.status, [r.number for r in one.now]) == ("mismatch", [670])
    assert "第六百八十条没有这样说。管这件事的是第六百七十条" in one.note
