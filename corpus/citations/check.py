"""Does the article say what the text says it says?

Three kinds of evidence, the stronger first: words that are quoted (or copied without marks) near a
citation; the version or day that the writer names; the words of the claim around it. A citation is
called wrong only where another article clearly carries the claim and the cited one does not; where
that is open it stays ok.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from corpus.cards import CardError, load_cards
from corpus.citations import tables
from corpus.citations.find import Found, Squeezed, find
from corpus.citations.labels import ELSEWHERE, LABELS
from corpus.citations.likeness import Index, closeness, content, plain
from corpus.citations.names import Names, behind_of, names_of
from corpus.citations.resolve import Resolved, Status, resolve
from corpus.reference import Reference
from corpus.statutes import Statutes


class Judge(Protocol):
    """Judges by meaning, such as a retriever with an encoder, on the scale of a cosine: 1 is nearest."""

    def similar(self, claim: str, law: str | None, k: int) -> Sequence[tuple[Reference, float]]:
        """The k articles nearest in meaning to a claim, of one law or (None) of all it knows, best first."""

    def score(self, claim: str, reference: Reference) -> float | None:
        """How near one article is; None where it does not know the article."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation and what became of it.

    status  ok, mismatch (the article says something else), renumbered (the number is an older
            version's), repealed, not_found (no such article, 款 or 项), unknown_law
    now     articles to cite instead, most important first
    by      laws to look into where no article can be named (a repealed law's successor, near names)
    note    why, in one sentence for the reader, in Chinese; may stand with ok
    """

    found: Found
    status: Status
    references: tuple[Reference, ...] = ()
    now: tuple[Reference, ...] = ()
    by: tuple[str, ...] = ()
    note: str = ""

    @property
    def span(self) -> tuple[int, int]:
        """Its place in the text: (start, end)."""
        return self.found.span

    @property
    def written(self) -> str:
        """As it stands in the text."""
        return self.found.written

    @property
    def law(self) -> str:
        """The official short name, or the name as written where it is not known."""
        return self.found.law or self.found.name

    @property
    def reference(self) -> Reference | None:
        """The article as cited, None where only a law is named."""
        return self.found.reference

    @property
    def label(self) -> str:
        """The status in words."""
        return ELSEWHERE if self.found.kind in ("elsewhere", "foreign") else LABELS[self.status]

    @property
    def alarm(self) -> bool:
        """Whether a reader should be warned: not for ok, nor for a real rule whose text we do not hold."""
        return self.status != "ok" and self.found.kind not in ("elsewhere", "foreign")

    def to_json(self) -> dict[str, Any]:
        """The shape of the contract. An entry of `now` that names only a law has number None."""
        reference = self.reference
        now: list[dict[str, Any]] = [{"law": r.law, "number": r.number, "suffix": r.suffix} for r in self.now]
        if not now and self.status == "repealed":
            now = [{"law": name, "number": None, "suffix": 0} for name in self.by]
        return {
            "span": list(self.span),
            "written": self.written,
            "law": self.law,
            "number": reference.number if reference else None,
            "suffix": reference.suffix if reference else 0,
            "status": self.status,
            "now": now,
            "note": self.note,
        }


# How sure is sure: calibrated on the dev half of tests/corpus/citations.jsonl, see benchmarks/citations.py.
QUOTE_OK = 85.0  # a quote this close to the cited article is its quote, whatever else is like it
QUOTE_FAR = 72.0  # … this far from it may be another's
QUOTE_FOUND = 72.0  # … this close to another article is that article's quote
QUOTE_LEAD = 12.0  # … if it is this much closer to the other
COPIED = 86.0  # the same for words without quotation marks
SUPPORTED = 0.45  # share of a claim's words in the cited article that settles it
CARRIED = 0.5  # share that another article must have to be said to carry the claim
FAR = 0.25  # the cited article's score against the best one's, below which it does not carry it
AVERAGE = 0.5  # … or its standing among the articles of its law, in standard deviations
CARRIED_GENERAL = 0.7  # … where the cited article is a general provision, which a special case may rest on
FAR_WIDE, CARRIED_WIDE = 0.2, 0.6  # the same two against all statutes at once
CLEAR = 3.5  # the best article's standing, in standard deviations
JUDGED_WORDS = 4  # characters that a claim must have for a judge
JUDGED_NEAR = 0.1  # so little behind the nearest article by a judge's cosine, the cited one carries the claim
JUDGED_APART = 0.24  # so far behind it does not
JUDGED_DOUBT = 0.36  # … where its words are like the claim's, or it is a general provision
JUDGED_SURE = 0.5  # so near must some article be, for the judge to know what is claimed at all
JUDGED_MOST = 300  # citations of a text are judged by meaning, the rest by words: each costs some encodings
JUDGED_OWN = 0.1  # what an article of the cited law has ahead of another law's
OLD_LEAD = 0.12  # how much more of the claim an older version's article must have


@dataclass
class _Group:
    """Citations that share a clause, with their place in the squeezed text."""

    items: list[int]
    start: int
    end: int
    inner: bool = False  # stands inside a quotation of the law, so it claims nothing itself
    quotes: list[str] = field(default_factory=list)


def check(
    text: str,
    statutes: Statutes,
    as_of: date | None = None,
    judge: Judge | None = None,
    fallback: Statutes | None = None,
) -> list[Checked]:
    """Check every citation of a text, in order. Without a `judge` by words alone, and after the first JUDGED_MOST.

    `as_of` is the day on which the law is looked at (the statutes' own if None). Never raises.
    """
    behind = fallback or behind_of(statutes)
    founds = find(text, statutes, behind)
    if not founds:
        return []
    return _Checker(text, founds, (statutes, behind), as_of or statutes.as_of, judge).run()


class _Checker:
    def __init__(
        self, text: str, founds: list[Found], laws: tuple[Statutes, Statutes], day: date, judge: Judge | None
    ) -> None:
        statutes, behind = laws
        self.squeezed = Squeezed(text)
        self.text = self.squeezed.text
        self.founds, self.judge = founds, judge
        self.names: Names = names_of(statutes, behind)
        self.resolved = [resolve(f, statutes, day, behind) for f in founds]
        self.everywhere = index_of(statutes)
        self.published = _published(text)
        self.judged = 0
        self.seen: dict[tuple[tuple[str, ...], tuple[Reference, ...]], _Verdict] = {}

    def run(self) -> list[Checked]:
        groups = self._groups()
        self._quotes(groups)
        out: dict[int, Checked] = {}
        for n, group in enumerate(groups):
            evidence = self._evidence(groups, n)
            for i in group.items:
                out[i] = self._one(i, group, evidence)
        return [out[i] for i in range(len(self.founds))]

    # -- the text around --------------------------------------------------------------------

    def _groups(self) -> list[_Group]:
        groups: list[_Group] = []
        last = -1
        for i, found in enumerate(self.founds):
            start, end = self.squeezed.index(found.span[0]), self.squeezed.index(found.span[1] - 1) + 1
            if found.group == last:
                groups[-1].items.append(i)
                groups[-1].end = end
            else:
                groups.append(_Group([i], start, end))
            last = found.group
        return groups

    def _quotes(self, groups: list[_Group]) -> None:
        """Give each quotation to the citation it belongs to: the one before it, else the one after."""
        quotes = [m.span() for m in _QUOTE.finditer(self.text) if self._says(m, groups)]
        taken = self._quotes_after(groups, quotes)
        for group in groups:
            group.inner = any(s < group.start and group.end < e for s, e in taken)
        taken = self._quotes_before(groups, quotes, taken)
        for group in groups:
            group.inner = group.inner or any(s < group.start and group.end < e for s, e in taken)

    def _quotes_after(self, groups: list[_Group], quotes: list[tuple[int, int]]) -> set[tuple[int, int]]:
        taken: set[tuple[int, int]] = set()
        at = 0
        for n, group in enumerate(groups):
            while at < len(quotes) and quotes[at][0] < group.end:
                at += 1
            following = groups[n + 1].start if n + 1 < len(groups) else len(self.text)
            cursor = group.end
            for start, end in quotes[at : at + 3]:
                gap = self.text[cursor:start]
                if start > following or len(gap) > (45 if cursor == group.end else 4) or re.search(r"[。!?！？;]", gap):
                    break
                if len(plain(self.text[start:end])) >= 8:
                    group.quotes.append(self.text[start + 1 : end - 1])
                    taken.add((start, end))
                cursor = end
        return taken

    def _quotes_before(
        self, groups: list[_Group], quotes: list[tuple[int, int]], taken: set[tuple[int, int]]
    ) -> set[tuple[int, int]]:
        """`taken` and what is given now."""
        at = 0
        for n, group in enumerate(groups):
            if group.quotes or group.inner:
                continue
            while at < len(quotes) and quotes[at][1] <= group.start:
                at += 1
            before = quotes[at - 1] if at else (0, 0)
            outer = next((g for g in _before(groups, n) if not before[0] <= g.start < before[1]), None)
            if at and before not in taken and not (outer and outer.end > before[0] and not outer.inner):
                words, gap = self.text[before[0] + 1 : before[1] - 1], self.text[before[1] : group.start]
                if len(plain(words)) >= 8 and _LEADS_ON.fullmatch(gap):
                    group.quotes.append(words)
                    taken.add(before)
        return taken

    def _says(self, match: re.Match[str], groups: list[_Group]) -> bool:
        """Whether a quotation holds more than citations."""
        i = bisect_left(groups, match.start(), key=lambda g: g.start)
        own = 0
        while i < len(groups) and groups[i].end <= match.end():
            own += groups[i].end - groups[i].start
            i += 1
        return not own or len(plain(match[0])) - own >= 8

    def _evidence(self, groups: list[_Group], n: int) -> _Evidence:
        """Quotations, sentences copied or claimed after the citation, and the claim before it."""
        group, text = groups[n], self.text
        if group.inner or all((self.founds[i].by or "").startswith(("本", "前", "上一")) for i in group.items):
            return _Evidence(tuple(group.quotes))
        before = next((g.end for g in _before(groups, n) if not g.inner), 0)
        following_groups = (groups[i] for i in range(n + 1, len(groups)))
        after = next((g.start for g in following_groups if not g.inner and not self._internal(g)), len(text))
        stop = min(after, group.end + 420)
        tail = text[group.end : stop]
        opened = _BREAK.search(tail)
        if opened and plain(tail[: opened.start()]):
            tail = tail[: opened.start()]
        elif stop == after and not re.search(r"[。!?！？;\n]\s*$", tail):
            tail = tail[: max(map(tail.rfind, "。!?！？;\n,")) + 1]  # the last clause leads to the next citation
        sentences = [s for s in _SENTENCE.split(_INTRO.sub("", tail.lstrip("\n"))) if plain(s)][:6]
        line = text.rfind("\n", 0, group.start) + 1
        head = _OUTRO.sub("", text[max(before, group.start - 200, line) : group.start])
        following = text[group.end : group.end + 1]
        bracketed = bool(_BRACKET.search(text[max(0, group.start - 12) : group.start])) or following in (")", "】")
        ended = bool(re.search(r"[。!?！？;]\s*$", head))
        pieces = [s for s in _SENTENCE.split(head) if plain(s)]
        claimed = _BULLET.sub("", pieces[-1]) if pieces and (bracketed or not ended) else ""
        if claimed and len(pieces) == 1 and before > line and not bracketed:
            claimed = claimed.rstrip(", ").rpartition(",")[2]  # what precedes belongs to the citation before
        first = sentences[0] if sentences and not bracketed and following not in "。!?！？;" else ""
        primary = (first if len(plain(content(first))) >= 5 else f"{claimed},{first}").strip(", ")
        contexts = [c.strip(", ") for c in (primary, claimed, first, " ".join(sentences[:2]), f"{claimed} {first}")]
        single = sum(self.founds[i].reference is not None for i in group.items) == 1
        around = (g for g in groups[max(0, n - 1) : n + 2] if g is not group)
        near = tuple(r.article for g in around for i in g.items for r in self.resolved[i].references)
        listed = ""
        if self._set_out(group):  # an article set out whole
            whole = text[group.end : group.end + 420].lstrip("\n")
            opened = _BREAK.search(whole)
            listed = whole[: opened.start()] if opened else whole
        elif len(sentences) > 1:
            listed = " ".join(sentences)
        copied = tuple(s for s in (listed, first, *sentences[1:2], claimed) if len(plain(s)) >= 12)
        contexts = [c for c in dict.fromkeys(contexts) if plain(c)]
        return _Evidence(tuple(group.quotes), copied, primary, tuple(contexts), near, single)

    def _set_out(self, group: _Group) -> bool:
        """Whether white space follows, as after the number of an article that is set out whole."""
        end = self.founds[group.items[-1]].span[1]
        return self.squeezed.original[end : end + 1].isspace()

    def _internal(self, group: _Group) -> bool:
        return all((self.founds[i].by or "").startswith(("本", "前")) for i in group.items)

    # -- one citation -----------------------------------------------------------------------

    def _one(self, i: int, group: _Group, evidence: _Evidence) -> Checked:
        found, resolved = self.founds[i], self.resolved[i]
        if found.reference is None or resolved.status == "unknown_law":
            return _plainly(resolved)
        if resolved.status == "ok" and not resolved.references:
            return _plainly(resolved)  # in force on that day, but its text is not held
        together = tuple(r for j in group.items for r in self.resolved[j].references)
        if resolved.status in ("not_found", "repealed", "renumbered"):
            return self._elsewhere(resolved, evidence)
        verdict = self._verdict(resolved, together or resolved.references, evidence)
        if verdict.moved:
            return self._moved(resolved, verdict)
        if verdict.supported:
            note = "" if resolved.note.startswith("注意") else resolved.note
            return Checked(found, "ok", resolved.references, note=verdict.note or note)
        if old := self._dated(resolved):
            return old
        return Checked(found, "ok", resolved.references, note=verdict.note or resolved.note)

    def _verdict(self, resolved: Resolved, cited: tuple[Reference, ...], evidence: _Evidence) -> _Verdict:
        key = ((*evidence.quotes, "|", *evidence.copied, "|", evidence.primary), cited)
        if key not in self.seen:
            self.seen[key] = self._judge(resolved, cited, evidence)
        return self.seen[key]

    def _judge(self, resolved: Resolved, cited: tuple[Reference, ...], evidence: _Evidence) -> _Verdict:
        law = cited[0].law
        index = self._index(law)
        texts = [index.texts[index.where[r.article]] for r in cited if r.article in index.where]
        if not texts:
            return _UNSURE
        old = resolved.old
        if evidence.quotes and (verdict := self._quoted(law, texts, old, evidence.quotes)):
            return verdict
        for sentence in evidence.copied:
            if verdict := self._copied(law, texts, old, sentence, evidence.near):
                return verdict
        if not evidence.single or len(plain(content(evidence.primary))) < 5:
            return _UNSURE
        return self._claimed(law, cited, old, evidence)

    def _quoted(
        self, law: str, texts: list[str], old: tuple[Reference, ...], quotes: tuple[str, ...]
    ) -> _Verdict | None:
        """What the words in quotation marks say; None where they are not words of the law at all."""
        pieces = [p for q in quotes for p in re.split(r"…+|\.{3,}|——", q) if len(plain(p)) >= 6] or list(quotes)
        words = [plain(p) for p in pieces]

        def near(candidates: Sequence[str]) -> float:
            return sum(max(closeness(w, t) for t in candidates) * len(w) for w in words) / max(1, sum(map(len, words)))

        here = near(texts)
        if here >= 97 or (here >= QUOTE_OK and sum(map(len, words)) >= 60):
            return _Verdict(supported=True)
        scored: list[tuple[float, Reference]] = []
        for index, reference in self._candidates(" ".join(pieces), law, old):
            scored.append((near([index.texts[index.where[reference]]]), reference))
        scored.sort(key=lambda s: -s[0])
        best = scored[0][0] if scored else 0.0
        for closest, reference in scored:
            if reference in old and closest >= 50 and closest - here >= 10 and closest >= best - 12:
                return _Verdict(moved=(reference,), sure=True)
        lead = QUOTE_LEAD if here >= QUOTE_FAR else 15.0
        needed = 93.0 if here >= QUOTE_FAR else QUOTE_FOUND if sum(map(len, words)) >= 15 else 92.0
        if best >= needed and best - here >= lead and here < 94:
            ties = [r for s, r in scored if s >= best - 2.5]
            ties.sort(key=lambda r: r.law != law)
            return _Verdict(moved=tuple(ties[:3]), sure=True)
        if here >= QUOTE_OK:
            return _Verdict(supported=True)
        if here >= 65 and here >= best - 5:
            return _Verdict(supported=True, note="引文和现行条文的字句不完全一样，请对照原文。")
        return None

    def _copied(
        self, law: str, texts: list[str], old: tuple[Reference, ...], sentence: str, near: tuple[Reference, ...]
    ) -> _Verdict | None:
        """Words of the law without quotation marks."""
        words = plain(sentence)
        here = max(closeness(words, t) for t in texts)
        if here >= 75:
            return _Verdict(supported=True)
        scored = [
            (closeness(words, index.texts[index.where[reference]]), reference)
            for index, reference in self._candidates(sentence, law, old, 4)
            if reference not in near
        ]
        scored.sort(key=lambda s: -s[0])
        for closest, reference in scored:
            if reference in old and closest >= 62 and closest - here >= 15:
                return _Verdict(moved=(reference,), sure=True)
        if scored and scored[0][0] >= COPIED and scored[0][0] - here >= 30 and here < 62 and len(words) >= 14:
            ties = sorted((r for s, r in scored if s >= scored[0][0] - 3), key=lambda r: r.law != law)
            return _Verdict(moved=tuple(ties[:3]), sure=True)
        return None

    def _claimed(
        self, law: str, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: _Evidence
    ) -> _Verdict:
        """By the words of the claim, and by its meaning where there is a judge."""
        worded = self._worded(law, cited, old, evidence)
        if self.judge is None or self.judged >= JUDGED_MOST or any(r in old for r in worded.moved):
            return worded
        self.judged += 1
        return self._meant(self.judge, cited, evidence, worded)

    def _worded(
        self, law: str, cited: tuple[Reference, ...], old: tuple[Reference, ...], evidence: _Evidence
    ) -> _Verdict:
        index = self._index(law)
        rows = [index.where[r.article] for r in cited]
        words = {plain(w) for c in evidence.contexts for w in _SHORT.findall(c)} - {""}
        if any(len(w) >= 4 and w in index.texts[row] for w in words for row in rows):
            return _Verdict(supported=True)
        support = max(index.coverage(c, row) for c in evidence.contexts for row in rows)
        enough = len(plain(content(evidence.primary)))
        gains = {r: index.coverage(evidence.primary, index.where[r]) for r in old if r in index.where}
        gained = max(gains.values(), default=0.0)
        if enough >= 7 and gained >= 0.3 and gained - support >= OLD_LEAD and gained >= 2 * support:
            return _Verdict(moved=tuple(r for r in sorted(gains, key=lambda r: -gains[r]) if gains[r] >= 0.7 * gained))
        if support >= SUPPORTED:
            return _Verdict(supported=True)
        part = index.laws[law]
        standing = [_standing(index, c, rows, part) for c in evidence.contexts]
        first = standing[evidence.contexts.index(evidence.primary)]
        if any(s.share >= 0.6 for s in standing):
            return _Verdict(supported=True)
        far = all(s.share < FAR or (s.own < AVERAGE and s.share < 0.6) for s in standing)
        flagged = far and first.covered >= CARRIED and first.best >= CLEAR
        if not flagged and enough >= 12:  # perhaps it is another statute that says so
            everywhere, spot = self.everywhere, [self.everywhere.where.get(r.article, -1) for r in cited]
            if min(spot) >= 0:
                wide = [_standing(everywhere, c, spot, slice(0, len(everywhere.articles))) for c in evidence.contexts]
                chief = wide[evidence.contexts.index(evidence.primary)]
                flagged = all(s.share < FAR_WIDE for s in wide) and chief.covered >= CARRIED_WIDE
        if self._general(cited) and first.covered < CARRIED_GENERAL:
            return _UNSURE
        if not flagged or enough < 8:
            return _UNSURE
        return _Verdict(moved=self._carriers(evidence, law))

    def _general(self, cited: tuple[Reference, ...]) -> bool:
        """Whether a general provision is cited, which may rightly stand for what a special one says."""
        index = self._index(cited[0].law)
        rows = [index.where[r.article] for r in cited if r.article in index.where]
        paths = "".join(h for row in rows for h in index.articles[row].path)
        return bool(re.search("总则|通则|一般规定" if cited[0].law == "民法典" else "总则", paths))

    def _meant(self, judge: Judge, cited: tuple[Reference, ...], evidence: _Evidence, worded: _Verdict) -> _Verdict:
        """Ask the judge: it may speak for the cited article, or see a wrong number that the words do not show."""
        law, claim = cited[0].law, evidence.primary

        def behind(claim: str) -> float | None:
            """How far the cited article is behind the nearest one."""
            own = [score for r in cited if (score := judge.score(claim, r.article)) is not None]
            return judge.similar(claim, None, 1)[0][1] - max(own) if own else None

        gap = behind(claim)
        if gap is None or len(plain(content(claim))) < JUDGED_WORDS:
            return worded
        if worded.moved:
            return _Verdict(supported=True) if gap <= JUDGED_NEAR else worded
        needed = JUDGED_DOUBT if worded.supported or self._general(cited) else JUDGED_APART
        if gap <= needed or any((behind(c) or 0) <= needed for c in evidence.contexts):
            return worded
        if all(judge.similar(c, None, 1)[0][1] < JUDGED_SURE for c in evidence.contexts):
            return worded
        nearest = dict([*judge.similar(claim, law, 5), *judge.similar(claim, None, 5)])
        nearest = {r: s + (JUDGED_OWN if r.law == law else 0) for r, s in nearest.items() if r not in evidence.near}
        ordered = sorted(nearest, key=lambda r: -nearest[r])[:3]
        return _Verdict(moved=tuple(r for r in ordered if nearest[r] >= nearest[ordered[0]] - JUDGED_NEAR))

    def _carriers(self, evidence: _Evidence, law: str) -> tuple[Reference, ...]:
        """The articles that carry the claim, by its words; the cited law's own first where they do as well."""
        index, everywhere = self._index(law), self.everywhere
        mixed: dict[Reference, float] = {}
        for source, within in ((index, law), (everywhere, None)):
            scores = source.scores(evidence.primary)
            best = float(scores.rank.max()) or 1.0
            for row in source.nearest(scores.rank, within, 30):
                reference = source.articles[row].reference
                if reference not in evidence.near:
                    worth = float(scores.covered[row]) + float(scores.rank[row]) / best
                    worth *= (1.0 if reference.law == law else 0.85) * (1.1 if reference in _relied_on() else 1.0)
                    mixed[reference] = max(mixed.get(reference, 0.0), worth)
        ordered = sorted(mixed, key=lambda r: -mixed[r])
        return tuple(r for r in ordered[:3] if mixed[r] >= 0.85 * mixed[ordered[0]])

    def _candidates(
        self, words: str, law: str, old: Sequence[Reference], count: int = 8
    ) -> Iterator[tuple[Index, Reference]]:
        """Articles that share words with a quotation: of the law cited, and of all."""
        index, given = self._index(law), set()
        for reference in old:
            if reference in index.where:
                given.add(reference)
                yield index, reference
        for source, within in ((index, law), (self.everywhere, None)):
            ranked = source.scores(words)
            for row in source.nearest(ranked.rank, within, count):
                reference = source.articles[row].reference
                if reference not in given:
                    given.add(reference)
                    yield source, reference

    # -- what to say ------------------------------------------------------------------------

    def _moved(self, resolved: Resolved, verdict: _Verdict) -> Checked:
        found, now = resolved.found, verdict.moved
        cited = resolved.references[0]
        law = cited.law
        alone = all(r.law == law for r in now)
        places = "、".join(r.place if alone else str(r) for r in now)
        if any(r in resolved.old for r in now):
            now = tuple(r for r in now if r in resolved.old) or now
            places = "、".join(r.place for r in now)
            note = f"这是旧版本的条号，现行《{law}》里是{places}。"
            return Checked(found, "renumbered", resolved.references, now, note=note)
        word = "引的这句话在" if verdict.sure else "讲这件事的是"
        note = f"现行《{law}》{cited.article.place}讲的不是这件事；{word}{places}。"
        if law in tables.superseded() and now and now[0].law == law:
            note = note[:-1] + "（可能是旧版本的条号）。"
        return Checked(found, "mismatch", resolved.references, now, note=note)

    def _elsewhere(self, resolved: Resolved, evidence: _Evidence) -> Checked:
        """The number leads nowhere: quoted or claimed words may still show where the rule is."""
        if resolved.now:
            return _plainly(resolved)
        law = next((name for name in (*resolved.by, resolved.found.law or "") if name in self.names.held), None)
        if law is None:
            return _plainly(resolved)
        index = self._index(law)
        best: tuple[float, tuple[Reference, ...]] = (0.0, ())
        for words in (*evidence.quotes, *evidence.copied):
            compared = plain(words)
            scored = sorted(
                ((closeness(compared, i.texts[i.where[r]]), r) for i, r in self._candidates(words, law, ())),
                key=lambda s: (-s[0], s[1].law != law),
            )
            if scored and scored[0][0] >= 72 and scored[0][0] > best[0] and len(compared) >= 10:
                best = (scored[0][0], tuple(r for s, r in scored if s >= scored[0][0] - 2.5)[:3])
        if not best[1] and evidence.single and len(plain(content(evidence.primary))) >= 5:
            scores = index.scores(evidence.primary)
            rows = index.nearest(scores.rank, law, 2)
            if rows and scores.covered[rows[0]] >= CARRIED:
                best = (0.0, (index.articles[rows[0]].reference,))
        if not best[1]:
            return _plainly(resolved)
        status = resolved.status
        note = resolved.note.rstrip("。") + f"；说这件事的是{'、'.join(map(str, best[1]))}。"
        return Checked(resolved.found, status, resolved.references, best[1], resolved.by, note)

    def _dated(self, resolved: Resolved) -> Checked | None:
        """A text from before the law was renumbered cites the old numbers, unless its words say otherwise."""
        found = resolved.found
        if self.published is None or found.version is not None or found.reference is None or not resolved.old:
            return None
        law = resolved.references[0].law
        version = version_on(law, self.published)
        now = version.successors(found.reference.article.key) if version else None
        if not now or now == (found.reference.article,):
            return None
        day = f"{self.published.year} 年 {self.published.month} 月"
        note = f"这篇文字写于 {day}，当时的这一条，现行《{law}》里是{'、'.join(r.place for r in now)}。"
        return Checked(found, "renumbered", resolved.references, now, note=note)

    def _index(self, law: str) -> Index:
        """The index that holds a law: the statutes' own, else one of that law alone."""
        return self.everywhere if law in self.everywhere.laws else index_of(self.names.held[law], law)


_QUOTE = re.compile(r"“[^“”]{4,1500}”|「[^「」]{4,1500}」|『[^『』]{4,1500}』|\"[^\"\n]{4,800}\"")
_LEADS_ON = re.compile(r"(?=.{0,14}$)[^;\n]*(?:[(。]|见|依据|出自|来自|根据|--)[^;\n]*|[,、 ]*")
_SHORT = re.compile(r"[“「『]([^“”「」『』]{4,40})[”」』]")
_SENTENCE = re.compile(r"[。!?！？;\n]+")
_BREAK = re.compile(r"\n\s*\n|\n(?=(?:[-*#•·]|\d+[.、]|[一二三四五六七八九十]+、|第))")
_INTRO = re.compile(
    r"^[\s)》”\"】]*(?:的|之)?(?:相关|有关)?(?:明确|明文|清楚地?|专门|特别|进一步|也|还|就|都|则|中|里|同样)*"
    r"(?:规定|指出|要求|写明|写道|提到|说明|所说|说|表明|显示|禁止的是)?(?:了|的是|得很清楚|得很明确|过)?[\s,:：]*"
)
_BRACKET = re.compile(r"[(【]\s*(?:参?见|依据|根据|法律依据)?(?:是)?[:：]?\s*[《“]?$")
_BULLET = re.compile(r"^\s*(?:[-*#•·>]+|\d+[.、)]|[一二三四五六七八九十]+、)\s*")
_OUTRO = re.compile(
    r"(?:[(【]?\s*(?:参?见|详见|依据|根据|法律依据|按照|依照|依|按|出自|来自|违反|触犯|符合|适用)(?:是|了|的是|的)?[:：]?\s*(?:我国|国家|现行)?[(【《“]*|[(【《“]+)$"
)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What stands near a group of citations. `near` are the articles that its neighbours cite."""

    quotes: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    primary: str = ""
    contexts: tuple[str, ...] = ()
    near: tuple[Reference, ...] = ()
    single: bool = False


@dataclass(frozen=True, slots=True)
class _Verdict:
    """supported: the article carries it. moved: these do, and the cited one does not. Else open."""

    supported: bool = False
    moved: tuple[Reference, ...] = ()
    sure: bool = False
    note: str = ""


_UNSURE = _Verdict()


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the cited article does on a claim: its `share` of the best score in its law, its `own` and
    the `best` standing in standard deviations, and how much of the claim the best one covers."""

    share: float
    own: float
    best: float
    covered: float


def _before(groups: Sequence[_Group], n: int) -> Iterator[_Group]:
    """The groups before the n-th, the nearest first."""
    return (groups[i] for i in range(n - 1, -1, -1))


def _standing(index: Index, claim: str, rows: list[int], part: slice) -> _Standing:
    scores = index.scores(claim)
    window = scores.rank[part]
    best, own = float(window.max()), max(float(scores.rank[r]) for r in rows)
    mean, spread = float(window.mean()), float(window.std()) or 1.0
    covered = float(scores.covered[part][window >= 0.7 * best].max()) if best else 0.0
    return _Standing(own / best if best else 0.0, (own - mean) / spread, (best - mean) / spread, covered)


def _plainly(resolved: Resolved) -> Checked:
    return Checked(resolved.found, resolved.status, resolved.references, resolved.now, resolved.by, resolved.note)


@lru_cache(maxsize=1)
def _relied_on() -> frozenset[Reference]:
    """Articles that the situation cards rely on: the likelier ones among equals."""
    try:
        return frozenset(r.article for card in load_cards().values() for r in card.citations)
    except CardError:
        return frozenset()


_INDICES: dict[tuple[int, str | None], tuple[Statutes, Index]] = {}


def index_of(statutes: Statutes, law: str | None = None) -> Index:
    """The index of a set of statutes, or of one law in it, built once."""
    key = (id(statutes), law)
    if key not in _INDICES:
        articles = statutes.by_name[law].articles if law else tuple(statutes.articles())
        if len(_INDICES) > 400:
            _INDICES.clear()
        _INDICES[key] = (statutes, Index(articles))
    return _INDICES[key][1]


def version_on(law: str, day: date) -> tables.Version | None:
    """The older numbering that was in force on a day, None if today's was."""
    held = [v for v in tables.superseded().get(law, ()) if v.until >= day]
    return min(held, key=lambda v: v.until) if held else None


_PUBLISHED = re.compile(
    r"(?:发布|发表|更新|刊登|刊发|撰写|写作|成文)(?:时间|日期|于)?\s*[:：]?\s*((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
)


def _published(text: str) -> date | None:
    """The day that the text says it was published, None if it does not say."""
    match = _PUBLISHED.search(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
