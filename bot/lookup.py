"""Citations in a question: looked up when that is all it asks, checked before it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import compose, statute_questions
from bot.answer import Answer, Provision
from bot.page_texts import load_page_texts
from bot.question_patterns import NUMBER, heard, without
from corpus import numerals
from corpus.citations import Checked, Found, check, find, named_rules, resolve
from corpus.citations.law_names import names_of
from corpus.citations.places import read_places
from corpus.reference import Reference
from corpus.statutes import Statutes

#: An article's number, and its 之一.
_NUMBER = re.compile(f"({NUMBER})(之[一二三四五六七八九])?")
#: So many articles are shown where none is known by the name of its rule.
NEAREST = 3
#: So many characters a topic has at most.
LONGEST_TOPIC = 30
#: Among so many of the nearest an article may well be about what it is said to say.
FITTING = 10

#: The articles of a statute that fit a topic, best first: (topic, the statute's short name).
Search = Callable[[str, str], Sequence[Reference]]
#: What is asked of the articles: to read them; whether they say what they are said to; whether they are about
#: something; what they have become; or more than that, in words that are a question of their own.
Asks = Literal["read", "true", "about", "became", "more"]


@dataclass(frozen=True)
class Lookup:
    """Checked citations of a question, what it asks of them, and the words to search with (`rest`).

    Where an article was asked for by its topic, `topical` are those that may be meant, and `lead` says so.
    """

    checked: tuple[Checked, ...]
    rest: str
    asks: Asks
    note: str = ""
    topical: tuple[Reference, ...] = ()
    lead: str = ""

    @property
    def only(self) -> bool:
        """Whether the articles' own words answer it."""
        return self.asks != "more"

    def answer(self, statutes: Statutes) -> Answer:
        """The articles' own words, and what is wrong with the numbers that are not there."""
        answer = compose.from_articles(self.references, statutes, self.lead or _above(self.references, statutes))
        self.warn(answer, statutes)
        if not answer.citations:
            answer.conclusion = load_page_texts().without_card.no_text
        return answer

    def warn(self, answer: Answer, statutes: Statutes) -> None:
        """Put what is wrong with the question's citations first, and the right articles up front."""
        words, there = load_page_texts().lookups, {c.reference.article for c in answer.citations}
        right: list[Reference] = []
        if self.note:
            answer.warnings.append(self.note)
        for one in self.checked:
            moved = _moved(one, there, statutes)
            if moved:
                now = "、".join(map(str, moved))
                answer.warnings.append(words.moved.format(written=one.written, now=now))
                right += moved
            elif one.alarm or one.note:
                answer.warnings.append(words.wrong.format(written=one.written, note=one.note))
                right += one.now if one.alarm else one.references
            else:
                right += one.references
        if answer.kind in ("answer", "lookup"):
            missing = [c for c in compose.quote(dict.fromkeys(right), statutes) if not _is_shown(c, answer)]
            named = {r.article for r in right}
            answer.citations.sort(key=lambda c: c.reference.article not in named)
            answer.citations[:0] = missing

    @property
    def references(self) -> list[Reference]:
        """The articles to show for the citations or the topic, in their order, each once."""
        return list(dict.fromkeys([*(r for one in self.checked for r in _shown(one)), *self.topical]))


def _is_shown(cited: Provision, answer: Answer) -> bool:
    """Whether an answer shows the article that is cited, or, where a 款 or 项 is, all its lines."""
    beside = [shown for shown in answer.citations if shown.reference.article == cited.reference.article]
    if cited.paragraph is None and cited.item is None:
        return bool(beside)
    return any(set(cited.text.split("\n")) <= set(shown.text.split("\n")) for shown in beside)


def _above(articles: Collection[Reference], statutes: Statutes) -> str:
    """What stands above the text of articles: that it is the one in force, or that not all of it is."""
    words = load_page_texts().without_card
    outdated = any(article.outdated for r in articles if (article := names_of(statutes).article(r)))
    return words.outdated if outdated else words.text


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


