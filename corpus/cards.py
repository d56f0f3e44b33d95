"""Situation cards: what happens to a borrower, what the law says of it, and what to do.

One Markdown file a topic in `situations/`, several cards a file; each card is TOML front matter
between two lines of `+++`, then a body under fixed headings. `problems` finds what is untrue.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field
from rapidfuzz import fuzz

from corpus import numerals
from corpus.files import HERE, FileError, Strings, from_file, read_named, read_table, read_text, shaped
from corpus.reference import FULL_CITATION, Reference
from corpus.statutes import Statutes

SITUATIONS, PHRASINGS = HERE / "situations", HERE / "phrasings"
FirmVerdict = Literal["illegal", "legal"]
Verdict = Literal[FirmVerdict, "depends", "none"]
VERDICTS = get_args(Verdict)
#: Those that a fact can turn round.
FIRM: tuple[Verdict, ...] = get_args(FirmVerdict)
SECTIONS = ("结论", "为什么", "界限", "现在怎么做", "证据")
ALIKE = 88  # per cent of characters in common: two phrasings that teach the matcher nothing new
SHORT = 150  # characters of a conclusion: it is read first, on a phone, by somebody who is afraid
FOLD = 600  # characters a person reads before the details fold away
WHEN, SAYS = 40, 90  # characters of a branch: what it is read for beside the message, and its conclusion
#: A citation in full, or words of the law in 「」.
_CITED_OR_QUOTED = re.compile(f"{FULL_CITATION.pattern}|「(?P<quoted>[^「」]+)」")
_ARTICLE = re.compile(rf"第[{numerals.CHARACTERS}]+条")


def _citation(written: object) -> Reference:
    if not isinstance(written, str):
        raise ValueError(f'引注要写成 "民法典第六百七十条" 这样的文字，现在是 {written!r:.30}')
    return Reference.parse(written)


Citation = Annotated[Reference, BeforeValidator(_citation)]


def _sections(body: str) -> dict[str, str]:
    pieces = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    before, headings, found = pieces[0].strip(), [name.strip() for name in pieces[1::2]], pieces[2::2]
    if before:
        raise ValueError(f"「{before[:20]}」在第一个标题前面，不属于任何一节")
    if tuple(headings) != SECTIONS or not all(text.strip() for text in found):
        raise ValueError(f"正文要依次有 {'、'.join(SECTIONS)} 五节，现在是 {'、'.join(headings)}")
    return {name: text.strip() for name, text in zip(headings, found, strict=True)}


@from_file
@dataclass(frozen=True)
class Branch:
    """Facts with which a card that depends has a firm verdict.

    `when` tells all of them in a sentence that stands by itself, `says` is the conclusion then, and `citations` are
    those of the card that it rests on first. A message that does not state `only_with`, an id in conditions.toml, does
    not tell them: who has not asked the court whether a summons is real must not be told that it is.
    """

    when: str
    verdict: FirmVerdict
    says: str
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    only_with: str = ""


@from_file
@dataclass(frozen=True)
class Card:
    """One situation. `citations` come in order of weight; `mentions` are named but not relied on.

    `sections` maps 结论, 为什么, 界限, 现在怎么做, 证据 to Markdown. `channels` and `rules` are
    ids in channels.toml and rules.toml. `unless`: for each id in conditions.toml under which the verdict does not hold,
    the id of the card to read instead, or "". `branches` of a card that depends, by id, do not overlap.
    """

    id: str
    topic: str
    title: str
    verdict: Verdict
    questions: Strings
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    sections: Annotated[Mapping[str, str], BeforeValidator(_sections)]
    mentions: tuple[Citation, ...] = ()
    channels: Strings = ()
    rules: Strings = ()
    unless: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, Branch] = field(default_factory=dict)

    @property
    def conclusion(self) -> str:
        return self.sections["结论"]

    def items(self, section: str) -> tuple[str, ...]:
        """The list items of a section, without their marks."""
        return tuple(re.findall(r"^(?:\d+\.|[-*])\s+(.+)$", self.sections[section], re.MULTILINE))


@from_file
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


@from_file
@dataclass(frozen=True, slots=True)
class Guidance:
    """A rule outside the statutes, told in our own words; its text is not held here."""

    id: str
    name: str
    short: str
    issuer: str
    number: str
    in_force_from: str
    says: str
    checked: Literal["已核对原文", "未核对原文"]


@lru_cache(maxsize=1)
def load_cards() -> Mapping[str, Card]:
    """Every card by id, in file order. Raises FileError naming the file."""
    cards: dict[str, Card] = {}
    for path in sorted(SITUATIONS.glob("*.md")):
        for card in parse(read_text(path), path.stem):
            if card.id in cards:
                raise FileError(f"{path.name}：id {card.id} 已在 {cards[card.id].topic}.md 用过")
            cards[card.id] = card
    return phrased(cards, PHRASINGS)


def phrased(cards: Mapping[str, Card], folder: Path) -> dict[str, Card]:
    """The cards with the ways of asking that `folder/<topic>.toml` adds by card id. Raises FileError."""
    made = dict(cards)
    for path in sorted(folder.glob("*.toml")):
        for name, questions in read_table(path, dict[str, Strings]).items():
            if name not in cards or cards[name].topic != path.stem:
                raise FileError(f"phrasings/{path.name}：{path.stem}.md 里没有 id 为 {name} 的卡片")
            made[name] = replace(cards[name], questions=(*cards[name].questions, *questions))
    return made


@lru_cache(maxsize=1)
def load_channels() -> Mapping[str, Channel]:
    """Complaint channels by id. Raises FileError naming the file."""
    return read_named(HERE / "channels.toml", "channel", Channel, "id")


@lru_cache(maxsize=1)
def load_rules() -> Mapping[str, Guidance]:
    """Rules outside the statutes by id. Raises FileError naming the file."""
    return read_named(HERE / "rules.toml", "rule", Guidance, "id")


@lru_cache(maxsize=1)
def load_contents() -> Mapping[str, Mapping[str, str]]:
    """The table of contents of the situations: for each part, by its title, the topics' titles, all in their order.

    Raises FileError.
    """
    return read_table(HERE / "topics.toml", dict[str, dict[str, str]])


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


@lru_cache(maxsize=1)
def load_merged() -> Mapping[str, str]:
    """For each id that a card had before it was merged into another, the other's id. Raises FileError."""
    return read_table(HERE / "merged.toml", dict[str, str])


