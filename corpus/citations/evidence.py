"""What a text says about each citation: the words quoted, copied or claimed around it.

Nothing is judged here: whether the article says so is for verifier.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.citations.context import LABELLED
from corpus.citations.likeness import content, plain
from corpus.citations.named_rules import NamedRule, beside, named
from corpus.citations.places import ARTICLE
from corpus.citations.resolve import Resolved
from corpus.citations.squeeze import Squeezed
from corpus.reference import Reference

_QUOTE = re.compile(r"“[^“”]{4,1500}”|「[^「」]{4,1500}」|『[^『』]{4,1500}』|‘[^‘’]{4,1500}’|\"[^\"\n]{4,800}\"")
_LEADS_ON = re.compile(r"(?=.{0,14}$)[^;\n]*(?:[(。]|见|依据|出自|来自|根据|--)[^;\n]*|[,、 ]*")
_SENTENCE = re.compile(r"[。!?！？;\n]+")
_STOPS = tuple("。!?！？;")
_BREAK = re.compile(r"\n\s*\n|\n(?=(?:[-*#•·]|\d+[.、]|[一二三四五六七八九十]+、|第))")
_INTRO = re.compile(
    r"^[\s)》”\"】]*(?:\((?:明确|明文)\))?(?:的|之)?(?:相关|有关)?(?:明确|明文|清楚地?|专门|特别|进一步|也|还|就|都|则|中|里|同样)*"
    r"(?:规定|指出|要求|写明|写道|提到|说明|所说|说|表明|显示|禁止的是)?(?:了|的是|得很清楚|得很明确|过)?[\s,:：]*"
)
#: Where a quotation is said to be the law's own words: …，原文是：“…”
_ORIGINAL = re.compile(r"(?:原文|条文(?!字)|法条|原[话句](?=[是为]))[是为就这样写说规定的如下明确里中:,]*$")
_BRACKET = re.compile(r"[(【]\s*(?:参?见|依据|根据|法律依据)?(?:是)?[:：]?\s*[《“]?$")
_BULLET = re.compile(r"^\s*(?:[-*#•·>]+|\d+[.、)]|[一二三四五六七八九十]+、)\s*")
_OUTRO = re.compile(
    r"(?:[(【]?\s*(?:参?见|详见|依据|根据|法律依据|按照|依照|依|按|出自|来自|违反|触犯|符合|适用)(?:是|了|的是|的)?[:：]?\s*(?:我国|国家|现行)?[(【《“]*|[(【《“]+)$"
)
#: When a law was made or is in force from, that it is new, and any day: no claim about the article.
_DAY = r"(?:19|20)\d\d(?:年(?:\d{1,2}月(?:\d{1,2}日)?)?|[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))"
_MADE = r"(?:施行|实施|生效|公布|颁布|发布|通过|制定|修[订正改])"
#: The end of a sentence right behind a citation: …（第六百八十条）。 …由第六百八十条管；
_ENDED = re.compile(r"[)》”】]*(?:来?管|规定|处理)?(?:$|[。;!?！？\n])")
_IN_FORCE = re.compile(
    rf"(?:已|现)?(?:自|从|于)?{_DAY}(?:起|开始)?(?:正式|开始)?(?:新?{_MADE}[并、]?)+(?:以来|[之以]?后)?的?"
    rf"|(?:(?:刚|最近|最新|新|现行|我国|{_MADE}(?:以来|[之以]?后)?)的?)+(?=[《“]*$)"
    rf"|{_DAY}"
)
#: What marks words as others' or as no longer so, not as the writer's own claim of what the law says.
_REPORTING = re.compile(
    "(?<!可)以为|误传|网传|传言|谣|有人说|据说|不实|(?<!对)不对(?!外)|假的|不可能|旧法|从前|以前|过去|原来|原先|被判|判了|(?<![对好])比(?![例如方较])"
)
#: What others are said to say, and that it is wrong: both together correct it.
_OTHERS = re.compile("有人说|网传|网上|流传|传言|据说|以为|误传|谣")
_WRONG = re.compile("错|(?<!对)不对(?!外)|不实|旧条?号|误[传写引解]|谣|假的")
_EACH = re.compile(
    r"[》”)]?[。,;:]?\n?前者(?P<first>[^。;!?\n]{2,60}?)[,;。]?\n?(?:而|但)?后者(?P<second>[^。;!?\n]{2,60})"
)
_RESPECTIVELY = re.compile(r"[》”]?分别(?:规定|讲|说|写|管|指|是)?(?:了|的是)?[:,]?(?P<parts>[^。;!?\n]{4,120})")
# How far around a citation is read, in characters of the squeezed text
_AFTER, _MOST_SENTENCES = 420, 6  # … behind it, and so many sentences of that
_BEFORE = 200
_BRACKET_REACH = 12
_NAME_REACH = 40  # for the name of a crime or a rule
_QUOTE_REACH, _NEXT_QUOTE_REACH = 45, 4  # from the citation to its quotation, and from that to the next
_MOST_QUOTES = 3  # quotations of one citation
# How much a text must hold to be compared, in characters of `plain`
_QUOTE_SHORTEST = 8
_CLAIM_SHORTEST = 5
_COPY_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands near a group of citations.

    quotes    words in quotation marks that belong to it
    set_out   those of them that the text gives as the article's own words: …规定：“…”, “…”（见…）
    copied    sentences that may be words of the law without marks, in the order to compare them in
    primary   what is claimed of it, in one clause or sentence; empty where nothing is
    contexts  other ways to cut the claim, `primary` first
    near      the articles that its neighbours cite
    alone     the words around it that can be of no neighbour, empty where there are none
    single    whether the group is one citation alone, so that the claim can only be of that one
    named     the names of crimes or rules that stand right beside it
    story     whether nothing is said of it but what precedes it, which may be the facts and not the rule
    """

    quotes: tuple[str, ...] = ()
    set_out: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    primary: str = ""
    contexts: tuple[str, ...] = ()
    near: tuple[Reference, ...] = ()
    alone: str = ""
    single: bool = False
    named: tuple[NamedRule, ...] = ()
    story: bool = False

    @property
    def length(self) -> int:
        """How many characters of the claim say something."""
        return len(plain(content(self.primary)))

    @property
    def reporting(self) -> frozenset[str]:
        """The words that tell of it as what others say, or what is not or no longer so."""
        return frozenset(m[0] for one in self.contexts for m in _REPORTING.finditer(_QUOTE.sub("", one)))

    @property
    def corrected(self) -> bool:
        """Whether it is told as others' mistake, which the writer corrects."""
        whole = "".join(self.contexts)
        return bool(_OTHERS.search(whole) and _WRONG.search(whole))


