"""What a near copy of the law changes of its meaning: a denial, a permission, a duty, a figure or an opposite.

Words are compared as tokens: all ways to deny are one token, all to allow one, and a figure is its value,
so that 不能 for 不得 and 3年 for 三年 are no change, while 可以 for 不得 and 五年 for 三年 are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
#: Words that say nothing by themselves, so that one may stand for another.
_EMPTY = re.compile(
    "一[律切]|[的之了和与及或者以其该此这那本即则而且也并等中里内由从自于在对向为是将把被使所地着过就都还又各个]"
)
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
    found = ((article, _change(law, copy, swaps)) for article, law, copy in _copies(words, articles))
    return next((Change(article, *change) for article, change in found if change), None)


def reworded(words: str, articles: Sequence[Article]) -> Change | None:
    """The first words of matter put inside a sentence that is nearly a copy of the articles, None where there are none.

    What is cut off at an end, left out inside, or made of words that say nothing is none.
    """
    for article, law, copy in _copies(words, articles):
        for ours, theirs, after in _gaps(law, copy):
            said, put = (_EMPTY.sub("", _written(part)) for part in (law[ours], copy[theirs]))
            put_in = not said and len(put) > 1
            put_for = said and put and max(len(said), len(put)) <= _LONGEST
            if ours.start and after and (put_in or put_for):
                return Change(article, _around(law, ours), _around(copy, theirs))
    return None


def _copies(words: str, articles: Sequence[Article]) -> Iterator[tuple[Reference, Sequence[_Token], Sequence[_Token]]]:
    """Each sentence that is nearly a copy of a part of the articles: the article, that part, and the sentence."""
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
        yield articles[i].reference, texts[i][start : max(at.dest_end, at.dest_start + len(copy))], copy


def _gaps(law: Sequence[_Token], copy: Sequence[_Token]) -> Iterator[tuple[slice, slice, int]]:
    """Where the two differ: the place in each, and how many tokens they share behind it."""
    left = right = 0
    for block in Levenshtein.opcodes(_values(law), _values(copy)).as_matching_blocks():
        yield slice(left, block.a), slice(right, block.b), block.size
        left, right = block.a + block.size, block.b + block.size


def _change(law: Sequence[_Token], copy: Sequence[_Token], swaps: bool) -> tuple[str, str] | None:
    for there, here, after in _gaps(law, copy):
        ours, theirs = law[there], copy[here]
        swap = len(ours) == len(theirs) == 1 and bool(ours[0].kind and theirs[0].kind)
        inside = there.start and after
        short = max(len(ours), len(theirs)) <= (_LONGEST if inside else _LONGEST_AT_END)
        if (swap or (short and (not swaps or _opposed(ours, theirs)))) and _weighs(ours, theirs):
            ahead = 0 if ours and theirs else 2  # 没有利息, 三年: a word more says what is meant
            behind = 2 if not swap or (after and law[there.stop].written in _LONG_UNIT) else 1
            behind = behind if not swap or ours[0].kind in ("figure", "affirm") or theirs[0].kind == "affirm" else 0
            return _around(law, there, ahead, behind), _around(copy, here, ahead, behind)
    return None


def _weighs(law: Sequence[_Token], copy: Sequence[_Token]) -> bool:
    """Whether one stretch put for another changes the meaning; leaving out a figure, 可以 or 应当 may be shortening.

    一 where the article counts nothing is an article of grammar: 任何一个人 for 任何人.
    """
    ours, theirs = {t.value for t in law if t.kind}, {t.value for t in copy if t.kind}
    if ("deny" in ours) != ("deny" in theirs):
        return True
    if _opposed(law, copy) or (not law and any(t.written in tables.contraries().limits for t in copy)):
        return True
    counts = any(t.kind == "figure" for t in law)
    figures = {t.value for t in copy if t.kind == "figure" and (counts or t.value != "1")} - ours
    modal = {"allow", "oblige"}
    return bool(figures) or bool(ours & modal and theirs & modal and ours & modal != theirs & modal)


def _opposed(law: Sequence[_Token], copy: Sequence[_Token]) -> bool:
    """Whether a word of another effect in law is put for one."""
    ours, theirs = {t.value for t in law if t.kind == "effect"}, {t.value for t in copy if t.kind == "effect"}
    return any(_reading()[1].get(word, frozenset()) & (theirs - ours) for word in ours - theirs)


def _tokens(text: str) -> list[_Token]:
    out = []
    for match in _reading()[0].finditer(_ASIDE.sub("", text)):
        kind, value = match.lastgroup or "", match[0]
        if match["figure"]:
            kind, value = "figure", str(numerals.quantity(match["figure"]) or match["figure"])
        elif kind and kind != "effect":
            value = kind
        out.append(_Token(kind, value, match[0]))
    return out


def _values(tokens: Sequence[_Token]) -> list[str]:
    return [t.value for t in tokens]


def _written(tokens: Sequence[_Token]) -> str:
    return "".join(t.written for t in tokens)


def _around(tokens: Sequence[_Token], place: slice, ahead: int = 2, behind: int = 2) -> str:
    """What stands at a place, with so many tokens before and behind it."""
    return _written(tokens[max(0, place.start - ahead) : place.stop + behind])


@lru_cache(maxsize=1)
def _reading() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """How a text is cut into tokens, and the words of another effect that may be put for a word."""
    words, table = tables.denials(), tables.contraries()
    others: dict[str, frozenset[str]] = {}
    for group in table.effects:
        others |= {word: others.get(word, frozenset()) | frozenset(group) - {word} for word in group}
    deny = tables.any_of(*words.forbid, *words.spare, "不准许", "不予", "没有")
    token = (
        rf"(?P<deny>{deny}|不(?![动仅但同论管])|没(?!收)|[未无勿])|(?P<affirm>有(?=效))"
        rf"|(?P<allow>{tables.any_of(*words.allow, '准许')})|(?P<effect>{tables.any_of(*others, *table.limits)})"
        rf"|(?P<oblige>{tables.any_of(*words.oblige)})"
        rf"|(?:百分之)?(?P<figure>(?<=分之){_NUMBER}|{_NUMBER}(?={_COUNTED}))|[\u4e00-\u9fff\d]"
    )
    return re.compile(token), others
