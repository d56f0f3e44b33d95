"""Statutes and their articles, in force on a day.

`load()` is the one way in: it reads the manifest and the sources, repairs and verifies the text,
and chooses each statute's version by date. Raises CorpusError naming what is wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Literal

from propcache.api import cached_property

from corpus import numerals
from corpus.files import HERE, Day, Flag, Strings, from_file, read_json, read_named
from corpus.reference import Key, Reference
from corpus.sources import ReplaceableError, SourceError, StatuteText, folder_texts, package_texts

#: The day on which the data package was last held against the law in force; to be changed with the package.
CHECKED_ON = date(2026, 11, 23)
FINGERPRINTS = HERE / "fingerprints.json"
#: The statutes of the manifest, or every current one of the data package.
Scope = Literal["default", "all"]
_REMEDY = "请重新运行 pip install -r requirements.txt"
_ITEM = re.compile(rf"[（(](?P<n>[{numerals.CHARACTERS}]+)[）)]")


@from_file
@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a statute in the manifest: when it was adopted, from when it is in force."""

    adopted: Day
    in_force_from: Day


@from_file
@dataclass(frozen=True, slots=True)
class Note:
    """What is said beside some articles of the data package; `outdated`: their text is no longer in force."""

    articles: tuple[Key, ...]
    text: str
    outdated: Flag = False


@from_file
@dataclass(frozen=True, slots=True)
class Correction:
    """Words of an article that the data package has wrong."""

    article: Key
    wrong: str
    right: str


@from_file
@dataclass(frozen=True, slots=True)
class Entry:
    """What statutes.toml says of a statute; `first_part` is a heading that the data package leaves out."""

    name: str
    versions: tuple[Edition, ...] = ()
    aliases: Strings = ()
    notes: tuple[Note, ...] = ()
    corrections: tuple[Correction, ...] = ()
    first_part: str = ""


@from_file
@dataclass(frozen=True, slots=True)
class Fingerprints:
    """fingerprints.json: the digest of every text of the data package, and of the articles of some statutes."""

    about: str
    statutes: dict[str, dict[Key, str]]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (款): its opening words and its items (项), each with its （一） in front and of some lines."""

    lead: str
    items: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join((self.lead, *self.items))


@dataclass(frozen=True, slots=True)
class Article:
    """An article (条) of the version in force, or (`outdated`) as it was before. `path` runs from part to section.

    `note` is to be read beside its text.
    """

    law: str
    number: int
    suffix: int
    paragraphs: tuple[Paragraph, ...]
    path: tuple[str, ...]
    in_force_from: date | None
    note: str = ""
    outdated: bool = False

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paragraphs)

    @property
    def reference(self) -> Reference:
        return Reference(self.law, self.number, self.suffix)

    @property
    def deleted(self) -> bool:
        """Whether an amendment left nothing of it but its number."""
        return self.text == "（删去）"

    def quote(self, reference: Reference) -> str | None:
        """The words that `reference` points at, or None where there is no such 款 or 项."""
        if reference.paragraph is None and reference.item is None:
            return self.text
        if reference.paragraph is None:
            paragraph = next((p for p in self.paragraphs if len(p.items) >= (reference.item or 1)), None)
        elif 1 <= reference.paragraph <= len(self.paragraphs):
            paragraph = self.paragraphs[reference.paragraph - 1]
        else:
            paragraph = None
        if paragraph is None:
            return None
        if reference.item is None:
            return paragraph.text
        if not 1 <= reference.item <= len(paragraph.items):
            return None
        return f"{paragraph.lead}\n{paragraph.items[reference.item - 1]}"


@dataclass(frozen=True)
class Statute:
    """A statute's text in force on the day it was loaded for, articles in order."""

    name: str
    official: str
    aliases: tuple[str, ...]
    adopted: date
    in_force_from: date | None
    articles: tuple[Article, ...]

    @cached_property
    def by_key(self) -> Mapping[tuple[int, int], Article]:
        return {(a.number, a.suffix): a for a in self.articles}

    def neighbours(self, article: Article) -> tuple[Reference | None, Reference | None]:
        """The articles before and after one of this statute; None beyond the first and the last."""
        at = self.articles.index(article)
        before = self.articles[at - 1].reference if at else None
        after = self.articles[at + 1].reference if at + 1 < len(self.articles) else None
        return before, after


