"""Citations, right and wrong, and how the check of them is scored; nothing of search is needed for it.

A labelled set (tests/corpus/citations.jsonl), quotations made from the statutes at run time, superseded texts, and the
cards' own texts, whose citations are all right.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.annotate import annotate
from corpus import numerals
from corpus.cards import load_cards
from corpus.citations import Checked, Judge, check, tables
from corpus.citations.align import old_articles
from corpus.reference import Reference
from corpus.sources import RawArticle
from corpus.statutes import Article, Statutes

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
LABELLED = CORPUS / "citations.jsonl"
LONG, LONG_SECOND = CORPUS / "long-texts.jsonl", CORPUS / "long-texts-second.jsonl"


@dataclass(frozen=True)
class Case:
    """A text with one citation to judge. `right` are the articles to cite; () where it is right as it is."""

    made: str
    text: str
    cited: Reference
    status: str
    right: tuple[Reference, ...] = ()


def labelled(split: str = "all") -> Iterator[Case]:
    """The hand-made sets. `split`: dev or hard-dev (thresholds were set on them), test or hard-test, or all."""
    for line in LABELLED.open(encoding="utf-8"):
        row = json.loads(line)
        if split not in ("all", row["split"]):
            continue
        cited = Reference(row["law"], row["number"], row["suffix"])
        bare = f"{cited.law}第{cited.number}条" + (f"之{numerals.chinese(cited.suffix)}" if cited.suffix else "")
        text = row["text"].replace("{cite}", str(cited)).replace("{bare}", bare)
        yield Case(row["made"], text, cited, row["status"], tuple(Reference.of_key(*now.split()) for now in row["now"]))


def long_texts(path: Path) -> Iterator[Case]:
    """Texts as they go round, three to nine citations each, by an author who had seen nothing of the checker."""
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        for one in row["citations"]:
            cited = Reference(one["law"], one["number"], one["suffix"])
            yield Case(f"long texts, {one['kind']}", row["text"], cited, "ok" if one["right"] else "mismatch")


def quoted(statutes: Statutes, sample: int, seed: int = 1) -> Iterator[Case]:
    """Real articles quoted in several ways, with the right number and with another of the same law."""
    rng = random.Random(seed)
    articles = [a for a in statutes.articles() if len(a.text) >= 30]
    for article in rng.sample(articles, min(sample, len(articles))):
        for text, style in _quotations(article, article.reference, rng):
            yield Case(f"quoted, right number, {style}", text, article.reference, "ok")
        statute = statutes.by_name[article.law]
        other = rng.choice(statute.articles).reference
        if other != article.reference and not _alike(statutes, other, article):
            for text, style in _quotations(article, other, rng):
                yield Case(f"quoted, number altered, {style}", text, other, "mismatch", (article.reference,))


#: What is changed in a quotation, and what for: what forbids, allows, obliges, and figures.
TURNS = (
    ("不得", "可以"),
    ("禁止", "允许"),
    ("可以", "不可以"),
    ("应当", "可以"),
    ("未", ""),
    ("三", "五"),
    ("十", "二十"),
)


def turned(statutes: Statutes, sample: int, seed: int = 3) -> Iterator[Case]:
    """Sentences quoted under their right number with one word changed that changes their meaning."""
    rng = random.Random(seed)
    articles = [a for a in statutes.articles() if len(a.text) >= 30]
    for article in rng.sample(articles, min(sample, len(articles))):
        for old, new in TURNS:
            said = [
                s for s in re.split("[。；：\n]", article.text) if re.search(f"(?<![（第]){old}", s) and len(s) >= 12
            ]
            if said:
                text = f"{article.reference}规定：“{re.sub(f'(?<![（第]){old}', new, rng.choice(said), count=1)}。”"
                made = f"quoted, {old} -> {new or 'nothing'}"
                yield Case(made, text, article.reference, "mismatch", (article.reference,))


def superseded(source: str, law: str) -> Iterator[Case]:
    """Every article of an older version whose number changed, quoted under its old number; and those
    that kept it, which are right as they are."""
    rng = random.Random(2)
    adopted, old = old_articles(source)
    numbering = next(v for v in tables.superseded()[law] if v.complete and _covers(v, adopted))
    for raw in old:
        cited = Reference(law, raw.number, raw.suffix)
        now = numbering.successors(cited.key) or ()
        if not now or len(raw.text) < 20:
            continue
        for text, style in _quotations(raw, cited, rng):
            if now == (cited,):
                yield Case(f"{law} {adopted}, number kept, {style}", text, cited, "ok")
            elif cited not in now:
                yield Case(f"{law} {adopted}, number changed, {style}", text, cited, "renumbered", now)


def _covers(numbering: tables.Numbering, adopted: str) -> bool:
    return date.fromisoformat(adopted) in numbering.adopted


def _alike(statutes: Statutes, other: Reference, article: Article) -> bool:
    found = statutes.article(other)
    return found is None or found.text[:20] == article.text[:20]


def _quotations(article: Article | RawArticle, cited: Reference, rng: random.Random) -> list[tuple[str, str]]:
    """(text, style) of some ways in which people quote."""
    lines = [line for line in article.text.split("\n") if line]
    sentences = [s + "。" for line in lines for s in line.split("。") if len(s) >= 12] or [article.text]
    one, whole = rng.choice(sentences), article.text.replace("\n", "")
    out = [
        (f"{cited}规定：“{one}”", "a sentence"),
        (f"根据{cited}规定，“{whole[:300]}”，所以平台这样做不对。", "whole"),
        (f"法律依据：\n{cited}　{article.text}\n", "copied without marks"),
        (f"“{one}”（{cited}）", "before"),
    ]
    if len(whole) > 80:
        out.append((f"{cited}明确规定“{whole[:30]}……{whole[-30:]}”。", "with an ellipsis"))
    return out


@dataclass
class Score:
    """Counts of one kind of case."""

    total: int = 0
    flagged: int = 0
    missed: int = 0
    named: int = 0  # with the status that was wanted
    first: int = 0
    among: int = 0

    def add(self, case: Case, one: Checked | None) -> bool:
        """Count a case; True where it went wrong."""
        self.total += 1
        flagged = one is not None and one.status != "ok"
        self.flagged += flagged
        self.missed += one is None
        self.named += one is not None and one.status == case.status
        now = [r.article for r in one.now] if one else []
        self.first += bool(now) and now[0] in case.right
        self.among += any(r in case.right for r in now)
        return one is None or flagged == (case.status == "ok")

    def line(self, right: bool) -> str:
        def share(count: int) -> str:
            return f"{count / self.total:.1%}"

        if right:
            return f"{self.total:5} right, flagged {self.flagged} ({share(self.flagged)}), not found {self.missed}"
        return (
            f"{self.total:5} wrong, flagged {share(self.flagged)}, status as wanted {share(self.named)}, "
            f"right article first {share(self.first)}, among them {share(self.among)}"
        )


def score(
    cases: Iterable[Case], statutes: Statutes, judge: Judge | None = None, show: bool = False
) -> dict[tuple[str, bool], Score]:
    """Check every case; scores by (how it was made, whether the citation was right)."""
    scores: dict[tuple[str, bool], Score] = {}
    for case in cases:
        checked = check(case.text, statutes, judge=judge)
        one = next((c for c in checked if c.reference and c.reference.article == case.cited), None)
        if scores.setdefault((case.made, case.status == "ok"), Score()).add(case, one) and show:
            said = f"{one.status} {'、'.join(map(str, one.now))}" if one else "not found"
            print(f"    {case.text[:120]!r} -> {said}; wanted {case.status} {'、'.join(map(str, case.right))}")
    return scores


def flagged_in_cards(statutes: Statutes, judge: Judge | None = None, show: bool = False) -> tuple[int, int]:
    """Citations in the cards' own texts, all of them right: how many are flagged, of how many."""
    flagged = total = 0
    for card in load_cards().values():
        checked = check("\n\n".join(card.sections.values()), statutes, judge=judge)
        wrong = [c for c in checked if c.alarm]
        flagged, total = flagged + len(wrong), total + len(checked)
        for one in wrong if show else ():
            print(f"    {card.id}: {one.written} -> {one.status} {'、'.join(map(str, one.now))}")
    return flagged, total


