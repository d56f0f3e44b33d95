"""Replies that are no legal answer: help first in danger, a refusal, "not my field".

One Markdown file a kind in `replies/`, in the form of the cards: TOML front matter, then the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from corpus.cards import CardError, fronts
from corpus.statutes import HERE

ReplyKind = Literal["crisis", "refuse", "out_of_scope"]
KINDS: tuple[ReplyKind, ...] = get_args(ReplyKind)


@dataclass(frozen=True, slots=True)
class Reply:
    """`questions` are messages that call for it; `text` is Markdown, shown as it stands.

    `signs` are regular expressions that decide at once, whatever the search says.
    """

    id: str
    kind: ReplyKind
    title: str
    questions: tuple[str, ...]
    channels: tuple[str, ...]
    signs: tuple[str, ...]
    text: str


@lru_cache(maxsize=1)
def load_replies() -> Mapping[str, Reply]:
    """Every reply by id. Raises CardError naming the file."""
    replies: dict[str, Reply] = {}
    for kind in KINDS:
        for data, body in fronts((HERE / "replies" / f"{kind}.md").read_text("utf-8"), kind):
            try:
                reply = Reply(
                    id=data["id"],
                    kind=kind,
                    title=data["title"],
                    questions=tuple(data["questions"]),
                    channels=tuple(data.get("channels", ())),
                    signs=tuple(data.get("signs", ())),
                    text=body,
                )
            except KeyError as error:
                raise CardError(f"replies/{kind}.md：{data.get('id', '没有 id 的一条')} 缺少 {error}") from None
            if reply.id in replies or not body:
                raise CardError(f"replies/{kind}.md：{reply.id} 重复，或者没有正文")
            replies[reply.id] = reply
    return replies
