"""Reports as workbooks: a title, the notes, one table with units in its heading, ready for A4 landscape."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from finance.reports.export_tables import Cell, Column, ColumnKind, ExportTable

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_AMOUNT_FORMAT = "#,##0"
_WIDTHS = {ColumnKind.TEXT: 30, ColumnKind.AMOUNT: 20, ColumnKind.WHOLE: 10}
# Excel keeps 15 figures of a number; a longer amount is written as text, to the đồng.
_LARGEST_EXACT = 10**15 - 1
_SHEET = "Bảng"


def write_workbook(table: ExportTable) -> bytes:
    """The table as .xlsx; text stays text whatever it begins with.

    Units:
        Amounts are whole đồng; the heading of each amount column says so.
    """
    from xlsxwriter import Workbook  # loaded with the first export, not with the program

    target = io.BytesIO()
    never_guess = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(target, {"in_memory": True, **never_guess})
    sheet = workbook.add_worksheet(_SHEET)
    formats = _formats(workbook)
    first_row = _write_title(sheet, formats, table)
    _write_heading(sheet, formats, table, first_row)
    for offset, row in enumerate(table.rows, start=1):
        _write_row(sheet, formats, first_row + offset, table.columns, row)
    if table.total:
        _write_row(
            sheet, _total_formats(formats), first_row + len(table.rows) + 1, table.columns, table.total
        )
    _prepare_printing(sheet, table, first_row)
    workbook.close()
    return target.getvalue()


def _formats(workbook: Workbook) -> dict[str, Any]:
    cell = {"font_name": "Times New Roman", "font_size": 11, "border": 1, "valign": "top"}
    return {
        "title": workbook.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True}),
        "note": workbook.add_format({"font_name": "Times New Roman", "font_size": 11, "italic": True}),
        "heading": workbook.add_format({**cell, "bold": True, "text_wrap": True, "bg_color": "#E2EDF9"}),
        "text": workbook.add_format({**cell, "text_wrap": True}),
        "number": workbook.add_format({**cell, "num_format": _AMOUNT_FORMAT}),
        "total-text": workbook.add_format({**cell, "text_wrap": True, "bold": True, "bg_color": "#EDF1F6"}),
        "total-number": workbook.add_format(
            {**cell, "num_format": _AMOUNT_FORMAT, "bold": True, "bg_color": "#EDF1F6"}
        ),
    }


def _total_formats(formats: dict[str, Any]) -> dict[str, Any]:
    return {**formats, "text": formats["total-text"], "number": formats["total-number"]}


def _write_title(sheet: Any, formats: dict[str, Any], table: ExportTable) -> int:
    """Title and notes; the number of the heading's row."""
    sheet.write_string(0, 0, table.title, formats["title"])
    for row, note in enumerate(table.notes, start=1):
        sheet.write_string(row, 0, note, formats["note"])
    return len(table.notes) + 2


def _write_heading(sheet: Any, formats: dict[str, Any], table: ExportTable, row: int) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(row, place, column.heading, formats["heading"])
        sheet.set_column(place, place, _WIDTHS[column.kind])


def _write_row(
    sheet: Any, formats: dict[str, Any], row: int, columns: tuple[Column, ...], cells: tuple[Cell, ...]
) -> None:
    for place, cell in enumerate(cells):
        if cell is None:
            sheet.write_blank(row, place, None, formats["text"])
        elif isinstance(cell, int) and columns[place].kind is not ColumnKind.TEXT and _is_exact(cell):
            sheet.write_number(row, place, cell, formats["number"])
        else:
            sheet.write_string(row, place, str(cell), formats["text"])


def _is_exact(number: int) -> bool:
    return abs(number) <= _LARGEST_EXACT


def _prepare_printing(sheet: Any, table: ExportTable, heading_row: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)
    sheet.freeze_panes(heading_row + 1, 1)
    if table.rows:
        last = len(table.columns) - 1
        sheet.autofilter(heading_row, 0, heading_row + len(table.rows), last)
