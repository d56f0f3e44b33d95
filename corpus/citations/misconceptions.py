"""What is often falsely said of an article, as misconceptions.toml has it, and what the article says instead.

A false form is a few words in order, in one sentence, with nothing between them that denies. Words of the table that
mean the same are read as one, so 能 fits 可以 and 不能 does not. A sentence with a true form of the entry, one that
denies, or one that tells of a mistake is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from corpus.citations import tables
from corpus.reference import Reference

_SENTENCE = re.compile(r"[^。;；!！\n]+")
_DENYING = "不没未无非免勿莫"
_GAP = rf"[^{_DENYING}]{{0,14}}?"  # what may stand between two words of a form
_DENIED = re.compile(
    "(?:并非|并?不是|并不|不等于|不代表|不意味着|不能说|不能因为|别信|误以为|误认为|误传)[^,，]{0,12}$"
    rf"|[{_DENYING}][^,，:：]{{0,6}}$"
)
_MISTAKEN = re.compile(
    "错[的了误]|(?<!对)不对(?!外)|(?<!不)违法|不合法|(?<!不)违反|(?<!否则)不成立|(?<!否则)无效|没有(?:法律)?依据|不实|谣|误[传解]"
)
_ASKED = re.compile(r"(?:(?<![对是的确])[吗么]|[^吗么对][?？])\s*$")  # not 对吗: that asks whether it says so
_WHOLE = 0.5  # the share of a sentence that a form must have under another article's number


@dataclass(frozen=True, slots=True)
class Misconception:
    """An article, what it `says` in our own words, and whether the text only asks whether it says otherwise."""

    article: Reference
    says: str
    asked: bool


def misconception(
    cited: Sequence[Reference], claims: Sequence[str], *, elsewhere: bool = False
) -> Misconception | None:
    """What `claims` falsely say of the articles that are `cited`; `elsewhere`: or of another one of their law."""
    entries = _entries().get(cited[0].law, ())
    sentences = [_canonical(sentence) for claim in dict.fromkeys(claims) for sentence in _SENTENCE.findall(claim)]
    own = [one for one in entries if one.article in cited]
    others = [one for one in entries if one.everywhere] if elsewhere else []
    found = (one.found(sentence, one.false) for one in own for sentence in sentences)
    more = (one.found(sentence, one.everywhere, _WHOLE) for one in others for sentence in sentences)
    return next(filter(None, chain(found, more)), None)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the table: its forms as patterns."""

    article: Reference
    says: str
    false: re.Pattern[str] | None
    everywhere: re.Pattern[str] | None
    true: re.Pattern[str] | None

    def found(self, sentence: str, forms: re.Pattern[str] | None, share: float = 0) -> Misconception | None:
        """What a sentence says falsely by one of the forms, which must be such a share of it."""
        if forms is None or (self.true and self.true.search(sentence)):
            return None
        for match in forms.finditer(sentence):
            denied = _DENIED.search(sentence, 0, match.start()) or _MISTAKEN.search(sentence, match.end())
            if not denied and len(match[0]) >= share * len(sentence):
                return Misconception(self.article, self.says, bool(_ASKED.search(sentence)))
        return None


def _canonical(text: str) -> str:
    """A text with the words that mean the same written as one."""
    pattern, heads = _same()
    return pattern.sub(lambda m: heads[m[0]], text)


@lru_cache(maxsize=1)
def _same() -> tuple[re.Pattern[str], Mapping[str, str]]:
    heads = {word: head for head, words in tables.misconceptions().same.items() for word in (head, *words)}
    return re.compile("|".join(map(re.escape, sorted(heads, key=len, reverse=True)))), heads


def _forms(forms: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of any of the forms: 利息 可以 先扣|扣除. None of none."""
    return re.compile("|".join(map(_form, forms))) if forms else None


def _form(words: str) -> str:
    parts = ("|".join(re.escape(_canonical(one)) for one in part.split("|")) for part in words.split())
    return f"(?<![{_DENYING}])" + _GAP.join(f"(?:{part})" for part in parts)


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, Sequence[_Entry]]:
    """The entries by law."""
    out: dict[str, list[_Entry]] = {}
    for one in tables.misconceptions().misconception:
        entry = _Entry(one.reference, one.says, *map(_forms, (one.false, one.everywhere, one.true)))
        out.setdefault(entry.article.law, []).append(entry)
    return out
