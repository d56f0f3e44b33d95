"""The "check a text" page: paste or drop a text, read the findings beside it, take the report away."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from bot import render
from bot.annotate import annotate
from bot.answer import Provision
from bot.chain import TextError
from bot.documents import LARGEST, DocumentError, text_of
from bot.state import AppState, Law, Site, TheState
from bot.word import DOCX, one_line, tame, to_docx
from corpus.citations import Checked, Checks, check
from corpus.statutes import Statutes

#: The forms in which a report is taken away, and what each is called on the wire.
SAVED = {"docx": DOCX, "md": "text/markdown; charset=utf-8"}
#: What a tick does not say.
CAUTION = "✔ 只说明条文现行有效、没有看出出入；说的对不对，请和原文对一遍。"
WORD_LINES = 20_000  # of a text that is put into a Word file
MOST = 1000  # citations that are listed: a text may have a hundred thousand, and each is a kilobyte
_LISTED = 20  # of the wrong citations, and of the numbers without a law, that are named
router = APIRouter(default_response_class=HTMLResponse)


@router.get("/check", include_in_schema=False)
def form(statutes: Law) -> str:
    """The empty form, for a text to be pasted or a file to be dropped."""
    return render.page("check.html", statutes, text="", problem="", done=False)


async def sent(request: Request, state: TheState) -> FormData:
    """The form of the page. Pasted text may be as long as is read at all, four bytes a character."""
    longest = state.settings.longest_text
    try:
        return await request.form(max_files=1, max_fields=8, max_part_size=4 * longest)
    except HTTPException as error:
        if error.status_code in (413, 415):
            raise
        if "exceeded maximum size" in error.detail:
            raise TextError(longest) from None
        raise HTTPException(400, "表单不完整：请粘贴文字，或者选一个文件，再交一次。") from None


@router.post("/check", include_in_schema=False)
async def report(request: Request, state: TheState, site: Site, form: Annotated[FormData, Depends(sent)]) -> Response:
    """The findings as a page; with `save` = docx or md the same as a file to keep or pass on.

    Outside the event loop, among the few texts that are checked at once: a long one takes seconds.
    """
    return await state.checks.do(request, partial(_report, state, site, form))


def _report(state: AppState, site: str, form: FormData) -> Response:
    bot = state.bot  # while the index opens, by words alone; of one state of the law, whatever is opened meanwhile
    statutes = bot.index.statutes if bot else state.statutes()
    longest = state.settings.longest_text
    text, save = (value if isinstance(value := form.get(name), str) else "" for name in ("text", "save"))
    problem = ""
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            text = text_of(file.filename, file.file.read(LARGEST + 1), longest)
        except DocumentError as error:
            problem = str(error)
    text = text.replace("\r\n", "\n")
    if not problem and not text.strip():
        problem = "没有文字。请把要核对的文字粘贴进来，或者选一个文件。"
    if not problem and len(text) > longest:
        problem = str(TextError(longest))
    if not problem and save == "docx" and text.count("\n") >= WORD_LINES:
        problem = f"文字超过 {WORD_LINES} 行，存不成 Word：请另存为 md，或者分段核对。"
    if problem:
        return HTMLResponse(render.page("check.html", statutes, text=text[:longest], problem=problem, done=False), 422)
    checked = bot.check(text, longest) if bot else check(text, statutes)
    if save in SAVED:
        content = as_docx(text, checked, statutes) if save == "docx" else as_markdown(text, checked, statutes, site)
        name = f"filename=report.{save}; filename*=UTF-8''{quote('引注核对报告')}.{save}"
        return Response(content, media_type=SAVED[save], headers={"Content-Disposition": f"attachment; {name}"})
    shown = _shown(checked)
    body = render.page(
        "check.html",
        statutes,
        text=text,
        problem="",
        done=True,
        checked=checked,
        shown=shown,
        wrong=[(n, one) for n, one in enumerate(checked, 1) if one.outcome == "wrong"],
        listed=_LISTED,
        summary=summary(checked),
        caution=CAUTION,
        unplaced=unplaced(text, checked),
        quote=lambda reference: cited.text if (cited := Provision.of(reference, statutes)) else "",
        marked=render.safe(annotate(text, [one for _, one in shown], statutes, "html")),
    )
    return HTMLResponse(body)


def _shown(checked: Sequence[Checked]) -> list[tuple[int, Checked]]:
    """The citations that are listed, and marked on the page, each with its number; of very many the wrong first."""
    wrong_first = sorted(enumerate(checked, 1), key=lambda one: one[1].outcome != "wrong")
    return sorted(wrong_first[:MOST], key=itemgetter(0))


def as_json(checked: Sequence[Checked]) -> dict[str, Any]:
    """The shape of the contract; where there are more than MOST, `left_out` is how many are not listed."""
    shown = [one.to_json() for _, one in _shown(checked)]
    left_out = len(checked) - len(shown)
    return {"citations": shown, **({"left_out": left_out} if left_out else {})}


def summary(checked: Sequence[Checked]) -> str:
    """How many citations there are, how many are wrong, and how many could not be checked."""
    if not checked:
        return "没有找到法条引注。"
    count = Counter(c.outcome for c in checked)
    unheld = f"，{count['unheld']} 处本站没有原文、没有核对" if count["unheld"] else ""
    return f"共 {len(checked)} 处引注，{count['wrong']} 处有问题{unheld}。"


def lines(text: str) -> Callable[[int], int]:
    """What tells the line, counted from 1, in which a place of the text stands, as in `Checked.span`."""
    ends = [at for at, character in enumerate(text) if character == "\n"]
    return lambda at: bisect_left(ends, at) + 1


def unplaced(text: str, checked: Checks) -> str:
    """The numbers whose law does not show and which were not checked, in a sentence; empty where there are none."""
    spans = checked.unplaced
    if not spans:
        return ""
    line = lines(text)
    listed = "、".join(f"{one_line(text[a:b])}（第 {line(a)} 行）" for a, b in spans[:_LISTED])
    more = "等" if len(spans) > _LISTED else ""
    return f"另有 {len(spans)} 处条号看不出是哪部法律，没有核对：{listed}{more}。请在条号前写上法律名称。"


def as_markdown(text: str, checked: Checks, statutes: Statutes, site: str) -> str:
    """The report as Markdown: what was found, then the text with its links."""
    return _head(text, checked, statutes, bold="**") + annotate(text, checked, statutes, root=site) + "\n"


def as_docx(text: str, checked: Checks, statutes: Statutes) -> bytes:
    """The report as a Word file: what was found, then the text as it was sent."""
    return to_docx(_head(text, checked, statutes) + tame(text))


def _head(text: str, checked: Checks, statutes: Statutes, bold: str = "") -> str:
    line = lines(text)
    findings = [f"- 第 {line(c.span[0])} 行 {one_line(c.written)}：{bold}{c.label}{bold}。{c.note}" for c in checked]
    parts = [
        "# 引注核对报告",
        f"{summary(checked)}法律文本核对到 {statutes.checked_on}。",
        CAUTION,
        *findings,
        unplaced(text, checked),
        "## 原文",
    ]
    return "\n\n".join(part for part in parts if part) + "\n\n"
