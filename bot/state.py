"""The app state: settings, the bot once the index is open, and what bounds their work, shared by its parts."""

from __future__ import annotations

import logging
from math import ceil
from threading import Lock, Thread
from time import monotonic
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from bot.chain import Bot
from bot.login import Login
from bot.model import TALKS
from bot.page_texts import in_trouble, load_page_texts
from bot.rate_limit import RateLimit
from bot.settings import LOCAL, BotSettings
from bot.workers import Workers
from corpus.files import CorpusError, OperatorError
from corpus.statutes import Statutes
from index.progress import ProgressLine
from index.settings import law_of

log = logging.getLogger(__name__)
#: Seconds until an index is opened again that could not be, or was lost: by then a disk or a Chroma server may be back.
PAUSE = 30.0
#: Threads for answers, apart from those for pages: more than may wait for a model, so that some are always free, and
#: those in which answers of one address begin, until the composed one is there: a hotline has seldom several questions
#: within the same tenth of a second. So many seconds an answer may wait for one.
ANSWER_THREADS, ANSWERS_OF_ONE, ANSWER_PATIENCE = TALKS + 32, 16, 30
#: Texts that are checked at once, and of one address; so many more of it wait, so many seconds: the longest take half a
#: minute of both cores, and megabytes, one of nothing but citations minutes.
CHECKS, CHECKS_OF_ONE, CHECKS_WAITING, CHECK_PATIENCE = 2, 1, 8, 300
#: Thumbs that are taken: from one address, from everybody.
THUMBS = ("20 per minute", "600 per minute")
#: Answers that a model may add to, which costs the operator money: a hotline of several volunteers behind one address
#: asks less in ten minutes, a script that keeps all talks busy more; together, five a second.
MODEL_ANSWERS = ("60 per 10 minutes", "3000 per 10 minutes")
#: Of these an address begins no more in the time that the longest takes: else two could have all TALKS.
TALKS_OF_ONE = 16


class NotReady(Exception):
    """The index is still opening, or could not be opened; the message is for whoever asks.

    `failure` is for the operator: why it could not.
    """

    def __init__(self, failure: str = "") -> None:
        super().__init__(in_trouble("away") if failure else load_page_texts().trouble["preparing"])
        self.failure = failure

    def message_for(self, request: Request) -> str:
        """The message for whoever sent the request; at this machine, where the operator sits, why."""
        here = request.client is not None and {request.client.host, request.url.hostname} <= LOCAL
        return f"启动失败：{self.failure}" if self.failure and here else str(self)


class AppState:
    """One app's settings and bot, the desk's login, and the limits."""

    def __init__(self, settings: BotSettings, bot: Bot | None = None) -> None:
        self.settings = settings
        #: None until the index is open.
        self.bot = bot
        #: Why the index could not be opened the last time; empty where it could.
        self.failure = ""
        self._opening = Lock()
        self._again = 0.0  # no sooner is it opened again, by the clock of `monotonic`
        self.login = Login(settings)
        self.answers = Workers(ANSWER_THREADS, ANSWERS_OF_ONE, settings.waiting, ANSWER_PATIENCE)
        self.checks = Workers(CHECKS, CHECKS_OF_ONE, CHECKS_WAITING, CHECK_PATIENCE)
        self.thumbs = RateLimit(*THUMBS)
        one, everybody = MODEL_ANSWERS
        self.model_answers = RateLimit(f"{one}; {TALKS_OF_ONE} per {ceil(settings.model_seconds)} seconds", everybody)

    def open(self) -> None:
        """Open the index, one at a time, also in place of one that is open.

        Never raises: `failure` says what went wrong.
        """
        with self._opening:
            self._open()

    def _open(self) -> None:
        try:
            bot = Bot.open(self.settings, ProgressLine())
            bot.warm_up()
            self.bot, self.failure = bot, ""
        except OperatorError as error:
            self.failure = str(error)
            log.error("%s", error)
        except Exception as error:  # a full disk, a misspelt encoder: nobody is left waiting
            self.failure = f"{type(error).__name__}，原因写在服务器的日志里"
            log.exception("cannot open the index: %s", error)
        self._again = monotonic() + PAUSE

    def ready(self) -> Bot:
        """The bot; one that has lost Chroma goes on without it. Raises NotReady where there is none.

        Either way the index is opened anew meanwhile.
        """
        bot = self.bot
        amiss = bot.index.lost if bot else self.failure
        if amiss and monotonic() >= self._again and self._opening.acquire(blocking=False):
            try:
                Thread(target=self._reopen, daemon=True).start()
            except RuntimeError as error:  # the system has no thread to give now
                self._opening.release()
                log.error("cannot open the index anew: %s", error)
        if bot is None:
            raise NotReady(self.failure)
        return bot

    def _reopen(self) -> None:
        try:
            self._open()
        finally:
            self._opening.release()

    def may_speak(self, request: Request | None) -> bool:
        """Whether a model may add to one more answer for whoever sent this; counted. Without a request (stdio) it may.

        Asked by `Bot.stream` where an answer would go to a model.
        """
        return request is None or self.model_answers.take(request)

    def statutes(self) -> Statutes:
        """The law that the bot answers from; before the index is open, that of the settings. Raises NotReady."""
        try:
            bot, settings = self.bot, self.settings
            return bot.index.statutes if bot else law_of(settings)
        except CorpusError as error:
            raise NotReady(str(error)) from None


def state_of(app: FastAPI) -> AppState:
    """The state of an app."""
    state: AppState = app.state.app_state
    return state


async def get_state(request: Request) -> AppState:
    """The state of the app that the request came to."""
    return state_of(request.app)


TheState = Annotated[AppState, Depends(get_state)]


async def get_bot(state: TheState) -> Bot:
    """The one bot of the process. Raises NotReady."""
    return state.ready()


def get_statutes(state: TheState) -> Statutes:
    """The law. Raises NotReady."""
    return state.statutes()


TheBot = Annotated[Bot, Depends(get_bot)]
Law = Annotated[Statutes, Depends(get_statutes)]


async def get_site(request: Request, state: TheState) -> str:
    """The app's address for links that leave it, without a slash at its end.

    A Host header may name anything: where the operator has said what our names are, it must be one of them.
    """
    hosts, base = state.settings.hosts, request.base_url
    if hosts and base.hostname not in hosts and base.netloc not in hosts:
        base = base.replace(netloc=hosts[0])
    return str(base).rstrip("/")


Site = Annotated[str, Depends(get_site)]
