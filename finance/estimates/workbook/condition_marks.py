"""Colours a template shows by itself while it is filled in, also where there is no network.

Yellow: a cell that is still missing in a row somebody has begun. Red: a price above its norm, a code
used twice, a project that is not on its sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.workbook.columns import (
    FIRST_ROW,
    LINE_SHEET,
    PROJECT_SHEET,
    PROMISE_SHEET,
    SheetShape,
    column_letters,
    quantity_key,
)
from finance.estimates.workbook.sheet_formulas import column_range

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from finance.estimates.workbook.template_styles import Styles

_NEEDED = {
    PROJECT_SHEET.title: ("project_key", "name_vi", "kind", "task_code", "priority"),
    LINE_SHEET.title: (
        "project_key", "item_vi", "source_code", "nature", "year", "unit_name", "unit_price_vnd",
    ),
    PROMISE_SHEET.title: ("project_key", "output_code", "year"),
}  # fmt: skip


def add_marks(
    page: Worksheet, shape: SheetShape, last_row: int, last_project_row: int, styles: Styles
) -> None:
    """Colour the sheet's cells by what is missing or too much in them."""
    begun = "&".join(f"${_letters(shape, key)}{FIRST_ROW}" for key in _NEEDED[shape.title])
    for key in _NEEDED[shape.title]:
        cell = f"${_letters(shape, key)}{FIRST_ROW}"
        _colour(page, shape, key, last_row, f'=AND({begun}<>"",{cell}="")', styles.missing)
    own_key = f"${_letters(shape, 'project_key')}{FIRST_ROW}"
    keys = column_range(PROJECT_SHEET, "project_key", last_project_row)
    count, wrong = f"COUNTIF({keys},{own_key})", ">1" if shape.title == PROJECT_SHEET.title else "=0"
    _colour(page, shape, "project_key", last_row, f'=AND({own_key}<>"",{count}{wrong})', styles.exceeded)
    if shape.title == LINE_SHEET.title:
        _mark_lines(page, shape, last_row, styles)


def _mark_lines(page: Worksheet, shape: SheetShape, last_row: int, styles: Styles) -> None:
    price, most, reason, item = (
        f"${_letters(shape, key)}{FIRST_ROW}"
        for key in ("unit_price_vnd", "norm_max_vnd", "over_norm_reason", "item_vi")
    )
    is_above = f"ISNUMBER({price}),ISNUMBER({most}),{price}>{most}"
    _colour(page, shape, "unit_price_vnd", last_row, f"=AND({is_above})", styles.exceeded)
    _colour(page, shape, "over_norm_reason", last_row, f'=AND({is_above},{reason}="")', styles.missing)
    quantities = "&".join(f"${_letters(shape, quantity_key(code))}{FIRST_ROW}" for code in LEVEL_ORDER)
    for code in LEVEL_ORDER:
        rule = f'=AND({item}<>"",{quantities}="")'
        _colour(page, shape, quantity_key(code), last_row, rule, styles.missing)


def _colour(page: Worksheet, shape: SheetShape, key: str, last_row: int, formula: str, style: object) -> None:
    index = shape.position(key)
    rule = {"type": "formula", "criteria": formula, "format": style}
    page.conditional_format(FIRST_ROW - 1, index, last_row - 1, index, rule)


def _letters(shape: SheetShape, key: str) -> str:
    return column_letters(shape.position(key))
