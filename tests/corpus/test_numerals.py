import re
import string

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


ALPHABET = string.digits + "０１２３４５６７８９" + "".join(numerals.DIGITS) + "".join(numerals.UNITS) + "x条"


@given(st.text(alphabet=ALPHABET, max_size=12))
def test_what_is_read_is_nothing_but_a_numeral(text: str) -> None:
    assert numerals.parse(text) is None or re.fullmatch(f"[{numerals.CHARACTERS}]+", text)


def test_forms_people_write() -> None:
    forms = {"百零五": 105, "廿五": 25, "一〇三二": 1032, "一百零十": 110, "二十": 20, "十": 10, "两百": 200}
    assert {f: numerals.parse(f) for f in forms} == forms
    forms = {"六百七〇": 670, "1千零33": 1033, "6百70": 670, "一百5": 105, "廿5": 25}
    assert {f: numerals.parse(f) for f in forms} == forms
    wrong = ("十百", "三二百", "32百", "二百五三", "十12", "零", "", "第一", "100000", "一万", "፩")
    assert [numerals.parse(f) for f in wrong] == [None] * len(wrong)
    assert [numerals.chinese(n) for n in (10_010, 12_600)] == ["一万零一十", "一万二千六百"]


def test_quantities_are_read_with_their_groups() -> None:
    read = {"五百": 500, "1,000,000": 1_000_000, "五十万": 500_000, "１亿": 100_000_000, "一亿二千万": 120_000_000}
    read |= {"1.5万": 15_000, "一点五万": 15_000, "3万5千": 35_000, "3万5": 35_000, "三万五": 35_000, "2千5": 2500}
    read |= {"一万零五百": 10_500, "零点五": 0.5, "十五点四": 15.4, "二〇二一": 2021, "百万": 1_000_000}
    read |= {"三千五": 3500, "两千五": 2500, "一千五百五": 1550, "一百五": 150, "一千零五": 1005}
    assert {written: numerals.quantity(written) for written in read} == read
    assert [numerals.quantity(written) for written in ("百百", "三五", "二三百", "万一", "", "1x")] == [None] * 6


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_a_quantity_in_groups_reads_back(ten_thousands: int, rest: int) -> None:
    tail = ("零" if rest < 1000 else "") + numerals.chinese(rest).removeprefix("零") if rest else ""
    assert numerals.quantity(f"{numerals.chinese(ten_thousands)}万{tail}") == ten_thousands * 10_000 + rest
