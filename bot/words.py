"""What the pages say that a lawyer may want to change: `words.toml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.files import CardError, read_toml

WORDS = Path(__file__).parent / "words.toml"


class Words(BaseModel):
    """The tables of `words.toml`; one that is missing, misspelt or of another form is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Questions to tap, by the situation that answers each.
    examples: dict[str, str]


@lru_cache(maxsize=1)
def load_words() -> Words:
    """The words. Raises CardError."""
    try:
        return Words.model_validate(read_toml(WORDS))
    except ValidationError as error:
        places = "、".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise CardError(f"bot/words.toml：缺少或者写错了 {places}") from None
