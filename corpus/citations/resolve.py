"""Resolve a citation against the law in force on a day: is there such an article, and where is it now?

Looks at names, numbers and the version the writer names. Whether the article says what the text
claims is for check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from corpus import numerals
from corpus.citations import tables
from corpus.citations.find import Found
from corpus.citations.law_names import names_of
from corpus.citations.version import MentionedVersion
from corpus.reference import Reference
from corpus.statutes import Statute, Statutes

RANGE_MOST = 20  # articles of a range that are named one by one
Status = Literal["ok", "mismatch", "renumbered", "repealed", "not_found", "unknown_law"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a citation leads to.

    status      never mismatch: that is for check
    references  the articles it names, of the text in force; a range gives every article, 款 or 项 in it,
                one of more articles than RANGE_MOST its first and its last; () where there is none
    now         where the rule is today, most important first; () where status is ok or nobody knows
    other_laws  laws to look into where `now` is empty: what took a repealed law's place, or names
                near an unknown one
    note        why, in one sentence, in Chinese; may stand with ok too
    old         articles that carry today what older versions had under this number, the youngest
                version's first; () where none differs or is known
    partial     whether only the ends of a longer range were looked at
    warns       whether `note` only warns of an older version's number, which holds for nobody who means today's
    older       whether an older version is named of which no table tells: it may have had anything there
    outdated    whether the text in force is not held of one of them, only the one before: `note` says so
    """

    found: Found
    status: Status
    references: tuple[Reference, ...] = ()
    now: tuple[Reference, ...] = ()
    other_laws: tuple[str, ...] = ()
    note: str = ""
    old: tuple[Reference, ...] = ()
    partial: bool = False
    warns: bool = False
    older: bool = False
    outdated: bool = False


def resolve(found: Found, statutes: Statutes) -> Resolved:
    """Resolve one citation; see Resolved. A law that `statutes` does not hold is sought in the full data package.

    Raises CorpusError where that package cannot be used.
    """
    day = statutes.as_of
    names = names_of(statutes)
    if found.kind == "repealed":
        return _repealed(found, day)
    if found.kind != "statute" or found.law is None:
        return _unknown(found, names.near(found.name), names.pending)
    statute = names.held[found.law].by_name[found.law]
    if found.unread:
        return _unread(found, statute)
    if found.reference is None:
        return Resolved(found, "ok")
    reference = found.reference
    references, count = _articles(reference, found.last, statute)
    if numberings := _named_numberings(found, statute):
        return _superseded(found, reference, references, numberings) or _missing(found, reference, statute, day)
    if count > len(references):
        note = f"这一段共 {count} 条，这里只列首尾两条，没有逐条核对。"
        return Resolved(found, "ok", references, note=note, partial=True)
    if not references:
        return _missing(found, reference, statute, day)
    if outdated := [a for r in references if (a := statute.by_key[r.number, r.suffix]).outdated]:
        named = _locators(tuple(a.reference for a in outdated)) + "：" if len(references) > 1 else ""
        whole = tuple(r.article for r in references)  # today's 款 and 项 may be others
        return Resolved(found, "ok", whole, note=named + outdated[0].note, outdated=True)
    if _is_older(found.mentioned_version, statute):
        note = "这里引的是旧版本，本站没有它的原文，无法核对，请查官方文本。"
        return Resolved(found, "ok", tuple(r.article for r in references), note=note, older=True)
    if len(references) == 1 and statute.by_key[reference.number, reference.suffix].deleted:
        note = f"《{statute.name}》{reference.article.locator}已经删去。"
        return Resolved(found, "not_found", (reference.article,), note=note)
    if note := next(filter(None, (_bad_pin(one, statute) for one in (reference, *reversed(references)))), ""):
        old = _formerly(found.mentioned_version, reference, statute, day)[0]
        if any(statute.by_key[r.number, r.suffix].quote(_pinned(r, reference)) for r in old):
            note += f"旧版本的这一条，现在是{_locators(old)}。"
            return Resolved(found, "renumbered", now=old, note=note, old=old)
        return Resolved(found, "not_found", references, (references[0].article,), note=note)
    old, note = _formerly(found.mentioned_version, reference, statute, day)
    return Resolved(found, "ok", references, note=note, old=old, warns=bool(note))


