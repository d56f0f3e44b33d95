"""Articles, paragraphs and items as written: 第五条、第六条第一款第（二）、（三）项, 293条, 第二百五十三条之一.

Read as one list, from one place of the squeezed text on, whatever law it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus import numerals

#: A number as people write it, for use in regular expressions.
NUMERAL = f"[{numerals.CHARACTERS}]{{1,9}}"
#: What may stand between two places of a list or a range, likewise.
SEPARATOR = r"(?:、|,|和|及|与|跟|或者|或|以及|并|至|到|-{1,2}|~|[/&+])"
_SUFFIX = (
    r"(?:之(?:[一二三四五六七八九十]{1,2}|\d{1,2}(?!\d))(?![般致切个种些定手方线审类级部员季般])"
    r"|-\d{1,2}(?=$|[\s,。;、)]))"
)
_SUFFIX_ALONE = re.compile(rf"(?={_SUFFIX})之(?P<n>[一二三四五六七八九十]{{1,2}}|\d{{1,2}})")
#: One article: 第五条, 5条, 第二百五十三条之一, 第253条-1. Groups: "n" or (without 第) "b", and "s" or "t" for 之一.
ARTICLE = re.compile(rf"(?:第[(]?(?P<n>{NUMERAL})[)]?|(?P<b>{NUMERAL}))(?P<s>之{NUMERAL})?条(?P<t>{_SUFFIX})?(?!款)")
#: What is no number that a law has, as written after a law's name: 第零条, 第-5条, 第680.5条, 第一万条, 第六七十条.
UNREAD = re.compile(rf"第-?[{numerals.CHARACTERS}万亿]{{1,60}}(?:\.\d{{1,9}})?条(?!款)")
#: A number without its 条 after a law's name: 民法典680：, （民法典680）, §680, 刑法293-1. Groups "n", "s" (之一).
_SHORT = re.compile(
    r"(?:(?:§|[Aa]rt(?:icle|\.)?)\s*(?P<sign>)|(?=\d{1,4}(?:-\d{1,2}(?![-\d])|:|\s*\||规定|禁止|要求|明确|指出))"
    r"|(?=(?!(?:19|20)\d\d)\d{2,4}\)))"
    r"(?P<n>\d{1,4})(?!\d)(?:-(?P<s>\d{1,2})(?![-\d]))?"
)
_SHARED = re.compile(
    rf"第?(?P<all>{NUMERAL}(?:之{NUMERAL})?(?:{SEPARATOR}第?{NUMERAL}(?:之{NUMERAL})?){{1,40}})条(?!款)"
)
_PIN_PARAGRAPH = re.compile(rf"第?(?P<all>{NUMERAL}(?:{SEPARATOR}第?{NUMERAL}){{0,40}})款")
_PIN_ITEM = re.compile(
    rf"第?(?P<all>[(]?{NUMERAL}[)]?(?:{SEPARATOR}?第?[(]{NUMERAL}[)]|{SEPARATOR}第?{NUMERAL}){{0,40}})项"
)
_PIN_BARE = re.compile(r"[(](?P<all>[一二三四五六七八九十]{1,3})[)](?!项)")
#: What stands between two articles of a list. It is nothing where spaces before a full 第…条 or 1300条 were closed up.
_BETWEEN = re.compile(
    rf"\n?(?:{SEPARATOR}|·)\n?|(?P<loose>[;|]?)(?=(?:第[(]?{NUMERAL}[)]?(?:之{NUMERAL})?|\d{{3,4}})条(?!款))"
)
#: The next article of a list that lacks its 第 and 条: …条、264. Group "n".
_ENDS_LIST = re.compile(r"(?P<n>\d{2,4})(?=$|[,。;)、\n]|[和及与]\d)")
_RANGE = re.compile(r"[至到~-]")
_NUMBER = re.compile(rf"(?P<sep>{SEPARATOR})?第?[(]?(?P<n>{NUMERAL})[)]?(?:之(?P<s>{NUMERAL}))?")
#: After 第三条 these say that it counts things: 第三条短信, 三条建议.
NOUN_AFTER = re.compile(
    r"(?:路|建议|短信|评论|消息|新闻|微博|线|腿|命|街|弄|河|裙|鱼|狗|微信|朋友圈|理由|意见|措施|记录|信息|回复|留言|语音|视频|内容|推送|公告|"
    r"通知|经验|教训|原则|标准|弹幕|船|生产|跑道|战线|铁路|高速|地铁|巷|约定|写|载|承诺|短视频|动态|帖|说说|语录|家规|铁律|军规|链接|绳|毛巾|烟)"
)
COUNTED = 20  # more pieces of anything are not counted in one breath: 民诉法254条内容 names an article
_HEADLINE_AFTER = re.compile("新规|变化|要点|重要|关于|常见|实用")


@dataclass(frozen=True, slots=True)
class Place:
    """Article, paragraph and item at a place of the squeezed text; 0 is a 款 or 项 that no article has, as 第零款.

    `last` is the last article of a range, `until` the last item of one, or its last paragraph where it has no items.
    """

    start: int
    end: int
    number: int
    suffix: int = 0
    paragraph: int | None = None
    item: int | None = None
    last: tuple[int, int] | None = None
    until: int | None = None


def read_places(text: str, position: int, *, bare: bool = False) -> list[Place]:
    """The list of articles that begins exactly at `position`; [] if none does.

    `bare`: 第 may be missing before the first number (刑法293条).
    """
    places, end = _articles(text, position, bare)
    while places:
        end = read_pins(text, places, end)
        separator = _BETWEEN.match(text, end)
        if not separator:
            break
        if suffixed := _SUFFIX_ALONE.match(text, separator.end()):  # 第二百八十七条之一、之二
            end = suffixed.end()
            places.append(Place(suffixed.start(), end, places[-1].number, numerals.parse(suffixed["n"]) or 0))
            continue
        word = separator[0].strip()
        if ends := _ENDS_LIST.match(text, separator.end()):
            places.append(Place(ends.start(), ends.end(), int(ends["n"])))
            end = ends.end()
            continue
        more, after = _articles(
            text, separator.end(), word in ("", "、", "和", "及", "与", "跟", "或", "至", "到", "-", "~", "/", "&", "+")
        )
        if more and (separator["loose"] is None or not _counts(text, more[0])):
            if _RANGE.fullmatch(word) and (more[0].number, more[0].suffix) > (places[-1].number, places[-1].suffix):
                first = places[-1]
                places[-1] = replace(first, end=more[0].end, last=(more[0].number, more[0].suffix))
                more = more[1:]
            places += more
            end = after
            continue
        pinned = [places[-1]]
        after = read_pins(text, pinned, separator.end(), follow=True)
        if after == separator.end():
            break
        first, second = pinned[0], pinned[1] if len(pinned) > 1 else None
        if second and _RANGE.fullmatch(word) and _follows(second, first):  # 第一项至第三项
            pinned[:2] = [replace(first, end=second.end, until=second.item or second.paragraph)]
        places[-1:] = pinned
        end = after
    return places


def _follows(second: Place, first: Place) -> bool:
    """Whether a pin stands behind another one in the same article: an item in the same paragraph, or a paragraph."""
    if first.item and second.item:
        return first.paragraph == second.paragraph and first.item < second.item
    return not (first.item or second.item) and 0 < (first.paragraph or 0) < (second.paragraph or 0)


def read_short(text: str, position: int) -> list[Place]:
    """The article at `position`, right after a law's name, whose number lacks its 条; [] if there is none."""
    match = _SHORT.match(text, position)
    number = numerals.parse(match["n"]) if match else None
    if match is None or number is None:
        return []
    return [Place(position, match.end(), number, int(match["s"] or 0))]


