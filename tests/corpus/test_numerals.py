from hypothesis import given
from hypothesis import strategies as st

from corpus import numerals


@given(st.integers(1, 9999))
def test_official_form_reads_back(number: int) -> None:
    assert numerals.parse(numerals.chinese(number)) == number


@given(st.integers(1, 9999))
def test_arabic_and_full_width_read_alike(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert numerals.parse(str(number)) == numerals.parse(wide) == number


@given(st.text(alphabet=numerals.CHARACTERS.replace("-", "") + "百x条", max_size=12))
def test_anything_is_a_number_in_range_or_none(text: str) -> None:
    value = numerals.parse(text)
    assert value is None or 1 <= value <= 99_999


def test_forms_people_write() -> None:
    forms = {"百零五": 105, "廿五": 25, "一〇三二": 1032, "一百零十": 110, "二十": 20, "十": 10, "两百": 200}
    assert {f: numerals.parse(f) for f in forms} == forms
    assert [numerals.parse(f) for f in ("十百", "三二百", "零", "", "第一", "100000", "一万", "፩")] == [None] * 8
    assert [numerals.chinese(n) for n in (10_010, 12_600)] == ["一万零一十", "一万二千六百"]


def test_sums_are_read_with_their_groups() -> None:
    sums = {"五百": 500, "1000000": 1_000_000, "五十万": 500_000, "１亿": 100_000_000, "三": 3}
    assert {written: numerals.amount(written) for written in sums} == sums
    assert numerals.amount("百百") is None