def _unread(found: Found, statute: Statute) -> Resolved:
    """What is written where a number should be: none that a law has, or none that we can read."""
    if numerals.quantity(found.unread.strip("第-条")) is None:
        return Resolved(found, "ok", note=f"没看懂“{found.unread}”是第几条，没有核对。")
    return Resolved(found, "not_found", note=f"《{statute.name}》没有“{found.unread}”，最后一条是{_last(statute)}。")


def _articles(first: Reference, last: Reference | None, statute: Statute) -> tuple[tuple[Reference, ...], int]:
    """The articles named, () where one is missing, and how many there are: of a long range only the ends are given."""
    law = statute.name
    if (first.number, first.suffix) not in statute.by_key:
        return (), 0
    if last is None or last.article == first.article:
        return _pins(replace(first, law=law), last), 1
    if (last.number, last.suffix) not in statute.by_key:
        return (), 0
    low, high = (first.number, first.suffix), (last.number, last.suffix)
    keys = [key for key in statute.by_key if low <= key <= high]
    return tuple(Reference(law, *key) for key in (keys if len(keys) <= RANGE_MOST else (low, high))), len(keys)


def _pins(first: Reference, last: Reference | None) -> tuple[Reference, ...]:
    """The 款 or 项 of one article from the first to the last, RANGE_MOST of them at most."""
    if last and first.item and last.item:
        return tuple(replace(first, item=n) for n in range(first.item, last.item + 1)[:RANGE_MOST])
    if last and first.paragraph and last.paragraph:
        return tuple(replace(first, paragraph=n) for n in range(first.paragraph, last.paragraph + 1)[:RANGE_MOST])
    return (first,)


def _bad_pin(reference: Reference, statute: Statute) -> str:
    """Why the paragraph or item does not exist, or an empty string."""
    article = statute.by_key[reference.number, reference.suffix]
    if article.quote(reference) is not None:
        return ""
    locator = reference.article.locator
    if 0 in (reference.paragraph, reference.item):
        unit = "款" if reference.paragraph == 0 else "项"
        return f"《{statute.name}》{locator}里没有这样的{unit}，{unit}从第一{unit}数起。"
    count = len(article.paragraphs)
    if reference.paragraph is not None and reference.paragraph > count:
        return f"《{statute.name}》{locator}只有{_count(count)}款，没有第{numerals.chinese(reference.paragraph)}款。"
    item = numerals.chinese(reference.item) if reference.item else ""
    return f"《{statute.name}》{locator}里没有这样的第（{item}）项。"


def _pinned(article: Reference, pin: Reference) -> Reference:
    """The 款 and 项 of `pin` in another article."""
    return replace(article, paragraph=pin.paragraph, item=pin.item)


def _count(number: int) -> str:
    return "两" if number == 2 else numerals.chinese(number)


def _missing(found: Found, reference: Reference, statute: Statute, day: date) -> Resolved:
    shown = found.last if found.last and (reference.number, reference.suffix) in statute.by_key else reference
    if shown.suffix and (shown.number, 0) in statute.by_key:
        note = f"《{statute.name}》第{numerals.chinese(shown.number)}条没有“{shown.locator.partition('条')[2]}”。"
        return Resolved(found, "not_found", now=(Reference(statute.name, shown.number),), note=note)
    note = f"《{statute.name}》没有{shown.article.locator}，最后一条是{_last(statute)}。"
    for numbering in tables.superseded().get(statute.name, ()):
        if numbering.until < day and numbering.complete and (moved := numbering.now.get(shown.key)):
            note += f"旧版本的这一条，现在是{_locators(moved)}。"
            return Resolved(found, "renumbered", now=moved, note=note, old=moved)
    return Resolved(found, "not_found", note=note)


def _last(statute: Statute) -> str:
    return Reference(statute.name, *max(statute.by_key)).locator


def _locators(references: tuple[Reference, ...]) -> str:
    return "、".join(r.locator for r in references)


