"""How a command speaks to a terminal or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from corpus.files import OperatorError


def run(command: Callable[[], int], look_at: str = "文件权限") -> int:
    """Run a command: UTF-8 whatever the terminal is set to, and no traceback where it is stopped or nobody reads on.

    Returns its status, 1 where it cannot be done and a sentence says why, 130 where it was cut short. `look_at`: what
    to check where a file cannot be read or written.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = command()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more as it ends
        return 130
    except OperatorError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"读写不了 {error.filename or error}：请检查{look_at}。", file=sys.stderr)
    return 1
