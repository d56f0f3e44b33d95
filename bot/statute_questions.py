"""Questions about a statute as a text: the article beside one, a chapter, its age and length, a former number.

Each gives None where the text does not ask it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.page_texts import load_page_texts
from bot.question_patterns import heard
from corpus.citations.tables import repealed, superseded
from corpus.reference import Reference
from corpus.statutes import Statute, Statutes

#: How many articles of a chapter are shown.
LONGEST_CHAPTER = 40


class Shown(NamedTuple):
    """What is said to whoever asks of a statute, and the articles that are shown to him."""

    says: str
    articles: tuple[Reference, ...]


def beside(text: str, spoken: Reference, statutes: Statutes) -> Shown | None:
    """前一条呢, 下一条: the article before or after the one that was spoken of."""
    back, on = heard("previous", text), heard("next", text)
    article = statutes.article(spoken)
    if article is None or not (back or on):
        return None
    before, after = statutes.by_name[spoken.law].neighbours(article)
    there, words = before if back else after, load_page_texts().lookups
    if there is None:
        said = words.no_previous if back else words.no_next
        return Shown(said.format(article=spoken.article), (spoken.article,))
    said = words.previous if back else words.next
    return Shown(said.format(article=spoken.article, there=there.locator), (there,))


def former(text: str, spoken: Reference, statutes: Statutes) -> Shown | None:
    """旧法里是第几条: where the article that was spoken of stood before, as far as the tables know."""
    if not heard("former", text) or statutes.article(spoken) is None:
        return None
    old, words = "、".join(_former(spoken.article)), load_page_texts().lookups
    said = words.former if old else words.no_former
    return Shown(said.format(article=spoken.article, old=old), (spoken.article,))


def _former(article: Reference) -> Iterator[str]:
    """The places in repealed statutes and in older versions whose rule is in that article today."""
    words = load_page_texts().lookups.former_until
    for name, one in repealed().items():
        yield from (str(Reference.of_key(name, key)) for key, now in one.now.items() if article in now)
    for numbering in superseded().get(article.law, ()):
        day = numbering.until
        old = (Reference.of_key(numbering.law, key) for key, now in numbering.now.items() if article in now)
        yield from (words.format(article=one.locator, year=day.year, month=day.month, day=day.day) for one in old)


def chapter(topic: str, statute: Statute) -> Shown | None:
    """借款合同那一章: all articles under the heading of that name."""
    asked = heard("chapter", topic)
    name = topic[: asked.start()].strip(" 的里中把") if asked else ""
    headings = dict.fromkeys(heading for article in statute.articles for heading in article.path)
    heading = next((one for one in headings if name and name in (one, one.split()[-1])), None)
    if heading is None:
        return None
    under = [article.reference for article in statute.articles if heading in article.path]
    words, first, last = load_page_texts().lookups, under[0].locator, under[-1].locator
    lead = words.chapter.format(law=statute.name, heading=heading, first=first, last=last, count=len(under))
    lead += words.chapter_cut.format(count=LONGEST_CHAPTER) if len(under) > LONGEST_CHAPTER else ""
    return Shown(lead, tuple(under[:LONGEST_CHAPTER]))


def age_and_length(text: str, statute: Statute) -> Shown | None:
    """什么时候施行的, 一共几条, 最后一条: since when the text is in force, and how long it is."""
    if not heard("age_and_length", text):
        return None
    day, words, last = statute.in_force_from, load_page_texts().lookups, statute.articles[-1].reference
    length = {"law": statute.name, "count": len(statute.articles), "last": last.locator}
    if day is None:
        return Shown(words.length.format(**length), (last,))
    return Shown(words.age_and_length.format(**length, year=day.year, month=day.month, day=day.day), (last,))
