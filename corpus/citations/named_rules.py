"""Names of crimes, rights and rules that stand right beside a citation: 诈骗罪（刑法第266条）, 刑法第266条规定了诈骗罪.

named_rules.toml has the articles to which each name belongs. It says so where two or three words are too few to be
weighed by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus.citations import tables
from corpus.citations.likeness import content, plain
from corpus.reference import Reference
from corpus.statutes import Article

_CRIME = "罪"
_SAYS_MORE = 2  # characters beside the name of a crime that say what of it is spoken of: 未遂, 缓刑, 报案
_SAYS = (
    r"[》”\"】]?(?:的|之|中|里)?(?:明确|专门|就|也|所)?(?:规定|讲|说|写|指|管|对应|禁止)?(?:的|了)?"
    r"(?:就|正|便)?(?:是|为)?"
    r"(?:[ \u3000,:|(\[【“\"]|--)*"
    r"(?:[,，]?(?:其行为|行为人?|已经?|均|即|就|也|应当?|依法)*"
    r"(?:构成|成立|触犯|涉嫌|犯)了?(?:的是)?[“\"]?)?"
)
_ENDS = r"(?=$|[吧吗]|对[吗不]|[\s,.。;:!?、)）|”\"\]】]|的?(?:罪|刑|处罚|规定|认定|构成|最高|无效|期间?))"
_STARTS = r"(?:^|[\s,。;:!?|(（“\"】*]|(?<![不非未])(?:构成|涉嫌|触犯|犯|属于|定))"
_OPENS = r"(?:^|[。;:!?\n])[\s*]*"
_LEADS = (
    r"[”\"]?[\s*]*(?:[(（|:,]|--)[\s|]*(?:参?见|依据|根据|依照|按照|依|按|法律依据|规定在)?[:：]?\s*"
    r"(?:我国|现行)?[《“]?$"
)
_LEADS_RULE = r"[”\"]?\s*[(（|:][\s|]*(?:参?见|依据|根据|法律依据|规定在)?[:：]?\s*(?:我国|现行)?[《“]?$"


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A name as the table has it, and the articles to which it belongs."""

    name: str
    articles: tuple[Reference, ...]

    @property
    def is_crime(self) -> bool:
        return self.name.endswith(_CRIME)

    def may_stand_at(self, article: Article) -> bool:
        """Whether the name is not wrong there: the article has the word, or it refers to one of the name's articles.

        So it has where a heading over it does, unless the table gives the article another name: 自首和立功 are two.
        """
        if article.reference in self.articles:
            return True
        word = re.sub(f"{_CRIME}$", "", self.name).replace("、", "")
        headings = () if article.reference in _placed() else article.path
        words = "\n".join((article.text, *headings)).replace("、", "")
        return word in words or any(f"本法{one.locator}" in article.text for one in self.articles)


def beside(law: str, before: str, after: str) -> tuple[NamedRule, ...]:
    """The names that stand right before and right after a citation of `law`."""
    known = _patterns().get(law)
    if known is None:
        return ()
    behind, ahead, table = known
    found = (ahead.search(before), behind.match(after))
    return tuple(table[m["name"].replace("、", "")] for m in found if m)


def named(law: str, text: str) -> NamedRule | None:
    """The name of the table that stands in a text which is about `law`, the longest where there are several."""
    words = text.replace("、", "")
    found = [one for one in by_law().get(law, ()) if one.name.replace("、", "") in words]
    return max(found, key=lambda one: len(one.name), default=None)


def without_crimes(claim: str, *, bare: bool) -> str:
    """A claim without the names of crimes in it, as it stands where it says nothing else.

    `bare`: they go without their 罪 too, as before an article of criminal law and procedure.
    """
    rest = _crimes(bare=bare).sub(" ", claim)
    return rest if len(plain(content(rest))) >= _SAYS_MORE else claim


def last_crime(text: str) -> NamedRule | None:
    """The crime of the table that a text names last, None where it names none."""
    found = [m[0].replace("、", "") for m in _crimes(bare=False).finditer(text)]
    return next((one for one in by_law()["刑法"] if found and one.name.replace("、", "") == found[-1]), None)


@lru_cache(maxsize=2)
def _crimes(*, bare: bool) -> re.Pattern[str]:
    crimes = [one.name.removesuffix(_CRIME) for one in by_law()["刑法"] if one.name.endswith(_CRIME)]
    words = "|".join(re.escape(one).replace("、", "、?") for one in sorted(crimes, key=len, reverse=True))
    return re.compile(f"(?:{words}){_CRIME}{'?' if bare else ''}")


@lru_cache(maxsize=1)
def _placed() -> frozenset[Reference]:
    """The articles that have a name in the table."""
    return frozenset(r for names in by_law().values() for one in names for r in one.articles)


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str], Mapping[str, NamedRule]]]:
    out = {}
    for law, names in by_law().items():
        longest = sorted((one.name for one in names), key=len, reverse=True)
        name = "(?P<name>" + "|".join(re.escape(one).replace("、", "、?") for one in longest) + ")"
        lead = f"(?(opens){_LEADS}|(?:(?<={_CRIME}){_LEADS}|{_LEADS_RULE}))"
        before = f"(?:(?P<opens>{_OPENS})|{_STARTS}){name}{lead}"
        table = {one.name.replace("、", ""): one for one in names}
        out[law] = re.compile(f"{_SAYS}{name}{_ENDS}"), re.compile(before), table
    return out


@lru_cache(maxsize=1)
def by_law() -> Mapping[str, tuple[NamedRule, ...]]:
    """The table by law."""
    table = tables.named_rules().items()
    return {law: tuple(NamedRule(name, articles) for name, articles in names.items()) for law, names in table}
