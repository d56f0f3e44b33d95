"""What the parts of a running app share: its settings, its bot once that is open, and what bounds their work."""

from __future__ import annotations

import logging
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI, Request

from bot.chain import Bot
from bot.limit import Limit
from bot.model import TALKS
from bot.model.errors import ModelError, PromptError
from bot.session import Door
from bot.settings import BotSettings
from corpus.files import CardError
from corpus.sources import SourceError
from corpus.statutes import Statutes, load
from index.e5 import EncoderError
from index.progress import ProgressLine
from index.store import StoreError
from index.vectors import CacheError

log = logging.getLogger(__name__)
#: Threads for answers, apart from those for pages: more than may wait for a model, so that some are always free.
WAITING = TALKS + 32
#: Texts that are checked at once, others wait their turn: the longest take half a minute of both cores.
CHECKS = 2
#: Thumbs that are taken: from one address, from everybody.
THUMBS = ("20 per minute", "600 per minute")


class NotReady(Exception):
    """The index is still opening, or could not be opened; the message is for whoever asks."""

    def __init__(self, failure: str = "") -> None:
        super().__init__(f"启动失败，请告诉运营者：{failure}" if failure else "正在准备，请过几秒再试。")
        self.failure = failure


class House:
    """One app's settings and bot, the desk's door, and the limits."""

    def __init__(self, settings: BotSettings, bot: Bot | None = None) -> None:
        self.settings = settings
        #: None until the index is open.
        self.bot = bot
        #: Why the index could not be opened the last time; empty where it could.
        self.failure = ""
        self.door = Door(settings)
        self.waiting = CapacityLimiter(WAITING)
        self.checks = CapacityLimiter(CHECKS)
        self.thumbs = Limit(*THUMBS)

    def open(self) -> None:
        """Open the index, also in place of one that is open. Never raises: `failure` says what went wrong."""
        try:
            bot = Bot.open(self.settings, ProgressLine())
            bot.warm_up()
            self.bot, self.failure = bot, ""
        except (SourceError, CardError, EncoderError, StoreError, CacheError, ModelError, PromptError) as error:
            self.failure = str(error)
            log.error("%s", error)
        except Exception as error:  # a full disk, a misspelt encoder: nobody is left waiting
            self.failure = f"{type(error).__name__}，原因写在服务器的日志里"
            log.exception("cannot open the index: %s", error)

    def ready(self) -> Bot:
        """The bot. Raises NotReady."""
        if bot := self.bot:
            return bot
        raise NotReady(self.failure)

    def statutes(self) -> Statutes:
        """The law that the bot answers from; before the index is open, that of the settings. Raises NotReady."""
        try:
            bot, settings = self.bot, self.settings
            return bot.index.statutes if bot else load(settings.scope, folder=settings.statutes)
        except SourceError as error:
            raise NotReady(str(error)) from None


def house_of(app: FastAPI) -> House:
    """The house of an app."""
    house: House = app.state.house
    return house


async def get_house(request: Request) -> House:
    """The house that the request came to."""
    return house_of(request.app)


TheHouse = Annotated[House, Depends(get_house)]


async def get_bot(house: TheHouse) -> Bot:
    """The one bot of the process. Raises NotReady."""
    return house.ready()


def get_statutes(house: TheHouse) -> Statutes:
    """The law. Raises NotReady."""
    return house.statutes()


TheBot = Annotated[Bot, Depends(get_bot)]
Law = Annotated[Statutes, Depends(get_statutes)]


async def get_site(request: Request, house: TheHouse) -> str:
    """The app's address for links that leave it, without a slash at its end.

    A Host header may name anything: where the operator has said what our names are, it must be one of them.
    """
    hosts, base = house.settings.hosts, request.base_url
    if hosts and base.hostname not in hosts and base.netloc not in hosts:
        base = base.replace(netloc=hosts[0])
    return str(base).rstrip("/")


Site = Annotated[str, Depends(get_site)]
