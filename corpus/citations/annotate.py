"""Write a text again with its citations as links, their status in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from typing import Literal
from urllib.parse import quote

from corpus.citations.check import Checked
from corpus.citations.labels import LABELS

Format = Literal["markdown", "html"]


def annotate(text: str, checked: Sequence[Checked], format: Format = "markdown", *, root: str = "") -> str:
    """`text` with every checked citation linked to its article's page under `root`.

    A citation that is not ok is followed by its status in words and by links to what to cite
    instead, so that nobody depends on colours. "markdown" takes `text` as Markdown and leaves code and
    existing links alone; "html" escapes everything else and keeps line breaks as they are. `checked`
    must belong to this very text.
    """
    pieces: list[str] = []
    last = 0
    html = format == "html"
    closed = [] if html else [m.span() for m in _CLOSED.finditer(text)]
    ends = [b for _, b in closed]
    for one in sorted(checked, key=lambda c: c.span):
        start, end = one.span
        at = bisect_right(ends, start)  # the first span that ends behind the citation's beginning
        if start < last or (at < len(closed) and closed[at][0] < end):
            continue
        between = text[last:start]
        pieces += [escape(between) if html else between, _html(one, root) if html else _markdown(one, root)]
        last = end
    rest = text[last:]
    return "".join([*pieces, escape(rest) if html else rest])


#: Code, links and images of Markdown, tags and comments of HTML: nothing in them is linked again.
_CLOSED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]+`|!?\[[^\[\]\n]*\]\([^()\n]*\)|</?[A-Za-z][^<>\n]{0,200}>|<!--[^\n]{0,200}?-->",
    re.DOTALL,
)


def _target(one: Checked, root: str) -> str | None:
    """The page a citation leads to, None where there is none."""
    if one.references:
        return root + quote(one.references[0].url)
    if one.found.reference is None and one.status == "ok" and one.found.law:
        return root + quote(f"/statutes/{one.found.law}")
    return None


def _now(one: Checked, root: str) -> list[tuple[str, str]]:
    """(words, page) of what to cite instead."""
    if one.status == "ok":
        return []
    if one.now:
        return [(str(r), root + quote(r.url)) for r in one.now]
    return [(f"《{name}》", root + quote(f"/statutes/{name}")) for name in one.by] if one.status == "repealed" else []


def _markdown(one: Checked, root: str) -> str:
    words = re.sub(r"\s*\n\s*", "", one.written).replace("[", "\\[").replace("]", "\\]")
    page = _target(one, root)
    linked = f"[{words}]({page})" if page else words
    if not one.alarm:
        return linked
    now = "、".join(f"[{name}]({link})" for name, link in _now(one, root))
    return f"{linked}（**{one.label}**{f'，请看{now}' if now else ''}）"


def _html(one: Checked, root: str) -> str:
    page, words = _target(one, root), escape(one.written)
    marks = f'class="citation citation-{one.status}"' + (f' title="{escape(one.note)}"' if one.note else "")
    if page:
        label = escape(f"{one.written}：{one.label}。{one.note}")
        body = f'<a {marks} href="{escape(page)}" aria-label="{label}">{words}</a>'
    else:
        body = f"<span {marks}>{words}</span>"
    if not one.alarm:
        return body
    now = "、".join(f'<a href="{escape(link)}">{escape(name)}</a>' for name, link in _now(one, root))
    return f'{body}<span class="citation-status">（{escape(one.label)}{f"，请看{now}" if now else ""}）</span>'


__all__ = ["LABELS", "Format", "annotate"]
