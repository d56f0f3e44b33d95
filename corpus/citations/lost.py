"""Where is a rule whose number leads nowhere? By its words in the text, which are quoted, copied or claimed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from corpus.citations.candidates import candidates, ranked, tied
from corpus.citations.claimed import CARRIED, may_be_weighed
from corpus.citations.evidence import Evidence
from corpus.citations.held import Held
from corpus.citations.likeness import closeness, plain
from corpus.reference import Reference

CARRIED_QUOTE, CARRIED_SHORTEST = 72.0, 10  # closeness and length that show where the words of a lost number are


def carriers(held: Held, laws: Sequence[str], evidence: Evidence) -> tuple[Reference, ...]:
    """The articles that carry what is said, where the number cited leads nowhere; () where none shows.

    The first of `laws` whose text is held is searched first: what took a repealed law's place, or the law cited.
    """
    law = next((name for name in laws if name in held), None)
    if law is None:
        return ()
    return _of_copy(held, law, evidence) or _of_claim(held, law, evidence)


def _of_copy(held: Held, law: str, evidence: Evidence) -> tuple[Reference, ...]:
    """The articles of the words, quoted or copied, that are the closest to any."""
    best: tuple[float, tuple[Reference, ...]] = (0.0, ())
    for words in (*evidence.quotes, *evidence.copied):
        compared = plain(words)
        scored = ranked(candidates(held, words, law), partial(closeness, compared))
        closest = scored[0][0] if scored else 0.0
        if closest >= CARRIED_QUOTE and closest > best[0] and len(compared) >= CARRIED_SHORTEST:
            best = closest, tied(scored, law)
    return best[1]


def _of_claim(held: Held, law: str, evidence: Evidence) -> tuple[Reference, ...]:
    """The article of that law that has most words of the claim."""
    if not may_be_weighed(evidence):
        return ()
    index = held.index(law)
    scores = held.claim(evidence.primary, law).scores
    rows = index.nearest(scores.rank, law, 2)
    found = rows and scores.covered[rows[0]] >= CARRIED
    return (index.articles[rows[0]].reference,) if found else ()
