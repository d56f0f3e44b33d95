"""From a question to an answer: clean, look up citations, follow up, triage, compose.

Every surface comes in by `Bot.stream` (`Bot.ask` gives its last answer), and every answer leaves through `gate.seal`,
which drops what cites an article that is not there; it says what it takes as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from langsmith import tracing_context
from prometheus_client import Counter, Histogram

from bot import compose, gate, triage, unanswered, verdicts
from bot.answer import Answer, Event, Turn
from bot.conversation import Conversation
from bot.page_texts import load_page_texts
from bot.question_patterns import heard
from bot.reading import Readings
from bot.settings import BotSettings
from bot.triage import Message, Rule
from corpus.cards import Card, load_merged
from corpus.citations import Checks, check
from corpus.conditions import load_conditions, turned
from corpus.reference import Reference
from corpus.replies import Reply
from index.normalise import clean, has_words
from index.progress import Progress, silent
from index.retriever import NOTHING_ASKED, Index, StatuteRetriever
from index.settings import LONGEST

if TYPE_CHECKING:
    from langchain_core.documents import Document

    from bot.model import Stop
    from bot.model.speak import Speaker

#: A situation that is likelier than this by itself is answered, others with a doubt and choices, however many agree.
#: Measured on the exams in tests/ and on `uncovered.jsonl`, see benchmarks/RESULTS.md.
SURE = 0.35
#: A card is offered beside a reply about another field where it is at least so likely.
OFFERED = 0.2

ANSWERS = Counter("bot_answers", "Answers given, by kind", ["kind"])
SECONDS = Histogram("bot_answer_seconds", "Time to a composed answer", buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))
#: Is told of every question that somebody asks and of its composed answer.
Keep = Callable[[str, Answer], None]


class QuestionError(ValueError):
    """A question that cannot be read; the message is for the person who asked."""


class TextError(ValueError):
    """A text of more than `longest` characters, which is not checked; the message is for the person who sent it."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"文字太长，最多 {longest} 字，请分段核对。")