def _repealed(found: Found, day: date) -> Resolved:
    entry = tables.repealed()[found.law or ""]
    reference = found.reference
    label = f"《{entry.name}》" if "《" not in entry.name else entry.name
    if day < entry.on:
        return Resolved(found, "ok", note=f"{label}在 {day} 还有效，本站没有它的原文，无法核对。")
    successors = "、".join(f"《{name}》" if "《" not in name else name for name in entry.replaced_by)
    note = f"{label}已于 {entry.on.year} 年 {entry.on.month} 月 {entry.on.day} 日废止"
    note += f"，现在看{successors}" if successors else ""
    if reference is None:
        return Resolved(found, "repealed", other_laws=entry.replaced_by, note=note + "。")
    span = _span(reference, found.last)
    now = _together(map(entry.successors, span.keys))
    if now:
        law = entry.replaced_by[0] if entry.replaced_by else ""
        note += f"；{span.word}对应的是{f'《{now[0].law}》' if now[0].law != law else ''}{_locators(now)}"
        note += f"，{span.some}内容有改变" if entry.changed.intersection(span.keys) else ""
        note += span.remark(all(map(entry.successors, span.keys)))
    return Resolved(found, "repealed", now=now, other_laws=entry.replaced_by, note=note + "。", partial=span.partial)


@dataclass(frozen=True, slots=True)
class _Span:
    """The keys of the articles cited, as a text may have them that is not held: of a long range its ends."""

    keys: tuple[str, ...]
    partial: bool

    @property
    def word(self) -> str:
        return "这一条" if len(self.keys) == 1 else "这几条"

    @property
    def some(self) -> str:
        return "" if len(self.keys) == 1 else "有的"

    def remark(self, complete: bool) -> str:
        """What was not looked at, or (not `complete`) not found; empty for one article."""
        missing = "，有的没有查到" if len(self.keys) > 1 and not complete else ""
        return missing + ("；这一段很长，这里只对照了首尾两条" if self.partial else "")


def _span(first: Reference, last: Reference | None) -> _Span:
    if last is None or last.article == first.article:
        return _Span((first.key,), partial=False)
    between = range(first.number + 1, last.number)
    partial = len(between) + 2 > RANGE_MOST
    return _Span((first.key, *(() if partial else map(str, between)), last.key), partial)


def _together(successors: Iterable[tuple[Reference, ...]]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(r for now in successors for r in now))


def _unknown(found: Found, near: tuple[str, ...], pending: Mapping[str, date]) -> Resolved:
    if found.kind == "pending":
        day = pending.get(found.law or "")
        when = f"（{day.year} 年 {day.month} 月 {day.day} 日起施行）" if day else ""
        return Resolved(found, "unknown_law", note=f"《{found.law}》现在还没有施行{when}，不能当作现行法律来引。")
    if found.kind == "unheld":
        return Resolved(found, "unknown_law", note="本站不收录它的原文，无法核对，请查官方文本。")
    if found.kind == "foreign":
        return Resolved(found, "unknown_law", note="这是其他国家或地区的法律，本站无法核对。")
    if found.kind == "rule":
        note = f"没有找到《{found.name}》，它可能是本站没有收录的条例、办法或规定，请查官方文本。"
        return Resolved(found, "unknown_law", note=note)
    note = f"没有找到《{found.name}》这部法律"
    note += f"，名字相近的有{'、'.join(f'《{n}》' for n in near)}。" if near else "，请核对名称。"
    return Resolved(found, "unknown_law", other_laws=near, note=note)


def _named_numberings(found: Found, statute: Statute) -> tuple[tables.Numbering, ...]:
    """The older versions that the writer may mean, the youngest first, where numbers are known to differ."""
    said = found.mentioned_version
    if said is None or not _is_older(said, statute):
        return ()
    numberings = tables.superseded().get(statute.name, ())
    if said.year is None:
        return numberings
    exact = [v for v in numberings if any(day.year == said.year for day in v.adopted)]
    valid = [v for v in numberings if v.until.year >= said.year]
    return tuple((exact or valid[-1:])[:1])


