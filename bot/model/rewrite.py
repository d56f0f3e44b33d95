"""A follow-up made into a whole question by the model, if what it writes adds nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.model import figures
from bot.model.form import unsafe
from bot.model.line import Line, ModelFailure
from bot.model.prompt import to_rewrite
from bot.normalise import normalise
from corpus.citations.likeness import plain

log = logging.getLogger(__name__)
SECONDS, LONGEST = 4.0, 120
#: Share of the pairs of characters of the new question that the person has written.
OWN = 0.5


def rewrite(line: Line, question: str, before: Sequence[str]) -> str | None:
    """The whole question, or None where the model fails or adds to what the person said."""
    written = ""
    pieces = line.say(to_rewrite(question, before), SECONDS)
    try:
        for piece in pieces:
            written += piece
            if "\n" in written.strip() or len(written) > 2 * LONGEST:
                break
    except ModelFailure as failure:
        log.warning("model: follow-up not rewritten: %s", failure.reason)
        return None
    finally:
        pieces.close()
    whole = written.strip().split("\n")[0].strip('「」“”" ')
    said = "\n".join((*before, question))
    if not faithful(whole, said):
        log.warning("model: follow-up not rewritten: unfaithful")
        return None
    return whole


def faithful(whole: str, said: str) -> bool:
    """Whether a rewritten question holds no law, figure, foreign word or matter that was not said."""
    text, known = normalise(whole), normalise(said)
    if not 4 <= len(text) <= LONGEST or unsafe(text, known) or ("《" in text and "《" not in known):
        return False
    if not figures.known(text, [known], known):
        return False
    words, own = plain(text), plain(known)
    pairs = [words[i : i + 2] for i in range(len(words) - 1)]
    return bool(pairs) and sum(p in own for p in pairs) >= OWN * len(pairs)
