"""The web app: chat, pages, checker, widget, desk, feedback, JSON API and MCP in one process."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date

import uvicorn
from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from threadpoolctl import threadpool_limits

from bot import api, checker, desk, feedback, mcp_tools, pages, records, ui, widget
from bot.chain import Bot
from bot.headers import SafeHeaders
from bot.limit import Limit
from bot.model.errors import ModelError, PromptError
from bot.session import Door
from bot.settings import BotSettings
from bot.size import Bounded
from corpus.citations.names import behind_of
from corpus.files import CardError
from corpus.sources import SourceError
from corpus.statutes import Statutes, today
from index.e5 import EncoderError
from index.progress import ProgressLine
from index.store import StoreError
from index.vectors import CacheError

log = logging.getLogger(__name__)
CHECKS = 2  # texts that are checked at once, others wait their turn: the longest take half a minute of both cores


def create_app(settings: BotSettings) -> FastAPI:
    """The whole application. The index is opened in the background, so the page comes at once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_open, args=(app, settings), daemon=True).start()
        tasks = [asyncio.create_task(work) for work in (records.expire(settings), _renew(app, settings))]
        async with mcp.session_manager.run():
            yield
        for task in tasks:
            task.cancel()

    app = FastAPI(title="借款人法律助手", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.door = Door(settings)
    checks = app.state.checks = CapacityLimiter(CHECKS)
    app.state.feedback_limit = Limit(*feedback.THUMBS)
    waiting = app.state.waiting = CapacityLimiter(api.WAITING)
    mcp = mcp_tools.tools(
        settings,
        lambda: getattr(app.state, "bot", None),
        lambda: getattr(app.state, "failure", ""),
        waiting,
        checks,
    )
    app.router.routes.extend(mcp_tools.mounted(mcp, settings))
    api.handle_errors(app)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(checker.router)
    app.include_router(feedback.router)
    app.include_router(widget.router)
    app.include_router(desk.router)
    app.add_middleware(widget.Origins, origins=settings.origins)
    app.add_middleware(Bounded, settings=settings)
    app.add_middleware(SafeHeaders)
    app.mount("/static", StaticFiles(directory=ui.HERE / "static"), name="static")
    return ui.mount(app)


def _open(app: FastAPI, settings: BotSettings) -> None:
    try:
        bot = Bot.open(settings, ProgressLine())
        bot.warm_up()
        app.state.bot = bot
    except (SourceError, CardError, EncoderError, StoreError, CacheError, ModelError, PromptError) as error:
        app.state.failure = str(error)
        log.error("%s", error)
    except Exception as error:  # a full disk, a misspelt encoder: nobody is left waiting
        app.state.failure = f"{type(error).__name__}，原因写在服务器的日志里"
        log.exception("cannot open the index")


async def _renew(app: FastAPI, settings: BotSettings) -> None:
    """Open the index anew on the day on which a statute that was waiting comes into force. Runs until cancelled."""
    while True:
        await asyncio.sleep(records.HOUR)
        bot: Bot | None = getattr(app.state, "bot", None)
        if bot and outdated(bot.index.statutes, today()):
            await asyncio.to_thread(_open, app, settings)


def outdated(statutes: Statutes, day: date) -> bool:
    """Whether other law is in force on a day than when these, or what stands behind them, were read."""
    return any(force <= day for _, force in behind_of(statutes).pending)


def _no_place(settings: BotSettings, error: OSError) -> str:
    """Why nobody can listen there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"端口 {settings.port} 已经有程序在用：关掉它，或者换一个端口，如 --port {settings.port + 1}。"
    return f"不能在 {settings.host}:{settings.port} 监听：请检查 BOT_HOST 和 BOT_PORT（1024 以下的端口要管理员权限）。"


def serve(settings: BotSettings) -> int:
    """Run until stopped. Returns a process exit code."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        print(_no_place(settings, error), file=sys.stderr)
        return 1
    # Visitors share the cores better than one question's threads do, which spin while they wait for work: those of
    # numpy, loaded already, and of what another encoder loads later.
    threadpool_limits(1, user_api="blas")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    app = create_app(settings)
    if settings.desk_password.get_secret_value() and not settings.desk_secret.get_secret_value():
        log.warning("没有设置 BOT_DESK_SECRET：每次重启后，志愿者要重新登录工作台。")
    print(f"正在启动，请打开 http://{settings.host}:{listening.getsockname()[1]}", flush=True)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listening])
    return 1 if getattr(app.state, "failure", None) and not getattr(app.state, "bot", None) else 0
