"""How a command of the index or of the bot tells what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable

from pydantic import ValidationError

from corpus import terminal
from index.settings import problems_of


def run(command: Callable[[], int]) -> int:
    """As `terminal.run` does, for a command with settings: its status is 1 too where one of them is wrong."""
    return terminal.run(lambda: _with_settings(command), "BOT_DATA、BOT_ENCODER、BOT_STATUTES 和文件权限")


def _with_settings(command: Callable[[], int]) -> int:
    try:
        return command()
    except ValidationError as error:
        print(problems_of(error), file=sys.stderr)
    return 1