def look_up(
    text: str, statutes: Statutes, before: str = "", last_answer: str = "", search: Search | None = None
) -> Lookup:
    """Find and check the citations in a question (already normalised).

    Where none has a number, it is tried whether the question means an article of what was spoken of before, by the
    person last (`before`), else by the answer first (`last_answer`), has a name or a number cut short, or asks for an
    article of one statute by its topic. That is looked for with `search`, if by no name of a rule.
    """
    found = _cited(text, statutes, search)
    if found.note or any(c.reference for c in found.checked):
        return found
    cited = [one for one in reversed(find(before, statutes)) if one.law]
    spoken = cited or [one for one in find(last_answer, statutes) if one.law]
    return (
        (None if cited else _of_that_answer(text, last_answer, statutes))
        or _of_that_text(text, cited, statutes)
        or _of_that_law(text, spoken, statutes)
        or _of_that_article(text, spoken, statutes)
        or _written_out(text, statutes)
        or (search and _by_topic(text, statutes, search))
        or found
    )


def _of_that_text(text: str, cited: Sequence[Found], statutes: Statutes) -> Lookup | None:
    """A question about a statute as a text: of the one that it names, else of the one that the person cited last."""
    article = next((one.reference for one in cited if one.reference), None)
    old = article and statute_questions.former(text, article, statutes)
    if old:  # a word above the article of today, whose text is the answer
        return Lookup((), text, "read", note=old.says, topical=old.articles)
    shown = article and statute_questions.beside(text, article, statutes)
    named, beside = _named_law(text, statutes)
    law = named or (cited[0].law if cited else None)
    statute = statutes.by_name.get(law) if law else None
    if shown is None and statute:
        topic = _topic(beside, "by_topic")
        shown = statute_questions.age_and_length(beside, statute) or statute_questions.chapter(topic, statute)
    return Lookup((), text, "read", topical=shown.articles, lead=shown.says) if shown else None


def _of_that_answer(text: str, last_answer: str, statutes: Statutes) -> Lookup | None:
    """第一条法条是什么意思: the first of those that the answer names."""
    asked = heard("ordinal", text)
    named = list(dict.fromkeys(one.reference for one in find(last_answer, statutes) if one.reference)) if asked else []
    place = (numerals.parse(asked["place"]) if asked else None) or 1
    if place > len(named):
        return None
    meant = named[place - 1]
    lead = load_page_texts().lookups.in_answer.format(place=place, article=meant)
    return Lookup((), text, "read", topical=(meant,), lead=lead)


def _of_that_law(text: str, spoken: Sequence[Found], statutes: Statutes) -> Lookup | None:
    """Numbers alone, 那一百九十二条呢, 第三条至第五条: of the law that was spoken of, else the note asks for it."""
    bare = heard("bare", text)
    places = read_places(text, bare.end(), bare=True) if bare else []
    if bare is None or not places:
        return None
    if spoken:
        return _cited((spoken[0].law or "") + text[bare.end() :], statutes)
    article = text[bare.end() : places[-1].end]
    if len(article) <= 2 or not _says_nothing(text[places[-1].end :]):  # 那一条; a story
        return None
    return Lookup((), text, "read", note=load_page_texts().lookups.which_law.format(article=article))


def _of_that_article(text: str, spoken: Sequence[Found], statutes: Statutes) -> Lookup | None:
    """那条 or 第二款: the article that was spoken of, where nothing but its text is asked."""
    cited = next((str(one.reference) for one in spoken if one.reference), None)
    same = heard("same", text)
    if cited is None or same is None:
        return None
    found = _cited(cited + text[same.end() :], statutes)
    return found if found.only else None


def _written_out(text: str, statutes: Statutes) -> Lookup | None:
    """A law's name that lacks its 法 and a number that lacks its 条, where there are such articles."""
    named = without(text, "clipped", put=r"\g<0>法")
    whole = without(named, "short", put=lambda m: _NUMBER.sub(r"\1条\2", m.group()))
    found = _cited(whole, statutes) if whole != text else None
    return found if found and all(c.status == "ok" for c in found.checked) else None


