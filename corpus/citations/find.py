"""Find every citation of a statute in Chinese text, with its exact place.

One pass: the text is closed up (spaces that OCR and PDF put between characters go, the way back is
kept), tokens are taken from left to right, and what 同法, 该条 or a bare 第五十条 refers to is
carried along. Nothing is looked up in the articles here: see resolve.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus import numerals
from corpus.citations.names import FULL, Kind, Name, Names, names_of
from corpus.reference import Reference
from corpus.statutes import Statutes


@dataclass(frozen=True, slots=True)
class Version:
    """What the writer says about the version: （2012年修正）, 旧, 修订前的.

    `year` as written, None if none; `old` True for 旧 / 原 / 修订前, False for 新 / 现行.
    """

    written: str
    year: int | None = None
    old: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A citation as it stands in the text.

    span       (start, end) in the text that was given: text[start:end] == written
    name       the law's name as written, without brackets; for a carried citation the name carried
    law        its official short name (a repealed statute's too); None where the name is not known
    kind       what the name stands for, see names.Name
    reference  the article, or None where only the law is named; its law is `law` or else `name`
    last       the last article of a range (第十三条至第十五条), None elsewhere
    version    what the writer says about the version, None if nothing
    carried    the law's name does not stand in the span: 同法第五条, 、第六条, 前条
    by         the word that carried it (本法, 该法, 前条, ""), None where the name is in the span
    group      citations that share a clause (《甲法》第一条、第二条和《乙法》第三条) share a number
    """

    span: tuple[int, int]
    written: str
    name: str
    law: str | None
    kind: Kind
    reference: Reference | None
    last: Reference | None = None
    version: Version | None = None
    carried: bool = False
    by: str | None = None
    group: int = 0


_N = f"[{numerals.CHARACTERS}]{{1,9}}"
_HAN = "\u3400-\u9fff"
_TIDY = str.maketrans(
    "０１２３４５６７８９（）〔〕［］，：；〈〉＜＞條項～—–－─｜“”",
    "0123456789()()(),:;<><>条项~----|“”",
)
_SEPARATOR = r"(?:、|,|和|及|与|跟|或者|或|以及|并|至|到|-{1,2}|~)"
_SUFFIX = r"之[一二三四五六七八九十0-9]{1,2}(?![般致切个种些定手方线审类级部员季般])"
_ARTICLE = re.compile(rf"(?:第[(]?(?P<n>{_N})[)]?|(?P<b>{_N}))(?P<s>之{_N})?条(?P<t>{_SUFFIX})?(?!款)")
_SHARED = re.compile(rf"第?(?P<all>{_N}(?:之{_N})?(?:{_SEPARATOR}第?{_N}(?:之{_N})?){{1,40}})条(?!款)")
_PIN_PARAGRAPH = re.compile(rf"第?(?P<all>{_N}(?:{_SEPARATOR}第?{_N}){{0,40}})款")
_PIN_ITEM = re.compile(rf"第?(?P<all>[(]?{_N}[)]?(?:{_SEPARATOR}?第?[(]{_N}[)]|{_SEPARATOR}第?{_N}){{0,40}})项")
_PIN_BARE = re.compile(r"[(](?P<all>[一二三四五六七八九十]{1,3})[)](?!项)")
_SEP = re.compile(rf"\n?{_SEPARATOR}\n?")
_RANGE = re.compile(r"[至到~-]")
_NUMBER = re.compile(rf"(?P<sep>{_SEPARATOR})?第?[(]?(?P<n>{_N})[)]?(?:之(?P<s>{_N}))?")

