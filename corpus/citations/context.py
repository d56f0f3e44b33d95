"""What a later 该法, 该条 or bare 第五十条 refers to: the law named and the article cited last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.citations.law_names import FULL, Name
from corpus.citations.places import COUNTED, NOUN_AFTER, NUMERAL, Place
from corpus.citations.version import MentionedVersion

#: A line that only announces an article: 法律依据：, 相关规定如下.
_LABEL = (
    r"[\s#*>•·\d.、【(-]*(?:相关)?(?:法律|法条|法规)?(?:依据|链接|规定|参考|条文|索引)?[】)]?"
    r"(?:的?(?:相关|有关)?(?:规定|条文)?(?:如下)?)?[:\s*]*"
)
_LABEL_LONGEST = 60  # characters
# Words that stand before or after a bare 第五十条 where it carries on from a law named before.
_STRONG_BEFORE = re.compile(
    r"(?:根据|依据|依照|按照|遵照|违反|违背|触犯|符合|适用|参照|参见|详见|[(]见|结合|援引|引用|依)其?(?:中的?)?$|[Ii]bid\.,?$"
)
_CLAUSE_BEFORE = re.compile(r"(?:[,。;、:\n(]|^|而|且|但|另|同时|此外|其中|和|与|及|或|以及)$")
#: What leads to an article: 高利贷看第680条, 寻衅滋事由第三十条管.
_POINTS_BEFORE = re.compile(r"(?:[按看见查由走归靠用翻]|参照|适用)了?$")
#: What stands before a number that is too high to count things: ；第253条, 先诉抗辩（第687条）.
_HIGH_BEFORE = re.compile(r"(?:[,。;、:!?！？(|\n]|[和与及或在而但另]|同时|此外|其中)$")
#: The number is a contract's own, or a judgment's, right before it: 合同里，第五条; 合同约定月息三分（第五条）.
_PAPER = "(?:合同|协议|章程|规则|公约|手册|条款|判决书?|借条|双方)"
_OF_PAPER_BEFORE = re.compile(
    rf"{_PAPER}书?(?:[里中上内]面?|当中)[,:]?$"
    rf"|{_PAPER}(?:[里中上内]面?)?(?:也|还|都)?(?:约定|写|规定|载明)(?!的)[^。;\n()]{{0,12}}(?<!的)[,(]?$"
)
#: A contract that is named as a paper: 双方签的租赁合同, 本协议, 《用户协议》.
_PAPER_NAMED = re.compile(
    "[本该此]合同|[本该此]协议|(?:合同|协议)[书》]|(?:合同|协议)(?:签|订)|(?:签|订)[^,。;!?\n]{0,8}(?:合同|协议)|章程|规约|公约|手册"
)
_PAPER_NEAR = 2000  # characters since then
_OWN_ARTICLES = 3  # so many read in order, 第一条, 第二条, 第三条, are those of the text itself
#: … or a message's: 他发了好多短信，第35条. Nobody who counts them says 款 or 项, or comes to so many.
_OF_MESSAGE_BEFORE = re.compile(r"(?:短信|消息|评论|留言|语音|弹幕)[^。;\n()]{0,12}(?<!的)[^\u4e00-\u9fff]?$")
_MESSAGES = 100
#: What a list says of an article before it names the next: 第293条寻衅滋事罪、第246条（侮辱罪）；第266条【诈骗罪】
LABELLED = re.compile(r"[\u4e00-\u9fff]{0,20}(?:[(【\[][^()【】\[\]\n]{1,20}[)】\]](?P<after>[、,;]?)|(?P<sep>[、,;]))")
_BULLET = re.compile(r"\n\s*(?:[-*•·]\s*|(?P<numbered>\d{1,2}[.、)]\s*))?$")
_LAWS = ("statute", "pending", "repealed", "foreign")  # what 本法 may be
_BESIDE, _NEIGHBOURS = 100, 5  # characters since an article was cited, and how far from it another number is
_WEAK_BEFORE = re.compile(r"(?:、|和|及|与|跟|或|或者|以及|至|到)$")
_RULES_AFTER = re.compile(
    rf"(?:之?\n?(?:的|中|也|还|则|又|就|都|均)?(?:明确|明文|专门|同样|进一步)?(?:规定|指出|要求|禁止|所称|所列|所述)|第?[(]?{NUMERAL}[)]?[款项])"
)
_WRITTEN_AFTER = re.compile("写(?:明|得|了|的是)")
_WHITE_AFTER = re.compile(r"(?:$|[\n,。、;:)）》”\"!?？！]|和|与|及|或|至|中|也|还|则|均|都|之规定|的规定|规定|第)")


@dataclass
class Context:
    """What was named and cited last in the squeezed text; a new one after every name and every citation."""

    name: Name | None = None
    mentioned_version: MentionedVersion | None = None
    at: int = -10_000  # where the law was last named
    place: Place | None = None
    cited: int = -10_000  # where an article was last cited
    bare: bool = True  # whether a bare 第五十条 may carry on
    named: tuple[Name, ...] = ()  # the two laws named last, for 前者 and 后者
    heading: int = -1  # place of the line of the last article heading that was taken, -1 for none
    counted: int = (
        0  # the last number that was no article: 第一条 of some advice, of a contract, after which comes 第二条
    )

    def after(
        self, text: str, places: Sequence[Place], start: int, name: Name, version: MentionedVersion | None
    ) -> Context:
        """The context once these places of a law have been cited, the citation beginning at `start`."""
        first, end = places[0].start, places[-1].end
        since = max(0, start - _LABEL_LONGEST)
        line = text.rfind("\n", since, first) + 1
        begins = line > 0 or since == 0
        heading = line if begins and (first == line or re.fullmatch(_LABEL, text[line:start])) else -1
        return Context(name, version, max(self.at, 0), places[-1], end, self.bare, self.named, heading, self.counted)

    def law_of(self, anaphor: str, text: str, start: int) -> Name | None:
        """The law that `anaphor` (该法, 本条例, 其) stands for right before `start`, None where there is none."""
        if self.name is None or start - self.at > 3000:
            return None
        if anaphor in ("前者", "后者"):
            return self.named[anaphor == "后者"] if len(self.named) == 2 else None
        if anaphor == "其" and ("\n" in text[self.at : start] or not self.bare):
            return None
        wanted = re.search("条例|解释|规定|办法", anaphor)
        if wanted and not self.name.written.endswith(wanted[0]):
            return None
        if anaphor.startswith("本") and not wanted:  # a law that names others speaks so of itself: never an 条例
            return next((name for name in reversed(self.named) if name.kind in _LAWS and _is_law(name)), None)
        return self.name

    def carries_on(self, text: str, places: Sequence[Place], start: int) -> bool:
        """Whether bare places (第五十条) that begin at `start` are of the law named last."""
        if self.name is None or not self.bare:
            return False
        if self._heads(text, places[0].number, start):
            return True
        since = max(self.at, self.cited, 0)
        if start - since > 400 or "\n\n" in text[since:start]:
            return False
        before, between, end = text[max(0, start - 12) : start], text[since:start], places[-1].end
        high = places[0].number > COUNTED
        if NOUN_AFTER.match(text, end) and not (high and _WRITTEN_AFTER.match(text, end)):
            return False
        if _STRONG_BEFORE.search(before):
            return "\n" not in between or len(between) < 200
        if _RULES_AFTER.match(text, end):
            return "\n" not in between and bool(_CLAUSE_BEFORE.search(before))
        listed = LABELLED.fullmatch(between)
        if listed and (high or "、" in (listed["sep"], listed["after"])):
            return True
        bracketed = self.cited > 0 and text.startswith("(", start - 1) and text.startswith(")", end)
        alone = high or places[0].number not in (1, self.counted + 1)
        opens = _HIGH_BEFORE.search(before) and (high or (alone and self._beside(places[0], start)))
        if bracketed or opens or (alone and _POINTS_BEFORE.search(before)):
            return not of_paper(text[max(0, start - 24) : start], places[0]) and between.count("\n") < 2
        same_sentence = self.cited > 0 and not re.search(r"[。!?！？\n]", between)
        return same_sentence and bool(_WEAK_BEFORE.search(before)) and bool(_WHITE_AFTER.match(text, end))

    def is_alone(self, text: str, start: int) -> bool:
        """Whether nothing but the law that was named can have an article at `start`: no contract, no articles here."""
        since = max(self.at, self.cited, start - _PAPER_NEAR, 0)
        return self.counted < _OWN_ARTICLES and not _PAPER_NAMED.search(text, since, start)

    def _beside(self, place: Place, start: int) -> bool:
        """Whether a low number can hardly count things: it has a 款, or an article near it was cited just before."""
        if self.place is None or start - self.cited > _BESIDE:
            return False
        return bool(place.paragraph or place.item) or 0 < abs(place.number - self.place.number) <= _NEIGHBOURS

    def _heads(self, text: str, number: int, start: int) -> bool:
        """第五十条 at the head of a line right under a line that names the law, or under such a heading."""
        opened = _BULLET.search(text, max(0, start - 12), start)
        if start and not opened:
            return False
        if opened and opened["numbered"] and number <= COUNTED:  # 2. 第三条短信
            return False
        previous_end = opened.start() if opened else 0
        while previous_end and text[previous_end - 1] == "\n":
            previous_end -= 1
        line_start = text.rfind("\n", 0, previous_end) + 1
        line = text[line_start:previous_end]
        if self.heading == line_start:
            return True
        if self.heading >= 0 and self.place and start - self.cited < 1500:
            return 0 < number - self.place.number <= 3
        if self.at < line_start or re.search("合同|协议|甲方|乙方|双方|约定|章程", re.sub("《[^》]*》", "", line)):
            return False
        rest = re.sub(r"《[^》]*》|\([^)]*\)|\d+[.、]|[一二三四五六七八九十]+、|[\s#*>:。.-]", "", line)
        rest = rest.replace(FULL, "").replace(self.name.law or "\0" if self.name else "\0", "")
        return bool(re.fullmatch(_LABEL, rest))


def _is_law(name: Name) -> bool:
    return (name.law or name.written).endswith(("法", "法典"))


def of_paper(before: str, place: Place) -> bool:
    """Whether what stands before a number makes it one of a contract or a judgment, or of messages that are counted."""
    if _OF_PAPER_BEFORE.search(before):
        return True
    counted = place.number < _MESSAGES and not (place.paragraph or place.item)
    return counted and bool(_OF_MESSAGE_BEFORE.search(before))
