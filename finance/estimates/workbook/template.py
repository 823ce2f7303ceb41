"""Writing the estimate workbook: empty to be filled in, or filled with a draft to be worked on.

Texts are written as texts (a cell beginning with "=" never becomes a formula). Inputs are unlocked,
"Thành tiền" is a locked formula; the program recomputes it on the way in and trusts no file for it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from finance.estimates.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft, tidy_draft
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.totals import draft_line_amount
from finance.estimates.workbook.columns import (
    DATA_SHEETS,
    FIRST_ROW,
    GUIDE_SHEET,
    HEADER_ROW,
    LINE_SHEET,
    LOOKUP_SHEET,
    MARK,
    PROJECT_SHEET,
    PROMISE_SHEET,
    PROPERTY_AGENCY,
    PROPERTY_ROUND,
    PROPERTY_SCHEMA,
    PROPERTY_TEMPLATE,
    SCHEMA_VERSION,
    TEMPLATE_NAME,
    CellKind,
    SheetShape,
    amount_key,
    cell_address,
    coded_cell,
    level_key,
    quantity_key,
)
from finance.estimates.workbook.lists import ListRanges, add_lists, add_validation, guide_rows, lookup_rows

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

UNIT_NOTE = "Đơn vị tính: đồng"
Cells = Mapping[str, str | int | Decimal]


@dataclass(frozen=True, slots=True)
class _Styles:
    """Cell formats by what they are for."""

    title: Format
    note: Format
    header: Format
    by_kind: Mapping[CellKind, Format]


def write_template(context: CheckContext, draft: EstimateDraft | None = None, *, made_at: datetime) -> bytes:
    """The office's workbook for this round, filled with the draft when one is given.

    Args:
        context: programme, round and office (`queries.check_context`).
        draft: what to fill in; it must be storable. None for an empty template.
        made_at: aware time written into the file's properties.

    Returns:
        The bytes of an .xlsx file; reading it back gives the same draft.
    """
    # Loaded with the first workbook: the worker and most pages never write one.
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _set_properties(book, context, made_at)
    styles = _styles(book)
    _add_text_sheet(book, GUIDE_SHEET, guide_rows(context), styles, (100,))
    pages = {shape.title: book.add_worksheet(shape.title) for shape in DATA_SHEETS}
    _add_text_sheet(book, LOOKUP_SHEET, lookup_rows(context), styles, (22, 60, 22, 18, 8, 60))
    ranges = add_lists(book, context)
    filled = _rows_of(tidy_draft(draft) if draft is not None else EstimateDraft(), context)
    for shape in DATA_SHEETS:
        _fill_sheet(pages[shape.title], shape, filled[shape.title], styles, ranges)
    pages[PROJECT_SHEET.title].activate()
    book.close()
    return stream.getvalue()


def _set_properties(book: Workbook, context: CheckContext, made_at: datetime) -> None:
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": f"Dự toán {context.agency_name}", "created": created})
    for name, value in (
        (PROPERTY_TEMPLATE, TEMPLATE_NAME),
        (PROPERTY_SCHEMA, SCHEMA_VERSION),
        (PROPERTY_ROUND, context.round_code),
        (PROPERTY_AGENCY, context.agency_code),
    ):
        book.set_custom_property(name, value, "text")


def _styles(book: Workbook) -> _Styles:
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    cell = font | {"border": 1, "border_color": "#B0B7C3", "locked": False, "text_wrap": True}
    money = cell | {"num_format": "#,##0", "text_wrap": False}
    amounts = money | {"locked": True, "bg_color": "#EEF1F5"}
    kinds = {kind: book.add_format(cell | {"num_format": "@"}) for kind in CellKind}
    kinds[CellKind.WHOLE] = book.add_format(cell | {"num_format": "0"})
    kinds[CellKind.VND] = book.add_format(money)
    kinds[CellKind.QUANTITY] = book.add_format(money | {"num_format": "#,##0.###"})
    kinds[CellKind.AMOUNT] = book.add_format(amounts)
    return _Styles(
        title=book.add_format(font | {"bold": True, "font_size": 14}),
        note=book.add_format(font | {"italic": True}),
        header=book.add_format(
            font | {"bold": True, "border": 1, "bg_color": "#DCE3EC", "text_wrap": True, "align": "center"}
        ),
        by_kind=kinds,
    )


def _add_text_sheet(
    book: Workbook, title: str, rows: Sequence[Sequence[str]], styles: _Styles, widths: Sequence[int]
) -> None:
    """A locked sheet of texts; its first row is the title."""
    page = book.add_worksheet(title)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    wrapped = styles.by_kind[CellKind.TEXT]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            page.write_string(row, column, _safe(text), styles.title if row == 0 else wrapped)
    page.protect()


def _fill_sheet(
    page: Worksheet, shape: SheetShape, rows: Sequence[Cells], styles: _Styles, ranges: ListRanges
) -> None:
    page.write_string(0, 0, shape.title, styles.title)
    page.write_string(1, 0, UNIT_NOTE, styles.note)
    last_row = FIRST_ROW + max(shape.offered_rows, len(rows) + 20) - 1
    for index, column in enumerate(shape.columns):
        page.set_column(index, index, column.width)
        page.write_string(HEADER_ROW - 1, index, column.title, styles.header)
        add_validation(page, column, index, last_row, ranges)
        style = styles.by_kind[column.kind]
        for row in range(FIRST_ROW, last_row + 1):
            cells = rows[row - FIRST_ROW] if row - FIRST_ROW < len(rows) else {}
            value = cells.get(column.key, "")
            if column.kind is CellKind.AMOUNT:
                page.write_formula(row - 1, index, _amount_formula(column.key, row), style, value)
            elif isinstance(value, str):
                _write_text(page, row - 1, index, value, style)
            else:
                page.write_number(row - 1, index, value, style)
    page.freeze_panes(HEADER_ROW, 3 if shape is PROJECT_SHEET else 2)
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _write_text(page: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text:
        page.write_string(row, column, _safe(text), style)
    else:
        page.write_blank(row, column, None, style)


def _safe(text: str) -> str:
    """Looks needless: XlsxWriter takes a text from <r> to </r> for its own markup and writes it raw."""
    return f" {text}" if text.startswith("<r>") else text


def _amount_formula(key: str, row: int) -> str:
    """Price x times x quantity of the level, rounded to the đồng; empty while there is no quantity."""
    code = next(code for code in LEVEL_ORDER if amount_key(code) == key)
    price = cell_address(LINE_SHEET, "unit_price_vnd", row)
    times = cell_address(LINE_SHEET, "frequency_thousandths", row)
    quantity = cell_address(LINE_SHEET, quantity_key(code), row)
    return f'=IF({quantity}="","",ROUND({price}*IF({times}="",1,{times})*{quantity},0))'


def _rows_of(draft: EstimateDraft, context: CheckContext) -> dict[str, list[Cells]]:
    """Cells by sheet title: one mapping of column keys per row."""
    return {
        PROJECT_SHEET.title: [_project_cells(project, context) for project in draft.projects],
        LINE_SHEET.title: [
            _line_cells(line, project, context) for project in draft.projects for line in project.lines
        ],
        PROMISE_SHEET.title: [
            _promise_cells(promise, project, context)
            for project in draft.projects
            for promise in project.promises
        ],
    }


def _project_cells(project: ProjectDraft, context: CheckContext) -> Cells:
    return {
        "project_key": project.project_key,
        "priority": project.priority,
        "name_vi": project.name_vi,
        "kind": project.kind.label_vi,
        "task_code": coded_cell(project.task_code, context.tasks[project.task_code].name_vi),
        "target_codes": "; ".join(project.target_codes),
        "place": project.place,
        "justification": project.justification,
        **{level_key(code): MARK for code in project.levels},
    }


def _line_cells(line: LineDraft, project: ProjectDraft, context: CheckContext) -> Cells:
    budget_name = context.budget_codes[line.budget_code].name_vi if line.budget_code else ""
    norm_name = context.norms[line.norm_code].item_vi if line.norm_code else ""
    cells: dict[str, str | int | Decimal] = {
        "project_key": project.project_key,
        "item_vi": line.item_vi,
        "budget_code": coded_cell(line.budget_code, budget_name),
        "norm_code": coded_cell(line.norm_code, norm_name),
        "source_code": coded_cell(line.source_code, context.sources[line.source_code].name_vi),
        "nature": line.nature.label_vi,
        "year": line.year,
        "unit_name": line.unit_name,
        "unit_price_vnd": line.unit_price_vnd,
        "frequency_thousandths": _quantity(line.frequency_thousandths),
        "over_norm_reason": line.over_norm_reason,
        "note": line.note,
    }
    for ordinal, code in enumerate(project.levels, start=1):
        cells[quantity_key(code)] = _quantity(line.quantities[ordinal - 1])
        cells[amount_key(code)] = draft_line_amount(line, ordinal)
    return cells


def _promise_cells(promise: PromiseDraft, project: ProjectDraft, context: CheckContext) -> Cells:
    output = context.outputs[promise.output_code]
    cells: dict[str, str | int | Decimal] = {
        "project_key": project.project_key,
        "level": project.levels[promise.level - 1].label_vi,
        "output_code": coded_cell(output.code, output.name_vi),
        "year": promise.year,
        "component": coded_cell(promise.component, output.components.get(promise.component, "")),
        "unit_codes": "; ".join(promise.unit_codes),
    }
    if promise.quantity_thousandths:
        cells["quantity_thousandths"] = _quantity(promise.quantity_thousandths)
    return cells


def _quantity(thousandths: int) -> Decimal:
    """A quantity as the exact decimal number it is."""
    return Decimal(thousandths).scaleb(-3)
