"""Letters from the case of a call: templates in `letters/` that a lawyer can edit, written as Markdown.

What the case does not know stays a blank with a name, as 【姓名】. Nothing is stored and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from pydantic import AfterValidator, BaseModel, Field

from bot.answer import Provision
from bot.page_texts import load_page_texts
from bot.render import HERE
from bot.word import one_line, tame
from corpus.cards import fronts
from corpus.citations import find, resolve
from corpus.citations.law_names import names_of
from corpus.files import FileError, Flag, Word, from_file, read_text, shaped
from corpus.reference import Reference
from corpus.statutes import Statutes, today

LETTERS = HERE / "letters"
#: Lines of a letter that are made a Word file.
LINES = 3000
Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=500)]
#: Bold and links, deeper headings, other bullets: Markdown that Word files of ours do not have, and what it becomes.
UNWRITTEN = {r"\*\*(.+?)\*\*": r"\1", r"\[([^\]\n]+)\]\([^)\n]*\)": r"\1", "^#{3,} ": "## ", "^[*+] ": "- "}
JINJA = SandboxedEnvironment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Pad(BaseModel):
    """The case of the call in hand, as the volunteer's browser keeps it."""

    name: Short = ""
    phone: Short = ""
    lender: Short = ""
    collector: Short = ""
    happened: Line = ""
    facts: list[Line] = Field(default_factory=list, max_length=100)
    evidence: list[Line] = Field(default_factory=list, max_length=100)
    citations: list[Short] = Field(default_factory=list, max_length=100)
    steps: list[Line] = Field(default_factory=list, max_length=100)
    channels: list[Line] = Field(default_factory=list, max_length=100)
    notes: Annotated[str, Field(max_length=10_000)] = ""


def _template(body: str) -> str:
    """A body that can be written, without the marks of Markdown that no Word file of ours has. Raises ValueError.

    Only a lawyer's: in what a person tells, as 138****1234, a star is a star.
    """
    for marks, plain in UNWRITTEN.items():
        body = re.sub(marks, plain, body, flags=re.MULTILINE)
    try:
        strange = find_undeclared_variables(JINJA.parse(body)) - {*Pad.model_fields, "today", "cite", "about"}
    except TemplateSyntaxError as error:
        raise ValueError(f"正文第 {error.lineno} 行不是 Jinja：{error.message}") from None
    if strange:
        raise ValueError(f"正文里不认得 {'、'.join(sorted(strange))}")
    return body


@from_file
@dataclass(frozen=True, slots=True)
class Letter:
    """A template: `use` says when; the body is Markdown with Jinja. `quotes`: the words of the law are appended."""

    id: str
    title: Word
    use: Word
    body: Annotated[str, AfterValidator(_template)]
    quotes: Flag = False

    @property
    def cites(self) -> bool:
        """Whether the collected citations stand in it."""
        return "cite(" in self.body


@lru_cache(maxsize=1)
def load_letters(folder: Path = LETTERS) -> Mapping[str, Letter]:
    """The templates of a folder, by file name, in the order of their names. Raises FileError."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        parts = list(fronts(read_text(path), path.stem))
        if len(parts) != 1:
            raise FileError(f"{path.name}：要有一对 +++，中间是题目和用处，后面是正文")
        ((front, body),) = parts
        found[path.stem] = shaped({**front, "id": path.stem, "body": f"{body}\n"}, Letter, path.name)
    return found


def write_letter(letter: Letter, pad: Pad, statutes: Statutes) -> str:
    """The letter as Markdown. Its grounds are what was collected, without what does not resolve; else the facts'."""
    collected = [r for c in pad.citations if (r := _held(c, statutes))]
    grounds = collected or [
        Reference.parse(ground) for fact in load_page_texts().facts if fact.text in pad.facts for ground in fact.grounds
    ]

    def cite(*laws: str) -> str:
        """The grounds, of some laws only; empty where there are none."""
        return "、".join(str(r) for r in _wholes(grounds) if not laws or r.law in laws)

    def about(*articles: str) -> bool:
        """Whether one of these articles is among the grounds."""
        return any(Reference.parse(one) == r.article for one in articles for r in grounds)

    values = {
        key: one_line(value) if isinstance(value, str) else [line for one in value if (line := one_line(one))]
        for key, value in pad.model_dump().items()
    } | {"citations": collected, "notes": tame(pad.notes.strip())}
    text = JINJA.from_string(letter.body).render(**values, today=today(), cite=cite, about=about) + "\n"
    return text + _quoted(text, statutes) if letter.quotes else text


def _quoted(text: str, statutes: Statutes) -> str:
    """The provisions that a letter cites, word for word; not those of another version, whose words are not held."""
    resolved = [
        resolve(f, statutes)
        for f in find(text, statutes)
        if f.reference and not (f.mentioned_version and f.mentioned_version.old)
    ]
    parts = []
    for reference in _wholes(reference for one in resolved if one.status == "ok" for reference in one.references):
        article = names_of(statutes).article(reference)
        words = article.quote(reference) if article else None
        if article and article.outdated:
            parts.append(f"{reference}：{article.note}")
        elif words:
            parts.append(f"{reference}：\n\n" + "\n".join(f"> {line}" for line in words.split("\n")))
    if not parts:
        return ""
    return f"\n## 附：所引法条原文（核对到 {statutes.checked_on} 的文本）\n\n" + "\n\n".join(parts) + "\n"


def _held(citation: str, statutes: Statutes) -> Reference | None:
    """What a collected citation names, None where there is no such place."""
    try:
        reference = Reference.parse(citation)
    except ValueError:
        return None
    return reference if Provision.of(reference, statutes) else None


def _wholes(references: Iterable[Reference]) -> list[Reference]:
    """Each reference once, and no part of an article or of a 款 beside the whole of it."""
    once = list(dict.fromkeys(references))
    return [r for r in once if not {r.article, replace(r, item=None)} - {r} & set(once)]
