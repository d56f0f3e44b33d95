"""Thumbs and reasons: what helped and what did not, without the person's words unless they say so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from prometheus_client import Counter
from pydantic import BaseModel, Field

from bot.answer import Kind
from bot.privacy import mask
from bot.settings import BotSettings
from corpus.cards import load_cards

VOTES = Counter("bot_feedback", "Thumbs, by direction and reason", ["good", "reason"])
router = APIRouter()
_TABLE = "CREATE TABLE IF NOT EXISTS feedback (day TEXT, situation TEXT, kind TEXT, good INT, reason TEXT, words TEXT)"


class Feedback(BaseModel):
    """A thumb up or down; `words` only where the box was ticked."""

    good: bool
    kind: Kind
    situation: Annotated[str, Field(max_length=80)] = ""
    reason: Literal["", "not-my-case", "unclear", "wrong", "no-help", "other"] = ""
    words: Annotated[str, Field(max_length=2000)] = ""


@router.post("/feedback", include_in_schema=False)
def keep(feedback: Feedback, request: Request) -> dict[str, bool]:
    """Count it, and write one line to the operator's file. The day is kept, not the hour or the address."""
    settings: BotSettings = request.app.state.settings
    situation = feedback.situation if feedback.situation in load_cards() else ""
    VOTES.labels(str(feedback.good).lower(), feedback.reason or "none").inc()
    row = (
        date.today().isoformat(),
        situation,
        feedback.kind,
        int(feedback.good),
        feedback.reason,
        mask(feedback.words[:500]).text,
    )
    write(settings.data / "feedback.db", _TABLE, "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)
    return {"ok": True}


def write(path: Path, table: str, statement: str, row: tuple[object, ...]) -> None:
    """One row into a SQLite file that is made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=5)) as database, database:
        database.execute(table)
        database.execute(statement, row)
