from corpus.statutes import load
from index.chunks import LONG, article_documents


def test_every_article_is_indexed_whole() -> None:
    """No word of any article is lost when long ones are cut."""
    statutes = load()
    seen: dict[tuple[str, int, int], str] = {}
    for document in article_documents(statutes):
        place = (document.metadata["law"], document.metadata["number"], document.metadata["suffix"])
        seen[place] = seen.get(place, "") + document.page_content.split("\n", 1)[1] + "\n"
    for article in statutes.articles():
        pieces = seen[(article.law, article.number, article.suffix)]
        for paragraph in article.paragraphs:
            assert paragraph.lead in pieces
            assert all(item in pieces for item in paragraph.items)


def test_pieces_stay_short_where_they_can() -> None:
    for document in article_documents(load()):
        body = document.page_content.split("\n", 1)[1]
        assert len(body) <= 2 * LONG or "\n" not in body
