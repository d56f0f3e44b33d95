"""The borrower's chat page (Gradio): phone first, calm, no request to any other host."""

from __future__ import annotations

import secrets
from asyncio import Queue, TimerHandle, get_running_loop
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from functools import partial
from typing import Any, Literal

import gradio as gr
from fastapi import FastAPI
from gradio import queueing, route_utils, routes
from gradio.blocks import Block
from gradio.server_messages import EventMessage
from gradio.state_holder import SessionState, StateHolder
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import api, chat_page, compose, logs, render
from bot.answer import Choice, Turn
from bot.asking import Question, begun, events_of
from bot.chain import QuestionError
from bot.conversation import REMEMBERED
from bot.model import Stop
from bot.page_texts import privacy_note
from bot.state import AppState, NotReady
from bot.workers import TooMuch
from index.normalise import whole

FONTS = ["PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif"]
BUTTONS = 5  # for likely questions
KEPT_MESSAGES = 2 * REMEMBERED  # messages of the conversation that come back with the next question
#: Where Gradio takes files in, gives them out, and fetches them from other hosts for anybody who asks.
FILES = ("upload", "component_server", "process_recording", "file{rest:path}", "proxy{rest:path}")
#: What nobody needs: it asks itself twenty times a second for whoever holds it open; it cannot draw an SVG.
IDLE = ("gradio_api/dev/reload", "pwa_icon/{size}")
#: Where Gradio believes to be, whoever says so; a proxy passes Host.
ELSEWHERE = (b"x-forwarded-host", b"x-gradio-server")
NO_FILES = "这里不收文件，也不转交文件。要核对文件里的引注，请用 /check。"
#: Seconds after which what no page fetches is dropped. An open page looks at least every ten.
UNFETCHED = 60.0
#: Questions that Gradio hands on at once; they wait for a thread of ours in the line of their address. With its own 40
#: those of one address, or of slow models, would keep all others away.
UNDER_WAY = 1000
ChatMessage = dict[str, Any]


def mount(app: FastAPI, state: AppState) -> FastAPI:
    """Put the chat at / of the app; the bot is asked for when a question comes.

    The chat has no files: what Gradio offers for them is shut, nor does it copy, or fetch from any host, one that the
    data of a question names. Nothing of a conversation stays with Gradio.
    """
    for module in (queueing, routes):  # Gradio prints its errors, which quote the conversation
        vars(module)["traceback"] = logs
    for name in FILES:
        app.add_api_route(f"/gradio_api/{name}", _no_files, methods=["GET", "POST"], include_in_schema=False)
    for name in IDLE:
        app.add_api_route(f"/{name}", _nothing, include_in_schema=False)
    Block.async_move_resource_to_block_cache = _no_file  # type: ignore[assignment, method-assign]
    theme = gr.themes.Base(
        primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"], text_size="lg"
    )
    chat_page.use()
    blocks = _blocks(state)
    blocks._queue.pending_messages_per_session = _OnTheWay(blocks._queue)  # type: ignore[assignment]
    app.router.routes.append(_NobodysStream(blocks._queue))
    app.add_api_route("/gradio_api/call/{rest:path}", _no_session, methods=["GET", "POST"], include_in_schema=False)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme,
        js=(render.HERE / "static" / "chat.js").read_text("utf-8"),
        footer_links=[],
        favicon_path=str(render.HERE / "static" / "icon.svg"),
        max_file_size=0,
        show_error=False,
        run_history=False,
        enable_monitoring=False,
    )
    # What has no address of ours comes to Gradio, whose refusals are English and quote the request. As a mount it would
    # also answer for ours where only the method or a slash at the end is wrong.
    mounted = app.router.routes.pop()
    chat = mounted.app if isinstance(mounted, Mount) else None
    assert isinstance(chat, routes.App)  # noqa: S101 Gradio has just put it there
    app.router.default = chat
    api.handle_errors(chat)
    chat.state.privacy = privacy_note(state.settings)
    chat.state_holder = _Forgetful()  # type: ignore[no-untyped-call]
    chat.state_holder.set_blocks(blocks)
    chat.add_middleware(_OwnAddress)
    for kind in (LookupError, route_utils.FnIndexInferError):
        chat.exception_handler(kind)(_not_there)
    return app


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
        """Asked by every question of a page, and by the page as long as it is open."""
        if known := super().__contains__(session):
            self._hold(str(session))
        return known

    def __missing__(self, session: str) -> Queue[EventMessage]:
        """What comes when its page has long gone is put nowhere; an error would end Gradio's work for all others."""
        return Queue()

    def _hold(self, session: str) -> None:
        if end := self._ends.get(session):
            end.cancel()
        self._ends[session] = get_running_loop().call_later(UNFETCHED, self._drop, session)

    def _drop(self, session: str) -> None:
        del self._ends[session]
        self.pop(session, None)
        self._forget(session)

    def _forget(self, session: str) -> None:
        """Forget what was under way, as when the page's stream was lost: its next stream would wait for that too."""
        self._queue.pending_event_ids_session.pop(session, None)


class _NobodysStream(Route):
    """The stream of a session that is not there, or no longer. Gradio begins it, and then fails in the middle."""

    def __init__(self, queue: queueing.Queue) -> None:
        super().__init__("/gradio_api/queue/data", _no_session, include_in_schema=False)
        self._queue = queue

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, more = super().matches(scope)
        session = QueryParams(scope.get("query_string", b"")).get("session_hash")
        known = match is not Match.NONE and session in self._queue.pending_messages_per_session
        return (Match.NONE, {}) if known else (match, more)


