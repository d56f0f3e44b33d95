"""What was said before a question: the matter that was spoken of, and whether danger was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from propcache.api import cached_property

from bot import compose, followup, triage
from bot.answer import Kind, Turn
from bot.correction import put_right
from bot.followup import ANSWERED, FollowUp
from bot.lookup import look_up
from bot.question_patterns import heard, without
from bot.reading import Reading, Readings
from bot.triage import Message
from corpus.citations import find
from index.normalise import has_words

#: So many of the person's messages are looked through for danger and for what was spoken of, together no more
#: characters than a question may have; of these so many are read with a question that follows on.
REMEMBERED, READ_WITH = 6, 600
#: A question of more characters tells its matter by itself.
BY_ITSELF = 200
#: One of more characters is a matter by itself, whatever it begins with.
STORY = 60
#: The question with which a turn ends, of so many characters at most.
ASKED, LONGEST_ASKED = re.compile(r"[^。！!\n]+[?？]$"), 80
#: After what gets one of these a bare cry for help is about that; after all else it is asked what has happened.
LED_ON: tuple[Kind, ...] = ("answer", "clarify")


class Conversation:
    """The messages before a question, as far as they count; made for one answer, with the `readings` of its texts."""

    def __init__(self, readings: Readings, history: Sequence[Turn] = ()) -> None:
        self.index = readings.index
        self._readings, self._history = readings, history
        self._kinds: dict[str, Kind] = {}

    def message(self, question: str) -> Message:
        """A question that has words, as the rules of `triage` see it."""
        text, before = self.normalised(question), self.matter
        if heard("not_so", text) or heard("another_question", text):
            text, before = self._aside(text)
        cries = before is not None and self._cries(text) and self._kind(before) in LED_ON
        again = cries or (before is not None and self._asks_again(text, before))
        if again:
            text, before = before or "", None
        asked_for = self._asked_before(len(self._history))
        found = look_up(text, self.index.statutes, before or "", self.last_answer, self.index.in_statute)
        said, asked = self._readings[text], self._readings[found.rest]
        corrects = followup.corrects(text) or (before is not None and put_right(before, text) != f"{before} {text}")
        replies = heard("reply", text) is not None
        answered = before if (corrects or replies) and before and self._kind(before) in ANSWERED else None
        return Message(
            said,
            asked,
            found,
            partial(self._meant, asked, before if len(text) <= BY_ITSELF else None, asked_for),
            again=again,
            cries=cries,
            corrected=self._readings[answered] if answered and corrects else None,
            replies=replies and answered is not None,
        )

    @property
    def spoken(self) -> list[str]:
        """The last message that stands by itself and those that followed on from it, without greetings and replies.

        Before them the person's own age, where it was told before and is not an adult's.
        """
        return [text for text, _ in self._spoken]

    @cached_property
    def _spoken(self) -> list[tuple[str, str]]:
        """The same, each with the question that it answers, if any."""
        spoken: list[tuple[str, str]] = []
        left = READ_WITH
        for place, said in self._last.items():
            text, asked_for = self.normalised(said), self._asked_before(place)
            if not has_words(text) or left <= 0:
                break
            if heard("reply", text) or any(r.small_talk and r.signed(text) for r in self.index.replies.values()):
                continue
            spoken.insert(0, (text[-left:], asked_for))
            left -= len(text)
            if not asked_for and (len(text) > STORY or not followup.follows(text)):
                break
        ages = (heard("own_age", self.normalised(said)) for said in self._last.values())
        age = next((told.group() for told in ages if told), None)
        if age and spoken and not any(heard("own_age", text) for text, _ in spoken):
            spoken.insert(0, (age, ""))
        return spoken

    @cached_property
    def matter(self) -> str | None:
        """What the person spoke of last, in his words, if he did."""
        matter: str | None = None
        for text, asked_for in self._spoken:
            if matter is None or not self._asks_again(text, matter):
                matter = self._meant(self._readings[text], matter, asked_for).text
        return matter

    @cached_property
    def last_answer(self) -> str:
        """The answer before, its provisions first, as `compose.provisions` gives it; empty where there is none."""
        said = [turn.content for turn in self._history if turn.role == "assistant"][-1:]
        texts = (self._readings.normalised(compose.provisions(content)) for content in said)
        return next(filter(has_words, texts), "")

    @cached_property
    def last_danger(self) -> Message | None:
        """The last message that called for help in danger."""
        for place, text in self._last.items():
            if compose.situation_of(text) or not has_words(self.normalised(text)):  # a card that was tapped
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

    def normalised(self, text: str) -> str:
        """A message for matching; see `Readings`."""
        return self._readings.normalised(text)

    @cached_property
    def _last(self) -> dict[int, str]:
        """The person's last messages by their places, the newest first, as far as they are read.

        Of what no longer fits behind a long one the end is: danger is not forgotten for a story.
        """
        places = [place for place, turn in enumerate(self._history) if turn.role == "user"][: -REMEMBERED - 1 : -1]
        last, left = {}, self._readings.longest
        for place in places:
            text = self._history[place].content[: self._readings.longest]
            last[place] = text[-max(left, self._readings.longest // REMEMBERED, 1) :]
            left -= len(last[place])
        return last

    def _aside(self, text: str) -> tuple[str, str | None]:
        """What stands beside 我没有伤害自己 or 谢谢，还有个问题 after danger, and what was spoken of without that.

        As it is where there was no danger before, or nothing else was spoken of.
        """
        last = {place: self.normalised(said) for place, said in self._last.items()}
        danger = {place for place, said in last.items() if has_words(said) and self._kind(said) == "crisis"}
        calm = [turn for place, turn in enumerate(self._history) if place not in danger]
        matter = Conversation(self._readings, calm).matter if danger else None
        if matter is None:
            return text, self.matter
        rest = without(text, "not_so", "another_question")
        return (rest, matter) if has_words(rest) else (matter, None)

    def _meant(self, alone: Reading, before: str | None, asked_for: str) -> Reading:
        """A message as it is meant after what was spoken of before, if anything was."""
        return followup.meant(FollowUp(alone, before, self._kind, asked_for)) if before else alone

    def _asked_before(self, place: int) -> str:
        """What the turn before a place asked the person, if it is of whoever answers and ends with a question."""
        turn = self._history[place - 1] if place else None
        end = turn.content[-LONGEST_ASKED:].rstrip() if turn and turn.role == "assistant" else ""
        asked = ASKED.search(end)
        return self.normalised(asked.group()) if asked else ""

    def _kind(self, text: str) -> Kind:
        """The kind of answer that a text gets by itself."""
        if text not in self._kinds:
            self._kinds[text] = triage.decide(Conversation(self._readings).message(text)).kind
        return self._kinds[text]

    def _cries(self, text: str) -> bool:
        """Whether a message is a bare cry for help: what was spoken of before is what it is about."""
        return any(reply.asks_back and reply.signed(text) for reply in self.index.replies.values())

    def _asks_again(self, text: str, matter: str) -> bool:
        """Whether a message only asks about the answer to a matter: 为什么; 第二条呢 where the person named no law."""
        points = heard("point", text) or (heard("ordinal", text) and not find(self.last_answer, self.index.statutes))
        named = points and any(one.law for one in find(matter, self.index.statutes))
        return bool((points and not named) or heard("again", text))
