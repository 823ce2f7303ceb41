"""Dates as papers print them, and as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.vietnamese.dates import (
    DateUnclear,
    date_in_vietnam,
    format_date,
    format_long_date,
    format_moment,
    read_written_date,
)


def test_dates_are_day_month_year() -> None:
    assert format_date(date(2012, 2, 5)) == "05/02/2012"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2012, 2, 5), "ngày 05 tháng 02 năm 2012"),
        (date(2011, 12, 14), "ngày 14 tháng 12 năm 2011"),
        (date(2012, 3, 9), "ngày 09 tháng 3 năm 2012"),
    ],
)
def test_long_dates_guard_the_small_numbers(day: date, written: str) -> None:
    assert format_long_date(day) == written


def test_moments_are_shown_in_vietnamese_time() -> None:
    assert format_moment(datetime(2026, 11, 22, 3, 4, tzinfo=UTC)) == "10:04 22/11/2026"
    late = datetime(2012, 3, 31, 17, 30, tzinfo=UTC)
    assert format_moment(late) == "00:30 01/04/2012"
    assert date_in_vietnam(late) == date(2012, 4, 1)


def test_a_moment_without_a_zone_is_refused() -> None:
    for convert in (format_moment, date_in_vietnam):
        with pytest.raises(ValueError, match="time zone"):
            convert(datetime(2012, 1, 1, 8, 0))  # noqa: DTZ001 - the missing zone is the point


@pytest.mark.parametrize(
    "text",
    [
        "05/02/2012", "5/2/2012", "5.2.2012", "05-02-2012", " 5 / 2 / 2012 ", "2012-02-05",
        "ngày 05 tháng 02 năm 2012", "Ngày 5 tháng 2 năm 2012", "5 tháng 2 năm 2012",
        normalize("NFD", "ngày 5 tháng 2 năm 2012"),
    ],
)  # fmt: skip
def test_days_are_read_as_officials_write_them(text: str) -> None:
    assert read_written_date(text) == date(2012, 2, 5)


@given(st.dates(date(1900, 1, 1), date(9998, 12, 31)))
def test_every_written_day_is_read_back(day: date) -> None:
    assert read_written_date(format_date(day)) == day
    assert read_written_date(format_long_date(day)) == day


@pytest.mark.parametrize(
    "text", ["", "mai", "5/2/12", "31/02/2012", "0/1/2012", "2012/02/05", "5/2", "１/2/2012x"]
)
def test_a_day_in_doubt_is_refused(text: str) -> None:
    with pytest.raises(DateUnclear, match="ngày"):
        read_written_date(text)


def test_the_month_before_the_day_is_refused_with_the_day_it_could_mean() -> None:
    with pytest.raises(DateUnclear, match="ngày 31 tháng 12 năm 2012 thì ghi 31/12/2012"):
        read_written_date("12/31/2012")
