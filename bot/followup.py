"""A message as it is meant: by itself, or with what was spoken of before.

FOLLOWS says it, from top to bottom: the first that holds decides. A number that stands in a rule is the limit of that
rule alone, and its `why` says what for; those that several use have names. Limits were measured on the conversations
of the exams and on questions put after another question or a refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.answer import Kind
from bot.correction import put_right
from bot.question_patterns import heard, without
from bot.reading import SHORT, Reading, is_reply
from corpus.cards import Card
from corpus.replies import Reply
from index.situations import Match

#: How a message is read: by itself; in one with what was spoken of before; or as those words, but in the situations
#: that it tells of by itself.
Read = Literal["alone", "together", "as said before"]
#: What answers a legal question.
ANSWERED: tuple[Kind, ...] = ("answer", "clarify", "lookup")
#: A message of so many characters may be a piece of a talk: a correction, a plain statement.
PIECE = 16
#: What has this likeness to messages of other fields gets their answer.
OTHER_FIELD = 0.8
#: A reply that is less likely than this is no other matter.
UNLIKELY_REPLY = 0.6
#: What is read together with a plain statement is near danger from this on (`Reading.near_danger`).
NEAR_TOGETHER = 5e-2


@dataclass(frozen=True)
class FollowUp:
    """A message after what was spoken of before, as the rules see it; `kind_of` finds what a text gets by itself.

    `asked_for`: the question that the turn before it asked the person, if it did.
    """

    alone: Reading
    before: str
    kind_of: Callable[[str], Kind]
    asked_for: str = ""

    @property
    def text(self) -> str:
        return self.alone.text

    @property
    def both(self) -> str:
        return put_right(f"{self.before} {self.asked_for}" if self.tells_asked else self.before, self.text)

    @property
    def together(self) -> Reading:
        return self.alone.readings[self.both]

    @property
    def first(self) -> Match:
        """The situation that the message tells of by itself."""
        return self.alone.matches[0]

    @property
    def card_probability(self) -> float:
        """How likely a card is where the message tells of one by itself, else 0."""
        return self.alone.card_probability if isinstance(self.first.situation, Card) else 0.0

    @property
    def tells_asked(self) -> bool:
        """Whether it tells what the person was asked about a legal question, and asks nothing."""
        asks = heard("asks", without(self.text, "indefinite"))
        return bool(self.asked_for) and not asks and self.after(*ANSWERED)

    @property
    def danger(self) -> bool:
        return is_reply(self.first.situation, "crisis") or self.alone.like_danger

    @property
    def leads_on(self) -> bool:
        return bool(heard("leads_on", self.text))

    @property
    def follows(self) -> bool:
        return follows(self.text)

    @property
    def no_sign_of_danger(self) -> bool:
        """Whether it is of everyday words only, and neither what was before nor both together come near danger."""
        plain = len(self.text) <= PIECE and heard("plain", self.text) and not heard("grave", self.text)
        return (
            bool(plain)
            and self.alone.signed("crisis") is None
            and self.after_question
            and not self.alone.readings[self.before].near_danger(NEAR_TOGETHER)
            and not self.together.near_danger(NEAR_TOGETHER)
        )

    @property
    def tells_course(self) -> bool:
        """Whether it tells what came of a death or a visit, without a sign of danger."""
        told = any(
            heard(before, self.before) and heard(after, self.text)
            for before, after in (("bereaved", "estate"), ("visited", "left"))
        )
        return told and not any(reading.signed("crisis") for reading in (self.alone, self.together))

    @property
    def supposes(self) -> bool:
        """Whether it asks what holds if others do something, after a legal question, without a sign of danger."""
        near = self.alone.signed("crisis") or self.together.near_danger(NEAR_TOGETHER)
        return bool(heard("supposed", self.text)) and not near and self.after(*ANSWERED)

    @property
    def like_another_field(self) -> bool:
        return is_reply(self.first.situation, "out_of_scope") or self.alone.odds["out_of_scope"] >= OTHER_FIELD

    @property
    def goes_on(self) -> bool:
        """Whether it goes on with a story or states something, however much it is like small talk."""
        if heard("goes_on", self.text):
            return True
        stated = len(self.text) <= PIECE and not any(heard(kind, self.text) for kind in ("asks", "wants", "small_talk"))
        likely = self.first.probability >= UNLIKELY_REPLY and not heard("reply", self.text)
        return stated and not likely and self.after(*ANSWERED)

    @property
    def after_question(self) -> bool:
        """Whether what was spoken of before is a legal question, or asks something of another field."""
        answered = self.after(*ANSWERED)
        return answered or (self.after("out_of_scope") and heard("asks", self.before) is not None)

    def after(self, *kinds: Kind) -> bool:
        """Whether what was spoken of before gets one of these by itself."""
        return self.kind_of(self.before) in kinds


@dataclass(frozen=True)
class Follow:
    """A way to read a message, and when it is read so, if no rule before has decided."""

    read: Read
    when: Callable[[FollowUp], bool]
    unless: Callable[[FollowUp], bool] = lambda _: False
    why: str = ""

    def holds(self, message: FollowUp) -> bool:
        return self.when(message) and not self.unless(message)


FOLLOWS = (
    Follow(
        "as said before",
        when=lambda m: m.danger and len(m.text) <= SHORT and m.after("crisis"),
        why="a short word of danger after another one: with that the right help is chosen",
    ),
    Follow(
        "together",
        when=lambda m: m.danger and m.no_sign_of_danger,
        why="the likeness of a few everyday words is noise: 已经改好了 is like 都安排好了",
    ),
    Follow(
        "together",
        when=lambda m: m.danger and m.tells_course,
        why="what the dead leave, or that visitors left, is like a farewell: 我爸去世了 >> 留下一套房子",
    ),
    Follow(
        "together",
        when=lambda m: m.danger and m.supposes,
        why="what others may yet do is no danger: 催收明天来我家 >> 要是硬往里闯呢",
    ),
    Follow(
        "together",
        when=lambda m: m.tells_asked,
        unless=lambda m: m.alone.signed("crisis") is not None or m.together.near_danger(NEAR_TOGETHER),
        why="what a person was asked for is a fact of the matter: 谁签收的？ 我舅，他不跟我住",
    ),
    Follow(
        "alone",
        when=lambda m: m.danger,
        unless=lambda m: m.leads_on,
        why="danger that does not lead on is heard whatever was said before",
    ),
    Follow(
        "alone",
        when=lambda m: heard("lawful", m.text) is not None and m.after("refuse"),
        why="who was refused and asks for the lawful way is not asking for the harm",
    ),
    Follow(
        "together",
        when=lambda m: m.like_another_field and m.goes_on,
        why="how a story goes on is said in few words, which are like small talk",
    ),
    Follow(
        "together",
        when=lambda m: corrects(m.text) and m.after(*ANSWERED),
        unless=lambda m: m.danger,
        why="what is put right is nothing by itself",
    ),
    Follow(
        "together",
        when=lambda m: heard("own_age", m.before) is not None and m.after(*ANSWERED, "out_of_scope"),
        unless=lambda m: m.danger or heard("own_age", m.text) is not None,
        why="who is no adult stays so, whatever is asked: the parents called are then the guardians",
    ),
    Follow(
        "together",
        when=lambda m: heard("piece", m.text) is not None and m.after(*ANSWERED, "out_of_scope"),
        unless=lambda m: m.danger,
        why="a piece of what is told names nothing by itself, however near a card is: 我能告吗, 没骂人",
    ),
    Follow(
        "alone",
        when=lambda m: isinstance(m.first.situation, Reply) and m.first.score >= 0.5,
        why="a reply is likely enough to answer it",
    ),
    Follow(
        "alone",
        when=lambda m: m.first.score >= 0.3,
        unless=lambda m: m.follows,
        why="it says enough, and nothing in it refers to what was before",
    ),
    Follow(
        "alone",
        when=lambda m: m.card_probability >= 0.7,
        unless=lambda m: m.leads_on,
        why="a card is nearly sure: pointing back was a way of speaking",
    ),
    Follow(
        "alone",
        when=lambda m: m.after("crisis", "refuse", "out_of_scope"),
        unless=lambda m: m.follows and m.card_probability < 0.35,
        why="what was before got no card; only what refers to it, and tells of no likely card, is read with it",
    ),
    Follow(
        "alone",
        when=lambda m: m.together.matches[0].score < m.first.score - 0.1,
        why="with what was before it says less",
    ),
    Follow(
        "together",
        when=lambda _: True,
        why="it says little by itself, or refers to what was before",
    ),
)


def follows(text: str) -> bool:
    """Whether a message leads on from the one before it, points back to it or says little by itself."""
    led = any(heard(kind, text) for kind in ("leads_on", "points_back", "again", "piece"))
    return len(text) <= SHORT or led or corrects(text)


def corrects(text: str) -> bool:
    """Whether a message puts right a fact that was told, and asks nothing else."""
    if len(text) > PIECE:
        return False
    alone = heard("asks", text) and not heard("leads_on", text)
    return any(heard(kind, text) for kind in ("corrects", "private_lender", "licensed_lender")) and not alone


def decide(message: FollowUp) -> Follow:
    """The rule that decides how a message is read."""
    return next(rule for rule in FOLLOWS if rule.holds(message))


def meant(message: FollowUp) -> Reading:
    """The message as it is meant."""
    match decide(message).read:
        case "alone":
            return message.alone
        case "together":
            return message.together
        case "as said before":
            return Reading(message.alone.readings, message.both, message.alone.matches)
