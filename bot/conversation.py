"""What was said before a question: the matter that was spoken of, and whether danger was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

from bot import compose, followup, triage
from bot.answer import Kind, Turn
from bot.followup import FollowUp
from bot.lookup import look_up
from bot.normalise import has_words
from bot.question_patterns import heard
from bot.reading import Reading, Readings
from bot.triage import Message
from corpus.citations import find

#: So many of the person's messages are looked through for danger and for what was spoken of.
REMEMBERED = 6
#: One of more characters is a matter by itself, whatever it begins with.
STORY = 60


class Conversation:
    """The messages before a question, as far as they count; made for one answer, with the `readings` of its texts."""

    def __init__(self, readings: Readings, history: Sequence[Turn] = ()) -> None:
        self.index = readings.index
        self._readings, self._history = readings, history
        self._kinds: dict[str, Kind] = {}

    def message(self, question: str) -> Message:
        """A question that has words, as the rules of `triage` see it."""
        text, before = self.even(question), self.matter
        again = before is not None and self._asks_again(text, before)
        if again:
            text, before = before or "", None
        found = look_up(text, self.index.statutes, before or "", self.last_answer, self.index.in_statute)
        said, asked = self._readings[text], self._readings[found.rest]
        return Message(said, asked, found, partial(self._meant, asked, before), before is None, again)

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The last message that stands by itself and those that followed on from it, without greetings and thanks."""
        spoken: list[str] = []
        for place in self._places:
            text = self.even(self._history[place].content)
            if not has_words(text) or sum(map(len, [text, *spoken])) > self._readings.longest:
                break
            if any(reply.small_talk and reply.signed(text) for reply in self.index.replies.values()):
                continue
            spoken.insert(0, text)
            if len(text) > STORY or not followup.follows(text):
                break
        return tuple(spoken)

    @cached_property
    def matter(self) -> str | None:
        """What the person spoke of last, in his words, if he did."""
        matter: str | None = None
        for text in self.spoken:
            if matter is None or not self._asks_again(text, matter):
                matter = self._meant(self._readings[text], matter).text[-self._readings.longest :]
        return matter

    @cached_property
    def last_answer(self) -> str:
        """The words of the answer before, empty where there is none."""
        said = [turn.content for turn in self._history if turn.role == "assistant"][-1:]
        return next((text for text in map(self._readings.even, said) if has_words(text)), "")

    @cached_property
    def last_danger(self) -> Message | None:
        """The last message that called for help in danger."""
        left = self._readings.longest  # what is looked through is bounded, however much there is
        for place in self._places:
            text = self._history[place].content
            if left <= 0:
                return None
            left -= len(text)
            if compose.named(text) or not has_words(self.even(text)):  # a card that was tapped
                continue
            if Conversation(self._readings).message(text).tells_danger:
                message = Conversation(self._readings, self._history[:place]).message(text)
                if triage.decide(message).kind == "crisis":
                    return message
        return None

    def led_to(self, question: str, tapped: bool) -> list[str]:
        """What the person said before that a question follows on from, without what may tell of danger.

        A question that was `tapped` follows on, since it was offered for that.
        """
        if not tapped and not self.message(question).follows_on:
            return []
        return [text for text in self.spoken if not Conversation(self._readings).message(text).near_danger]

    def even(self, text: str) -> str:
        """A message for matching; see `Readings`."""
        return self._readings.even(text)

    @cached_property
    def _places(self) -> list[int]:
        """Where the person's last messages stand, the newest first."""
        return [place for place, turn in enumerate(self._history) if turn.role == "user"][: -REMEMBERED - 1 : -1]

    def _meant(self, alone: Reading, before: str | None) -> Reading:
        """A message as it is meant after what was spoken of before, if anything was."""
        return followup.meant(FollowUp(alone, before, self._kind)) if before else alone

    def _kind(self, text: str) -> Kind:
        """The kind of answer that a text gets by itself."""
        if text not in self._kinds:
            self._kinds[text] = triage.decide(Conversation(self._readings).message(text)).kind
        return self._kinds[text]

    def _asks_again(self, text: str, matter: str) -> bool:
        """Whether a message only asks about the answer to a matter: 为什么; 第二条呢 where the person named no law."""
        points = heard("point", text) and not any(one.law for one in find(matter, self.index.statutes))
        return bool(points or heard("again", text))
