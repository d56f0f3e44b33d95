"""Replies that are no legal answer: help first in danger, a refusal, "not my field".

One Markdown file a kind in `replies/`, in the form of the cards: TOML front matter, then the text.
A front matter that has only `[words]` names pieces of patterns, which signs use as «name». What no pattern
catches is recognised by likeness to `messages.toml`: messages of each kind, and look-alikes that are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from corpus.cards import Card, fronts
from corpus.files import FileError, Texts, read_table, read_text, row, shaped
from corpus.statutes import HERE

ReplyKind = Literal["crisis", "refuse", "out_of_scope"]
KINDS: tuple[ReplyKind, ...] = get_args(ReplyKind)


#: What a message may call for: one of the replies, or an answer from a card.
MessageKind = Literal[ReplyKind, "answer"]


@dataclass(frozen=True, slots=True)
class Message:
    """An example of what people write, and what it calls for."""

    text: str
    kind: MessageKind


@row
@dataclass(frozen=True, slots=True)
class Messages:
    """messages.toml: what people write, by what it calls for."""

    crisis: Texts
    refuse: Texts
    out_of_scope: Texts
    answer: Texts


@row
@dataclass(frozen=True, slots=True)
class Reply:
    """`questions` are messages that call for it; `text` is Markdown, shown as it stands.

    `signs` are regular expressions that decide at once, whatever the search says. Somebody who was given this reply
    and goes on with words of `again` needs it again.
    """

    id: str
    kind: ReplyKind
    title: str
    questions: Texts
    text: str
    channels: Texts = ()
    signs: tuple[re.Pattern[str], ...] = ()
    again: tuple[re.Pattern[str], ...] = ()

    def signed(self, message: str) -> bool:
        """Whether one of its signs stands in a message."""
        return any(sign.search(message) for sign in self.signs)


#: What a message may tell of: what a card is about, or what calls for a reply.
Situation = Card | Reply


def sign(written: str | Mapping[str, str], words: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern of a sign: a verbose regular expression, or a table of them.

    In a table `find` must be somewhere in the message, `also` too, in any order, and `unless`
    nowhere. Raises KeyError for an unknown key or word, re.error for a bad pattern.
    """
    parts = {"find": written} if isinstance(written, str) else dict(written)
    parts = {k: re.sub(r"«(.+?)»", lambda m: f"(?:{words[m[1]]})", v) for k, v in parts.items()}
    pattern = f"(?:{parts.pop('find')}\n)"
    if parts:
        also, unless = parts.pop("also", ""), parts.pop("unless", "")
        pattern = f"(?=.*?{pattern})" + (f"(?=.*?(?:{also}\n))" if also else "")
        pattern = "^" + (f"(?!.*?(?:{unless}\n))" if unless else "") + pattern
    if parts:
        raise KeyError(*parts)
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


@lru_cache(maxsize=1)
def load_replies() -> Mapping[str, Reply]:
    """Every reply by id. Raises FileError naming the file."""
    replies: dict[str, Reply] = {}
    for kind in KINDS:
        words: dict[str, str] = {}
        for data, body in fronts(read_text(HERE / "replies" / f"{kind}.md"), kind):
            if set(data) == {"words"} and not body:
                words.update(data["words"])
                continue
            reply = _reply(kind, data, body, words)
            if reply.id in replies or not body:
                raise FileError(f"replies/{kind}.md：{reply.id} 重复，或者没有正文")
            replies[reply.id] = reply
    return replies


@lru_cache(maxsize=1)
def load_messages() -> tuple[Message, ...]:
    """Every message of messages.toml. Raises FileError where it cannot be read or one stands twice."""
    table = read_table(HERE / "replies" / "messages.toml", Messages)
    messages = tuple(Message(text, kind) for kind in get_args(MessageKind) for text in getattr(table, kind))
    if len({m.text for m in messages}) < len(messages):
        raise FileError("replies/messages.toml：有一句话写了两遍")
    return messages


def _reply(kind: ReplyKind, data: Mapping[str, Any], body: str, words: Mapping[str, str]) -> Reply:
    place = f"replies/{kind}.md：{data.get('id', '没有 id 的一条')}"
    if strange := data.keys() & {"kind", "text"}:
        raise FileError(f"{place}：不认得 {'、'.join(strange)}")
    try:
        signs = {key: [sign(s, words) for s in data.get(key, ())] for key in ("signs", "again")}
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        raise FileError(f"{place}：signs 或 again 写错了：{error}") from None
    return shaped({**data, "kind": kind, "text": body, **signs}, Reply, place)
