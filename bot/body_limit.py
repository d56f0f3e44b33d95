"""How much a request may bring: what is more is not kept, and its sender is told so."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.documents import LARGEST
from bot.settings import BotSettings

SMALL = 2 * 1024 * 1024  # bytes of a question with its conversation, a case, a thumb
#: Bytes that a character takes at most in a form, and in JSON, where \\u5b57 stands for 字.
FORM, JSON = 9, 6


class BodyLimit:
    """Counts what comes. More than is read of such a request is a 413 in place of the rest."""

    def __init__(self, app: ASGIApp, settings: BotSettings) -> None:
        self.app = app
        text = settings.longest_text
        self._most = {"/check": LARGEST + FORM * text + SMALL, "/api/check": JSON * text + SMALL}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._most.get(scope["path"], SMALL)
        declared = int(Headers(scope=scope).get("content-length", "0"))  # the server has seen that it is a number
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if max(come, declared) > most:
                while message.get("more_body"):  # dropped: whoever is still sending does not hear an answer
                    message = await receive()
                raise HTTPException(413, f"内容太大，最多 {most >> 20} MB：请分成几份。")
            return message

        await self.app(scope, counted, send)
