"""python -m bot: the web app; `ask` one question; `check` a text. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from bot import logs
from bot.settings import BotSettings
from index import command
from index.settings import read_settings, unknown

if TYPE_CHECKING:
    from bot.chain import Bot


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    logs.set_up()
    return command.run(lambda: int(arguments.run(arguments, _settings())))


def _settings() -> BotSettings:
    """The settings, with a warning for what is set and will not be heard: nobody is refused whom BOT_ORIGIN lists."""
    for name, nearest in unknown(BotSettings).items():
        print(f"没有 {name} 这个设置，它不起作用{f'：是不是 {nearest}？' if nearest else '。'}", file=sys.stderr)
    return read_settings(BotSettings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("--host", help="网页监听的地址")
    parser.add_argument("--port", type=int, help="网页监听的端口")
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(dest="command")
    ask = commands.add_parser("ask", help="问一个问题")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--json", action="store_true", help="打印 JSON")
    ask.add_argument("--stream", action="store_true", help="边写边打印（设了模型、又在终端里时默认如此）")
    ask.add_argument("--batch", type=Path, help='每行一个 {"id","q","history"} 的文件，每行打印一个 JSON')
    ask.set_defaults(run=_ask)
    check = commands.add_parser("check", help="核对一篇文字里的每一处引注")
    check.add_argument("file", help="文件（txt、md、docx、pdf、html），- 为标准输入")
    check.add_argument("--json", action="store_true", help="打印 JSON")
    check.set_defaults(run=_check)
    tools = commands.add_parser("mcp", help="作为 MCP 服务器（stdio）运行")
    tools.set_defaults(run=_mcp)
    return parser


def _mcp(_: argparse.Namespace, settings: BotSettings) -> int:
    from bot.chain import Bot
    from bot.mcp_tools import tools
    from bot.state import AppState
    from index.progress import ProgressLine

    bot = Bot.open(settings, ProgressLine())
    bot.warm_up()  # no first call pays for what loads once
    tools(AppState(settings, bot)).run("stdio")
    return 0


def _serve(arguments: argparse.Namespace, settings: BotSettings) -> int:
    from bot.web import serve

    changes = {k: v for k in ("host", "port") if (v := getattr(arguments, k)) is not None}
    return serve(settings.model_validate(settings.model_dump() | changes))


def _ask(arguments: argparse.Namespace, settings: BotSettings) -> int:
    from bot.chain import Bot, QuestionError
    from index.progress import ProgressLine
    from index.question_files import QuestionFileError, read_questions

    if (arguments.question is None) == (arguments.batch is None):
        print('请给一个问题，或者 --batch 文件。例：python -m bot ask "催收给我妈打电话违法吗"', file=sys.stderr)
        return 2
    try:
        rows = list(read_questions(arguments.batch)) if arguments.batch else []
    except QuestionFileError as error:
        print(error, file=sys.stderr)
        return 2
    bot = Bot.open(settings, ProgressLine())
    if not arguments.batch:
        try:
            if not arguments.json and (arguments.stream or (bot.speaker and sys.stdout.isatty())):
                return _stream(bot, arguments.question)
            answer = bot.ask(arguments.question)
        except QuestionError as error:
            print(error, file=sys.stderr)
            return 2
        print(answer.model_dump_json() if arguments.json else answer.answer)
        return 0
    for row in rows:
        print(json.dumps({"id": row["id"], **_batch_answer(bot, row)}, ensure_ascii=False), flush=True)
    return 0


def _stream(bot: Bot, question: str) -> int:
    """Print an answer as it comes: the composed one, then the model's checked sentences."""
    for event in bot.stream(question):
        if event.event == "composed" and event.answer:
            print(event.answer.answer, flush=True)
            if event.speaks:
                print("\n### 结合你说的情况（按 Ctrl+C 停下）", flush=True)
        elif event.event == "sentence":
            print(event.opens + event.text, end="", flush=True)
        elif event.event == "note":
            print(f"\n\n> {event.text}", flush=True)
    return 0


def _batch_answer(bot: Bot, row: dict[str, Any]) -> dict[str, Any]:
    """One row's answer; a question that cannot be read gets a `clarify` that says why, so no row is lost."""
    from bot.answer import Answer, Turn
    from bot.chain import QuestionError

    try:
        history = TypeAdapter(list[Turn]).validate_python(row.get("history") or [])
        answer = bot.ask(str(row["q"]), history)
    except QuestionError as error:
        answer = Answer(kind="clarify", answer=str(error), conclusion=str(error))
    except ValidationError:
        message = 'history 要是一个列表，每一项是 {"role": "user" 或 "assistant", "content": "…"}'
        answer = Answer(kind="clarify", answer=message, conclusion=message)
    return answer.model_dump(mode="json")


def _check(arguments: argparse.Namespace, settings: BotSettings) -> int:
    from bot.chain import Bot, TextError
    from bot.checker import lines, summary, unplaced
    from bot.documents import LARGEST, DocumentError, read_document, text_of
    from index.progress import ProgressLine
    from index.retriever import Index

    try:
        path, longest = arguments.file, settings.longest_text
        if path == "-":
            text = text_of("输入", sys.stdin.buffer.read(LARGEST + 1), longest)
        else:
            text = read_document(Path(path), longest)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 2
    bot = Bot(Index.open(settings, ProgressLine()))  # without a model
    try:
        checked = bot.check(text, longest)
    except TextError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps({"citations": [c.to_json() for c in checked]}, ensure_ascii=False))
        return 0
    line = lines(text)
    for one in checked:
        print(f"第 {line(one.span[0])} 行　{one.written}　【{one.label}】{one.note}")
    print(summary(checked) + unplaced(text, checked), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
