"""How long a request and its answer may take on their way, how much may stand before a body: uvicorn bounds neither."""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle, Transport
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of a request before its body, give or take what is read at once.
HEAD = 64 * 1024
#: Seconds until that is there, and the body: of the largest file on a slow line. As long an answer may lie here unread.
HEAD_SECONDS, BODY_SECONDS = 30, 600
TOO_LONG = "HTTP/1.1 431 \r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n请求头太长。".encode()


class Connection(HttpToolsProtocol):
    """A visitor's connection: who says nothing, or reads nothing, is hung up on, so that there is room for others.

    While an answer is under way nobody is hurried, whatever he sends meanwhile.
    """

    _end: TimerHandle | None = None
    _unread: TimerHandle | None = None
    _head: int | None = 0  # bytes that have come; None while a body comes

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(Transport, transport))
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._end is None and not self._answering():  # the next request of a connection that is kept
            self._wait(HEAD_SECONDS)
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > HEAD and not self.transport.is_closing():
            if self._answering():
                self.flow.pause_reading()  # until the answer is there
                return
            self.transport.write(TOO_LONG)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._head = None
        self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        self._done()
        super().on_message_complete()

    def pause_writing(self) -> None:
        self._unread = self.loop.call_later(BODY_SECONDS, self.transport.abort)  # to close it would wait for the reader
        super().pause_writing()

    def resume_writing(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._done()
        self._end = self.loop.call_later(seconds, self.transport.close)

    def _done(self) -> None:
        if self._end:
            self._end.cancel()
            self._end = None
