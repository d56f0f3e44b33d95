"""The log: it says what went wrong, and nothing that anybody said."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from itertools import takewhile

import httpx
import pytest
from gradio import queueing, routes
from gradio.blocks import Block

from bot import gradio_patches
from bot.logs import Wordless
from bot.page_texts import in_trouble
from tests.conftest import free_port

SAID = "催收打我妈违法吗"
JSON = {"content-type": "application/json"}
#: A server whose only page fails with what it was told, beforehand in a generator, a callback and a thread of its own.
FAILING = """
import asyncio
import sys
from collections.abc import Iterator
from threading import Thread
from fastapi import FastAPI
from bot import __main__, api, web

app = FastAPI()
api.handle_errors(app)

def lose(said: str) -> None:
    raise KeyError(said)

def begin(said: str) -> Iterator[None]:
    try:
        yield
    finally:
        lose(said)

async def call(said: str) -> None:
    asyncio.get_running_loop().call_soon(lose, said)
    await asyncio.sleep(0)

@app.get("/{said}")
def fail(said: str) -> None:
    next(begin(said))
    asyncio.run(call(said))
    thread = Thread(target=lose, args=[said])
    thread.start()
    thread.join()
    try:
        raise ExceptionGroup(said, [KeyError(said)])
    except ExceptionGroup as error:
        raise ValueError(said) from error

web.create_app = lambda _: app
sys.exit(__main__.main(["--port", sys.argv[1]]))
"""


def asked(server: str, *data: object) -> dict[str, object]:
    """What the chat answers to its question and conversation."""
    body = json.dumps({"fn_index": 0, "session_hash": "s", "data": data})
    assert httpx.post(f"{server}/gradio_api/queue/join", content=body, headers=JSON).status_code == 200
    with httpx.stream("GET", f"{server}/gradio_api/queue/data?session_hash=s", timeout=30) as events:
        told = [json.loads(line[5:]) for line in events.iter_lines() if line.startswith("data:")]
    return next(event for event in told if event["msg"] == "process_completed")


def test_half_an_emoji_is_answered(server: str) -> None:
    assert asked(server, SAID + "\ud83d", [])["success"]


def test_nothing_of_a_conversation_stays_with_gradio(server: str) -> None:
    assert asked(server, SAID, [])["success"]
    assert httpx.get(f"{server}/gradio_api/deep_link", params={"session_hash": "s"}).json() == ""


def test_nothing_comes_back_but_the_turns(server: str) -> None:
    told = asked(server, SAID, [{"role": "user", "content": "网贷逾期", "more": "多余"}, "多余", {"content": {}}])
    assert "网贷逾期" in str(told)
    assert "多余" not in str(told)


def test_an_answer_that_no_page_fetches_is_dropped(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {"fn_index": 0, "session_hash": "left", "data": [SAID, []]}
    with monkeypatch.context() as patch:
        patch.setattr(gradio_patches, "UNFETCHED", 0.5)
        httpx.post(f"{server}/gradio_api/queue/join", json=left).raise_for_status()
        time.sleep(2)
    httpx.post(f"{server}/gradio_api/queue/join", json=left).raise_for_status()
    told = httpx.get(f"{server}/gradio_api/queue/data?session_hash=left", timeout=30).text
    assert told.count("process_completed") == 1
    assert "close_stream" in told


def test_a_stream_ends_although_one_before_it_was_lost(server: str) -> None:
    data = f"{server}/gradio_api/queue/data?session_hash=lost"
    for lost in (True, False):
        join = {"fn_index": 0, "session_hash": "lost", "data": [SAID, []]}
        httpx.post(f"{server}/gradio_api/queue/join", json=join).raise_for_status()
        with httpx.stream("GET", data, timeout=30) as events:
            told = [] if lost else list(takewhile(lambda line: "heartbeat" not in line, events.iter_lines()))
        time.sleep(3)  # the answer that nobody reads is over
    assert "close_stream" in "".join(told)


@pytest.mark.parametrize("path", ["queue/data?session_hash=nobody", "queue/data", "call/respond/nobody"])
def test_a_stream_that_nobody_has_is_refused_before_it_begins(
    path: str, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = httpx.get(f"{server}/gradio_api/{path}")
    assert (reply.status_code, reply.json().keys()) == (404, {"error"})
    assert caplog.records == []


def test_what_fails_in_the_chat_is_logged_without_its_words(
    server: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert not asked(server, SAID, [{"role": "user", "content": SAID + "\ud83d"}])["success"]
    (failed,) = [record for record in caplog.records if record.exc_info]
    assert failed.exc_info
    logged = Wordless().formatException(failed.exc_info)
    assert "ComponentProcessingError <- TypeError" in logged
    assert SAID not in logged + capsys.readouterr().err


def test_gradio_tells_of_errors_only_in_the_way_that_is_replaced() -> None:
    for module in (queueing, routes):
        assert set(re.findall(r"traceback\.(\w+)", inspect.getsource(module))) == {"print_exc"}


def test_a_gradio_without_a_part_that_is_replaced_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Block, "async_move_resource_to_block_cache")
    with pytest.raises(AttributeError, match="async_move_resource_to_block_cache"):
        gradio_patches.apply.__wrapped__()


def test_the_server_s_log_has_no_words() -> None:
    port = free_port()
    command = [sys.executable, "-c", FAILING, str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as server:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with suppress(httpx.TransportError):
                    reply = httpx.get(f"http://127.0.0.1:{port}/{SAID}")
                    assert (reply.status_code, reply.json()["error"]) == (500, in_trouble("failed"))
                    break
                time.sleep(0.2)
        finally:
            server.terminate()
        logged = server.communicate()[1]
    assert "in fail\nValueError <- ExceptionGroup" in logged
    assert "request failed: /{said}\n" in logged
    assert logged.count("in lose\nKeyError") == 3
    assert SAID not in logged


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("queue/join", '{"fn_index":99,"session_hash":"s","data":[]}', 404),
        ("run/x", '{"data":[]}', 404),
        ("queue/join", f'{{"fn_index":"{SAID}"}}', 422),
        ("queue/join", SAID, 400),
    ],
)
def test_what_gradio_refuses_is_said_in_chinese_and_not_quoted(server: str, path: str, body: str, code: int) -> None:
    reply = httpx.post(f"{server}/gradio_api/{path}", content=body.encode(), headers=JSON)
    assert (reply.status_code, reply.json().keys()) == (code, {"error"})
    assert not reply.json()["error"].isascii()
    assert SAID not in reply.text
