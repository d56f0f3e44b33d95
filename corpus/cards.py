"""Situation cards: what happens to a borrower, what the law says of it, and what to do.

One Markdown file a topic in `situations/`, several cards a file; each card is TOML front matter
between two lines of `+++`, then a body under fixed headings. `problems` finds what is untrue.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from rapidfuzz import fuzz

from corpus import numerals
from corpus.files import CardError, read_text, read_toml
from corpus.reference import Reference
from corpus.statutes import HERE, Statutes

SITUATIONS, PHRASINGS = HERE / "situations", HERE / "phrasings"
T = TypeVar("T")
Verdict = Literal["illegal", "legal", "depends", "none"]
VERDICTS = get_args(Verdict)
SECTIONS = ("结论", "为什么", "界限", "现在怎么做", "证据")
ALIKE = 88  # per cent of characters in common: two phrasings that teach the matcher nothing new
SHORT = 150  # characters of a conclusion: it is read first, on a phone, by somebody who is afraid
FOLD = 600  # characters a person reads before the details fold away
_FULL = re.compile(
    r"《[^《》]+》第[^\s《》，。；：、（）()]+?条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十]+款)?(?:第[（(][一二三四五六七八九十]+[）)]项)?"
)
_QUOTED = re.compile(r"「([^「」]+)」")


@dataclass(frozen=True)
class Card:
    """One situation. `citations` come in order of weight; `mentions` are named but not relied on.

    `sections` maps 结论, 为什么, 界限, 现在怎么做, 证据 to Markdown. `channels` and `rules` are
    ids in channels.toml and rules.toml.
    """

    id: str
    topic: str
    title: str
    verdict: Verdict
    questions: tuple[str, ...]
    citations: tuple[Reference, ...]
    mentions: tuple[Reference, ...]
    channels: tuple[str, ...]
    rules: tuple[str, ...]
    sections: Mapping[str, str]

    @property
    def conclusion(self) -> str:
        return self.sections["结论"]

    def items(self, section: str) -> tuple[str, ...]:
        """The list items of a section, without their marks."""
        return tuple(re.findall(r"^(?:\d+\.|[-*])\s+(.+)$", self.sections[section], re.MULTILINE))


@dataclass(frozen=True, slots=True)
class Channel:
    """Who takes complaints: `takes` and `refuses` in plain words, `phone` and `page` where there is one."""

    id: str
    name: str
    takes: str
    refuses: str
    how: str
    phone: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule outside the statutes, told in our own words; its text is not held here."""

    id: str
    name: str
    short: str
    issuer: str
    number: str
    in_force_from: str
    says: str
    checked: str


@lru_cache(maxsize=1)
def load_cards() -> Mapping[str, Card]:
    """Every card by id, in file order. Raises CardError naming the file."""
    cards: dict[str, Card] = {}
    for path in sorted(SITUATIONS.glob("*.md")):
        for card in parse(read_text(path), path.stem):
            if card.id in cards:
                raise CardError(f"{path.name}：id {card.id} 已在 {cards[card.id].topic}.md 用过")
            cards[card.id] = card
    return phrased(cards, PHRASINGS)


def phrased(cards: Mapping[str, Card], folder: Path) -> dict[str, Card]:
    """The cards with the ways of asking that `folder/<topic>.toml` adds by card id. Raises CardError."""
    made = dict(cards)
    for path in sorted(folder.glob("*.toml")):
        for name, questions in read_toml(path).items():
            if name not in cards or cards[name].topic != path.stem:
                raise CardError(f"phrasings/{path.name}：{path.stem}.md 里没有 id 为 {name} 的卡片")
            try:
                known = dict.fromkeys((*cards[name].questions, *texts(questions)))
            except ValueError as error:
                raise CardError(f"phrasings/{path.name}：{name}：{error}") from None
            made[name] = replace(cards[name], questions=tuple(known))
    return made


