"""The tables a lawyer keeps beside this file, each a TOML file. Names and numbers only, no text of the law."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from propcache.api import cached_property
from pydantic import Field

from corpus.files import Day, Flag, Word, Words, from_file, read_entries, read_named, read_table, spelt
from corpus.reference import Key, Reference
from corpus.statutes import Statutes

HERE = Path(__file__).parent
#: An article of the entry's own law, or of another: "670", "253-1", "劳动合同法 50".
Target = Annotated[str, spelt("([^ ]+ )?[1-9][0-9]*(-[1-9][0-9]*)?", '"670"、"253-1" 或 "劳动合同法 50"')]
#: Where the rule of an article is today, as the table writes it.
Moves = Annotated[dict[Key, tuple[Target, ...]], Field(alias="now")]


@from_file
@dataclass(frozen=True)
class Repealed:
    """A statute no longer in force from the day `on`; `replaced_by` took its place (() where nothing did).

    `changed` are the keys of articles whose rule is not what it was. `same`: articles that `now` does not list
    kept their number, up to its `last`, where that is known.
    """

    name: Word
    on: Day
    replaced_by: Words
    aliases: Words = ()
    moves: Moves = field(default_factory=dict)
    changed: frozenset[Key] = frozenset()
    same: Flag = False
    last: Key | None = None

    @cached_property
    def now(self) -> Mapping[str, tuple[Reference, ...]]:
        """An article's key ("206", "253-1") -> the articles that carry its rule today, most important first."""
        return _references(self.moves, self.replaced_by[0] if self.replaced_by else "")

    def successors(self, key: str) -> tuple[Reference, ...]:
        """Where the rule of that article is today; () where the table does not say."""
        if key in self.now or not (self.same and self.replaced_by) or _is_beyond(key, self.last):
            return self.now.get(key, ())
        return (Reference.of_key(self.replaced_by[0], key),)


@from_file
@dataclass(frozen=True)
class Numbering:
    """An older numbering of a statute in force, last valid on the day `until`; `last`: its last article, if known."""

    law: Word
    adopted: tuple[Day, ...]
    until: Day
    basis: Literal["texts", "words", "texts+words"]
    moves: Moves
    last: Key | None = None

    @cached_property
    def now(self) -> Mapping[str, tuple[Reference, ...]]:
        """An article's key -> where it is today, () where its rule is gone."""
        return _references(self.moves, self.law)

    @property
    def complete(self) -> bool:
        """Whether an article that `now` does not list kept its number; otherwise nothing is known of it."""
        return self.basis != "words"

    def lacks(self, key: str) -> bool:
        """Whether it is known to have had no such article: the number is beyond its last."""
        return _is_beyond(key, self.last)

    def successors(self, key: str) -> tuple[Reference, ...] | None:
        """Where that article is today: () if its rule is gone, None if the table does not say or it had none."""
        if key in self.now:
            return self.now[key]
        return (Reference.of_key(self.law, key),) if self.complete and not self.lacks(key) else None


@from_file
@dataclass(frozen=True)
class Shape:
    """How the name of a law ends and what never stands in one; see names.toml."""

    law: Words
    rule: Words
    notice: Words
    not_law: Words
    never: Words


@from_file
@dataclass(frozen=True)
class NameTable:
    """What names.toml has. `aliases` by official short name."""

    unheld: Words
    foreign: Words
    common: frozenset[Word]
    parts: Words
    instruments: Words
    private: Words
    issuers: Words
    numbers: Words
    shape: Shape
    aliases: dict[Word, Words]


@from_file
@dataclass(frozen=True)
class FigureTable:
    """What figures.toml has. Regular expressions but for `units`: by what is measured, the sizes of its units."""

    agreed: Words
    before: Words
    after: Words
    units: dict[Word, dict[Word, float]]


@from_file
@dataclass(frozen=True)
class Contrary:
    """Words of which those of `one` say the contrary of those of `other`."""

    one: Words
    other: Words


@from_file
@dataclass(frozen=True)
class ContraryTable:
    """What contraries.toml has: contraries in a claim; words put for each other, or put in, in a copy of the law."""

    effects: tuple[Words, ...]
    limits: Words
    contrary: tuple[Contrary, ...]


@from_file
@dataclass(frozen=True)
class DenialTable:
    """What denials.toml has: words that forbid, that allow, that oblige, and that spare a duty."""

    forbid: Words
    allow: Words
    oblige: Words
    spare: Words


