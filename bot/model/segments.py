"""Sources cut into parts that each say one thing, so that a claim is compared with what it can rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.sources import PLACES, Source
from corpus.citations import find
from corpus.reference import Reference
from corpus.statutes import Statutes
from index.normalise import normalise


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a source that says one thing, and what it speaks of: provisions, or a rule's name."""

    text: str
    about: frozenset[str]
    #: Whether it says where to turn to: what is complained of there stands in it as if it were so.
    place: bool = False


def segments(source: Source, statutes: Statutes) -> list[Segment]:
    """A source cut where it begins to speak of another provision.

    A provision speaks of itself. In our own text, what stands before the first citation of a line
    and after each one belongs to that citation.
    """
    if key := key_of(source):
        return [Segment(normalise(line), frozenset({str(key)})) for line in _pieces(source)]
    out = []
    place = source.title == PLACES
    for line in source.lines:
        current: set[str] = set()
        parts: list[tuple[str, set[str]]] = []
        for part in re.split(r"(?<=[。；！？])", normalise(line)):
            cited = {str(f.reference.article) for f in find(part, statutes) if f.reference}
            if cited and current and parts:
                current = set()
            if cited and not current:
                current = cited
                if parts and not parts[-1][1]:
                    parts = [(text, about or cited) for text, about in parts]
            if part.strip():
                parts.append((part, current))
        out += [Segment(text, frozenset(about), place) for text, about in parts]
        if len(parts) > 1 and len({frozenset(a) for _, a in parts}) == 1:
            out.append(Segment("".join(t for t, _ in parts), frozenset(parts[0][1]), place))
    return out


def _pieces(source: Source) -> Iterable[str]:
    """A provision whole, and by its lines where it is long."""
    yield source.text.replace("\n", "")
    if len(source.lines) > 1:
        yield from source.lines


def key_of(source: Source) -> Reference | str | None:
    """What a source's number stands for in a sentence: its article, a rule's name, None for our own words."""
    if source.reference:
        return source.reference.article
    return source.title if source.shown else None
