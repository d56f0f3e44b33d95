"""The gate: may this sentence of a model be shown?

A sentence passes when every citation and every [n] leads to a source that was given, when the words
it quotes and the numbers it names stand there, when the source carries what it says, and when it
does not turn a source or the card's verdict round. All by words and by the statutes: no second
model is asked. Where it is in doubt the sentence is withheld; the composed answer stands anyway.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from propcache.api import cached_property

from bot.model import figures
from bot.model.direction import Direction
from bot.model.form import unsafe
from bot.model.segments import key_of, segments
from bot.model.sources import Source
from corpus import numerals
from corpus.cards import Verdict
from corpus.citations import find, resolve
from corpus.citations.law_names import name_key, names_of
from corpus.citations.likeness import Claim, content, plain, word_index
from corpus.reference import PLACE, Reference
from corpus.statutes import Statutes
from index.normalise import normalise

# Set on the entries dev and test of benchmarks/honest.toml, see benchmarks/model.py.
CARRIED = 0.34  # share of a sentence's words that the source it cites must have
LEAD = 0.85  # … and its share of what the best source has
TOGETHER = 0.55  # the same where a sentence cites several sources, each of which carries a part
SUPPORTED = 0.35  # share of a claim's words that some source must have where it cites none
ABOUT = 0.2  # share of any other sentence's words, so that it is at least about the matter
SHORT = 14  # characters below which a sentence that claims nothing needs no source: 先别怕，慢慢来。

#: What makes a sentence a claim: it says what the law holds, or what the person should do.
CLAIM = re.compile(
    r"违法|合法|犯法|违规|犯罪|构成|有权|无权|权利|义务|责任|应当|应该|必须|不得|不能|不准|不许|可以|要求|有效|无效|生效|罚|拘留|判|刑|坐牢|"
    r"案底|抓|赔|起诉|开庭|告你|告他|报警|立案|证据|债|消灭|作废|"
    r"法院|时效|利息|本金|征信|偿还|要还|不用|不必|无需|不需要|承担|属于|算是|撤销|解除|投诉|举报|"
    r"禁止|侵犯|侵害|诈骗|转账|转给|打款|汇款|付款|交钱|交费|缴|下载|点击|微信|QQ|扫码|注销|拉黑|承诺|保证|免除|减免|还款|还钱|不还|借"
)
#: Words without exception: only where a source has them too.
_ABSOLUTE = re.compile(r"任何情况|一律|永远|绝对|从来|百分之百|肯定|必然|随便|彻底")
#: Where to turn to.
_ASKS = re.compile(r"投诉|举报|报案|报警|求助|咨询|拨打|打\s*\d|申请|反映|找")
_MARK = re.compile(r"[\[［【〔]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】〕]")
_ANY_ARTICLE = re.compile(
    rf"第\s*[{numerals.CHARACTERS}万亿]+\s*条|\d{{2,4}}\s*条(?!短信|消息|记录|微信|信息)|前条|后一条|[该本此同]条(?![款件])"
)
#: The number of an article that lacks its 第 and 条, right behind a law's name: 民法典六七一.
_NUMBER_BEHIND = re.compile(rf"》?的?[{numerals.CHARACTERS}]{{2,}}(?![年月日])")
_TITLE = re.compile(r"《([^《》]+)》")
#: A title that claims to be law, as `name_key` writes it; others are documents of the person's own (借款合同).
_LAW_TITLE = re.compile(
    r"(?:法典|法|条例|办法|规定|细则|解释|规则|准则|通则|规程|规范|指引|标准|通知|意见|决定|批复|复函|通告|公告|纪要|公约|修正案)"
    r"(?:\([^()]*\))*$"
)
_LAWLIKE = re.compile(
    r"([\u4e00-\u9fff]{2,20}?(?:法典|法|条例|办法|规定|细则|解释|规则|准则|指引|标准|通知|意见))(?=[的中里]?(?:明确|明文|专门|也|都|还)?(?:规定|要求|指出|禁止|写明|第))"
)
#: What is said to rest on a law or to break it, before the law's name.
_RELIES = r"(?:按照|根据|依据|依照|违反了?)《?"
_RELIES_BEFORE = re.compile(f"{_RELIES}$")
_RELIED_ON = re.compile(rf"{_RELIES}([\u4e00-\u9fff]{{2,20}}?(?:(?<!办)法典?|条例))(?![\u4e00-\u9fff])")
_GENERIC = re.compile(
    r"(?:法律|国家|有关|相关|行业|监管|司法解释|合同|这些|上述|具体|当地|一般|平台|公司|银行|机构)(?:法律|法规|的)?(?:规定|规则|标准|解释|通知)?$"
)
_QUOTE = re.compile(r"「([^」]+)」|“([^”]+)”|『([^』]+)』|\"([^\"]+)\"")
_BACK = re.compile(
    r"^(?:因此|所以|因而|于是|但是?|不过|可是|否则|然而|其中|这样|这就|这也|这是|那样|也就是说|换句话说|此外|另外|同时|同样|前者|后者|而且|并且)"
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """`shown` is the sentence as a person reads it, empty where it is withheld; then `reason` says why.

    Reasons are codes without a word of the sentence: they go to the log and to /metrics.
    """

    shown: str = ""
    reason: str = ""
    cited: tuple[Reference, ...] = ()


class SentenceGate:
    """Checks the sentences of one answer, in their order. `said` are the person's own words."""

    def __init__(
        self,
        sources: Sequence[Source],
        verdict: Verdict,
        said: str,
        statutes: Statutes,
        instructions: str = "",
    ) -> None:
        self.sources = {s.number: s for s in sources}
        self.statutes = statutes
        self.said = normalise(said)
        self.index = word_index(statutes)
        self.segments = [g for s in sources for g in segments(s, statutes)]
        self.direction = Direction([g.text for g in self.segments], verdict)
        self._text = normalise("\n".join(f"{s.title}\n{s.text}" for s in sources))
        self._squeezed = plain(self._text)
        self._given = {s.reference: s for s in sources if s.reference}
        # What the instructions tell the model to say stands in “” there.
        self._instructions = plain(normalise(re.sub("“[^”]*”", "", instructions)))
        self._before: list[str] = []
        self._withheld = False

    def judge(self, written: str, cut: bool = False) -> Ruling:
        """Whether to show one sentence; takes a few milliseconds. What is left of one that was cut is withheld."""
        ruling = Ruling(reason="endless") if cut else self._judge(written.strip())
        self._withheld = not ruling.shown
        return ruling

    def _judge(self, written: str) -> Ruling:
        text = normalise(written)
        numbers = [int(n) for marks in _MARK.findall(text) for n in re.findall(r"\d+", marks)]
        bare = _MARK.sub("", text).strip()
        if reason := self._form(bare):
            return Ruling(reason=reason)
        if any(n not in self.sources for n in numbers):
            return Ruling(reason="no-such-source")
        cited, reason = self._cited(bare)
        if reason:
            return Ruling(reason=reason)
        marked = [self.sources[n] for n in dict.fromkeys(numbers)]
        spoken = [*(r.article for r in cited), *(key for s in marked if (key := key_of(s)))]
        keys: list[Reference | str] = list(dict.fromkeys(spoken))
        if reason := self._quotes(bare, keys) or self._carried(bare, keys):
            return Ruling(reason=reason)
        if self._withheld and _BACK.match(bare):
            return Ruling(reason="hangs-in-the-air")
        shown = self._shown(written, {r.article for r in cited})
        references = (*cited, *(s.reference for s in marked if s.reference))
        return Ruling(shown, cited=tuple(dict.fromkeys(references)))

    # -- form -------------------------------------------------------------------------------

    def _form(self, text: str) -> str:
        """What is wrong with the sentence whatever it says, or an empty string."""
        words = plain(text)
        if len(text) > 200:
            return "endless"
        if reason := unsafe(text, f"{self._text}\n{self.said}"):
            return reason
        if self._leaks(words):
            return "leak"
        if re.search(r"(.{2,20}?)\1{3,}", words):
            return "loop"
        if words in self._before:
            return "loop"
        self._before.append(words)
        return ""

    def _leaks(self, words: str) -> bool:
        """Whether twelve characters on end, or a shorter sentence whole, are the instructions' and no source's."""
        size = min(12, max(6, len(words)))
        runs = (words[i : i + size] for i in range(len(words) - size + 1))
        return any(r in self._instructions and r not in self._squeezed for r in runs)

    # -- citations --------------------------------------------------------------------------

    def _cited(self, text: str) -> tuple[list[Reference], str]:
        """The provisions that the sentence names, and what is wrong with one of them."""
        cited: list[Reference] = []
        rest = text
        for found in find(text, self.statutes):
            if found.unread:
                return [], "no-such-article"
            rest = rest.replace(found.written, "　", 1)
            if found.reference is None:
                ruled = found.kind == "unheld" and self._in_sources(found.law or found.name)
                if not ruled and found.law not in self._laws:
                    return [], "law-not-given"
                continue
            if found.kind != "statute" or resolve(found, self.statutes).status != "ok" or found.last:
                return [], "no-such-article"
            if found.mentioned_version is not None or not self._was_given(found.reference):
                return [], "article-not-given"
            cited.append(found.reference)
        if wrong := self._wrong_name(rest):
            return [], wrong
        return cited, ""

    def _wrong_name(self, rest: str) -> str:
        """What is wrong with an article or a law that a sentence names beside its citations."""
        names = names_of(self.statutes)
        mentioned = list(names.pattern.finditer(rest))
        if _ANY_ARTICLE.search(rest) or any(_NUMBER_BEHIND.match(rest, match.end()) for match in mentioned):
            return "article-unplaced"
        relied = [m["name"] for m in mentioned if len(m["name"]) > 2 or _RELIES_BEFORE.search(rest[: m.start()])]
        relied += [n for n in _RELIED_ON.findall(rest) if names.look_up(n, titled=False).kind != "other"]
        lawlike = (n for n in _LAWLIKE.findall(rest) if not _GENERIC.search(n))
        not_given = (
            any(not self._known_name(title) for title in _TITLE.findall(rest)),
            any(names.look_up(n, titled=False).law not in self._laws and n not in self._text for n in relied),
            any(all(n[i:] not in self._text for i in range(max(1, len(n) - 3))) for n in lawlike),
        )
        return "law-not-given" if any(not_given) else ""

    @cached_property
    def _laws(self) -> frozenset[str]:
        return frozenset(r.law for r in self._given)

    @cached_property
    def _names(self) -> str:
        """What the sources say, written as `name_key` writes names."""
        return name_key(self._text)

    def _in_sources(self, name: str) -> bool:
        """Whether a name stands in a source; the bare word 通知 is none."""
        key = name_key(normalise(name))
        return not _LAW_TITLE.fullmatch(key) and key in self._names

    def _known_name(self, title: str) -> bool:
        """Whether a title stands in a source, is a given law's, or that of a document the person speaks of."""
        key = name_key(title)
        own = not _LAW_TITLE.search(key) and key in name_key(self.said)
        return own or key in self._laws or self._in_sources(title)

    def _was_given(self, reference: Reference) -> bool:
        """Whether the place is in a source: the same place, the article around it, or a place in it."""
        for given in self._given:
            if given.article != reference.article:
                continue
            whole = given.paragraph is None and given.item is None
            inside = (given.paragraph, given.item) == (reference.paragraph, reference.item)
            wider = reference.paragraph is None and reference.item is None
            around = given.paragraph == reference.paragraph and None in (given.item, reference.item)
            if whole or inside or wider or around:
                return True
        return False

    def _shown(self, written: str, named: set[Reference]) -> str:
        """The sentence with each [n] written out: a provision by name (once), our own words by nothing."""

        def name(match: re.Match[str]) -> str:
            sources = [self.sources[int(n)] for n in re.findall(r"\d+", normalise(match[1]))]
            return "".join(s.shown for s in sources if not s.reference or s.reference.article not in named)

        shown = _MARK.sub(name, written).replace("）（", "、").strip()
        return re.sub(r"([。！？!?])(（《.+》[^（）]*(?:（[^（）]*）[^（）]*)*）)$", r"\2\1", shown)

    # -- words ------------------------------------------------------------------------------

    def _quotes(self, text: str, keys: Sequence[Reference | str]) -> str:
        """Words in quotation marks stand in a source, wherever they pass for the law's or are long."""
        lawful = bool(keys) or re.search(r"法律|规定|条文|原文|法条|写明|明文", text)
        for groups in _QUOTE.findall(text):
            words = plain(next(g for g in groups if g))
            if (lawful or len(words) > 12) and words not in self._squeezed and words not in plain(self.said):
                return "quote"
        return ""

    def _carried(self, text: str, keys: Sequence[Reference | str]) -> str:
        """Whether the sources carry the sentence: by words, figures and direction."""
        words = plain(content(text))
        claims = bool(keys) or CLAIM.search(text) or re.search(r"\d", text)
        if not claims and len(plain(text)) <= SHORT:
            return ""
        claim = _claim(text)
        asks = _ASKS.search(text)
        compared = Claim(self.index, claim)
        shares = [compared.coverage_in(g.text) if asks or not g.place else 0.0 for g in self.segments]
        best = max(shares, default=0.0)
        own = {
            str(k): max((s for s, g in zip(shares, self.segments, strict=True) if str(k) in g.about), default=0.0)
            for k in keys
        }
        if keys:
            floor, lead = (CARRIED, LEAD) if len(keys) == 1 else (0.6 * CARRIED, TOGETHER)
            if best < CARRIED or any(o < floor or o < lead * best for o in own.values()):
                return "not-carried"
        elif claims:
            if best < SUPPORTED or (len(words) < 4 and not self.direction.agrees(text)):
                return "unsupported"
        elif best < ABOUT:
            return "off-topic"
        limit = 0.7 * best
        bearing = [
            g.text
            for s, g in zip(shares, self.segments, strict=True)
            if s >= limit or any(k in g.about and s >= 0.5 * own[k] for k in own)
        ]
        if not figures.known(text, [*bearing, self.said], f"{self._text}\n{self.said}"):
            return "figures"
        if any(word not in self._text for word in _ABSOLUTE.findall(text)):
            return "absolute"
        if claims and (reason := self.direction.contradicts(claim, shares)):
            return reason
        return ""


def _claim(text: str) -> str:
    """The sentence without its citations: what it says of them."""
    return re.sub(f"《[^《》]*》(?:{PLACE})?", "", "".join(text.split()))
