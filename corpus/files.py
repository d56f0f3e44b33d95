"""The files that people write for the bot: cards, replies, tables."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, Strict, StringConstraints, TypeAdapter, ValidationError, with_config

HERE = Path(__file__).parent
T = TypeVar("T")
Strings = tuple[str, ...]
Word = Annotated[str, StringConstraints(min_length=1)]
Words = tuple[Word, ...]
#: As TOML has them, not as pydantic would guess: 0 is no day, "maybe" is no answer.
Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
#: Marks a dataclass that is read from a file: a key that nobody reads, as a misspelt one, is an error.
from_file = with_config(extra="forbid")
#: What is told first: a misspelt key is why another is missing.
_STRANGE = ("unexpected_keyword_argument", "extra_forbidden")
#: What pydantic finds, by its name for it, for whoever wrote it.
AMISS = {
    "missing": "缺少 {name}",
    **dict.fromkeys(_STRANGE, "不认得 {name}"),
    "value_error": "{error}",
    "too_short": "没有 {name}",
    "string_too_short": "{name} 是空的",
    "list_type": "{name} 要写成 […] 这样的列表",
    **dict.fromkeys(("tuple_type", "frozen_set_type"), '{name} 要写成 ["…", "…"] 这样的列表'),
    **dict.fromkeys(("dict_type", "mapping_type", "dataclass_type"), "{name} 要写成一张表"),
    "string_type": '{name} 要写成 "…" 这样的文字',
    "string_unicode": "{name} 里有半个字，读不出来",
    "string_too_long": "{name} 太长，最多 {max_length} 字",
    "too_long": "{name} 太多，最多 {max_length} 项",
    "literal_error": "{name} 只能是 {expected}",
    **dict.fromkeys(("bool_type", "bool_parsing"), "{name} 只能是 true、false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "{name} 要写成整数"),
    **dict.fromkeys(("float_type", "float_parsing"), "{name} 要写成数字"),
    "date_type": "{name} 要写成 2021-01-01 这样的日期",
    "greater_than": "{name} 太小，要大于 {gt}",
    "greater_than_equal": "{name} 太小，至少 {ge}",
    "less_than_equal": "{name} 太大，最多 {le}",
}
#: What the input adds nothing to.
_WITHOUT_INPUT = {"missing", *_STRANGE, "value_error", "too_short", "string_too_short"}


def amiss(problem: Mapping[str, Any], name: str) -> str:
    """One of pydantic's errors in words, without the input; `name` says of what."""
    known = {"expected": "", **problem.get("ctx", {}), "name": name}
    known["expected"] = known["expected"].replace(" or ", "、")
    return AMISS.get(problem["type"], "{name} 不对").format(**known)


def spelt(pattern: str, examples: str) -> AfterValidator:
    """For the type of a text: the pattern fits all of it. Whoever wrote another reads the examples."""
    whole = re.compile(pattern)

    def check(text: str) -> str:
        if not whole.fullmatch(text):
            raise ValueError(f"{text:.30} 要写成 {examples}")
        return text

    return AfterValidator(check)


class OperatorError(Exception):
    """What whoever runs the bot can mend; the message says what is wrong and what to do."""


class CorpusError(OperatorError):
    """The law or what is written about it cannot be used; the message says where and what to do."""


class FileError(CorpusError):
    """A card, a reply or a table cannot be used; the message names the file and what is wrong."""


def read_text(path: Path) -> str:
    """The text of a file, with or without a byte order mark. Raises FileError."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{_place(path)}：不是 UTF-8 文本，请另存为 UTF-8") from None
    except OSError as error:
        raise FileError(f"{_place(path)}：读不了：{error.strerror}") from None


def read_table(path: Path, shape: type[T]) -> T:
    """A TOML file as `shape` has it. Raises FileError naming the file and the place in it."""
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{_place(path)}：不是 TOML：{error}") from None
    return shaped(table, shape, _place(path))


def read_json(path: Path, shape: type[T]) -> T:
    """A JSON file as `shape` has it. Raises FileError naming the file and the place in it."""
    try:
        return shaped(json.loads(read_text(path)), shape, _place(path))
    except ValueError as error:
        raise FileError(f"{_place(path)}：不是 JSON：{error}") from None


def read_entries(path: Path, kind: str, shape: type[T]) -> tuple[T, ...]:
    """The `[[kind]]` entries of a TOML file that has nothing else. Raises FileError."""
    table = read_table(path, dict[str, object])
    if set(table) != {kind}:
        raise FileError(f"{_place(path)}：要写成 [[{kind}]]，现在有 {'、'.join(table) or '空的一页'}")
    rows: dict[str, tuple[T, ...]] = shaped(table, dict[str, tuple[shape, ...]], _place(path))  # type: ignore[valid-type]
    return rows[kind]


def read_named(path: Path, kind: str, shape: type[T], by: str) -> dict[str, T]:
    """The same by one of their fields. Raises FileError, also where one is repeated."""
    named: dict[str, T] = {}
    for one in read_entries(path, kind, shape):
        if named.setdefault(getattr(one, by), one) is not one:
            raise FileError(f"{_place(path)}：{by} {getattr(one, by)} 写了两次")
    return named


def shaped(data: object, shape: type[T], place: str) -> T:
    """Data as `shape` has it. Raises FileError that begins with `place`."""
    try:
        read: T = _adapter(cast(Any, shape)).validate_python(data)
    except ValidationError as error:
        wrong = sorted(error.errors(include_url=False), key=lambda one: one["type"] not in _STRANGE)
        problems = [_problem(dict(one), data) for one in wrong]
        raise FileError(f"{place}：{'；'.join(problems[:3])}") from None
    return read


@lru_cache(maxsize=64)
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _problem(problem: dict[str, Any], data: object) -> str:
    """One thing that is wrong, with its place: version 第 2 个（网络安全法）：basis 只能是…"""
    *path, last = [step for step in problem["loc"] if step != "[key]"] or [""]
    where = ""
    for step in path:
        data = data[step] if isinstance(data, (list, Mapping)) else data
        named = next((data[k] for k in ("id", "name", "law") if k in data), "") if isinstance(data, Mapping) else ""
        where += f" 第 {step + 1} 个" if isinstance(step, int) else f" {step}"
        where += f"（{named}）" if named and isinstance(step, int) else ""
    said = amiss(problem, f"第 {last + 1} 个" if isinstance(last, int) else last).strip()
    if problem["type"] not in _WITHOUT_INPUT:
        said += f"，现在是 {problem['input']!r:.30}"
    return f"{where.strip()}：{said}" if where else said


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
