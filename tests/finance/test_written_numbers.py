"""Numbers of other people's spreadsheets: read where nothing can be doubted, refused elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.money import format_quantity, format_vnd
from finance.written_numbers import (
    AmbiguousNumber,
    NotANumber,
    Notation,
    read_stored_number,
    read_written_number,
    without_float_noise,
)


@pytest.mark.parametrize(
    ("text", "value", "notation"),
    [
        ("140000000", "140000000", Notation.NEUTRAL),
        ("140 000 000", "140000000", Notation.NEUTRAL),
        ("140\u00a0000\u202f000\u00a0", "140000000", Notation.NEUTRAL),
        ("１４０", "140", Notation.NEUTRAL),
        ("140.000.000", "140000000", Notation.VIETNAMESE),
        ("140.000.000,00", "140000000", Notation.VIETNAMESE),
        ("1.234,5", "1234.5", Notation.VIETNAMESE),
        ("1,5", "1.5", Notation.VIETNAMESE),
        ("0,500", "0.5", Notation.VIETNAMESE),
        ("140,000,000", "140000000", Notation.ENGLISH),
        ("140,000,000.00", "140000000", Notation.ENGLISH),
        ("1,234.5", "1234.5", Notation.ENGLISH),
        ("35.000 đ", "35000", Notation.VIETNAMESE),
        ("35,000 VND", "35000", Notation.ENGLISH),
        ("(140.000.000)", "-140000000", Notation.VIETNAMESE),
        ("−5", "-5", Notation.NEUTRAL),
        ("-", "0", Notation.NEUTRAL),
        ("–", "0", Notation.NEUTRAL),
        ("007", "7", Notation.NEUTRAL),
    ],
)
def test_a_number_beyond_doubt_is_read(text: str, value: str, notation: Notation) -> None:
    written = read_written_number(text)
    assert (written.value, written.notation) == (Decimal(value), notation)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("35.000", ("35,000", "35.000")),
        ("35,000", ("35,000", "35.000")),
        ("140.000,000", ("140.000,000", "140.000.000")),
        ("140,000.000", ("140.000,000", "140.000.000")),
        ("1.5", ("1,5", "15 (dấu chấm gõ nhầm)")),
    ],
)
def test_a_number_of_two_readings_is_refused_with_both(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousNumber) as refusal:
        read_written_number(text)
    assert refusal.value.readings == readings
    assert text in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.40.000.000",
        "0.500",
        "140 triệu",
        "140tr",
        "14O000000",
        "4²",
        "khoảng 4",
        "nan",
        "inf",
        "1e5",
        "140_000_000",
        "1 2",
        "40'000",
        "٤",
        "④",
        "--5",
        "1..000",
        "5" * 61,
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        read_written_number(text)


@given(st.integers(1_000_000, 10**15))
def test_what_money_writes_is_read_in_both_notations(amount: int) -> None:
    assert read_written_number(format_vnd(amount)).value == amount
    assert read_written_number(f"{amount:,}").value == amount


@given(st.integers(0, 10**12))
def test_a_quantity_as_written_is_itself_or_refused(thousandths: int) -> None:
    try:
        value = read_written_number(format_quantity(thousandths)).value
    except AmbiguousNumber:
        return
    assert value * 1000 == thousandths


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.4E8", "140000000"), ("-1", "-1"), (" 7\n", "7"), ("1E+400", "1E+400"), (".5", "0.5"), ("5.", "5")],
)
def test_a_stored_number_is_exact(text: str, value: str) -> None:
    assert read_stored_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["NaN", "INF", "0x10", "", "1,5", "1e", "Infinity", "1_0", "1E9999999"])
def test_what_is_no_stored_number(text: str) -> None:
    assert read_stored_number(text) is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("139999999.99999997", "140000000"),
        ("140000000.5", "140000000.5"),
        ("0.29999999999999999", "0.3"),
        ("1234567.00000001", "1234567.00000001"),
        ("9007199254740993", "9007199254740993"),
    ],
)
def test_the_noise_of_arithmetic_ends_at_fifteen_digits(stored: str, shown: str) -> None:
    assert without_float_noise(Decimal(stored)) == Decimal(shown)
