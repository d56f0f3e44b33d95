"""A claim that another 款 or 项 of the article, or an article a few numbers away, clearly carries by its words."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.citations.cited import Cited
from corpus.citations.claimed import CLAIM_WIDE
from corpus.citations.likeness import longest_run, plain
from corpus.citations.pins import places, pointed_at
from corpus.reference import Reference
from corpus.statutes import Article

AWAY = 3  # articles before and behind the one cited
#: The share of the claim's words that the other has, and what it has ahead of the cited one and of each 款 beside it.
COVERED, LEAD = 0.35, 0.3
RUN = 4  # characters in a row that it shares with the claim, and the cited one has fewer of


def nearby(cited: Cited) -> Reference | None:
    """What carries the claim better than the one provision cited; None where nothing does so clearly."""
    article, evidence = cited.only, cited.evidence
    if article is None or not evidence.single or evidence.quotes or evidence.length < CLAIM_WIDE:
        return None
    claim = evidence.primary
    own = [text for reference in cited.references for text in pointed_at(article, reference)]
    rivals = {r: text for r, text in _rivals(cited, article) if text not in own and r.article not in evidence.near}
    if not rivals:
        return None

    def covered(words: str, text: str) -> float:
        return cited.held.claim(words).coverage_in(text)

    best = max(rivals, key=lambda r: covered(claim, rivals[r]))
    others = [covered(claim, rivals[r]) for r in rivals if r != best and r.article == best.article]
    needed = max(COVERED, LEAD + max([covered(cut, text) for cut in evidence.contexts for text in own] + others))
    runs = [longest_run(plain(cut), plain(text)) for cut in evidence.contexts for text in own]
    carried = covered(claim, rivals[best]) >= needed
    return best if carried and longest_run(plain(claim), plain(rivals[best])) > max(RUN - 1, *runs) else None


def _rivals(cited: Cited, article: Article) -> Iterator[tuple[Reference, str]]:
    """The other 款 and 项 where one is cited, and the articles near by."""
    reference, index = cited.references[0], cited.held.index(cited.law)
    if reference.paragraph or reference.item:
        yield from places(article)
    row, law = index.where[article.reference], index.laws[cited.law]
    for other in index.articles[max(law.start, row - AWAY) : min(law.stop, row + AWAY + 1)]:
        if other is not article:
            yield other.reference, other.text
