"""Thumbs and reasons: what helped and what did not, without the person's words unless they say so."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from prometheus_client import Counter
from pydantic import AfterValidator, BaseModel, Field
from starlette.exceptions import HTTPException

from bot import records
from bot.answer import Kind
from bot.page_texts import load_page_texts
from bot.privacy import mask
from bot.state import TheState
from corpus.cards import load_cards
from corpus.replies import load_replies
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
    """Write one line to the operator's file, and count it. The day is kept, not the hour or the address."""
    if not state.thumbs.take(request):
        raise HTTPException(429, "点得太快了，请过一分钟再试。", {"Retry-After": str(state.thumbs.pause)})
    known = feedback.situation in load_cards() or feedback.situation in load_replies()
    situation = feedback.situation if known else ""
    words = mask(feedback.words).text[:500]
    row = (today().isoformat(), situation, feedback.kind, feedback.good, feedback.reason, words)
    with records.opened(state.settings, "feedback.db") as database:
        database.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)
    if feedback.good is not None:
        VOTES.labels(str(feedback.good).lower()).inc()
    if feedback.reason:
        GIVEN.labels(feedback.reason).inc()
    return {"ok": True}