class Bot:
    """Answers questions over one open index. Safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        longest: int = LONGEST,
        speaker: Speaker | None = None,
        keep_question: Keep | None = None,
    ) -> None:
        self.index = index
        self.longest = longest
        self.speaker = speaker
        self._keep_question = keep_question

    @classmethod
    def open(cls, settings: BotSettings, progress: Progress = silent) -> Bot:
        """The bot of the settings: with its model where one is set, keeping what got no answer where they say so.

        Raises what its parts raise.
        """
        index, keep = Index.open(settings, progress), partial(unanswered.keep, settings)
        if not settings.model:
            return cls(index, settings.longest, keep_question=keep)
        from bot.model.speak import Speaker  # LangChain's clients take a second to import

        return cls(index, settings.longest, Speaker.open(settings, index.statutes), keep)

    def warm_up(self) -> None:
        """Load what loads at a first answer and at a first citation: once, not once a visitor."""
        self._ask("民法典第一千零三十三条是说催收给我妈打电话违法吗", self._after(()))
        self.check("《民法典》第一千零三十三条规定，利息不得超过本金。", self.longest)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        situation: str = "",
        may_speak: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """A whole answer. Raises QuestionError for an empty or endless question, or a situation that is not there."""
        *_, last = self.stream(question, history, situation, may_speak)
        assert last.answer is not None  # noqa: S101 the last event is `done`
        return last.answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        situation: str = "",
        may_speak: Callable[[], bool] = lambda: True,
        stop: Stop | None = None,
    ) -> Generator[Event, None, None]:
        """The same as it comes: the composed answer at once, then a model's words on it.

        `situation` is the card behind a suggested question that was tapped: its answer, whatever the question is like,
        unless other words than the suggestion's tell of danger or call for a refusal. `may_speak` is asked once, where
        the answer would go to a model: without leave it stands alone, with a note.
        Raises QuestionError before the first event. Closing the iterator stops the model, as does `stop` from another
        thread while this one waits for it.
        """
        statutes = self.index.statutes
        begin = time.perf_counter()
        conversation = self._after(history)
        answer = gate.seal(self._ask(question, conversation, situation), statutes)
        SECONDS.observe(time.perf_counter() - begin)
        ANSWERS.labels(answer.kind).inc()
        speaker = None if answer.kind != "answer" or answer.danger or answer.unsure else self.speaker
        try:
            yield Event(event="composed", answer=answer.model_copy(deep=True), speaks=speaker is not None)
            if speaker and not may_speak():
                yield speaker.decline(answer)
            elif speaker:
                # a card may be tapped without a word
                said = question if has_words(conversation.normalised(question)) else answer.title
                earlier = partial(conversation.led_to, question, tapped=bool(situation))
                yield from speaker.tell(answer, clean(said), earlier, stop)
            if speaker:
                answer = gate.seal(answer, statutes)
            yield Event(event="done", answer=answer)
        finally:  # nobody who reads along waits for a file
            if self._keep_question:
                self._keep_question(question, answer)

    def search(self, question: str, top: int = 10, cards: bool = True) -> list[dict[str, Any]]:
        """Articles for lay words, best first, quoted; `cards`: what the likeliest situations cite counts too.

        Raises QuestionError.
        """
        self._bound(question)
        if not has_words(question):
            raise QuestionError(NOTHING_ASKED)
        retriever = StatuteRetriever(index=self.index, top=top, use_cards=cards)
        with tracing_context(enabled=False):  # what people search for goes to nobody, whatever the environment says
            found = retriever.invoke(question)
        cited = compose.quote(map(_article, found), self.index.statutes)
        shown = {"text", "note", "url"}
        return [{**d.metadata, **c.model_dump(include=shown)} for d, c in zip(found, cited, strict=True)]

    def check(self, text: str, longest: int) -> Checks:
        """Every citation in a text of at most `longest` characters, checked by words and by meaning.

        Raises TextError.
        """
        if len(text) > longest:
            raise TextError(longest)
        return check(text, self.index.statutes, judge=self.index.judge)

    def _bound(self, question: str) -> None:
        if len(question) > self.longest:
            raise QuestionError(f"问题太长了（{len(question)} 字）。请用 {self.longest} 字以内说清最要紧的事。")

    def _after(self, history: Sequence[Turn]) -> Conversation:
        return Conversation(Readings(self.index, self.longest), history)

    def _ask(self, question: str, conversation: Conversation, situation: str = "") -> Answer:
        self._bound(question)
        answer = tapped = self._tapped(question, situation) if situation else None
        if answer is None and has_words(conversation.normalised(question)):
            answer = self._answer(conversation.message(question))
        if answer is None or answer.kind != "crisis":
            answer = self._after_danger(question, answer, conversation, tapped=tapped is not None)
        if answer is None:
            raise QuestionError("没有看到问题。请用一两句话说说发生了什么，比如：催收给我妈打电话，这违法吗？")
        return answer

    def _answer(self, message: Message) -> Answer:
        """What a message gets, whatever was said before it that it does not follow."""
        rule = triage.decide(message)
        answer = self._compose(rule, message)
        answer.danger = rule.kind == "crisis"
        return _with_care(answer) if triage.needs_care(rule, message) else answer

    def _tapped(self, question: str, situation: str) -> Answer | None:
        """The answer of a situation that was chosen, below a word of care where the question may tell of danger.

        None where words of the person's own do tell of danger or call for a refusal.
        """
        situation = load_merged().get(situation, situation)
        card = self.index.cards.get(situation)
        if card is None:
            raise QuestionError(f"没有 {situation[:60]} 这个情形。不写 situation，直接问就行。")
        alone = self._after(())
        words = question if has_words(alone.normalised(question)) else card.title
        message = alone.message(words)
        if compose.situation_of(words) != situation and triage.decide(message).kind in ("crisis", "refuse"):
            return None
        answer = compose.from_card(card, self.index.statutes)
        answer.choices = compose.choices([c for c in message.said.cards if c.id != situation][:3])
        return _with_care(answer) if message.near_danger else answer

    def _after_danger(
        self, question: str, answer: Answer | None, conversation: Conversation, tapped: bool
    ) -> Answer | None:
        """An answer to somebody who spoke of danger a little before: the same help again, or the word of care above it.

        Small talk, silence and other fields do not end the danger, nor does what its help answers (`Reply.again`). A
        card that was tapped stands below the word of care.
        """
        danger = conversation.last_danger
        if danger is None:
            return answer
        given, text = self._answer(danger), conversation.normalised(question)
        again = self.index.replies[given.situation or ""].again
        small = answer is None or answer.kind == "out_of_scope" or heard("reply", text)
        leads_back = small or any(one.search(text) for one in again)
        if answer is None or (leads_back and not tapped):
            return given
        return answer if answer.danger else _with_care(answer)

    def _compose(self, rule: Rule, message: Message) -> Answer:
        """What the rule gives, in the words of the law, a reply or a card."""
        if rule.kind == "lookup":
            return message.found.answer(self.index.statutes)
        if rule.by == "nothing":
            answer = compose.no_provision(message.meant.articles(3))
        elif rule.kind == "answer":
            answer = self.from_likeliest_card(message)
            if message.unmoved and answer.situation == message.meant.cards[0].id:
                answer.unsure = True
                answer.warnings.append(load_page_texts().doubts.corrected)
            if message.again and not message.cries:
                answer.warnings.append(load_page_texts().doubts.again)
        elif rule.kind == "clarify":
            words, cards = load_page_texts().without_card, message.meant.cards[:3]
            conclusion = words.reply.format(title=cards[0].title) if rule.by == "reply" else words.which
            choices = compose.choices(cards)
            answer = Answer(kind="clarify", answer="", conclusion=conclusion, choices=choices)
        else:
            return _reply(rule, triage.reply(rule, rule.kind, message), message)
        if message.cries:
            answer.warnings.append(load_page_texts().doubts.cries)
        message.found.warn(answer, self.index.statutes)
        return answer

    def from_likeliest_card(self, message: Message) -> Answer:
        """By the likeliest card, or the one to read instead where the message states that its verdict does not hold.

        Of a card that depends the branch whose facts the message tells.
        """
        card, *others = message.meant.cards
        text, reader = message.meant.text, self.index.cross_encoder
        doubts, doubt, instead = load_page_texts().doubts, _doubt(message), None
        cites = message.asked is not message.said  # the cross-encoder has learnt from hardly a message with a citation
        if condition := turned(card, text):
            doubt = doubts.turned.format(says=load_conditions()[condition].says)
            instead = self.index.cards.get(card.unless[condition])
        elif not cites and verdicts.turned_round(reader, card, text):
            doubt = doubt or doubts.perhaps_turned.format(title=card.title)
            instead = verdicts.counterpart(reader, message.meant.matches, text)
        if instead:
            doubt = doubts.unlikely
            card, others = instead, [card, *(one for one in others if one.id != instead.id)]
        told = verdicts.NOTHING_TOLD if cites else verdicts.branches_told(reader, card, text)
        answer = compose.from_card(card, self.index.statutes, told)
        answer.choices = compose.choices(others[:3])
        if doubt:
            answer.unsure = True
            answer.warnings.append(doubt)
            compose.add_searched(answer, message.meant.searched_articles, self.index.statutes)
        return answer


def _article(found: Document) -> Reference:
    """The article that a search found."""
    return Reference(**{name: found.metadata[name] for name in ("law", "number", "suffix")})


def _with_care(answer: Answer) -> Answer:
    """The same answer below the word of care."""
    answer.danger = True
    answer.warnings.insert(0, load_page_texts().doubts.care)
    return answer


def _doubt(message: Message) -> str:
    """What to say first where the card that was found may be about something else."""
    if message.best and not message.best.covered:
        return load_page_texts().doubts.uncovered
    if message.best and message.best.probability < SURE:
        return load_page_texts().doubts.unlikely
    return ""


def _reply(rule: Rule, reply: Reply, message: Message) -> Answer:
    """A reply; where no sign calls for it, with the nearest cards to choose from, should it be wrong."""
    answer = compose.from_reply(reply)
    if rule.by == "sign":
        return answer
    likely = OFFERED if rule.kind == "out_of_scope" else 0.0
    near = [m.situation for m in message.meant.matches if isinstance(m.situation, Card) and m.probability >= likely]
    answer.choices = compose.choices(near[:3]) or answer.choices
    if rule.kind == "refuse" and answer.choices:
        answer.warnings.append(load_page_texts().doubts.refused)
    return answer
