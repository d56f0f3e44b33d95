"""Does the article say what the text says it says?

A citation is called wrong only where another article clearly carries the claim and the cited one does not, or where
a denial, a duty or a figure of the article's words is changed; where that is open it stays ok. `evidence` gathers what
the text says, `verifier` weighs it against the articles; here the whole is run, the day on which the text was
published is looked at where the words decide nothing, and the outcome is put into words for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from corpus.citations import tables
from corpus.citations.assessment import Assessment
from corpus.citations.changes import Change
from corpus.citations.evidence import Evidence, gather
from corpus.citations.find import Found, find_all
from corpus.citations.judge import Judge
from corpus.citations.labels import LABELS, LAW, OUTDATED, QUOTED, UNHELD
from corpus.citations.law_names import names_of
from corpus.citations.quoted import DIFFERS
from corpus.citations.resolve import Resolved, Status, resolve
from corpus.citations.verifier import Verifier
from corpus.reference import Reference
from corpus.statutes import Statutes

Outcome = Literal["in_force", "wrong", "unheld"]
#: 发布时间：2019-05-06 in the lines at the head of a text, not in a sentence: that may be of something else.
_PUBLISHED = re.compile(
    r"(?:^|[\s>*#|｜])(?:本文|文章|最后)?(?:发布|发表|更新|刊登|刊发|撰写|写作|成文)(?:时间|日期)?\s*[:：]\s*"
    r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
)
_UNHELD = ("unheld", "rule", "foreign")  # kinds of names of which nothing can be said
_HEAD = 500  # characters
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, such as a cut emoji: no answer can carry it


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation and what became of it.

    status      ok, mismatch (the article says something else, or is quoted with a change of meaning),
                renumbered (the number is an older version's), repealed, not_found (no such article, 款
                or 项), unknown_law
    now         articles to cite instead, most important first
    other_laws  laws to look into where no article can be named (a repealed law's successor, near names)
    note        why, in one sentence for the reader, in Chinese; may stand with ok
    quoted      whether words of the article stand in the text letter by letter; else ok says that the article is there
                and nothing was seen that speaks against it
    outdated    whether the text in force is not held, only the one before: nothing was compared
    """

    found: Found
    status: Status
    references: tuple[Reference, ...] = ()
    now: tuple[Reference, ...] = ()
    other_laws: tuple[str, ...] = ()
    note: str = ""
    quoted: bool = False
    outdated: bool = False

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
        if self.found.kind in _UNHELD:
            return UNHELD
        if self.outdated:
            return OUTDATED
        if self.status == "ok" and (self.quoted or self.reference is None):
            return QUOTED if self.quoted else LAW
        return LABELS[self.status]

    @property
    def alarm(self) -> bool:
        """Whether a reader should be warned: not for ok, nor for a rule whose text we do not hold."""
        return self.outcome == "wrong"

    @property
    def outcome(self) -> Outcome:
        """What a reader has to know.

        "in_force" is a provision that is there and with which no fault was found: no proof that it says what
        the text claims. "unheld" is a rule whose text (of an article: in force) we do not hold.
        """
        if self.status == "ok":
            return "unheld" if self.outdated else "in_force"
        return "unheld" if self.found.kind in _UNHELD else "wrong"

    def to_json(self) -> dict[str, Any]:
        """The shape of the contract. An entry of `now` that names only a law has number None."""
        reference = self.reference
        now: list[dict[str, Any]] = [{"law": r.law, "number": r.number, "suffix": r.suffix} for r in self.now]
        if not now and self.status == "repealed":
            now = [{"law": name, "number": None, "suffix": 0} for name in self.other_laws]
        return {
            "span": list(self.span),
            "written": self.written,
            "law": self.law,
            "number": reference.number if reference else None,
            "suffix": reference.suffix if reference else 0,
            "status": self.status,
            "alarm": self.alarm,
            "outcome": self.outcome,
            "now": now,
            "note": self.note,
        }


class Checks(list[Checked]):
    """The citations of a text; `unplaced` are the numbers whose law does not show, see `find.find_all`."""

    unplaced: Sequence[tuple[int, int]] = ()


def check(text: str, statutes: Statutes, judge: Judge | None = None) -> Checks:
    """Check every citation of a text, in order. Without a `judge` by words alone.

    With one, claims after the first `verifier.JUDGED_MOST` are left to words too.
    Any text will do; raises CorpusError where the data package cannot be used.
    """
    text = _SURROGATE.sub("\ufffd", text)
    out = Checks()
    founds, out.unplaced = find_all(text, statutes)
    if not founds:
        return out
    resolved = [resolve(f, statutes) for f in founds]
    verifier = Verifier(statutes, names_of(statutes), judge)
    published = _published(text)
    for group, evidence in gather(text, resolved):
        if any(one.outdated for one in group):
            out += map(_plainly, group)  # what is said of them all cannot be compared
            continue
        cited = tuple(r for one in group for r in one.references)
        out += [_checked(one, cited, evidence, verifier, published) for one in group]
    return out