_LABEL = (
    r"[\s#*>\d.、【(]*(?:相关)?(?:法律|法条|法规)?(?:依据|链接|规定|参考|条文|索引)?[】)]?"
    r"(?:的?(?:相关|有关)?(?:规定|条文)?(?:如下)?)?[:\s*]*"
)
_OPEN = '《<「『“"【['
_CLOSE = '》>」』”"】]'
_PART = (
    rf"(?:·|、)?(?:第{_N}(?:分编|编|章|节)[{_HAN}]{{0,10}}?|"
    r"(?:总则|分则|附则|通则|物权|合同|人格权|婚姻家庭|继承|侵权责任)(?:编|部分)?)"
)
_CONNECT = re.compile(
    rf"[{re.escape(_CLOSE)}]{{0,2}}(?P<notes>(?:\((?!第?{_N}条)[^()\n]{{1,40}}\)){{0,2}})[{re.escape(_CLOSE)}]?"
    rf"(?:{_PART}){{0,3}}[{re.escape(_CLOSE)}]?(?:中的?|的|之|里的?|当中的?|(?:中|里)?(?:明确)?规定:?|规定的|:)?"
    r"(?P<former>以前的?|原先的?|原来的?|原|旧的?|老的?|修[订正改][之以]?前的?)?\n?"
)
_CALLED = re.compile(
    r"\((?:以下|下文)?(?:统称|简称|下称|称)为?:?[《“\"「]?(?P<alias>[^《》“”\"「」()]{2,20})[》”\"」]?\)"
)
_VERSION_AFTER = re.compile(
    r"\((?P<text>[^()]*?(?:(?P<year>(?:19|20)\d\d)[^()]*|修[正订改][^()]*|已?废止|已?失效|旧[^()]*|新[^()]*))\)"
)
_VERSION_BEFORE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年?(?:(?:\d{1,2}月)?(?:\d{1,2}日)?(?:新?修[正订改]|版|颁布|公布|通过|施行|实施|制定)后?)?的?|"
    r"(?P<old>以前的?|从前的?|过去的?|原先的?|原来的?|原|旧版?的?|老的?|(?:修[订正改]|修法|废止|施行)[之以]?前的?|已?(?:经)?(?:被)?(?:废止|失效)的?)|"
    r"(?P<new>新版?的?|现行的?|最新的?|新?修[订正改][之以]?后的?|新修[订正改]的?))(?:我国)?$"
)
_TITLE = r"《(?:[^《》\n]|《[^《》\n]{1,60}》){1,100}》"
_CARRIER = re.compile(r"(?P<carrier>(?:[同本该此其]|上述|前述|这部|这个)(?:法典|法律|法|条例|解释|规定|办法)|其)$")

# Words that stand before or after a bare 第五十条 where it carries on from a law named before.
_STRONG_BEFORE = re.compile(
    r"(?:根据|依据|依照|按照|遵照|违反|违背|触犯|符合|适用|参照|参见|详见|结合|援引|引用|依)其?(?:中的?)?$"
)
_CLAUSE_BEFORE = re.compile(r"(?:[,。;、:\n(]|^|而|且|但|另|同时|此外|其中|和|与|及|或|以及)$")
_WEAK_BEFORE = re.compile(r"(?:、|和|及|与|跟|或|或者|以及|至|到)$")
_RULES_AFTER = re.compile(
    rf"(?:之?\n?(?:的|中|也|还|则|又|就|都|均)?(?:明确|明文|专门|同样|进一步)?(?:规定|指出|要求|禁止|所称|所列|所述)|第?[(]?{_N}[)]?[款项])"
)
_WHITE_AFTER = re.compile(r"(?:$|[\n,。、;:)）》”\"!?？！]|和|与|及|或|至|中|也|还|则|均|都|之规定|的规定|规定|第)")
_NOUN_AFTER = re.compile(
    r"(?:路|建议|短信|评论|消息|新闻|微博|线|腿|命|街|弄|河|裙|鱼|狗|微信|朋友圈|理由|意见|措施|记录|信息|回复|留言|语音|视频|内容|推送|公告|"
    r"通知|经验|教训|原则|标准|弹幕|船|生产|跑道|战线|铁路|高速|地铁|巷|约定|写|载|承诺|短视频|动态|帖|说说|语录|家规|铁律|军规|链接|绳|毛巾|烟)"
)
_COUNTED = 20  # more pieces of anything are not counted in one breath: 民诉法254条内容 names an article
_HEADLINE_AFTER = re.compile("新规|变化|要点|重要|关于|常见|实用")
_PRIVATE = re.compile(
    r"(?:合同|协议|协议书|约定|章程|公约|制度|手册|须知|声明|政策|守则|公告|通知|判决书?|裁定书?|承诺书|借条|借据|欠条|附件|纪要|指南|条款|规则)"
    r"(?:书)?(?:》|”|」)?(?:中|的|之|里|里的|中的|约定的?|\n)?$"
)
_NOT_NAME_AFTER = re.compile(
    r"[律规院官定学理庭制人医系务治则域]|专家|教授|学者|课|老师|研究|领域|理论|基本原|方向|考试|教材|专业|思维|视角|意义|年代|教研"
)
_BOUND = re.compile(
    r"(?:^|[^\u3400-\u9fff]|根据|依据|依照|按照|违反|触犯|适用|参照|符合|[和及与或在了的是对从由以将把被于用原旧老新国看说指违犯见即有到如按依照据该这部])$"
)
_LAWLIKE = re.compile(rf"(?P<name>[{_HAN}]{{2,24}}?(?:法典|法|条例|办法|规定|细则|解释(?:\([一二三四五]\))?))$")
_CUT = re.compile(
    r".*(?:根据|依据|依照|按照|违反了?|违背|触犯|适用|参照|符合|参见|详见|结合|以及|或者|属于|构成|我国|国家|现行|其中|包括|例如|比如|还有|[和及与或在了的是对由即见])"
)
_OWN = re.compile("公司|单位|学校|平台|贵|我方|甲方|乙方|双方")
_INSTRUMENT = re.compile(
    rf"(?P<rest>(?:》|”)?的?(?:[{_HAN}]{{0,12}}?(?:司法)?解释(?:[(][一二三四五六][)]|[一二三四五六](?=第))?|实施条例|实施细则|实施办法|实施规定|修正案(?:\([一二三四五六七八九十]{{1,3}}\))?|草案|若干规定))"
)


