"""What answers and pages of cards pass through: lines with a citation that does not resolve are left out there."""

from __future__ import annotations

import logging

from bot import compose
from bot.answer import Answer, Provision
from corpus.citations import find, resolve
from corpus.statutes import Statutes

log = logging.getLogger(__name__)


def seal(answer: Answer, statutes: Statutes) -> Answer:
    """Check what relies on the law, write the Markdown, and return the answer.

    Quoted provisions are compared with the statutes word for word; in conclusion, reasons, limits, steps, evidence
    and a model's words a line that cites what is not there is dropped and logged. Warnings are exempt: they name what
    the person cited wrongly. Titles, branches, choices, channels and outside rules are taken as they are.
    """
    answer.citations = [c for c in answer.citations if Provision.of(c.reference, statutes, searched=c.searched) == c]
    answer.conclusion = _sound(answer.conclusion, statutes)
    answer.reasons = _sound(answer.reasons, statutes)
    answer.limits = _sound(answer.limits, statutes)
    answer.told = _sound(answer.told, statutes)
    answer.steps = [s for s in answer.steps if _sound(s, statutes) == s]
    answer.evidence = [e for e in answer.evidence if _sound(e, statutes) == e]
    answer.answer = compose.write(answer)
    return answer


def _sound(text: str, statutes: Statutes) -> str:
    kept = []
    for line in text.split("\n"):
        cited = [f for f in find(line, statutes) if f.reference or f.unread]
        bad = [f for f in cited if resolve(f, statutes).status != "ok"]
        if bad:
            log.error("dropped a line with a citation that does not resolve: %s", bad[0].written)
        else:
            kept.append(line)
    return "\n".join(kept)
