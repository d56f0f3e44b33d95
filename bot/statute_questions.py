"""Questions about a statute as a text: the article beside one, a chapter, its age and length, a former number.

Each gives None where the text does not ask it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.page_texts import load_page_texts
from bot.question_patterns import heard
from corpus import numerals
from corpus.citations.tables import repealed, superseded
from corpus.reference import Reference
from corpus.statutes import Statute, Statutes

#: How many articles of a chapter are shown.
LONGEST_CHAPTER = 40
#: The number of a heading.
_HEADING = rf"第(?P<n>[{numerals.CHARACTERS}]{{1,5}})(?P<kind>分?编|章|节)"


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
    """借款合同那一章, 第三编第十二章: what stands under that heading, or under all that have the name or number."""
    asked = heard("chapter", topic)
    if asked is None:
        return None
    name, numbers = topic[: asked.start()].strip(" 的里中把"), _numbers(topic)
    under: dict[tuple[str, ...], list[Reference]] = {}
    for article in statute.articles:
        for depth, heading in enumerate(article.path, start=1):
            path = article.path[:depth]
            if name in (heading, heading.split()[-1]) or _has_numbers(path, numbers):
                under.setdefault(path, []).append(article.reference)
    if not under:
        return None
    words, shown = load_page_texts().lookups, [one for articles in under.values() for one in articles]
    leads = (
        words.chapter.format(
            law=statute.name, heading=path[-1], first=of[0].locator, last=of[-1].locator, count=len(of)
        )
        for path, of in under.items()
    )
    cut = words.chapter_cut.format(count=LONGEST_CHAPTER) if len(shown) > LONGEST_CHAPTER else ""
    return Shown("".join(leads) + cut, tuple(shown[:LONGEST_CHAPTER]))


def _has_numbers(path: tuple[str, ...], numbers: list[str]) -> bool:
    """Whether the last heading of a path has the last of the numbers, and those above it the others."""
    own = [heading.split()[0] for heading in path]
    return own[-1:] == numbers[-1:] and set(numbers) <= set(own)


def _numbers(topic: str) -> list[str]:
    """The headings with whose numbers a topic begins, as statutes write them: 第3编第十二章 -> 第三编, 第十二章."""
    begins = re.match(f"(?:{_HEADING}的?)*", topic)
    found = re.finditer(_HEADING, begins[0]) if begins else ()
    return [f"第{numerals.chinese(number)}{one['kind']}" for one in found if (number := numerals.parse(one["n"]))]


def age_and_length(text: str, statute: Statute) -> Shown | None:
    """什么时候施行的, 一共几条, 最后一条: since when the text is in force, and how long it is."""
    if not heard("age_and_length", text):
        return None
    day, words, last = statute.in_force_from, load_page_texts().lookups, statute.articles[-1].reference
    length = {"law": statute.name, "count": len(statute.articles), "last": last.locator}
    if day is None:
        return Shown(words.length.format(**length), (last,))
    amended = "、".join(article.reference.locator for article in statute.articles if article.outdated)
    lead = words.amended.format(law=statute.name, articles=amended) if amended else ""
    since = words.age_and_length.format(**length, year=day.year, month=day.month, day=day.day)
    return Shown(lead + since, (last,))
