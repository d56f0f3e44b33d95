"""A short claim that says of what an article forbids that it is allowed, or the other way round.

利息可以预先扣除 has too few words to be a copy of 借款的利息不得预先在本金中扣除. But all that it says stands there, in
this order and around the contrary word: nothing is left that could make it another matter.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.citations import tables
from corpus.citations.assessment import Assessment
from corpus.citations.changes import Change
from corpus.citations.cited import Cited
from corpus.citations.likeness import content, plain

_CLAUSE = re.compile(r"[^,，。;；:：!?！？\n]+")
#: What does not say that the law has it so: a question anywhere beside it; a denial, what somebody believes or says.
_ASKED = re.compile(r"[吗么嘛?？]|是否|[能可]否|是不是|对不对")
_NOT_SAID = re.compile(r"并非|不是|以为|[说称]|误")
#: So many characters are said before the word and after it, at least.
_BEFORE, _AFTER = 2, 3


def turned(cited: Cited) -> Assessment | None:
    """That the claim allows what a clause of the one article cited forbids, or forbids what it allows."""
    article, evidence = cited.only, cited.evidence
    if article is None or not evidence.single or any(_ASKED.search(context) for context in evidence.contexts):
        return None
    allowed, forbidden = _words()
    clauses = _CLAUSE.findall(article.text)
    for claim in _CLAUSE.findall(evidence.primary):
        for own, other in ((allowed, forbidden), (forbidden, allowed)):
            if _NOT_SAID.search(claim) or other.search(claim):
                continue
            there = next((clause for clause in clauses if _says(claim, own, clause, other)), None)
            if there and not any(_says(claim, own, clause, own) for clause in clauses):
                return Assessment(change=Change(article.reference, there, claim))
    return None


def _says(claim: str, word: re.Pattern[str], clause: str, other: re.Pattern[str]) -> bool:
    """Whether all that a claim says around its word stands in a clause around that one's, in the same order."""
    said, there = word.split(claim), other.split(clause)
    if len(said) != 2 or len(there) != 2:
        return False
    (before, after), (first, last) = ([plain(content(part)) for part in parts] for parts in (said, there))
    return len(before) >= _BEFORE and len(after) >= _AFTER and _within(before, first) and _within(after, last)


def _within(words: str, text: str) -> bool:
    """Whether the characters stand in the text in this order."""
    rest = iter(text)
    return all(character in rest for character in words)


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Those that allow and those that forbid: 不可以 is none of the first, 可以不 neither."""
    words = tables.denials()
    return re.compile(rf"(?<!不)(?:{tables.any_of(*words.allow)})(?!不)"), re.compile(tables.any_of(*words.forbid))
