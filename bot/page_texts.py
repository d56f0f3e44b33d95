"""What bot and pages say that a lawyer may want to change: `page_texts.toml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict

from bot.settings import BotSettings
from corpus.files import from_file, read_table

PAGE_TEXTS = Path(__file__).parent / "page_texts.toml"


class Table(BaseModel):
    """A table of `page_texts.toml`; a key that is missing or misspelt is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VerdictWords(NamedTuple):
    """A verdict as a person reads it."""

    mark: str
    words: str

    def __str__(self) -> str:
        return f"{self.mark} {self.words}".strip()


@from_file
class Verdicts(TypedDict):
    """The words of each verdict."""

    illegal: VerdictWords
    legal: VerdictWords
    depends: VerdictWords
    none: VerdictWords


@from_file
class Offers(TypedDict):
    """What stands above the choices of an answer of each kind; of one that is unsure."""

    answer: str
    lookup: str
    clarify: str
    refuse: str
    out_of_scope: str
    crisis: str
    unsure: str


class Doubts(Table):
    """What stands above an answer: no card is about it, or hardly; it is given again, or to a cry for help; a wrong
    refusal; danger?

    `corrected`: it is the same although a fact was put right. `turned`: a condition is stated under which it does not
    hold; `perhaps_turned`: it is read so. `about` stands below the conclusion of an answer without a doubt, so that a
    person sees what it is about, `searched` beside a provision that no card gave. `supposed`: what the verdict is of.
    """

    supposed: str
    uncovered: str
    unlikely: str
    again: str
    cries: str
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

    `reply`: what a yes or no is the reply to. `outdated`: above texts of which one is no longer in force.
    """

    nothing: str
    nearest: str
    which: str
    reply: str
    text: str
    outdated: str
    compare: str
    nearer: str
    no_text: str


class Lookups(Table):
    """What is said of articles: of those that a question cites, then of those that it asks for."""

    moved: str
    wrong: str
    in_answer: str
    which_law: str
    by_likeness: str
    by_name: str
    previous: str
    next: str
    no_previous: str
    no_next: str
    former: str
    former_until: str
    no_former: str
    chapter: str
    chapter_cut: str
    length: str
    age_and_length: str
    amended: str


class ModelSpoke(Table):
    """What is said beside a model's words: whose they are, how many are not shown, what broke off or is hidden."""

    local: str
    elsewhere: str
    told: str
    withheld: str
    broke_off: str
    masked: str


class Language(Table):
    """The words of the frame for help sites in one language, and its `code`."""

    code: str
    greeting: str
    label: str
    send: str
    examples: str
    wait: str
    offline: str
    whole: str
    large: str
    clear: str


@from_file
class Trouble(TypedDict):
    """What is said where nobody can be answered: too many ask, there is no index, something failed, no connection.

    All but `preparing` are said with the `numbers` to call.
    """

    numbers: str
    own_line: str
    everybody: str
    away: str
    failed: str
    offline: str
    preparing: str


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

    #: What stands under every page and answer.
    standing: str
    #: What may have happened, for the letters of the desk.
    facts: tuple[Fact, ...]
    #: Questions to tap, by the situation that answers each.
    examples: dict[str, str]
    verdicts: Verdicts
    offers: Offers
    #: Why an answer was no help, to be chosen with a thumb down, by the code that is kept.
    reasons: dict[str, str]
    doubts: Doubts
    branches: Branches
    without_card: WithoutCard
    lookups: Lookups
    model_spoke: ModelSpoke
    #: Why there are no words of a model, by reason code, and what to read `instead`.
    model_failed: dict[str, str]
    trouble: Trouble
    privacy: Privacy
    #: By the name that a site gives.
    languages: dict[str, Language]


@lru_cache(maxsize=1)
def load_page_texts() -> PageTexts:
    """The texts. Raises FileError."""
    return read_table(PAGE_TEXTS, PageTexts)


def in_trouble(what: Literal["own_line", "everybody", "away", "failed"]) -> str:
    """What is said where nobody can be answered, and whom to call, since who reads it may be in danger."""
    words = load_page_texts().trouble
    return words[what] + words["numbers"]


def privacy_note(settings: BotSettings) -> str:
    """What becomes of what a person says here, for him to read before he says it."""
    words = load_page_texts().privacy
    said = words.kept.format(days=settings.keep_days) if settings.keep_unanswered else words.unkept
    if not settings.model:
        return said
    return said + (words.local_model if settings.model_is_local else words.model).format(model=settings.model)
