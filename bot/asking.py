"""A question as it is sent, and its answer as it comes: for the API, help sites and MCP alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Annotated, TypeVar

from anyio import to_thread
from fastapi import Request
from pydantic import BaseModel, Field

from bot.answer import Event, Turn
from bot.chain import Bot
from bot.state import AppState

#: The turns before a question; how many articles a search gives.
History = Annotated[list[Turn], Field(max_length=50)]
Top = Annotated[int, Field(ge=1, le=100)]
_T = TypeVar("_T")


class Question(BaseModel):
    """A question and the conversation before it; `situation` is that of a choice that was tapped."""

    question: str
    history: History = Field(default_factory=list)
    situation: str = Field(default="", max_length=100)


def events_of(question: Question, bot: Bot, state: AppState, request: Request) -> Iterator[Event]:
    """The events of an answer to whoever sent the request."""
    may_speak = partial(state.may_speak, request)
    return bot.stream(question.question, question.history, question.situation, may_speak)


async def begun(items: Iterator[_T], state: AppState, request: Request | None) -> AsyncIterator[_T]:
    """What an answer gives as it comes. The first item is there already: a bad question is a 422 and no stream.

    Raises TooMuch.
    """
    first = await state.answers.do(request, partial(next, items))

    async def following() -> AsyncIterator[_T]:
        item: _T | None = first
        while item is not None:
            yield item
            # Abandoned when the caller hangs up: the iterator then closes with its last reference.
            threads = state.answers.threads
            item = await to_thread.run_sync(next, items, None, abandon_on_cancel=True, limiter=threads)

    return following()
