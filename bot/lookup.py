"""Citations in a question: looked up when that is all it asks, checked before it is answered."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot import compose
from bot.answer import Answer
from corpus.citations import Checked, check, find, resolve
from corpus.reference import Reference
from corpus.statutes import Statutes

#: What may stand around a citation in a question that only wants to read it.
_ASKING = re.compile(
    r"请问|请|帮我|[发贴念读]?一?下?给我|发我|贴一?下|我想|想|看一?下|看看|查一?下|查查|查询|找一?下|念一?下|告诉我|一下|根据|按照|依据|关于|"
    r"的?(具体|完整|全部|原文|原话|条文|法条|内容|规定|全文|意思|解释)|[发贴念读拿]出来|(规定|讲|说|写|是)的?(了|的是)?[什啥]么?|什么(内容|规定|意思|来着)?|"
    r"一?共?有?几[款项]|还?(能用|有效|在用|管用|存在|算数)(么|不)?|(已经|被)?(废止|作废|失效|改|取消)(没有|没|掉)?了?|现在|还|"
    r"是啥|有?啥?(区别|不同)|啥|分别|各|怎么(规定|写|说|讲)的?|有哪些|哪些|如何规定|[,，。.、:：;；?？!！\s《》“”\"'吗呢吧的是了和与及跟]"
)

#: 民法典685条是讲担保签字的吧, 消法五十五条是退一赔三不: whether an article is about something, asked in a few words.
_TELLS = re.compile(
    r"(?:到底|究竟)?(?:是不是|是|在)?(?:讲|说|写|规定|管)(?!.*[违犯合]法)[^,，。;；]{1,12}的(?:那一?条)?[吧吗么嘛不]?[?？]?$"
    r"|(?:是不是|是|不是|算)(?!.*([违犯合]法|[几多怎什咋哪谁我他她能会要可该]))[^,，。;；]{2,10}[吧吗么嘛不没]?[?？]?$"
)
#: 是扣工资的，现在变成几条了: what an article has become.
_BECAME = re.compile(
    r"(?:是[^,，。]{1,12}的?)?[,，]?\s*(?:那|现在|如今)[^,，。]{0,6}(?:变|改|成|挪|到|是第)[^,，。]{0,3}(?:啥|什么|哪|几|多少)[^,，。]{0,3}[?？]?$"
)
#: …，念给我听听; …，原文发我: to read it, once more.
_READ = re.compile(
    r"[,，。]\s*(?:麻烦|请|帮我|给我|把)?(?:原文|全文|条文)?(?:[念读发贴]一?[念读下]?|拿)?(?:给?[我俺])?"
    r"(?:[听看]一?[听看下]?|原文|全文|条文)?[吧呗]?$"
)
_NUMBER = r"(第?(?:\d{1,4}|[一二三四五六七八九十百千零两]{1,9}))(之[一二三四五六七八九])?"
#: 刑法293, 民法典680跟670讲什么: numbers after a law's name that lack their 条.
_SHORT = re.compile(
    rf"(?<=[法典例定释])》?\s*{_NUMBER}(?:\s*[、和跟与及]\s*{_NUMBER})*"
    r"(?=\s*(?:$|[,，.。;；:：?？!！、的是讲说写规里有吗呢吧啊]|到(?!\s*[\d一二三四五六七八九十两])|分(?!之)|"
    r"[和跟与](?!\s*[\d一二三四五六七八九十两]+\s*[年期万个月天元块])))"
)
#: 民诉254条, 刑266: a law's name that lacks its 法.
_CLIPPED = re.compile(
    r"(?:民诉|刑诉|行诉|治安|个保|网安|数安|消保|反诈|未保|(?<![\u4e00-\u9fff])刑)"
    r"(?=第?[\d一二三四五六七八九十百零两]{1,9}条|\d{2,3}\s*(?:$|[,，.。?？是讲说写的里]))"
)
#: 那一百九十二条呢: an article of the law that was spoken of before.
_BARE = re.compile(r"^(?:那|那么|还有|再看看?|和|跟)?\s*(第?(?:\d{1,4}|[一二三四五六七八九十百千零两]{1,9})条)")
#: 刚才说的那条一共几款: the article that was spoken of before.
_SAME = re.compile(r"^(?:那么?|把|刚才|刚刚|上面|前面)*(?:你?[说讲提]到?的?)?[这那该]一?条(?=[^款])")
#: 它第二款呢: a paragraph or an item of that article.
_PART = re.compile(r"^(?:那么?|还有|它|[这那该]一?条)*的?(?=第?[一二三四五六七八九十\d]{1,2}[款项])")
#: …说利息可以先扣，对吗: whether an article says what it is said to say; no more of a story than that.
_TRUE = re.compile(
    r"(?:说|讲|写|规定)[^。;；!！我]{2,40}?[,，]?(?:这个?(?:说法|话)?)?"
    r"(?:是?(?:对|真|正确|没错)的?[吗么嘛吧]|(?:对|是)不[对是](?:真的|的)?)[?？]?$"
)
#: 哪条法律规定催收不能骂人: asks for the provision, as a question of the matter itself does.
_WHICH = re.compile(r"^(?:请问)?哪一?[条部个]?法律?(?:规定|说|写)了?")
#: 自2021年11月1日起施行的《…》: no matter that is asked about.
_IN_FORCE = re.compile(
    r"(?:自|从|于)?\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起|开始|正式)*(?:施行|实施|生效|公布|通过|修订|修正)的?(?:新|现行)?(?:修订的|修正的)?$"
)
#: Said above an article that was asked about with what it is said to say.
COMPARE = "是不是这样，请和下面的原文一字一字对：差一个“不”字，意思就反了。"


@dataclass(frozen=True)
class Lookup:
    """Checked citations of a question, and its other words (`rest`). `only`: nothing else is asked."""

    checked: tuple[Checked, ...]
    rest: str
    only: bool
    note: str = ""

    def answer(self, statutes: Statutes) -> Answer:
        """The articles' own words, and what is wrong with the numbers that are not there."""
        answer = compose.from_articles(self.references, statutes, "下面是现行条文的原文：")
        self.warn(answer, statutes)
        if lacking := "、".join(str(r) for r in self.references if statutes.article(r) is None):
            answer.warnings.append(f"{lacking}：这里没有收录原文，请到国家法律法规数据库（flk.npc.gov.cn）看。")
        if not answer.citations:
            answer.conclusion = (
                "没有可以给你看的现行条文，原因见上面的提醒。可以把你想问的事直接说出来，我来找对应的规定。"
            )
        return answer

    def warn(self, answer: Answer, statutes: Statutes) -> None:
        """Put what is wrong with the question's citations first, and the right articles up front."""
        there = {c.reference.article for c in answer.citations}
        right: list[Reference] = []
        if self.note:
            answer.warnings.append(self.note)
        for one in self.checked:
            moved = _moved(one, there, statutes)
            if moved:
                now = "、".join(map(str, moved))
                answer.warnings.append(f"你提到的「{one.written}」是旧法的条号，现行法里是{now}。")
                right += moved
            elif one.alarm or one.note:
                answer.warnings.append(f"你提到的「{one.written}」：{one.note}")
                right += one.now if one.alarm else one.references
            else:
                right += one.references
        if answer.kind in ("answer", "lookup"):
            missing = [r for r in dict.fromkeys(right) if r.article not in there]
            named = {r.article for r in right}
            answer.citations.sort(key=lambda c: c.reference.article not in named)
            answer.citations[:0] = compose.quote(missing, statutes)

    @property
    def references(self) -> list[Reference]:
        """The articles to show for the citations, in their order, each once."""
        found = [r for one in self.checked for r in (one.now if one.alarm else one.references)]
        return list(dict.fromkeys(found))


