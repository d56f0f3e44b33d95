"""What cards and replies name by its id: channels, rules, conditions, other cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.cards import Card, load_channels, load_rules
from corpus.conditions import load_conditions
from corpus.files import FileError
from corpus.replies import Reply


def lost_links(cards: Mapping[str, Card], replies: Mapping[str, Reply]) -> Iterator[str]:
    """Ids that nothing has, in words for whoever wrote them. Raises FileError where a table cannot be read."""
    channels, rules, conditions = load_channels(), load_rules(), load_conditions()
    for card in cards.values():
        place = f"{card.topic}.md {card.id}"
        yield from (f"{place}：channels.toml 里没有 {name}" for name in card.channels if name not in channels)
        yield from (f"{place}：rules.toml 里没有 {name}" for name in card.rules if name not in rules)
        for name, instead in card.unless.items():
            if name not in conditions:
                yield f"{place}：unless 的 {name} 不在 conditions.toml 里"
            if instead and (instead not in cards or instead == card.id):
                yield f"{place}：unless 的 {name} 指向的 {instead} 不是另一张卡片"
        for name, branch in card.branches.items():
            if branch.only_with and branch.only_with not in conditions:
                yield f"{place} 的分支 {name}：conditions.toml 里没有 {branch.only_with}"
    for reply in replies.values():
        place = f"replies/{reply.kind}.md {reply.id}"
        yield from (f"{place}：channels.toml 里没有 {name}" for name in reply.channels if name not in channels)


def require_links(cards: Mapping[str, Card], replies: Mapping[str, Reply]) -> None:
    """Raise FileError where one is lost: an answer would come upon it."""
    if lost := list(lost_links(cards, replies)):
        raise FileError("；".join(lost[:3]))
