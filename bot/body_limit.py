"""How much a request may bring, and in what encoding: what is more is not kept, and its sender is told so."""

from __future__ import annotations

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.documents import LARGEST
from bot.settings import BotSettings

SMALL = 2 * 1024 * 1024  # bytes of a question with its conversation, a case, a thumb
#: Bytes that a character takes at most in a form, and in JSON, where \\u5b57 stands for 字.
FORM, JSON = 9, 6
UTF_8 = (b"utf-8", b"utf8")


class BodyLimit:
    """Counts what comes. More than is read of such a request is a 413 in place of the rest.

    A form that says it is in anything but UTF-8 is a 415: Starlette would read it by any codec of Python's, and some
    (punycode) take hours for what is allowed here. No browser says anything.
    """

    def __init__(self, app: ASGIApp, settings: BotSettings) -> None:
        self.app = app
        text = settings.longest_text
        checked = JSON * text + SMALL
        self._most = {"/check": LARGEST + FORM * text + SMALL, "/api/check": checked, "/mcp": checked}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._most.get(scope["path"], SMALL)
        headers = Headers(scope=scope)
        declared = int(headers.get("content-length", "0"))  # the server has seen that it is a number
        kind, options = parse_options_header(headers.get("content-type"))
        odd = kind == b"multipart/form-data" and options.get(b"charset", b"utf-8").lower() not in UTF_8
        come = 0

        async def counted() -> Message:
            nonlocal come
            if odd:
                raise HTTPException(415, "表单要用 UTF-8 编码：请把 Content-Type 里的 charset 去掉，再交一次。")
            message = await receive()
            come += len(message.get("body", b""))
            if max(come, declared) > most:
                while message.get("more_body"):  # dropped: whoever is still sending does not hear an answer
                    message = await receive()
                raise HTTPException(413, f"内容太大，最多 {most >> 20} MB：请分成几份。")
            return message

        await self.app(scope, counted, send)
