"""Statutes and articles by their address, as 民法典/1032, and as the API gives them."""

from __future__ import annotations

import re
from typing import Any

from corpus.reference import Reference
from corpus.statutes import Article, Statute, Statutes


class NotFound(LookupError):
    """No statute or article has this address; the message says what is there instead."""


def find_statute(statutes: Statutes, law: str) -> Statute:
    """The statute of an address: short name, full name or alias. Raises NotFound."""
    name = law.removeprefix("中华人民共和国")
    found = statutes.by_name.get(name) or next((s for s in statutes if name in s.aliases), None)
    if found is None:
        raise NotFound(f"这里没有《{law[:40]}》。收录的法律见 /statutes/")
    return found


def find_article(statutes: Statutes, law: str, key: str) -> Article:
    """The article of an address. Raises NotFound."""
    statute = find_statute(statutes, law)
    match = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,3}))?", key)
    if not match:
        raise NotFound("条号要写成数字，比如 /statutes/民法典/1032 或 /statutes/刑法/253-1")
    article = statutes.article(Reference(statute.name, int(match[1]), int(match[2] or 0)))
    if article is None:
        last = statute.articles[-1].reference
        raise NotFound(f"《{statute.name}》没有第 {key} 条，最后一条是{last.place}。")
    return article


def article_json(article: Article) -> dict[str, Any]:
    """An article as the API gives it."""
    return {
        "law": article.law,
        "number": article.number,
        "suffix": article.suffix,
        "path": list(article.path),
        "in_force_from": article.in_force_from.isoformat() if article.in_force_from else None,
        "paragraphs": [{"text": p.lead, "items": list(p.items)} for p in article.paragraphs],
        "text": article.text,
        "note": article.note,
        "url": article.reference.url,
    }