def _articles(text: str, position: int, bare: bool) -> tuple[list[Place], int]:
    shared = _SHARED.match(text, position)
    if shared and (bare or text.startswith("第", position)):
        places: list[Place] = []
        cursor = position
        for part in _NUMBER.finditer(text, position, shared.end() - 1):
            number, suffix = numerals.parse(part["n"]), numerals.parse(part["s"]) if part["s"] else 0
            if number is None or suffix is None:
                return [], position
            separator = part["sep"] or ""
            start = part.start() + len(separator)
            if separator == "-" and places and number < places[-1].number and not places[-1].suffix:
                places[-1] = replace(places[-1], end=part.end(), suffix=number)  # 第293-1条
            elif _RANGE.fullmatch(separator.strip("-") or separator[:1]) and places and number > places[-1].number:
                places[-1] = replace(places[-1], end=part.end(), last=(number, suffix))
            else:
                places.append(Place(start, part.end(), number, suffix))
            cursor = part.end()
        if places and cursor == shared.end() - 1:
            end = shared.end()
            if suffixed := _SUFFIX_ALONE.match(text, end):  # 第266、293条之一
                places[-1], end = replace(places[-1], suffix=numerals.parse(suffixed["n"]) or 0), suffixed.end()
            places[-1] = replace(places[-1], end=end)
            return places, end
    match = ARTICLE.match(text, position)
    if not match or (match["b"] and not bare):
        return [], position
    number = numerals.parse(match["n"] or match["b"])
    written = (match["s"] or match["t"] or "").lstrip("之-")
    suffix = numerals.parse(written) if written else 0
    if number is None or suffix is None:
        return [], position
    place = Place(position, match.end(), number, suffix)
    if match["b"] and (_counts(text, place) or _HEADLINE_AFTER.match(text, place.end)):
        return [], position  # 民法典7条新规
    return [place], place.end


