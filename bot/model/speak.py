"""A model's part of an answer: asked, heard, checked sentence by sentence, or given up with a note."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing

from prometheus_client import Counter, Histogram

from bot import compose
from bot.answer import Answer, Event
from bot.model import Stop, prompt
from bot.model.client import STOPPED, ModelClient, ModelFailure
from bot.model.open import open_model
from bot.model.sentence_gate import SentenceGate
from bot.model.sentences import Sentence, Sentences
from bot.model.sources import sources_of
from bot.page_texts import load_page_texts
from bot.privacy import Masked, mask
from bot.settings import BotSettings
from corpus.reference import Reference
from corpus.statutes import Statutes

log = logging.getLogger(__name__)
OUTCOMES = Counter("bot_model_answers", "What became of the model's part, by reason", ["outcome"])
SENTENCES = Counter("bot_model_sentences", "Sentences of the model, shown or withheld by reason", ["ruling"])
FIRST = Histogram("bot_model_first_seconds", "Time to the first checked sentence", buckets=(0.5, 1, 2, 3, 5, 10, 20))
#: Withheld sentences, more than those shown, after which the model's part is given up.
TOO_MANY = 3
#: Shown sentences after which the answer is long enough.
ENOUGH = 14
#: The reason where a model is not asked because it was asked too often.
TOO_OFTEN = "too-often"
#: Earlier words of the person that go along.
EARLIER = 3


class Speaker:
    """Speaks to the person's own story, through one client of a model. Safe to call from several threads."""

    def __init__(self, client: ModelClient, statutes: Statutes, masked: bool = True, local: bool = False) -> None:
        self._client, self._statutes = client, statutes
        self._masked, self._local = masked, local

    @classmethod
    def open(cls, settings: BotSettings, statutes: Statutes) -> Speaker:
        """The speaker of settings that name a model. Raises ModelError, PromptError."""
        model = open_model(settings)
        prompt.read()
        line = ModelClient(model, settings.model_first_seconds, settings.model_seconds, 4 * settings.model_tokens)
        return cls(line, statutes, settings.model_mask, settings.model_is_local)

    def tell(
        self,
        answer: Answer,
        question: str,
        before: Callable[[], Sequence[str]] = lambda: (),
        stop: Stop | None = None,
    ) -> Iterator[Event]:
        """Sentences and a note, as they come; `answer` is given `told`, `note` and `generated_by`.

        `before` gives the person's earlier words that the question follows on from. Never raises: whatever the model
        does and whatever fails here or there, the composed answer stays as it is.
        """
        told, reason = _Told(), ""
        kinds: tuple[str, ...] = ()
        try:
            hidden = self._hidden(question)
            earlier = [self._hidden(words[:500]) for words in before()][-EARLIER:]
            kinds = tuple(dict.fromkeys(k for m in (*earlier, hidden) for k in m.kinds))
            sources = sources_of(answer, self._statutes)
            said = "\n".join(m.text for m in (*earlier, hidden))
            gate = SentenceGate(sources, answer.verdict, said, self._statutes, "\n".join(prompt.read()))
            messages = prompt.to_answer(hidden.text, [m.text for m in earlier], sources, answer.verdict)
            with closing(self._client.say(messages, stop)) as pieces:
                reason = yield from told.hear(pieces, gate)
        except GeneratorExit:  # the person has stopped it, or has gone
            OUTCOMES.labels(STOPPED).inc()
            raise
        except Exception:  # the person still gets the answer
            log.exception("model: failed")
            reason = "broken"
        kept = told.good_enough()
        if told.shown and not kept:
            reason = "retracted"
        elif not kept:
            reason = reason or ("withheld" if told.withheld else "empty")
        answer.note = self._note(reason, kept, told.withheld, kinds)
        if kept:
            answer.told, answer.generated_by = told.text, "model"
            answer.citations += compose.quote(added(told.cited, answer), self._statutes)
        OUTCOMES.labels(reason or "told").inc()
        if reason not in ("", STOPPED):
            log.warning("model: %s (%d shown, %d withheld)", reason, len(told.shown), told.withheld)
        yield Event(event="note", text=answer.note, reason=reason or "told")

    def decline(self, answer: Answer) -> Event:
        """The note, also in `answer`, where too many answers went to the model already: it is not asked."""
        answer.note = self._note(TOO_OFTEN, kept=False, withheld=0, kinds=())
        OUTCOMES.labels(TOO_OFTEN).inc()
        return Event(event="note", text=answer.note, reason=TOO_OFTEN)

    def _hidden(self, text: str) -> Masked:
        return mask(text) if self._masked else Masked(text)

    def _note(self, reason: str, kept: bool, withheld: int, kinds: Sequence[str]) -> str:
        """What the person is told about the model's part, in one or two short sentences."""
        parts, words, failed = [], load_page_texts().model_spoke, load_page_texts().model_failed
        if kept:
            parts.append(words.told.format(who=words.local if self._local else words.elsewhere))
            if withheld:
                parts.append(words.withheld.format(count=withheld))
            if reason:
                parts.append(words.broke_off.format(why=failed.get(reason, failed["broken"])))
        else:
            parts.append(f"{failed.get(reason, failed['broken'])}，{failed['instead']}")
        if kinds and not self._local:
            parts.append(words.masked.format(kinds="、".join(kinds)))
        return "".join(parts)


