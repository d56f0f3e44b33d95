"""Statutes and articles by their address, as 民法典/1032, as the API gives them, and the cards that rely on them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from corpus.cards import Card, load_cards
from corpus.citations import find, resolve
from corpus.citations.law_names import name_key, names_of
from corpus.reference import Reference
from corpus.statutes import Article, Statute, Statutes


class NotFound(LookupError):
    """No statute or article has this address; the message says what is there instead."""


def url_of(article: Reference) -> str:
    """The address of an article's page, as /statutes/刑法/253-1."""
    return f"/statutes/{article.law}/{article.key}"


def find_statute(statutes: Statutes, law: str) -> Statute:
    """The statute of an address: short name, full name or alias, also in 《》; of all law in force. Raises NotFound."""
    if found := _statute(statutes, law):
        return found
    raise NotFound(_instead(statutes, law))


def find_article(statutes: Statutes, law: str, key: str) -> Article:
    """The article of an address. Raises NotFound."""
    match = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,3}))?", key)
    if not match:
        raise NotFound("条号要写成数字，比如 /statutes/民法典/1032 或 /statutes/刑法/253-1")
    statute = _statute(statutes, law)
    if statute is None:
        raise NotFound(_instead(statutes, law, f"第{match[1]}条" + (f"之{match[2]}" if match[2] else "")))
    article = statute.by_key.get((int(match[1]), int(match[2] or 0)))
    if article is None:
        if match[2] and (int(match[1]), 0) in statute.by_key:
            raise NotFound(f"《{statute.name}》第 {match[1]} 条没有之{match[2]}。")
        last = statute.articles[-1].reference
        raise NotFound(f"《{statute.name}》没有第 {key} 条，最后一条是{last.locator}。")
    return article


def _statute(statutes: Statutes, law: str) -> Statute | None:
    if found := statutes.by_name.get(law):
        return found
    names = names_of(statutes)
    name = names.known(law)
    held = names.held.get(name.law or "") if name else None
    return held.by_name[name.law or ""] if name and held else None


def _instead(statutes: Statutes, law: str, place: str = "") -> str:
    """What became of a statute that is not here, and of its article."""
    named = f"《{name_key(law)[:40]}》{place}"
    note = next((resolve(found, statutes).note for found in find(named, statutes)), "")
    return note or f"这里没有《{law[:40]}》。收录的法律见 /statutes/"


def article_json(article: Article, statutes: Statutes) -> dict[str, Any]:
    """An article as the API gives it; `note` also says what an older version had under that number."""
    former = (resolve(found, statutes).note for found in find(str(article.reference), statutes))
    return {
        "law": article.law,
        "number": article.number,
        "suffix": article.suffix,
        "path": list(article.path),
        "in_force_from": article.in_force_from.isoformat() if article.in_force_from else None,
        "paragraphs": [{"text": p.lead, "items": list(p.items)} for p in article.paragraphs],
        "text": article.text,
        "note": "".join((article.note, *former)),
        "url": url_of(article.reference),
    }


def find_numbered(statutes: Statutes, law: str, written: str) -> Article:
    """The article of a number as people write it: 1033, 第一千零三十三条, 253之一. Raises NotFound."""
    key = written.strip()
    if not re.fullmatch("[0-9-]+", key):
        place = key if "条" in key else re.sub("^[^之]+", r"第\g<0>条", key)
        found = next((f.reference for f in find(f"《{law}》{place}", statutes) if f.reference), None)
        if found is None:
            raise NotFound(f"没看懂「{key[:20]}」。请写条号，比如 12 或者第十二条。")
        key = found.key
    return find_article(statutes, law, key)


def relying(article: Reference) -> Sequence[Card]:
    """The cards that rely on an article."""
    return _relying().get(article, ())


@lru_cache(maxsize=1)
def _relying() -> Mapping[Reference, list[Card]]:
    """Cards by the articles they rely on."""
    found: dict[Reference, list[Card]] = defaultdict(list)
    for card in load_cards().values():
        for article in dict.fromkeys(r.article for r in card.citations):
            found[article].append(card)
    return found
