"""How a command of the index or of the bot tells what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable

from pydantic import ValidationError

from corpus.files import OperatorError
from index.settings import problems_of


def told(command: Callable[[], int]) -> int:
    """Run a command: its status, or 1 where it cannot be done and a sentence says why."""
    try:
        return command()
    except ValidationError as error:
        print(problems_of(error), file=sys.stderr)
    except OperatorError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = error.filename or error
        print(f"读写不了 {place}：请检查 BOT_DATA、BOT_ENCODER、BOT_STATUTES 和文件权限。", file=sys.stderr)
    return 1
