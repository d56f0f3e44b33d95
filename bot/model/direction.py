"""Does a sentence turn round what its source says: 可以 for 不得, 违法 for 合法?

No grammar, only parity: a clause is compared with the clauses of the sources that speak of the same
thing in the same words, and its negations are counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cards import Verdict

#: Words that deny in one piece, as a denial and what is denied.
_SAME = [
    (r"不仅|不但|不管|不论|不过|无论|不同|不少|不断|不良|不动产|不久|不一定|不一样|不妨|不满|不足|未成年|未来|没收|区别|特别|别人|别的|无限|不可分割|对不起|了不起|差不多|不好意思|非法侵入|非法占有|非法拘禁|非法集资|非正常|是不是|能不能|会不会|要不要|有没有|可不可以|该不该|还不上|还不起|还不清|付不起|受不了|来不及|不放心|不当", ""),  # noqa: E501
    (r"不等于|不代表|不意味着?|不是说|并非|并不是|不算|不属于|不是", "不"),
    (r"违法|犯法|违规|不合法|不正当", "不合法"),
    (r"无效|失效", "不有效"),
    (r"不得|不许|不准|不能|不可以|不可|禁止|严禁|无权|没有权利|没权利?|不允许|没有资格", "不可以"),
    (r"有权|可以|允许|能够|有权利|能(?=[^力])", "可以"),
    (r"不用|不必|无需|无须|不需要?|用不着|没必要|没有义务|没有责任|不应当?|不该", "不应当"),
    (r"应当|应该|必须|需要|有义务|得(?=[自先在把去要])", "应当"),
    (r"拒绝|拒不|不肯|不愿", "不肯"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), by) for pattern, by in _SAME]
_DENIES = re.compile(r"[不没无未非勿莫别]")
_CLAUSE = re.compile(r"[，。；：！？,;:!?\s（）()「」“”]+")
#: A clause that only sets a condition says nothing of its own: 先扣掉的，…; 如果没有同意，…
_CONDITION = re.compile(
    r"^(?:如果|要是|假如|若|只要|除非|就算|即使|哪怕|不管|无论|不论|万一|除了|对于|关于)|(?:的话|的|时|后|前|以后|以前|之前|之后)$"
)
_RIGHT = re.compile(
    r"(?<!不)(?<!非)(?:合法|正当)|不违法|不犯法|不违规|没有?违法|不算违法|不构成违法|不是违法|不犯罪|不构成犯罪|不是犯罪|不算犯罪"
)
_WRONG = re.compile(
    r"(?<!不)(?<!没)(?<!没有)(?<!不算)(?<!不构成)(?<!不是)(?<!是否)(?:违法|犯法|违规)|不合法|非法|(?<!不)(?<!不构成)(?<!不是)(?<!不算)犯罪"
)
#: How alike two clauses are when they speak of the same thing.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class _Clause:
    words: frozenset[str]
    denied: bool


class Direction:
    """The directions of an answer's sources. `verdict` is the card's."""

    def __init__(self, segments: Sequence[str], verdict: Verdict) -> None:
        self._verdict = verdict
        self._clauses = [_clauses(s) for s in segments]
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
        clear = self._verdict in (
            "illegal",
            "legal",
        )  # against a clear verdict a source must say it nearly in these words
        limit = max(0.45, 0.8 * best) if clear else max(0.15, 0.4 * best)
        near = [i for i, share in enumerate(shares) if share >= limit]
        if _RIGHT.search(text) and self._verdict != "legal" and not any(self._right[i] for i in near):
            return "verdict"
        if _WRONG.search(text) and self._verdict != "illegal" and not any(self._wrong[i] for i in near):
            return "verdict"
        for clause in _clauses(text):
            if self._turned(clause, shares):
                return "direction"
        return ""

    def _turned(self, clause: _Clause, shares: Sequence[float]) -> bool:
        """Whether the clauses nearest to this one say the opposite, and none as near says the same."""
        same = opposite = 0.0
        for share, others in zip(shares, self._clauses, strict=True):
            if share < 0.15:
                continue
            for other in others:
                alike = _alike(clause.words, other.words)
                if other.denied == clause.denied:
                    same = max(same, alike)
                else:
                    opposite = max(opposite, alike)
        limit = ALIKE if len(clause.words) > 2 else 1.0
        return opposite >= limit and opposite > same + 0.1


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of one clause another has, 0 to 1."""
    return len(one & other) / len(one)


def _clauses(text: str) -> list[_Clause]:
    out = []
    for clause in _CLAUSE.split(text):
        if _CONDITION.search(clause):
            continue
        even = clause
        for pattern, by in _COMPILED:
            even = pattern.sub(by, even)
        denied = len(_DENIES.findall(even)) % 2 == 1
        bare = re.sub(r"可以|应当|[是不没无未非勿莫别的了也都就会要你他我]|[^\u4e00-\u9fff0-9]", "", even)
        words = frozenset(bare[i : i + 2] for i in range(len(bare) - 1))
        out.append(_Clause(words, denied))
    return [c for c in out if c.words]
