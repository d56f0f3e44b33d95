"""Articles that share words with what is said: which are the closest to it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from corpus.citations.held import Held
from corpus.reference import Reference

TIED = 2.5  # articles so little behind the closest one are named with it
NAMED = 3  # … so many at most


def candidates(
    held: Held,
    words: str,
    law: str,
    old: Sequence[Reference] = (),
    cited: Sequence[Reference] = (),
    count: int = 8,
) -> Iterator[tuple[Reference, str]]:
    """Articles that are not cited and share words with a text, and their words: of `old`, of that law, and of all."""
    index, given = held.index(law), {r.article for r in cited}
    for reference in old:
        if reference in index.where and reference not in given:
            given.add(reference)
            yield reference, index.texts[index.where[reference]]
    for source, within in ((index, law), (held.everywhere, None)):
        for row in source.nearest(held.claim(words, within).scores.rank, within, count):
            reference = source.articles[row].reference
            if reference not in given:
                given.add(reference)
                yield reference, source.texts[row]


def ranked(found: Iterable[tuple[Reference, str]], likeness: Callable[[str], float]) -> list[tuple[float, Reference]]:
    """Candidates by the likeness of their words, the closest first."""
    return sorted(((likeness(text), reference) for reference, text in found), key=lambda one: -one[0])


def tied(scored: Sequence[tuple[float, Reference]], law: str) -> tuple[Reference, ...]:
    """The closest ones of those that are ranked (likeness 0 to 100), articles of the law cited first."""
    ties = (r for score, r in scored if score >= scored[0][0] - TIED)
    return tuple(sorted(ties, key=lambda r: r.law != law)[:NAMED])
