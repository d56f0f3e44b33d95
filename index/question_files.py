"""Files of questions: JSON lines {"id", "q", "gold": [[law, number, suffix], ...], ...}."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

from corpus.files import OperatorError
from corpus.reference import Reference


class QuestionFileError(OperatorError):
    """A question file cannot be used; the message says which line and why."""


def read_questions(path: Path, longest: float = inf) -> Iterator[dict[str, Any]]:
    """Rows, each with "q" of so many characters at most and an "id", its line where the file gives none.

    Raises QuestionFileError naming the line.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # splitlines would cut at U+2028 within a string
    except (OSError, UnicodeDecodeError):
        raise QuestionFileError(f"读不了 {path}：要一个 UTF-8 的 .jsonl 文件") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # no JSON, a number too long, too deep
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("q"), str):
            raise QuestionFileError(f'{path.name} 第 {number} 行不是 {{"id","q"}} 的 JSON')
        if len(row["q"]) > longest:
            raise QuestionFileError(f"{path.name} 第 {number} 行的问题太长，最多 {longest} 字")
        yield {"id": number, **row}


def gold(row: Mapping[str, Any]) -> list[Reference]:
    """The articles that answer a row's question. Raises QuestionFileError."""
    listed = row.get("gold")
    references = []
    for one in listed if isinstance(listed, list) and listed else [None]:
        match one:
            case [str(law), int(number), int(suffix)] if bool not in map(type, one) and number > 0 and suffix >= 0:
                references.append(Reference(law, number, suffix))
            case _:
                raise QuestionFileError(f'{row["id"]}：gold 要写成 [["民法典", 1033, 0], …]')
    return references


def cards(row: Mapping[str, Any]) -> list[str]:
    """The ids of the cards that answer a row's question. Raises QuestionFileError."""
    match row.get("cards"):
        case [*listed] if listed and all(isinstance(one, str) for one in listed):
            return listed
        case _:
            raise QuestionFileError(f'{row["id"]}：cards 要写成 ["upfront-deduction", …]')
