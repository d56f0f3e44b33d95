"""Words of an article that stand in another 款 or 项 of it than the one cited."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.citations.assessment import Assessment
from corpus.citations.cited import Cited
from corpus.citations.likeness import closeness, plain
from corpus.reference import Reference
from corpus.statutes import Article

_EXACT = 6  # characters of words that must stand there letter by letter
_CLOSE = 12  # … from which on a near copy will do
_THERE, _AWAY = 90.0, 60.0  # how close words of another 款 are to it, and at most to the one cited


def pinned_quotes(cited: Cited) -> Assessment | None:
    """Where the words that are set out in quotation marks stand."""
    return _pinned(cited, cited.evidence.set_out)


def pinned_claim(cited: Cited) -> Assessment | None:
    """Where the words of the claim stand, if nothing but the article's own words is quoted."""
    evidence = cited.evidence
    return _pinned(cited, (evidence.primary,)) if evidence.set_out or not evidence.quotes else None


def _pinned(cited: Cited, words: Sequence[str]) -> Assessment | None:
    """Where in the one article cited the words stand, if not in the 款 or 项 that is cited; None where that is open."""
    article, references = cited.only, cited.references
    said = [w for w in map(plain, words) if len(w) >= _EXACT]
    if article is None or not said or any(r.paragraph is None and r.item is None for r in references):
        return None
    own = [plain(text) for r in references for text in pointed_at(article, r)]
    if any(closeness(w, text) >= _AWAY or w in text for w in said for text in own):
        return None
    stands = [r for r, text in places(article) if all(_stands(w, plain(text)) for w in said)]
    if len(stands) != 1 or stands[0] in references:
        return None
    return Assessment(moved=(stands[0],), sure=True)


def pointed_at(article: Article, cited: Reference) -> list[str]:
    """The words that may be meant: an item without its 款 may be of any that has so many."""
    if cited.paragraph is None and cited.item:
        return [p.items[cited.item - 1] for p in article.paragraphs if len(p.items) >= cited.item]
    return [article.quote(cited) or ""]


def _stands(words: str, text: str) -> bool:
    return words in text or (_CLOSE <= len(words) <= len(text) and closeness(words, text) >= _THERE)


def places(article: Article) -> list[tuple[Reference, str]]:
    """Every 款 without 项, and every 项, with its words."""
    law, key = article.law, (article.number, article.suffix)
    out = []
    for n, paragraph in enumerate(article.paragraphs, 1):
        of = n if len(article.paragraphs) > 1 else None
        out += [(Reference(law, *key, of, i), item) for i, item in enumerate(paragraph.items, 1)]
        if not paragraph.items:
            out.append((Reference(law, *key, n), paragraph.text))
    return out
