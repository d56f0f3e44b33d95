"""The volunteers' desk: search as one types, read, collect, and turn a call into letters.

Behind a password; there is no desk while none is set. A case lives in the volunteer's browser. Letters
are templates in `letters/` that a lawyer can edit; nothing is stored here and nothing is sent on.
"""

from __future__ import annotations

import hmac
import secrets
import time
import tomllib
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from sqlite3 import connect
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, TimestampSigner
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot import compose, gate, render
from bot.answer import Answer
from bot.api import TheBot, find_article
from bot.feedback import write
from bot.pages import Law, get_root, relying
from bot.privacy import mask
from bot.settings import BotSettings
from corpus.cards import load_cards, load_channels
from corpus.citations import find
from corpus.reference import Reference

router = APIRouter()
LETTERS = render.HERE / "letters"
COOKIE = "desk"
HOURS = 12
TRIES, WINDOW = 5, 300.0  # wrong passwords from one address, and the seconds they count
_signer = TimestampSigner(secrets.token_bytes(32))  # new at each start: a restart signs everyone out
_wrong: dict[str, deque[float]] = defaultdict(deque)
_TABLE = "CREATE TABLE IF NOT EXISTS unanswered (day TEXT, kind TEXT, question TEXT)"


class Pad(BaseModel):
    """The case of the call in hand, as the volunteer's browser keeps it."""

    name: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(max_length=100)] = ""
    lender: Annotated[str, Field(max_length=200)] = ""
    collector: Annotated[str, Field(max_length=200)] = ""
    happened: Annotated[str, Field(max_length=300)] = ""
    facts: list[Annotated[str, Field(max_length=500)]] = Field(default_factory=list, max_length=100)
    evidence: list[Annotated[str, Field(max_length=500)]] = Field(default_factory=list, max_length=100)
    citations: list[Annotated[str, Field(max_length=100)]] = Field(default_factory=list, max_length=100)
    steps: list[Annotated[str, Field(max_length=500)]] = Field(default_factory=list, max_length=100)
    channels: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=100)
    notes: Annotated[str, Field(max_length=10_000)] = ""


class Export(BaseModel):
    """A letter as the volunteer left it, to be made a Word file."""

    text: Annotated[str, Field(max_length=100_000)]


@dataclass(frozen=True, slots=True)
class Letter:
    """A template: `use` says when; the body is Markdown with Jinja and blanks named like 【姓名】."""

    id: str
    title: str
    use: str
    body: str


@lru_cache(maxsize=1)
def load_letters() -> Mapping[str, Letter]:
    """The templates of `letters/`, by file name, in the order of their names."""
    found = {}
    for path in sorted(LETTERS.glob("*.md")):
        _, front, body = path.read_text("utf-8").split("+++\n", 2)
        data = tomllib.loads(front)
        found[path.stem] = Letter(path.stem, data["title"], data["use"], body.strip() + "\n")
    return found


def write_letter(letter: Letter, pad: Pad) -> str:
    """The letter as Markdown; what the pad does not know stays a named blank."""
    jinja = SandboxedEnvironment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return jinja.from_string(letter.body).render(**pad.model_dump(), today=date.today()) + "\n"