def added(cited: Sequence[Reference], answer: Answer) -> list[Reference]:
    """What sentences cite beyond the answer's own articles: each place once, none in an article cited whole."""
    there = {c.reference.article for c in answer.citations}
    whole = {r for r in cited if r == r.article}
    return [r for r in dict.fromkeys(cited) if r.article not in there and (r in whole or r.article not in whole)]


class _Told:
    """What is shown of one answer so far."""

    def __init__(self) -> None:
        self._sentences = Sentences()
        self._begin = time.monotonic()
        self._opens = ""
        self.shown: list[str] = []
        self.withheld = 0
        self.cited: list[Reference] = []
        self.text = ""

    def hear(self, pieces: Iterator[str], gate: SentenceGate) -> Generator[Event, None, str]:
        """Check and pass on what the model says, until it has ended, or is not worth hearing.

        Returns why the model failed, empty where it did not: then half a sentence at the end is dropped.
        """
        reason = ""
        try:
            for piece in pieces:
                yield from self._check(self._sentences.feed(piece), gate)
                if self._hopeless() or len(self.shown) >= ENOUGH:
                    return ""
        except ModelFailure as failure:
            reason = failure.reason
        yield from self._check(self._sentences.close(finished=not reason), gate)
        return reason

    def good_enough(self) -> bool:
        """Whether the part can stand: something was shown, and not much was withheld."""
        return bool(self.shown) and not self._hopeless()

    def _hopeless(self) -> bool:
        return self.withheld >= TOO_MANY and self.withheld > len(self.shown)

    def _check(self, sentences: Sequence[Sentence], gate: SentenceGate) -> Iterator[Event]:
        for sentence in sentences:
            ruling = gate.judge(sentence.text, sentence.cut)
            SENTENCES.labels("shown" if ruling.shown else ruling.reason).inc()
            self._opens = sentence.opens or self._opens
            if not ruling.shown:
                self.withheld += 1
                log.warning("model: a sentence withheld: %s", ruling.reason)
                continue
            if not self.shown:
                FIRST.observe(time.monotonic() - self._begin)
            opens = self._opens if self.shown or "-" in self._opens else ""
            self.shown.append(ruling.shown)
            self.cited += ruling.cited
            self.text = compose.join(self.text, opens, ruling.shown)
            self._opens = ""
            yield Event(event="sentence", text=ruling.shown, opens=opens)
