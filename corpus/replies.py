"""Replies that are no legal answer: help first in danger, a refusal, "not my field".

One Markdown file a kind in `replies/`, in the form of the cards: TOML front matter, then the text.
A front matter that has only `[words]` names pieces of patterns, which signs use as «name». What no pattern
catches is recognised by likeness to `messages.toml`: messages of each kind, and look-alikes that are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Literal, get_args

from corpus.cards import fronts, only, texts
from corpus.files import CardError, read_text, read_toml
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


@dataclass(frozen=True, slots=True)
class Reply:
    """`questions` are messages that call for it; `text` is Markdown, shown as it stands.

    `signs` are regular expressions that decide at once, whatever the search says. Somebody who was given this reply
    and goes on with words of `again` needs it again.
    """

    id: str
    kind: ReplyKind
    title: str
    questions: tuple[str, ...]
    channels: tuple[str, ...]
    signs: tuple[re.Pattern[str], ...]
    again: tuple[re.Pattern[str], ...]
    text: str


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
    """Every reply by id. Raises CardError naming the file."""
    replies: dict[str, Reply] = {}
    for kind in KINDS:
        words: dict[str, str] = {}
        for data, body in fronts(read_text(HERE / "replies" / f"{kind}.md"), kind):
            if set(data) == {"words"} and not body:
                words.update(data["words"])
                continue
            reply = _reply(kind, data, body, words)
            if reply.id in replies or not body:
                raise CardError(f"replies/{kind}.md：{reply.id} 重复，或者没有正文")
            replies[reply.id] = reply
    return replies


@lru_cache(maxsize=1)
def load_messages() -> tuple[Message, ...]:
    """Every message of messages.toml. Raises CardError where it cannot be read or one stands twice."""
    table = read_toml(HERE / "replies" / "messages.toml")
    try:
        only(table, get_args(MessageKind))
        messages = tuple(Message(text, kind) for kind in get_args(MessageKind) for text in texts(table[kind]))
    except (KeyError, ValueError) as error:
        raise CardError(f"replies/messages.toml：缺少或者写错了：{error}") from None
    if len({m.text for m in messages}) < len(messages):
        raise CardError("replies/messages.toml：有一句话写了两遍")
    return messages


def _reply(kind: ReplyKind, data: Mapping[str, Any], body: str, words: Mapping[str, str]) -> Reply:
    try:
        only(data, {field.name for field in fields(Reply)} - {"kind", "text"})
        return Reply(
            id=data["id"],
            kind=kind,
            title=data["title"],
            questions=texts(data["questions"]),
            channels=texts(data.get("channels", [])),
            signs=tuple(sign(s, words) for s in data.get("signs", ())),
            again=tuple(sign(s, words) for s in data.get("again", ())),
            text=body,
        )
    except (KeyError, ValueError, re.error) as error:
        who = data.get("id", "没有 id 的一条")
        raise CardError(f"replies/{kind}.md：{who} 缺少或者写错了 {error}") from None
