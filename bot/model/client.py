"""A model as the bot talks to it: pieces of its answer as they come, within a time, or a failure with a reason.

All talk runs on one event loop in a thread of its own, so that any thread can stop it at once (`Stop`), even while
another waits for a model that is silent.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Generator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langsmith import tracing_context
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from bot.model import TALKS, Stop

TRIES = 3
#: After this many failures in a row the model is left alone for so many seconds.
FAILURES, REST = 3, 30.0
#: A model that is silent for so long in the middle of an answer has stalled.
SILENCE = 8.0
#: How a provider declines this one question, most often for its content: that says nothing of the next one.
DECLINED = (400, 413, 422)
#: The reason where nobody wants to hear the model any longer.
STOPPED = "stopped"
_STARTING = threading.Lock()
_T = TypeVar("_T")
#: Where each provider says why a model stopped, and what it says (in any case) of an answer that is not whole.
_WHY = ("finish_reason", "stop_reason", "done_reason", "stopReason")
_CUT = {"", "length", "max_tokens", "content_filter", "content_filtered", "safety", "guardrail_intervened"}


class ModelFailure(Exception):
    """The model gave no (whole) answer. `reason` is a code for the log and /metrics:

    slow, stalled, out-of-time, rate-limited, refused, down, broken, cut-off, resting, busy, stopped
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _End:
    reason: str = ""


def _loop() -> asyncio.AbstractEventLoop:
    """The one loop of the process for all models: LangChain shares its HTTP clients, and they stay with a loop."""
    with _STARTING:  # lru_cache alone lets two who come at once start one each
        return _started()


@lru_cache(maxsize=1)
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="models", daemon=True).start()
    return loop


class ModelClient:
    """`first` and `seconds` bound the wait for the first piece and for the whole; `longest` its characters.

    Of more than `talks` at the same time those beyond fail at once.
    """

    def __init__(self, model: BaseChatModel, first: float, seconds: float, longest: int, talks: int = TALKS) -> None:
        self._model = model
        self._first, self._seconds, self._longest = first, seconds, longest
        self._free = threading.BoundedSemaphore(talks)
        self._breakers = AsyncCircuitBreakerFactory(FAILURES, REST)

    def say(self, messages: Sequence[BaseMessage], stop: Stop | None = None) -> Generator[str, None, None]:
        """The model's answer in pieces. Closing the iterator stops the model; `stop` does while a piece is waited for.

        Raises ModelFailure, at the end where the answer was cut off.
        """
        if not self._free.acquire(blocking=False):
            raise ModelFailure("busy")
        deadline = time.monotonic() + self._seconds
        heard: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
        if stop:
            stop.add_done_callback(lambda _: heard.put(_End(STOPPED)))
        talk = asyncio.run_coroutine_threadsafe(self._talk(messages, heard), _loop())
        try:
            while True:
                try:
                    piece = heard.get(timeout=max(0.0, deadline - time.monotonic()) + 1)
                except queue.Empty:
                    raise ModelFailure("out-of-time") from None
                if isinstance(piece, _End):
                    if piece.reason:
                        raise ModelFailure(piece.reason)
                    return
                yield piece
        finally:
            talk.cancel()
            self._free.release()

    async def _talk(self, messages: Sequence[BaseMessage], heard: queue.SimpleQueue[str | _End]) -> None:
        reason = ""
        try:
            async with AsyncExitStack() as breaker:
                await breaker.enter_async_context(await self._breakers.get_breaker("model"))
                try:  # the breaker stands outside the time limit, so that it hears of a time-out
                    async with asyncio.timeout(self._seconds):
                        with tracing_context(enabled=False):  # prompts go to nobody else, whatever the environment says
                            reason = await self._hear(messages, heard)
                except asyncio.CancelledError:
                    breaker.pop_all()  # who hangs up tells nothing of the model; purgatory would take it for a success
                    raise
                except Exception as error:
                    if getattr(error, "status_code", None) in DECLINED:
                        breaker.pop_all()
                    raise
        except ModelFailure as failure:
            reason = failure.reason
        except OpenedState:
            reason = "resting"
        except TimeoutError:
            reason = "out-of-time"
        except Exception as error:
            reason = reason_of(error)
        heard.put(_End(reason))

    async def _hear(self, messages: Sequence[BaseMessage], heard: queue.SimpleQueue[str | _End]) -> str:
        """Put every piece into `heard`; what is amiss with the end, or an empty string."""
        length, why = 0, ""
        try:
            async for text, end in self._pieces(messages):
                if _stopped():
                    raise asyncio.CancelledError
                why = end or why
                if text:
                    length += len(text)
                    heard.put(text)
                if length > self._longest:
                    return "cut-off"
        except Exception as error:
            if length and reason_of(error) == "down":
                raise ModelFailure("cut-off") from error
            raise
        return "cut-off" if why.casefold() in _CUT else ""

    async def _pieces(self, messages: Sequence[BaseMessage]) -> AsyncIterator[tuple[str, str]]:
        """Text and reason of the end, piece by piece. Before the first piece a failure is tried again."""
        tries = AsyncRetrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential_jitter(initial=0.3, max=4),
            retry=retry_if_exception(lambda error: reason_of(error) in ("down", "rate-limited")),
            reraise=True,
        )
        async for attempt in tries:
            with attempt:
                stream = self._model.astream(list(messages))
                first = await _within(self._first, anext(stream, None), "slow")
        async with aclosing(stream):  # type: ignore[type-var]
            chunk = first
            while chunk is not None:
                yield chunk.text, str(next(filter(None, map(chunk.response_metadata.get, _WHY)), ""))
                chunk = await _within(SILENCE, anext(stream, None), "stalled")


def _stopped() -> bool:
    """Whether the task was cancelled. asyncio.wait_for (in LangChain's client) loses a cancellation
    that comes at the same moment as a chunk; before Python 3.12 nothing else tells of it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _within(seconds: float, awaited: Awaitable[_T], reason: str) -> _T:
    """Wait so long, then fail with `reason`."""
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError:
        raise ModelFailure(reason) from None


def reason_of(error: BaseException) -> str:
    """A failure of any provider's client as one of our codes."""
    if isinstance(error, ModelFailure):
        return error.reason
    status = getattr(error, "status_code", None)
    if status == 429:
        return "rate-limited"
    if isinstance(status, int):
        return "down" if status >= 500 or status == 408 else "refused"
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException"}:
        return "slow"
    if names & {"APIConnectionError", "ConnectError", "ConnectionError"}:
        return "down"
    if names & {"RemoteProtocolError", "ReadError", "TransportError"}:
        return "cut-off"
    return "broken"