def gather(text: str, resolved: Sequence[Resolved]) -> Iterator[tuple[Sequence[Resolved], Evidence]]:
    """Each group of citations that share a clause, with the evidence for it; all citations of a text, in order.

    Where it says what each is about (…分别规定了甲和乙, 前者…后者…), each is a group by itself.
    """
    gatherer = _Gatherer(Squeezed(text), resolved)
    gatherer.give_quotes()
    for n, group in enumerate(gatherer.groups):
        parts = gatherer.respectively(n)
        for one, part in zip(group.items, parts, strict=False):
            yield [one], part
        if not parts:
            yield group.items, gatherer.evidence(n)


@dataclass
class _Group:
    """Citations that share a clause, with their place in the squeezed text."""

    items: list[Resolved]
    start: int
    end: int
    inner: bool = False  # stands in words of the law, quoted or copied, so it claims nothing itself
    quotes: list[str] = field(default_factory=list)
    set_out: list[str] = field(default_factory=list)

    def refers_by(self, *words: str) -> bool:
        """Whether it refers back by a word that begins so (本法, 前条): the law speaks of itself.

        The first citation has the word, those behind it (本法第二百五十三条、第二百五十四条) have none.
        """
        return (self.items[0].found.anaphor or "").startswith(words)


class _Gatherer:
    def __init__(self, squeezed: Squeezed, resolved: Sequence[Resolved]) -> None:
        self.squeezed, self.text = squeezed, squeezed.text
        self.groups: list[_Group] = []
        last = -1
        for one in resolved:
            found = one.found
            start, end = squeezed.index(found.span[0]), squeezed.index(found.span[1] - 1) + 1
            if found.group == last:
                self.groups[-1].items.append(one)
                self.groups[-1].end = end
            else:
                self.groups.append(_Group([one], start, end, inner=found.within is not None))
            last = found.group

    def give_quotes(self) -> None:
        """Give each quotation to the citation it belongs to: the one before it, else the one after."""
        quotes = [m.span() for m in _QUOTE.finditer(self.text) if self._says(m)]
        taken = self._quotes_after(quotes)
        for group in self.groups:
            group.inner = group.inner or any(s < group.start and group.end < e for s, e in taken)
        taken = self._quotes_before(quotes, taken)
        for group in self.groups:
            group.inner = group.inner or any(s < group.start and group.end < e for s, e in taken)

    def _quotes_after(self, quotes: list[tuple[int, int]]) -> set[tuple[int, int]]:
        """Give quotations to the citation before them; those that were given."""
        groups = self.groups
        taken: set[tuple[int, int]] = set()
        at = 0
        for n, group in enumerate(groups):
            while at < len(quotes) and quotes[at][0] < group.end:
                at += 1
            following = groups[n + 1].start if n + 1 < len(groups) else len(self.text)
            cursor = group.end
            for start, end in quotes[at : at + _MOST_QUOTES]:
                gap = self.text[cursor:start]
                reach = _QUOTE_REACH if cursor == group.end else _NEXT_QUOTE_REACH
                original = _ORIGINAL.search(gap)
                if start > following or len(gap) > reach or (not original and re.search(r"[。!?！？;]", gap)):
                    break
                if len(plain(self.text[start:end])) >= _QUOTE_SHORTEST:
                    group.quotes.append(self.text[start + 1 : end - 1])
                    group.set_out += group.quotes[-1:] if original or _INTRO.fullmatch(gap) else []
                    taken.add((start, end))
                cursor = end
        return taken

    def _quotes_before(self, quotes: list[tuple[int, int]], taken: set[tuple[int, int]]) -> set[tuple[int, int]]:
        """Give quotations to the citation after them; `taken` and those that were given now."""
        at = 0
        for n, group in enumerate(self.groups):
            if group.quotes or group.inner:
                continue
            while at < len(quotes) and quotes[at][1] <= group.start:
                at += 1
            before = quotes[at - 1] if at else (0, 0)
            outer = next((g for g in self._before(n) if not before[0] <= g.start < before[1]), None)
            if at and before not in taken and not (outer and outer.end > before[0] and not outer.inner):
                words, gap = self.text[before[0] + 1 : before[1] - 1], self.text[before[1] : group.start]
                if len(plain(words)) >= _QUOTE_SHORTEST and _LEADS_ON.fullmatch(gap):
                    group.quotes.append(words)
                    group.set_out += [words] if _BRACKET.fullmatch(gap) else []
                    taken.add(before)
        return taken

    def _says(self, match: re.Match[str]) -> bool:
        """Whether a quotation holds more than citations."""
        groups = self.groups
        i = bisect_left(groups, match.start(), key=lambda g: g.start)
        own = 0
        while i < len(groups) and groups[i].end <= match.end():
            own += groups[i].end - groups[i].start
            i += 1
        return not own or len(plain(match[0])) - own >= _QUOTE_SHORTEST

    def evidence(self, n: int) -> Evidence:
        """Quotations, sentences copied or claimed after the n-th group, and the claim before it."""
        group = self.groups[n]
        if any(one.partial for one in group.items):
            return Evidence()  # what is said may be in the articles of a range that are not named
        quoted = tuple(group.quotes), tuple(group.set_out)
        if group.inner or group.refers_by("本", "前", "上一"):
            return Evidence(*quoted)
        bracketed = self._bracketed(group)
        sentences, before = self._sentences_after(n), self._claim_before(n, bracketed)
        ended = self.text.startswith(_STOPS, group.end)
        after = sentences[0] if sentences and not bracketed and not ended else ""
        primary = after if len(plain(content(after))) >= _CLAIM_SHORTEST else f"{before},{after}"
        cuts = [c.strip(", ") for c in (primary, before, after, " ".join(sentences[:2]), f"{before} {after}")]
        whole = self._set_out_whole(group) or (" ".join(sentences) if len(sentences) > 1 else "")
        copies = (whole, after, *sentences[1:2], before)
        return Evidence(
            *quoted,
            copied=tuple(s for s in copies if len(plain(s)) >= _COPY_SHORTEST),
            primary=cuts[0],
            contexts=tuple(c for c in dict.fromkeys(cuts) if plain(c)),
            near=self._near(n),
            alone=self._alone(n, before, after),
            single=sum(one.found.reference is not None for one in group.items) == 1,
            named=self._named(n),
            story=not after and not bracketed,
        )

    def respectively(self, n: int) -> Sequence[Evidence]:
        """What each citation of the n-th group is said to be about, where that is told one by one."""
        group = self.groups[n]
        if len(group.items) == 2 and (match := _EACH.match(self.text, group.end)):
            return [Evidence((), (), (one,), one, (one,), single=True) for one in (match["first"], match["second"])]
        match = _RESPECTIVELY.match(self.text, group.end) if len(group.items) > 1 and not group.quotes else None
        parts = re.split("[、,]|和|以及|与|及", match["parts"]) if match else []
        if len(parts) != len(group.items) or any(len(one.references) != 1 for one in group.items):
            return ()
        names = [named(one.references[0].law, part) for one, part in zip(group.items, parts, strict=True)]
        return [Evidence(named=(name,) if name else ()) for name in names]

    def _sentences_after(self, n: int) -> list[str]:
        """What is said after the n-th group up to the next one, by sentences that hold more than numbers and days."""
        group, text = self.groups[n], self.text
        others = (self.groups[i] for i in range(n + 1, len(self.groups)))
        following = next((g.start for g in others if not g.inner and not g.refers_by("本", "前")), len(text))
        stop = min(following, group.end + _AFTER)
        tail = text[group.end : stop]
        opened = _BREAK.search(tail)
        if opened and plain(tail[: opened.start()]):
            tail = tail[: opened.start()]
        elif stop == following < len(text) and not re.search(r"[。!?！？;\n]\s*$", tail):
            tail = tail[: max(map(tail.rfind, "。!?！？;\n,")) + 1]  # the last clause leads to the next citation
        sentences = _SENTENCE.split(_INTRO.sub("", tail.lstrip("\n")))
        return [s for s in sentences if plain(_IN_FORCE.sub("", ARTICLE.sub("", s)))][:_MOST_SENTENCES]

    def _claim_before(self, n: int, bracketed: bool) -> str:
        """The clause or sentence before the n-th group on its line that is claimed of it; empty where none is."""
        group, text = self.groups[n], self.text
        previous = next((g.end for g in self._before(n) if not g.inner), 0)
        line = text.rfind("\n", previous, group.start) + 1  # 0: the one before stands on it too
        head = _OUTRO.sub("", _IN_FORCE.sub("", text[max(previous, group.start - _BEFORE, line) : group.start]))
        if group.items[0].found.anaphor == "" and LABELLED.fullmatch(head):
            return ""  # in a list of articles: it belongs to the one before
        sentences = [s for s in _SENTENCE.split(head) if plain(s)]
        if not sentences or (re.search(r"[。!?！？;]\s*$", head) and not bracketed):
            return ""
        claim = _BULLET.sub("", sentences[-1])
        if len(sentences) == 1 and previous > line and not bracketed:
            return claim.rstrip(", ").rpartition(",")[2]  # what precedes belongs to the citation before
        return claim

    def _bracketed(self, group: _Group) -> bool:
        """Whether the citation stands in brackets behind what it is about: …（《民法典》第六百八十条）."""
        before = self.text[max(0, group.start - _BRACKET_REACH) : group.start]
        return bool(_BRACKET.search(before)) or self.text.startswith((")", "】"), group.end)

    def _set_out_whole(self, group: _Group) -> str:
        """The article as it is set out after its number and white space; empty where that does not follow."""
        end = group.items[-1].found.span[1]
        if not self.squeezed.original[end : end + 1].isspace():
            return ""
        whole = self.text[group.end : group.end + _AFTER].lstrip("\n")
        opened = _BREAK.search(whole)
        return whole[: opened.start()] if opened else whole

    def _alone(self, n: int, before: str, after: str) -> str:
        """`after` where a sentence ends with it, `before` where its sentence cites nothing else; else empty."""
        group, text = self.groups[n], self.text
        if after:
            stop = text.find(after, group.end) + len(after)
            return after if stop == len(text) or text.startswith((*_STOPS, "\n"), stop) else ""
        begins = not n or re.search(r"[。;!?！？\n]", text[self.groups[n - 1].end : group.start])
        return before if begins and _ENDED.match(text, group.end) else ""

    def _near(self, n: int) -> tuple[Reference, ...]:
        """The articles that the groups beside the n-th cite."""
        beside = (*self.groups[max(0, n - 1) : n], *self.groups[n + 1 : n + 2])
        return tuple(r.article for group in beside for one in group.items for r in one.references)

    def _named(self, n: int) -> tuple[NamedRule, ...]:
        group, laws = self.groups[n], {one.found.law for one in self.groups[n].items}
        law = laws.pop()
        if laws or law is None:
            return ()
        since = max((g.end for g in self.groups[max(0, n - 1) : n]), default=0)
        before = self.text[max(since - 1, group.start - _NAME_REACH, 0) : group.start]  # 条 before a neighbour's name
        return beside(law, before, self.text[group.end : group.end + _NAME_REACH])

    def _before(self, n: int) -> Iterator[_Group]:
        """The groups before the n-th, the nearest first."""
        return (self.groups[i] for i in range(n - 1, -1, -1))
