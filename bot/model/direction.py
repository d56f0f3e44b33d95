"""Does a sentence turn round what its source says: 可以 for 不得, 违法 for 合法?

No grammar, only parity: denials are counted, in a clause and in the clauses of the sources that have
its words. Near copies of a source are caught almost always, free paraphrases about half the time
(benchmarks/model.py); what would harm most (_proof) must have a source that says it the same way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein, Opcode

from corpus.cards import FIRM, Verdict
from corpus.citations import tables

#: What denies nothing, though it has a word of denial in it.
_INERT = re.compile(
    r"不仅|不但|不管|不论|不过|无论|不同|不少|不断|不良|不动产|不久|不一定|不一样|不妨|不满|不足|未成年|未来|没收|区别|特别|别人|别的|无限|不可分割|对不起|了不起|差不多|不好意思|非法侵入|非法占有|非法拘禁|非法集资|非正常|是不是|能不能|会不会|要不要|有没有|可不可以|该不该|还不上|还不起|还不清|付不起|受不了|来不及|不放心|不当|不对|不符|不实|不清|不明|(?:没(?!有)|未)[^，。]{1,4}的(?=[\u4e00-\u9fff])"
)
_DENIES = re.compile(r"[不没无未非勿莫别]")
_CLAUSE = re.compile(r"[，。；：！？,;:!?\s（）()]+")
#: A clause that only sets a condition says nothing of its own: 先扣掉的，…; 如果没有同意，…
_CONDITION = re.compile(
    r"^(?:如果|要是|假如|若|只要|除非|就算|即使|哪怕|不管|无论|不论|万一|除了|对于|关于)|(?:的话|时|后|前|以后|以前|之前|之后)$|^(?!.*(?:是|可以|不得|应当)).*的$"
)
#: That somebody does harm is what a source forbids, not its opposite: 这侵害了你的名誉权.
_HARM = re.compile(r"侵害|侵犯|侵扰|干扰|骚扰")
_RIGHT = re.compile(
    r"(?<!不)(?<!非)(?:合法|正当)|不违法|不犯法|不违规|没有?违法|不算违法|不构成违法|不是违法|不犯罪|不构成犯罪|不是犯罪|不算犯罪"
)
_WRONG = re.compile(
    r"(?<!不)(?<!没)(?<!没有)(?<!不算)(?<!不构成)(?<!不是)(?<!是否)(?:违法|犯法|违规)|不合法|非法|(?<!不)(?<!不构成)(?<!不是)(?<!不算)犯罪"
)
#: A clause is turned round when this share of its words stands the other way round in the sources, …
TURNED = 0.5
#: … in segments that have so much more of the sentence than those where the word stands the same way.
MARGIN = 0.2
#: Share of a clause's words that must stand the same way round: of one that forbids something or calls it a
#: crime, and of one that gives a right to those who press the person.
FORBIDS, GRANTS = 0.25, 0.55
#: How alike a sentence and a source are when one is a copy of the other with a word or two changed.
COPIED = 0.8
#: What may frighten or harm without ground: rights of those who have a claim on the person, and crimes.
_OTHERS = re.compile(r"^(?:.{0,4})(?:催收|平台|债主|放款|出借|对方|公司|商家|他们?|中介)")
_CRIME = re.compile(
    r"(?:等于|就是|属于|构成|算是?|涉嫌).{0,6}(?:犯罪|诈骗|罪)|(?:会|要|得).{0,4}(?:坐牢|判刑|抓|拘留|留案底)"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """Its pairs of characters without the words of denial, whether it denies, and the share that must be proven."""

    words: frozenset[str]
    denied: bool
    proof: float


class Direction:
    """The directions of an answer's sources. `verdict` is the card's."""

    def __init__(self, segments: Sequence[str], verdict: Verdict) -> None:
        self._verdict = verdict
        self._even = [_even(s) for s in segments]
        self._parities = [_parities(s) for s in segments]
        self._right = [bool(_RIGHT.search(s)) for s in segments]
        self._wrong = [bool(_WRONG.search(s)) for s in segments]

    def agrees(self, text: str) -> bool:
        """Whether a bare judgement (这是违法的。) is the card's own."""
        if _RIGHT.search(text):
            return self._verdict == "legal"
        return bool(_WRONG.search(text)) and self._verdict == "illegal"

    def contradicts(self, text: str, shares: Sequence[float]) -> str:
        """`verdict` or `direction` where the sentence turns something round, else an empty string.

        `shares` says for each segment how much of the sentence it has, 0 to 1.
        """
        best = max(shares, default=0.0)
        # Against a clear verdict a source must say it nearly in these words.
        clear = self._verdict in FIRM
        limit = max(0.45, 0.8 * best) if clear else max(0.15, 0.4 * best)
        near = [i for i, share in enumerate(shares) if share >= limit]
        if _RIGHT.search(text) and self._verdict != "legal" and not any(self._right[i] for i in near):
            return "verdict"
        if _WRONG.search(text) and self._verdict != "illegal" and not any(self._wrong[i] for i in near):
            return "verdict"
        if any(self._miscopied(text, i) for i, share in enumerate(shares) if share >= max(0.5, 0.9 * best)):
            return "direction"
        return "direction" if any(self._turned(clause, shares, best) for clause in _clauses(text)) else ""

    def _miscopied(self, text: str, segment: int) -> bool:
        """Whether this is a segment's own wording with a denial put in or left out."""
        ours, theirs = _even(text), self._even[segment]
        at = fuzz.partial_ratio_alignment(ours, theirs)
        if at is None or at.score < 100 * COPIED:
            return False
        ours, theirs = ours[at.src_start : at.src_end], theirs[at.dest_start : at.dest_end]
        edits = Levenshtein.opcodes(ours, theirs)
        return any(
            _denies(ours[e.src_start : e.src_end]) != _denies(theirs[e.dest_start : e.dest_end])
            for e in edits
            if _small(e)
        )

    def _turned(self, clause: _Clause, shares: Sequence[float], best: float) -> bool:
        """Whether more of a clause's words stand the other way round in the nearest segments than stand the same.

        Of a clause that needs proof so many words must stand the same way round.
        """
        turned = kept = 0
        for word in clause.words:
            same = opposite = 0.0
            for share, segment in zip(shares, self._parities, strict=True):
                denied = segment.get(word, frozenset())
                if clause.denied in denied:
                    same = max(same, share)
                if (not clause.denied) in denied:
                    opposite = max(opposite, share)
            turned += opposite > same + MARGIN * best
            kept += opposite <= same + MARGIN * best and same > 0
        if clause.proof and kept < clause.proof * len(clause.words):
            return True
        return turned >= TURNED * len(clause.words) and turned > kept


