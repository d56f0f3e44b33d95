"""Figures with a unit that a claim has and the article has otherwise: 五百元以下罚款 for 一千元以下罚款."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import numerals
from corpus.citations import tables
from corpus.citations.assessment import Assessment
from corpus.citations.changes import Change
from corpus.citations.cited import Cited
from corpus.citations.named_rules import last_crime
from corpus.statutes import Article

_PENALTY = re.compile(
    rf"(?:(?P<low>{numerals.QUANTITY})(?:个月|[日天年元])以上)?(?P<n>{numerals.QUANTITY})(?P<unit>个月|[日天年元])以下的?"
    r"(?P<kind>有期徒刑|行政拘留|拘留|罚款|罚金)"
)
_LOW = re.compile(rf"{numerals.QUANTITY}(?:个月|[日天年元])以上(?={numerals.QUANTITY}(?:个月|[日天年元])以下)")
_RATE = re.compile(r"利率[^,，。;；]{0,4}(?:超过|高于|为|是)")
_CLAUSE = re.compile(r"[,，。;；\n]+")
_BEFORE = 8  # characters before a figure in which it is said to be one of the law
_WHOLE = {"百": 100.0, "千": 1_000.0, "万": 10_000.0}  # what a share is of, without the 一 before it
_PLACES = 6  # of a value: 57 % and 百分之五十七 are the same
_YEARS = 1000  # from here on 年 is a date
_SUM = 100  # from here on what 赔 names is a sum: 赔三, 赔五百
SHARE, MONEY, TIMES, PERIOD, LIFE = "比例", "金额", "倍数", "期间", "刑罚"
_PLAIN = {SHARE, TIMES, "工资"}  # kinds that are always held against the law
_LIFE = {"有期徒刑": 1.0, "无期": 2.0, "死刑": 3.0}
_DOUBLE = {"加倍": 2.0, "双倍": 2.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: what it measures, how much in the smallest unit, and its place."""

    kind: str
    value: float
    written: str
    start: int
    end: int


def other_penalty(cited: Cited) -> Assessment | None:
    """The penalty that the claim puts for the one that the article cited has; None where that is open."""
    article, evidence = cited.only, cited.evidence
    change = _penalty(evidence.primary, article) if article and evidence.single else None
    return Assessment(change=change) if change else None


def _penalty(claim: str, article: Article) -> Change | None:
    """The penalty that the claim puts for another of its kind.

    None where the claim has a figure that is the article's, or the penalty is another crime's than the article's.
    """
    there = _penalties(article.text)
    named = {(f.kind, f.value) for f in figures(_LOW.sub("", claim))}
    for kind, said in _penalties(claim).items():
        right = there.get(kind, {})
        if right and not any((of, value) in named for _, of, value in right):
            (low, _, _), copy = next(iter(said.items()))
            if not _of_another(claim[: claim.index(copy)], [article]):
                graded = [written for (least, _, _), written in right.items() if least == low and low]
                return Change(article.reference, "、".join(graded or right.values()), copy)
    return None


def missing(claim: str, articles: Sequence[Article]) -> str:
    """A period, sum or share in the claim that no article has, though one has others; empty where there is none.

    A clause that has a figure of that kind which is an article's is left alone.
    """
    norms = _norms()
    if norms.agreed.search(claim):
        return ""
    there = {(f.kind, f.value) for a in articles for f in figures(a.text)}
    kinds = {kind for kind, _ in there} | ({SHARE} if _RATE.search(claim) else set())
    for clause in _CLAUSE.split(claim):
        said = [f for f in figures(clause) if f.kind in kinds]
        right = {f.kind for f in said if (f.kind, f.value) in there}
        for one in said:
            if one.kind in right or not norms.of_law(one, clause):
                continue
            if not _of_another(claim[: claim.index(clause)] + clause[: one.start], articles):
                return one.written
    return ""


def _of_another(before: str, articles: Sequence[Article]) -> bool:
    """Whether what follows `before` is said of a crime that none of the articles is about."""
    crime = last_crime(before)
    return crime is not None and not any(article.reference in crime.articles for article in articles)