@lru_cache(maxsize=1)
def load_channels() -> Mapping[str, Channel]:
    """Complaint channels by id. Raises CardError naming the file."""
    return _table("channels.toml", "channel", Channel)


@lru_cache(maxsize=1)
def load_rules() -> Mapping[str, Rule]:
    """Rules outside the statutes by id. Raises CardError naming the file."""
    return _table("rules.toml", "rule", Rule)


def _table(name: str, key: str, make: Callable[..., T]) -> dict[str, T]:
    entry: dict[str, Any] = {}
    made = {}
    try:
        for entry in read_toml(HERE / name)[key]:
            made[entry["id"]] = make(**entry)
    except (KeyError, TypeError) as error:
        raise CardError(f"{name}：{entry.get('id', '')} 缺少或者写错了：{error}") from None
    return made


@lru_cache(maxsize=1)
def load_contents() -> Mapping[str, Mapping[str, str]]:
    """The table of contents of the situations: for each part, by its title, the topics' titles, all in their order."""
    return read_toml(HERE / "topics.toml")


def topic_title(topic: str) -> str:
    """What a topic is called in the table of contents; its file's name where it is not there."""
    return next((titles[topic] for titles in load_contents().values() if topic in titles), topic)


def contents_problems(contents: Mapping[str, Mapping[str, str]], cards: Mapping[str, Card]) -> list[str]:
    """Topics that the table of contents leaves out, repeats or invents, in words for its author."""
    listed = Counter(topic for titles in contents.values() for topic in titles)
    topics = dict.fromkeys(card.topic for card in cards.values())
    found = [f"topics.toml：{topic}.md 还没有题目" for topic in topics if topic not in listed]
    found += [f"topics.toml：situations/ 里没有 {topic}.md" for topic in listed if topic not in topics]
    return found + [f"topics.toml：{topic} 写了 {times} 次" for topic, times in listed.items() if times > 1]


def parse(text: str, topic: str) -> Iterator[Card]:
    """The cards of one file. Raises CardError."""
    for data, body in fronts(text, topic):
        try:
            only(data, {field.name for field in fields(Card)} - {"topic", "sections"})
            yield Card(
                id=data["id"],
                topic=topic,
                title=data["title"],
                verdict=data["verdict"],
                questions=texts(data["questions"]),
                citations=_citations(data["citations"]),
                mentions=tuple(map(Reference.parse, texts(data.get("mentions", [])))),
                channels=texts(data.get("channels", [])),
                rules=texts(data.get("rules", [])),
                sections=_sections(body),
            )
        except KeyError as error:
            raise CardError(f"{topic}.md：{data.get('id', '没有 id 的一张')} 缺少 {error}") from None
        except ValueError as error:
            raise CardError(f"{topic}.md：{data.get('id', '没有 id 的一张')}：{error}") from None


