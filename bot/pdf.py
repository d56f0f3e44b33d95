"""The text of a PDF, as a process of its own: python bot/pdf.py LONGEST SECONDS, a PDF to stdin, its text from stdout.

A PDF of a kilobyte can ask for hours of work and for any amount of memory, in more ways than can be counted. Here the
system ends it, and meanwhile it takes no turns from the answers of the server's own process.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from io import BytesIO

from pypdf import PdfReader

MEMORY = 1 << 30  # bytes


def text_of(data: bytes, longest: int) -> str:
    """The text of the pages, at most `longest` characters and one that tells of more. Raises what pypdf does."""
    read, left = [], longest
    for page in PdfReader(BytesIO(data)).pages:
        read.append(page.extract_text())
        left -= len(read[-1])
        if left < 0:
            break
    return "\n".join(read)[: longest + 1]


def main(longest: str, seconds: str) -> None:
    """Raises what pypdf does, and MemoryError. The system ends the process (SIGXCPU) after so many seconds of work."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no copy of the document is left behind
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    with suppress(ValueError):  # where the system has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(text_of(sys.stdin.buffer.read(), int(longest)).encode("utf-8", "replace"))


if __name__ == "__main__":
    main(*sys.argv[1:])
