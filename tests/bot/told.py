"""What the tests and the benchmark let models say: honest answers, and every way of making one wrong."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import compose
from bot.answer import Answer
from bot.chain import Bot
from bot.model.sentences import Sentences
from bot.model.sources import CARD, LIMITS, PLACES, STEPS, Source, sources_of
from corpus import numerals
from corpus.citations import find
from corpus.statutes import Statutes

_NAMES = {"结论": CARD, "界限": LIMITS, "步骤": STEPS, "去处": PLACES}
_PLACE = re.compile(
    r"《[^《》]*》第[^，。；、（）()\s]{1,12}?条(?:之[一二三])?(?:第[一二三四五六七八九]款)?(?:第（.{1,2}）项)?"
)
FLIPS = (
    ("不得", "可以"), ("不可以", "可以"), ("应当", "不必"), ("有权", "无权"), ("不违法", "违法"), ("违法", "合法"), ("不用", "必须"),
    ("不会", "会"), ("不能", "可以"), ("无效", "有效"), ("不是", "就是"), ("不等于", "等于"), ("不再", "仍要"), ("可以", "不可以"),
)  # fmt: skip
INVENTED = (
    "《{law}》第{far}条", "《{law}》第{near}条", "《债务人保护法》第{small}条", "《中华人民共和国网络贷款催收管理法》第{small}条",
    "{law}{far}条", "{law}第{digits}条", "《合同法》第{small}条", "《最高人民法院关于网络贷款纠纷的解释》第{small}条", "该法第{small}条", "第{small}条",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A whole honest answer to a question: its sentences carry [n]."""

    question: str
    split: str
    answer: Answer
    sources: list[Source]
    text: str

    @property
    def sentences(self) -> list[str]:
        cut = Sentences()
        return [s.text for s in (*cut.feed(self.text), *cut.close(finished=True))]


def honest(bot: Bot) -> Iterator[Told]:
    """The answers of honest.toml, with numbers for the names of sources."""
    for entry in tomllib.loads((Path(__file__).parent / "honest.toml").read_text("utf-8"))["told"]:
        answer = compose.from_card(bot.index.cards[entry["situation"]], bot.index.statutes)
        sources = sources_of(answer, bot.index.statutes)
        number = {s.title: s.number for s in sources}
        number |= {str(s.reference.article): s.number for s in sources if s.reference}

        def mark(match: re.Match[str], number: dict[str, int] = number) -> str:
            return f"[{number.get(_NAMES.get(match[1], match[1]), 99)}]"

        yield Told(entry["q"], entry["split"], answer, sources, re.sub("〔([^〕]*)〕", mark, entry["text"]).strip())


def provisions(sources: Sequence[Source]) -> list[Source]:
    """One source of each article."""
    return list({s.reference.article: s for s in sources if s.reference}.values())


def swapped(sentence: str, sources: Sequence[Source]) -> Iterator[str]:
    """A sentence that rests on one provision, with every other given provision in its place."""
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", sentence)}
    own = {s.reference.article for s in sources if s.reference and s.number in numbers}
    own |= {s.reference.article for s in sources if s.reference and str(s.reference.article) in sentence}
    if len(own) != 1:
        return
    for other in provisions(sources):
        if other.reference is None or other.reference.article in own:
            continue
        text = _PLACE.sub(str(other.reference.article), sentence)
        yield re.sub(r"\[\d+\]", f"[{other.number}]", text)


def invented(sentence: str, sources: Sequence[Source], statutes: Statutes, rng: random.Random) -> Iterator[str]:
    """The same claim with an article that was not given: not there at all, or real and another's."""
    held = provisions(sources)
    if not held:
        return
    reference = rng.choice(held).reference
    assert reference is not None
    last = max(n for n, _ in statutes.by_name[reference.law].by_key)
    given = {s.reference.number for s in held if s.reference and s.reference.law == reference.law}
    near = next(n for n in rng.sample(range(1, last + 1), min(last, 30)) if n not in given)
    values = {
        "law": reference.law,
        "far": numerals.chinese(min(9999, last + rng.randint(1, 500))),
        "near": numerals.chinese(near),
        "digits": str(near),
        "small": numerals.chinese(rng.randint(1, 80)),
    }
    bare = re.sub(r"\[\d+\]", "", _PLACE.sub("", sentence))
    for form in rng.sample(INVENTED, 3):
        yield f"根据{form.format(**values)}，{bare}"
    yield f"{bare}[{len(sources) + rng.randint(1, 30)}]"


def turned(sentence: str) -> Iterator[str]:
    """The sentence with its direction turned round."""
    for said, instead in FLIPS:
        if said in sentence:
            yield sentence.replace(said, instead, 1)
            return


def miscounted(sentence: str, rng: random.Random) -> Iterator[str]:
    """The sentence with a figure changed."""
    found = list(
        re.finditer(
            r"(?<!第)([一二三四五六七八九]?十?[一二三四五六七八九十])(?=日|年|万元|千元|个月|倍)|\d+(?=%| %|元|日)",
            sentence,
        )
    )
    if found:
        match = rng.choice(found)
        yield sentence[: match.start()] + rng.choice(("十七", "四十三", "九")) + sentence[match.end() :]


def misquoted(source: Source, rng: random.Random) -> Iterator[str]:
    """Words in quotation marks that the provision does not have."""
    line = re.sub(r"\s", "", source.text)[:30]
    if len(line) >= 16:
        at = rng.randrange(4, len(line) - 4)
        yield f"{source.reference}写明：「{line[:at]}借款人免于偿还{line[at:]}」。"


def cited_in(text: str, statutes: Statutes) -> list[str]:
    """Every article that a text names, for counting what was invented."""
    return [str(f.reference.article) if f.law else f.written for f in find(text, statutes) if f.reference]
