"""Thumbs and reasons: what helped and what did not, without the person's words unless they say so."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request
from prometheus_client import Counter
from pydantic import AfterValidator, BaseModel, Field
from starlette.exceptions import HTTPException

from bot import records
from bot.answer import Kind
from bot.page_texts import load_page_texts
from bot.privacy import mask
from bot.settings import BotSettings
from bot.state import TheState
from corpus.cards import load_cards
from corpus.replies import Situation, load_replies
from corpus.statutes import today

VOTES = Counter("bot_feedback", "Thumbs, by direction", ["good"])
GIVEN = Counter("bot_feedback_reasons", "Reasons that were given for a thumb down", ["reason"])
router = APIRouter()


def _listed(reason: str) -> str:
    """One of the page's reasons, or none."""
    if reason and reason not in load_page_texts().reasons:
        raise ValueError("没有这个原因")
    return reason


class Feedback(BaseModel):
    """A thumb up or down, or, where `good` is null, what is added to one that came before.

    `words` only where the box was ticked.
    """

    good: bool | None
    kind: Kind
    situation: Annotated[str, Field(max_length=80)] = ""
    reason: Annotated[str, AfterValidator(_listed)] = ""
    words: Annotated[str, Field(max_length=2000)] = ""


@router.post("/feedback", include_in_schema=False)
def keep(feedback: Feedback, request: Request, state: TheState) -> dict[str, bool]:
    """Keep one row for the desk, and count it. The day is kept, not the hour or the address."""
    if not state.thumbs.take(request):
        raise HTTPException(429, "点得太快了，请过一分钟再试。", {"Retry-After": str(state.thumbs.pause)})
    known = feedback.situation in load_cards() or feedback.situation in load_replies()
    situation = feedback.situation if known else ""
    words = mask(feedback.words).text[:500]
    row = (today().isoformat(), situation, feedback.kind, feedback.good, feedback.reason, words)
    with records.opened(state.settings, "feedback.db") as database:
        records.add(database, "feedback", row)
    if feedback.good is not None:
        VOTES.labels(str(feedback.good).lower()).inc()
    if feedback.reason:
        GIVEN.labels(feedback.reason).inc()
    return {"ok": True}


class Given(NamedTuple):
    """What somebody said beside a thumb: of which answer, by its title, and why, in the page's words and in his."""

    day: str
    title: str
    reason: str
    words: str


def recent(settings: BotSettings) -> list[Given]:
    """All reasons and words that are kept, the newest first."""
    said = "SELECT day, situation, reason, words FROM feedback WHERE reason != '' OR words != '' ORDER BY rowid DESC"
    with records.opened(settings, "feedback.db") as database:
        rows = database.execute(said).fetchall()
    situations: dict[str, Situation] = {**load_cards(), **load_replies()}
    titles = {name: situation.title for name, situation in situations.items()}
    reasons = load_page_texts().reasons
    return [Given(day, titles.get(name, ""), reasons.get(reason, ""), words) for day, name, reason, words in rows]