def _by_topic(text: str, statutes: Statutes, search: Search) -> Lookup | None:
    """消法退一赔三是哪一条: the article of the one statute that is named, by the name of a rule or by likeness."""
    law, beside = _named_law(text, statutes)
    topic = _topic(beside, "by_topic")
    if law is None or law not in statutes.by_name or not heard("by_topic", beside):
        return None
    if heard("own_question", topic) or not 2 <= len(topic) <= LONGEST_TOPIC:
        return None
    words, nearest = load_page_texts(), search(topic, law)
    rule = named_rules.named(law, beside)
    if rule is None:
        lead = words.lookups.by_likeness.format(law=law)
        return Lookup((), text, "read", topical=tuple(nearest[:NEAREST]), lead=lead)
    place = {article: i for i, article in enumerate(nearest)}
    articles = tuple(sorted(rule.articles, key=lambda article: place.get(article, len(nearest))))
    named = words.lookups.by_name.format(law=law, rule=rule.name, articles="、".join(r.locator for r in articles))
    lead = f"{named}{_above(articles, statutes)}"
    return Lookup((), text, "read", topical=articles, lead=lead)


def _topic(text: str, asking: str) -> str:
    """What a text is about: what is left of it without the words that ask, those of the pattern `asking` among them."""
    return without(without(text, "closing", asking, "polite"), "edge")


def _named_law(text: str, statutes: Statutes) -> tuple[str | None, str]:
    """The one law that a text names, None where it names none or several, and the text without names of laws."""
    names = names_of(statutes)
    laws = {names.look_up(match["name"]).law for match in names.pattern.finditer(text)}
    return (laws.pop() if len(laws) == 1 else None), names.pattern.sub("", text).replace("《》", "")


def _cited(text: str, statutes: Statutes, search: Search | None = None) -> Lookup:
    """The citations that stand in a text, and what is asked of them."""
    checked = tuple(check(text, statutes))
    numbered = _numbered(checked)
    rest = _beside(text, numbered)
    asks = _asks(rest, numbered)
    if asks == "true":  # what is asked claims nothing: the claim is checked, not the question
        checked = tuple(check(without(text, "said_to_say"), statutes))
        numbered = _numbered(checked)
    if asks == "more":
        return Lookup(checked, without(rest, "which", put="规定"), asks)
    if asks not in ("true", "about") or any(c.alarm or c.outdated for c in numbered):  # the check has said so already
        return Lookup(checked, text, asks)
    words = load_page_texts().without_card
    nearer = _nearer(rest, numbered, search) if search else None
    note = words.compare + (words.nearer.format(law=nearer.law, place=nearer.locator) if nearer else "")
    return Lookup(checked, text, asks, note=note, topical=(nearer,) if nearer else ())


def _numbered(checked: Sequence[Checked]) -> list[Checked]:
    """The citations of articles, without those of a law alone."""
    return [c for c in checked if c.reference is not None or c.status in ("repealed", "not_found")]


def _nearer(rest: str, cited: Sequence[Checked], search: Search) -> Reference | None:
    """The article of the cited statute that fits what the one cited article is said to say, where that does not."""
    article = cited[0].reference.article if len(cited) == 1 and cited[0].reference else None
    topic = _topic(rest, "said_to_say")
    if article is None or not 2 <= len(topic) <= LONGEST_TOPIC or heard("figure", topic):
        return None
    rule = named_rules.named(article.law, topic)
    near = rule.articles if rule else tuple(search(topic, article.law)[:FITTING])
    return None if not near or article in near else near[0]


def _beside(text: str, cited: Sequence[Checked]) -> str:
    """What a text says beside its citations."""
    rest = text
    for one in sorted(cited, key=lambda c: c.span, reverse=True):
        version = one.found.mentioned_version.written if one.found.mentioned_version else ""
        before = rest[: one.span[0]].removesuffix(version)
        rest = without(before, "in_force") + " " + rest[one.span[1] :]
    return rest.strip()


def _asks(rest: str, cited: Sequence[Checked]) -> Asks:
    """What is asked of the citations in the words beside them."""
    if heard("true", rest) and any(_shown(c) for c in cited):
        return "true"
    if not cited:
        return "more"
    if _says_nothing(rest):
        return "read"
    asked = without(rest, "closing")
    kinds: tuple[Asks, ...] = ("about", "became")
    return next((kind for kind in kinds if heard(kind, asked)), "more")


def _says_nothing(text: str) -> bool:
    """Whether a text only asks to read something: a character may be left over."""
    return len(without(text, "polite", "filler")) <= 1


def _shown(one: Checked) -> tuple[Reference, ...]:
    """The articles to show for a citation."""
    return one.now if one.alarm else one.references
