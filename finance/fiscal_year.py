"""The fiscal year (năm ngân sách) and its quarters as plain dates.

Only what has never changed stands here: the budget year of Vietnam is the calendar year. Deadlines, closing
days and the supplementary period differ by law and by round and are dated data elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class FiscalYear:
    """One budget year, 1 January to 31 December."""

    year: int

    def __post_init__(self) -> None:
        """Refuse what is no year of our records."""
        if isinstance(self.year, bool) or not isinstance(self.year, int):
            raise TypeError("a fiscal year is a whole number")
        if not 1945 <= self.year <= 2200:
            raise ValueError(f"{self.year} is not a fiscal year of these records")

    @property
    def first_on(self) -> date:
        """First day of the year."""
        return date(self.year, 1, 1)

    @property
    def last_on(self) -> date:
        """Last day of the year."""
        return date(self.year, 12, 31)

    @property
    def label_vi(self) -> str:
        """How the year is named on a page."""
        return f"năm {self.year}"

    def contains(self, day: date) -> bool:
        """Tell whether the day lies in this year."""
        return self.first_on <= day <= self.last_on

    def shifted(self, years: int) -> FiscalYear:
        """Return the fiscal year so many years later (earlier when below zero)."""
        return FiscalYear(self.year + years)

    def quarter_ends_on(self, quarter: int) -> date:
        """Return the last day of the quarter 1 to 4; a deadline "quý II" means this day."""
        if quarter not in (1, 2, 3, 4):
            raise ValueError(f"a year has the quarters 1 to 4, not {quarter}")
        if quarter == 4:
            return self.last_on
        return date(self.year, quarter * 3 + 1, 1) - timedelta(days=1)


def fiscal_year_of(day: date) -> FiscalYear:
    """Return the fiscal year the day belongs to."""
    return FiscalYear(day.year)


def fiscal_years_between(first_year: int, last_year: int) -> tuple[FiscalYear, ...]:
    """List the years from the first to the last, both included.

    Raises:
        ValueError: the last year lies before the first.
    """
    if last_year < first_year:
        raise ValueError("the last year lies before the first")
    return tuple(FiscalYear(year) for year in range(first_year, last_year + 1))