def _is_older(said: MentionedVersion | None, statute: Statute) -> bool:
    """Whether the writer names another version than the one in force."""
    if said is None or said.year is None:
        return bool(said and said.old)
    return said.year < min(statute.adopted, statute.in_force_from or statute.adopted).year


def _superseded(
    found: Found, reference: Reference, references: tuple[Reference, ...], numberings: tuple[tables.Numbering, ...]
) -> Resolved | None:
    """Where several older versions led elsewhere all are named; numbers that the youngest kept are no alarm.

    None where the tables lead nowhere and the text in force has no such article.
    """
    law, span = numberings[0].law, _span(reference, found.last)
    if lacked := next((key for key in span.keys if all(v.lacks(key) for v in numberings)), None):
        article, last = (Reference.of_key(law, key).locator for key in (lacked, numberings[0].last or lacked))
        return Resolved(found, "not_found", note=f"旧版《{law}》没有{article}，最后一条是{last}。")
    youngest = _successors(numberings[0], span.keys)
    moved = {now: until for now, until in _moved(span.keys, numberings).items() if now}
    old = _together(moved)
    led = "；".join(f"按{_valid_until(d)}对照，现行《{law}》里是{_locators(now)}" for now, d in moved.items())
    remark = span.remark(all(v.successors(key) for v in numberings for key in span.keys))
    partial = span.partial
    if references and youngest == _same(span.keys, law):
        note = f"《{law}》后来修订过，条号没有变，文字可能有改动{f'；{led}' if led else ''}{remark}。"
        return Resolved(found, "ok", references, note=note, old=old, partial=partial)
    if moved:
        note = f"这里引的是旧版本；{led}{remark}。"
        return Resolved(found, "renumbered", now=old, note=note, old=old, partial=partial)
    if youngest == ():
        note = f"旧版《{law}》的{span.word}，现行法律里已经没有对应的条文。"
        return Resolved(found, "renumbered", note=note, partial=partial)
    note = f"《{law}》后来修订过，条号有变动，请对照现行文本。"
    return Resolved(found, "ok", references, note=note, partial=partial) if references else None


def _formerly(
    said: MentionedVersion | None, reference: Reference, statute: Statute, day: date
) -> tuple[tuple[Reference, ...], str]:
    """Where older versions' articles of this number are today, with a remark for the reader.

    The remark is made where a version that was in force within the last three years had another article
    there, its numbers still being about; it then names what each older version had. Nothing where the
    writer names the version in force.
    """
    if said and (said.old is False or said.year):
        return (), ""
    numberings = [v for v in tables.superseded().get(statute.name, ()) if v.until < day]
    moved = _moved((reference.key,), numberings)
    old = tuple(r for r in _together(moved) if r != reference.article)
    if not moved or numberings[0].until not in moved.values() or (day - numberings[0].until).days >= 3 * 366:
        return old, ""
    told = "；".join(
        f"{_valid_until(d)}里的，{f'现在是{_locators(now)}' if now else '现在已经没有'}" for now, d in moved.items()
    )
    return old, f"注意：旧版里这个条号是另一条规定（{told}）；请确认引的是现行条文。"


def _moved(keys: Sequence[str], numberings: Sequence[tables.Numbering]) -> dict[tuple[Reference, ...], date]:
    """Where older versions' articles of these numbers are today, () for nowhere: for each the youngest's last day."""
    moved: dict[tuple[Reference, ...], date] = {}
    for numbering in numberings:
        now = _successors(numbering, keys)
        if now is not None and now != _same(keys, numbering.law):
            moved.setdefault(now, numbering.until)
    return moved


def _successors(numbering: tables.Numbering, keys: Sequence[str]) -> tuple[Reference, ...] | None:
    """Where all these articles of an older version are today; None where the table says nothing of any."""
    known = [now for key in keys if (now := numbering.successors(key)) is not None]
    return _together(known) if known else None


def _same(keys: Sequence[str], law: str) -> tuple[Reference, ...]:
    return tuple(Reference.of_key(law, key) for key in keys)


def _valid_until(until: date) -> str:
    return f"施行到 {until.year} 年 {until.month} 月 {until.day} 日的那一版"
