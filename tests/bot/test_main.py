"""python -m bot: what each command of README prints, over the open index."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from bot import unanswered
from bot.__main__ import main
from bot.chain import Bot
from bot.mcp_tools import tools
from bot.settings import BotSettings
from bot.state import AppState

TEXT = "依据《合同法》第二百零六条和\n《民法典》第六百七十条。"
FOUND = ("第 1 行　《合同法》第二百零六条　【", "第 2 行　《民法典》第六百七十条　【")


@pytest.fixture(autouse=True)
def opened(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.retriever.Index.open", lambda *_: bot.index)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(TEXT.encode())))


def test_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "借一万到手八千，合法吗"]) == 0
    shown = capsys.readouterr().out
    assert "《民法典》第六百七十条" in shown
    assert main(["ask", "借一万到手八千，合法吗", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["kind"], answer["answer"]) == ("answer", shown.removesuffix("\n"))


def test_what_got_no_answer_is_kept_wherever_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    monkeypatch.setenv("BOT_KEEP_UNANSWERED", "true")
    asked = ["今晚吃什么", "推荐一部电影", "帮我写首诗"]
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"id": 1, "q": asked[1]}), "utf-8")
    settings = BotSettings()

    async def use() -> None:
        async with Client(tools(AppState(settings, Bot.open(settings)))) as client:
            await client.call_tool("ask", {"question": asked[2]})

    assert main(["ask", asked[0]]) == 0
    assert main(["ask", "--batch", str(file)]) == 0
    asyncio.run(use())
    assert [question for _, question in unanswered.recent(settings)] == asked[::-1]


def test_tools_over_stdio_are_ready_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(Bot, "warm_up", lambda _: done.append("warm"))
    monkeypatch.setattr("mcp.server.MCPServer.run", lambda _, how: done.append(how))
    assert main(["mcp"]) == 0
    assert done == ["warm", "stdio"]


def test_no_row_of_a_batch_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    histories: list[object] = [5, "催收", {"role": "user"}, [{"role": "robot", "content": "x"}], ["x"], []]
    rows = [{"id": f"r{n}", "q": "砍头息合法吗", "history": history} for n, history in enumerate(histories)]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in [*rows, {"id": "empty", "q": " "}]), "utf-8")
    assert main(["ask", "--batch", str(file)]) == 0
    *unread, answered, empty = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(row["id"], row["kind"]) for row in unread] == [(f"r{n}", "clarify") for n in range(5)]
    assert all("history 要是" in row["answer"] for row in unread)
    assert (answered["id"], answered["kind"], empty["kind"]) == ("r5", "answer", "clarify")


def test_check(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "文章.txt"
    file.write_text(TEXT, "utf-8")
    for source in (str(file), "-"):
        assert main(["check", source]) == 0
        told = capsys.readouterr()
        assert all(line.startswith(found) for line, found in zip(told.out.splitlines(), FOUND, strict=True))
        assert "共 2 处引注，1 处有问题。" in told.err
    assert main(["check", str(file), "--json"]) == 0
    citations = json.loads(capsys.readouterr().out)["citations"]
    assert [one["status"] for one in citations] == ["repealed", "ok"]
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(TEXT.encode("gbk"))))
    assert main(["check", "-"]) == 0
    assert "共 2 处引注" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "没有.txt")]) == 2
    assert "没有.txt：请检查" in capsys.readouterr().err


def test_a_setting_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text("\ufeffBOT_ORIGIN=[]\nOTHER=1\nBOT_SCOPE=default\n", "utf-8")
    monkeypatch.setenv("BOT_KEEP_CASE", "true")
    monkeypatch.setenv("BOT_催收", "1")
    assert main(["ask"]) == 2
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "没有 BOT_KEEP_CASE 这个设置，它不起作用：是不是 BOT_KEEP_CASES？",
        "没有 BOT_ORIGIN 这个设置，它不起作用：是不是 BOT_ORIGINS？",
        "没有 BOT_催收 这个设置，它不起作用。",
    ]
    file.write_bytes("BOT_DATA=数据".encode("gbk"))
    assert main(["ask"]) == 1
    assert capsys.readouterr().err == ".env 不是 UTF-8 编码，请另存为 UTF-8。\n"


def test_mcp() -> None:
    server = StdioServerParameters(command=sys.executable, args=["-m", "bot", "mcp"], env=dict(os.environ))

    async def use() -> None:
        async with Client(server) as client:
            article = await client.call_tool("get_article", {"law": "民法典", "number": 670})
            assert "利息不得预先在本金中扣除" in str(article.content)

    asyncio.run(use())
