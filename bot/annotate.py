"""Write a text again with its citations as links, their status in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from typing import Literal
from urllib.parse import quote

from bot.articles import url_of
from corpus.citations import Checked
from corpus.citations.law_names import names_of
from corpus.reference import Reference
from corpus.statutes import Statutes

Format = Literal["markdown", "html"]


def annotate(
    text: str, checked: Sequence[Checked], statutes: Statutes, format: Format = "markdown", *, root: str = ""
) -> str:
    """`text` with every checked citation linked to its article's page under `root`, where its text is held.

    A citation that is not ok is followed by its status in words and by what to cite instead, so that nobody
    depends on colours; its note is left to a list of findings. "markdown" takes `text` as Markdown and leaves code and
    existing links alone; "html" escapes everything else and keeps line breaks as they are. `checked`
    must belong to this very text and to these `statutes`. Raises CorpusError as `check` does.
    """
    pieces: list[str] = []
    last = 0
    html = format == "html"
    write, pages = _html if html else _markdown, _Pages(statutes, root)
    closed = [] if html else [m.span() for m in _CLOSED.finditer(text)]
    ends = [b for _, b in closed]
    for one in sorted(checked, key=lambda c: c.span):
        start, end = one.span
        at = bisect_right(ends, start)  # the first span that ends behind the citation's beginning
        if start < last or (at < len(closed) and closed[at][0] < end):
            continue
        between = text[last:start]
        pieces += [escape(between) if html else between, write(one, pages)]
        last = end
    rest = text[last:]
    return "".join([*pieces, escape(rest) if html else rest])


#: Code, links and images of Markdown, tags and comments of HTML: nothing in them is linked again.
_CLOSED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]+`|!?\[[^\[\]\n]*\]\([^()\n]*\)|</?[A-Za-z][^<>\n]{0,200}>|<!--[^\n]{0,200}?-->",
    re.DOTALL,
)


class _Pages:
    """The pages of what is held, under `root`."""

    def __init__(self, statutes: Statutes, root: str) -> None:
        self._held, self._root = names_of(statutes).held, root

    def of(self, law: str, article: Reference | None = None) -> str | None:
        """The page of a law or of one of its articles; None where its text is not held."""
        if law not in self._held or (article and self._held[law].article(article) is None):
            return None
        return self._root + quote(url_of(article) if article else f"/statutes/{law}")


def _page(one: Checked, pages: _Pages) -> str | None:
    """The page a citation leads to, None where there is none."""
    if one.references:
        return pages.of(one.references[0].law, one.references[0])
    return pages.of(one.law) if one.found.reference is None and one.status == "ok" else None


def _instead(one: Checked, pages: _Pages) -> list[tuple[str, str | None]]:
    """What to cite instead, in words, and its page."""
    if one.status == "ok":
        return []
    if one.now:
        return [(str(r), pages.of(r.law, r)) for r in one.now]
    return [(f"《{name}》", pages.of(name)) for name in one.other_laws] if one.status == "repealed" else []


def _markdown(one: Checked, pages: _Pages) -> str:
    words = re.sub(r"\s*\n\s*", "", one.written).replace("[", "\\[").replace("]", "\\]")
    page = _page(one, pages)
    linked = f"[{words}]({page})" if page else words
    if not one.alarm:
        return linked
    now = "、".join(f"[{name}]({link})" if link else name for name, link in _instead(one, pages))
    return f"{linked}（**{one.label}**{f'，请看{now}' if now else ''}）"


def _html(one: Checked, pages: _Pages) -> str:
    page, words = _page(one, pages), escape(one.written)
    marks = f'class="citation citation-{one.status}"'
    if page:
        label = escape(f"{one.written}：{one.label}。")
        body = f'<a {marks} href="{escape(page)}" aria-label="{label}">{words}</a>'
    else:
        body = f"<span {marks}>{words}</span>"
    if not one.alarm:
        return body
    now = "、".join(
        f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name) for name, link in _instead(one, pages)
    )
    return f'{body}<span class="citation-status">（{escape(one.label)}{f"，请看{now}" if now else ""}）</span>'
