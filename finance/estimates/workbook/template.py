"""Writing the estimate workbook: empty to be filled in, or filled with a draft to be worked on.

Texts are written as texts (a cell beginning with "=" never becomes a formula). Inputs are unlocked,
"Thành tiền" is a locked formula; the program recomputes it on the way in and trusts no file for it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from finance.clock import VIETNAM_TIME
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, tidy_draft
from finance.estimates.workbook.base_sheet import WorkbookBase, add_base_sheet
from finance.estimates.workbook.columns import (
    DATA_SHEETS,
    FIRST_ROW,
    GUIDE_SHEET,
    HEADER_ROW,
    LINE_SHEET,
    LOOKUP_SHEET,
    PROJECT_SHEET,
    PROPERTY_AGENCY,
    PROPERTY_CYCLE,
    PROPERTY_HASH,
    PROPERTY_MADE_AT,
    PROPERTY_ROUND,
    PROPERTY_RULES,
    PROPERTY_SCHEMA,
    PROPERTY_TEMPLATE,
    SCHEMA_VERSION,
    TEMPLATE_NAME,
    TOTALS_SHEET,
    CellKind,
    SheetShape,
)
from finance.estimates.workbook.condition_marks import add_marks
from finance.estimates.workbook.filled_rows import Cells, rows_of_draft
from finance.estimates.workbook.lists import ListRanges, add_lists, add_validation, guide_rows, lookup_rows
from finance.estimates.workbook.rule_set import rule_set_name
from finance.estimates.workbook.sheet_formulas import line_formula
from finance.estimates.workbook.template_styles import (
    A3,
    A4,
    Styles,
    add_styles,
    height_for,
    print_across,
    set_heights,
)
from finance.estimates.workbook.totals_sheet import fill_totals

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

UNIT_NOTE = "Đơn vị tính: đồng"
_SPARE_ROWS = 20  # offered below a filled sheet


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the sheets share: formats, lists, and the last row each of them offers, by title."""

    styles: Styles
    ranges: ListRanges
    last_rows: Mapping[str, int]


def write_template(
    context: CheckContext,
    draft: EstimateDraft | None = None,
    *,
    made_at: datetime,
    base: WorkbookBase | None = None,
) -> bytes:
    """The office's workbook for this round, filled with the draft when one is given.

    Args:
        context: programme, round and office (`queries.check_context`).
        draft: what to fill in; it must be storable. None for an empty template.
        made_at: aware time written into the file's properties.
        base: what the estimate asks now, carried along so that the file can be merged when it comes
            back; None for a file that replaces everything.

    Returns:
        The bytes of an .xlsx file; reading it back gives the same draft.
    """
    # Loaded with the first workbook: the worker and most pages never write one.
    from xlsxwriter import Workbook

    from finance.estimates.workbook.plain_sheet import PlainSheet

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _set_properties(book, context, made_at, base)
    styles = add_styles(book)
    _add_text_sheet(book, GUIDE_SHEET, guide_rows(context), styles, (100,))
    pages = {shape.title: book.add_worksheet(shape.title, PlainSheet) for shape in DATA_SHEETS}
    totals = book.add_worksheet(TOTALS_SHEET)
    _add_text_sheet(book, LOOKUP_SHEET, lookup_rows(context), styles, (22, 60, 22, 18, 8, 60))
    tidied = tidy_draft(draft) if draft is not None else EstimateDraft()
    filled = rows_of_draft(tidied, context)
    last_rows = {shape.title: _last_row(shape, len(filled[shape.title])) for shape in DATA_SHEETS}
    around = _Surroundings(styles, add_lists(book, context), last_rows)
    for shape in DATA_SHEETS:
        _fill_sheet(pages[shape.title], shape, filled[shape.title], around)
    ends = (last_rows[PROJECT_SHEET.title], last_rows[LINE_SHEET.title])
    fill_totals(totals, context, tidied, styles, ends)
    if base is not None:
        add_base_sheet(book, base)
    pages[PROJECT_SHEET.title].activate()
    book.close()
    return stream.getvalue()


def _set_properties(
    book: Workbook, context: CheckContext, made_at: datetime, base: WorkbookBase | None
) -> None:
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": f"Dự toán {context.agency_name}", "created": created})
    for name, value in (
        (PROPERTY_TEMPLATE, TEMPLATE_NAME),
        (PROPERTY_SCHEMA, SCHEMA_VERSION),
        (PROPERTY_ROUND, context.round_code),
        (PROPERTY_AGENCY, context.agency_code),
        (PROPERTY_CYCLE, str(context.fiscal_year)),
        (PROPERTY_RULES, rule_set_name(context)),
        (PROPERTY_HASH, base.content_hash if base else ""),
        (PROPERTY_MADE_AT, made_at.astimezone(VIETNAM_TIME).isoformat(timespec="seconds")),
    ):
        book.set_custom_property(name, value, "text")


def _last_row(shape: SheetShape, filled: int) -> int:
    return FIRST_ROW + max(shape.offered_rows, filled + _SPARE_ROWS) - 1


def _add_text_sheet(
    book: Workbook, title: str, rows: Sequence[Sequence[str]], styles: Styles, widths: Sequence[int]
) -> None:
    """A locked sheet of texts; its first row is the title."""
    page = book.add_worksheet(title)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    wrapped = styles.by_kind[CellKind.TEXT]
    for row, texts in enumerate(rows):
        if row > 0:
            page.set_row(row, height_for(zip(texts, widths, strict=False)))
        for column, text in enumerate(texts):
            page.write_string(row, column, _safe(text), styles.title if row == 0 else wrapped)
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.protect()


def _fill_sheet(page: Worksheet, shape: SheetShape, rows: Sequence[Cells], around: _Surroundings) -> None:
    page.write_string(0, 0, shape.title, around.styles.title)
    page.write_string(1, 0, UNIT_NOTE, around.styles.note)
    last_row, last_project_row = around.last_rows[shape.title], around.last_rows[PROJECT_SHEET.title]
    set_heights(page, shape, rows, HEADER_ROW)
    for index, column in enumerate(shape.columns):
        page.set_column(index, index, column.width, None, {"hidden": column.is_hidden})
        page.write_string(HEADER_ROW - 1, index, column.title, around.styles.header)
        add_validation(page, column, index, last_row, around.ranges)
        style = around.styles.by_kind[column.kind]
        for row in range(FIRST_ROW, last_row + 1):
            cells = rows[row - FIRST_ROW] if row - FIRST_ROW < len(rows) else {}
            value = cells.get(column.key, "")
            if column.kind is CellKind.AMOUNT:
                formula = line_formula(column.key, row, around.ranges, last_project_row)
                page.write_formula(row - 1, index, formula, style, value)
            elif isinstance(value, str):
                _write_text(page, row - 1, index, value, style)
            else:
                page.write_number(row - 1, index, value, style)
    add_marks(page, shape, last_row, last_project_row, around.styles)
    print_across(page, HEADER_ROW, A3 if shape.title == LINE_SHEET.title else A4)
    page.freeze_panes(HEADER_ROW, 3 if shape.title == PROJECT_SHEET.title else 2)
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _write_text(page: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text:
        page.write_string(row, column, _safe(text), style)
    else:
        page.write_blank(row, column, None, style)


def _safe(text: str) -> str:
    """Looks needless: XlsxWriter takes a text from <r> to </r> for its own markup and writes it raw."""
    return f" {text}" if text.startswith("<r>") else text
