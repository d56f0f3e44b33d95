"""The borrower's chat page (Gradio): phone first, calm, no request to any other host."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import gradio as gr
from fastapi import FastAPI

from bot import render, shell, unanswered
from bot.answer import Turn
from bot.chain import Bot, QuestionError

HERE = Path(__file__).parent
EXAMPLES = (
    "催收把我通讯录里的人全打了一遍，这违法吗？",
    "催收说明天上门，我可以不开门吗？",
    "借一万到手八千，要按一万还吗？",
    "收到法院短信，是真的吗？",
    "租的手机还不上租金，算诈骗吗？",
)
FONTS = ["PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif"]
WAIT = "正在准备法条，请过几秒再问一次。"
KEPT = 8  # messages of the conversation that come back with the next question
Message = dict[str, Any]


def mount(app: FastAPI) -> FastAPI:
    """Put the chat at / of the app; the bot is taken from the app's state when a question comes."""
    theme = gr.themes.Base(
        primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"], text_size="lg"
    )
    shell.use()
    return gr.mount_gradio_app(
        app,
        _blocks(app),
        path="/",
        theme=theme,
        js=(HERE / "static" / "chat.js").read_text("utf-8"),
        footer_links=[],
        show_error=False,
        run_history=False,
        enable_monitoring=False,
    )


def _blocks(app: FastAPI) -> gr.Blocks:
    """What needs the server: the box, the buttons for likely questions, and where a new turn arrives."""
    with gr.Blocks(title=shell.TITLE, analytics_enabled=False) as blocks:
        latest = gr.HTML("", elem_id="latest", apply_default_css=False, js_on_load=None)
        history = gr.JSON([], visible=False)
        with gr.Column(elem_id="choices", elem_classes="no-print"):
            choices = [gr.Button(text, elem_classes="choice", size="sm") for text in EXAMPLES]
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

        def respond(text: str, before: list[Message] | None) -> tuple[Any, ...]:
            return _respond(app, text, before or [])

        shown = [question, latest, history, *choices]
        question.submit(respond, [question, history], shown, show_progress="hidden", api_visibility="private")
        for choice in choices:
            choice.click(respond, [choice, history], shown, show_progress="hidden", api_visibility="private")
    return blocks


def _respond(app: FastAPI, text: str, history: list[Message]) -> tuple[Any, ...]:
    """The box's new text, the new turn, the conversation, and the buttons for likely next questions.

    The conversation is kept by the page and comes back with each question; the server keeps nothing.
    """
    bot: Bot | None = getattr(app.state, "bot", None)
    if bot is None:
        failure = getattr(app.state, "failure", None)
        gr.Info(f"启动失败：{failure}" if failure else WAIT)
        return text, gr.skip(), history, *_same()
    try:
        answer = bot.ask(text, [_turn(m) for m in history if isinstance(m, dict)])
    except QuestionError as error:
        gr.Info(str(error))
        return text, gr.skip(), history, *_same()
    unanswered.note(app.state.settings, text, answer)
    turn = render.turn_html(text, answer, bot.index.statutes)
    said = [{"role": "user", "content": text}, {"role": "assistant", "content": answer.conclusion}]
    return "", turn, [*history, *said][-KEPT:], *_chips([c.question for c in answer.choices])


def _chips(texts: list[str]) -> list[Any]:
    padded = [*texts[: len(EXAMPLES)], *[""] * (len(EXAMPLES) - len(texts))]
    return [gr.Button(value=t, visible=bool(t)) for t in padded]


def _same() -> list[Any]:
    return [gr.skip()] * len(EXAMPLES)


def _turn(message: Message) -> Turn:
    role: Literal["user", "assistant"] = "assistant" if message.get("role") == "assistant" else "user"
    return Turn(role=role, content=str(message.get("content", ""))[:4000])
