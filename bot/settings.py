"""Settings of the bot, from the environment or `.env`; every name is prefixed with BOT_."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from index.settings import IndexSettings


class BotSettings(IndexSettings):
    """The index's settings, and where the web app listens."""

    host: str = "127.0.0.1"
    port: int = 7860
    #: The longest question that is read, in characters.
    longest: int = 2000
    #: The longest text that is checked, in characters.
    longest_text: int = 1_000_000
    #: Sites that may show the chat in a frame and use the API from a page, as https://help.example; JSON list.
    origins: tuple[str, ...] = ()
    #: The volunteers' desk at /desk opens with this password; empty: there is no desk.
    desk_password: str = ""
    #: Keep questions that got no answer (masked) in data/desk.db for the desk. Off: nothing is kept.
    keep_unanswered: bool = False
    #: Signs the desk's sessions. Empty: a new secret at each start, so that a restart signs everyone out.
    desk_secret: SecretStr = SecretStr("")
    #: Let volunteers keep cases on this server (data/desk.db) besides their own browser.
    keep_cases: bool = False
    #: Days until what is kept (feedback, unanswered questions, cases) is deleted.
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30
