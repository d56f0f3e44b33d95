"""What Gradio does that this site must not: it takes files, prints and keeps what people said, refuses in English.

It has no settings for these, so parts of it are replaced: those of the one version in requirements.txt.
"""

from __future__ import annotations

import traceback
from asyncio import Queue, TimerHandle, get_running_loop, sleep
from functools import lru_cache
from types import SimpleNamespace

import gradio as gr
from fastapi import FastAPI
from gradio import queueing, route_utils, routes
from gradio.blocks import Block
from gradio.server_messages import EventMessage
from gradio.state_holder import SessionState, StateHolder
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import api, logs

#: Where Gradio takes files in, gives them out, and fetches them from other hosts for anybody who asks.
FILES = ("upload", "component_server", "process_recording", "file{rest:path}", "proxy{rest:path}")
#: What nobody needs: it asks itself twenty times a second for whoever holds it open; it cannot draw an SVG.
IDLE = ("gradio_api/dev/reload", "pwa_icon/{size}")
#: Where Gradio believes to be, whoever says so; a proxy passes Host.
ELSEWHERE = (b"x-forwarded-host", b"x-gradio-server")
NO_FILES = "这里不收文件，也不转交文件。要核对文件里的引注，请用 /check。"
NOBODY = "这次提问已经断开了，没有答案可取。请再问一次。"
#: Seconds after which what no page fetches is dropped. An open page looks at least every ten.
UNFETCHED = 60.0
LOOK = 0.5  # seconds between two looks whether a page is still there


@lru_cache(maxsize=1)
def apply() -> None:
    """For the whole process, once: no error is printed, and no file that the data of a question names is copied."""
    for module in (queueing, routes):  # what they print of errors quotes the conversation
        _replace(module, "traceback", SimpleNamespace(**{**vars(traceback), "print_exc": logs.print_exc}))
    _replace(Block, "async_move_resource_to_block_cache", _no_file)


def tame(app: FastAPI, blocks: gr.Blocks) -> routes.App:
    """Gradio's app, mounted last on ours: without files, and with nothing kept of a conversation.

    What has no address of ours comes to Gradio, whose refusals are English and quote the request. As a mount it would
    also answer for ours where only the method or a slash at the end is wrong.
    """
    mounted = app.router.routes.pop()
    chat = mounted.app if isinstance(mounted, Mount) else None
    assert isinstance(chat, routes.App)  # noqa: S101 Gradio has just put it there
    _replace(app.router, "default", chat)
    for name in FILES:
        app.add_api_route(f"/gradio_api/{name}", _no_files, methods=["GET", "POST"], include_in_schema=False)
    for name in IDLE:
        app.add_api_route(f"/{name}", _nothing, include_in_schema=False)
    on_the_way = _OnTheWay(blocks._queue)
    _replace(blocks._queue, "pending_messages_per_session", on_the_way)
    stream = Route("/gradio_api/queue/data", _Stream(chat, on_the_way), include_in_schema=False)
    app.router.routes.append(stream)
    app.add_api_route("/gradio_api/call/{rest:path}", _no_session, methods=["GET", "POST"], include_in_schema=False)
    api.handle_errors(chat)
    _replace(chat, "state_holder", _Forgetful())  # type: ignore[no-untyped-call]
    chat.state_holder.set_blocks(blocks)
    chat.add_middleware(_OwnAddress)
    for kind in (LookupError, route_utils.FnIndexInferError):
        chat.exception_handler(kind)(_not_there)
    return chat


def request_of(question: gr.Request, blocks: gr.Blocks) -> Request:
    """The request of a question, from which one hears that its page has gone: the one that brought it is over."""

    async def receive() -> Message:
        while blocks._queue.pending_messages_per_session.get(question.session_hash) is not None:
            await sleep(LOOK)
        return {"type": "http.disconnect"}

    assert question.request  # noqa: S101 there is none only in examples that Gradio runs ahead
    return Request(question.request.scope, receive)


def _replace(owner: object, name: str, ours: object) -> None:
    """Ours in place of a part of Gradio. Raises AttributeError where another version has no such part."""
    getattr(owner, name)
    setattr(owner, name, ours)


class _OwnAddress:
    """Keeps from Gradio the headers by which anybody could tell it where it is to be reached, and so its pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [one for one in scope.get("headers", ()) if one[0] not in ELSEWHERE]
        await self.app(scope, receive, send)


class _Forgetful(StateHolder):
    """Every step of an answer begins anew. Gradio's own keeps what ten thousand visitors wrote and read, for links."""

    def __getitem__(self, session_id: str) -> SessionState:
        return SessionState(self.blocks)


class _OnTheWay(dict[str, Queue[EventMessage]]):
    """What is on its way to each page. Gradio's own keeps it until two thousand others have come, fetched or not."""

    def __init__(self, queue: queueing.Queue) -> None:
        self._queue = queue
        self._ends: dict[str, TimerHandle] = {}

    def __setitem__(self, session: str, messages: Queue[EventMessage]) -> None:
        super().__setitem__(session, messages)
        self._forget(session)
        self._hold(session)

    def __contains__(self, session: object) -> bool:
        """Asked by every question of a page, and by the page as long as it is open; nothing else tells of it."""
        if known := super().__contains__(session):
            self._hold(str(session))
        return known

    def __missing__(self, session: str) -> Queue[EventMessage]:
        """What comes when its page has long gone is put nowhere; an error would end Gradio's work for all others."""
        return Queue()

    def __delitem__(self, session: str) -> None:
        """Forget it, also where that was done already."""
        if end := self._ends.pop(session, None):
            end.cancel()
        self.pop(session, None)
        self._forget(session)

    def _hold(self, session: str) -> None:
        if end := self._ends.get(session):
            end.cancel()
        self._ends[session] = get_running_loop().call_later(UNFETCHED, self.__delitem__, session)

    def _forget(self, session: str) -> None:
        """Forget what was under way, as when the page's stream was lost: its next stream would wait for that too."""
        self._queue.pending_event_ids_session.pop(session, None)


class _Stream:
    """Gradio's stream to a page, for a session that is there: that of another it begins, and fails in the middle.

    Where the page hangs up nothing stays on its way, and who looks for its session knows that it has gone; Gradio does
    so only where it was waiting for the next message.
    """

    def __init__(self, chat: ASGIApp, on_the_way: _OnTheWay) -> None:
        self._chat, self._on_the_way = chat, on_the_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = QueryParams(scope["query_string"]).get("session_hash", "")
        if session not in self._on_the_way:
            raise HTTPException(404, NOBODY)
        whole = False

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not whole:
                del self._on_the_way[session]
            return message

        async def said(message: Message) -> None:
            nonlocal whole
            whole = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        await self._chat(scope, heard, said)


def _no_session() -> None:
    raise HTTPException(404, NOBODY)


async def _not_there(request: Request, _: Exception) -> Response:
    """Gradio looks up what a request names without asking whether there is such a thing."""
    return await api.refused(request, HTTPException(404))


def _nothing() -> None:
    raise HTTPException(404)


def _no_files() -> None:
    raise HTTPException(404, NO_FILES)


async def _no_file(*_: object) -> None:
    raise gr.Error(NO_FILES, print_exception=False)
