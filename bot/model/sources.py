"""What a model may rely on: the composed answer's parts and provisions, numbered from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answer import Answer, Provision
from bot.page_texts import load_page_texts
from corpus.citations import find, resolve
from corpus.reference import Reference
from corpus.statutes import Statutes

#: Titles of the sources that are our own card, in their order; a lawyer meets them in prompt.md too.
CARD, LIMITS, STEPS, PLACES = (
    "本站对这种情形的说明",
    "界限：什么时候不一样",
    "现在怎么做、留什么证据",
    "去哪里投诉、求助",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered source.

    text       what the model reads, word for word
    reference  the provision that `text` is, None for our own words and for rules that are not held
    shown      what stands in the answer in place of [n]; empty for our own words
    """

    number: int
    title: str
    text: str
    reference: Reference | None = None
    shown: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines (of a card: one thought each), without list marks."""
        lines = (re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", line).strip() for line in self.text.split("\n"))
        return tuple(line for line in lines if line)


def sources_of(answer: Answer, statutes: Statutes) -> list[Source]:
    """Everything a composed answer rests on: its own words, its provisions, the rules it names.

    Provisions that only the card's text names (limits, steps) follow those that it relies on.
    """
    verdicts = load_page_texts().verdicts
    branches = "\n".join(f"- {b.when}：{verdicts[b.verdict].words}。{b.says}" for b in answer.branches)
    parts = [
        (CARD, f"{answer.conclusion}\n{answer.reasons}"),
        (LIMITS, f"{branches}\n{answer.limits}"),
        (STEPS, "\n".join((*answer.steps, *answer.evidence))),
        (PLACES, "\n".join(f"{c.name}：{c.takes}{c.how}" for c in answer.channels)),
    ]
    parts = [(title, text.strip()) for title, text in parts if text.strip()]
    out = [Source(n, title, text) for n, (title, text) in enumerate(parts, start=1)]
    named = _provisions_named("\n".join(text for _, text in parts), statutes)
    provisions: dict[Reference, Provision] = {c.reference: c for c in answer.citations}
    whole = {r.article for r in provisions}
    provisions |= {c.reference: c for c in named if c.reference not in provisions and c.reference.article not in whole}
    for reference, cited in provisions.items():
        title = f"{reference}（{cited.note}）" if cited.note else str(reference)
        out.append(Source(len(out) + 1, title, cited.text, reference, f"（{reference}）"))
    for rule in answer.rules:
        title = f"《{rule.name}》{rule.number}（本站没有原文，只有转述）"
        out.append(Source(len(out) + 1, title, rule.says, None, f"（《{rule.name}》）"))
    return out


def _provisions_named(text: str, statutes: Statutes) -> Iterator[Provision]:
    """The provisions named in our own text, each once, as they stand in force."""
    for found in find(text, statutes):
        named = found.reference if resolve(found, statutes).status == "ok" else None
        if named and (provision := Provision.of(named, statutes)):
            yield provision
