"""Questions without a sure answer, masked, for the people who write the cards. Off unless the operator turns it on."""

from __future__ import annotations

import logging
import sqlite3

from bot import records
from bot.answer import Answer
from bot.normalise import clean
from bot.privacy import mask
from bot.settings import BotSettings
from corpus.statutes import today

log = logging.getLogger(__name__)


def keep(settings: BotSettings, question: str, answer: Answer) -> None:
    """Keep a question that got no answer or a doubtful one. Never one heard as danger, never one answered surely.

    Where it cannot be kept the operator reads so in the log, and the person has his reply all the same.
    """
    answered = answer.kind not in ("clarify", "out_of_scope") and not answer.unsure
    if not settings.keep_unanswered or answered or answer.danger:
        return
    row = (today().isoformat(), answer.kind, mask(clean(question)).text[:500])
    try:
        with records.opened(settings, "desk.db") as database:
            database.execute("INSERT INTO unanswered VALUES (?, ?, ?)", row)
    except (sqlite3.Error, OSError) as error:
        log.error("cannot keep an unanswered question: %s", error)


def recent(settings: BotSettings) -> list[tuple[str, str]]:
    """(day, question) of the last hundred, the newest first."""
    with records.opened(settings, "desk.db") as database:
        rows = database.execute("SELECT day, question FROM unanswered ORDER BY rowid DESC LIMIT 100").fetchall()
    return [(str(day), str(question)) for day, question in rows]
