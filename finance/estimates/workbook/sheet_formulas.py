"""What a template computes by itself, in functions that Excel and LibreOffice both know. Pure text.

The program recomputes everything on the way in and trusts no file for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.workbook.columns import (
    FIRST_ROW,
    LINE_SHEET,
    PROJECT_SHEET,
    TOTALS_SHEET,
    SheetShape,
    amount_key,
    cell_address,
    column_letters,
    level_key,
    quantity_key,
)

# Where the sheet "Tổng hợp" keeps, beside each project, which level counts: 1 for the first of all four.
REQUESTED_LEVEL_COLUMN = 7
TOTALS_FIRST_ROW = 6


def line_formula(key: str, row: int, ranges: Mapping[str, str], last_project_row: int) -> str:
    """The formula of a computed column of a cost line.

    Args:
        key: the column's key.
        row: as a person counts.
        ranges: of the lists by name, as `add_lists` gives them.
        last_project_row: the last row the sheet of projects offers.
    """
    if key == "norm_max_vnd":
        return _norm_formula(row, ranges)
    if key == "requested_vnd":
        return _requested_formula(row, last_project_row)
    code = next(code for code in LEVEL_ORDER if amount_key(code) == key)
    price = cell_address(LINE_SHEET, "unit_price_vnd", row)
    times = cell_address(LINE_SHEET, "frequency_thousandths", row)
    quantity = cell_address(LINE_SHEET, quantity_key(code), row)
    # Price x times x quantity of the level, rounded to the đồng; empty while there is no quantity.
    return f'=IF({quantity}="","",ROUND({price}*IF({times}="",1,{times})*{quantity},0))'


def level_total_formula(code: LevelCode, row: int, last_line_row: int) -> str:
    """What a project comes to at a level, on the sheet of totals."""
    keys = column_range(LINE_SHEET, "project_key", last_line_row)
    amounts = column_range(LINE_SHEET, amount_key(code), last_line_row)
    return f'=IF($A{row}="","",SUMIF({keys},$A{row},{amounts}))'


def project_mirror_formula(key: str, row: int) -> str:
    """A cell of the sheet of projects shown on the sheet of totals; empty while it is."""
    cell = f"'{PROJECT_SHEET.title}'!{cell_address(PROJECT_SHEET, key, _project_row(row))}"
    return f'=IF({cell}="","",{cell})'


def requested_level_formula(row: int) -> str:
    """Which of the four levels counts: "đầy đủ" unless only others are marked; then the highest plain one."""
    marks = {
        code: f"'{PROJECT_SHEET.title}'!{cell_address(PROJECT_SHEET, level_key(code), _project_row(row))}"
        for code in LEVEL_ORDER
    }
    minimum, reduced, full, extended = (f'{marks[code]}<>""' for code in LEVEL_ORDER)
    return f'=IF($A{row}="","",IF({full},3,IF({reduced},2,IF({minimum},1,IF({extended},4,3)))))'


def source_total_formula(row: int, fiscal_year: int, last_line_row: int) -> str:
    """What is asked from the source in the year at the levels that count; a list cell shows code and name."""
    amounts, sources, years = (
        column_range(LINE_SHEET, key, last_line_row) for key in ("requested_vnd", "source_code", "year")
    )
    return (
        f"=SUMIFS({amounts},{sources},$J{row},{years},{fiscal_year})"
        f'+SUMIFS({amounts},{sources},$J{row}&" |*",{years},{fiscal_year})'
    )


def column_range(shape: SheetShape, key: str, last_row: int) -> str:
    """A column's rows as a fixed range with its sheet."""
    letters = column_letters(shape.position(key))
    return f"'{shape.title}'!${letters}${FIRST_ROW}:${letters}${last_row}"


def _project_row(row: int) -> int:
    return row - TOTALS_FIRST_ROW + FIRST_ROW


def _norm_formula(row: int, ranges: Mapping[str, str]) -> str:
    norm = cell_address(LINE_SHEET, "norm_code", row)
    if "norm_codes" not in ranges:
        return '=""'
    code = f'TRIM(LEFT({norm},FIND("|",{norm}&"|")-1))'
    codes, prices = ranges["norm_codes"].lstrip("="), ranges["norm_prices"].lstrip("=")
    return f'=IF({norm}="","",IFERROR(INDEX({prices},MATCH({code},{codes},0)),""))'


def _requested_formula(row: int, last_project_row: int) -> str:
    key = cell_address(LINE_SHEET, "project_key", row)
    ends = (LEVEL_ORDER[0], LEVEL_ORDER[-1])
    first, last = (cell_address(LINE_SHEET, amount_key(code), row) for code in ends)
    last_row = last_project_row - FIRST_ROW + TOTALS_FIRST_ROW
    level = column_letters(REQUESTED_LEVEL_COLUMN)
    keys = f"'{TOTALS_SHEET}'!$A${TOTALS_FIRST_ROW}:$A${last_row}"
    levels = f"'{TOTALS_SHEET}'!${level}${TOTALS_FIRST_ROW}:${level}${last_row}"
    return f'=IF({key}="","",IFERROR(INDEX({first}:{last},1,INDEX({levels},MATCH({key},{keys},0))),""))'
