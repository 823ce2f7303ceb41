"""Dates as papers print them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from finance.vietnamese.dates import date_in_vietnam, format_date, format_long_date, format_moment


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
