"""Questions without a sure answer, masked, for the people who write the cards. Off unless the operator turns it on."""

from __future__ import annotations

import logging
import sqlite3

from bot import records
from bot.answer import Answer
from bot.privacy import mask
from bot.settings import BotSettings
from corpus.replies import load_replies
from corpus.statutes import today
from index.normalise import normalise

log = logging.getLogger(__name__)


def keep(settings: BotSettings, question: str, answer: Answer) -> None:
    """Keep a question that got no answer or a doubtful one: none that may tell of danger, none answered surely.

    What is answered below the word of care, or has a sign of danger or harm in it, may tell of danger.

    Where it cannot be kept the operator reads so in the log, and the person has his reply all the same.
    """
    answered = answer.kind not in ("clarify", "out_of_scope") and not answer.unsure
    if not settings.keep_unanswered or answered or answer.danger or _signed(normalise(question)):
        return
    row = (today().isoformat(), answer.kind, mask(question).text[:500])
    try:
        with records.opened(settings, "desk.db") as database:
            records.add(database, "unanswered", row)
    except (sqlite3.Error, OSError) as error:
        log.error("cannot keep an unanswered question: %s", error)


def _signed(text: str) -> bool:
    """Whether a sign of danger or of harm stands in a text."""
    return any(reply.signed(text) for reply in load_replies().values() if reply.kind != "out_of_scope")


def recent(settings: BotSettings) -> list[tuple[str, str]]:
    """(day, question) of all that are kept, the newest first."""
    with records.opened(settings, "desk.db") as database:
        rows = database.execute("SELECT day, question FROM unanswered ORDER BY rowid DESC").fetchall()
    return [(str(day), str(question)) for day, question in rows]
