"""Dates and moments as Vietnamese papers print them; the usual locale data prints them otherwise."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from unicodedata import normalize

# A fixed offset instead of the zone database: Vietnam has kept UTC+7 without summer time since 1975, and a
# bare machine may carry no zone database.
VIETNAM_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_DAY_FIRST = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})")
_IN_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class DateUnclear(ValueError):
    """The text is not one day beyond doubt; says so in Vietnamese."""


def read_written_date(text: str) -> date:
    """Read a day as officials write it.

    Accepted: 05/02/2012, 5.2.2012, 5-2-2012, "ngày 05 tháng 02 năm 2012" and 2012-02-05.
    The day always comes before the month; 12/31/2012 is refused with the day it could mean.

    Raises:
        DateUnclear: with a Vietnamese sentence.
    """
    # Marks typed after their letters are the same letters to a person.
    plain = " ".join(normalize("NFC", text).split())
    if year_first := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) for part in year_first.groups())
    elif day_first := _DAY_FIRST.fullmatch(plain) or _IN_WORDS.fullmatch(plain):
        day, month, year = (int(part) for part in day_first.groups())
    else:
        raise DateUnclear(f"Chưa đọc được ngày “{text}”; mời ghi ngày/tháng/năm, ví dụ 15/02/2012.")
    try:
        return date(year, month, day)
    except ValueError:
        meant = _month_first(day, month, year)
        more = "" if meant is None else f" Nếu là {format_long_date(meant)} thì ghi {format_date(meant)}."
        raise DateUnclear(f"Không có ngày “{text}” trong lịch.{more}") from None


def _month_first(day: int, month: int, year: int) -> date | None:
    """The day that the text means where months come first; None when there is none either."""
    try:
        return date(year, day, month)
    except ValueError:
        return None


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
