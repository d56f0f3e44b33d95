"""What a near copy of the law changes of its meaning: a denial, a permission, a duty, a figure or an opposite.

Words are compared as tokens: all ways to deny are one token, all to allow one, and a figure is its value,
so that 不能 for 不得 and 3年 for 三年 are no change, while 可以 for 不得 and 五年 for 三年 are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from corpus import numerals
from corpus.citations import tables
from corpus.reference import Reference
from corpus.statutes import Article

_SENTENCE = re.compile(r"[。;；:：?？!！…\n]+|\.{3,}|--")
#: The number of an item or a footnote, and what an editor puts in: （一）, 1. at the beginning, [1], [即3年].
_ASIDE = re.compile(rf"[(（][{numerals.CHARACTERS}]+[)）]|^\s*\d{{1,2}}[.、．]|\[[^\[\]\n]{{1,20}}\]")
_NUMBER = rf"[{numerals.CHARACTERS}][{numerals.CHARACTERS}万亿]{{0,12}}"
#: What makes a numeral a figure, and not a part of 一律, 统一 or 百般: what it counts, or the end of its range.
_COUNTED = (
    rf"[年月日天元倍周岁%％条款项次人名个克吨米]|小时|星期|分之|以[上下内外]|[至到或、~～-][{numerals.CHARACTERS}]"
)
_LONG_UNIT = "周个小星工"  # with these begins a unit of two characters: 周岁, 个月
NEAR = 80.0  # a sentence this close to a part of an article is a copy of it
_SHORTEST = 6  # tokens of a sentence that is compared
_LONGEST = 4  # tokens of one change; what is longer is a part left out or put in
_LONGEST_AT_END = 1  # … at an end of the sentence, where the article's words are those that happen to stand there


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in the article, and what the copy has in its place."""

    article: Reference
    law: str
    copy: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # deny, affirm (有效, not 无效), allow, oblige, side (of a pair of opposites), figure, or empty
    value: str
    written: str


def changed(words: str, articles: Sequence[Article], *, swaps: bool = False) -> Change | None:
    """The first change of meaning in `words` against the part of the articles that each sentence is nearest to.

    None where there is none, or where a sentence is near no part. `swaps`: only one such word put for another
    counts, not one put in or left out.
    """
    texts = [_tokens(article.text) for article in articles]
    for sentence in _SENTENCE.split(words):
        copy = _tokens(sentence)
        if len(copy) < _SHORTEST:
            continue
        aligned = [fuzz.partial_ratio_alignment(_values(copy), _values(text), score_cutoff=NEAR) for text in texts]
        near = [(at, i) for i, at in enumerate(aligned) if at is not None]
        if not near:
            continue
        at, i = max(near, key=lambda one: one[0].score)
        copy = copy[at.src_start : at.src_end]
        start = max(0, min(at.dest_start, at.dest_end - len(copy)))  # an alignment at the text's end may be too short
        law = texts[i][start : max(at.dest_end, at.dest_start + len(copy))]
        if change := _change(law, copy, swaps):
            return Change(articles[i].reference, *change)
    return None


def _change(law: Sequence[_Token], copy: Sequence[_Token], swaps: bool) -> tuple[str, str] | None:
    left = right = 0
    for block in Levenshtein.opcodes(_values(law), _values(copy)).as_matching_blocks():
        ours, theirs = law[left : block.a], copy[right : block.b]
        swap = len(ours) == len(theirs) == 1 and bool(ours[0].kind and theirs[0].kind)
        inside = left and block.size
        short = max(len(ours), len(theirs)) <= (_LONGEST if inside else _LONGEST_AT_END)
        if (swap or (short and (not swaps or _opposed(ours, theirs)))) and _weighs(ours, theirs):
            ahead = 0 if ours and theirs else 2  # 没有利息, 三年: a word more says what is meant
            behind = 2 if not swap or (block.size and law[block.a].written in _LONG_UNIT) else 1
            behind = behind if not swap or ours[0].kind in ("figure", "affirm") or theirs[0].kind == "affirm" else 0
            return (
                _written(law[max(0, left - ahead) : block.a + behind]),
                _written(copy[max(0, right - ahead) : block.b + behind]),
            )
        left, right = block.a + block.size, block.b + block.size
    return None


def _weighs(law: Sequence[_Token], copy: Sequence[_Token]) -> bool:
    """Whether one stretch put for another changes the meaning; leaving out a figure, 可以 or 应当 may be shortening.

    一 where the article counts nothing is an article of grammar: 任何一个人 for 任何人.
    """
    ours, theirs = {t.value for t in law if t.kind}, {t.value for t in copy if t.kind}
    if ("deny" in ours) != ("deny" in theirs):
        return True
    if _opposed(law, copy):
        return True
    counts = any(t.kind == "figure" for t in law)
    figures = {t.value for t in copy if t.kind == "figure" and (counts or t.value != "1")} - ours
    modal = {"allow", "oblige"}
    return bool(figures) or bool(ours & modal and theirs & modal and ours & modal != theirs & modal)


def _opposed(law: Sequence[_Token], copy: Sequence[_Token]) -> bool:
    """Whether a word's opposite is put for it."""
    ours, theirs = {t.value for t in law if t.kind == "side"}, {t.value for t in copy if t.kind == "side"}
    return any(_reading()[1][word] in theirs - ours for word in ours - theirs)


def _tokens(text: str) -> list[_Token]:
    out = []
    for match in _reading()[0].finditer(_ASIDE.sub("", text)):
        kind, value = match.lastgroup or "", match[0]
        if match["figure"]:
            kind, value = "figure", str(numerals.quantity(match["figure"]) or match["figure"])
        elif kind and kind != "side":
            value = kind
        out.append(_Token(kind, value, match[0]))
    return out


def _values(tokens: Sequence[_Token]) -> list[str]:
    return [t.value for t in tokens]


def _written(tokens: Sequence[_Token]) -> str:
    return "".join(t.written for t in tokens)


@lru_cache(maxsize=1)
def _reading() -> tuple[re.Pattern[str], dict[str, str]]:
    """How a text is cut into tokens, and the opposites of words."""
    words = tables.denials()
    opposites = {a: b for pair in tables.contraries().opposites for a, b in (pair, pair[::-1])}
    deny = tables.any_of(*words.forbid, *words.spare, "不准许", "不予", "没有")
    token = (
        rf"(?P<deny>{deny}|不(?![动仅但同论管])|没(?!收)|[未无勿])|(?P<affirm>有(?=效))"
        rf"|(?P<allow>{tables.any_of(*words.allow, '准许')})|(?P<oblige>{tables.any_of(*words.oblige)})"
        rf"|(?P<side>{tables.any_of(*opposites)})"
        rf"|(?:百分之)?(?P<figure>(?<=分之){_NUMBER}|{_NUMBER}(?={_COUNTED}))|[\u4e00-\u9fff\d]"
    )
    return re.compile(token), opposites
