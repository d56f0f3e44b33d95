"""What is indexed, as LangChain Documents: chunks of articles, questions of situations, uncovered questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from langchain_core.documents import Document

from corpus.cards import Card
from corpus.reference import Reference
from corpus.replies import Situation
from corpus.statutes import Article, Statutes
from index.question_files import gold, read_questions

#: Lay questions over all fields of law with the articles that answer them; training learns from them too.
QUESTIONS = Path(__file__).parent / "questions"
CHUNK_LONGEST = 420  # characters; a longer article is indexed by its paragraphs


@dataclass(frozen=True, slots=True)
class LayQuestion:
    """A question as people ask it, the articles that answer it, and the matter where that has a name."""

    text: str
    articles: tuple[Reference, ...]
    matter: str | None


def lay_questions(paths: Iterable[Path] | None = None) -> Iterator[LayQuestion]:
    """The questions of the files, of all in QUESTIONS where none are given. Raises QuestionFileError."""
    for path in sorted(QUESTIONS.glob("*.jsonl")) if paths is None else paths:
        for row in read_questions(path):
            yield LayQuestion(str(row["q"]), tuple(gold(row)), row.get("matter"))


def article_documents(statutes: Statutes) -> Iterator[Document]:
    """Each article, or its paragraphs where it is long, under its heading path.

    Metadata: law, number, suffix. Several documents may carry one article.
    """
    for article in statutes.articles():
        heading = " ".join((article.law, *(_bare(h) for h in article.path)))
        for chunk in _chunks(article):
            yield Document(
                page_content=f"{heading}\n{chunk}",
                metadata={"law": article.law, "number": article.number, "suffix": article.suffix},
            )


def question_documents(situations: Iterable[Situation]) -> Iterator[Document]:
    """Each phrasing of each situation, and its title. Metadata: its id."""
    for situation in situations:
        for question in (situation.title, *situation.questions):
            yield Document(page_content=question, metadata={"situation": situation.id})


def uncovered_documents(cards: Iterable[Card], asked: Iterable[LayQuestion]) -> Iterator[Document]:
    """Each question of a matter that no card is about: one that names its matter, or whose articles no card names.

    Metadata: the matter, or the first of the articles.
    """
    named = {r.article for card in cards for r in (*card.citations, *card.mentions)}
    for question in asked:
        if question.matter or named.isdisjoint(question.articles):
            yield Document(
                page_content=question.text, metadata={"matter": question.matter or str(question.articles[0])}
            )


def times_named(cards: Iterable[Card], asked: Iterable[LayQuestion]) -> Counter[Reference]:
    """How many of the questions and of the cards name each article: what people come to ask about."""
    return Counter(article for some in _articles_of(cards, asked) for article in some)


def named_together(
    cards: Iterable[Card], asked: Iterable[LayQuestion], held: Container[Reference]
) -> dict[Reference, dict[Reference, float]]:
    """Of each article those that are named with it, and in which share of the questions and cards that name it.

    A share is counted as if one more named the article alone. Articles that are not `held` are left out.
    """
    both: defaultdict[Reference, Counter[Reference]] = defaultdict(Counter)
    times: Counter[Reference] = Counter()
    for some in _articles_of(cards, asked):
        kept = [article for article in some if article in held]
        times.update(kept)
        for one, other in permutations(kept, 2):
            both[one][other] += 1
    return {one: {other: n / (times[one] + 1) for other, n in others.items()} for one, others in both.items()}


def _articles_of(cards: Iterable[Card], asked: Iterable[LayQuestion]) -> Iterator[set[Reference]]:
    """The articles of each card and of each question."""
    for card in cards:
        yield {r.article for r in card.citations}
    for question in asked:
        yield set(question.articles)


def _bare(heading: str) -> str:
    """第十二章 借款合同 -> 借款合同."""
    return heading.rsplit(" ", 1)[-1]


def _chunks(article: Article) -> Iterator[str]:
    if len(article.text) <= CHUNK_LONGEST:
        yield article.text
        return
    held = ""
    for paragraph in article.paragraphs:
        for piece in _items_apart(paragraph.lead, paragraph.items):
            if held and len(held) + len(piece) > CHUNK_LONGEST:
                yield held
                held = ""
            held = f"{held}\n{piece}".strip()
    yield held


def _items_apart(lead: str, items: tuple[str, ...]) -> Iterator[str]:
    """A paragraph whole, or, where it is long, its items in groups that each repeat the lead."""
    held = lead
    for item in items:
        if len(held) + len(item) > CHUNK_LONGEST and held != lead:
            yield held
            held = lead
        held += f"\n{item}"
    yield held
