"""Find every citation of a statute in Chinese text, with its exact place.

One pass: the text is closed up (squeeze: spaces that OCR and PDF put between characters go, the way
back is kept), tokens are taken from left to right (places reads 第五条第二款, version reads 旧 and
2012年修正), and what 同法, 该条 or a bare 第五十条 refers to is carried along (context). Whether an
article says so is looked up elsewhere (resolve, check): here only whether a citation stands in an
article's own words, which speak of its own law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.citations.context import Context, of_paper
from corpus.citations.law_names import Name, NameKind, Names, names_of
from corpus.citations.likeness import plain
from corpus.citations.places import (
    ARTICLE,
    COUNTED,
    NOUN_AFTER,
    NUMERAL,
    SEPARATOR,
    UNREAD,
    Place,
    read_pins,
    read_places,
    read_short,
)
from corpus.citations.squeeze import Squeezed
from corpus.citations.version import MentionedVersion, mentioned_version
from corpus.reference import Reference
from corpus.statutes import Statutes


@dataclass(frozen=True, slots=True)
class Found:
    """A citation as it stands in the text.

    span               (start, end) in the text that was given: text[start:end] == written
    name               the law's name as written, without brackets, or the one that is referred back to
    law                its official short name (a repealed statute's too); None where the name is not known
    kind               what the name stands for, see law_names.Name
    reference          the article, or None where only the law is named; its law is `law` or else `name`
    last               the last article, 款 or 项 of a range (第十三条至第十五条, 第一项至第三项), None elsewhere
    unread             the number as written where it is none that a law can have (第零条, 第六七十条); the reference is
                       None then
    mentioned_version  what the writer says about the version, None if nothing
    anaphor            what refers back to the law (本法, 该法, 前条, "" before a bare 第五十条), None where it is named
    group              citations that share a clause (《甲法》第一条、第二条和《乙法》第三条) share a number
    within             the article, cited before it, in whose own words it stands letter by letter; None elsewhere
    """

    span: tuple[int, int]
    written: str
    name: str
    law: str | None
    kind: NameKind
    reference: Reference | None
    last: Reference | None = None
    unread: str = ""
    mentioned_version: MentionedVersion | None = None
    anaphor: str | None = None
    group: int = 0
    within: Reference | None = None


_SENTENCE = 100  # characters in which 587条 may carry on without its 第
_RECENT = 6  # citations before a bare 第五十条 whose laws it may be of, or in whose words one may stand
_BESIDE, _BESIDE_LEAST = 14, 8  # characters beside it that show in whose words it stands; that say something
_HAN = "\u3400-\u9fff"
_HUNDREDS = "[一二三四五六七八九千百零〇]{0,5}百[一二三四五六七八九零十〇]{0,4}"
_OPEN = '《<「『“"【['
_CLOSE = '》>」』”"】]'
_CALLED = re.compile(
    r"\((?:以下|下文)?(?:统称|简称|下称|称)为?:?[《“\"「]?(?P<alias>[^《》“”\"「」()]{2,20})[》”\"」]?\)"
)
_TITLE = r"《(?:[^《》\n]|《[^《》\n]{1,60}》){1,100}》"
_ANAPHOR = re.compile(
    r"(?P<anaphor>(?:[同本该此其]|上述|前述|这部|这个|前[引揭])(?:法典|法律|法|条例|解释|规定|办法)|前者|后者|其|同上[,、]?)$"
)
_NOT_NAME_AFTER = re.compile(
    r"[律规院官定学理庭制人医系务治则域]|专家|教授|学者|课|老师|研究|领域|理论|基本原|方向|考试|教材|专业|思维|视角|意义|年代|时[代期]|教研"
)
_BOUND = re.compile(
    r"(?:^|[^\u3400-\u9fff]|根据|依据|依照|按照|违反|触犯|适用|参照|符合|[和及与或在了的是对从由以将把被于用原旧老新国看说指违犯见即有到如按依照据该这部])$"
)
_LAWLIKE = re.compile(rf"(?P<name>[{_HAN}]{{2,24}}?(?:法典|法|条例|办法|规定|细则|解释(?:\([一二三四五]\))?))$")
_CUT = re.compile(
    r".*(?:根据|依据|依照|按照|违反了?|违背|触犯|适用|参照|符合|参见|详见|结合|以及|或者|属于|构成|我国|国家|现行|其中|包括|例如|比如|还有|[和及与或在了的是对由即见])"
)
#: What an article does, behind 该条: 同条还规定, 该条要求.
_RULES = re.compile(
    "(?:的|之|中|所)?(?:还|又|也|同时|并|则|进一步|另外)?(?:明确|明文)?(?:规定|所列|要求|禁止|允许|指出)"
)
#: A number of a version that is no more: 旧法第四十二条.
_FORMER_BEFORE = re.compile("(?:旧|老|原|原来的?|原先的?|以前的?|过去的?)(?:法|规定)?的?$")
#: An interpretation without a name of its own, right before its number: …第一千零六十四条和司法解释第三十四条.
_INTERPRETATION = re.compile(rf"(?:司法|(?<=[及和与其的]))解释(?:\([一二三四五六]\))?[{re.escape(_CLOSE)}]?的?$")
_OWN = re.compile("公司|单位|学校|平台|贵|我方|甲方|乙方|双方")


def find(text: str, statutes: Statutes) -> list[Found]:
    """Every citation in `text`, in order, without overlap.

    The names of the full data package on the same day are known too. A law that is named without an article is
    returned when it stands in 《》 or is a repealed one. Any text will do; raises CorpusError where that package
    cannot be used.
    """
    return find_all(text, statutes)[0]


def find_all(text: str, statutes: Statutes) -> tuple[list[Found], list[tuple[int, int]]]:
    """The same, and the bare numbers (第五十条) whose law does not show, though the text names one: (start, end) in it.

    These are in no `Found`, so nothing about them is checked. Numbers of a contract or that count things are not here.
    """
    finder = _Finder(Squeezed(text), names_of(statutes))
    return finder.run(), finder.unplaced


class _Grammar:
    """What stands between and behind names of law, with the words of names.toml."""

    def __init__(self, names: Names) -> None:
        table, close = names.table, re.escape(_CLOSE)
        part = rf"(?:·|、)?(?:第{NUMERAL}(?:分编|编|章|节)[{_HAN}]{{0,10}}?|(?:{'|'.join(table.parts)})(?:编|部分)?)"
        self.connect = re.compile(
            rf"[{close}]{{0,2}}(?P<notes>(?:\((?!第?{NUMERAL}(?:{SEPARATOR}第?{NUMERAL}){{0,40}}条)(?:[^()\n]|\(\d+\)){{1,40}}\)){{0,2}})[{close}]?"
            rf"(?:{part}){{0,3}}[{close}]?(?:中的?|的|之|里的?|当中的?|(?:中|里)?(?:明确)?规定:?|规定的|:|\|\s*)?"
            r"(?:(?:现行|最新|新版?|现在)的?)?(?P<former>以前的?|原先的?|原来的?|原|旧的?|老的?|修[订正改][之以]?前的?)?\n?"
        )
        self.part_before = re.compile(rf"(?:{'|'.join(table.parts)})(?:编|部分)$")
        private = "|".join(table.private)
        self.private = re.compile(rf"(?:{private})书?(?:》|”|」)?(?:中|的|之|里|里的|中的|约定的?|\n)?$")
        interpretation = rf"(?:(?!第)[{_HAN}]){{0,12}}?(?:司法)?解释(?:[(][一二三四五六][)]|[一二三四五六](?=第))?"
        derived = "|".join(table.instruments).replace("修正案", r"修正案(?:\([一二三四五六七八九十]{1,3}\))?")
        self.instrument = re.compile(rf"(?P<rest>(?:》|”)?的?(?:{interpretation}|{derived}))")
        self.tokens = re.compile(
            rf"(?P<title>{_TITLE})|{names.pattern.pattern}|(?P<same>(?:该|本|同|此|前述|上述)条(?!款|例|件))|(?P<previous>前条|上一条|前一条)"
            rf"|(?P<numbered>(?<=[该同本此]法){NUMERAL}条(?!款))"
            rf"|(?P<short>(?<=[;,(|、:\n])(?:\d{{3,4}}|{_HUNDREDS})条(?=[:,;。()]|规定|[讲说管]))"
            rf"|(?P<place>第[(]?{NUMERAL}[)]?(?:之{NUMERAL})?(?:{SEPARATOR}第?{NUMERAL}){{0,40}}条(?!款))"
        )


def _last(first: Reference, place: Place) -> Reference | None:
    """The last article, 款 or 项 of a range that begins with `first`."""
    if place.last:
        return Reference(first.law, *place.last)
    if place.until:
        return replace(first, item=place.until) if first.item else replace(first, paragraph=place.until)
    return None


@lru_cache(maxsize=2)
def _grammar(names: Names) -> _Grammar:
    return _Grammar(names)


class _Finder:
    def __init__(self, squeezed: Squeezed, names: Names) -> None:
        self.squeezed, self.names, self.text = squeezed, names, squeezed.text
        self.context = Context()
        self.local: dict[str, Name] = {}  # 以下简称…
        self.found: list[Found] = []
        self.unplaced: list[tuple[int, int]] = []
        self.laws: set[str] = set()  # that were named so far, with an article or without
        self.group = self.grouped = 0
        self.group_end = -1
        self.taken = 0  # where the last citation ends: nothing before it is read again
        self.words: dict[Reference, str] = {}  # of articles that were cited, plain
        self.grammar = _grammar(names)

    def run(self) -> list[Found]:
        position = 0
        while match := self.grammar.tokens.search(self.text, position):
            kind = match.lastgroup
            if kind == "title":
                position = self._title(match)
            elif kind == "name":
                position = self._bare(match)
            elif kind == "place":
                position = self._place(match.start(), match.end())
            elif kind == "numbered":
                position = self._place(match.start(), match.end(), bare=True)
            elif kind == "short":
                position = self._short(match.start(), match.end())
            else:
                position = self._pointing(match, kind == "previous")
        return self.found

    # -- names ------------------------------------------------------------------------------

    def _title(self, match: re.Match[str]) -> int:
        start, end = match.span()
        inner = match[0][1:-1]
        name = self.local.get(inner) or self.names.look_up(inner)
        if name.kind == "other" and (inside := self._inside(match)):
            return inside
        if name.kind == "other":
            self.context.bare = False
            return end
        if (instrument := self.grammar.instrument.match(self.text, end)) and read_places(self.text, instrument.end()):
            name = self.names.look_up(name.written + instrument["rest"].strip("》”"))
            end = instrument.end()
        return self._named(start, end, name, titled=True)

    def _inside(self, match: re.Match[str]) -> int | None:
        """《民法典第六百七十条》: the number stands inside the brackets; read on from there."""
        if ARTICLE.search(match[0]) and self.names.pattern.match(match[0], 1):
            return match.start() + 1
        return None

    def _bare(self, match: re.Match[str]) -> int:
        start, end = match.span("name")
        written = match["name"]
        if (instrument := self.grammar.instrument.match(self.text, end)) and read_places(self.text, instrument.end()):
            name = self.names.look_up(written + instrument["rest"], titled=False)
            return self._named(start, instrument.end(), name, titled=False)
        name = self.names.look_up(written, titled=False)
        return self._named(start, end, name, titled=False)

    def _named(self, start: int, end: int, name: Name, *, titled: bool) -> int:
        """A law was named: take the articles behind it, else the law by itself."""
        text = self.text
        connect = self.grammar.connect.match(text, end)
        after = connect.end() if connect else end
        opened = after + text.startswith("(", after)  # 《民法典》（第六百八十条）
        places = read_places(text, opened, bare=True) or (read_places(text, end, bare=True) if after > end else [])
        places = places or read_short(text, opened)
        unread = UNREAD.match(text, opened) if not places and name.kind == "statute" else None
        outside = self._outside(start)
        if outside:
            name = Name(outside + name.written, None, "foreign")
        if not titled and not places and not unread:
            if _NOT_NAME_AFTER.match(text, end) and not text.startswith("规定", end):
                return end
            if name.kind == "other" or name.written.endswith("号"):  # nothing of 法释〔2020〕17号 is cited
                return end
        version = mentioned_version(text[max(0, start - 18) : start].rstrip(_OPEN), text[start:end], connect, name.kind)
        if called := _CALLED.match(text, end):
            self.local[called["alias"]] = name
        self._mention(name, version, end)
        if places:
            opened = start
            if not titled and start and text[start - 1] in _OPEN and places[0].start > end and text[end] in _CLOSE:
                opened = start - 1
            self._emit(places, opened, name, version, None)
            return places[-1].end
        if unread:
            self._law(start, unread.end(), name, version, unread[0])
            return unread.end()
        if self._law_alone(start, name, titled):
            self._law(start, end, name, version)
        return end

    def _law_alone(self, start: int, name: Name, titled: bool) -> bool:
        """Whether a law named without an article is worth returning."""
        if titled:
            known = name.kind in ("statute", "repealed", "pending", "unheld")
            return known or (name.kind in ("rule", "unknown") and self.names.is_law(name.written))
        bound = _BOUND.search(self.text[max(0, start - 3) : start])
        return name.kind == "repealed" and name.written == name.law and len(name.written) >= 3 and bool(bound)

    def _outside(self, start: int) -> str:
        """The word for another country's law right before a name, or an empty string."""
        before = self.text[max(0, start - 6) : start].rstrip(_OPEN)
        return next((word for word in self.names.foreign if before.endswith(word)), "")

    def _mention(self, name: Name, version: MentionedVersion | None, at: int) -> None:
        if name.kind != "other":
            self.laws.add(name.law or name.written)
        pair = self.context.named if name in self.context.named[-1:] else (*self.context.named[-1:], name)
        bare, counted = name.kind not in ("foreign", "other"), self.context.counted
        self.context = Context(name, version, at, bare=bare, named=pair, counted=counted)

    def _law(self, start: int, end: int, name: Name, version: MentionedVersion | None, unread: str = "") -> None:
        span = self.squeezed.span(start, end)
        written = self.squeezed.original[span[0] : span[1]]
        self._grouping(start)
        found = Found(span, written, name.written, name.law, name.kind, None, None, unread, version, group=self.group)
        self.found.append(found)
        self.group_end = self.taken = end

    # -- referring back ----------------------------------------------------------------------------

    def _place(self, start: int, end: int, *, bare: bool = False) -> int:
        """第…条 with no known name right before it, or (`bare`) 53条 behind 该法."""
        text = self.text
        places = read_places(text, start, bare=bare)
        if not places:
            return end
        stop = places[-1].end
        before = text[max(0, start - 40, self.taken) : start]
        if match := _ANAPHOR.search(re.sub(r"(?:中的?|的|之)$", "", before)):
            anaphor = match["anaphor"]
            opened = start - len(anaphor) if text.endswith(anaphor, 0, start) else start
            own = self._within(opened, stop) if anaphor == "本法" else None
            if law := Name(own.law, own.law, "statute") if own else self.context.law_of(anaphor, text, start):
                version = self.context.mentioned_version if law == self.context.name else None
                self._emit(places, opened, law, version, anaphor)
            return stop
        closed = before.rstrip(_CLOSE)
        alias = next((closed[-length:] for length in range(len(closed), 1, -1) if closed[-length:] in self.local), None)
        if alias:
            self._mention(self.local[alias], None, start)
            self._emit(places, start - len(before) + before.rfind(alias), self.local[alias], None, None)
            return stop
        if named := self._unknown(before) or self._interpretation(before):
            offset, name = named
            opened = start - len(before) + offset
            self._mention(name, None, start)
            if name.kind == "foreign":
                self.context.bare = False
            self._emit(places, opened, name, None, None)
            return stop
        if self.grammar.private.search(before):
            self.context.bare = False
            return stop
        law = self.context.name
        part = self.grammar.part_before.search(before)
        opened = start - len(part[0]) if part else start
        if law and self.context.carries_on(text, places, opened) and not self._of_another(law, places[0].number):
            self._emit(places, start, law, self.context.mentioned_version, "")
            return stop
        number, context = places[0].number, self.context
        sequel = number in (1, context.counted + 1)
        if law and context.bare and not (sequel or NOUN_AFTER.match(text, stop) or of_paper(before, places[0])):
            former = _FORMER_BEFORE.search(before)
            if self._only_of(law, number) and not former and context.is_alone(text, start):
                self._emit(places, start, law, context.mentioned_version, "")
                return stop
            self.unplaced.append(self.squeezed.span(start, stop))
        if sequel or number <= COUNTED:
            context.counted = number
        return stop

    def _short(self, start: int, end: int) -> int:
        """587条 without its 第, in the sentence in which an article was cited."""
        places = read_places(self.text, start, bare=True)
        law, context = self.context.name, self.context
        since = max(context.cited, 0)
        sentence = 0 <= start - context.cited <= _SENTENCE and not re.search("[。!?！？]", self.text[since:start])
        if places and law and sentence and context.carries_on(self.text, places, start):
            self._emit(places, start, law, context.mentioned_version, "")
            return places[-1].end
        return end

    def _only_of(self, law: Name, number: int) -> bool:
        """Whether no other law was named before and this one has such a number."""
        return law.law is not None and self.laws == {law.law} and not self._beyond(law, number)

    def _beyond(self, law: Name, number: int) -> bool:
        """Whether a law that is held ends before a number."""
        held = self.names.held.get(law.law or "")
        return held is not None and number > max(held.by_name[law.law or ""].by_key)[0]

    def _of_another(self, law: Name, number: int) -> bool:
        """Whether `law` has no such number while another one was cited shortly before, which may be meant."""
        return any(one.law != law.law for one in self.found[-_RECENT:]) and self._beyond(law, number)

    def _unknown(self, before: str) -> tuple[int, Name] | None:
        """A name of law that we do not know, without 《》, right before a place."""
        bare = re.sub(r"(?:中的?|的|之)$", "", before).rstrip(_CLOSE)
        match = _LAWLIKE.search(bare)
        if not match:
            return None
        offset, written = match.start("name"), match["name"]
        if cut := _CUT.match(written[:-1]):
            offset, written = offset + cut.end(), written[cut.end() :]
        for word in self.names.foreign:
            if written.startswith(word):
                return offset, Name(written, None, "foreign")
        if written in self.names.table.common or len(written) < 3 or _OWN.search(written):
            return None
        if written.endswith(tuple(self.names.table.common)) and len(written) < 5:
            return None
        if re.search("(?:办法|规定|细则|解释.*)$", written) and len(written) < 7:
            return None
        name = self.names.look_up(written, titled=False)
        return (offset, name) if name.kind != "other" else None

    def _interpretation(self, before: str) -> tuple[int, Name] | None:
        """司法解释 alone, right before a place: nobody knows which, but it is not the law named before it."""
        match = _INTERPRETATION.search(before)
        return (match.start(), Name("司法解释", None, "unheld")) if match else None

    def _pointing(self, match: re.Match[str], previous: bool) -> int:
        """该条第二款, 前条规定."""
        start, end = match.span()
        context = self.context
        place = context.place
        if place is None or context.name is None or start - context.cited > 300:
            return end
        if "\n\n" in self.text[context.cited : start]:
            return end
        name, version, number, suffix = context.name, context.mentioned_version, place.number, place.suffix
        if previous:
            own = self._within(start, end)
            if own and own.law != name.law:
                name, version = Name(own.law, own.law, "statute"), None
            before = self._article_before(own or Reference(name.law or name.written, number, suffix))
            if before is None:
                return end
            number, suffix = before
        here = [Place(start, end, number, suffix)]
        stop = read_pins(self.text, here, end)
        if stop == end and not _RULES.match(self.text, end):
            return end
        self._emit(here, start, name, version, match[0])
        if previous:
            self.context.place = place
        return stop

    def _article_before(self, reference: Reference) -> tuple[int, int] | None:
        """Number and suffix of the article before one; where that is not held, by counting. None before the first."""
        held = self.names.held.get(reference.law)
        if held and (article := held.article(reference)):
            before, _ = held.by_name[reference.law].neighbours(article)
            return (before.number, before.suffix) if before else None
        return (reference.number - 1, 0) if reference.number > 1 and not reference.suffix else None

    def _within(self, start: int, end: int) -> Reference | None:
        """The article cited before in whose own words the citations from start to end stand, None where in none."""
        text, written = self.text, plain(self.text[start:end])
        before, after = text[max(0, start - _BESIDE, self.taken) : end], text[start : end + _BESIDE]
        beside = [words for words in map(plain, (before, after)) if len(words) - len(written) >= _BESIDE_LEAST]
        recent = (f.within or (f.reference and f.reference.article) for f in reversed(self.found[-_RECENT:]))
        hosts = dict.fromkeys(filter(None, recent)) if beside else {}
        return next((host for host in hosts if any(words in self._words(host) for words in beside)), None)

    def _words(self, reference: Reference) -> str:
        """The words of an article, plain; empty where it is not held."""
        if reference not in self.words:
            held = self.names.held.get(reference.law)
            article = held.article(reference) if held else None
            self.words[reference] = plain(article.text) if article else ""
        return self.words[reference]

    # -- out --------------------------------------------------------------------------------

    def _grouping(self, start: int) -> None:
        between = self.text[self.group_end : min(start, self.group_end + 20)] if self.group_end >= 0 else "。"
        self.grouped += 1
        if self.grouped > 40 or not re.fullmatch(r"[ 、,和及与跟或以者并《“]*(?:同时)?", between):
            self.group, self.grouped = self.group + 1, 1

    def _emit(
        self, places: list[Place], start: int, name: Name, version: MentionedVersion | None, anaphor: str | None
    ) -> None:
        law, within = name.law or name.written, self._within(start, places[-1].end)
        self._grouping(start)
        self.group_end = start  # what follows in the list is of one group with it
        for i, place in enumerate(places):
            reference = Reference(law, place.number, place.suffix, place.paragraph, place.item)
            begin = start if i == 0 else place.start
            span = self.squeezed.span(begin, place.end)
            if i:
                self._grouping(self.group_end)
            self.found.append(
                Found(
                    span,
                    self.squeezed.original[span[0] : span[1]],
                    name.written,
                    name.law,
                    name.kind,
                    reference,
                    _last(reference, place),
                    mentioned_version=version,
                    anaphor=anaphor if i == 0 else "",
                    group=self.group,
                    within=within,
                )
            )
        end = places[-1].end
        self.group_end = self.taken = end
        self.context = self.context.after(self.text, places, start, name, version)
