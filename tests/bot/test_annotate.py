"""annotate: links, and the status in words."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.annotate import Format, annotate
from corpus.citations import check
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load()


def written(text: str, statutes: Statutes, format: Format = "markdown", root: str = "") -> str:
    return unquote(annotate(text, check(text, statutes), statutes, format, root=root))


def test_markdown(statutes: Statutes) -> None:
    assert written("见《民法典》第六百七十条。", statutes) == "见[《民法典》第六百七十条](/statutes/民法典/670)。"
    assert written("见《民法典》。", statutes, root="/bot") == "见[《民法典》](/bot/statutes/民法典)。"
    assert written("刑法293条之一", statutes) == "[刑法293条之一](/statutes/刑法/293-1)"


def test_status_stands_in_words(statutes: Statutes) -> None:
    text = "《民法典》第六百七十一条规定“借款的利息不得预先在本金中扣除”，《合同法》。"
    for form in ("markdown", "html"):
        out = written(text, statutes, form)
        assert "与条文内容不符" in out
        assert "法律已废止" in out
        assert "《民法典》第六百七十条" in out
    assert "没有这一条" in written("《民法典》第一千三百条", statutes)
    assert written("《民间借贷司法解释》第二十五条", statutes) == "《民间借贷司法解释》第二十五条"


def test_html_is_escaped(statutes: Statutes) -> None:
    text = '<script>alert("x")</script>《民法典》第六百七十条 & <b>《<i>法》</b>'
    out = annotate(text, check(text, statutes), statutes, "html")
    assert "<script>" not in out
    assert "<b>" not in out
    assert out.startswith("&lt;script&gt;")
    assert 'aria-label="《民法典》第六百七十条：条文在；说法没有核对。' in out


def test_links_and_code_are_left_alone(statutes: Statutes) -> None:
    for text in (
        "[《民法典》第六百七十条](/a)",
        "`《民法典》第六百七十条`",
        "```\n《民法典》第六百七十条\n```",
        '<img alt="《民法典》第六百七十条">',
        "<https://a.example/《民法典》第六百七十条>",
        "<!-- 《民法典》第六百七十条 -->",
    ):
        assert written(text, statutes) == text


def test_angle_brackets_for_a_title_are_no_tag(statutes: Statutes) -> None:
    for text in ("<个人信息保护法>第九十条", "<<个人信息保护法>>第九十条", "利率 < 3，个人信息保护法第九十条 > 5"):
        assert "没有这一条" in written(text, statutes)


def test_nothing_to_do(statutes: Statutes) -> None:
    assert annotate("没有引注 <&>", [], statutes) == "没有引注 <&>"
    assert annotate("没有引注 <&>", [], statutes, "html") == "没有引注 &lt;&amp;&gt;"
    assert annotate("", [], statutes) == ""


CITATIONS = ["《民法典》第670条", "合同法第60条", "《<b>法》第1条", "民法典第9999条"]


@given(st.text(max_size=40), st.sampled_from(CITATIONS), st.text(max_size=40))
def test_html_keeps_the_text_and_adds_only_its_own_tags(before: str, citation: str, after: str) -> None:
    text = before + citation + after
    out = annotate(text, check(text, load()), load(), "html")
    tags = re.findall(r"<[^>]*>", out)
    assert all(re.fullmatch(r'</?(?:a|span)(?: [a-z-]+="[^"<>]*")*>', t) for t in tags)
    without = re.sub(r'<span class="citation-status">.*?</span>', "", out, flags=re.DOTALL)
    assert unescape(re.sub(r"<[^>]*>", "", without)) == text
