"""What a name of law stands for: a statute in force, a repealed one, a rule whose text is not held, nothing known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from rapidfuzz import fuzz, process

from corpus.cards import load_rules
from corpus.citations import tables
from corpus.files import FileError
from corpus.reference import Reference
from corpus.statutes import Article, Statutes, load

NameKind = Literal["statute", "pending", "repealed", "unheld", "rule", "foreign", "unknown", "other"]
FULL = "中华人民共和国"
_MARKS = re.compile(r"[《》<>〈〉「」『』“”\"'‘’【】\[\]·\s]")
_YEAR = re.compile(r"\((?:(?:19|20)\d\d[^()]*|[^()]*(?:修[正订改]|废止|失效|版|全文)[^()]*|试行|暂行)\)$")
_DRAFT = re.compile(r"\([^()]*(?:征求意见|草案|送审|审议)[^()]*\)$")
_NUMBERED = re.compile(r"\([一二三四五六七八九十]{1,3}\)$|[一二三四五六](?=$)")
_LOCAL = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:省|市(?![场政民])|自治[区州县]|经济特区)[\u4e00-\u9fff]{2,40}(?:条例|办法|规定|细则)"
)
_ABOUT = "关于"  # what stands before it in a title is who issued the rule
_SHORT = 6  # characters of a rule's name that is a short form of a longer one
_ASCII = str.maketrans("（），", "(),")
_PREFIX = re.compile(r"^(?:原|旧|新|老|现行|我国|国家|新修订的?|修订后的?|修订前的?)")


@dataclass(frozen=True, slots=True)
class Name:
    """What a written name stands for. `law` is the official short name, None where there is none.

    kind: statute (in force, text held), pending (held, not in force on the day), repealed, unheld
    (real, text not held), rule (named like one below the laws, of which too few are known to say
    whether it is real), foreign, unknown (looks like a law, not known), other (no law at all).
    """

    written: str
    law: str | None
    kind: NameKind


class Names:
    """All names known for a set of statutes, with the `fallback` set behind it."""

    def __init__(self, statutes: Statutes, fallback: Statutes) -> None:
        self.table = table = tables.names()
        self._part = re.compile(f"(?:第[一二三四五六七]+编)?(?:{'|'.join(table.parts)})编?$")
        self._derived = re.compile(rf"(?:的?[\u4e00-\u9fff]{{0,12}}?解释|{'|'.join(table.instruments)})")
        self._issuer = re.compile("|".join(table.issuers))
        #: Titles of rules, of which there are too many to know them all: 关于…的规定, …司法解释.
        endings = "|".join((*table.shape.rule, *table.shape.notice))
        self._rule = re.compile(
            rf"(?:[\u4e00-\u9fff、,]{{2,60}})?{_ABOUT}.{{2,90}}(?:{endings})(?:\([^()]*\))?|.{{2,40}}司法解释"
        )
        self.foreign: tuple[str, ...] = tuple(sorted(table.foreign, key=len, reverse=True))
        self.held: Mapping[str, Statutes] = {
            **{s.name: fallback for s in fallback},
            **{s.name: statutes for s in statutes},
        }
        self._known: dict[str, Name] = {}
        rules: dict[str, tuple[str, ...]] = {name: (name,) for name in table.unheld}
        rules |= {rule.name: (rule.name, rule.short) for rule in load_rules().values()}
        self._rules = tuple(map(name_key, rules))
        for name, forms in rules.items():
            for form in forms:
                self._add(form, name, "unheld")
        for entry in tables.repealed().values():
            for name in (entry.name, *entry.aliases):
                self._add(name, entry.name, "repealed")
        #: Statutes that have been adopted, and the day on which they come into force.
        self.pending: Mapping[str, date] = dict((*fallback.pending, *statutes.pending))
        for name in self.pending:
            self._add(name, name, "pending")
        for source in (fallback, statutes):
            for statute in source:
                for name in (*statute.aliases, *table.aliases.get(statute.name, ())):
                    self._add(name, statute.name, "statute")
                self._add(statute.official, statute.name, "statute")
        for name in self.held:  # last: an official name is never another's alias
            self._add(name, name, "statute")
        #: A name of law anywhere in a text, the longest first, or a rule's document number. Group "name".
        self._numbered = re.compile(rf"(?:{'|'.join(table.numbers)})\((?:19|20)\d\d\)第?\d{{1,4}}号")
        self.pattern = re.compile(rf"(?P<name>(?:{FULL})?{_trie(self._known)}|{self._numbered.pattern})")

    def _add(self, written: str, law: str, kind: NameKind) -> None:
        key = name_key(written)
        if not key:  # it would stand everywhere in a text
            raise FileError(f"《{law}》的另一个名称「{written}」里没有字")
        self._known[key] = Name(key, law, kind)
        _, about, subject = key.partition(_ABOUT)
        if subject:
            self._known.setdefault(about + subject, Name(key, law, kind))

    def known(self, written: str) -> Name | None:
        """What exactly this name stands for, brackets, blanks and 中华人民共和国 aside; None where nothing has it."""
        return self._known.get(name_key(written))

    def article(self, reference: Reference) -> Article | None:
        """The article, of any statute whose text is held, whatever the pinpoint; None where there is no such one."""
        statutes = self.held.get(reference.law)
        return statutes.article(reference) if statutes else None

    def look_up(self, written: str, *, titled: bool = True) -> Name:
        """What `written` stands for; brackets, 中华人民共和国 and a version in brackets may stand in it.

        `titled` says that it stood in 《》; only then may an unknown name be called no law at all.
        """
        key = name_key(written)
        for form in self._forms(key):
            if found := self._known.get(form):
                return Name(key, found.law, found.kind)
        if self._numbered.fullmatch(key):  # 法释〔2020〕17号
            return Name(key, None, "unheld")
        bare = _NUMBERED.sub("", _YEAR.sub("", key))
        if (stem := self.pattern.match(bare)) and self._derived.fullmatch(bare, stem.end()):
            return Name(key, None, "unheld")
        if _LOCAL.fullmatch(bare) or _DRAFT.search(key) or (titled and self._unheld(bare)):
            return Name(key, None, "unheld")  # 上海市消费者权益保护条例, 关于…的通知, 民间借贷规定
        return Name(key, None, self._kind(bare, titled))

    def _forms(self, key: str) -> Iterable[str]:
        yield key
        bare = _YEAR.sub("", key)
        yield bare
        yield (part := self._part.sub("", bare))
        yield _PREFIX.sub("", part)
        _, about, subject = bare.partition(_ABOUT)
        if subject:  # whoever is named as issuer, and how many of them
            yield about + subject

    def _unheld(self, name: str) -> bool:
        """Whether a name in 《》 is that of a rule, or a short form of one that is known and not held."""
        if self._rule.fullmatch(name):
            return True
        return (
            len(name) >= _SHORT
            and name.endswith(self.table.shape.rule)
            and any(_shortens(name, r) for r in self._rules)
        )

    def _kind(self, name: str, titled: bool) -> NameKind:
        shape = self.table.shape
        if name.startswith(self.foreign):
            return "foreign" if name.endswith(shape.law) else "other"
        official = self._issuer.search(name)
        never = _ending(name, shape.never) > _ending(name, shape.law)  # 看法, but 社会信用法
        bad = never or any(word in name for word in shape.not_law)
        if bad and not official:
            return "other"
        if name.endswith(shape.law) and not name.endswith("办法"):
            below = name.endswith("条例") and name.removesuffix("条例") + "法" not in self.held  # else the law is meant
            return "other" if len(name) <= 2 else "rule" if below else "unknown"
        if name.endswith(shape.rule):
            return "rule" if official or not titled or len(name) >= 4 else "other"
        return "other"

    def is_law(self, name: str) -> bool:
        """Whether an unknown name in 《》 claims by itself to be a law, so that it is worth a remark."""
        ends = name.endswith(self.table.shape.law) and not name.endswith(("办法", "方法"))
        return ends or bool(re.match("最高人民法院|最高人民检察院|国务院|全国人民代表大会", name))

    def near(self, written: str, limit: int = 3) -> tuple[str, ...]:
        """Names of statutes in force that look like `written`, the nearest first."""
        key = re.sub(r"(?:暂行|试行)?(?:条例|办法|规定|细则|解释)$", "法", name_key(written))
        hits = process.extract(key, list(self.held), scorer=fuzz.ratio, limit=limit, score_cutoff=70)
        return tuple(name for name, _, _ in hits)


def name_key(written: str) -> str:
    """A name without its brackets, spaces and 中华人民共和国, parentheses as ASCII."""
    return _MARKS.sub("", written).translate(_ASCII).replace(FULL, "")


def _ending(name: str, endings: Iterable[str]) -> int:
    """The length of the longest of `endings` that a name has."""
    return max((len(one) for one in endings if name.endswith(one)), default=0)


def _shortens(short: str, name: str) -> bool:
    """Whether `short` is a name shortened: pieces of it in their order, each of two characters or more."""
    at = read = 0
    while read < len(short):
        at = name.find(short[read : read + 2], at)
        if at < 0 or len(short) - read < 2:
            return False
        while read < len(short) and at < len(name) and short[read] == name[at]:
            read, at = read + 1, at + 1
    return True


def _trie(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of `words`."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for c in word:
            node = node.setdefault(c, {})
        node[""] = {}

    def write(node: dict[str, Any]) -> str:
        branches = [re.escape(c) + write(child) for c, child in sorted(node.items()) if c]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 else "|".join(branches)
        if "" in node:
            return f"(?:{body})?"
        return f"(?:{body})" if len(branches) > 1 else body

    return write(root)


@lru_cache(maxsize=2)  # of the index that is open and of the next one
def names_of(statutes: Statutes) -> Names:
    """The names for these statutes, with what stands behind them."""
    return Names(statutes, behind_of(statutes))


def behind_of(statutes: Statutes) -> Statutes:
    """The full data package on the same day with the same downloads, which stands behind a smaller scope."""
    return statutes if statutes.scope == "all" else load("all", statutes.as_of, statutes.folder)
