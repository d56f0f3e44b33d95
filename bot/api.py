"""The JSON API of the contract, and the page about it. Errors are {"error": "what to do"} with a 4xx."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot import render
from bot.answer import Answer, Event
from bot.articles import NotFound, article_json, find_article
from bot.asking import Question, Top, begun, events_of
from bot.chain import QuestionError, TextError
from bot.checker import MOST, as_json
from bot.headers import COMMON
from bot.page_texts import in_trouble
from bot.state import Law, NotReady, Site, TheBot, TheState
from bot.workers import TooMuch
from corpus.files import amiss

log = logging.getLogger(__name__)
router = APIRouter()
#: What FastAPI says of JSON that Python cannot read, and of nothing else that is sent as JSON.
UNREAD = "There was an error parsing the body"


class SearchRequest(BaseModel):
    """Lay words to find articles for; `cards`: what the likeliest situations cite counts too."""

    question: str
    top: Top = 10
    cards: bool = True


class CheckRequest(BaseModel):
    """A text whose citations are to be checked."""

    text: str


async def start(
    question: Question, request: Request, state: TheState, bot: TheBot
) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of an answer."""
    async with begun(partial(events_of, question, bot, state, request), state, request) as events:
        yield events


Events = Annotated[AsyncIterator[Event], Depends(start)]


@router.post("/api/ask")
async def ask(events: Events) -> Answer:
    """One answer."""
    *_, answer = [event.answer async for event in events if event.answer]
    return answer


@router.post("/api/ask/stream", response_class=EventSourceResponse)
async def ask_stream(events: Events) -> AsyncIterator[ServerSentEvent]:
    """One answer as server-sent events: composed, sentence…, note, done; see /api/docs. Hang up to stop the model."""
    async for event in events:
        data = event.answer or event.model_dump(include={"text", "opens", "reason"}, exclude_defaults=True)
        yield ServerSentEvent(event=event.event, data=data)


@router.post("/api/search")
async def search(body: SearchRequest, request: Request, state: TheState, bot: TheBot) -> dict[str, Any]:
    """Articles for lay words, best first, quoted."""
    return {"hits": await state.answers.do(request, partial(bot.search, body.question, body.top, body.cards))}


@router.post("/api/check")
async def check_text(body: CheckRequest, request: Request, state: TheState, bot: TheBot) -> JSONResponse:
    """The citations in a text, checked, among the few texts that are checked at once."""

    def checked() -> JSONResponse:  # its bytes are made here too: they take the event loop's time otherwise
        return JSONResponse(as_json(bot.check(body.text, state.settings.longest_text)))

    return await state.checks.do(request, checked)


@router.get("/api/statutes/{law}/{key}")
def statute(law: str, key: str, statutes: Law) -> dict[str, Any]:
    """One article: its text by paragraph, chapter path and in-force date."""
    return article_json(find_article(statutes, law, key), statutes)


@router.get("/api/docs", include_in_schema=False)
def documentation(site: Site, statutes: Law) -> HTMLResponse:
    """The JSON API in our own words: FastAPI's page would load its scripts from another host."""
    return HTMLResponse(render.page("api.html", statutes, base=site, most=MOST))


@router.get("/healthz")
async def health(request: Request, state: TheState) -> Response:
    """200 when questions can be answered, 503 while loading or when loading failed."""
    try:
        statutes = state.ready().index.statutes
    except NotReady as error:
        said = {"status": "failed", "error": error.message_for(request)} if error.failure else {"status": "loading"}
        return JSONResponse(said, 503)
    return JSONResponse({"status": "ok", "law_as_of": statutes.checked_on.isoformat(), "scope": statutes.scope})


@router.get("/metrics")
async def metrics() -> Response:
    """Counters for Prometheus; they hold no person's words."""
    return PlainTextResponse(generate_latest().decode(), media_type=CONTENT_TYPE_LATEST)


async def refused(request: Request, error: HTTPException) -> Response:
    """A refusal in Chinese: ours as it is, a library's ("Not Found") in words of our own."""
    message = error.detail
    if message.isascii() and error.status_code in (404, 405):
        message = f"没有这个地址，或者它不接受 {request.method}。请检查网址；JSON 接口的说明在 /api/docs。"
    elif message == UNREAD:
        message = "请求读不出来：JSON 要用 UTF-8 编码，数字不要太长，括号不要套得太深。"
    elif message.isascii():
        message = "这个请求不对，没有办成。请检查以后再试。"
    return _refusal(request, message, error.status_code, error.headers)


def wrong_part(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors, of a part of a body: facts 第 2 项 太长，最多 500 字."""
    where = " ".join(f"第 {part + 1} 项" if isinstance(part, int) else str(part) for part in error["loc"][1:])
    if error["type"] == "model_attributes_type":
        return f"{where or '内容'} 要是 JSON 对象，请求头要有 content-type: application/json"
    return amiss(error, where or "内容")


def handle_errors(app: FastAPI) -> None:
    """Every failure becomes a short Chinese message; no traceback reaches a person."""
    app.exception_handler(HTTPException)(refused)

    @app.exception_handler(NotReady)
    async def not_ready(request: Request, error: NotReady) -> Response:
        return _refusal(request, error.message_for(request), 503, None if error.failure else {"Retry-After": "5"})

    @app.exception_handler(QuestionError)
    async def not_read(request: Request, error: QuestionError) -> Response:
        return _refusal(request, str(error), 422)

    @app.exception_handler(TooMuch)
    async def too_much(request: Request, error: TooMuch) -> Response:
        return _refusal(request, str(error), 429, {"Retry-After": str(error.pause)})

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=499)  # nobody reads it

    @app.exception_handler(TextError)
    async def too_long(request: Request, error: TextError) -> Response:
        return _refusal(request, str(error), 413)

    @app.exception_handler(NotFound)
    async def not_found(request: Request, error: NotFound) -> Response:
        return _refusal(request, str(error), 404)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        errors = error.errors()
        if any(e["type"] == "json_invalid" for e in errors):
            return JSONResponse({"error": "请求不是完整的 JSON，请检查引号和括号。"}, 400)
        return JSONResponse({"error": f"请求的格式不对：{'；'.join(map(wrong_part, errors[:3]))}。"}, 422)

    @app.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:
        log.error("request failed: %s", getattr(request.scope.get("route"), "path", "no route"))  # uvicorn logs where
        headers = {**COMMON, "Content-Security-Policy": render.policy()}  # made outside SafeHeaders
        return _refusal(request, in_trouble("failed"), 500, headers)


def _refusal(request: Request, message: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """JSON for programs, a page for people."""
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": message}, status, headers=headers)
    titles = {404: "没有找到", 503: "暂时不能用"}
    title = titles.get(status, "出了点问题" if status >= 500 else "没有成功")
    body = render.environment().get_template("error.html").render(title=title, message=message)
    return HTMLResponse(body, status, headers)
