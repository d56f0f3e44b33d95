"""Pairs that the cross-encoder learns from: messages with cards and claims with articles, JSON lines in `pairs/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.files import read_json_lines

PAIRS = Path(__file__).parent / "pairs"


@dataclass(frozen=True, slots=True)
class Told:
    """A message about a firm card's matter, and whether the card's verdict holds for what it tells."""

    card: str
    message: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim about an article, and whether the article carries it."""

    law: str
    number: int
    suffix: int
    claim: str
    carried: bool


def told() -> Iterator[Told]:
    """Raises FileError."""
    return read_json_lines(PAIRS / "told.jsonl", Told)


def claimed() -> Iterator[Claimed]:
    """Raises FileError."""
    return read_json_lines(PAIRS / "claimed.jsonl", Claimed)