async def _no_session(_: Request) -> None:
    raise HTTPException(404, "这次提问已经断开了，没有答案可取。请再问一次。")


async def _not_there(request: Request, _: Exception) -> Response:
    """Gradio looks up what a request names without asking whether there is such a thing."""
    return await api.refused(request, HTTPException(404))


def _nothing() -> None:
    raise HTTPException(404)


def _no_files() -> None:
    raise HTTPException(404, NO_FILES)


async def _no_file(*_: object) -> None:
    raise gr.Error(NO_FILES, print_exception=False)


def _blocks(state: AppState) -> gr.Blocks:
    """What needs the server: the box, the buttons for likely questions, and where a new turn arrives."""
    with gr.Blocks(title=chat_page.TITLE, analytics_enabled=False) as blocks:
        history = gr.JSON([], visible=False)
        with gr.Column(elem_id="choices", elem_classes="no-print"):
            choices = [gr.Button(**one, elem_classes="choice", size="sm") for one in _labels(compose.examples())]
        latest = gr.HTML("", elem_id="latest", apply_default_css=False, js_on_load=None)
        question = gr.Textbox(
            label="你的问题",
            placeholder="发生了什么？用你自己的话说，不用懂法",
            lines=2,
            max_lines=6,
            submit_btn="发送",
            elem_id="question",
            elem_classes="no-print",
            autofocus=False,
        )

        async def respond(
            text: str | None, before: list[ChatMessage] | None, request: gr.Request
        ) -> AsyncIterator[tuple[Any, ...]]:
            shown = partial(_respond, state, whole(text or ""), before or [], request.request)
            try:
                async with begun(shown, state, request.request) as coming:
                    async for one in coming:
                        yield one
            except TooMuch as error:
                yield gr.skip(), _notice(str(error)), gr.skip(), *_same()

        shown = [question, latest, history, *choices]
        how: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": None,
        }
        asked: list[dict[str, Any]] = [
            question.submit(respond, [question, history], shown, **how),
            *(choice.click(respond, [choice, history], shown, **how) for choice in choices),
        ]
        # Closing the generator hangs up on the model; the box is ready when it has.
        stopped = question.stop(None, cancels=asked, api_visibility="private")
        stopped.then(_idle, None, question, show_progress="hidden", api_visibility="private")
    blocks.max_threads = UNDER_WAY
    return blocks.queue()


def _respond(
    state: AppState, text: str, history: list[ChatMessage], request: Request | None, stop: Stop
) -> Generator[tuple[Any, ...], None, None]:
    """The box, the new turn, the conversation, and the buttons for likely next questions, as they come.

    First the composed answer; where a model speaks, the same turn again with each checked sentence. The
    conversation is kept by the page and comes back with each question; the server keeps nothing. What is in
    the box is the page's affair: somebody may be typing.
    """
    try:
        bot = state.ready()
    except NotReady as error:
        yield gr.skip(), _notice(str(error)), gr.skip(), *_same()
        return
    statutes, name = bot.index.statutes, secrets.token_hex(4)
    before = [_turn(m) for m in history if isinstance(m, dict)][-KEPT_MESSAGES:]
    asked = Question(question=text, history=before, situation=compose.situation_of(text))  # a button sends its words
    with closing(events_of(asked, bot, state, request, stop)) as events:
        try:
            composed = next(events)
        except QuestionError as error:
            yield gr.skip(), _notice(str(error)), gr.skip(), *_same()
            return
        answer, speaks = composed.answer, composed.speaks
        assert answer is not None  # noqa: S101 the first event is `composed`
        said = [Turn(role="user", content=text), Turn(role="assistant", content=answer.conclusion)]
        talk = [turn.model_dump() for turn in [*before, *said][-KEPT_MESSAGES:]]
        turn = render.turn_html(text, answer, statutes, id=name, writing=speaks)
        after = talk, *[gr.Button(**one) for one in _labels(answer.choices)]
        yield _writing() if speaks else _idle(), turn, *after
        for event in events if speaks else ():
            answer = compose.grown(answer, event)
            if event.event == "sentence":
                yield gr.skip(), render.turn_html(text, answer, statutes, id=name, writing=True), gr.skip(), *_same()
            elif event.event == "done":
                yield _idle(), render.turn_html(text, answer, statutes, id=name), gr.skip(), *_same()


def _notice(message: str) -> Markup:
    """A line that stands by the box until the next turn comes in its place."""
    return Markup('<p class="warning notice" role="alert">{}</p>').format(message)


def _idle() -> gr.Textbox:
    """The box, ready for the next question."""
    return gr.Textbox(submit_btn="发送", stop_btn=False)


def _writing() -> gr.Textbox:
    """The box while a model writes: it can be stopped."""
    return gr.Textbox(submit_btn=False, stop_btn="停下")


def _labels(choices: list[Choice]) -> list[dict[str, Any]]:
    """What stands on the buttons; those that are left over are not shown."""
    texts = [*(choice.question for choice in choices), *[""] * BUTTONS][:BUTTONS]
    return [{"value": text, "visible": bool(text)} for text in texts]


def _same() -> list[Any]:
    return [gr.skip()] * BUTTONS


def _turn(message: ChatMessage) -> Turn:
    role: Literal["user", "assistant"] = "assistant" if message.get("role") == "assistant" else "user"
    return Turn(role=role, content=str(message.get("content", ""))[:4000])
