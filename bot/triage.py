"""What a message gets: help in danger, a refusal, "not my field", the law's words, an answer, or a question back.

RULES says it, from top to bottom: the first that holds decides. A number that stands in a rule is the limit of that
rule alone, and its `why` says what for; those that several use have names. Limits were measured on the exams and
messages in tests/, see benchmarks/RESULTS.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from propcache.api import cached_property

from bot.answer import Kind
from bot.lookup import Lookup
from bot.question_patterns import heard
from bot.reading import SHORT, Reading, is_reply
from corpus.cards import Card
from corpus.replies import Reply, ReplyKind
from index.situations import Match

#: The score of the best situation from which on it is answered, and below which nothing comes near at all.
UNSURE, NOTHING = 0.06, 0.04
#: So many characters beside a citation say what is asked about it, not what happened.
PASSING = 12
#: A message may tell of danger from this likeness on, or where it comes so near (`Reading.near_danger`); a fragment
#: that leads on from what was spoken of before, 那现在呢, only where it comes nearer, since its likeness is noise.
LIKE_DANGER = 0.2
NEAR_DANGER = 1e-4
NEAR_DANGER_IN_FRAGMENT = 5e-2
#: So many characters with a sign of danger in them say too little to be a way of speaking.
OUTCRY = 12


@dataclass(frozen=True)
class Message:
    """What a person wrote, as the rules see it.

    `said` is the whole message, `asked` what stands beside its citations (`found`), `meant` the latter, together with
    what was spoken of before where it follows on from that: `follow` finds out. `again`: the person only asks about the
    answer before, or `cries` for help after it, and these are the words that it answered. `corrected`: what was spoken
    of before, where a fact of it is put right. `replies`: it is a yes or no to an answer that asked nothing.
    """

    said: Reading
    asked: Reading
    found: Lookup
    follow: Callable[[], Reading]
    again: bool = False
    cries: bool = False
    corrected: Reading | None = None
    replies: bool = False

    @cached_property
    def meant(self) -> Reading:
        return self.follow()

    @property
    def follows_on(self) -> bool:
        """Whether it is read with what was spoken of before."""
        return self.again or self.meant is not self.asked

    @property
    def unmoved(self) -> bool:
        """Whether the same card comes out although a fact is put right."""
        if self.corrected is None:
            return False
        before, now = ([card.id for card in reading.cards[:1]] for reading in (self.corrected, self.meant))
        return before == now

    @cached_property
    def sign(self) -> Reply | None:
        """The reply whose sign stands in the message, one of danger before others."""
        replies = self.said.index.replies.values()
        signed = [r for r in replies if r.signed(self.said.text)]
        return min(signed, key=lambda r: r.kind != "crisis", default=None)

    def has_sign(self, kind: ReplyKind) -> bool:
        return self.sign is not None and self.sign.kind == kind

    @cached_property
    def danger(self) -> Reading | None:
        """Of several sentences the one that tells of danger, whatever the others tell or ask."""
        telling = [sentence for sentence in self.said.sentences if sentence.tells_danger]
        return max(telling, key=lambda sentence: sentence.odds["crisis"], default=None)

    @property
    def figurative(self) -> bool:
        """Whether a sign of danger is a way of speaking beside a plain question: 真想弄死这帮催收…能起诉他们吗."""
        question = self.said.plain_question and self.said.far_from_danger and heard("asks", self.said.text)
        speaking = self.has_sign("crisis") and self.sign is not None and not self.sign.literal
        return speaking and bool(question) and len(self.said.text) > OUTCRY

    @property
    def tells_danger(self) -> bool:
        """Whether a sign, a sentence or likeness tells of danger."""
        signed = self.has_sign("crisis") and not self.figurative
        return signed or self.danger is not None or self.said.like_danger

    @property
    def near_danger(self) -> bool:
        """Whether it may tell of danger, though that does not decide."""
        if self.has_sign("crisis") or any(
            s.like_danger and s.matched_probability("crisis") >= 0.5 for s in self.said.sentences
        ):
            return True
        if self.meant is self.asked:
            return self.asked.odds["crisis"] >= LIKE_DANGER or self.asked.near_danger(NEAR_DANGER)
        fragment = len(self.asked.text) <= SHORT and heard("leads_on", self.asked.text)
        limit = NEAR_DANGER_IN_FRAGMENT if fragment else NEAR_DANGER
        return self.asked.near_danger(limit) or self.meant.near_danger(NEAR_DANGER)

    @property
    def cites(self) -> bool:
        """Whether it cites articles that can be shown."""
        return bool(self.found.references)

    @cached_property
    def best(self) -> Match | None:
        """The first situation that the search finds, without the replies that do not count here."""
        return next((m for m in self.meant.matches if not self._discounted(m)), None)

    def score(self, kind: Kind) -> float:
        """That of the best situation, if it is a reply of that kind or, for an answer, a card; else 0."""
        if self.best is None:
            return 0.0
        its = self.best.situation.kind if isinstance(self.best.situation, Reply) else "answer"
        return self.best.score if its == kind else 0.0

    @property
    def tells_more(self) -> bool:
        """Whether it tells something beside its citations: much, or what a card on one of these articles is about."""
        cited = {r.article for r in self.found.references}
        card = self.best.situation if self.best else None
        same = isinstance(card, Card) and not cited.isdisjoint(r.article for r in card.citations)
        return len(self.asked.text) > PASSING or same

    def _discounted(self, match: Match) -> bool:
        """Whether it is a reply that does not count, though the search finds it: a card after it is meant."""
        if isinstance(match.situation, Card):
            return False
        if self.figurative:  # its words of danger have been heard
            return True
        if self.cites and self.said.plain_question:  # words about an article are like an order to the bot
            return is_reply(match.situation, "refuse")
        if not self.meant.plain_question:
            return False
        harmless = is_reply(match.situation, "crisis") and self.meant.far_from_danger
        return harmless or match.probability < self.meant.card_probability


@dataclass(frozen=True)
class Rule:
    """A kind of answer, and when a message gets it, if no rule before has decided.

    `by`: a sign, the citations or a bare reply alone decide at once; a sentence decides whatever stands around it;
    likeness is that to messages of the kind, the search that for situations.
    """

    kind: Kind
    by: Literal["sign", "sentence", "citation", "reply", "likeness", "search", "nothing"]
    when: Callable[[Message], bool]
    unless: Callable[[Message], bool] = lambda _: False
    why: str = ""

    def holds(self, message: Message) -> bool:
        return self.when(message) and not self.unless(message)


RULES = (
    Rule(
        "crisis",
        "sentence",
        when=lambda m: m.danger is not None,
        why="a question beside it makes danger no smaller: 我坐在楼顶边上了。开庭要带什么材料？",
    ),
    Rule(
        "crisis",
        "sign",
        when=lambda m: m.has_sign("crisis"),
        unless=lambda m: m.figurative,
        why="words that tell of danger by themselves: help comes before anything else",
    ),
    Rule(
        "crisis",
        "sign",
        when=lambda m: m.sign is not None and m.said.like_danger,
        unless=lambda m: m.sign is not None and (m.sign.asks_back or m.sign.small_talk),
        why="a sign of harm in words like those of danger: whoever means to hurt somebody needs the same help",
    ),
    Rule(
        "refuse",
        "sign",
        when=lambda m: m.has_sign("refuse"),
        unless=lambda m: m.said.odds["answer"] >= 0.5 and not m.said.replies_of("refuse"),
        why="words that ask for help to do harm; who asks about such a thing uses them too",
    ),
    Rule(
        "out_of_scope",
        "sign",
        when=lambda m: m.sign is not None and m.sign.asks_back,
        why="a cry for help that says nothing else is asked back, whatever it is like",
    ),
    Rule(
        "out_of_scope",
        "sign",
        when=lambda m: m.has_sign("out_of_scope"),
        unless=lambda m: m.said.odds["answer"] >= 0.5 and not m.said.replies_of("out_of_scope"),
        why="words of another field; a borrower's question may have them too",
    ),
    Rule(
        "lookup",
        "citation",
        when=lambda m: m.found.only,
        why="nothing but the words of the law is asked for",
    ),
    Rule(
        "clarify",
        "reply",
        when=lambda m: m.replies and bool(m.meant.cards),
        unless=lambda m: m.meant.like_danger,
        why="是的, 没有: to what, the person says",
    ),
    Rule(
        "crisis",
        "likeness",
        when=lambda m: m.meant.like_danger,
        unless=lambda m: m.meant.card_probability >= 0.3 and m.meant.matched_probability("crisis") < 0.07,
        why="danger has more words than signs; a card gives the numbers above it where the search sees no danger",
    ),
    Rule(
        "out_of_scope",
        "likeness",
        when=lambda m: m.meant.odds["out_of_scope"] >= 0.8,
        unless=lambda m: m.cites or m.meant.card_probability >= 0.9,
        why="no card is about it unless nearly sure, though the search finds one; who cites our law is asking about it",
    ),
    Rule(
        "refuse",
        "likeness",
        when=lambda m: m.meant.odds["refuse"] >= 0.9,
        unless=lambda m: m.cites or m.meant.card_probability >= 0.4 or bool(heard("asks_leave", m.meant.text)),
        why="a wish to do harm has more words than signs; a card says what is unlawful as well, above all to who asks",
    ),
    Rule(
        "lookup",
        "search",
        when=lambda m: m.cites,
        unless=lambda m: m.tells_more and max(m.score("crisis"), m.score("refuse"), m.score("answer")) >= UNSURE,
        why="what stands beside the citation finds nothing near, so the citation is what is asked about",
    ),
    Rule(
        "crisis",
        "search",
        when=lambda m: m.score("crisis") >= NOTHING,
        why="the nearest situation is a danger",
    ),
    Rule(
        "refuse",
        "search",
        when=lambda m: m.score("refuse") >= NOTHING,
        why="the nearest situation is a wish to do harm",
    ),
    Rule(
        "out_of_scope",
        "search",
        when=lambda m: m.score("out_of_scope") >= NOTHING,
        why="the nearest situation is another field",
    ),
    Rule(
        "answer",
        "search",
        when=lambda m: m.score("answer") >= UNSURE,
        why="a card, and those that agree with it, are likely enough",
    ),
    Rule(
        "clarify",
        "search",
        when=lambda m: m.score("answer") >= NOTHING,
        why="several cards come near, none near enough: the person chooses",
    ),
    Rule(
        "out_of_scope",
        "nothing",
        when=lambda _: True,
        why="nothing comes near at all, and that is said",
    ),
)


def decide(message: Message) -> Rule:
    """The rule that decides what a message gets."""
    return next(rule for rule in RULES if rule.holds(message))


def reply(rule: Rule, kind: ReplyKind, message: Message) -> Reply:
    """The reply that a rule for danger, harm or another field gives."""
    if rule.by == "sentence" and message.danger:
        return message.danger.signed(kind) or message.danger.reply(kind)
    if rule.by == "sign":
        return message.sign if message.sign and message.sign.kind == kind else message.said.reply(kind)
    best = message.best.situation if message.best else None
    if rule.by == "search" and kind != "crisis" and isinstance(best, Reply) and best.suits(message.meant.text):
        return best
    return message.meant.reply(kind)


def needs_care(rule: Rule, message: Message) -> bool:
    """Whether a message that is answered otherwise may tell of danger all the same: words of care stand first then.

    What citations decide at once is clear, and what signs do, unless it is like danger. The reply that asks back names
    the numbers itself.
    """
    if rule.kind == "crisis" or rule.by == "citation":
        return False
    if rule.by == "sign":
        return message.said.odds["crisis"] >= LIKE_DANGER and not (message.sign and message.sign.asks_back)
    return message.near_danger