def to_docx(text: str) -> bytes:
    """A small Markdown (headings, lists, tables, paragraphs) as a Word file in Chinese type."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    for name in ("Normal", "Title", "Heading 1", "List Number", "List Bullet"):
        style = document.styles[name]
        style.font.name = "宋体" if name not in ("Title", "Heading 1") else "黑体"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), style.font.name)
    document.styles["Normal"].font.size = Pt(12)
    rows: list[list[str]] = []
    for line in [*_printable(text).split("\n"), ""]:
        if line.startswith("|"):
            if set(line) - set("|-: "):
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            table = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
            for y, cells in enumerate(rows):
                for x, cell in enumerate(cells):
                    table.cell(y, x).text = cell
            rows = []
        if line.startswith("# "):
            document.add_heading(line[2:], 0)
        elif line.startswith("## "):
            document.add_heading(line[3:], 1)
        elif line.strip():
            document.add_paragraph(line.removeprefix("- "), "List Bullet" if line.startswith("- ") else None)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def note(app: FastAPI, question: str, answer: Answer) -> None:
    """Keep a question that got no answer, masked, where the operator turned that on. Never one of danger."""
    settings: BotSettings = app.state.settings
    if settings.keep_unanswered and answer.kind in ("clarify", "out_of_scope"):
        row = (date.today().isoformat(), answer.kind, mask(question[:500]).text)
        write(settings.data / "desk.db", _TABLE, "INSERT INTO unanswered VALUES (?, ?, ?)", row)


def get_settings(request: Request) -> BotSettings:
    """The settings, where there is a desk; a clear 404 where there is none."""
    settings: BotSettings = request.app.state.settings
    if not settings.desk_password:
        raise HTTPException(404, "这里没有开志愿者工作台。运营者在设置里写上 BOT_DESK_PASSWORD 就会打开。")
    return settings


Settings = Annotated[BotSettings, Depends(get_settings)]


def signed_in(request: Request, settings: Settings) -> None:
    """Refuse whoever has no valid session."""
    if not _valid(request):
        raise HTTPException(401, "请先登录工作台：/desk")


inside = APIRouter(prefix="/desk", dependencies=[Depends(signed_in)])


@router.get("/desk", include_in_schema=False)
def desk(request: Request, settings: Settings, statutes: Law) -> HTMLResponse:
    """The desk, or the door to it."""
    root = get_root(request)
    if not _valid(request):
        return HTMLResponse(render.page("login.html", statutes, root, problem=""), headers=PRIVATE)
    body = render.page(
        "desk.html",
        statutes,
        root,
        letters=load_letters().values(),
        unanswered=_unanswered(settings) if settings.keep_unanswered else None,
    )
    return HTMLResponse(body, headers=PRIVATE)


@router.post("/desk/login", include_in_schema=False)
def login(request: Request, settings: Settings, statutes: Law, password: Annotated[str, Form()] = "") -> Response:
    """A session for the right password; after five wrong ones from an address, a pause."""
    root = get_root(request)
    who = request.client.host if request.client else ""
    tries = _wrong[who]
    while tries and tries[0] < time.monotonic() - WINDOW:
        tries.popleft()
    if len(tries) >= TRIES:
        body = render.page("login.html", statutes, root, problem="试错太多次了，请五分钟以后再试。")
        return HTMLResponse(body, 429, {"Retry-After": str(int(WINDOW)), **PRIVATE})
    if not hmac.compare_digest(password.encode(), settings.desk_password.encode()):
        tries.append(time.monotonic())
        return HTMLResponse(render.page("login.html", statutes, root, problem="密码不对。"), 403, PRIVATE)
    tries.clear()
    reply = RedirectResponse(f"{root}/desk", 303)
    secure = request.url.scheme == "https"
    value = _signer.sign("volunteer").decode()
    reply.set_cookie(COOKIE, value, HOURS * 3600, path=f"{root}/desk", httponly=True, samesite="strict", secure=secure)
    return reply


@inside.post("/logout", include_in_schema=False)
def logout(request: Request) -> Response:
    """Out; the page clears the case pad."""
    reply = RedirectResponse(f"{get_root(request)}/desk", 303)
    reply.delete_cookie(COOKIE, path=f"{get_root(request)}/desk")
    return reply


@inside.get("/search", include_in_schema=False)
def search(bot: TheBot, q: Annotated[str, "words"] = "") -> dict[str, list[dict[str, Any]]]:
    """Cards, articles and channels for the words so far."""
    words = q.strip()[:200]
    if not words:
        return {"cards": [], "articles": [], "channels": []}
    statutes = bot.index.statutes
    named = [f.reference.article for f in find(words, statutes) if f.reference]
    query = bot.index.query(words)
    cards = [c for c in load_cards().values() if words in c.title]
    cards += [m.card for m in bot.index.matches(query, 8) if m.card.id in load_cards()]  # type: ignore[misc]
    references = [*named, *(h.reference for h in bot.index.articles(query, 8))]
    articles = [a for r in dict.fromkeys(references) if (a := statutes.article(r))][:8]
    channels = [c for c in load_channels().values() if any(words in t for t in (c.name, c.takes, c.phone))]
    return {
        "cards": [
            {"id": c.id, "title": c.title, "verdict": compose.VERDICTS[c.verdict], "text": c.conclusion[:80]}
            for c in {c.id: c for c in cards}.values()
        ][:8],
        "articles": [
            {"id": f"{a.law}/{a.reference.key}", "title": str(a.reference), "text": a.text[:80]} for a in articles
        ],
        "channels": [{"title": c.name, "text": c.how[:160], "phone": c.phone, "page": c.page} for c in channels[:6]],
    }


@inside.get("/card/{name}", include_in_schema=False)
def card(name: str, statutes: Law, request: Request) -> dict[str, Any]:
    """A card's full view, and what of it can go into the pad."""
    found = load_cards().get(name)
    if found is None:
        raise HTTPException(404, "没有这张卡片。")
    answer = gate.seal(compose.from_card(found, statutes), statutes)
    html = render.answer_html(answer, statutes, get_root(request))
    view = render.environment().get_template("desk-card.html").render(card=found, answer=render.safe(html))
    return {
        "title": found.title,
        "html": view,
        "citations": [str(c.reference) for c in answer.citations],
        "evidence": answer.evidence,
        "steps": answer.steps,
        "channels": [f"{c.name} {c.phone}".strip() for c in answer.channels],
    }


