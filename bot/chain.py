"""From a question to an answer: clean, danger first, citations checked, retrieve, decide, compose.

`Bot.ask` is the one way in for every surface, and `gate.seal` the one way out: no answer leaves
with a citation that does not resolve.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from bot import compose, followup, gate
from bot.answer import Answer, Event, Kind, Role, Turn
from bot.followup import likeliest_card
from bot.lookup import Lookup, look_up
from bot.normalise import clean, has_words, normalise, shorten
from bot.settings import BotSettings
from corpus.cards import Card
from corpus.citations import check
from corpus.replies import Reply, ReplyKind
from index.build import Progress
from index.retriever import Index, Match, Query

if TYPE_CHECKING:
    from bot.model.speak import Speaker

#: A situation that is likelier than this by itself is answered, others with a doubt and choices, however many agree.
#: Where those that agree are together less likely than UNSURE the bot asks back. Measured on the exams in tests/ and on
#: `uncovered.jsonl`, see ARCHITECTURE.md.
SURE = 0.35
UNSURE = 0.06
#: Below this no card comes near at all.
NOTHING = 0.04
#: From these probabilities on, likeness to other messages decides what kind of reply a message calls for, whatever sign
#: and search say: danger, a wish to do harm or a question to answer, another field.
DANGER, LIKELY, OTHER = 0.8, 0.9, 0.8
#: A sign of harm yields to a question to answer of at least the first; a wish to do harm that no sign names to a card
#: of at least the second; danger that no sign names to a card of at least the first where dangers together have less
#: than the third.
SETTLED, NAMED, HARDLY = 0.5, 0.4, 0.03
#: A sign of danger is a way of speaking where likeness to danger is below this and to a question from LIKELY on, in a
#: message of more than PASSING characters that asks something: it is answered then, below a word of care.
FIGURATIVE = 0.01
#: A message of this likeness to danger on is answered below the same word of care, where it is answered.
CARED = 0.02
CARE = "如果你或身边的人真有危险，先打 110；受伤、吃了药，打 120；有轻生的念头，打 12356，什么时候都可以。"
#: Replies to what asks nothing.
SMALL_TALK = ("out-chat", "out-unreadable")
#: So many characters beside a citation say what is asked about it, not what happened; so few alone say too little.
PASSING = 12
#: How a message asks something.
_ASKS = re.compile(
    r"[?？吗嘛]|[不呢没][,，。!！]*$|怎么|咋|如何|哪|谁|什么|啥|多少|能不能|要不要|会不会|是不是|法子|办法"
)

ANSWERS = Counter("bot_answers", "Answers given, by kind", ["kind"])
SECONDS = Histogram("bot_answer_seconds", "Time to a composed answer", buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))


class QuestionError(ValueError):
    """A question that cannot be read; the message is for the person who asked."""


class Bot:
    """Answers questions over one open index. Safe to call from several threads."""

    def __init__(self, index: Index, longest: int = 2000, speaker: Speaker | None = None) -> None:
        self.index = index
        self.longest = longest
        self.speaker = speaker

    @classmethod
    def open(cls, settings: BotSettings, progress: Progress = lambda what, done, total: None) -> Bot:
        """The bot of the settings, with its model where one is set. Raises what its parts raise."""
        index = Index.open(settings, progress)
        if not settings.model:
            return cls(index, settings.longest)
        from bot.model.speak import Speaker  # LangChain's clients take a second to import

        return cls(index, settings.longest, Speaker.open(settings, index.statutes))

    def warm_up(self) -> None:
        """Load what loads at a first answer and at a first citation: once, not once a visitor."""
        self._ask("民法典第一千零三十三条是说催收给我妈打电话违法吗", ())
        check("《民法典》第一千零三十三条规定，利息不得超过本金。", self.index.statutes, judge=self.index.judge)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """A whole answer. Raises QuestionError for an empty or endless question."""
        *_, last = self.stream(question, history)
        assert last.answer is not None  # noqa: S101 the last event is `done`
        return last.answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Generator[Event, None, None]:
        """The same as it comes: the composed answer at once, then a model's words on it.

        Raises QuestionError before the first event. Closing the iterator stops the model.
        """
        statutes = self.index.statutes
        begin = time.perf_counter()
        answer = gate.seal(self._ask(question, history), statutes)
        SECONDS.observe(time.perf_counter() - begin)
        ANSWERS.labels(answer.kind).inc()
        yield Event(event="composed", answer=answer.model_copy(deep=True))
        if self.speaker and answer.kind == "answer":
            yield from self.speaker.tell(answer, clean(question), history)
            answer = gate.seal(answer, statutes)
        yield Event(event="done", answer=answer)

    def _ask(self, question: str, history: Sequence[Turn]) -> Answer:
        if len(question) > self.longest:
            raise QuestionError(f"问题太长了（{len(question)} 字）。请用 {self.longest} 字以内说清最要紧的事。")
        answer = self._answer(question, history) if has_words(clean(question)) else None
        if answer is None or answer.situation in SMALL_TALK:
            answer = self._help_before(history) or answer
        if answer is None:
            raise QuestionError("没有看到问题。请用一两句话说说发生了什么，比如：催收给我妈打电话，这违法吗？")
        return answer

    def _help_before(self, history: Sequence[Turn]) -> Answer | None:
        """The help for danger that the person was given last: small talk and silence do not end it."""
        last = max((i for i, turn in enumerate(history) if turn.role == "user"), default=None)
        if last is None:
            return None
        try:
            before = self._ask(history[last].content, history[:last])
        except QuestionError:
            return None
        return before if before.kind == "crisis" else None

    def _answer(self, question: str, history: Sequence[Turn]) -> Answer:
        text = self.read(question)
        before = self._last(history, "user")
        query = self.index.query(text)
        reply = self._signed(query)
        figurative = reply is not None and self._figurative(query, reply)
        if reply and not figurative:
            return compose.from_reply(reply)
        found = look_up(
            text, self.index.statutes, before or "", self._last(history, "assistant") or "", self.index.in_statute
        )
        if found.only:
            return found.answer(self.index.statutes)
        on_citation = bool(found.references) and self.index.kinds(query)["answer"] >= LIKELY
        if found.rest != text:
            query = self.index.query(found.rest)
        answer = self._unsigned(query, before, found, figurative, on_citation)
        if answer.kind != "crisis" and (figurative or self.index.kinds(query)["crisis"] >= CARED):
            answer.danger = True
            answer.warnings.insert(0, CARE)
        return answer

    def _unsigned(self, query: Query, before: str | None, found: Lookup, figurative: bool, on_citation: bool) -> Answer:
        """The answer to a message that no sign decides.

        No help for danger where a sign of it was `figurative`, no refusal of a question `on_citation`, whatever its
        words beside the citation are like.
        """
        meant, matches = query, self.index.matches(query)
        if before is not None:
            danger = _is_reply(matches[0].card, "crisis") or self.index.kinds(query)["crisis"] >= DANGER
            answered = partial(self._kind, before)
            meant, matches = followup.meant(self.index, query, matches, before, danger, answered)
        odds = self.index.kinds(meant)
        if odds["crisis"] >= DANGER and not _settled(matches):
            return _likely_reply(self.index.reply(meant, "crisis"), matches)
        if odds["out_of_scope"] >= OTHER and not found.references:
            return compose.from_reply(self.index.reply(meant, "out_of_scope"))
        if odds["refuse"] >= LIKELY and not found.references and likeliest_card(matches) < NAMED:
            return _likely_reply(self.index.reply(meant, "refuse"), matches)
        if figurative:
            matches = [m for m in matches if isinstance(m.card, Card)]
        elif on_citation:
            matches = [m for m in matches if not _is_reply(m.card, "refuse")]
        elif odds["answer"] >= LIKELY:
            if odds["crisis"] < FIGURATIVE:
                matches = [m for m in matches if not _is_reply(m.card, "crisis")]
            matches = sorted(
                matches, key=lambda m: isinstance(m.card, Reply) and m.probability < likeliest_card(matches)
            )
        return self._decide(matches, found, meant)

    def _last(self, history: Sequence[Turn], role: Role) -> str | None:
        """What one side said last, if it has words."""
        said = [turn.content for turn in history if turn.role == role][-1:]
        return next((text for text in map(self.read, said) if has_words(text)), None)

    def _kind(self, message: str) -> Kind:
        """The kind of reply that a message gets by itself."""
        return self._ask(message, ()).kind

    def read(self, text: str) -> str:
        """A message for matching, cut before and after: some single characters stand for eighteen."""
        return shorten(normalise(text[: self.longest]))[: self.longest]

    def _signed(self, query: Query) -> Reply | None:
        """The reply whose sign stands in the message, unless it is one of harm and the message a question."""
        signed = [r for r in self.index.replies.values() if any(re.search(sign, query.text) for sign in r.signs)]
        reply = min(signed, key=lambda r: r.kind != "crisis", default=None)
        if reply is None or reply.kind == "crisis":
            return reply
        odds = self.index.kinds(query)
        if odds["crisis"] >= DANGER:
            return self.index.reply(query, "crisis")
        if odds["answer"] >= SETTLED:
            return reply if any(_is_reply(m.card, reply.kind) for m in self.index.matches(query)) else None
        return reply

    def _figurative(self, query: Query, reply: Reply) -> bool:
        """Whether a sign of danger is a way of speaking beside a plain question."""
        odds = self.index.kinds(query)
        question = odds["crisis"] < FIGURATIVE and odds["answer"] >= LIKELY and _ASKS.search(query.text)
        return reply.kind == "crisis" and bool(question) and len(query.text) > PASSING

    def _decide(self, matches: Sequence[Match], found: Lookup, query: Query) -> Answer:
        best = matches[0] if matches else None
        near = best if best and best.score >= UNSURE else None
        if found.references and (near is None or _is_reply(near.card, "out_of_scope") or _apart(near.card, found)):
            return found.answer(self.index.statutes)
        if best is None or best.score < NOTHING:
            return self._nothing(query, found)
        if isinstance(best.card, Reply):
            if best.card.kind == "out_of_scope":
                return compose.from_reply(best.card)
            danger = best.card.kind == "crisis"
            return _likely_reply(self.index.reply(query, "crisis") if danger else best.card, matches)
        cards = _cards(matches)
        if best.score < UNSURE:
            conclusion = "我还不能确定你遇到的是哪一种情况。是下面哪一个？点一个，或者多说一句。"
            answer = Answer(kind="clarify", answer="", conclusion=conclusion, choices=compose.choices(cards[:3]))
        else:
            answer = compose.from_card(best.card, self.index.statutes)
            answer.choices = compose.choices(cards[1:4])
            if doubt := _doubt(best):
                answer.unsure = True
                answer.warnings.append(doubt)
        found.warn(answer, self.index.statutes)
        return answer

    def _nothing(self, query: Query, found: Lookup) -> Answer:
        near = [h.reference for h in self.index.articles(query, 3)]
        answer = compose.no_provision(near)
        found.warn(answer, self.index.statutes)
        return answer


def _doubt(best: Match) -> str:
    """What to say first where the card that was found may be about something else."""
    if not best.covered:
        return "我这里没有正好讲这件事的说明，下面是最接近的一种，不一定用得上。打 12348 可以免费问。"
    if best.probability < SURE:
        return "我不太确定你说的是哪一种，下面先按最像的一种回答。"
    return ""


def _likely_reply(reply: Reply, matches: Sequence[Match]) -> Answer:
    """A reply that no sign calls for, with the nearest cards to choose from, should it be wrong."""
    answer = compose.from_reply(reply)
    answer.choices = compose.choices(_cards(matches)[:3])
    if reply.kind == "refuse" and answer.choices:
        answer.warnings.append("我可能会错了意。只是想问合法的办法，点下面的一条，或者换句话再问。")
    return answer


def _cards(matches: Sequence[Match]) -> list[Card]:
    """The cards among the matches, in their order."""
    return [m.card for m in matches if isinstance(m.card, Card)]


def _settled(matches: Sequence[Match]) -> bool:
    """Whether a card is sure and hardly any danger is near."""
    danger = sum(m.probability for m in matches if _is_reply(m.card, "crisis"))
    return likeliest_card(matches) >= SETTLED and danger < HARDLY


def _apart(card: Card | Reply, found: Lookup) -> bool:
    """Whether a question that says little beside its citations was matched to a card that rests on other articles."""
    cited = {r.article for r in card.citations} if isinstance(card, Card) else set()
    return len(found.rest) <= PASSING and cited.isdisjoint(r.article for r in found.references)


def _is_reply(card: Card | Reply, kind: ReplyKind) -> bool:
    """Whether it is a reply of that kind."""
    return isinstance(card, Reply) and card.kind == kind
