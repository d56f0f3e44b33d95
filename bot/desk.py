"""The volunteers' desk: search as one types, read, collect, and turn a call into letters.

Behind a password; there is no desk while none is set. A case lives in the volunteer's browser; where the
operator allows it (`BOT_KEEP_CASES`) it can be kept here too, and expires. Nothing is sent on.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from itertools import chain
from sqlite3 import Connection
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot import compose, feedback, gate, records, render, unanswered
from bot.articles import find_article, find_statute, relying
from bot.chain import Bot
from bot.letters import LINES, Pad, load_letters, write_letter
from bot.login import Login, ShutError
from bot.lookup import look_up
from bot.page_texts import load_page_texts
from bot.settings import BotSettings
from bot.state import Law, TheBot, TheState
from bot.word import DOCX, one_line, to_docx
from corpus.cards import Card, load_cards, load_channels, topic_title
from corpus.citations import find
from corpus.reference import Reference
from corpus.statutes import today
from index.normalise import normalise

router = APIRouter()
CaseId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


class Typed(BaseModel):
    """What a volunteer types of a caller's story, so far."""

    words: str


class Export(BaseModel):
    """A letter as the volunteer left it, to be made a Word file."""

    text: Annotated[str, Field(max_length=100_000)]


class Case(BaseModel):
    """A case to be kept: what the list calls it, and the pad as the page made it (JSON, never read here).

    `version` is that of the kept state which it takes the place of; empty for a case that was not kept before.
    """

    title: Annotated[str, Field(max_length=200)]
    body: Annotated[str, Field(max_length=200_000)]
    version: Annotated[str, Field(max_length=100)] = ""


def get_settings(state: TheState) -> BotSettings:
    """The settings, where there is a desk; a clear 404 where there is none."""
    settings = state.settings
    if not settings.desk_password.get_secret_value():
        raise HTTPException(404, "这里没有开志愿者工作台。运营者在设置里写上 BOT_DESK_PASSWORD 就会打开。")
    return settings


def get_login(state: TheState) -> Login:
    """The desk's login."""
    return state.login


Settings = Annotated[BotSettings, Depends(get_settings)]
TheLogin = Annotated[Login, Depends(get_login)]


def signed_in(request: Request, login: TheLogin) -> None:
    """Refuse whoever has no valid session."""
    if not login.inside(request):
        raise HTTPException(401, "请先登录工作台：/desk")


def storing(settings: Settings) -> BotSettings:
    """The settings, where cases may be kept here."""
    if not settings.keep_cases:
        raise HTTPException(404, "这台服务器不存来电记录，记录只在你的浏览器里。")
    return settings


Storing = Annotated[BotSettings, Depends(storing)]
inside = APIRouter(prefix="/desk", dependencies=[Depends(get_settings), Depends(signed_in)])


@router.get("/desk", include_in_schema=False)
def desk(request: Request, settings: Settings, login: TheLogin, statutes: Law) -> HTMLResponse:
    """The desk, or the page to log in."""
    if not login.inside(request):
        return HTMLResponse(render.page("login.html", statutes, problem=""))
    body = render.page(
        "desk.html",
        statutes,
        letters=load_letters().values(),
        facts=[fact.text for fact in load_page_texts().facts],
        keeps=settings.keep_cases,
        days=settings.keep_days,
        unanswered=unanswered.recent(settings) if settings.keep_unanswered else None,
        given=feedback.recent(settings),
        most=records.KEPT,
    )
    return HTMLResponse(body)


@router.post("/desk/login", include_in_schema=False, dependencies=[Depends(get_settings)])
def log_in(request: Request, login: TheLogin, statutes: Law, password: Annotated[str, Form()] = "") -> Response:
    """A session for the right password; a pause after too many wrong ones."""
    try:
        right = login.opens(request, password)
    except ShutError:
        body = render.page("login.html", statutes, problem="试错太多次了，请五分钟以后再试。")
        return HTMLResponse(body, 429, {"Retry-After": str(login.pause)})
    if not right:
        return HTMLResponse(render.page("login.html", statutes, problem="密码不对。"), 403)
    return login.let_in(request, "/desk")


@inside.post("/logout", include_in_schema=False)
def log_out(request: Request, login: TheLogin) -> Response:
    """Out; the page clears the case pad."""
    return login.let_out(request, "/desk")


@inside.post("/search", include_in_schema=False)
async def search(typed: Typed, request: Request, state: TheState, bot: TheBot) -> dict[str, list[dict[str, Any]]]:
    """Cards, articles and channels for the words so far. They come in the body: addresses stand in proxies' logs."""
    return await state.answers.do(request, partial(_found, typed.words, bot))


def _found(typed: str, bot: Bot) -> dict[str, list[dict[str, Any]]]:
    words = normalise(typed)[:200]
    if not words:
        return {"cards": [], "articles": [], "channels": []}
    statutes = bot.index.statutes
    named = [r.article for r in look_up(words, statutes).references]
    query = bot.index.query(words)
    found = [m.situation for m in bot.index.matches(query, 8) if isinstance(m.situation, Card)]
    titled = sorted((c for c in load_cards().values() if words in c.title), key=lambda c: c.title.index(words))
    # Those that rely on an article that is named; what the search finds, those first whose titles have the words; the
    # titles that it does not.
    cards = [*chain(*map(_relying, named)), *sorted(found, key=lambda c: words not in c.title), *titled]
    references = [*named, *(h.reference for h in bot.index.articles(query, 8))]
    articles = [a for r in dict.fromkeys(references) if (a := statutes.article(r))][:8]
    verdicts = load_page_texts().verdicts
    channels = [c for c in load_channels().values() if any(words in t for t in (c.name, c.takes, c.phone))]
    return {
        "cards": [
            {"id": c.id, "title": c.title, "verdict": str(verdicts[c.verdict]), "text": c.conclusion[:80]}
            for c in {c.id: c for c in cards}.values()
        ][:8],
        "articles": [
            {"id": f"{a.law}/{a.reference.key}", "title": str(a.reference), "text": f"{a.note}{a.text}"[:80]}
            for a in articles
        ],
        "channels": [{"title": c.name, "text": c.how[:160], "phone": c.phone, "page": c.page} for c in channels[:6]],
    }


