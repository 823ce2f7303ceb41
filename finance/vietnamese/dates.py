"""Dates and moments as Vietnamese papers print them; the usual locale data prints them otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# A fixed offset instead of the zone database: Vietnam has kept UTC+7 without summer time since 1975, and a
# bare machine may carry no zone database.
VIETNAM_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def format_date(day: date) -> str:
    """Write 05/02/2012."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long_date(day: date) -> str:
    """Write "ngày 05 tháng 02 năm 2012", as the head of a decision does.

    Days below 10 and the months 1 and 2 get a nought, so that no one can turn 1 into 11 or 2 into 12.
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def format_moment(moment: datetime) -> str:
    """Write "10:04 22/11/2026" in the time of Vietnam, hour first, as offices stamp papers.

    Raises:
        ValueError: the moment has no time zone.
    """
    local = _in_vietnam(moment)
    return f"{local.hour:02d}:{local.minute:02d} {format_date(local)}"


def date_in_vietnam(moment: datetime) -> date:
    """Return the day it is in Vietnam at that moment; deadlines are counted by it.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _in_vietnam(moment).date()


def _in_vietnam(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone cannot be placed on the clock of Vietnam")
    return moment.astimezone(VIETNAM_TIME)
