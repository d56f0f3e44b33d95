"""Citations of statutes in Chinese text: find, resolve, check.

    statutes = corpus.statutes.load()
    find(text, statutes)              -> list[Found]      where they stand, and what they name
    resolve(found, statutes)          -> Resolved         the article in force, or what became of it
    check(text, statutes)             -> Checks           and whether it says what the text says; `unplaced`: numbers
                                                          whose law does not show

Knows the corpus, nothing of search: a `Judge` that compares meanings is passed in by callers. What
a lawyer keeps stands in TOML beside this file: see tables.
"""

from corpus.citations.check import Checked, Checks, check
from corpus.citations.find import Found, find
from corpus.citations.judge import Judge
from corpus.citations.labels import LABELS
from corpus.citations.resolve import Resolved, Status, resolve
from corpus.citations.version import MentionedVersion

__all__ = [
    "LABELS",
    "Checked",
    "Checks",
    "Found",
    "Judge",
    "MentionedVersion",
    "Resolved",
    "Status",
    "check",
    "find",
    "resolve",
]
