"""Search for every pattern of ours in its own words over and over: python -m tests.hostile

Python's `re` lets nothing else run. A pattern that has ever more ways to split such a text would stop the whole server
for one visitor's sentence, and one that is only slower the longer it is for one long message. Prints the patterns that
did not come to an end.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from itertools import product
from types import ModuleType
from unittest.mock import patch

PACKAGES = ("corpus", "corpus.citations", "index", "bot", "bot.model")
OURS = ("bot", "corpus", "index")
#: Entry points, and what needs torch.
UNREAD = ("__main__", "train", "train_pairs", "nano", "readers", "smoothquant")
#: So often a word stands in a text, and so many words of a pattern are tried two by two.
TIMES, WORDS = 60, 24
#: Seconds of a processor for a pattern that ends; most take a hundredth of one.
PATIENCE = 20
#: A message is at most so long, and a search through it takes at most so many seconds of a processor; the slowest take
#: half of one.
LONGEST, SLOW = 2000, 1.5
#: Fewer patterns are never ours: something would not be tried.
LEAST = 1000
_WORD = re.compile(r"[\u4e00-\u9fff]+|[0-9A-Za-z]+|[,，。、.\s《》“”「」]")
_CLASS = re.compile(r"\[(?:\\.|[^\\\]])*\]")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,)")


def our_patterns() -> list[re.Pattern[str]]:
    """Whatever our modules compile as they are imported, write where they search, and make of the tables."""
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
                    ours |= dict.fromkeys(written(importlib.import_module(f"{package}.{module.name}")))
        from bot import question_patterns, render
        from bot.model import direction
        from corpus.citations import changes, claimed_figures, contradiction, likeness, named_rules
        from corpus.citations.find import _grammar
        from corpus.citations.law_names import names_of
        from corpus.conditions import load_conditions
        from corpus.replies import load_replies
        from corpus.statutes import load

        question_patterns.question_patterns()
        render._phones()
        load_replies()
        _grammar(names_of(load()))
        claimed_figures._norms()
        contradiction._contraries()
        changes._reading()
        direction._same()
        likeness._lay()
        named_rules._patterns()
        for bare in (True, False):
            named_rules._crimes(bare=bare)
        conditions = load_conditions().values()  # which pydantic compiles
    heard = (one for condition in conditions for one in (*condition.heard, *filter(None, [condition.unless])))
    return list(ours | dict.fromkeys(heard))


def written(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """The patterns that a module hands to re.search and the like, but for those made of what it only knows there."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), name), [pattern, *_], named) if name != "escape":
                flags = [one.value for one in named if one.arg == "flags"]
                try:
                    values = [eval(ast.unparse(one), vars(module).copy()) for one in (pattern, *flags)]
                except NameError:
                    continue
                if isinstance(values[0], str):
                    yield re.compile(*values)


def words_of(pattern: str) -> list[str]:
    """The words that stand in a pattern, and their characters."""
    found = dict.fromkeys(_WORD.findall(_CLASS.sub(" ", pattern)))  # a class has characters, no words
    return list(found | dict.fromkeys(c for word in _WORD.findall(pattern) for c in word))


def hostile(pattern: str) -> Iterator[str]:
    """Texts that a pattern nearly matches in as many ways as it has."""
    words = words_of(pattern)
    pairs = product(words[:WORDS], repeat=2) if _REPEATED_GROUP.search(pattern) else ()
    for word in (*words, *map("".join, pairs)):
        yield word * TIMES
        yield f"{word * TIMES}☃"


def endless(patterns: list[re.Pattern[str]]) -> Iterator[re.Pattern[str]]:
    """Those that are not done with all of their texts within PATIENCE, or with a long one within SLOW."""
    while patterns:
        done, tell = os.pipe()
        child = os.fork()
        if not child:
            for pattern in patterns:
                signal.setitimer(signal.ITIMER_PROF, PATIENCE)  # ends the process, also in the middle of a search
                for text in hostile(pattern.pattern):
                    pattern.search(text)
                for word in words_of(pattern.pattern)[:WORDS]:
                    signal.setitimer(signal.ITIMER_PROF, SLOW)
                    pattern.search((word * LONGEST)[:LONGEST])
                os.write(tell, b".")
            os._exit(0)
        os.close(tell)
        with open(done, "rb") as told:
            ended = len(told.read())
        os.waitpid(child, 0)
        yield from patterns[ended : ended + 1]
        patterns = patterns[ended + 1 :]


def main() -> int:
    patterns = our_patterns()
    assert len(patterns) >= LEAST, len(patterns)
    running = [pattern.pattern for pattern in endless(patterns)]
    print(*map(repr, running), sep="\n", end="")
    return len(running)


if __name__ == "__main__":
    sys.exit(main())
