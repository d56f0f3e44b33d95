"""How people ask, for an article or at all, and go on after an answer: question_patterns.toml, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.files import FileError, read_table

TABLE = Path(__file__).parent / "question_patterns.toml"
#: An article's number as people write it; NUMBER in the table.
NUMBER = r"第?(?:\d{1,4}|[一二三四五六七八九十百千零两]{1,9})"


@dataclass(frozen=True, slots=True)
class QuestionPattern:
    """A row of the table: a pattern, what it must find (`fits`) and what it must not (`misfits`)."""

    kind: str
    pattern: re.Pattern[str]
    fits: tuple[str, ...]
    misfits: tuple[str, ...]


def heard(kind: str, text: str) -> re.Match[str] | None:
    """Where the first pattern of a kind that the text has stands in it."""
    return next(filter(None, (one.pattern.search(text) for one in question_patterns()[kind])), None)


def without(text: str, *kinds: str, put: str | Callable[[re.Match[str]], str] = "") -> str:
    """The text without the patterns of these kinds, `put` for each."""
    return _any_of(kinds).sub(put, text)


@lru_cache(maxsize=1)
def question_patterns() -> Mapping[str, tuple[QuestionPattern, ...]]:
    """The table, by kind. Raises FileError where a row cannot be read."""
    table = read_table(TABLE, dict[str, tuple[dict[str, str | list[str]], ...]])
    return {kind: tuple(_question_pattern(kind, row) for row in rows) for kind, rows in table.items()}


@lru_cache
def _any_of(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{one.pattern.pattern})" for kind in kinds for one in question_patterns()[kind]), re.VERBOSE
    )


def _question_pattern(kind: str, row: Mapping[str, str | list[str]]) -> QuestionPattern:
    try:
        written = row["pattern"]
        pattern = re.compile(
            (written if isinstance(written, str) else "|".join(written)).replace("NUMBER", NUMBER), re.VERBOSE
        )
        return QuestionPattern(kind, pattern, tuple(row["fits"]), tuple(row["not"]))
    except (KeyError, re.error) as error:
        raise FileError(f"{TABLE.name}：{kind} 这一行不对：{error}") from None