@inside.get("/article/{law}/{key}", include_in_schema=False)
def article(law: str, key: str, statutes: Law, request: Request) -> dict[str, Any]:
    """The reader: an article with its neighbours, the articles it points to, and the cards that rely on it."""
    found = find_article(statutes, law, key)
    every = statutes.by_name[found.law].articles
    at = every.index(found)
    points = [f.reference.article for f in find(f"《{found.law}》{found.text}", statutes) if f.reference]
    crossed = [r for r in dict.fromkeys(points) if r != found.reference and statutes.article(r)]
    view = (
        render.environment()
        .get_template("desk-article.html")
        .render(
            root=get_root(request),
            article=found,
            before=every[at - 1].reference if at else None,
            after=every[at + 1].reference if at + 1 < len(every) else None,
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
    pad.citations = [c for c in pad.citations if _holds(c, statutes)]
    return {"title": found.title, "text": write_letter(found, pad)}


@inside.post("/export", include_in_schema=False)
def export(letter: Export) -> Response:
    """The text as a Word file. It is not kept."""
    name = quote("文书.docx")
    return Response(
        to_docx(letter.text),
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        headers={"Content-Disposition": f"attachment; filename=letter.docx; filename*=UTF-8''{name}", **PRIVATE},
    )


#: No copy in caches, no frame around the desk, no outside request.
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
}


def _valid(request: Request) -> bool:
    try:
        _signer.unsign(request.cookies.get(COOKIE, ""), max_age=HOURS * 3600)
    except BadSignature:
        return False
    return True


def _holds(citation: str, statutes: Law) -> bool:
    try:
        return statutes.quote(Reference.parse(citation)) is not None
    except ValueError:
        return False


def _printable(text: str) -> str:
    """XML, and so Word, takes no control characters."""
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() and c not in "\ufffe\uffff") or c == "　")


def _unanswered(settings: BotSettings) -> list[tuple[str, str]]:
    path = settings.data / "desk.db"
    if not path.exists():
        return []
    with closing(connect(path, timeout=5)) as database:
        rows = database.execute("SELECT day, question FROM unanswered ORDER BY rowid DESC LIMIT 100").fetchall()
    return [(str(day), str(question)) for day, question in rows]


router.include_router(inside)