@lru_cache(maxsize=1)
def repealed() -> Mapping[str, Repealed]:
    """Repealed statutes by name. Raises FileError, as every table does that cannot be used."""
    return read_named(HERE / "repealed.toml", "statute", Repealed, "name")


@lru_cache(maxsize=1)
def superseded() -> Mapping[str, tuple[Numbering, ...]]:
    """Older numberings by statute, the youngest first."""
    young = sorted(read_entries(HERE / "superseded.toml", "version", Numbering), key=lambda v: v.until, reverse=True)
    return {law: tuple(v for v in young if v.law == law) for law in dict.fromkeys(v.law for v in young)}


@lru_cache(maxsize=1)
def names() -> NameTable:
    """Names of law beyond the manifest, and what a name of law looks like."""
    return read_table(HERE / "names.toml", NameTable)


@lru_cache(maxsize=1)
def named_rules() -> Mapping[str, Mapping[str, tuple[Reference, ...]]]:
    """Names of crimes, rights and rules by law, and the articles to which each belongs."""
    table = read_table(HERE / "named_rules.toml", dict[Word, dict[Word, tuple[Target, ...]]])
    return {law: _references(named, law) for law, named in table.items()}


@lru_cache(maxsize=1)
def lay() -> Mapping[str, str]:
    """Lay words and the statutes' words for the same."""
    return read_table(HERE / "lay.toml", dict[Word, Word])


@lru_cache(maxsize=1)
def figures() -> FigureTable:
    """What makes a figure in a claim one of the law."""
    return read_table(HERE / "figures.toml", FigureTable)


@lru_cache(maxsize=1)
def contraries() -> ContraryTable:
    """Words that say the contrary of each other."""
    return read_table(HERE / "contraries.toml", ContraryTable)


@lru_cache(maxsize=1)
def denials() -> DenialTable:
    """Words that forbid, allow, oblige and spare a duty."""
    return read_table(HERE / "denials.toml", DenialTable)


def any_of(*words: str) -> str:
    """A pattern of any of the words, the longest that stands there."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def numbering_on(law: str, day: date) -> Numbering | None:
    """The older numbering that was in force on a day, None if today's was."""
    held = [v for v in superseded().get(law, ()) if v.until >= day]
    return min(held, key=lambda v: v.until) if held else None


def problems(statutes: Statutes) -> Iterator[str]:
    """What is untrue in the tables, beside all law in force, in words for their authors. Raises FileError."""
    for name, entry in repealed().items():
        if name in statutes.by_name:
            yield f"repealed.toml：《{name}》还在施行"
        yield from _missing_targets(f"repealed.toml：《{name}》", entry.now, statutes)
    for numbering in (v for numberings in superseded().values() for v in numberings):
        place = f"superseded.toml：《{numbering.law}》施行到 {numbering.until} 的那一版"
        statute = statutes.by_name.get(numbering.law)
        if statute is None:
            yield f"{place}：没有这部法律"
        elif statute.in_force_from and numbering.until >= statute.in_force_from:
            yield f"{place}：现行的一版 {statute.in_force_from} 起就施行了"
        yield from (f"{place}：{key} 在最后一条 {numbering.last} 后面" for key in numbering.now if numbering.lacks(key))
        yield from _missing_targets(place, numbering.now, statutes)
    for law, named in named_rules().items():
        yield from _missing_targets(f"named_rules.toml：《{law}》", named, statutes)
    for law in names().aliases:
        if law not in statutes.by_name:
            yield f"names.toml：aliases 里的《{law}》，没有这部法律"
    for word, same in lay().items():
        if word == same:
            yield f"lay.toml：{word} 对的是它自己，没有用处"
    figures()
    contraries()
    denials()


def _missing_targets(place: str, named: Mapping[str, tuple[Reference, ...]], statutes: Statutes) -> Iterator[str]:
    for key, references in named.items():
        for reference in references:
            if statutes.article(reference) is None:
                yield f"{place}：{key} = {reference.key}，没有{reference}"


def _is_beyond(key: str, last: str | None) -> bool:
    """Whether an article would stand behind the last one; False where that is not known."""
    if last is None:
        return False
    one, other = Reference.of_key("", key), Reference.of_key("", last)
    return (one.number, one.suffix) > (other.number, other.suffix)


def _references(table: Mapping[str, tuple[str, ...]], law: str) -> dict[str, tuple[Reference, ...]]:
    return {key: tuple(_reference(target, law) for target in targets) for key, targets in table.items()}


def _reference(target: str, law: str) -> Reference:
    *other, key = target.split()
    return Reference.of_key(other[0] if other else law, key)
