"""What bot and pages say that a lawyer may want to change: `page_texts.toml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.settings import BotSettings
from corpus.files import read_table

PAGE_TEXTS = Path(__file__).parent / "page_texts.toml"


class Table(BaseModel):
    """A table of `page_texts.toml`; a key that is missing or misspelt is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Doubts(Table):
    """What stands above an answer: no card is about it, or hardly; it is given again; a wrong refusal; danger?

    `corrected`: it is the same although a fact was put right. `turned`: a condition is stated under which it does not
    hold; `perhaps_turned`: it is read so. `about` stands below the conclusion of an answer without a doubt, so that a
    person sees what it is about, `searched` beside a provision that no card gave.
    """

    uncovered: str
    unlikely: str
    again: str
    refused: str
    corrected: str
    about: str
    searched: str
    turned: str
    perhaps_turned: str
    care: str


class Branches(Table):
    """What stands above the branches of an answer: which is it, what if it is another; and before what is so in all."""

    which: str
    others: str
    whole: str


class WithoutCard(Table):
    """What is said where no card answers: nothing found, which of these, an article's text or none, and beside it.

    `reply`: what a yes or no is the reply to.
    """

    nothing: str
    nearest: str
    which: str
    reply: str
    text: str
    compare: str
    nearer: str
    no_text: str


class Privacy(Table):
    """What becomes of what a person says: kept or not, read by a model elsewhere or here."""

    unkept: str
    kept: str
    model: str
    local_model: str


class Fact(Table):
    """What may have happened, and the provisions that it may offend; none where it is no wrong by itself."""

    text: str
    grounds: tuple[str, ...]


class PageTexts(Table):
    """The tables of `page_texts.toml`."""

    #: What may have happened, for the letters of the desk.
    facts: tuple[Fact, ...]
    #: Questions to tap, by the situation that answers each.
    examples: dict[str, str]
    doubts: Doubts
    branches: Branches
    without_card: WithoutCard
    #: Why there are no words of a model, by reason code, and what to read `instead`.
    model_failed: dict[str, str]
    privacy: Privacy


@lru_cache(maxsize=1)
def load_page_texts() -> PageTexts:
    """The texts. Raises FileError."""
    return read_table(PAGE_TEXTS, PageTexts)


def privacy_note(settings: BotSettings) -> str:
    """What becomes of what a person says here, for him to read before he says it."""
    words = load_page_texts().privacy
    said = words.kept.format(days=settings.keep_days) if settings.keep_unanswered else words.unkept
    if not settings.model:
        return said
    return said + (words.local_model if settings.model_is_local else words.model).format(model=settings.model)
