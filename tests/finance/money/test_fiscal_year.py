"""The fiscal year is the calendar year, with its quarters."""

from __future__ import annotations

from datetime import date

import pytest

from finance.fiscal_year import FiscalYear, fiscal_year_of, fiscal_years_between


def test_a_year_knows_its_days() -> None:
    year = FiscalYear(2012)
    assert (year.first_on, year.last_on) == (date(2012, 1, 1), date(2012, 12, 31))
    assert year.contains(date(2012, 2, 29))
    assert not year.contains(date(2011, 12, 31))
    assert not year.contains(date(2013, 1, 1))
    assert year.label_vi == "năm 2012"


def test_quarters_end_on_the_last_day_of_their_month() -> None:
    ends = [FiscalYear(2012).quarter_ends_on(quarter) for quarter in (1, 2, 3, 4)]
    assert ends == [date(2012, 3, 31), date(2012, 6, 30), date(2012, 9, 30), date(2012, 12, 31)]
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        FiscalYear(2012).quarter_ends_on(5)


def test_years_are_ordered_shifted_and_listed() -> None:
    assert fiscal_year_of(date(2011, 12, 14)) == FiscalYear(2011) < FiscalYear(2012)
    assert FiscalYear(2011).shifted(4) == FiscalYear(2015)
    assert [year.year for year in fiscal_years_between(2011, 2013)] == [2011, 2012, 2013]
    with pytest.raises(ValueError, match="before"):
        fiscal_years_between(2013, 2011)


def test_what_is_no_year_is_refused() -> None:
    with pytest.raises(ValueError, match="not a fiscal year"):
        FiscalYear(12)
    for value in (True, 2012.0):
        with pytest.raises(TypeError):
            FiscalYear(value)  # type: ignore[arg-type]
