"""A message as it is meant: by itself, or with the one before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.answer import Kind
from corpus.cards import Card
from corpus.replies import Reply
from index.retriever import Index, Match, Query

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
#: 依据哪条: asks for what the answer before rests on, which stands below it.
_GROUNDS = re.compile(
    r"^[那你这上面刚才说的是]*(?:法律)?(?:依据|根据|引用|出自|凭)[^,，。]{0,4}[哪几什啥][^,，。]{0,4}$"
)


def meant(
    index: Index, query: Query, alone: list[Match], before: str, danger: bool, answered: Callable[[], Kind]
) -> tuple[Query, list[Match]]:
    """The message as it is meant, and its situations.

    `alone` are those of the message by itself, `danger` whether it is so like danger; `before` is what the person said
    before, `answered` gives the kind of reply to that. Danger does not follow unless it leads on, nor does what a reply
    answers by itself; after a message that got no card, only what leads on or points back and is not sure by itself.
    A short word of danger after another one is read with it, so that the right help is chosen.
    """
    first, text = alone[0], query.text
    leads = bool(_LEADS.search(text))
    both = index.query(f"{before} {text}")
    if danger and len(text) <= SHORT and answered() == "crisis":
        return both, alone
    if (danger and not leads) or (isinstance(first.card, Reply) and first.score >= REPLIED):
        return query, alone
    if _GROUNDS.search(text):
        earlier = index.query(before)
        return earlier, index.matches(earlier)
    follows = leads or len(text) <= SHORT or bool(_POINTS.search(text))
    own = likeliest_card(alone) if isinstance(first.card, Card) else 0.0
    if (not follows and first.score >= ALONE) or (not leads and own >= OWN):
        return query, alone
    if (not follows or own >= DECLINED) and answered() in ("crisis", "refuse", "out_of_scope"):
        return query, alone
    together = index.matches(both)
    return (both, together) if together[0].score >= first.score - LESS else (query, alone)


def likeliest_card(matches: Sequence[Match]) -> float:
    """The probability of the likeliest card, 0 where there is none."""
    return max((m.probability for m in matches if isinstance(m.card, Card)), default=0.0)
