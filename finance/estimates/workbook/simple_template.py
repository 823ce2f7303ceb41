"""Writing the simple template: one sheet an office with one level and a few lines a task fills in.

The full template's promises hold here too: texts never become formulas, inputs are unlocked, "Thành tiền" is
a locked formula that the program computes again on the way in.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from finance.clock import VIETNAM_TIME
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, tidy_draft
from finance.estimates.totals import draft_line_amount, draft_total
from finance.estimates.workbook.base_sheet import WorkbookBase, add_base_sheet
from finance.estimates.workbook.columns import (
    GUIDE_SHEET,
    LIST_SHEET,
    PROPERTY_AGENCY,
    PROPERTY_CYCLE,
    PROPERTY_HASH,
    PROPERTY_MADE_AT,
    PROPERTY_ROUND,
    PROPERTY_RULES,
    PROPERTY_SCHEMA,
    PROPERTY_TEMPLATE,
    CellKind,
    coded_cell,
    column_letters,
)
from finance.estimates.workbook.reader import TemplateKind, read_estimate_workbook
from finance.estimates.workbook.rule_set import rule_set_name
from finance.estimates.workbook.simple_columns import (
    AGENCY_LABEL,
    AGENCY_ROW,
    LARGEST_LINE_VND,
    SIMPLE_HEADER_ROW,
    SIMPLE_LAST_LINE,
    SIMPLE_SHEET,
    SIMPLE_TEMPLATE_NAME,
    SIMPLE_VERSION,
    TITLE_ROW,
    UNIT_LABEL,
    UNIT_ROW,
    VERSION_LABEL,
    VERSION_ROW,
    amount_formula,
    title_of,
)
from finance.estimates.workbook.simple_notes import note_of
from finance.estimates.workbook.template_styles import (
    Styles,
    add_styles,
    height_for,
    print_across,
    set_heights,
)
from finance.findings import blocking_findings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FIRST_ROW = SIMPLE_HEADER_ROW + 1
_GUIDE_WIDTH = 110
_SPARE_ROWS = 20
_NOT_LISTED = "Không có trong danh sách. Nếu đánh số việc trong một nhiệm vụ (4b.1, 4b.2) thì chọn Có."
_SIMPLE_SCHEMA = "1"
SimpleCells = Mapping[str, str | int | Decimal | date]


def write_simple_template(
    context: CheckContext,
    draft: EstimateDraft | None = None,
    *,
    made_at: datetime,
    base: WorkbookBase | None = None,
) -> bytes:
    """The office's one-sheet workbook for this round, filled with the draft when one is given.

    Args:
        context: programme, round and office.
        draft: what to fill in; None for an empty template. What the sheet has no column for is left
            out: `simple_template_holds` says whether there is any.
        made_at: aware time written into the file's properties.
        base: what the estimate asks now, carried along for merging; None for none.

    Returns:
        The bytes of an .xlsx file.
    """
    # Loaded with the first workbook: the worker and most pages never write one.
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _set_properties(book, context, made_at, base)
    styles = add_styles(book)
    page = book.add_worksheet(SIMPLE_SHEET.title)
    _write_guide(book, context, styles)
    ranges = _write_lists(book, context)
    tidied = tidy_draft(draft) if draft is not None else EstimateDraft()
    rows = [cells for project in tidied.projects for cells in _rows_of(project, context)]
    last_row = _FIRST_ROW + min(max(SIMPLE_SHEET.offered_rows, len(rows) + _SPARE_ROWS), SIMPLE_LAST_LINE) - 1
    _write_stamp(page, context, styles, draft_total(tidied), last_row)
    _write_table(book, page, rows, styles, last_row)
    _validate(page, ranges, last_row, context)
    page.freeze_panes(SIMPLE_HEADER_ROW, 3)
    print_across(page, SIMPLE_HEADER_ROW)
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    if base is not None:
        add_base_sheet(book, base)
    page.activate()
    book.close()
    return stream.getvalue()


def simple_template_holds(context: CheckContext, draft: EstimateDraft, *, made_at: datetime) -> bool:
    """True when the simple template says everything the draft asks: written and read it is the same draft."""
    lines = sum(len(project.lines) for project in draft.projects)
    if lines > SIMPLE_LAST_LINE or any(one.promises or len(one.levels) > 1 for one in draft.projects):
        return False  # the sheet has no room and no column for these: a large draft need not be written
    content = write_simple_template(context, draft, made_at=made_at)
    read, findings = read_estimate_workbook(content, context, template=TemplateKind.SIMPLE)
    return read == tidy_draft(draft) and not blocking_findings(findings)


def _set_properties(
    book: Workbook, context: CheckContext, made_at: datetime, base: WorkbookBase | None
) -> None:
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": f"Dự toán {context.agency_name}", "created": created})
    for name, value in (
        (PROPERTY_TEMPLATE, SIMPLE_TEMPLATE_NAME),
        (PROPERTY_SCHEMA, _SIMPLE_SCHEMA),
        (PROPERTY_ROUND, context.round_code),
        (PROPERTY_AGENCY, context.agency_code),
        (PROPERTY_CYCLE, str(context.fiscal_year)),
        (PROPERTY_RULES, rule_set_name(context)),
        (PROPERTY_HASH, base.content_hash if base else ""),
        (PROPERTY_MADE_AT, made_at.astimezone(VIETNAM_TIME).isoformat(timespec="seconds")),
    ):
        book.set_custom_property(name, value, "text")


def _write_guide(book: Workbook, context: CheckContext, styles: Styles) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.set_column(0, 0, _GUIDE_WIDTH)
    lines = [
        f"DỰ TOÁN CỦA {context.agency_name.upper()}, MẪU GIẢN ĐƠN",
        f"{context.round_name}, mã đợt {context.round_code}. Đơn vị tính: đồng.",
        "1. Mỗi dòng là một khoản chi. Chọn mã nhiệm vụ trong danh sách.",
        "Một nhiệm vụ có nhiều khoản thì viết các dòng liền nhau, cùng mã, hoặc đánh số sau mã: 4b.1, 4b.2.",
        "2. Mã nhiệm vụ cũng viết được theo thứ tự trong phụ lục: CCHC-01 là nhiệm vụ thứ nhất.",
        "3. Số tiền gõ bằng số, không kèm chữ. “Thành tiền” tự tính bằng số lượng × đơn giá, không sửa.",
        "4. Nguồn ghi gọn “Ngân sách tỉnh” được hiểu là chi thường xuyên; chi đầu tư thì chọn đủ tên.",
        "5. Thời gian bắt đầu viết 01/02/2026 (ngày trước), để trống được; dòng chi tính vào năm của ngày.",
        "6. Mỗi mã vào hệ thống thành một nhiệm vụ thường xuyên, một mức, ưu tiên theo thứ tự trong tệp.",
        "Kết quả cam kết, tiểu mục, định mức, thuyết minh bổ sung trên web.",
        "Cột Kết quả đầu ra và Thời gian bắt đầu được giữ trong ghi chú của dòng.",
        "7. Dòng nhóm (I, II, A, B) và dòng Tổng cộng không bắt buộc; nếu có thì số cộng phải khớp.",
    ]
    for row, text in enumerate(lines):
        if row > 0:
            page.set_row(row, height_for([(text, _GUIDE_WIDTH)]))
        page.write_string(row, 0, text, styles.title if row == 0 else styles.by_kind[CellKind.TEXT])
    page.protect()


def _write_lists(book: Workbook, context: CheckContext) -> dict[str, str]:
    """Write the lists into a very hidden sheet; gives list name -> the range it stands in."""
    page = book.add_worksheet(LIST_SHEET)
    page.very_hidden()
    page.protect()
    ranges = {}
    lists: dict[str, Sequence[str]] = {
        "simple_tasks": [coded_cell(task.code, task.name_vi) for task in context.tasks.values()],
        "simple_sources": [source.name_vi for source in context.sources.values()],
    }
    for index, (name, values) in enumerate(lists.items()):
        page.write_column(0, index, [name, *values])
        letters = column_letters(index)
        if values:
            ranges[name] = f"='{LIST_SHEET}'!${letters}$2:${letters}${len(values) + 1}"
    return ranges


def _write_stamp(
    page: Worksheet, context: CheckContext, styles: Styles, total_vnd: int, last_row: int
) -> None:
    page.write_string(TITLE_ROW - 1, 0, title_of(context.fiscal_year), styles.title)
    page.write_string(AGENCY_ROW - 1, 0, AGENCY_LABEL, styles.note)
    page.write_string(AGENCY_ROW - 1, 1, context.agency_code, styles.note)
    page.write_string(AGENCY_ROW - 1, 2, context.agency_name, styles.note)
    page.write_string(VERSION_ROW - 1, 0, f"{VERSION_LABEL} {SIMPLE_VERSION}", styles.note)
    page.write_string(UNIT_ROW - 1, 0, UNIT_LABEL, styles.note)
    amount, price = _letters("amount_vnd"), _index("unit_price_vnd")
    page.write_string(UNIT_ROW - 1, price, "Cộng cả bảng:", styles.note)
    formula = f"=SUM({amount}{_FIRST_ROW}:{amount}{last_row})"
    page.write_formula(UNIT_ROW - 1, price + 1, formula, styles.by_kind[CellKind.AMOUNT], total_vnd)


def _write_table(
    book: Workbook, page: Worksheet, rows: Sequence[SimpleCells], styles: Styles, last_row: int
) -> None:
    dates = book.add_format(
        {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "border": 1}
        | {"border_color": "#B0B7C3", "locked": False, "num_format": "dd/mm/yyyy"}
    )
    set_heights(page, SIMPLE_SHEET, rows, SIMPLE_HEADER_ROW)
    for index, column in enumerate(SIMPLE_SHEET.columns):
        page.set_column(index, index, column.width)
        page.write_string(SIMPLE_HEADER_ROW - 1, index, column.title, styles.header)
        style = dates if column.kind is CellKind.DATE else styles.by_kind[column.kind]
        for row in range(_FIRST_ROW, last_row + 1):
            cells = rows[row - _FIRST_ROW] if row - _FIRST_ROW < len(rows) else {}
            if column.is_computed:
                formula = amount_formula(f"{_letters('quantity')}{row}", f"{_letters('unit_price_vnd')}{row}")
                computed = styles.by_kind[CellKind.AMOUNT]
                page.write_formula(row - 1, index, f"={formula}", computed, cells.get(column.key, ""))
            else:
                _write(page, row - 1, index, cells.get(column.key, ""), style)


def _write(page: Worksheet, row: int, column: int, value: str | int | Decimal | date, style: Format) -> None:
    if isinstance(value, date):
        page.write_datetime(
            row, column, datetime(value.year, value.month, value.day, tzinfo=UTC).replace(tzinfo=None), style
        )
    elif not isinstance(value, str):
        page.write_number(row, column, value, style)
    elif value:
        # XlsxWriter takes a text from <r> to </r> for its own markup and writes it raw.
        page.write_string(row, column, f" {value}" if value.startswith("<r>") else value, style)
    else:
        page.write_blank(row, column, None, style)


def _validate(page: Worksheet, ranges: Mapping[str, str], last_row: int, context: CheckContext) -> None:
    """What Excel lets a person type, with the refusal in Vietnamese."""
    first_day, last_day = date(context.years[0], 1, 1), date(context.years[-1], 12, 31)
    tasks, sources = ranges.get("simple_tasks", ""), ranges.get("simple_sources", "")
    in_words = "Nhập số không âm, nhiều nhất 3 chữ số thập phân."
    rules: tuple[tuple[str, dict[str, object]], ...] = (
        ("task_code", _rule("list", _NOT_LISTED, source=tasks, error_type="warning")),
        ("source_code", _rule("list", "Chọn một nguồn trong danh sách.", source=sources)),
        ("quantity", _rule("decimal", in_words, criteria=">=", value=0)),
        (
            "unit_price_vnd",
            _rule(
                "whole",
                "Nhập số tiền nguyên bằng đồng, không âm.",
                criteria="between",
                minimum=0,
                maximum=LARGEST_LINE_VND,
            ),
        ),
        (
            "starts_on",
            _rule(
                "date",
                "Ngày ngoài các năm của đợt, hoặc không phải ngày.",
                criteria="between",
                minimum=first_day,
                maximum=last_day,
                error_type="warning",
            ),
        ),
    )
    for key, rule in rules:
        if rule.get("source", True):
            page.data_validation(_FIRST_ROW - 1, _index(key), last_row - 1, _index(key), rule)


def _rule(kind: str, refusal_vi: str, **parts: object) -> dict[str, object]:
    return {"validate": kind, "error_title": "Giá trị chưa đúng", "error_message": refusal_vi, **parts}


def _rows_of(project: ProjectDraft, context: CheckContext) -> Iterator[SimpleCells]:
    """The project's lines; those that say the same are numbered, or the reader would take one for a slip."""
    has_repetition = len(set(project.lines)) < len(project.lines)
    for number, line in enumerate(project.lines, start=1):
        code = f"{project.task_code}.{number}" if has_repetition else project.task_code
        yield _cells(code, context.tasks[project.task_code].name_vi, line, context)


def _cells(code: str, task_name_vi: str, line: LineDraft, context: CheckContext) -> SimpleCells:
    note = note_of(line.note)
    cells: dict[str, str | int | Decimal | date] = {
        "task_code": coded_cell(code, task_name_vi),
        "item_vi": line.item_vi,
        "output_vi": note.output_vi,
        "unit_name": line.unit_name,
        "quantity": Decimal(line.quantities[-1]).scaleb(-3),
        "unit_price_vnd": line.unit_price_vnd,
        "amount_vnd": draft_line_amount(line, len(line.quantities)),
        "source_code": context.sources[line.source_code].name_vi,
        "note": note.note,
    }
    if note.starts_on is not None:
        cells["starts_on"] = note.starts_on
    return cells


def _index(key: str) -> int:
    return SIMPLE_SHEET.position(key)


def _letters(key: str) -> str:
    return column_letters(_index(key))