def fronts(text: str, topic: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Each front matter of a file with the body that follows it. Raises CardError."""
    pieces = re.split(r"^\+\+\+[ \t]*$", text, flags=re.MULTILINE)
    if len(pieces) % 2 == 0:
        raise CardError(f"{topic}.md：+++ 没有成对")
    if lost := pieces[0].strip():
        raise CardError(f"{topic}.md：「{lost[:20]}」在第一个 +++ 前面，不属于任何一张")
    for front, body in zip(pieces[1::2], pieces[2::2], strict=True):
        try:
            yield tomllib.loads(front), body.strip()
        except tomllib.TOMLDecodeError as error:
            raise CardError(f"{topic}.md：+++ 之间不是 TOML：{error}；开头是 {front.strip()[:60]!r}") from None


def texts(value: object) -> tuple[str, ...]:
    """A list of texts in TOML. Raises ValueError for anything else: a text alone would be taken letter by letter."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f'要写成 ["…", "…"] 这样的列表，现在是 {str(value)[:30]!r}')
    return tuple(value)


def only(data: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise ValueError where a table has a key that nobody reads: what a misspelt one holds would be lost."""
    if strange := [key for key in data if key not in known]:
        raise ValueError(f"不认得 {'、'.join(strange)}，只有 {'、'.join(sorted(known))}")


def _citations(value: object) -> tuple[Reference, ...]:
    if not value:
        raise ValueError("没有 citations")
    return tuple(map(Reference.parse, texts(value)))


def _sections(body: str) -> dict[str, str]:
    pieces = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    before, headings, found = pieces[0].strip(), [name.strip() for name in pieces[1::2]], pieces[2::2]
    if before:
        raise ValueError(f"「{before[:20]}」在第一个标题前面，不属于任何一节")
    if tuple(headings) != SECTIONS or not all(text.strip() for text in found):
        raise ValueError(f"正文要依次有 {'、'.join(SECTIONS)} 五节，现在是 {'、'.join(headings)}")
    return {name: text.strip() for name, text in zip(headings, found, strict=True)}


def problems(card: Card, statutes: Statutes) -> list[str]:
    """What is untrue or missing in a card, in words for its author; empty when all is well."""
    found: list[str] = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", card.id):
        found.append("id 只用小写字母、数字和连字符")
    if card.verdict not in VERDICTS:
        found.append(f"verdict 只能是 {' / '.join(VERDICTS)}")
    if len(card.questions) < 10:
        found.append(f"questions 只有 {len(card.questions)} 个，要十个以上")
    for i, one in enumerate(card.questions):
        for other in card.questions[:i]:
            if fuzz.ratio(one, other) > ALIKE:
                found.append(f"两个问法太像：{other} / {one}")
    for reference in (*card.citations, *card.mentions):
        if statutes.quote(reference) is None:
            found.append(f"法条里没有 {reference}")
    found += _body_problems(card, statutes)
    folded = re.sub(r"[*\s]|^-", "", f"{card.conclusion}\n{card.sections['为什么']}", flags=re.MULTILINE)
    lengths = (("结论", len(card.conclusion), SHORT), ("结论加为什么", len(folded), FOLD))
    found += [f"{what}有 {length} 字，最多 {most}" for what, length, most in lengths if length > most]
    for section in ("现在怎么做", "证据"):
        if not card.items(section):
            found.append(f"「{section}」要写成列表")
    found += [f"channels.toml 里没有 {c}" for c in card.channels if c not in load_channels()]
    found += [f"rules.toml 里没有 {r}" for r in card.rules if r not in load_rules()]
    return found


def _body_problems(card: Card, statutes: Statutes) -> list[str]:
    """Citations in the body stand in the front matter; 「…」 holds words of the one before it."""
    known = {r.article for r in (*card.citations, *card.mentions)}
    named: set[Reference] = set()
    found = []
    for name, text in card.sections.items():
        for line in text.split("\n"):
            cited: Reference | None = None
            for match in re.finditer(f"{_FULL.pattern}|{_QUOTED.pattern}", line):
                if match[1] is None:
                    try:
                        cited = Reference.parse(match[0])
                    except ValueError as error:
                        found.append(f"「{name}」：{error}")
                        continue
                    named.add(cited.article)
                    if cited.article not in known:
                        found.append(f"「{name}」里的 {cited} 不在 citations 或 mentions 里")
                    if statutes.quote(cited) is None:
                        found.append(f"「{name}」：法条里没有 {cited}")
                elif cited is None:
                    found.append(f"「{name}」的引文前面没有引注（「」只用来引法条原文）：{match[1]}")
                elif match[1] not in (statutes.quote(cited) or "").replace("\n", ""):
                    found.append(f"「{name}」：{cited} 里没有「{match[1]}」")
            if rest := re.search(rf"第[{numerals.CHARACTERS}]+条", _FULL.sub("", line)):
                found.append(f"「{name}」：{rest[0]} 前面没有《法名》，请写全")
    found += [f"citations 里的 {r} 正文没有解释" for r in card.citations if r.article not in named]
    return found