def _relying(article: Reference) -> list[Card]:
    """The cards that rely on an article, those first that name it first."""
    return sorted(relying(article), key=lambda card: [r.article for r in card.citations].index(article))


@inside.get("/card/{name}", include_in_schema=False)
def card(name: str, statutes: Law) -> dict[str, Any]:
    """A card's full view, and what of it can go into the pad."""
    found = load_cards().get(name)
    if found is None:
        raise HTTPException(404, "没有这张卡片。")
    answer = gate.seal(compose.from_card(found, statutes), statutes)
    html = render.answer_html(answer, statutes)
    template = render.environment().get_template("desk-card.html")
    view = template.render(card=found, topic=topic_title(found.topic), answer=render.safe(html))
    return {
        "title": found.title,
        "html": view,
        "citations": [str(c.reference) for c in answer.citations],
        "evidence": answer.evidence,
        "steps": answer.steps,
        "channels": [f"{c.name} {c.phone}".strip() for c in answer.channels],
    }


@inside.get("/article/{law}/{key}", include_in_schema=False)
def article(law: str, key: str, statutes: Law) -> dict[str, Any]:
    """The reader: an article with its neighbours, the articles it points to, and the cards that rely on it."""
    found = find_article(statutes, law, key)
    before, after = find_statute(statutes, found.law).neighbours(found)
    points = [f.reference.article for f in find(f"《{found.law}》{found.text}", statutes) if f.reference]
    crossed = [r for r in dict.fromkeys(points) if r != found.reference and statutes.article(r)]
    view = (
        render.environment()
        .get_template("desk-article.html")
        .render(
            article=found,
            before=before,
            after=after,
            crossed=crossed,
            cards=relying(found.reference),
        )
    )
    return {"title": str(found.reference), "html": view, "citations": [str(found.reference)]}


@inside.post("/letter/{name}", include_in_schema=False)
def letter(name: str, pad: Pad, statutes: Law) -> dict[str, str]:
    """A letter from the pad, to be read and changed before it leaves the volunteer's hands."""
    found = load_letters().get(name)
    if found is None:
        raise HTTPException(404, "没有这种文书。")
    return {"title": found.title, "text": write_letter(found, pad, statutes)}


@inside.post("/export", include_in_schema=False)
def export(letter: Export) -> Response:
    """The text as a Word file. It is not kept."""
    if letter.text.count("\n") >= LINES:
        raise HTTPException(413, f"文书太长，最多 {LINES} 行。")
    name = quote("文书.docx")
    return Response(
        to_docx(letter.text),
        media_type=DOCX,
        headers={"Content-Disposition": f"attachment; filename=letter.docx; filename*=UTF-8''{name}"},
    )


@inside.get("/cases", include_in_schema=False)
def cases(settings: Storing) -> list[dict[str, str]]:
    """All kept cases, the newest first; what is in them is read one by one."""
    with records.opened(settings, "desk.db") as database:
        rows = database.execute("SELECT id, day, title FROM cases ORDER BY rowid DESC").fetchall()
    return [{"id": i, "day": day, "title": title} for i, day, title in rows]


@inside.get("/cases/{name}", include_in_schema=False)
def case(name: CaseId, settings: Storing) -> dict[str, str]:
    """One kept case, and its version."""
    with records.opened(settings, "desk.db") as database:
        body = _kept(database, name)
    if body is None:
        raise HTTPException(404, "这份记录已经过期或者删掉了。")
    return {"body": body, "version": _version(body)}


@inside.put("/cases/{name}", include_in_schema=False)
def keep_case(name: CaseId, case: Case, settings: Storing) -> dict[str, str]:
    """Keep a case, or a newer state of it; its days begin again. What it has become meanwhile is not written over."""
    with records.opened(settings, "desk.db") as database:  # nobody else writes until it is closed
        there = _kept(database, name)
        if case.version != _version(there) and case.body != there:  # the same once more: its answer did not arrive
            if there is None:
                raise HTTPException(409, "这份记录已经过期或者删掉了，没有存上去。要留着，请存成新的一份。")
            raise HTTPException(
                409, "这份记录在你打开以后改过了，没有存上去，免得盖掉别人写的。请存成新的一份，两份都在。"
            )
        row = (name, today().isoformat(), one_line(case.title) or "未命名", case.body)
        database.execute("INSERT OR REPLACE INTO cases (id, day, title, body) VALUES (?, ?, ?, ?)", row)
    return {"version": _version(case.body)}


def _kept(database: Connection, name: str) -> str | None:
    """What is kept of a case."""
    row = database.execute("SELECT body FROM cases WHERE id = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def _version(body: str | None) -> str:
    """What names a state of a case; empty where there is none."""
    return "" if body is None else sha256(body.encode()).hexdigest()


@inside.delete("/cases/{name}", include_in_schema=False)
def drop_case(name: CaseId, settings: Storing) -> dict[str, bool]:
    """Delete a kept case."""
    with records.opened(settings, "desk.db") as database:
        database.execute("DELETE FROM cases WHERE id = ?", (name,))
    return {"ok": True}


router.include_router(inside)
