"""A table as it stands on the screen, ready to leave the program as CSV or as a workbook.

What is exported is exactly what the page shows: same rows, same columns, same order. Amounts leave
as whole đồng with the unit in the heading; text never becomes a formula in somebody's spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from finance.labels import LabelledEnum

Cell: TypeAlias = str | int | None

# A spreadsheet reads a cell that begins with one of these as a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ColumnKind(LabelledEnum):
    """How a column is written."""

    TEXT = "TEXT", "chữ"
    AMOUNT = "AMOUNT", "số tiền"
    WHOLE = "WHOLE", "số nguyên"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the heading of an amount names its unit."""

    heading: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A titled table.

    Attributes:
        title: first line of the workbook and its sheet's purpose.
        notes: lines under the title: the round, the filters, the day, "số liệu minh họa".
        rows: one cell per column; amounts in đồng, None where nothing is known.
        total: the last row, or empty.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    total: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a row that does not fit the heading."""
        for row in (*self.rows, *([self.total] if self.total else [])):
            if len(row) != len(self.columns):
                raise ValueError("a row must have one cell per column")


def write_csv(table: ExportTable) -> bytes:
    """The table as CSV: UTF-8 with BOM (or Excel breaks Vietnamese letters), heading first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless_cell(column.heading) for column in table.columns])
    for row in _all_rows(table):
        writer.writerow([harmless_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def harmless_cell(cell: Cell) -> Cell:
    """The cell with an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return "" if cell is None else cell


def _all_rows(table: ExportTable) -> Sequence[tuple[Cell, ...]]:
    return (*table.rows, table.total) if table.total else table.rows
