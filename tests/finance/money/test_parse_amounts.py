"""Amounts and quantities: what is clear is read, what is not is refused with its readings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.money import (
    LARGEST_STORED,
    AmountUnclear,
    NumberUnclear,
    QuantityUnclear,
    format_quantity,
    format_vnd,
    parse_quantity,
    parse_vnd,
    vnd,
)


@pytest.mark.parametrize(
    ("text", "amount_vnd"),
    [
        ("1.234.567", 1_234_567),
        ("1234567", 1_234_567),
        ("  1.234.567 ", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u00a0234\u00a0567", 1_234_567),
        ("\u00a01.234.567\u202f", 1_234_567),
        ("１.２３４.５６７", 1_234_567),
        ("１．２３４．５６７", 1_234_567),
        ("1.234.567 đồng", 1_234_567),
        ("1.234.567 đô\u0300ng", 1_234_567),
        ("1.234.567đ", 1_234_567),
        ("1.234.567 VNĐ", 1_234_567),
        ("1.500", 1_500),
        ("0", 0),
        ("007", 7),
        (str(LARGEST_STORED), LARGEST_STORED),
    ],
)
def test_clear_amounts_are_read(text: str, amount_vnd: int) -> None:
    assert parse_vnd(text) == amount_vnd


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,200,000", ("1.200.000 đồng",)),
        ("1.5", ("1.500.000 đồng (nếu là 1,5 triệu)", "15 đồng")),
        ("1,5", ("1.500.000 đồng (nếu là 1,5 triệu)", "15 đồng")),
        ("0.500", ("500.000 đồng (nếu là 0,500 triệu)", "500 đồng")),
        ("1,2 tr", ("1.200.000 đồng",)),
        ("2,5 tỷ", ("2.500.000.000 đồng",)),
        ("300 nghìn", ("300.000 đồng",)),
        ("1.200 triệu", ("1.200.000 đồng", "1.200.000.000 đồng")),
        ("1.23.456", ()),
        ("12.34", ("12.340.000 đồng (nếu là 12,34 triệu)", "1.234 đồng")),
        ("một triệu", ()),
        ("1\n234", ()),
        ("1\t234", ()),
        ("", ()),
        ("-", ()),
        ("1e6", ()),
        ("=1+1", ()),
        ("٣٤٥", ()),
    ],
)
def test_unclear_amounts_are_refused_with_their_readings(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(AmountUnclear) as refusal:
        parse_vnd(text)
    assert refusal.value.readings == readings
    assert refusal.value.text == text
    for reading in readings:
        assert reading in str(refusal.value)
    assert "Nhập số tiền bằng đồng" in str(refusal.value)


@pytest.mark.parametrize("text", ["(1.200.000)", "-1.200.000", "−1.200.000", "（1.200.000）", "- 1200000"])
def test_negative_amounts_are_read_only_where_asked_for(text: str) -> None:
    assert parse_vnd(text, may_be_negative=True) == -1_200_000
    with pytest.raises(AmountUnclear, match="số âm"):
        parse_vnd(text)


def test_an_amount_no_column_holds_is_refused() -> None:
    for text in (str(LARGEST_STORED + 1), "9" * 5000, "1" + ".000" * 2000):
        with pytest.raises(AmountUnclear, match="quá lớn"):
            parse_vnd(text)


@pytest.mark.parametrize("value", [True, 1.0, Decimal(1), "1", None])
def test_vnd_takes_only_whole_numbers(value: object) -> None:
    with pytest.raises(TypeError):
        vnd(value)  # type: ignore[arg-type]


def test_vnd_refuses_what_no_column_holds() -> None:
    assert vnd(-LARGEST_STORED) == -LARGEST_STORED
    with pytest.raises(OverflowError):
        vnd(LARGEST_STORED + 1)


@given(st.integers(-LARGEST_STORED, LARGEST_STORED))
def test_every_written_amount_is_read_back(amount_vnd: int) -> None:
    written = format_vnd(amount_vnd)
    assert parse_vnd(written, may_be_negative=True) == amount_vnd
    assert "," not in written


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("2", 2_000),
        ("1,5", 1_500),
        ("1.234,5", 1_234_500),
        ("1.500", 1_500_000),
        ("1.234", 1_234_000),
        ("1,234", 1_234),
        ("1,25", 1_250),
        ("0,5", 500),
        ("0,500", 500),
        ("1.234,500", 1_234_500),
        ("１，５", 1_500),
        ("\u00a03 ", 3_000),
    ],
)
def test_clear_quantities_are_read(text: str, thousandths: int) -> None:
    assert parse_quantity(text) == thousandths


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.5", ("1,5", "15")),
        ("0.500", ("0,5", "500")),
        ("1,500", ("1,5", "1.500")),
        ("1,000", ("1", "1.000")),
        ("1,200,000", ("1.200.000",)),
        ("1,2345", ()),
        ("1,234.5", ()),
        ("-1", ()),
        ("", ()),
        (",5", ()),
        ("5,", ()),
        ("hai", ()),
    ],
)
def test_unclear_quantities_are_refused_with_their_readings(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(QuantityUnclear) as refusal:
        parse_quantity(text)
    assert refusal.value.readings == readings
    assert isinstance(refusal.value, NumberUnclear)


def test_a_quantity_no_column_holds_is_refused() -> None:
    with pytest.raises(QuantityUnclear, match="quá lớn"):
        parse_quantity(str(LARGEST_STORED))


@given(st.integers(0, LARGEST_STORED))
def test_every_written_quantity_is_read_back(thousandths: int) -> None:
    assert parse_quantity(format_quantity(thousandths)) == thousandths


def test_quantities_are_written_without_trailing_zeros() -> None:
    assert [format_quantity(value) for value in (0, 1_500, 1_050, 1_005, 12_000, 1_234_500, -500)] == [
        "0",
        "1,5",
        "1,05",
        "1,005",
        "12",
        "1.234,5",
        "-0,5",
    ]


@given(st.text(max_size=12))
def test_any_text_is_either_one_number_or_refused(text: str) -> None:
    for parse in (parse_vnd, parse_quantity):
        try:
            number = parse(text)
        except NumberUnclear:
            continue
        assert 0 <= number <= LARGEST_STORED
        write = format_vnd if parse is parse_vnd else format_quantity
        assert parse(write(number)) == number
