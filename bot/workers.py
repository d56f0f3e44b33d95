"""Threads for what costs seconds, shared among those who ask: an address has some of them, and its own line."""

from __future__ import annotations

from asyncio import create_task
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf
from typing import Literal, TypeVar
from weakref import WeakValueDictionary

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from bot.page_texts import in_trouble
from bot.rate_limit import address_of

_T = TypeVar("_T")


class TooMuch(Exception):
    """Too much waits, or for too long; the message is for whoever asks."""

    #: Seconds after which trying again makes sense.
    pause = 10


@asynccontextmanager
async def while_there(request: Request | None) -> AsyncIterator[CancelScope]:
    """What is done within is cancelled where whoever sent the request hangs up, as the scope tells afterwards."""

    async def watch(receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        scope.cancel()

    with CancelScope() as scope:
        watching = create_task(watch(request.receive)) if request else None
        try:
            yield scope
        finally:
            if watching:
                watching.cancel()


class Workers:
    """`threads` in all, at most `each` of them for one address, and `waiting` more pieces of its work in line.

    None waits for more than `patience` seconds, in its own line and then for one of all threads. How fast somebody asks
    does not matter, nor how much in all: other addresses are held up by him as if he were `each` and no more. Of an
    address nothing is kept once its work is done.
    """

    def __init__(self, threads: int, each: int, waiting: int, patience: float) -> None:
        self.threads = CapacityLimiter(threads)
        self._unbounded = CapacityLimiter(inf)
        self._each, self._waiting, self._patience = each, waiting, patience
        self._lines: WeakValueDictionary[str, CapacityLimiter] = WeakValueDictionary()

    async def do(self, request: Request | None, work: Callable[[], _T]) -> _T:
        """What the work gives that a request asks for, done in a thread. Raises TooMuch, and what the work raises.

        Who hangs up before it begins gives up his place: ClientDisconnect. A request that is None, as over stdio, has
        a line of its own too.
        """
        line = self._lines.setdefault(address_of(request), CapacityLimiter(self._each))
        if line.statistics().tasks_waiting >= self._waiting:
            raise TooMuch(in_trouble("own_line"))
        async with AsyncExitStack() as places:
            where: Literal["own_line", "everybody"] = "own_line"
            try:
                async with while_there(request) as there:
                    with fail_after(self._patience):
                        await places.enter_async_context(line)
                        where = "everybody"
                        await places.enter_async_context(self.threads)
            except TimeoutError:
                raise TooMuch(in_trouble(where)) from None
            if there.cancelled_caught:
                raise ClientDisconnect
            return await to_thread.run_sync(work, limiter=self._unbounded)
