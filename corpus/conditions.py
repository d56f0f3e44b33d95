"""What a message may state that takes away what a card rests on: 钱还没有还清, 我签了字担保.

A search measures nearness, and 没还清 is as near as 还清了. So a card names in `unless` the conditions under which its
verdict does not hold, each with the card to read instead, if there is one. A branch names in `only_with` the condition
without which its facts are not told: 打12368核实过. `conditions.toml` has the words for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from corpus.cards import Branch, Card
from corpus.files import HERE, Strings, from_file, read_table


@from_file
@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: `says` completes 你说的是：…; `heard` are patterns, `yes` and `no` texts that they tell apart.

    Where `unless` is met nothing is heard.
    """

    says: str
    heard: tuple[re.Pattern[str], ...]
    yes: Strings
    no: Strings
    unless: re.Pattern[str] | None = None

    def stated(self, text: str) -> bool:
        """Whether a text states it; marks may have either width."""
        text = normalize("NFKC", text)
        return not (self.unless and self.unless.search(text)) and any(one.search(text) for one in self.heard)


@lru_cache(maxsize=1)
def load_conditions() -> Mapping[str, Condition]:
    """Every condition by id. Raises FileError."""
    return read_table(HERE / "conditions.toml", dict[str, Condition])


def turned(card: Card, text: str) -> str:
    """The id of the first condition stated in a text under which a card's verdict does not hold; empty for none."""
    return next((name for name in card.unless if load_conditions()[name].stated(text)), "")


def may_be_told(branch: Branch, text: str) -> bool:
    """Whether a text states the condition, if there is one, without which it does not tell a branch's facts."""
    return not branch.only_with or load_conditions()[branch.only_with].stated(text)


def condition_problems(conditions: Mapping[str, Condition], cards: Mapping[str, Card]) -> Iterator[str]:
    """Words that are not told apart, and cards that turn their own askers away or do not hear a branch's own facts."""
    for name, condition in conditions.items():
        unheard = [text for text in condition.yes if not condition.stated(text)]
        overheard = [text for text in condition.no if condition.stated(text)]
        yield from (f"conditions.toml：{name} 没有听出「{text}」" for text in unheard)
        yield from (f"conditions.toml：{name} 把「{text}」也听成是" for text in overheard)
    for card in cards.values():
        place = f"{card.topic}.md {card.id}：unless 的"
        for name in filter(conditions.__contains__, card.unless):
            asked = [text for text in (card.title, *card.questions) if conditions[name].stated(text)]
            yield from (f"{place} {name} 会把自己的问法「{text}」转走" for text in asked)
        for name, branch in card.branches.items():
            needed = conditions.get(branch.only_with)
            if needed and not needed.stated(branch.when):
                yield f"{card.topic}.md {card.id} 的分支 {name}：when 没有说出 conditions.toml 里的 {branch.only_with}"
