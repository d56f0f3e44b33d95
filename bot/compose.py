"""The answer without a model: the card's own words and the statutes' exact text, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.answer import Answer, Branched, Choice, Event, OutsideRule, Provision
from bot.articles import url_of
from bot.page_texts import load_page_texts
from bot.verdicts import NOTHING_TOLD, BranchesTold
from corpus.cards import Card, Channel, load_cards, load_channels, load_rules
from corpus.reference import Reference
from corpus.replies import Reply
from corpus.statutes import Statutes

#: So many of a doubted card's provisions stand before the one that the search for articles found.
CARDS_FIRST = 2
#: What begins a tag, a link, an image or code in Markdown, and how it is written to stay what it is.
_MARKUP, _ESCAPED = re.compile(r"[\\`<>\[\]]"), r"\\\g<0>"
#: A provision above its words, as `write` lists it.
_LISTED = re.compile(r"^\[(《[^\[\]\n]+)\]\(/statutes/", re.MULTILINE)


def from_card(card: Card, statutes: Statutes, told: BranchesTold = NOTHING_TOLD) -> Answer:
    """A whole answer from a card: conclusion, reasons, limits, steps, evidence, places, texts.

    Of the branch that is surely told: its conclusion and what it rests on first, the card's own among the limits.
    """
    citations, limits = card.citations, card.sections["界限"]
    names = told.names or tuple(card.branches)
    branch = card.branches[names[0]] if told.sure else None
    if branch:
        citations = tuple(dict.fromkeys((*branch.citations, *citations)))
        limits = f"- {load_page_texts().branches.whole}{card.conclusion}\n{limits}"
    return Answer(
        kind="answer",
        verdict=branch.verdict if branch else card.verdict,
        answer="",
        citations=quote(citations, statutes),
        situation=card.id,
        title=branch.when if branch else card.title,
        conclusion=branch.says if branch else card.conclusion,
        reasons=card.sections["为什么"],
        steps=list(card.items("现在怎么做")),
        evidence=list(card.items("证据")),
        channels=contacts(card.channels),
        limits=limits,
        branches=[
            Branched(when=one.when, verdict=one.verdict, says=one.says, likely=told.likely and name == names[0])
            for name, one in ((name, card.branches[name]) for name in names)
            if one is not branch
        ],
        rules=[
            OutsideRule(name=r.name, issuer=r.issuer, number=r.number, says=r.says)
            for r in (load_rules()[i] for i in card.rules)
        ],
    )


def from_reply(reply: Reply) -> Answer:
    """Help first, a refusal or "not my field", as its file says it; beside the last, what can be asked here."""
    return Answer(
        kind=reply.kind,
        answer="",
        situation=reply.id,
        title=reply.title,
        conclusion=reply.text,
        channels=contacts(reply.channels),
        choices=examples() if reply.kind == "out_of_scope" else [],
    )


def from_articles(references: Iterable[Reference], statutes: Statutes, conclusion: str) -> Answer:
    """The exact text of articles that were asked for by number."""
    return Answer(kind="lookup", answer="", citations=quote(references, statutes), conclusion=conclusion)


def examples() -> list[Choice]:
    """The questions that the pages suggest to who has not said anything yet."""
    return [Choice(situation=name, question=question) for name, question in load_page_texts().examples.items()]


def choices(cards: Iterable[Card]) -> list[Choice]:
    """Situations to choose from: which of these is it?"""
    return [Choice(situation=c.id, question=c.title) for c in cards]


def situation_of(words: str) -> str:
    """The id of the situation whose title or example these very words are; empty where there is none."""
    return _situations().get(words, "")


@lru_cache(maxsize=1)
def _situations() -> Mapping[str, str]:
    return {one.question: one.situation for one in (*choices(load_cards().values()), *examples())}


def quote(references: Iterable[Reference], statutes: Statutes) -> list[Provision]:
    """Provisions with their words; what does not exist is left out."""
    return [cited for cited in (Provision.of(r, statutes) for r in references) if cited]


def add_searched(answer: Answer, found: Iterable[Reference], statutes: Statutes) -> None:
    """Put the first article found for a message, best first, that the card has not, behind the card's first two."""
    there = {cited.reference.article for cited in answer.citations}
    new = (Provision.of(article, statutes, searched=True) for article in found if article not in there)
    if cited := next(filter(None, new), None):
        answer.citations.insert(CARDS_FIRST, cited)


def contacts(ids: Iterable[str]) -> list[Channel]:
    """Channels by id."""
    known = load_channels()
    return [known[i] for i in ids]


def head(answer: Answer) -> str:
    """The verdict in words; where the bot is unsure, the situation that it is about."""
    texts = load_page_texts()
    verdict = texts.verdicts[answer.verdict]
    if not answer.unsure:
        return str(verdict)
    return "，".join(filter(None, (texts.doubts.supposed.format(title=answer.title), verdict.words))) + "："