def _small(edit: Opcode) -> bool:
    """Whether an edit exchanges a word or two, and is not what an alignment leaves over at its ends."""
    return edit.tag != "equal" and edit.src_end - edit.src_start <= 4 and edit.dest_end - edit.dest_start <= 4


def _denies(text: str) -> bool:
    """Whether a text denies what it says: an odd number of denials."""
    return len(_DENIES.findall(text)) % 2 == 1


def _even(text: str) -> str:
    """A text with one word for each way of allowing, forbidding and denying."""
    for pattern, by in _same():
        text = pattern.sub(by, text)
    return text


@lru_cache(maxsize=1)
def _same() -> list[tuple[re.Pattern[str], str]]:
    """Words that deny in one piece, and a denial and what is denied to put for them, in that order."""
    words = tables.denials()
    rows = (
        (r"不等于|不代表|不意味着?|不是说|并非|并不是|不算|不属于|不是", "不"),
        (r"违法|犯法|违规|不合法|不正当", "不合法"),
        (r"无效|失效", "不有效"),
        (rf"{tables.any_of(*words.forbid)}|没有权利|没权利?|没有资格", "不可以"),
        (rf"{tables.any_of(*words.allow)}|能(?=[^力])", "可以"),
        (rf"{tables.any_of(*words.spare)}|不用|无需|无须|不需要?|用不着|没必要|没有义务|没有责任", "不应当"),
        (rf"{tables.any_of(*words.oblige)}|需要|有义务|得(?=[自先在把去要])", "应当"),
        (r"拒绝|拒不|不肯|不愿", "不肯"),
    )
    return [(_INERT, ""), *((re.compile(pattern), by) for pattern, by in rows)]


def _parities(text: str) -> dict[str, frozenset[bool]]:
    """Each word of a text with the directions of the clauses that it stands in."""
    out: dict[str, frozenset[bool]] = {}
    for clause in _clauses(text, conditions=True):
        for word in clause.words:
            out[word] = out.get(word, frozenset()) | {clause.denied}
    return out


def _proof(clause: str, even: str, denied: bool) -> float:
    """The share of a clause's words that must stand the same way round in a source; 0 where none must."""
    if (denied and "不可以" in even) or (not denied and _CRIME.search(clause)):
        return FORBIDS
    return GRANTS if not denied and _OTHERS.search(clause) and re.search(r"可以|应当", even) else 0.0


def _clauses(text: str, conditions: bool = False) -> list[_Clause]:
    out = []
    for clause in _CLAUSE.split(text):
        even = _even(clause)
        if not conditions and (_CONDITION.search(clause) or (_HARM.search(clause) and "可以" not in even)):
            continue
        denied = _denies(even)
        bare = re.sub(r"可以|应当|[是不没无未非勿莫别的了也都就会要你他我]|[^\u4e00-\u9fff0-9]", "", even)
        words = frozenset(bare[i : i + 2] for i in range(max(1, len(bare) - 1))) - {""}
        proof = _proof(clause, even, denied)
        out.append(_Clause(words, denied, proof))
    return [c for c in out if c.words]