def _penalties(text: str) -> dict[str, dict[tuple[float | None, str, float], str]]:
    """What a text threatens: by kind and unit the least and the most, as they are written."""
    out: dict[str, dict[tuple[float | None, str, float], str]] = {}
    for match in _PENALTY.finditer(text):
        most = next(figures(match["n"] + match["unit"]), None)
        if most:
            low = numerals.quantity(match["low"]) if match["low"] else None
            kind = match["kind"].removeprefix("行政") + match["unit"].replace("天", "日")
            out.setdefault(kind, {})[low, most.kind, most.value] = match[0]
    return out


def figures(text: str) -> Iterator[Figure]:
    """The figures of a text, in order."""
    norms = _norms()
    for match in norms.figure.finditer(text):
        written, (start, end) = match[0], match.span()
        if written in _LIFE:
            yield Figure(LIFE, _LIFE[written], written, start, end)
        elif written in _DOUBLE:
            yield Figure(TIMES, _DOUBLE[written], written, start, end)
        elif match["of"]:
            part, whole = numerals.quantity(match["part"]), _WHOLE.get(match["of"]) or numerals.quantity(match["of"])
            if part is not None and whole:
                kind = SHARE if part < whole else TIMES  # 百分之二百: 两倍
                yield Figure(kind, round(part / whole, _PLACES), written, start, end)
        elif match["fold"] or match["sum"]:
            if number := numerals.quantity(match["fold"] or match["sum"]):
                yield Figure(TIMES if match["fold"] and number < _SUM else MONEY, number, written, start, end)
        elif (number := 0.5 if match["n"] == "半" else numerals.quantity(match["n"])) is not None:
            kind, size = norms.units[match["unit"]]
            dated = kind == PERIOD and (number >= _YEARS or text.endswith("月", 0, start))
            once = written in ("一天", "一日") and not text.startswith(("内", "以"), end)  # 一天打三十个电话
            if match["and"] or match["half"]:  # 一个半月, 一年半
                number += 0.5
            if not (dated or once):
                yield Figure(kind, round(number * size, _PLACES), written, start, end)


def is_of_law(figure: Figure, clause: str) -> bool:
    """Whether a figure of a clause is said to be one of the law, not one of what happened."""
    norms = _norms()
    return not norms.agreed.search(clause) and norms.of_law(figure, clause)


class _Norms:
    """figures.toml, ready to be read with."""

    def __init__(self, table: tables.FigureTable) -> None:
        self.agreed = re.compile("|".join(table.agreed))
        self._before = re.compile(f"(?:{'|'.join(table.before)})")
        self._after = re.compile(f"(?:{'|'.join(table.after)})")
        self.units = {unit: (kind, size) for kind, units in table.units.items() for unit, size in units.items()}
        self.units["%"] = self.units["％"] = (SHARE, 0.01)
        unit = "|".join(map(re.escape, sorted(self.units, key=len, reverse=True))) + "|(?<=个半)月"
        self.units["月"] = self.units["个月"]
        ends = r"(?=$|[\s,，。;；、!！)）”])"
        #: Groups "of" and "part" (百分之十), "fold" (退一赔三), "sum" (最高罚五百万), or "n" and "unit", with
        #: "and" (一个半月) or "half" (一年半).
        self.figure = re.compile(
            rf"(?P<of>万|{numerals.QUANTITY})分之(?P<part>{numerals.QUANTITY})|{'|'.join((*_LIFE, *_DOUBLE))}"
            rf"|(?<=赔)(?P<fold>{numerals.QUANTITY}){ends}|(?:(?<=最[高低])|(?<=罚))(?P<sum>{numerals.QUANTITY}){ends}"
            rf"|(?P<n>(?<!个)半|(?<!第){numerals.QUANTITY})[多余]?(?:个(?P<and>半)?)?(?!成[为立年功交员不])(?P<unit>{unit})"
            r"(?P<half>半(?![夜数价截路途年月天个]))?"
        )

    def of_law(self, figure: Figure, clause: str) -> bool:
        """Whether a figure of a clause is said to be one of the law, not one of what happened."""
        if figure.kind in _PLAIN:
            return True
        before = clause[max(0, figure.start - _BEFORE) : figure.start]
        return bool(self._before.search(before) or self._after.match(clause, figure.end))


@lru_cache(maxsize=1)
def _norms() -> _Norms:
    return _Norms(tables.figures())
