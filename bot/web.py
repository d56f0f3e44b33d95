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
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from threadpoolctl import threadpool_limits

from bot import api, checker, desk, feedback, mcp_tools, pages, records, render, ui, widget
from bot.body_limit import BodyLimit
from bot.connection import Connection
from bot.head_as_get import HeadAsGet
from bot.headers import SafeHeaders
from bot.letters import load_letters
from bot.settings import BotSettings
from bot.state import AppState, state_of
from corpus.citations.law_names import behind_of
from corpus.statutes import Statutes, today

log = logging.getLogger(__name__)
#: Seconds that answers under way have to end when the server is stopped; streams that pages hold open never do.
STOPPING = 5


def create_app(settings: BotSettings) -> FastAPI:
    """The whole application. The index is opened in the background, so the page comes at once. Raises FileError."""
    state = AppState(settings)
    load_letters()  # what is wrong with one is said to whoever starts the server, not to a volunteer

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=state.open, daemon=True).start()
        tasks = [asyncio.create_task(work) for work in (records.expire(settings), _renew(state))]
        async with mcp.session_manager.run():
            yield
        for task in tasks:
            task.cancel()

    app = FastAPI(title="借款人法律助手", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.app_state = state
    mcp = mcp_tools.tools(state)
    app.router.routes.extend(mcp_tools.mounted(mcp, settings))
    api.handle_errors(app)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(checker.router)
    app.include_router(feedback.router)
    app.include_router(widget.router)
    app.include_router(desk.router)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)  # it leaves streams of events alone
    # With a CORS policy of the app's own Gradio leaves out its own, which lets every site read.
    app.add_middleware(
        CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST"], allow_headers=["content-type"]
    )
    app.add_middleware(widget.Origins, origins=settings.origins)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(SafeHeaders)
    app.mount("/static", StaticFiles(directory=render.HERE / "static"), name="static")
    return ui.mount(app, state)


async def _renew(state: AppState) -> None:
    """Open the index anew on the day on which a statute that was waiting comes into force. Runs until cancelled."""
    while True:
        await asyncio.sleep(records.HOUR)
        try:
            bot = state.bot
            if bot is not None and await asyncio.to_thread(outdated, bot.index.statutes, today()):
                await asyncio.to_thread(state.open)
        except Exception:  # nobody would see that this has ended
            log.exception("cannot look whether other law is in force")


def outdated(statutes: Statutes, day: date) -> bool:
    """Whether other law is in force on a day than when these, or what stands behind them, were read."""
    return any(force <= day for _, force in behind_of(statutes).pending)


def _address(host: str, port: int) -> str:
    """Host and port as they stand in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _no_place(settings: BotSettings, error: OSError) -> str:
    """Why nobody can listen there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"端口 {settings.port} 已经有程序在用：关掉它，或者用 --port 0 让系统选一个空的。"
    place = _address(settings.host, settings.port)
    return f"不能在 {place} 监听：请检查 BOT_HOST 和 BOT_PORT（1024 以下的端口要管理员权限）。"


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
    print(f"正在启动，请打开 http://{_address(settings.host, listening.getsockname()[1])}", flush=True)
    with suppress(KeyboardInterrupt):
        config = uvicorn.Config(
            app, http=Connection, log_config=None, access_log=False, timeout_graceful_shutdown=STOPPING
        )
        uvicorn.Server(config).run(sockets=[listening])
    state = state_of(app)
    return 1 if state.failure and not state.bot else 0
