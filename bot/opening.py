"""The bot as an operator has set it up."""

from __future__ import annotations

from functools import partial

from bot import unanswered
from bot.chain import Bot
from bot.settings import BotSettings
from index.progress import Progress, silent


def open_bot(settings: BotSettings, progress: Progress = silent) -> Bot:
    """The bot of the settings, which keeps what got no answer where they say so. Raises what its parts raise."""
    return Bot.open(settings, progress, partial(unanswered.keep, settings))
