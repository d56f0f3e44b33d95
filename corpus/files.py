"""The files that people write for the bot: cards, replies, tables."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


class CardError(Exception):
    """A card, a reply or a table cannot be used; the message names the file and what is wrong."""


def read_text(path: Path) -> str:
    """The text of a file, with or without a byte order mark. Raises CardError."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CardError(f"{_place(path)}：不是 UTF-8 文本，请另存为 UTF-8") from None
    except OSError as error:
        raise CardError(f"{_place(path)}：读不了：{error.strerror}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The table of a TOML file. Raises CardError."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"{_place(path)}：不是 TOML：{error}") from None


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
