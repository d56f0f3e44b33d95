"""A question as it is sent, and its answer as it comes: for the chat, the API, help sites and MCP alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from functools import partial
from threading import Lock
from typing import Annotated, TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Request
from pydantic import BaseModel, Field

from bot.answer import Event, Turn
from bot.chain import Bot
from bot.model import Stop
from bot.state import AppState
from bot.workers import while_there

#: The turns before a question; how many articles a search gives.
History = Annotated[list[Turn], Field(max_length=50)]
Top = Annotated[int, Field(ge=1, le=100)]
_T = TypeVar("_T")


class Question(BaseModel):
    """A question and the conversation before it; `situation` is that of a choice that was tapped."""

    question: str
    history: History = Field(default_factory=list)
    situation: str = Field(default="", max_length=100)


def events_of(
    question: Question, bot: Bot, state: AppState, request: Request | None, stop: Stop
) -> Generator[Event, None, None]:
    """The events of an answer to whoever sent the request."""
    may_speak = partial(state.may_speak, request)
    return bot.stream(question.question, question.history, question.situation, may_speak, stop)


@asynccontextmanager
async def begun(
    items_of: Callable[[Stop], Generator[_T, None, None]], state: AppState, request: Request | None
) -> AsyncIterator[AsyncIterator[_T]]:
    """What an answer gives as it comes. The first item is there already: a bad question is a 422 and no stream.

    On leaving the model is stopped and the generator closed, in a thread, since it may write a file then; a step that
    is under way ends first. So it is where whoever asked hangs up. Raises TooMuch, ClientDisconnect.
    """
    one_by_one, stop = Lock(), Stop()
    items = items_of(stop)

    def following() -> _T | None:
        with one_by_one:
            return next(items, None)

    def close() -> None:
        with one_by_one:
            items.close()

    async def all_from(item: _T | None) -> AsyncIterator[_T]:
        while item is not None:
            yield item
            item = None
            async with while_there(request):  # also where nothing is sent before the end, as by /api/ask
                item = await to_thread.run_sync(following, abandon_on_cancel=True, limiter=state.answers.threads)

    try:
        yield all_from(await state.answers.do(request, following))
    finally:
        stop.set_result(None)
        with CancelScope(shield=True):  # in no line: it gives others their turn
            await to_thread.run_sync(close, limiter=CapacityLimiter(1))