def about(answer: Answer) -> str:
    """What stands below a conclusion without a doubt: the situation that it judges. Empty for other answers."""
    judges = answer.kind == "answer" and answer.verdict != "none" and not answer.unsure
    return load_page_texts().doubts.about.format(title=answer.title) if judges and answer.title else ""


def offer(answer: Answer) -> str:
    """What is said above the choices of an answer."""
    return load_page_texts().offers["unsure" if answer.unsure else answer.kind]


def offer_branches(answer: Answer) -> str:
    """What is said above the branches of an answer."""
    words = load_page_texts().branches
    return words.which if answer.verdict == "depends" else words.others


def write(answer: Answer) -> str:
    """The whole answer as Markdown, conclusion first: what a person reads in a terminal."""
    texts = load_page_texts()
    parts = [f"> ⚠ {_MARKUP.sub(_ESCAPED, w)}" for w in answer.warnings]  # they quote the person
    listed = "\n".join(f"- {c.question}" for c in answer.choices)
    others = f"{offer(answer)}：\n{listed}" if listed else ""
    if answer.unsure and others:
        parts.append(others)
    first = head(answer)
    parts.append(f"**{first}**　{answer.conclusion}" if first else answer.conclusion)
    parts.append(about(answer))
    if answer.branches:
        listed = "\n".join(f"- {b.when}：{texts.verdicts[b.verdict]}。{b.says}" for b in answer.branches)
        parts.append(f"{offer_branches(answer)}：\n{listed}")
    parts.append(_section("结合你说的情况", answer.told))
    parts.append(f"> {answer.note}" if answer.note else "")
    parts.append(_section("为什么", answer.reasons))
    parts.append(_section("界限", answer.limits))
    parts.append(_section("现在怎么做", "\n".join(f"{n}. {s}" for n, s in enumerate(answer.steps, start=1))))
    parts.append(_section("留什么证据", "\n".join(f"- {e}" for e in answer.evidence)))
    parts.append(_section("去哪里", "\n".join(f"- **{c.name}**：{c.takes or c.how}" for c in answer.channels)))
    if others and not answer.unsure:
        parts.append(others)
    parts.append(_section("法条原文", "\n\n".join(_text(c) for c in answer.citations)))
    rules = "\n".join(f"- 《{r.name}》{f'（{r.number}）' if r.number else ''}：{r.says}" for r in answer.rules)
    parts.append(_section("法律以外的规定（本站不收录原文）", rules))
    if answer.kind != "crisis":
        parts.append(f"*{texts.standing}*")
    return "\n\n".join(filter(None, parts))


def _section(title: str, text: str) -> str:
    return f"### {title}\n{text}" if text else ""


def _text(cited: Provision) -> str:
    since = f"（{cited.in_force_from} 起施行）" if cited.in_force_from else ""
    searched = f"（{load_page_texts().doubts.searched}）" if cited.searched else ""
    quoted = "\n".join(f"> {line}" for line in cited.text.split("\n"))
    note = f"提醒：{cited.note}\n" if cited.note else ""
    return f"[{cited.reference}]({cited.url}){since}{searched}\n{note}{quoted}"


def remembered(answer: Answer) -> str:
    """What a page keeps of an answer for the next question: its provisions in their order, then the conclusion.

    The conclusion stands last, for the question with which it may end.
    """
    listed = "、".join(str(cited.reference) for cited in answer.citations)
    return f"{listed}。\n{answer.conclusion}" if listed else answer.conclusion


def provisions(turn: str) -> str:
    """What an earlier answer rests on, in the order in which a person sees it: of `write` the list of provisions alone.

    All else is given as it is: what is `remembered` begins with the list.
    """
    return "、".join(_LISTED.findall(turn)) or turn


def no_provision(near: Sequence[Reference]) -> Answer:
    """Nothing supports an answer: said plainly, with the nearest articles and a person to ask."""
    words, links = load_page_texts().without_card, "、".join(f"[{r}]({url_of(r)})" for r in near)
    conclusion = words.nothing
    if links:
        conclusion += f"\n\n{words.nearest.format(articles=links)}"
    return Answer(
        kind="out_of_scope", answer="", conclusion=conclusion, channels=contacts(["12348"]), choices=examples()
    )


def grown(answer: Answer, event: Event) -> Answer:
    """What there is of an answer once it has gone one step on."""
    if event.event == "sentence":
        return answer.model_copy(update={"told": join(answer.told, event.opens, event.text)})
    return event.answer or answer


def join(text: str, opens: str, sentence: str) -> str:
    """Markdown so far and the next sentence: a list line, a new paragraph, or on in the same one."""
    if not text:
        return opens.lstrip("\n") + sentence
    if opens == "\n- ":
        listed = text.rsplit("\n", 1)[-1].startswith("- ")
        return f"{text}{'' if listed else chr(10)}\n- {sentence}"
    return f"{text}\n\n{sentence}" if opens else text + sentence
