"""The table of wordings by its own examples."""

import pytest

from bot.wordings import Wording, wordings


def found(wording: Wording, text: str) -> bool:
    """Whether a wording finds a text; one that is taken away, whether nothing of it is left."""
    if wording.kind in {"polite", "filler"}:
        return not wording.pattern.sub("", text)
    return bool(wording.pattern.search(text))


@pytest.mark.parametrize(
    "wording", [one for rows in wordings().values() for one in rows], ids=lambda one: f"{one.kind} {one.fits[0]}"
)
def test_a_wording_finds_what_it_should_and_nothing_else(wording: Wording) -> None:
    assert wording.fits
    assert wording.misfits
    assert [text for text in wording.fits if not found(wording, text)] == []
    assert [text for text in wording.misfits if found(wording, text)] == []
