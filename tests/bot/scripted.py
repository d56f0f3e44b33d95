"""A chat server on the machine that speaks OpenAI's protocol and says what a test tells it to.

The model's name chooses the script, so one server plays every adversary over real HTTP.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

#: What to say: text, seconds of silence, raw bytes for the wire, or CUT to hang up.
Step = str | float | bytes
CUT = b"\0cut"
Script = Callable[[dict[str, Any]], list[Step] | int]


@dataclass
class Scripted:
    """The address of the server, its scripts by model name, and what it was sent."""

    url: str = ""
    scripts: dict[str, Script] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    hung_up: int = 0

    def says(self, name: str, *steps: Step) -> None:
        """Let a model say the same to everybody."""
        self.scripts[name] = lambda body: list(steps)


def app_of(scripted: Scripted) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        body = await request.json()
        scripted.heard.append(body)
        steps = scripted.scripts[body["model"]](body)
        if isinstance(steps, int):
            return JSONResponse({"error": {"message": "no"}}, steps)
        return StreamingResponse(play(scripted, steps), media_type="text/event-stream")

    return app


async def play(scripted: Scripted, steps: list[Step]) -> AsyncIterator[bytes]:
    try:
        for step in steps:
            if step == CUT:
                raise ConnectionResetError
            if isinstance(step, bytes):
                yield step
            elif isinstance(step, str):
                for at in range(0, len(step), 4):
                    yield frame({"content": step[at : at + 4]})
            else:
                await asyncio.sleep(step)
        yield frame({}, "stop")
        yield b"data: [DONE]\n\n"
    except asyncio.CancelledError:
        scripted.hung_up += 1
        raise


def frame(delta: dict[str, Any], finish: str | None = None) -> bytes:
    """One chunk of a stream, as OpenAI sends it."""
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of an app on a free port, while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    scripted = Scripted()
    with running(app_of(scripted)) as url:
        scripted.url = f"{url}/v1"
        yield scripted
