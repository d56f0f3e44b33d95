"""What is kept of people: feedback, and cases and unanswered questions where the operator wants them.

Rows in SQLite files, each deleted when its days are over.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from bot.settings import BotSettings
from corpus.statutes import today

log = logging.getLogger(__name__)
HOUR = 3600.0
#: Rows of what anybody may send that are kept, the newest: more than a reader gets through, and all that a stranger can
#: fill the disk with.
KEPT = 1000
#: Every table by the file that holds it. `day` is the day of the row, never the hour. `good` is NULL in what was added
#: to a thumb that has a row before.
TABLES = {
    "feedback.db": {"feedback": "day TEXT, situation TEXT, kind TEXT, good INT, reason TEXT, words TEXT"},
    "desk.db": {
        "unanswered": "day TEXT, kind TEXT, question TEXT",
        "cases": "id TEXT PRIMARY KEY, day TEXT, title TEXT, body TEXT",
    },
}


@contextmanager
def opened(settings: BotSettings, name: str) -> Iterator[sqlite3.Connection]:
    """One of the files, made where it is not there, without the rows that are too old; committed on leaving.

    Deleting locks it: what one reads here nobody else changes before one leaves. The others wait, 5 s at most.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    path = settings.data / name
    path.touch(0o600)  # for nobody else on this machine; the journal beside it is made alike
    database = sqlite3.connect(path, timeout=5)
    try:
        database.execute("PRAGMA secure_delete = ON")  # the bytes of a deleted row are overwritten
        with database:
            for table, columns in TABLES[name].items():
                database.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
                database.execute(f"CREATE INDEX IF NOT EXISTS {table}_day ON {table} (day)")
                database.execute(f"DELETE FROM {table} WHERE day <= ?", (_last(settings),))  # noqa: S608 names are ours
            yield database
    finally:
        database.close()


def add(database: sqlite3.Connection, table: str, row: Sequence[object]) -> None:
    """A row more; the oldest goes where there are more than KEPT."""
    oldest = f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT 1 OFFSET ?"  # noqa: S608 names are ours
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    database.execute(f"DELETE FROM {table} WHERE rowid <= ({oldest})", (KEPT,))  # noqa: S608


async def expire(settings: BotSettings) -> None:
    """Delete what is too old, now and every hour, also where nobody reads or writes. Runs until cancelled."""
    while True:
        for name in TABLES:
            try:
                await asyncio.to_thread(_sweep, settings, name)
            except Exception as error:  # nobody would see that this has ended
                log.error("cannot delete old rows of %s: %s", settings.data / name, error)
        await asyncio.sleep(HOUR)


def _last(settings: BotSettings) -> str:
    """The latest day that is too old."""
    return (today() - timedelta(days=settings.keep_days)).isoformat()


def _sweep(settings: BotSettings, name: str) -> None:
    if (settings.data / name).exists():
        with opened(settings, name):
            pass
