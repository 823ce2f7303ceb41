"""Dates in the cells of a workbook: a serial number, or a text as officials write it, day first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from finance.estimates.workbook.cell_texts import tidy_cell_text
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.raw_sheet import RawCell
from finance.vietnamese.dates import format_date
from finance.written_numbers import read_stored_number

_REMEDY = "Ghi ngày dạng 01/02/2026 (ngày trước); chỉ biết quý thì để trống và ghi vào Ghi chú."
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_IN_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[0-9:.]+Z?)?")
_FIRST_DAY = date(1899, 12, 30)  # of Excel's count, as it runs from 1 March 1900 on
_FROM_1904 = 1462
_MISSING_DAY = 60  # 29 February 1900, which never was
_PAST_LAST = 2_958_466  # the year 10000


def read_date(row: SheetRow, key: str, *, counts_from_1904: bool) -> date | None:
    """The date in the cell; None when blank, or refused with a finding.

    Args:
        row: the row, which notes the findings.
        key: the column.
        counts_from_1904: the workbook counts days as old Macintoshes did.
    """
    cell = row.cell(key)
    if cell.is_blank or cell.value is None:
        return None
    if cell.kind in {"e", "b"} or cell.formula is not None:
        row.refuse("E_DATE", key, f"Ô ngày chứa công thức, lỗi hoặc đúng/sai: {cell.value[:40]}.", _REMEDY)
        return None
    day = _day_of_text(tidy_cell_text(cell.value)[0]) if cell.kind in {"s", "d"} else None
    if cell.kind == "n":
        day = _day_of_serial(cell.value, _FROM_1904 if counts_from_1904 else 0)
    if day is None:
        row.refuse("E_DATE", key, f"Không có ngày “{cell.value[:40]}”.", _REMEDY)
        return None
    _say_how_read(row, key, cell, day)
    return day


def _say_how_read(row: SheetRow, key: str, cell: RawCell, day: date) -> None:
    if cell.kind == "s":
        said = f"Ngày là chữ “{cell.value}”, đọc là ngày {day.day} tháng {day.month} năm {day.year}."
        row.warn("W_DATE_TEXT", key, said, "Kiểm tra lại ngày và tháng.")
    elif cell.kind == "n" and not cell.is_date:
        said = f"Ô ngày chứa số {cell.value} không có định dạng ngày, đọc là {format_date(day)}."
        row.warn("W_DATE_NUMBER", key, said, "Kiểm tra lại; đặt định dạng ô là ngày.")


def _day_of_serial(text: str, shift: int) -> date | None:
    number = read_stored_number(text)
    if number is None or not 0 <= number < _PAST_LAST:
        return None
    serial = int(number.to_integral_value(rounding="ROUND_FLOOR")) + shift
    if not 1 <= serial < _PAST_LAST or (serial == _MISSING_DAY and number == Decimal(serial)):
        return None
    return _FIRST_DAY + timedelta(days=serial + (1 if serial < _MISSING_DAY else 0))


def _day_of_text(text: str) -> date | None:
    match = _DAY_FIRST.fullmatch(text) or _IN_WORDS.fullmatch(text)
    if match is not None:
        return _day(int(match[3]), int(match[2]), int(match[1]))
    match = _ISO.fullmatch(text)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