def _checked(
    resolved: Resolved,
    cited: tuple[Reference, ...],
    evidence: Evidence,
    verifier: Verifier,
    published: date | None,
) -> Checked:
    """One citation; `cited` are all articles of its group, which the evidence is about."""
    found = resolved.found
    if found.reference is None or resolved.status == "unknown_law":
        return _plainly(resolved)
    if resolved.status == "ok" and not resolved.references:
        return _plainly(resolved)  # in force on that day, but its text is not held
    if resolved.status in ("not_found", "repealed", "renumbered"):
        return _lost_number(resolved, evidence, verifier)
    assessment = verifier.assess(cited, resolved.old, evidence)
    if assessment.contrary:
        return _dated(resolved, published) or _contrary(resolved)
    if (assessment.moved or assessment.apart) and not resolved.older:
        moved = _moved(resolved, assessment)
        if not evidence.corrected:
            return moved
        return Checked(found, "ok", resolved.references, note=f"{moved.note}这里如果是在纠正这个说法，就没有问题。")
    if assessment.change:
        article = verifier.article(assessment.change.article)
        earlier = published and article.in_force_from and published < article.in_force_from
        reported = any(word not in article.text for word in evidence.reporting)
        return _changed(resolved, assessment.change, bool(earlier), reported)
    if assessment.supported:
        note = assessment.note or ("" if resolved.warns or resolved.older else resolved.note)
        return Checked(found, "ok", resolved.references, note=note, quoted=assessment.sure and not note)
    if old := _dated(resolved, published):
        return old
    return Checked(found, "ok", resolved.references, note=assessment.note or resolved.note)


def _moved(resolved: Resolved, assessment: Assessment) -> Checked:
    cited, now = resolved.references[0], assessment.moved
    law = cited.law
    if not now:
        note = f"现行《{law}》{cited.article.locator}没有这样说，也没有找到这样说的条文。请对照原文。"
        return Checked(resolved.found, "mismatch", resolved.references, note=note)
    if old := tuple(r for r in now if r in resolved.old):
        note = f"这是旧版本的条号，现行《{law}》里是{_locators(old, law)}。"
        return Checked(resolved.found, "renumbered", resolved.references, old, note=note)
    word = "引的这句话在" if assessment.sure else "讲这件事的是"
    here = cited if now[0].article == cited.article else cited.article  # … in another 款 or 项
    hint = "（可能是旧版本的条号）" if law in tables.superseded() and now[0].law == law else ""
    note = f"现行《{law}》{here.locator}讲的不是这件事；{word}{_locators(now, law)}{hint}。"
    return Checked(resolved.found, "mismatch", resolved.references, now, note=note)


def _contrary(resolved: Resolved) -> Checked:
    """The article speaks of it and does not say so; of an older version that is named nothing is known."""
    cited = resolved.references
    if resolved.found.mentioned_version:
        return Checked(resolved.found, "ok", cited, note=resolved.note)
    note = f"现行{cited[0].article}讲的是这件事，但意思对不上：可能说反了，或者多说、少说了条件。请对照原文。"
    return Checked(resolved.found, "mismatch", cited, (cited[0].article,), note=note)


def _locators(references: tuple[Reference, ...], law: str) -> str:
    """The articles by their numbers alone where all are of that law."""
    alone = all(r.law == law for r in references)
    return "、".join(r.locator if alone else str(r) for r in references)


def _changed(resolved: Resolved, change: Change, earlier: bool, reported: bool) -> Checked:
    """Quoted with a change of meaning; that may be an `earlier` version's, or what the text tells of as wrong."""
    found, article = resolved.found, change.article
    if article not in (r.article for r in resolved.references):
        return Checked(found, "ok", resolved.references)  # it is another citation of the group that is quoted so
    if found.mentioned_version or earlier:
        return Checked(found, "ok", resolved.references, note=DIFFERS)
    if reported:
        note = f"{article}写的是“{change.law}”，不是“{change.copy}”；这里说的如果是误传或者从前的规定，就没有问题。"
        return Checked(found, "ok", resolved.references, note=note)
    note = f"引文改了现行{article}的意思：条文是“{change.law}”，引文写成“{change.copy}”。请对照原文。"
    return Checked(found, "mismatch", resolved.references, (article,), note=note)


def _lost_number(resolved: Resolved, evidence: Evidence, verifier: Verifier) -> Checked:
    """The number leads nowhere: quoted or claimed words may still show where the rule is."""
    if resolved.now or resolved.references:  # it was deleted: words do not tell what took its place
        return _plainly(resolved)
    now = verifier.carriers((*resolved.other_laws, resolved.found.law or ""), evidence)
    if not now:
        return _plainly(resolved)
    note = f"{resolved.note}说这件事的是{'、'.join(map(str, now))}。"
    return Checked(resolved.found, resolved.status, resolved.references, now, resolved.other_laws, note)


def _dated(resolved: Resolved, published: date | None) -> Checked | None:
    """A text from before the law was renumbered cites the old numbers, unless its words say otherwise."""
    found = resolved.found
    if published is None or found.mentioned_version is not None or found.reference is None or not resolved.old:
        return None
    law = resolved.references[0].law
    numbering = tables.numbering_on(law, published)
    now = numbering.successors(found.reference.article.key) if numbering else None
    if not now or now == (found.reference.article,):
        return None
    day = f"{published.year} 年 {published.month} 月"
    note = f"这篇文字写于 {day}，当时的这一条，现行《{law}》里是{'、'.join(r.locator for r in now)}。"
    return Checked(found, "renumbered", resolved.references, now, note=note)


def _plainly(resolved: Resolved) -> Checked:
    return Checked(
        resolved.found,
        resolved.status,
        resolved.references,
        resolved.now,
        resolved.other_laws,
        resolved.note,
        outdated=resolved.outdated,
    )


def _published(text: str) -> date | None:
    """The day that the head of the text says it was published, None if it does not say."""
    match = _PUBLISHED.search(text[:_HEAD])
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