def speed(statutes: Statutes, judge: Judge | None = None, most: int = 1_000_000) -> tuple[float, int, int]:
    """Seconds to check so many bytes (UTF-8) of text that never repeats, its characters and citations."""
    rng = random.Random(5)
    articles = list(statutes.articles())
    honest = [c.text for c in labelled()]
    pieces: list[str] = []
    size = 0
    while size < most:
        article = rng.choice(articles)
        chatter = f"催收的人又打来电话，我很害怕，第{rng.randint(1, 9)}条短信说要上门。"
        piece = f"{article.reference}规定，{article.text[:120]}\n{rng.choice(honest)}{chatter}\n"
        pieces.append(piece)
        size += len(piece.encode())
    text = "".join(pieces)
    check("《民法典》第一条", statutes)
    begin = time.perf_counter()
    found = check(text, statutes, judge=judge)
    return time.perf_counter() - begin, len(text), len(found)


def growth(statutes: Statutes) -> dict[str, float]:
    """By hostile unit: how many times as long four times the text takes; what grows by the square takes sixteen."""
    times: dict[str, list[float]] = {}
    for unit in ("民法典第五条。该条规定", "`民法典第五条`", "[" * 20, "《刑法》（以下简称甲乙）甲乙第五条"):
        for count in (1000, 4000):
            text = unit * count
            begin = time.perf_counter()
            annotate(text, check(text, statutes), statutes)
            times.setdefault(unit, []).append(time.perf_counter() - begin)
    return {unit: long / short for unit, (short, long) in times.items()}
