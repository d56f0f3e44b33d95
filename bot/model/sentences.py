"""A stream of text cut into sentences as it comes, so that each can be checked before it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A "sentence" that goes on past this many characters is cut there and marked; its remainder up to the next end is
#: dropped. Either may say the opposite without the other.
LONGEST = 240
_ENDS = "。！？!?"
_OPEN, _CLOSE = "「『“《（(", "」』”》）)"
_AFTER = re.compile(r"[」』”》）)\"'*]*(?:[ \t]*[\[［【〔][\d\s,，、]{1,12}[\]］】〕])*[。]?")
_UNFINISHED = re.compile(r"[ \t]*[\[［【〔][\d\s,，、]{0,12}$")
_LIST = re.compile(r"^\s*(?:[-*•·+]\s+|\d{1,2}[.、．)）]\s*|[（(]?[一二三四五六七八九十]{1,3}[)）、]\s*|>\s*)")
_LABEL = re.compile(r"^\s*#{1,6}.*$|^[^，。！？,]{1,16}[：:]$")
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>\s*|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without its list mark.

    opens  what stands before it: nothing, a line, a list line
    cut    whether it went on
    """

    text: str
    opens: str = ""
    cut: bool = False


class Sentences:
    """Feed it pieces of any size; it gives back the sentences that are complete."""

    def __init__(self) -> None:
        self._rest = ""
        self._line = True  # at the head of a line
        self._opens = ""
        self._begun = False
        self._cut = False  # in the middle of a sentence that was cut

    def feed(self, piece: str) -> list[Sentence]:
        """The sentences that this piece completes."""
        self._rest += piece
        if not self._begun and not self._begin():
            return []
        out: list[Sentence] = []
        while (end := self._end()) is not None:
            out += self._take(*end)
        return out

    def close(self, finished: bool) -> list[Sentence]:
        """The rest, at the end of the stream; half a sentence is dropped unless the writer had finished."""
        rest, self._rest = self._rest, ""
        if not self._begun and rest.lstrip().startswith("<think"):
            return []
        if not finished and not _AFTER.sub("", rest.rstrip()).endswith(tuple(_ENDS)):
            ended = max(rest.rfind(c) for c in _ENDS)
            rest = rest[: ended + 1]
        self._rest = rest
        return self._take(len(rest))

    def _begin(self) -> bool:
        """Leave out what a model thinks aloud before it answers."""
        text = self._rest.lstrip()
        if "<think>".startswith(text[:7]) and len(text) < 7:
            return False
        if text.startswith("<think>"):
            if "</think>" not in text:
                return False
            self._rest = _THOUGHT.sub("", self._rest)
        self._begun = True
        return True

    def _end(self) -> tuple[int, bool] | None:
        """Where the first sentence of the rest ends, and whether it is only cut there; None while that is not known."""
        depth = 0
        for i, c in enumerate(self._rest):
            if c == "\n":
                return i + 1, False
            if i >= LONGEST:
                return i, True
            depth += (c in _OPEN) - (c in _CLOSE and depth > 0)
            if c in _ENDS and (depth == 0 or self._rest[i + 1 : i + 2] in _CLOSE[:3]):
                match = _AFTER.match(self._rest, i + 1)
                after = match.end() if match else i + 1
                following = self._rest[after:]
                if not following or _UNFINISHED.fullmatch(following) or following in _CLOSE + _ENDS:
                    return None
                if following[0] not in _ENDS:
                    return after, False
        return None

    def _take(self, end: int, cut: bool = False) -> list[Sentence]:
        whole, self._rest = self._rest[:end], self._rest[end:]
        remainder, self._cut = self._cut and not cut, cut
        text = "" if remainder else whole.strip()
        mark = _LIST.match(text) if self._line else None
        if mark:
            text, self._opens = text[mark.end() :], "\n- "
        text = text.replace("**", "").replace("__", "").strip()
        opens, self._line = self._opens, whole.endswith("\n")
        if not text or _LABEL.match(text) or not re.search(r"\w", text):
            self._opens = opens or ("\n" if self._line else "")
            return []
        self._opens = "\n" if self._line else ""
        return [Sentence(text, opens, cut)]
