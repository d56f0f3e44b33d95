"""The log: what went wrong and where, and never what anybody said."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

log = logging.getLogger(__name__)
FRAMES = 8  # of an error, the innermost ones


class Wordless(logging.Formatter):
    """Writes the kinds of an error and of its causes, and where it arose; not its message, which may quote a person."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        error = ei[1]
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        frames = traceback.format_tb(error.__traceback__, -FRAMES) if error else []
        kinds: list[str] = []
        while error and len(kinds) < FRAMES:
            kinds.append(type(error).__qualname__)
            error = error.__cause__ or error.__context__
        return "".join(frames) + " <- ".join(kinds)


def _unquoted(record: logging.LogRecord) -> bool:
    """Take out of a record of asyncio's what it quotes: the error, and what was called with which words."""
    if record.exc_info:
        record.msg, record.args = "failed", ()
    return True


def _uncaught(failed: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
    """Log an error that nobody catches: of a thread, or of a generator that is thrown away."""
    if failed.exc_value and not isinstance(failed.exc_value, SystemExit):
        log.error("uncaught", exc_info=failed.exc_value)


def set_up() -> None:
    """Write warnings and errors to stderr, also those that Python would print by itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Wordless("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("asyncio").addFilter(_unquoted)
    threading.excepthook = sys.unraisablehook = _uncaught


def print_exc() -> None:
    """Log the error at hand; stands in for traceback.print_exc where a library prints what people said."""
    log.exception("failed")
