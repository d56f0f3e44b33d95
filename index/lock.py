"""One process at a time makes what is missing; whoever has to wait is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def alone(path: Path, doing: str) -> Iterator[None]:
    """Hold a lock file; where another process holds it, say on stderr what that is `doing` (建索引) and wait."""
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        print(f"另一个进程正在{doing}，等它完成", file=sys.stderr, flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
