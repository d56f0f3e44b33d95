"""Figures with a unit that a claim has and the article has otherwise: 五百元以下罚款 for 一千元以下罚款."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import numerals
from corpus.citations.matters import last_crime
from corpus.citations.wording import Change
from corpus.statutes import Article

_FIGURE = rf"(?P<percent>百分之)?(?P<n>[{numerals.CHARACTERS}]+[万亿]?)(?P<unit>%|个月|[日天年元倍])?"
_PENALTY = re.compile(rf"{_FIGURE}以下的?(?P<kind>有期徒刑|行政拘留|拘留|罚款|罚金)")
_TERM = re.compile(
    rf"(?:诉讼时效|时效期间|保证期间|执行的?期间|年?利率|赔偿|工资|不足)[^,，.。;；:：、\n{numerals.CHARACTERS}]{{0,14}}(?P<figure>{_FIGURE})"
)
_PAY = re.compile(rf"(?P<figure>{_FIGURE})(?<=倍)(?=的?(?:工资|价款|赔偿))")
_RATE = re.compile(r"利率[^,，。;；]{0,4}(?:超过|高于|为|是)")
_AGREED = re.compile("(?<!没有)(?<!未)约定(?!不)|写明|写着|说好")  # what people agreed is not what the law says
_ANY = re.compile(_FIGURE)
_TIME = {"日", "天", "个月", "年"}


def penalty(claim: str, article: Article) -> Change | None:
    """The penalty that the claim puts for another of its kind.

    None where the claim has a figure that is the article's, or the penalty is another crime's than the article's.
    """
    there, named = _penalties(article.text), {_value(m) for m in _ANY.finditer(claim)}
    for (kind, unit), figures in _penalties(claim).items():
        right = there.get((kind, unit), {})
        if right and not any((number, unit) in named for number in right):
            copy = next(iter(figures.values()))
            crime = last_crime(claim[: claim.index(copy)])
            if crime is None or article.reference in crime.articles:
                return Change(article.reference, next(iter(right.values())), copy)
    return None


def missing(claim: str, articles: Sequence[Article]) -> str:
    """A period, sum or share in the claim that no article has, though one has others; empty where there is none."""
    there = {_value(m) for a in articles for m in _ANY.finditer(a.text)}
    said = [(m["figure"], _value(m)) for of in (_TERM, _PAY) for m in of.finditer(claim)]
    if _AGREED.search(claim) or any(value in there for _, value in said):
        return ""
    units = {unit for _, unit in there}
    units |= _TIME if units & _TIME else set()
    units |= {"%"} if _RATE.search(claim) else set()
    return next((written for written, (_, unit) in said if unit and unit in units), "")


def _penalties(text: str) -> dict[tuple[str, str], dict[float | None, str]]:
    """What a text threatens: by kind and unit the figures, as they are written."""
    out: dict[tuple[str, str], dict[float | None, str]] = {}
    for match in _PENALTY.finditer(text):
        number, unit = _value(match)
        if number and unit:
            out.setdefault((match["kind"].removeprefix("行政"), unit), {})[number] = match[0]
    return out


def _value(match: re.Match[str]) -> tuple[float | None, str]:
    unit = "%" if match["percent"] else match["unit"] or ""
    return numerals.quantity(match["n"]), "日" if unit == "天" else unit
