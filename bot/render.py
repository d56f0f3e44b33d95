"""Answers and pages as HTML. Everything a person typed is escaped; only our own Markdown is rendered."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from bot.annotate import annotate
from bot.answer import Answer, Provision
from bot.articles import url_of
from bot.compose import about, head, offer, offer_branches
from bot.page_texts import load_page_texts
from corpus.cards import load_channels
from corpus.citations import Checked, find
from corpus.citations.law_names import names_of
from corpus.statutes import Statutes

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of `templates/`, with autoescape on, as they were when the process began.

    Those that an update brings under a running server do not fit its code.
    """
    folder = FileSystemLoader(HERE / "templates")
    jinja = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, auto_reload=False)
    texts = load_page_texts()
    jinja.globals.update(standing_note=texts.standing, verdicts=texts.verdicts, head=head, about=about)
    jinja.globals.update(trouble=texts.trouble, offer=offer, offer_branches=offer_branches, url_of=url_of)
    jinja.filters["dial"] = dial
    for name in jinja.list_templates():
        jinja.get_template(name)
    return jinja


def policy(frames: str = "'self'") -> str:
    """The Content-Security-Policy of our plain pages: nothing from outside; `frames` may show them in a frame."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )


def page(template: str, statutes: Statutes, **values: Any) -> str:
    """A whole page."""
    return environment().get_template(template).render(checked_on=statutes.checked_on, **values)


def answer_html(answer: Answer, statutes: Statutes, writing: bool = False) -> str:
    """One answer as a fragment: verdict, conclusion, folds; each citation a link to its page.

    `writing` says that a model is still at its part.
    """

    def md(text: str) -> Markup:
        return Markup(_markdown().render(_linked(text, statutes)))  # noqa: S704 html is off in the renderer

    def inline(text: str) -> Markup:
        return Markup(_markdown().renderInline(_linked(text, statutes)))  # noqa: S704 as above

    def provision(cited: Provision) -> Markup:
        note = Markup('<p class="note">提醒：{}</p>').format(cited.note) if cited.note else ""
        lines = Markup("").join(Markup("<p>{}</p>").format(line) for line in cited.text.split("\n"))
        since = f"（{cited.in_force_from} 起施行）" if cited.in_force_from else ""
        link = Markup('<p class="go"><a href="{}">打开《{}》{}的页面</a></p>').format(
            cited.url, cited.law, cited.reference.article.locator
        )
        name = Markup("<p><strong>{}</strong>{}</p>").format(str(cited.reference), since)
        return Markup('<div class="law">{}{}{}{}</div>').format(name, note, lines, link)

    template = environment().get_template("answer.html")
    searched = load_page_texts().doubts.searched
    return template.render(a=answer, md=md, inline=inline, provision=provision, searched=searched, writing=writing)


def turn_html(question: str, answer: Answer, statutes: Statutes, *, id: str = "", writing: bool = False) -> str:
    """One turn of a conversation: the person's words as text, the answer, the buttons under it.

    A turn that grows keeps its `id`, by which the page finds what to exchange.
    """
    return (
        environment()
        .get_template("turn.html")
        .render(
            question=question,
            id=id,
            answer=safe(answer_html(answer, statutes, writing)),
            shareable=answer.kind == "answer" and bool(answer.situation),
            reasons=load_page_texts().reasons.items(),
        )
    )


def safe(html: str) -> Markup:
    """Mark HTML that this module made as finished."""
    return Markup(html)  # noqa: S704 made by our own templates, which escape


def dial(text: str) -> Markup:
    """A plain text, whose telephone numbers can be dialled."""
    return Markup(_phones().sub(r'<a href="tel:\g<0>">\g<0></a>', str(escape(text))))  # noqa: S704 escaped


@lru_cache(maxsize=1)
def _phones() -> re.Pattern[str]:
    """The numbers of the channels where they are to be called.

    Not in a longer number, an article's, nor where an area code stands before it or its own record is meant.
    """
    numbers = sorted({c.phone for c in load_channels().values() if c.phone}, key=len, reverse=True)
    listed = "|".join(map(re.escape, numbers))
    return re.compile(
        rf"(?<![\d.第+＋加-])(?<![+＋加] )(?:{listed})(?![\d.%-]|\s?[条元]|报警记录|工单|查询结果|的?核实)"
    )


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False})


def _linked(text: str, statutes: Statutes) -> str:
    """Our own text, whose citations are known to resolve, with each, and each number to call, as a link."""
    text = _phones().sub(r"[\g<0>](tel:\g<0>)", text)
    found = [(f, f.reference) for f in find(text, statutes) if f.reference and names_of(statutes).article(f.reference)]
    return annotate(text, [Checked(f, "ok", (reference,)) for f, reference in found], statutes)