def _counts(text: str, place: Place) -> bool:
    """Whether it counts things and names no article: 三条建议."""
    return place.number <= COUNTED and bool(NOUN_AFTER.match(text, place.end))


def read_pins(text: str, places: list[Place], position: int, *, follow: bool = False) -> int:
    """Read 第一款第（二）、（三）项 at `position` onto the last place; more of them are appended.

    `follow`: they continue a list, so the first one is a place of its own.
    """
    end = position
    base = places[-1]
    paragraph = base.paragraph if follow else None
    pins: list[Place] = []
    if match := _PIN_PARAGRAPH.match(text, end):
        for number, until, start, stop in _numbers(match):
            pins.append(Place(start, stop, base.number, base.suffix, number, until=until))
        paragraph = pins[-1].paragraph if pins else None
        end = match.end()
    pin = _PIN_ITEM.match(text, end)
    bare = None if pin or follow or base.last else _PIN_BARE.match(text, end)
    if item := pin or (bare if bare and numerals.parse(bare["all"]) else None):
        listed = [
            Place(start, stop, base.number, base.suffix, paragraph, number, until=until)
            for number, until, start, stop in _numbers(item)
        ]
        if pins and listed:
            listed[0] = replace(listed[0], start=pins.pop().start)
        pins += listed
        end = item.end()
    if not pins:
        return position
    if base.last:  # 第三条至第五条第二款: the 款 is the last article's, and a range goes by whole articles
        places[-1] = replace(base, end=end)
        return end
    pins[-1] = replace(pins[-1], end=end)
    if not follow:
        places.pop()
        pins[0] = replace(pins[0], start=base.start)
    places += pins
    return end


def _numbers(match: re.Match[str]) -> list[tuple[int, int | None, int, int]]:
    """(number, last of a range or None, start, end) of each numeral or range in a pin; 0 is no number (第零款).

    Without 第 that counts other things or leaves a blank (〇〇项目), and is left out.
    """
    offset = match.start("all")
    lead = offset - match.start()
    out: list[tuple[int, int | None, int, int]] = []
    for part in re.finditer(rf"(?P<range>[至到~-])?(?P<pin>第?[(]?(?P<n>{NUMERAL})[)]?)", match["all"]):
        number = numerals.parse(part["n"]) or 0
        if not number and not match[0].startswith("第"):
            continue
        if part["range"] and out and 0 < out[-1][0] < number:
            out[-1] = (out[-1][0], number, out[-1][2], offset + part.end())
            continue
        start = offset + part.start("pin") - (lead if part.start() == 0 else 0)
        out.append((number, None, start, offset + part.end()))
    return out