@dataclass(frozen=True, eq=False)
class Statutes:
    """The statutes of a scope on a day, with the downloads of a folder; look-ups by name and by reference."""

    as_of: date
    scope: Scope
    all: tuple[Statute, ...]
    pending: tuple[tuple[str, date], ...] = ()
    folder: Path | None = None

    @property
    def checked_on(self) -> date:
        """Up to which day the texts are known to be the law: CHECKED_ON at most, however late they are read."""
        return min(self.as_of, CHECKED_ON)

    @cached_property
    def by_name(self) -> Mapping[str, Statute]:
        return {s.name: s for s in self.all}

    def __iter__(self) -> Iterator[Statute]:
        return iter(self.all)

    def articles(self) -> Iterator[Article]:
        for statute in self.all:
            yield from statute.articles

    def article(self, reference: Reference) -> Article | None:
        """The article, whatever the pinpoint, or None."""
        statute = self.by_name.get(reference.law)
        return statute.by_key.get((reference.number, reference.suffix)) if statute else None

    def quote(self, reference: Reference) -> str | None:
        """The exact words at `reference`, or None where law, article, 款 or 项 does not exist."""
        article = self.article(reference)
        return article.quote(reference) if article else None


def today() -> date:
    """The day in China, wherever the server stands: law comes into force there at midnight."""
    return datetime.now(timezone(timedelta(hours=8), "Asia/Shanghai")).date()


def load(scope: Scope = "default", as_of: date | None = None, folder: Path | None = None) -> Statutes:
    """The law in force on `as_of` (today if None), read once a day and scope.

    `scope` "default" is the manifest's statutes, "all" every current one of the data package.
    `folder` holds official downloads that add to it or replace a statute of the same name from the day on which they
    come into force. Raises SourceError for one that is older than the data package's, FileError for statutes.toml.
    """
    return _load(scope, as_of or today(), folder)


@lru_cache(maxsize=4)  # a scope and all law behind it, on the day of the index that is open and on that of the next
def _load(scope: Scope, day: date, folder: Path | None) -> Statutes:
    manifest = read_named(HERE / "statutes.toml", "statute", Entry, "name")
    package = package_texts()
    texts = [t for t in package if scope == "all" or t.name in manifest]
    if missing := set(manifest) - {t.name for t in texts}:
        raise SourceError(f"数据包里没有{'、'.join(sorted(missing))}：请装 requirements.txt 里的版本")
    downloads = folder_texts(folder) if folder else []

    def force(text: StatuteText) -> date:
        return _in_force(text, manifest.get(text.name)) or text.adopted

    newest = {t.name: t for t in sorted(downloads, key=force) if force(t) <= day}
    for text in package:
        if (own := newest.get(text.name, text)).adopted < text.adopted and force(text) <= day:
            raise SourceError(
                f"{own.file}：是 {own.adopted} 版，比数据包里的 {text.adopted} 版旧，请换成现行文本；"
                "已经是现行文本的，请在标题下面写上最近一次修正的日期"
            )
    used = [t for t in texts if t.name not in newest or t.adopted > newest[t.name].adopted]
    fingerprints = load_fingerprints()
    for text in used:
        verify(text, fingerprints)
    statutes, pending = [], []
    for name, versions in _by_name(used + downloads).items():
        versions.sort(key=force)
        pending += [(name, force(t)) for t in versions if force(t) > day]
        if current := [t for t in versions if force(t) <= day]:
            statutes.append(_statute(current[-1], manifest.get(name)))
    rank = {name: i for i, name in enumerate(manifest)}
    statutes.sort(key=lambda s: rank.get(s.name, len(rank)))
    return Statutes(day, scope, tuple(statutes), tuple(pending), folder)


def fingerprint(text: str) -> str:
    """sha256 (first 16 hex digits) of the Chinese characters and ASCII digits of a text."""
    return hashlib.sha256(re.sub(r"[^\u4e00-\u9fff0-9]", "", text).encode()).hexdigest()[:16]


