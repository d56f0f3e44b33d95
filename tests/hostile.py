"""Search for every pattern of ours in its own words over and over: python -m tests.hostile

Python's `re` lets nothing else run. A pattern that has ever more ways to split such a text would stop the whole server
for one visitor's sentence. Prints the patterns that did not come to an end, each tried in a process of its own.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from itertools import product
from unittest.mock import patch

PACKAGES = ("corpus", "corpus.citations", "index", "bot", "bot.model")
OURS = ("bot", "corpus", "index")
#: Entry points, and what needs torch.
UNREAD = ("__main__", "train", "train_pairs", "nano", "readers", "smoothquant")
#: So often a word stands in a text, and so many words of a pattern are tried two by two.
TIMES, WORDS = 60, 24
#: Seconds for a pattern that ends; most take a hundredth of one.
PATIENCE = 20
_WORD = re.compile(r"[\u4e00-\u9fff]+|[0-9A-Za-z]+|[,，。、.\s]")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,)")


def our_patterns() -> list[re.Pattern[str]]:
    """Whatever our modules compile as they are imported, and the tables as they are read."""
    compile, ours = re.compile, dict[re.Pattern[str], None]()

    def noting(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled = compile(pattern, flags)
        if isinstance(pattern, str) and sys._getframe(1).f_globals["__name__"].partition(".")[0] in OURS:
            ours[compiled] = None
        return compiled

    with patch("re.compile", noting):
        for package in PACKAGES:
            for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
                if module.name not in UNREAD:
                    importlib.import_module(f"{package}.{module.name}")
        from bot.question_patterns import question_patterns
        from corpus.conditions import load_conditions
        from corpus.replies import load_replies

        question_patterns()
        load_replies()
        conditions = load_conditions().values()  # which pydantic compiles
    heard = (one for condition in conditions for one in (*condition.heard, *filter(None, [condition.unless])))
    return list(ours | dict.fromkeys(heard))


def hostile(pattern: str) -> Iterator[str]:
    """Texts that a pattern nearly matches in as many ways as it has."""
    found = dict.fromkeys(_WORD.findall(pattern))
    words = list(found | dict.fromkeys(c for word in found for c in word))
    pairs = product(words[:WORDS], repeat=2) if _REPEATED_GROUP.search(pattern) else ()
    for word in (*words, *map("".join, pairs)):
        yield word * TIMES
        yield f"{word * TIMES}☃"


def ends(pattern: re.Pattern[str]) -> bool:
    """Whether a pattern has been searched for in all of its texts within PATIENCE."""
    child = os.fork()
    if not child:
        signal.alarm(PATIENCE)  # ends the process, also in the middle of a search
        for text in hostile(pattern.pattern):
            pattern.search(text)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def main() -> int:
    endless = [pattern.pattern for pattern in our_patterns() if not ends(pattern)]
    print(*map(repr, endless), sep="\n", end="")
    return len(endless)


if __name__ == "__main__":
    sys.exit(main())
