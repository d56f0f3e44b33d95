"""The tables a lawyer keeps: repealed.toml, superseded.toml. Numbers only, no text of the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.files import read_toml
from corpus.reference import Reference

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Repealed:
    """A statute no longer in force from the day `on`; `by` took its place (() where nothing did).

    `now` maps an article's key ("206", "253-1") to the articles that carry its rule today, most
    important first. `changed` are the keys whose rule is not what it was.
    """

    name: str
    aliases: tuple[str, ...]
    on: date
    by: tuple[str, ...]
    now: Mapping[str, tuple[Reference, ...]]
    changed: frozenset[str]
    same: bool

    def successors(self, key: str) -> tuple[Reference, ...]:
        """Where the rule of that article is today; () where the table does not say."""
        if key in self.now or not (self.same and self.by):
            return self.now.get(key, ())
        return (reference(key, self.by[0]),)


@dataclass(frozen=True)
class Version:
    """An older numbering of a statute in force, last valid on the day `until`.

    `complete` says that an article which `now` does not list kept its number; otherwise nothing is
    known of it.
    """

    law: str
    adopted: tuple[date, ...]
    until: date
    complete: bool
    now: Mapping[str, tuple[Reference, ...]]

    def successors(self, key: str) -> tuple[Reference, ...] | None:
        """Where that article is today: () if its rule is gone, None if the table does not say."""
        if key in self.now:
            return self.now[key]
        return (reference(key, self.law),) if self.complete else None


@lru_cache(maxsize=1)
def repealed() -> Mapping[str, Repealed]:
    """Repealed statutes by name. Raises CardError where the table cannot be read."""
    out: dict[str, Repealed] = {}
    for entry in read("repealed.toml")["statute"]:
        by = tuple(entry["by"])
        out[entry["name"]] = Repealed(
            name=entry["name"],
            aliases=tuple(entry.get("aliases", ())),
            on=entry["on"],
            by=by,
            now=_moves(entry.get("now", {}), by[0] if by else ""),
            changed=frozenset(entry.get("changed", ())),
            same=entry.get("same", False),
        )
    return out


@lru_cache(maxsize=1)
def superseded() -> Mapping[str, tuple[Version, ...]]:
    """Older numberings by statute, the youngest first."""
    out: dict[str, list[Version]] = {}
    for entry in read("superseded.toml")["version"]:
        version = Version(
            law=entry["law"],
            adopted=tuple(entry["adopted"]),
            until=entry["until"],
            complete=entry["basis"] != "words",
            now=_moves(entry["now"], entry["law"]),
        )
        out.setdefault(version.law, []).append(version)
    return {law: tuple(sorted(vs, key=lambda v: v.until, reverse=True)) for law, vs in out.items()}


def version_on(law: str, day: date) -> Version | None:
    """The older numbering that was in force on a day, None if today's was."""
    held = [v for v in superseded().get(law, ()) if v.until >= day]
    return min(held, key=lambda v: v.until) if held else None


def read(name: str) -> dict[str, Any]:
    """A TOML table of this package, as it stands. Raises CardError."""
    return read_toml(HERE / name)


def _moves(entries: Mapping[str, list[str]], law: str) -> dict[str, tuple[Reference, ...]]:
    return {key: tuple(reference(value, law) for value in values) for key, values in entries.items()}


def reference(value: str, law: str) -> Reference:
    """Read "670", "253-1" or "劳动合同法 50"."""
    *other, key = value.split()
    return Reference.of_key(other[0] if other else law, key)
