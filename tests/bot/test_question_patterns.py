"""The table of question patterns by its own examples."""

import pytest

from bot.question_patterns import QuestionPattern, question_patterns


def found(one: QuestionPattern, text: str) -> bool:
    """Whether a pattern finds a text; one that is taken away, whether nothing of it is left."""
    if one.kind in {"polite", "filler"}:
        return not one.pattern.sub("", text)
    return bool(one.pattern.search(text))


@pytest.mark.parametrize(
    "one", [one for rows in question_patterns().values() for one in rows], ids=lambda one: f"{one.kind} {one.fits[0]}"
)
def test_a_pattern_finds_what_it_should_and_nothing_else(one: QuestionPattern) -> None:
    assert one.fits
    assert one.misfits
    assert [text for text in one.fits if not found(one, text)] == []
    assert [text for text in one.misfits if found(one, text)] == []
