"""Files of questions: JSON lines {"id", "q", "gold": [[law, number, suffix], ...], ...}."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.reference import Reference


class RowsError(Exception):
    """A question file cannot be used; the message says which line and why."""


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows, each with "id" (its line where the file gives none) and "q". Raises RowsError naming the line."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # splitlines would cut at U+2028 within a string
    except (OSError, UnicodeDecodeError):
        raise RowsError(f"读不了 {path}：要一个 UTF-8 的 .jsonl 文件") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # no JSON, a number too long, too deep
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("q"), str):
            raise RowsError(f'{path.name} 第 {number} 行不是 {{"id","q"}} 的 JSON')
        yield {"id": number, **row}


def gold(row: Mapping[str, Any]) -> list[Reference]:
    """The articles that answer a row's question. Raises RowsError."""
    listed = row.get("gold")
    references = []
    for one in listed if isinstance(listed, list) and listed else [None]:
        match one:
            case [str(law), int(number), int(suffix)] if bool not in map(type, one) and number > 0 and suffix >= 0:
                references.append(Reference(law, number, suffix))
            case _:
                raise RowsError(f'{row["id"]}：gold 要写成 [["民法典", 1033, 0], …]')
    return references