class Squeezed:
    """A text closed up and tidied for reading, with the way back to the original."""

    def __init__(self, original: str) -> None:
        pieces: list[str] = []
        self._from: list[int] = [0]
        self._to: list[int] = [0]
        length, last = 0, 0
        for match in re.finditer(r"[\s\u200b\ufeff]+", original):
            start, end = match.span()
            if start == 0 or end == len(original) or not _removable(original, start, end):
                continue
            pieces.append(original[last:start])
            length += start - last
            last = end
            self._from.append(length)
            self._to.append(end)
        pieces.append(original[last:])
        self.original = original
        self.text = "".join(pieces).translate(_TIDY)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of the characters start to end (end > start)."""
        return self.position(start), self.position(end - 1) + 1

    def position(self, index: int) -> int:
        """The place in the original of one character."""
        i = bisect_right(self._from, index) - 1
        return self._to[i] + index - self._from[i]

    def index(self, position: int) -> int:
        """The way back: the place in `text` of a character of the original that was kept."""
        i = bisect_right(self._to, position) - 1
        return self._from[i] + position - self._to[i]


_LINE_OPENS = re.compile(rf"(?:第{_N}[条章节编]|[(]?{_N}[)、.]|[-*#•·●■【])")


def _removable(text: str, start: int, end: int) -> bool:
    """Whether white space between two characters is an accident of setting."""
    before, after = text[start - 1], text[end]
    breaks = text.count("\n", start, end)
    if not breaks:
        return not (before.isascii() and after.isascii())
    if breaks > 1 or not ("\u3400" <= before <= "\u9fff" or before in "《" or before.isdigit()):
        return False
    if re.search(rf"第(?:{_N})?$", text[max(0, start - 12) : start]):
        return True
    if re.match(rf"(?:{_N})?[条款项]", text[end : end + 10]):
        return True
    opened = text.rfind("《", max(0, start - 60), start)
    if opened >= 0 and text.find("》", opened, start) < 0 and text.find("》", end, end + 60) >= 0:
        return "\n" not in text[opened:start]
    line = start - (text.rfind("\n", 0, start) + 1)
    return line >= 24 and "\u3400" <= after <= "\u9fff" and not _LINE_OPENS.match(text[end : end + 12])


@dataclass(frozen=True, slots=True)
class _Place:
    """Article, paragraph and item at a place of the squeezed text."""

    start: int
    end: int
    number: int
    suffix: int = 0
    paragraph: int | None = None
    item: int | None = None
    last: tuple[int, int] | None = None


@dataclass
class _Context:
    """What a later 该法, 该条 or bare 第五十条 would refer to."""

    name: Name | None = None
    version: Version | None = None
    at: int = -10_000  # where the law was last named
    place: _Place | None = None
    cited: int = -10_000  # where an article was last cited
    bare: bool = True  # whether a bare 第五十条 may carry on
    heading: int = -1  # line number of the last article heading that was taken


def find(text: str, statutes: Statutes, fallback: Statutes | None = None) -> list[Found]:
    """Every citation in `text`, in order, without overlap.

    `fallback` is a larger set of statutes whose names are known too; by default the full data
    package on the same day. Never raises on any text. A law that is named without an article is
    returned when it stands in 《》 or is a repealed one.
    """
    return _Finder(Squeezed(text), names_of(statutes, fallback)).run()


class _Finder:
    def __init__(self, squeezed: Squeezed, names: Names) -> None:
        self.squeezed, self.names, self.text = squeezed, names, squeezed.text
        self.context = _Context()
        self.local: dict[str, Name] = {}  # 以下简称…
        self.found: list[Found] = []
        self.group = self.grouped = 0
        self.group_end = -1
        self.taken = 0  # where the last citation ends: nothing before it is read again
        self.tokens = re.compile(
            rf"(?P<title>{_TITLE})|{names.pattern.pattern}|(?P<same>(?:该|本|同|此|前述|上述)条(?!款|例|件))|(?P<previous>前条|上一条|前一条)"
            rf"|(?P<place>第[(]?{_N}[)]?(?:之{_N})?(?:{_SEPARATOR}第?{_N}){{0,40}}条(?!款))"
        )

    def run(self) -> list[Found]:
        position = 0
        while match := self.tokens.search(self.text, position):
            kind = match.lastgroup
            if kind == "title":
                position = self._title(match)
            elif kind == "name":
                position = self._bare(match)
            elif kind == "place":
                position = self._place(match.start(), match.end())
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
        if (instrument := _INSTRUMENT.match(self.text, end)) and self._places(instrument.end()):
            name = self.names.look_up(name.written + instrument["rest"].strip("》”"))
            end = instrument.end()
        return self._named(start, end, name, titled=True)

    def _inside(self, match: re.Match[str]) -> int | None:
        """《民法典第六百七十条》: the number stands inside the brackets; read on from there."""
        if _ARTICLE.search(match[0]) and self.names.pattern.match(match[0], 1):
            return match.start() + 1
        return None

    def _bare(self, match: re.Match[str]) -> int:
        start, end = match.span("name")
        written = match["name"]
        if (instrument := _INSTRUMENT.match(self.text, end)) and self._places(instrument.end()):
            name = self.names.look_up(written + instrument["rest"], titled=False)
            return self._named(start, instrument.end(), name, titled=False)
        name = self.names.look_up(written, titled=False)
        return self._named(start, end, name, titled=False)

    def _named(self, start: int, end: int, name: Name, *, titled: bool) -> int:
        """A law was named: take the articles behind it, else the law by itself."""
        text = self.text
        connect = _CONNECT.match(text, end)
        after = connect.end() if connect else end
        opened = after + text.startswith("(", after)  # 《民法典》（第六百八十条）
        places = self._places(opened, bare=True) or (self._places(end, bare=True) if after > end else [])
        outside = self._outside(start)
        if outside:
            name = Name(outside + name.written, None, "foreign")
        if not titled and not places:
            if _NOT_NAME_AFTER.match(text, end) and not text.startswith("规定", end):
                return end
            if name.kind == "other":
                return end
        version = self._version(start, end, name)
        if called := _CALLED.match(text, end):
            self.local[called["alias"]] = name
        self._mention(name, version, end)
        if places:
            opened = start
            if not titled and start and text[start - 1] in _OPEN and places[0].start > end and text[end] in _CLOSE:
                opened = start - 1
            self._emit(places, opened, name, version, None)
            return places[-1].end
        if self._law_alone(start, name, titled):
            self._law(start, end, name, version)
        return end

    def _law_alone(self, start: int, name: Name, titled: bool) -> bool:
        """Whether a law named without an article is worth returning."""
        if titled:
            held = name.kind in ("statute", "repealed", "pending", "elsewhere")
            return held or (name.kind == "unknown" and self.names.is_law(name.written))
        bound = _BOUND.search(self.text[max(0, start - 3) : start])
        return name.kind == "repealed" and name.written == name.law and len(name.written) >= 3 and bool(bound)

    def _outside(self, start: int) -> str:
        """The word for another country's law right before a name, or an empty string."""
        before = self.text[max(0, start - 6) : start].rstrip(_OPEN)
        return next((word for word in self.names.foreign if before.endswith(word)), "")

    def _mention(self, name: Name, version: Version | None, at: int) -> None:
        self.context = _Context(name, version, at, None, -10_000, name.kind not in ("foreign", "other"), -1)

    def _law(self, start: int, end: int, name: Name, version: Version | None) -> None:
        span = self.squeezed.span(start, end)
        written = self.squeezed.original[span[0] : span[1]]
        self._grouping(start)
        found = Found(span, written, name.written, name.law, name.kind, None, None, version, group=self.group)
        self.found.append(found)
        self.group_end = self.taken = end

    def _version(self, start: int, end: int, name: Name) -> Version | None:
        text = self.text
        inner = _VERSION_AFTER.search(text[start:end])
        connect = _CONNECT.match(text, end)
        after = _VERSION_AFTER.search(connect["notes"]) if connect else None
        for match in (inner, after):
            if match and name.kind != "elsewhere" and "称" not in match["text"]:
                words = match["text"]
                former, present = re.match("旧|已?废止|已?失效|修[订正改]前", words), re.match("新|现行", words)
                old = True if former else False if present else None
                return Version(words, int(match["year"]) if match["year"] else None, old)
        if connect and connect["former"]:
            return Version(connect["former"], None, True)
        if before := _VERSION_BEFORE.search(text[max(0, start - 18) : start].rstrip(_OPEN)):
            words = before[0]
            if before["year"]:
                old = False if "后" in words else None
                return Version(words, int(before["year"]), old)
            return Version(words, None, bool(before["old"]))
        return None

    # -- places -----------------------------------------------------------------------------

    def _places(self, position: int, *, bare: bool = False) -> list[_Place]:
        """The list of articles that begins exactly at `position`; [] if none does.

        `bare`: 第 may be missing before the first number (刑法293条).
        """
        places, end = self._articles(position, bare)
        while places:
            end = self._pins(places, end)
            separator = _SEP.match(self.text, end)
            if not separator:
                break
            word = separator[0].strip()
            more, after = self._articles(
                separator.end(), word in ("、", "和", "及", "与", "跟", "或", "至", "到", "-", "~")
            )
            if more:
                if _RANGE.fullmatch(word) and (more[0].number, more[0].suffix) > (places[-1].number, places[-1].suffix):
                    first = places[-1]
                    places[-1] = replace(first, end=more[0].end, last=(more[0].number, more[0].suffix))
                    more = more[1:]
                places += more
                end = after
                continue
            pinned = [places[-1]]
            after = self._pins(pinned, separator.end(), follow=True)
            if after == separator.end():
                break
            places += pinned[1:]
            end = after
        return places

    def _articles(self, position: int, bare: bool) -> tuple[list[_Place], int]:
        text = self.text
        shared = _SHARED.match(text, position)
        if shared and (bare or text.startswith("第", position)):
            places: list[_Place] = []
            cursor = position
            for part in _NUMBER.finditer(text, position, shared.end() - 1):
                number, suffix = numerals.parse(part["n"]), numerals.parse(part["s"]) if part["s"] else 0
                if number is None or suffix is None:
                    return [], position
                separator = part["sep"] or ""
                start = part.start() + len(separator)
                if _RANGE.fullmatch(separator.strip("-") or separator[:1]) and places and number > places[-1].number:
                    places[-1] = replace(places[-1], end=part.end(), last=(number, suffix))
                else:
                    places.append(_Place(start, part.end(), number, suffix))
                cursor = part.end()
            if places and cursor == shared.end() - 1:
                places[-1] = replace(places[-1], end=shared.end())
                return places, shared.end()
        match = _ARTICLE.match(text, position)
        if not match or (match["b"] and not bare):
            return [], position
        number = numerals.parse(match["n"] or match["b"])
        written = (match["s"] or match["t"] or "").removeprefix("之")
        suffix = numerals.parse(written) if written else 0
        if number is None or suffix is None:
            return [], position
        counted = number <= _COUNTED and _NOUN_AFTER.match(text, match.end())
        if match["b"] and (counted or _HEADLINE_AFTER.match(text, match.end())):
            return [], position  # 民法典7条新规
        return [_Place(position, match.end(), number, suffix)], match.end()

    def _pins(self, places: list[_Place], position: int, *, follow: bool = False) -> int:
        """Read 第一款第（二）、（三）项 at `position` onto the last place; more of them are appended.

        `follow`: they continue a list, so the first one is a place of its own.
        """
        text, end = self.text, position
        base = places[-1]
        paragraph = base.paragraph if follow else None
        items: list[tuple[int, int, int | None, int | None]] = []
        if match := _PIN_PARAGRAPH.match(text, end):
            for number, start, stop in _numbers(match):
                items.append((start, stop, number, None))
            paragraph = items[-1][2] if items else None
            end = match.end()
        pin = _PIN_ITEM.match(text, end)
        bare = None if pin or follow or base.last else _PIN_BARE.match(text, end)
        if item := pin or bare:
            listed = [(start, stop, paragraph, number) for number, start, stop in _numbers(item)]
            if items and listed:
                listed[0] = (items.pop()[0], *listed[0][1:])
            items += listed
            end = item.end()
        if not items:
            return position
        stops = [*(stop for _, stop, _, _ in items[:-1]), end]
        for i, ((start, _, under, of), stop) in enumerate(zip(items, stops, strict=True)):
            if i == 0 and not follow:
                places[-1] = replace(base, end=stop, paragraph=under, item=of)
            else:
                places.append(_Place(start, stop, base.number, base.suffix, under, of))
        return end

    # -- carried ----------------------------------------------------------------------------

    def _place(self, start: int, end: int) -> int:
        """第…条 with no known name right before it."""
        text = self.text
        places = self._places(start)
        if not places:
            return end
        stop = places[-1].end
        before = text[max(0, start - 40, self.taken) : start]
        if carrier := _CARRIER.search(re.sub(r"(?:中的?|的|之)$", "", before)):
            return self._carried(places, carrier["carrier"], start) or stop
        bare = before.rstrip(_CLOSE)
        alias = next((bare[-length:] for length in range(len(bare), 1, -1) if bare[-length:] in self.local), None)
        if alias:
            self._mention(self.local[alias], None, start)
            self._emit(places, start - len(before) + before.rfind(alias), self.local[alias], None, None)
            return stop
        if named := self._unknown(before):
            offset, name = named
            opened = start - len(before) + offset
            self._mention(name, None, start)
            if name.kind == "foreign":
                self.context.bare = False
            self._emit(places, opened, name, None, None)
            return stop
        if _PRIVATE.search(before):
            self.context.bare = False
            return stop
        if self.context.name and self._carries_on(places, start):
            self._emit(places, start, self.context.name, self.context.version, "")
        return stop

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
        if written in self.names.common or len(written) < 3 or _OWN.search(written):
            return None
        if written.endswith(tuple(self.names.common)) and len(written) < 5:
            return None
        if re.search("(?:办法|规定|细则|解释.*)$", written) and len(written) < 7:
            return None
        name = self.names.look_up(written, titled=False)
        return (offset, name) if name.kind != "other" else None

    def _carried(self, places: list[_Place], carrier: str, start: int) -> int | None:
        context = self.context
        if context.name is None or start - context.at > 3000:
            return None
        if carrier == "其" and ("\n" in self.text[context.at : start] or not context.bare):
            return None
        wanted = re.search("条例|解释|规定|办法", carrier)
        if wanted and not context.name.written.endswith(wanted[0]):
            return None
        if carrier.startswith("本") and not wanted and context.name.kind == "elsewhere":
            return None
        opened = start - len(carrier) if self.text[:start].endswith(carrier) else start
        self._emit(places, opened, context.name, context.version, carrier)
        return places[-1].end

    def _carries_on(self, places: list[_Place], start: int) -> bool:
        context, text = self.context, self.text
        if context.name is None or not context.bare:
            return False
        before, end = text[max(0, start - 12) : start], places[-1].end
        between = text[max(context.at, context.cited, 0) : start]
        if self._heading(start, places[0].number, context):
            return True
        if len(between) > 400 or "\n\n" in between:
            return False
        if _NOUN_AFTER.match(text, end):
            return False
        if _STRONG_BEFORE.search(before):
            return "\n" not in between or len(between) < 200
        if _RULES_AFTER.match(text, end):
            return "\n" not in between and bool(_CLAUSE_BEFORE.search(before))
        same_sentence = context.cited > 0 and not re.search(r"[。!?！？\n]", between)
        return same_sentence and bool(_WEAK_BEFORE.search(before)) and bool(_WHITE_AFTER.match(text, end))

    def _heading(self, start: int, number: int, context: _Context) -> bool:
        """第五十条 at the head of a line right under a line that names the law, or under such a heading."""
        text = self.text
        if start and text[start - 1] != "\n":
            return False
        previous_end = len(text[: max(0, start - 1)].rstrip("\n"))
        line_start = text.rfind("\n", 0, previous_end) + 1
        line = text[line_start:previous_end]
        if context.heading == line_start:
            return True
        if context.heading >= 0 and context.place and start - context.cited < 1500:
            return 0 < number - context.place.number <= 3
        if context.at < line_start or re.search("合同|协议|甲方|乙方|双方|约定|章程", re.sub("《[^》]*》", "", line)):
            return False
        rest = re.sub(r"《[^》]*》|\([^)]*\)|\d+[.、]|[一二三四五六七八九十]+、|[\s#*>:。.-]", "", line)
        rest = rest.replace(FULL, "").replace(context.name.law or "\0" if context.name else "\0", "")
        return bool(re.fullmatch(_LABEL, rest))

    def _pointing(self, match: re.Match[str], previous: bool) -> int:
        """该条第二款, 前条规定."""
        start, end = match.span()
        context = self.context
        place = context.place
        if place is None or context.name is None or start - context.cited > 300:
            return end
        if "\n\n" in self.text[context.cited : start]:
            return end
        number = place.number - 1 if previous else place.number
        if number < 1 or (previous and place.suffix):
            return end
        here = [_Place(start, end, number, 0 if previous else place.suffix)]
        stop = self._pins(here, end)
        if stop == end and not re.match(r"(?:的|之|中|所)?(?:明确)?(?:规定|所列)", self.text[end : end + 8]):
            return end
        self._emit(here, start, context.name, context.version, match[0])
        if previous:
            self.context.place = place
        return stop

    # -- out --------------------------------------------------------------------------------

    def _grouping(self, start: int) -> None:
        between = self.text[self.group_end : min(start, self.group_end + 20)] if self.group_end >= 0 else "。"
        self.grouped += 1
        if self.grouped > 40 or not re.fullmatch(r"[ 、,和及与跟或以者并《“]*(?:同时)?", between):
            self.group, self.grouped = self.group + 1, 1

    def _emit(self, places: list[_Place], start: int, name: Name, version: Version | None, by: str | None) -> None:
        law = name.law or name.written
        self._grouping(start)
        for i, place in enumerate(places):
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
                    Reference(law, place.number, place.suffix, place.paragraph, place.item),
                    Reference(law, *place.last) if place.last else None,
                    version,
                    carried=i > 0 or by is not None,
                    by=by if i == 0 else "",
                    group=self.group,
                )
            )
        end = places[-1].end
        self.group_end = self.taken = end
        context = self.context
        first = places[0].start
        line = self.text.rfind("\n", 0, first) + 1
        heading = line if first == line or re.fullmatch(_LABEL, self.text[line:start]) else -1
        self.context = _Context(name, version, max(context.at, 0), places[-1], end, context.bare, heading)


def _numbers(match: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """(number, start, end) of each numeral in a pin; nothing where one of them is none."""
    offset = match.start("all")
    lead = offset - match.start()
    for part in re.finditer(rf"第?[(]?(?P<n>{_N})[)]?", match["all"]):
        number = numerals.parse(part["n"])
        if number is None:
            continue
        start = offset + part.start() - (lead if part.start() == 0 else 0)
        yield number, start, offset + part.end()
