"""How a command speaks to a terminal or a pipe."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from corpus.files import OperatorError

#: There is no room, or no more of it for us.
FULL = (errno.ENOSPC, errno.EDQUOT)


def run(command: Callable[[], int], look_at: str = "文件权限") -> int:
    """Run a command: UTF-8 whatever the terminal is set to, and no traceback where it is stopped or nobody reads on.

    Returns its status, 1 where it cannot be done and a sentence says why, 130 where it was cut short. `look_at`: what
    to check where a file cannot be read or written.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 until the process ends
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
        _drop()
        return 130
    except ExceptionGroup as errors:  # of tasks
        if not errors.subgroup(BrokenPipeError):
            raise
        _drop()
        return 130
    except OperatorError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        if error.errno in FULL:
            _drop()
            print("磁盘满了，写不下去：请腾出空间再试。", file=sys.stderr)
        else:
            print(f"读写不了 {error.filename or error}：请检查{look_at}。", file=sys.stderr)
    return 1


def _drop() -> None:
    """Give up what is still to be printed: Python tries once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