def merged_problems(merged: Mapping[str, str], cards: Mapping[str, Card]) -> list[str]:
    """Former ids that lead to no card or are a card's again, in words for their author."""
    found = [f"merged.toml：{old} 指向的 {new} 不是一张卡片" for old, new in merged.items() if new not in cards]
    return found + [f"merged.toml：{old} 还是一张卡片的 id" for old in merged if old in cards]


def shared_problems(cards: Mapping[str, Card]) -> Iterator[str]:
    """Phrasings that stand on two cards, marks aside, in words for their author."""
    owners: dict[str, Card] = {}
    for card in cards.values():
        for question in card.questions:
            owner = owners.setdefault("".join(filter(str.isalnum, question)), card)
            if owner is not card:
                yield f"{card.topic}.md {card.id}：问法「{question}」已经写在 {owner.topic}.md 的 {owner.id} 里"


def branch_problems(cards: Mapping[str, Card]) -> Iterator[str]:
    """Branches that tell the same facts, in words for their author."""
    owners: dict[str, str] = {}
    for card in cards.values():
        for name, branch in card.branches.items():
            place = f"{card.topic}.md {card.id} 的分支 {name}"
            if (owner := owners.setdefault(branch.when, place)) is not place:
                yield f"{place}：「{branch.when}」已经写在 {owner} 里"


