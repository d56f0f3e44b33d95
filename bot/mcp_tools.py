"""MCP tools over the same bot: mounted at /mcp of the web app, and over stdio (`python -m bot mcp`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import BaseRoute

from bot.answer import Turn
from bot.api import LONGEST_SEARCH, MOST_HITS
from bot.articles import NotFound, article_json, find_article
from bot.chain import Bot, QuestionError
from bot.normalise import has_words, normalise
from bot.settings import BotSettings
from corpus.citations import check
from index.retriever import StatuteRetriever

#: Names of this machine for itself.
LOCAL = ("127.0.0.1", "localhost", "[::1]")


def mounted(server: MCPServer, settings: BotSettings) -> list[BaseRoute]:
    """The routes of /mcp over HTTP.

    Where the app listens on this machine only, or `settings.hosts` are set, requests must be addressed to it or to one
    of these: no page of another site can then reach it by a name of its own.
    """
    names = [name for host in (*LOCAL, *settings.hosts) for name in (host, f"{host}:*")]
    guard = TransportSecuritySettings(
        enable_dns_rebinding_protection=bool(settings.hosts) or settings.host in {"127.0.0.1", "localhost", "::1"},
        allowed_hosts=names,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in names],
    )
    return server.streamable_http_app(stateless_http=True, host=settings.host, transport_security=guard).routes


def tools(
    settings: BotSettings,
    get_bot: Callable[[], Bot | None],
    get_failure: Callable[[], str] = str,
    waiting: CapacityLimiter | None = None,
    checks: CapacityLimiter | None = None,
) -> MCPServer:
    """A server with the four tools. `get_bot` gives None while the index is opening, `get_failure` why it did not.

    `waiting`: the threads in which answers wait for a model; `checks`: those in which texts are checked.
    """
    server: MCPServer = MCPServer(
        "borrower-law-bot",
        title="借款人法律助手",
        instructions="中国大陆借款、催收、个人信息、分期和租机的法律信息。引用法条前先用这里的工具核对，原文一字不差。",
        log_level="WARNING",
    )

    def ready() -> Bot:
        bot = get_bot()
        if bot is None:
            failure = get_failure()
            raise ToolError(f"启动失败，请告诉运营者：{failure}" if failure else "正在准备，请过几秒再试。")
        return bot

    @server.tool()
    async def ask(question: str, history: list[Turn] | None = None) -> dict[str, Any]:
        """回答一个关于借款、催收、个人信息、分期租机的问题：结论、理由、法条原文、怎么做、去哪里。"""
        try:
            answer = await to_thread.run_sync(ready().ask, question, history or [], limiter=waiting)
        except QuestionError as error:
            raise ToolError(str(error)) from None
        return answer.model_dump(mode="json")

    @server.tool()
    def search_statutes(question: str, top: int = 10) -> list[dict[str, Any]]:
        """用大白话找现行法条，按相关程度排列，附原文。"""
        if not has_words(question):
            raise ToolError("没有看到问题。请用几个字说说要找什么，比如：放款先扣利息。")
        retriever = StatuteRetriever(index=ready().index, top=max(1, min(top, MOST_HITS)))
        return [{**d.metadata, "text": d.page_content} for d in retriever.invoke(normalise(question[:LONGEST_SEARCH]))]

    @server.tool()
    def get_article(law: str, number: int, suffix: int = 0) -> dict[str, Any]:
        """取一条现行法条的原文。suffix 是「之几」，如刑法第二百五十三条之一：number=253, suffix=1。"""
        try:
            key = f"{number}-{suffix}" if suffix else str(number)
            return article_json(find_article(ready().index.statutes, law, key))
        except NotFound as error:
            raise ToolError(str(error)) from None

    @server.tool()
    async def check_citations(text: str) -> list[dict[str, Any]]:
        """核对一段文字里的每一处法条引注：还在不在、换没换号、说的是不是那回事。"""
        if len(text) > settings.longest_text:
            raise ToolError(f"文字太长，最多 {settings.longest_text} 字，请分段。")
        index = ready().index

        def work() -> list[dict[str, Any]]:
            return [c.to_json() for c in check(text, index.statutes, judge=index.judge)]

        return await to_thread.run_sync(work, limiter=checks)

    return server
