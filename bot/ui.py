"""The borrower's chat page (Gradio): phone first, calm, no request to any other host."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from functools import partial
from typing import Any, Literal

import gradio as gr
from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import ClientDisconnect, Request

from bot import chat_page, compose, gradio_patches, render
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
#: Questions that Gradio hands on at once; they wait for a thread of ours in the line of their address. With its own 40
#: those of one address, or of slow models, would keep all others away.
UNDER_WAY = 1000
ChatMessage = dict[str, Any]


def mount(app: FastAPI, state: AppState) -> FastAPI:
    """Put the chat at / of the app; the bot is asked for when a question comes."""
    gradio_patches.apply()
    chat_page.use()
    blocks = _blocks(state)
    theme = gr.themes.Base(
        primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"], text_size="lg"
    )
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
    chat = gradio_patches.tame(app, blocks)
    chat.state.privacy = privacy_note(state.settings)
    return app


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
            asker = gradio_patches.request_of(request, blocks)
            shown = partial(_respond, state, whole(text or ""), before or [], asker)
            try:
                async with begun(shown, state, asker) as coming:
                    async for one in coming:
                        yield one
            except TooMuch as error:
                yield gr.skip(), _notice(str(error)), gr.skip(), *_same()
            except ClientDisconnect:  # nobody reads it
                return

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
        said = [Turn(role="user", content=text), Turn(role="assistant", content=compose.remembered(answer))]
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
