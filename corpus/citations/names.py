"""What a name of law stands for: a statute in force, a repealed one, a rule held elsewhere, nothing known."""

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
from corpus.statutes import Statutes, load

Kind = Literal["statute", "pending", "repealed", "elsewhere", "foreign", "unknown", "other"]
FULL = "中华人民共和国"
_MARKS = re.compile(r"[《》<>〈〉「」『』“”\"'‘’【】\[\]·\s]")
_YEAR = re.compile(r"\((?:(?:19|20)\d\d[^()]*|[^()]*(?:修[正订改]|废止|失效|版|全文)[^()]*)\)$")
_NUMBERED = re.compile(r"\([一二三四五六七八九十]{1,3}\)$|[一二三四五六](?=$)")
_LOCAL = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:省|市(?![场政民])|自治[区州县]|经济特区)[\u4e00-\u9fff]{2,40}(?:条例|办法|规定|细则)"
)
#: A notice of an authority (关于…的通知): there are too many to know them all.
_NOTICE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,30})?关于[\u4e00-\u9fff、()]{4,60}的(?:通知|意见|通告|公告|批复|指引|指导意见)(?:\([^()]*\))?"
)
_PREFIX = re.compile(r"^(?:原|旧|新|老|现行|我国|国家|新修订的?|修订后的?|修订前的?)")


@dataclass(frozen=True, slots=True)
class Name:
    """What a written name stands for. `law` is the official short name, None where there is none.

    kind: statute (in force, text held), pending (held, not in force on the day), repealed, elsewhere
    (real, text not held), foreign, unknown (looks like a law, not known), other (no law at all).
    """

    written: str
    law: str | None
    kind: Kind


class Names:
    """All names known for a set of statutes, with the `fallback` set behind it."""

    def __init__(self, statutes: Statutes, fallback: Statutes) -> None:
        self.table = table = tables.names()
        self._part = re.compile(f"(?:第[一二三四五六七]+编)?(?:{'|'.join(table.parts)})编?$")
        self._derived = re.compile(rf"(?:的?[\u4e00-\u9fff]{{0,12}}?解释|{'|'.join(table.instruments)})")
        self._issuer = re.compile("|".join(table.issuers))
        self.foreign: tuple[str, ...] = tuple(sorted(table.foreign, key=len, reverse=True))
        self.held: Mapping[str, Statutes] = {
            **{s.name: fallback for s in fallback},
            **{s.name: statutes for s in statutes},
        }
        self._known: dict[str, Name] = {}
        for name in table.elsewhere:
            self._add(name, name, "elsewhere")
        for rule in load_rules().values():
            self._add(rule.name, rule.name, "elsewhere")
            self._add(rule.short, rule.name, "elsewhere")
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
        #: A name of law anywhere in a text, the longest first. Group "name".
        self.pattern = re.compile(rf"(?P<name>(?:{FULL})?{_trie(self._known)})")

    def _add(self, written: str, law: str, kind: Kind) -> None:
        key = plain(written)
        if not key:  # it would stand everywhere in a text
            raise FileError(f"《{law}》的另一个名称「{written}」里没有字")
        self._known[key] = Name(key, law, kind)

    def known(self, written: str) -> Name | None:
        """What exactly this name stands for, brackets, blanks and 中华人民共和国 aside; None where nothing has it."""
        return self._known.get(plain(written))

    def look_up(self, written: str, *, titled: bool = True) -> Name:
        """What `written` stands for; brackets, 中华人民共和国 and a version in brackets may stand in it.

        `titled` says that it stood in 《》; only then may an unknown name be called no law at all.
        """
        key = plain(written)
        for form in self._forms(key):
            if found := self._known.get(form):
                return Name(key, found.law, found.kind)
        bare = _NUMBERED.sub("", _YEAR.sub("", key))
        if (stem := self.pattern.match(bare)) and self._derived.fullmatch(bare, stem.end()):
            return Name(key, None, "elsewhere")
        if _LOCAL.fullmatch(bare) or (titled and _NOTICE.fullmatch(bare)):  # 上海市消费者权益保护条例, 关于…的通知
            return Name(key, None, "elsewhere")
        return Name(key, None, self._kind(bare, titled))

    def _forms(self, key: str) -> Iterable[str]:
        yield key
        bare = _YEAR.sub("", key)
        yield bare
        yield (part := self._part.sub("", bare))
        yield _PREFIX.sub("", part)

    def _kind(self, name: str, titled: bool) -> Kind:
        shape = self.table.shape
        if name.startswith(self.foreign):
            return "foreign" if name.endswith(shape.law) else "other"
        official = self._issuer.search(name)
        bad = name.endswith(shape.never) or any(word in name for word in shape.not_law)
        if bad and not official:
            return "other"
        if name.endswith(shape.law) and not name.endswith("办法"):
            return "unknown" if len(name) > 2 else "other"
        if name.endswith(shape.rule):
            return "unknown" if official or not titled or len(name) >= 4 else "other"
        return "other"

    def is_law(self, name: str) -> bool:
        """Whether an unknown name in 《》 claims by itself to be a law, so that it is worth a remark."""
        ends = name.endswith(self.table.shape.law) and not name.endswith(("办法", "方法"))
        return ends or bool(re.match("最高人民法院|最高人民检察院|国务院|全国人民代表大会", name))

    def near(self, written: str, limit: int = 3) -> tuple[str, ...]:
        """Names of statutes in force that look like `written`, the nearest first."""
        key = re.sub(r"(?:暂行|试行)?(?:条例|办法|规定|细则|解释)$", "法", plain(written))
        hits = process.extract(key, list(self.held), scorer=fuzz.ratio, limit=limit, score_cutoff=70)
        return tuple(name for name, _, _ in hits)


def plain(written: str) -> str:
    """A name without its brackets, spaces and 中华人民共和国, parentheses as ASCII."""
    return _MARKS.sub("", written).replace("（", "(").replace("）", ")").replace(FULL, "")


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


@lru_cache(maxsize=8)
def names_of(statutes: Statutes) -> Names:
    """The names for these statutes, with what stands behind them."""
    return Names(statutes, behind_of(statutes))


def behind_of(statutes: Statutes) -> Statutes:
    """The full data package on the same day with the same downloads, which stands behind a smaller scope."""
    return statutes if statutes.scope == "all" else load("all", statutes.as_of, statutes.folder)
