"""Replies that are no legal answer: help first in danger, a refusal, "not my field".

One Markdown file a kind in `replies/`, in the form of the cards: TOML front matter, then the text.
A front matter that has only `[words]` names pieces of patterns, which signs use as «name». What no pattern
catches is recognised by likeness to `messages.toml`: messages of each kind, and look-alikes that are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator

from corpus.cards import Card, fronts
from corpus.files import HERE, FileError, Strings, Word, from_file, read_table, read_text, shaped

ReplyKind = Literal["crisis", "refuse", "out_of_scope"]
KINDS: tuple[ReplyKind, ...] = get_args(ReplyKind)


#: What the bot goes by in a conversation, each true of a reply or several.
MARKS = ("small_talk", "asks_back", "literal")
#: What a message may call for: one of the replies, or an answer from a card.
MessageKind = Literal[ReplyKind, "answer"]


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """An example of what people write, and what it calls for."""

    text: str
    kind: MessageKind


@from_file
@dataclass(frozen=True, slots=True)
class Messages:
    """messages.toml: what people write, by what it calls for."""

    crisis: Strings
    refuse: Strings
    out_of_scope: Strings
    answer: Strings


@from_file
@dataclass(frozen=True, slots=True)
class Reply:
    """`questions` are messages that call for it; `text` is Markdown, shown as it stands.

    `signs` are regular expressions that decide at once, whatever the search says. Somebody who was given this reply
    and goes on with words of `again` needs it again. Where it has `must_name`, the search chooses it only for
    messages with such words: whoever names no child is not told to spare his own.

    `small_talk`: what calls for it is no matter that one speaks of. `asks_back`: it asks what has happened, so that
    after an answer its signs lead on from that. `literal`: its signs are never a way of speaking.
    """

    id: str
    kind: ReplyKind
    title: str
    questions: Strings
    text: str
    channels: Strings = ()
    signs: tuple[re.Pattern[str], ...] = ()
    again: tuple[re.Pattern[str], ...] = ()
    must_name: tuple[re.Pattern[str], ...] = ()
    small_talk: bool = False
    asks_back: bool = False
    literal: bool = False

    def signed(self, message: str) -> bool:
        """Whether one of its signs stands in a message."""
        return any(sign.search(message) for sign in self.signs)

    def suits(self, message: str) -> bool:
        """Whether the search may choose it for a message."""
        return not self.must_name or any(words.search(message) for words in self.must_name)


_NAME = re.compile("«([^«»]+)»")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_FLAGS = re.VERBOSE | re.IGNORECASE
_SIGNS = ("signs", "again", "must_name")
#: What a message may tell of: what a card is about, or what calls for a reply.
Situation = Card | Reply


@from_file
@dataclass(frozen=True, slots=True)
class Sign:
    """A sign as it is written, in verbose regular expressions; a text by itself is what to `find`.

    `find` must be somewhere in the message, `also` too, in any order, and `unless` nowhere.
    """

    find: Word
    also: str = ""
    unless: str = ""


_Written = Annotated[Sign, BeforeValidator(lambda one: {"find": one} if isinstance(one, str) else one)]


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs of a front matter."""

    signs: tuple[_Written, ...] = ()
    again: tuple[_Written, ...] = ()
    must_name: tuple[_Written, ...] = ()


def compiled(sign: Sign, words: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern of a sign, with `words` in the place of «name».

    Raises ValueError for a word that is not there, and for a part that cannot be read or stands in every message.
    """
    find, also, unless = (_part(part, words) for part in (sign.find, sign.also, sign.unless))
    if also or unless:
        find = "^" + (f"(?!.*?{unless})" if unless else "") + f"(?=.*?{find})" + (f"(?=.*?{also})" if also else "")
    return re.compile(find, _FLAGS)


def _part(written: str, words: Mapping[str, str]) -> str:
    if not written:
        return ""
    if unknown := [name for name in _NAME.findall(written) if name not in words]:
        raise ValueError(f"[words] 里没有 {'、'.join(unknown)}")
    filled = _NAME.sub(lambda name: f"(?:{words[name[1]]})", written)
    bare = _COMMENT.sub("", filled)
    if re.search("[«»]", bare):
        raise ValueError(f"« » 没有成对：{written.strip()[:30]}")
    if re.search(r"(?<!\\)#", bare):
        raise ValueError(r"# 前面空一格才是注释；要找的就是 # 这个字，写 \#")
    part = f"(?:{filled}\n)"
    try:
        everywhere = re.compile(part, _FLAGS).search("")
    except re.error as error:
        raise ValueError(f"不是正则表达式（{error}）：{written.strip()[:30]}") from None
    if everywhere:
        raise ValueError(f"什么话里都找得到：{written.strip()[:30]}")
    return part


@lru_cache(maxsize=1)
def load_replies() -> Mapping[str, Reply]:
    """Every reply by id. Raises FileError naming the file."""
    replies: dict[str, Reply] = {}
    for kind in KINDS:
        words: dict[str, str] = {}
        for data, body in fronts(read_text(HERE / "replies" / f"{kind}.md"), kind):
            if set(data) == {"words"} and not body:
                added = shaped(data["words"], dict[Word, Word], f"replies/{kind}.md：words")
                if twice := words.keys() & added.keys():
                    raise FileError(f"replies/{kind}.md：words 里的 {'、'.join(twice)} 写了两次")
                words |= added
                continue
            reply = _reply(kind, data, body, words)
            if reply.id in replies or not body:
                raise FileError(f"replies/{kind}.md：{reply.id} 重复，或者没有正文")
            replies[reply.id] = reply
    return replies


@lru_cache(maxsize=1)
def load_messages() -> tuple[LabelledMessage, ...]:
    """Every message of messages.toml. Raises FileError where it cannot be read or one stands twice."""
    table = read_table(HERE / "replies" / "messages.toml", Messages)
    messages = tuple(LabelledMessage(text, kind) for kind in get_args(MessageKind) for text in getattr(table, kind))
    if len({m.text for m in messages}) < len(messages):
        raise FileError("replies/messages.toml：有一句话写了两遍")
    return messages


def problems(replies: Mapping[str, Reply]) -> Iterator[str]:
    """Marks that no reply has, in words for the replies' author."""
    for mark in MARKS:
        if not any(getattr(reply, mark) for reply in replies.values()):
            yield f"replies/: 没有一段写着 {mark} = true"


def _reply(kind: ReplyKind, data: Mapping[str, Any], body: str, words: Mapping[str, str]) -> Reply:
    place = f"replies/{kind}.md：{data.get('id', '没有 id 的一条')}"
    if strange := data.keys() & {"kind", "text"}:
        raise FileError(f"{place}：不认得 {'、'.join(strange)}")
    written = shaped({key: data[key] for key in _SIGNS if key in data}, _Signs, place)
    try:
        signs = {key: tuple(compiled(sign, words) for sign in getattr(written, key)) for key in _SIGNS}
    except ValueError as error:
        raise FileError(f"{place}：signs、again 或 must_name 写错了：{error}") from None
    return shaped({**data, "kind": kind, "text": body, **signs}, Reply, place)
