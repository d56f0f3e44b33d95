from corpus.cards import load_cards
from corpus.reference import Reference
from corpus.statutes import load
from index.chunks import (
    CHUNK_LONGEST,
    LayQuestion,
    article_documents,
    lay_questions,
    named_together,
    times_named,
    uncovered_documents,
)


def test_every_article_is_indexed_whole() -> None:
    """No word of any article is lost when long ones are cut."""
    statutes = load()
    seen: dict[tuple[str, int, int], str] = {}
    for document in article_documents(statutes):
        place = (document.metadata["law"], document.metadata["number"], document.metadata["suffix"])
        seen[place] = seen.get(place, "") + document.page_content.split("\n", 1)[1] + "\n"
    for article in statutes.articles():
        chunks = seen[(article.law, article.number, article.suffix)]
        for paragraph in article.paragraphs:
            assert paragraph.lead in chunks
            assert all(item in chunks for item in paragraph.items)


def test_chunks_stay_short_where_they_can() -> None:
    for document in article_documents(load()):
        body = document.page_content.split("\n", 1)[1]
        assert len(body) <= 2 * CHUNK_LONGEST or "\n" not in body


def test_uncovered_matters_are_named_or_known_by_articles_that_no_card_names() -> None:
    cards = list(load_cards().values())
    asked = list(lay_questions())
    left_out = {d.page_content for d in uncovered_documents(cards, asked)}
    everything = {d.page_content for d in uncovered_documents([], asked)}
    assert left_out < everything
    named = {str(r.article) for card in cards for r in (*card.citations, *card.mentions)}
    matters = {d.metadata["matter"] for d in uncovered_documents(cards, asked)}
    assert named.isdisjoint(matters)
    assert matters.isdisjoint(card.id for card in cards)


def test_what_people_ask_about_is_named_more_often() -> None:
    """Breach of contract more often than damage done by aircraft."""
    times = times_named(load_cards().values(), lay_questions())
    assert times[Reference("民法典", 577)] > 20 > times[Reference("民法典", 1238)]


def test_a_share_is_of_what_names_an_article() -> None:
    """Both named once, the first once more alone, and an article that is not held."""
    one, other, gone = Reference("民法典", 577), Reference("民法典", 585), Reference("民法典", 9999)
    asked = [LayQuestion("违约金多少", (one, other), None), LayQuestion("违约", (one, gone), None)]
    assert named_together([], asked, {one, other}) == {one: {other: 1 / 3}, other: {one: 1 / 2}}
