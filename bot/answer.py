"""What the bot gives back: the JSON of the contract, as types."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from bot.articles import url_of
from corpus.cards import Channel, FirmVerdict, Verdict
from corpus.citations.law_names import names_of
from corpus.reference import Reference
from corpus.statutes import Statutes

Role = Literal["user", "assistant"]
Kind = Literal["answer", "lookup", "clarify", "refuse", "out_of_scope", "crisis"]


class Turn(BaseModel):
    """One earlier message of the conversation."""

    role: Role
    content: str


class Provision(BaseModel):
    """A provision an answer relies on or shows, with its exact words."""

    law: str
    number: int
    suffix: int = 0
    paragraph: int | None = None
    item: int | None = None
    text: str
    in_force_from: date | None = None
    #: What is to be read beside the text, such as that it was amended; empty for most.
    note: str = ""
    url: str
    #: Whether the search for articles found it by the person's own words: no card rests on it.
    searched: bool = False

    @classmethod
    def of(cls, reference: Reference, statutes: Statutes, *, searched: bool = False) -> Provision | None:
        """The provision as it stands in the law in force, of any scope, or None where there is no such place."""
        article = names_of(statutes).article(reference)
        text = article.quote(reference) if article else None
        if article is None or text is None:
            return None
        return cls(
            law=reference.law,
            number=reference.number,
            suffix=reference.suffix,
            paragraph=reference.paragraph,
            item=reference.item,
            text=text,
            in_force_from=article.in_force_from,
            note=article.note,
            url=url_of(reference),
            searched=searched,
        )

    @property
    def reference(self) -> Reference:
        return Reference(self.law, self.number, self.suffix, self.paragraph, self.item)


class OutsideRule(BaseModel):
    """A rule outside the statutes that the answer names; its text is not held here."""

    name: str
    issuer: str
    number: str
    says: str


class Choice(BaseModel):
    """A question the person may want to ask next, and the situation behind it; a help site's own has none."""

    situation: str = ""
    question: str


class Branched(BaseModel):
    """What the verdict and the conclusion are where the facts are those of `when`; `likely`: the message tells them?"""

    when: str
    verdict: FirmVerdict
    says: str
    likely: bool = False


class Answer(BaseModel):
    """A whole answer. `answer` is complete Markdown; the other fields are its parts for pages."""

    kind: Kind
    verdict: Verdict = "none"
    answer: str
    citations: list[Provision] = Field(default_factory=list)
    situation: str | None = None
    title: str = ""
    conclusion: str = ""
    reasons: str = ""
    steps: list[str] = Field(default_factory=list)
    evidence: list[str] = Field(default_factory=list)
    channels: list[Channel] = Field(default_factory=list)
    limits: str = ""
    #: The branches of a situation that depends, the likeliest first, without the one that the answer is.
    branches: list[Branched] = Field(default_factory=list)
    rules: list[OutsideRule] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    choices: list[Choice] = Field(default_factory=list)
    #: Whether another situation may be meant: then `choices` stand before the answer.
    unsure: bool = False
    #: Whether the message may tell of danger: the answer is help, or stands below a word of care, and nothing is kept.
    danger: bool = Field(default=False, exclude=True)
    #: A model's own words on the person's case, each sentence checked; empty without a model.
    told: str = ""
    #: What is to be said about the model's part: that it wrote `told`, or why there is none.
    note: str = ""
    generated_by: Literal["grounded", "model"] = "grounded"


class Event(BaseModel):
    """A step of an answer that is given as it comes, in this order.

    composed  `answer` whole, without a model's words; `speaks`: whether these may follow
    sentence  `text`, checked; `opens` is what stands before it: nothing, a new line, a list line
    note      `text` to show, `reason` as a code
    done      `answer` whole: nothing follows
    """

    event: Literal["composed", "sentence", "note", "done"]
    answer: Answer | None = None
    speaks: bool = False
    text: str = ""
    opens: str = ""
    reason: str = ""
