"""For help sites: the launcher (/widget.js), the chat without chrome (/embed), and who may use them.

Sites are allowed by `BOT_ORIGINS`. Browsers enforce it by Content-Security-Policy (frames) and CORS
(the JSON API); a site that is not listed gets a message that says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.sse import EventSourceResponse
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import compose, render
from bot.answer import Choice, Event
from bot.asking import Question, begun, events_of
from bot.model import Stop
from bot.page_texts import load_page_texts, privacy_note
from bot.state import TheBot, TheState
from corpus.cards import load_cards
from corpus.statutes import Statutes
from index.normalise import clean

router = APIRouter()
#: Where things are asked and done; what lies elsewhere are pages, which have no words of anybody.
GUARDED = ("/api/", "/embed/ask", "/feedback", "/gradio_api/")


@router.get("/widget.js", include_in_schema=False)
def script() -> Response:
    """The launcher: nothing else is loaded before it is opened."""
    return FileResponse(
        render.HERE / "static" / "widget.js",
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=600", "Cross-Origin-Resource-Policy": "cross-origin"},
    )


@router.get("/embed", include_in_schema=False)
def embed(
    request: Request,
    state: TheState,
    lang: str = "zh",
    topic: str = "",
    greeting: str = "",
    questions: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The chat without chrome; in a frame only on the listed sites, whose `greeting` and `questions` it shows."""
    settings = state.settings
    site = origin_of(request.headers.get("referer", ""))
    listed = allowed(site, request.headers.get("host", ""), settings.origins)
    place = request.headers.get("sec-fetch-dest")  # which no browser sends to plain http, nor Safari before 16.4
    if place == "iframe" and site and not listed:
        body = render.environment().get_template("refused.html").render(origin=site)
        return HTMLResponse(body, 403, {"Content-Security-Policy": render.policy("*")})
    # Anybody can send a link, and would put words into our mouth: the page shows them in a frame only, and its policy
    # says who may frame it.
    own = listed and place in ("iframe", None)
    frames = " ".join(["'self'", *settings.origins])
    languages = load_page_texts().languages
    words = languages.get(lang, languages["zh"])
    body = (
        render.environment()
        .get_template("embed.html")
        .render(
            lang=words.code,
            words=words,
            greeting=greeting[:200] if own else "",
            asked=[q[:100] for q in questions[:5]] if own and questions else [],
            questions=_questions(topic),
            longest=settings.longest,
            privacy=privacy_note(settings),
        )
    )
    return HTMLResponse(body, headers={"Content-Security-Policy": render.policy(frames)})


@dataclass(frozen=True)
class ShownTurn:
    """A turn as it stands: its HTML, what is remembered of it, and what can be asked next."""

    html: str
    remembered: str
    choices: list[Choice]


def turns(events: Generator[Event, None, None], question: str, statutes: Statutes) -> Generator[ShownTurn, None, None]:
    """The turn with the composed answer; where a model speaks, the same again with each of its sentences."""
    asked, answer, speaks = clean(question), None, False
    with closing(events):
        for event in events:
            answer = compose.grown(answer, event) if answer else event.answer
            speaks = speaks or event.speaks
            if answer is None or event.event == "note" or (event.event == "done" and not speaks):
                continue
            html = render.turn_html(asked, answer, statutes, writing=speaks and event.event != "done")
            yield ShownTurn(html, compose.remembered(answer), answer.choices)


async def start(
    question: Question, request: Request, state: TheState, bot: TheBot
) -> AsyncIterator[AsyncIterator[ShownTurn]]:
    """The turns of an answer."""

    def growing(stop: Stop) -> Generator[ShownTurn, None, None]:
        return turns(events_of(question, bot, state, request, stop), question.question, bot.index.statutes)

    async with begun(growing, state, request) as shown:
        yield shown


@router.post("/embed/ask", response_class=EventSourceResponse, include_in_schema=False)
async def ask(shown: Annotated[AsyncIterator[ShownTurn], Depends(start)]) -> AsyncIterator[ShownTurn]:
    """One turn as it grows, for the chat without chrome. Hang up to stop the model."""
    async for one in shown:
        yield one


@router.get("/demo", include_in_schema=False)
def demo() -> HTMLResponse:
    """A help page as a site would write it, with the one line that brings the widget."""
    body = render.environment().get_template("demo.html").render()
    return HTMLResponse(body, headers={"Content-Security-Policy": render.policy() + "; frame-src 'self'"})


def origin_of(address: str) -> str:
    """https://a.example:8443/path -> https://a.example:8443; empty when there is none."""
    try:
        parts = urlsplit(address)
    except ValueError:  # http://[
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def allowed(origin: str, host: str, origins: Sequence[str]) -> bool:
    """Whether a page of this origin may use us: our own host, or one that is listed."""
    return origin_of(origin).partition("://")[2] == host or origin in origins


class Origins:
    """Refuses pages of sites that are not listed, and tells them why. What those listed may read is CORS's affair."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin and scope["path"].startswith(GUARDED) and not allowed(origin, headers.get("host", ""), self.origins):
            message = f"{origin} 没有登记，不能从网页里使用这个接口。请运营者把它加进 BOT_ORIGINS。"
            await JSONResponse({"error": message}, 403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _questions(topic: str) -> list[Choice]:
    """Questions to begin with: of a topic (a file in corpus/situations), everyday ones where there is no such topic."""
    cards = [card for card in load_cards().values() if card.topic == topic]
    return [Choice(situation=c.id, question=c.questions[0]) for c in cards[:4]] or compose.examples()[:3]