def parse(text: str, topic: str) -> Iterator[Card]:
    """The cards of one file. Raises FileError."""
    for data, body in fronts(text, topic):
        place = f"{topic}.md：{data.get('id', '没有 id 的一张')}"
        if strange := data.keys() & {"topic", "sections"}:
            raise FileError(f"{place}：不认得 {'、'.join(strange)}")
        yield shaped({**data, "topic": topic, "sections": body}, Card, place)


def fronts(text: str, topic: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Each front matter of a file with the body that follows it. Raises FileError."""
    pieces = re.split(r"^\+\+\+[ \t]*$", text, flags=re.MULTILINE)
    if len(pieces) % 2 == 0:
        raise FileError(f"{topic}.md：+++ 没有成对")
    if lost := pieces[0].strip():
        raise FileError(f"{topic}.md：「{lost[:20]}」在第一个 +++ 前面，不属于任何一张")
    for front, body in zip(pieces[1::2], pieces[2::2], strict=True):
        try:
            yield tomllib.loads(front), body.strip()
        except tomllib.TOMLDecodeError as error:
            raise FileError(f"{topic}.md：+++ 之间不是 TOML：{error}；开头是 {front.strip()[:60]!r}") from None


def problems(card: Card, statutes: Statutes) -> list[str]:
    """What is untrue or missing in a card, in words for its author; empty when all is well."""
    found: list[str] = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", card.id):
        found.append("id 只用小写字母、数字和连字符")
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
    found += _branch_problems(card)
    folded = re.sub(r"[*\s]|^-", "", f"{card.conclusion}\n{card.sections['为什么']}", flags=re.MULTILINE)
    lengths = (("结论", len(card.conclusion), SHORT), ("结论加为什么", len(folded), FOLD))
    found += [f"{what}有 {length} 字，最多 {most}" for what, length, most in lengths if length > most]
    for section in ("现在怎么做", "证据"):
        if not card.items(section):
            found.append(f"「{section}」要写成列表")
    return found


def _body_problems(card: Card, statutes: Statutes) -> list[str]:
    """Citations in the body stand in the front matter; 「…」 holds words of the one before it."""
    known = {r.article for r in (*card.citations, *card.mentions)}
    named: set[Reference] = set()
    found = []
    for name, text in card.sections.items():
        for line in text.split("\n"):
            cited: Reference | None = None
            for match in _CITED_OR_QUOTED.finditer(line):
                if quoted := match["quoted"]:
                    found += [f"「{name}」{problem}" for problem in _quote_problems(quoted, cited, statutes)]
                    continue
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
            if rest := _ARTICLE.search(FULL_CITATION.sub("", line)):
                found.append(f"「{name}」：{rest[0]} 前面没有《法名》，请写全")
    found += [f"citations 里的 {r} 正文没有解释" for r in card.citations if r.article not in named]
    return found


def _branch_problems(card: Card) -> Iterator[str]:
    """A branch is short and rests on what the card explains: its citations and quotations stand in the body."""
    if card.branches and card.verdict != "depends":
        yield "只有 verdict 是 depends 的卡片才写 branches"
    for name, branch in card.branches.items():
        for what, text, most in (("when", branch.when, WHEN), ("says", branch.says, SAYS)):
            if not 0 < len(text) <= most:
                yield f"分支 {name} 的 {what} 有 {len(text)} 字，要写，最多 {most}"
            if "「" in text or _ARTICLE.search(text):
                yield f"分支 {name} 的 {what} 里不写条号和引文，它们在正文里"
        if strange := [r for r in branch.citations if r not in (*card.citations, *card.mentions)]:
            yield f"分支 {name} 的 {strange[0]} 不在这张卡的 citations 或 mentions 里"


def _quote_problems(quoted: str, cited: Reference | None, statutes: Statutes) -> Iterator[str]:
    if cited is None:
        yield f"的引文前面没有引注（「」只用来引法条原文）：{quoted}"
    elif quoted not in (statutes.quote(cited) or "").replace("\n", ""):
        yield f"：{cited} 里没有「{quoted}」"
