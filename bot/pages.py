"""Plain pages: statutes, articles, situations, the sitemap. Readable without scripts, linkable, printable."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot import compose, gate, render
from bot.articles import find_article, find_numbered, find_statute, relying, url_of
from bot.state import Law, Site
from corpus.cards import Card, load_cards, load_contents, load_merged, topic_title
from corpus.statutes import Article, Statute, Statutes

router = APIRouter(default_response_class=HTMLResponse)


def lasting(response: Response) -> None:
    """Let browsers keep the law for an hour: so often a running server looks for what has come into force."""
    response.headers["Cache-Control"] = "max-age=3600"


LASTING = [Depends(lasting)]


@router.get("/statutes/", include_in_schema=False, dependencies=LASTING)
@router.get("/statutes", include_in_schema=False, dependencies=LASTING)
def statutes_page(statutes: Law) -> str:
    """All statutes of the scope, as a list of links."""
    return render.page("statutes.html", statutes, listed=statutes.all)


@router.get("/statutes/{law}", include_in_schema=False, dependencies=LASTING, response_model=None)
def statute_page(law: str, statutes: Law, n: str = "") -> str | Response:
    """A statute; with `n`, what somebody wrote in its field, that article."""
    statute = find_statute(statutes, law)
    if n.strip():
        article = find_numbered(statutes, statute.name, unicodedata.normalize("NFKC", n))
        return RedirectResponse(quote(url_of(article.reference)), 303)
    return _whole(statutes, statute.name)


@lru_cache(maxsize=512)
def _whole(statutes: Statutes, name: str) -> str:
    """A statute, kept: a long one takes longer than an answer, and crawlers want them all, again and again."""
    statute = find_statute(statutes, name)
    sections = list(_sections(statute))
    contents = [(level, heading, f"{a.reference.key}-h{level}") for heads, a in sections for level, heading in heads]
    listed = statute.name in statutes.by_name
    return render.page("statute.html", statutes, statute=statute, listed=listed, sections=sections, contents=contents)


@router.get("/statutes/{law}/{key}", include_in_schema=False, dependencies=LASTING)
def article_page(law: str, key: str, statutes: Law, site: Site) -> str:
    """An article as `find_article` finds it, with its neighbours and the cards that rely on it; 404 where it is not."""
    article = find_article(statutes, law, key)
    statute = find_statute(statutes, article.law)
    before, after = statute.neighbours(article)
    address = site + quote(url_of(article.reference))
    return render.page(
        "article.html",
        statutes,
        article=article,
        adopted=statute.adopted,
        listed=statute.name in statutes.by_name,
        address=address,
        about=_about(article, statute, address),
        before=before,
        after=after,
        cards=relying(article.reference),
    )


@router.get("/situations/", include_in_schema=False)
@router.get("/situations", include_in_schema=False)
def situations_page(statutes: Law) -> str:
    """All cards by topic, as a list of links."""
    cards: dict[str, list[Card]] = defaultdict(list)
    for card in load_cards().values():
        cards[card.topic].append(card)
    return render.page("situations.html", statutes, contents=load_contents(), cards=cards)


@router.get("/situations/{name}", include_in_schema=False, response_model=None)
def situation_page(name: str, statutes: Law) -> str | Response:
    """A card; a former id leads to the card that it was merged into, since people keep addresses."""
    if kept := load_merged().get(name):
        return RedirectResponse(f"/situations/{kept}", 308)
    card = load_cards().get(name)
    if card is None:
        raise HTTPException(404, "没有这个情形，可能改了名字。请在常见情形里找。")
    answer = gate.seal(compose.from_card(card, statutes), statutes)
    answer.title = ""  # it is the page's heading
    return render.page(
        "situation.html",
        statutes,
        card=card,
        topic=topic_title(card.topic),
        answer=render.safe(render.answer_html(answer, statutes)),
    )


@router.get("/sitemap.xml", include_in_schema=False)
def sitemap(statutes: Law, site: Site) -> Response:
    """Every page that a search engine may show: the lists, each card, each statute and each article."""
    places = "".join(f"<url><loc>{site}{path}</loc></url>" for path in _paths(statutes))
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    return Response(body, media_type="application/xml")


@lru_cache(maxsize=1)
def _paths(statutes: Statutes) -> list[str]:
    """The paths of the sitemap, as they stand in an address."""
    paths = ["/", "/statutes/", "/situations/", "/check"]
    paths += [f"/situations/{name}" for name in load_cards()]
    paths += [f"/statutes/{s.name}" for s in statutes] + [url_of(a.reference) for a in statutes.articles()]
    return [quote(path) for path in paths]


@router.get("/robots.txt", include_in_schema=False)
def robots(site: Site) -> Response:
    """Everything may be read by search engines but the volunteers' desk."""
    return PlainTextResponse(f"User-agent: *\nAllow: /\nDisallow: /desk\nSitemap: {site}/sitemap.xml\n")


def _about(article: Article, statute: Statute, address: str) -> dict[str, object]:
    """The article for search engines, in the words of schema.org."""
    force = None if article.outdated else article.in_force_from
    return {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": str(article.reference),
        "url": address,
        "inLanguage": "zh-CN",
        "text": article.text,
        "legislationJurisdiction": "CN",
        "legislationDateVersion": statute.adopted.isoformat(),
        "legislationLegalForce": f"https://schema.org/{'NotInForce' if article.outdated else 'InForce'}",
        "isPartOf": {"@type": "Legislation", "name": statute.official},
        **({"temporalCoverage": f"{force.isoformat()}/.."} if force else {}),
    }


def _sections(statute: Statute) -> Iterator[tuple[list[tuple[int, str]], Article]]:
    """Each article with the headings that begin at it, as (level, heading)."""
    last: tuple[str, ...] = ()
    for article in statute.articles:
        same = 0
        while same < min(len(last), len(article.path)) and last[same] == article.path[same]:
            same += 1
        yield [(level, h) for level, h in enumerate(article.path) if level >= same], article
        last = article.path
