"""MCP tools over the same bot: mounted at /mcp of the web app, and over stdio (`python -m bot mcp`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, NoReturn

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import INVALID_PARAMS, CallToolResult, InputRequiredResult
from pydantic import Field, ValidationError
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Route

from bot.api import wrong_part
from bot.articles import NotFound, article_json, find_article
from bot.asking import History, Question, Top, begun, events_of
from bot.chain import QuestionError, TextError
from bot.checker import as_json
from bot.page_texts import in_trouble
from bot.settings import LOCAL, BotSettings
from bot.state import AppState, NotReady
from bot.workers import TooMuch

#: An article's number, and what follows 之, as an address may have them.
Number = Annotated[int, Field(ge=1, le=999_999)]
Suffix = Annotated[int, Field(ge=0, le=999)]


class _Server(MCPServer):
    """Says in Chinese what is wrong with a call, and repeats nothing of it."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Any = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(error, UnexpectedToolError):
                raise UnexpectedToolError(in_trouble("failed")) from cause
            if isinstance(cause, ValidationError):
                parts = [wrong_part({**one, "loc": ("body", *one["loc"])}) for one in cause.errors()[:3]]
                raise ToolError(f"参数不对：{'；'.join(parts)}。") from cause
            # What a tool of ours raised, without the library's English before it.
            raise cause or ToolError("没有这个工具，名字见 tools/list。") from None

    async def get_prompt(self, name: str, arguments: dict[str, Any] | None = None, context: Any = None) -> NoReturn:
        raise MCPError(INVALID_PARAMS, "这里没有提示词，只有工具，名字见 tools/list。")


def mounted(server: MCPServer, settings: BotSettings) -> list[BaseRoute]:
    """The routes of /mcp over HTTP.

    Where the app listens on this machine only, or `settings.hosts` are set, requests must be addressed to it or to one
    of these: no page of another site can then reach it by a name of its own.
    """
    own = (f"[{name}]" if ":" in name else name for name in LOCAL)
    names = [name for host in (*own, *settings.hosts) for name in (host, f"{host}:*")]
    guard = TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(settings.hosts) or settings.host in LOCAL,
        allowed_hosts=names,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in names],
    )
    routes = server.streamable_http_app(
        stateless_http=True,
        host=settings.host,
        transport_security=guard,
        max_request_body_size=sys.maxsize,  # BodyLimit bounds it, and says so in Chinese
    ).routes
    for route in routes:
        if isinstance(route, Route):
            route.methods = {"POST"}  # what a GET opens brings nothing without sessions, and never ends
    return routes


@contextmanager
def said() -> Iterator[None]:
    """Tell the caller what is wrong where the words are for a person."""
    try:
        yield
    except (NotReady, NotFound, QuestionError, TextError, TooMuch, ClientDisconnect) as error:
        raise ToolError(str(error)) from None


def tools(state: AppState) -> MCPServer:
    """A server with the four tools."""
    server: MCPServer = _Server(
        "borrower-law-bot",
        title="借款人法律助手",
        instructions="中国大陆借款、催收、个人信息、分期和租机的法律信息。引用法条前先用这里的工具核对，原文一字不差。",
        log_level="WARNING",
    )

    @server.tool()
    async def ask(question: str, context: Context, history: History | None = None) -> dict[str, Any]:
        """回答一个关于借款、催收、个人信息、分期租机的问题：结论、理由、法条原文、怎么做、去哪里。"""
        with said():
            request = context.request_context.request
            asked = Question(question=question, history=history or [])
            events = partial(events_of, asked, state.ready(), state, request)
            async with begun(events, state, request) as coming:
                *_, answer = [event.answer async for event in coming if event.answer]
        return answer.model_dump(mode="json")

    @server.tool()
    async def search_statutes(question: str, context: Context, top: Top = 10) -> list[dict[str, Any]]:
        """用大白话找现行法条，按相关程度排列，附原文。"""
        with said():
            work = partial(state.ready().search, question, top)
            return await state.answers.do(context.request_context.request, work)

    @server.tool()
    def get_article(law: str, number: Number, suffix: Suffix = 0) -> dict[str, Any]:
        """取一条现行法条的原文。suffix 是「之几」，如刑法第二百五十三条之一：number=253, suffix=1。"""
        key = f"{number}-{suffix}" if suffix else str(number)
        with said():
            statutes = state.statutes()
            return article_json(find_article(statutes, law, key), statutes)

    @server.tool()
    async def check_citations(text: str, context: Context) -> list[dict[str, Any]]:
        """核对一段文字里的法条引注：还在不在、换没换号、和原文有没有明显出入。

        太多时先列有问题的，最后一项的 left_out 是没有列出的处数。
        """
        with said():
            bot = state.ready()

            def checked() -> list[dict[str, Any]]:
                found = as_json(bot.check(text, state.settings.longest_text))
                return [*found.pop("citations"), *([found] if found else [])]

            return await state.checks.do(context.request_context.request, checked)

    return server
