import pytest

from corpus.reference import Reference


@pytest.mark.parametrize(
    "written",
    ["《民法典》第六百七十条", "《刑法》第二百五十三条之一第三款", "《治安管理处罚法》第五十条第一款第（五）项"],
)
def test_official_writing_round_trips(written: str) -> None:
    assert str(Reference.parse(written)) == written


@pytest.mark.parametrize(
    "written", ["", "民法典", "第五条", "民法典第条", "民法典第零条", "民法典第十条第", "民法典670"]
)
def test_other_writing_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="引注|序号"):
        Reference.parse(written)


def test_key() -> None:
    reference = Reference("刑法", 253, 1)
    assert reference.key == "253-1"
    assert Reference.of_key("刑法", reference.key) == reference
