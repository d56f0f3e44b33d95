"""Questions about a statute as a text: the article beside one, a chapter, its age and length, a former number.

Each gives what to say and the articles to show, or None where the text does not ask it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.question_patterns import heard
from corpus.citations.tables import repealed, superseded
from corpus.reference import Reference
from corpus.statutes import Statute, Statutes

#: How many articles of a chapter are shown.
LONGEST_CHAPTER = 40
Shown = tuple[str, tuple[Reference, ...]]


def beside(text: str, spoken: Reference, statutes: Statutes) -> Shown | None:
    """前一条呢, 下一条: the article before or after the one that was spoken of."""
    back, on = heard("previous", text), heard("next", text)
    article = statutes.article(spoken)
    if article is None or not (back or on):
        return None
    before, after = statutes.by_name[spoken.law].neighbours(article)
    there = before if back else after
    side = "前" if back else "后"
    if there is None:
        return f"{spoken.article}{side}面没有别的条文了：", (spoken.article,)
    return f"{spoken.article}的{side}一条是{there.locator}：", (there,)


def former(text: str, spoken: Reference, statutes: Statutes) -> Shown | None:
    """旧法里是第几条: where the article that was spoken of stood before, as far as the tables know."""
    if not heard("former", text) or statutes.article(spoken) is None:
        return None
    old = "、".join(_former(spoken.article))
    said = f"{spoken.article}的内容，以前在{old}。" if old else f"{spoken.article}以前是第几条，本站没有记录。"
    return said, (spoken.article,)


def _former(article: Reference) -> Iterator[str]:
    """The places in repealed statutes and in older versions whose rule is in that article today."""
    for name, one in repealed().items():
        yield from (str(Reference.of_key(name, key)) for key, now in one.now.items() if article in now)
    for numbering in superseded().get(article.law, ()):
        until = f"（施行到 {numbering.until.year} 年 {numbering.until.month} 月 {numbering.until.day} 日的那一版）"
        old = (Reference.of_key(numbering.law, key) for key, now in numbering.now.items() if article in now)
        yield from (f"{one.locator}{until}" for one in old)


def chapter(topic: str, statute: Statute) -> Shown | None:
    """借款合同那一章: all articles under the heading of that name."""
    asked = heard("chapter", topic)
    name = topic[: asked.start()].strip(" 的里中把") if asked else ""
    headings = dict.fromkeys(heading for article in statute.articles for heading in article.path)
    heading = next((one for one in headings if name and name in (one, one.split()[-1])), None)
    if heading is None:
        return None
    under = [article.reference for article in statute.articles if heading in article.path]
    rest = f"太长，先列前 {LONGEST_CHAPTER} 条。" if len(under) > LONGEST_CHAPTER else ""
    lead = f"《{statute.name}》{heading}，从{under[0].locator}到{under[-1].locator}，一共 {len(under)} 条。{rest}"
    return lead, tuple(under[:LONGEST_CHAPTER])


def age_and_length(text: str, statute: Statute) -> Shown | None:
    """什么时候施行的, 一共几条, 最后一条: since when the text is in force, and how long it is."""
    if not heard("age_and_length", text):
        return None
    day = statute.in_force_from
    since = f"现行文本从 {day.year} 年 {day.month} 月 {day.day} 日起施行，" if day else "现行文本"
    last = statute.articles[-1].reference
    return f"《{statute.name}》{since}一共 {len(statute.articles)} 条，最后一条是{last.locator}：", (last,)
