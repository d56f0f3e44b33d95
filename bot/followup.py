"""A message as it is meant: by itself, or with what was spoken of before."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.answer import Kind
from bot.reading import Reading, is_reply
from bot.wordings import heard
from corpus.cards import Card
from corpus.replies import Reply

#: From this score on a message of more than SHORT characters that neither leads on nor points back is read by itself;
#: from a card's probability OWN on any but one that leads on, from DECLINED on also that after a message that got no
#: card. From REPLIED on a reply answers a message by itself. With the message before it, it may score LESS. Measured
#: on the conversations of the exams and on questions put after another question or a refusal.
ALONE, SHORT, OWN, DECLINED, REPLIED, LESS = 0.3, 8, 0.7, 0.35, 0.5, 0.1
#: How a message leads on from the one before it, and how one points back that may also stand by itself.
_LEADS = re.compile(r"^(那(?![天个些帮年时位])|这样|可(?![以能])|但)|(呢|这样|那样)[?？]?$")
_POINTS = re.compile(
    r"^([他她它不那这啊嗯]|还有(?!人)|如果|要是|为什么|然后|所以|[好行对](?=[,，。!！ 的了啊吧呀呢]|$))"
)


def follows(text: str) -> bool:
    """Whether a message leads on from the one before it, points back to it or says little by itself."""
    return len(text) <= SHORT or bool(_LEADS.search(text) or _POINTS.search(text) or heard("again", text))


def meant(alone: Reading, before: str, answered: Callable[[], Kind | None]) -> Reading:
    """The message as it is meant.

    `alone` is the message by itself, `before` what the person spoke of before, `answered` gives the kind of reply to
    that. Danger does not follow unless it leads on, nor does what a reply answers by itself, unless it tells how a
    story goes on; after a message that got no card, only what leads on or points back and is not sure by itself.
    Whoever was refused and asks for the lawful way is read by himself. A short word of danger after another one is read
    with it, so that the right help is chosen.
    """
    first, text = alone.matches[0], alone.text
    danger = is_reply(first.situation, "crisis") or alone.like_danger
    leads = bool(_LEADS.search(text))
    both = f"{before} {text}"
    if danger and len(text) <= SHORT and answered() == "crisis":
        return Reading(alone.others, both, alone.matches)
    if (danger and not leads) or (heard("lawful", text) and answered() == "refuse"):
        return alone
    if is_reply(first.situation, "out_of_scope") and heard("goes_on", text):
        return alone.others[both]
    if isinstance(first.situation, Reply) and first.score >= REPLIED:
        return alone
    following = follows(text)
    own = alone.card if isinstance(first.situation, Card) else 0.0
    if (not following and first.score >= ALONE) or (not leads and own >= OWN):
        return alone
    if (not following or own >= DECLINED) and answered() in ("crisis", "refuse", "out_of_scope"):
        return alone
    together = alone.others[both]
    return together if together.matches[0].score >= first.score - LESS else alone
