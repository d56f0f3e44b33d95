"""What a near copy of the law changes of its meaning: a denial, a permission, a duty or a figure.

Words are compared as tokens: all ways to deny are one token, all to allow one, and a figure is its value,
so that 不能 for 不得 and 3年 for 三年 are no change, while 可以 for 不得 and 五年 for 三年 are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from corpus import numerals
from corpus.reference import Reference
from corpus.statutes import Article

_SENTENCE = re.compile(r"[。;；:：?？!！…\n]+|\.{3,}|--")
_ITEM = re.compile(rf"[(（][{numerals.CHARACTERS}]+[)）]")
_TOKEN = re.compile(
    r"(?P<deny>不(?:得|可以?|能|准许?|许|允许|应当?|该|必|予)|禁止|严禁|无权|没有|不(?![动仅但同论管])|没(?!收)|[未无勿])"
    r"|(?P<allow>可以|允许|准许|有权|能够)|(?P<oblige>应当|应该|必须)"
    rf"|(?:百分之)?(?P<figure>[{numerals.CHARACTERS}]+)(?P<times>[万亿]?)|[\u4e00-\u9fff]"
)
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
NEAR = 80.0  # a sentence this close to a part of an article is a copy of it
_SHORTEST = 6  # tokens of a sentence that is compared
_LONGEST = 4  # tokens of one change; what is longer is a part left out or put in


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in the article, and what the copy has in its place."""

    article: Reference
    law: str
    copy: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # deny, allow, oblige, figure, or empty
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
        if (swap or (not swaps and max(len(ours), len(theirs)) <= _LONGEST)) and _weighs(ours, theirs):
            behind = not swap or ours[0].kind == "figure"  # 三年, 未按: a word more says what is meant
            return _written(law[left : block.a + behind]), _written(copy[right : block.b + behind])
        left, right = block.a + block.size, block.b + block.size
    return None


def _weighs(law: Sequence[_Token], copy: Sequence[_Token]) -> bool:
    """Whether one stretch put for another changes the meaning; leaving out a figure, 可以 or 应当 may be shortening."""
    ours, theirs = {t.value for t in law if t.kind}, {t.value for t in copy if t.kind}
    if ("deny" in ours) != ("deny" in theirs):
        return True
    figures = {t.value for t in copy if t.kind == "figure"} - ours
    modal = {"allow", "oblige"}
    return bool(figures) or bool(ours & modal and theirs & modal and ours & modal != theirs & modal)


def _tokens(text: str) -> list[_Token]:
    out = []
    for match in _TOKEN.finditer(_ITEM.sub("", text)):
        kind, value = match.lastgroup or "", match[0]
        if match["figure"]:
            kind, value = "figure", _value(match["figure"], match["times"])
        elif kind:
            value = kind
        out.append(_Token(kind, value, match[0]))
    return out


def _value(written: str, times: str) -> str:
    number = int(written) if written.isdecimal() else numerals.parse(written)
    return f"{written}{times}" if number is None else str(number * _TIMES[times])


def _values(tokens: Sequence[_Token]) -> list[str]:
    return [t.value for t in tokens]


def _written(tokens: Sequence[_Token]) -> str:
    return "".join(t.written for t in tokens)