def digest(text: StatuteText) -> str:
    """sha256 (first 16 hex digits) of a text of the package, to the character: title, date, headings, articles.

    As it is read from there, before what statutes.toml corrects or adds.
    """
    parts = [text.official, str(text.in_force_from)]
    parts += [f"{a.number}-{a.suffix} {'/'.join(a.path)}\n{a.text}" for a in text.articles]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def load_fingerprints() -> Fingerprints:
    """The fingerprints of today's data package. Raises FileError."""
    return read_json(FINGERPRINTS, Fingerprints)


def verify(text: StatuteText, fingerprints: Fingerprints) -> None:
    """Raise ReplaceableError where a text of the data package is not the one that fingerprints.json knows.

    Names the first article that differs where articles have fingerprints of their own.
    """
    found = {Reference(text.name, a.number, a.suffix).key: fingerprint(a.text) for a in text.articles}
    for key, value in fingerprints.statutes.get(text.name, {}).items():
        if found.get(key) != value:
            problem = "缺少" if key not in found else "与已核对的文本不一致"
            raise ReplaceableError(f"《{text.name}》第 {key} 条{problem}：{_REMEDY}")
    if fingerprints.texts.get(text.label) != digest(text):
        raise ReplaceableError(f"《{text.name}》（{text.adopted} 版）与已核对的文本不一致：{_REMEDY}")


def _by_name(texts: Iterable[StatuteText]) -> dict[str, list[StatuteText]]:
    grouped: dict[str, list[StatuteText]] = {}
    for text in texts:
        grouped.setdefault(text.name, []).append(text)
    return grouped


def _in_force(text: StatuteText, entry: Entry | None) -> date | None:
    """The day from which a text is in force, None where neither it nor the manifest says. Raises SourceError."""
    versions = {version.adopted: version.in_force_from for version in entry.versions} if entry else {}
    if text.file:
        return text.in_force_from or versions.get(text.adopted)
    if entry and text.adopted not in versions:
        raise SourceError(f"《{text.name}》的文本是 {text.adopted} 版，statutes.toml 里没有它的施行日期")
    return versions.get(text.adopted, text.in_force_from)


def _statute(text: StatuteText, entry: Entry | None) -> Statute:
    """A text with what the manifest says of it; corrections and notes are those of the data package's text."""
    ours = entry if entry and not text.file else Entry(text.name)
    notes = {key: note for note in ours.notes for key in note.articles}
    corrections = {one.article: one for one in ours.corrections}
    known = _in_force(text, entry)
    articles = []
    for raw in text.articles:
        key = Reference(text.name, raw.number, raw.suffix).key
        words = raw.text
        if correction := corrections.pop(key, None):
            if correction.wrong not in words:
                raise SourceError(f"《{text.name}》第 {key} 条：statutes.toml 里的更正已不适用，请删去")
            words = words.replace(correction.wrong, correction.right)
        path = raw.path
        if ours.first_part and not any("编" in h.split()[0] or h == "附则" for h in path):
            path = (ours.first_part, *path)
        note = notes.pop(key, None)
        said, outdated = (note.text, note.outdated) if note else ("", False)
        articles.append(Article(text.name, raw.number, raw.suffix, paragraphs(words), path, known, said, outdated))
    if lost := [*corrections, *notes]:
        raise SourceError(f"《{text.name}》没有第 {lost[0]} 条：statutes.toml 里却有它的更正或说明")
    aliases = entry.aliases if entry else ()
    return Statute(text.name, text.official, aliases, text.adopted, known, tuple(articles))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Split an article: a line is a paragraph (款), a line that opens with （一） an item (项) of it.

    A line between two items with numbers in a row belongs to the first of them.
    """
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    opens = [match and numerals.parse(match["n"]) for match in map(_ITEM.match, lines)]
    out: list[Paragraph] = []
    last = 0
    for i, line in enumerate(lines):
        if (number := opens[i]) and out:
            out[-1] = Paragraph(out[-1].lead, (*out[-1].items, line))
            last = number
        elif last and next(filter(None, opens[i:]), 0) == last + 1:
            *before, item = out[-1].items
            out[-1] = Paragraph(out[-1].lead, (*before, f"{item}\n{line}"))
        else:
            out.append(Paragraph(line))
            last = 0
    return tuple(out)