def _moved(one: Checked, there: Collection[Reference], statutes: Statutes) -> list[Reference]:
    """Where an older version's number is today, if that is what the person means.

    It is where the answer rests on the article of today, or where the cited 款 or 项 exists in the
    older version only.
    """
    if one.reference is None or one.status not in ("ok", "not_found"):
        return []
    whole = replace(one.found, reference=one.reference.article)
    old = [r.article for r in resolve(whole, statutes).old]
    return [r for r in old if r in there] or (old if one.status == "not_found" else [])


def look_up(text: str, statutes: Statutes, before: str = "", told: str = "") -> Lookup:
    """Find and check the citations in a question (already normalised).

    A law's name that lacks its 法, or a number that lacks its 条, is read as an article of that number where there
    is one; a number with 条 alone as one of the law that was spoken of, 那条 as the article that was,
    where nothing but its text is asked: by the person last (`before`), else by the answer first (`told`). Where no law
    was spoken of, the note asks for it.
    """
    found = _look_up(text, statutes)
    if found.note or any(c.reference for c in found.checked):
        return found
    spoken = [one for one in reversed(find(before, statutes)) if one.law]
    spoken = spoken or [one for one in find(told, statutes) if one.law]
    if bare := _BARE.match(text):
        if spoken:
            return _look_up((spoken[0].law or "") + text[bare.start(1) :], statutes)
        if len(bare[1]) > 2 and len(_ASKING.sub("", text[bare.end() :])) <= 1:  # not 那一条
            return Lookup((), text, True, f"你没说是哪部法律的{bare[1]}。请写上法律名再问，比如：民法典{bare[1]}。")
    cited = [str(one.reference) for one in spoken if one.reference]
    if cited and (same := _SAME.match(text) or _PART.match(text)):
        again = _look_up(cited[0] + text[same.end() :], statutes)
        if again.only:
            return again
    named = _CLIPPED.sub(r"\g<0>法", text)
    longer = _SHORT.sub(lambda m: re.sub(_NUMBER, r"\1条\2", m.group()), named)
    if longer != text:
        whole = _look_up(longer, statutes)
        if all(c.status == "ok" for c in whole.checked):
            return whole
    return found


def _look_up(text: str, statutes: Statutes) -> Lookup:
    checked = tuple(check(text, statutes))
    numbered = [c for c in checked if c.reference is not None or c.status in ("repealed", "not_found")]
    rest = text
    for one in sorted(numbered, key=lambda c: c.span, reverse=True):
        version = one.found.version.written if one.found.version else ""
        before = rest[: one.span[0]].removesuffix(version)
        rest = _IN_FORCE.sub("", before) + " " + rest[one.span[1] :]
    rest = rest.strip()
    told = bool(_TRUE.match(rest)) and any(c.now if c.alarm else c.references for c in numbered)
    bare = len(_ASKING.sub("", rest)) <= 1
    asked = _READ.sub("", rest)
    tells = not bare and bool(_TELLS.match(asked))
    only = told or (bool(numbered) and (bare or tells or bool(_BECAME.match(asked))))
    compare = told or (tells and not any(c.alarm or c.note for c in numbered))  # else something is said already
    return Lookup(checked, text if only else _WHICH.sub("规定", rest), only, COMPARE if only and compare else "")
