"""Reading the simple template into a draft: one project a task, one level, its lines.

What the sheet cannot say gets a stated default or is left for the web, never invented: every task is a
routine task named as in the annex, ranked by where it first stands, at the one level "Đầy đủ", without
promised results.
"""

from __future__ import annotations

from collections.abc import Sequence

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, ProjectDraft, tidy_draft
from finance.estimates.workbook.book import Book
from finance.estimates.workbook.notation import NotationWatch
from finance.estimates.workbook.placing import RowPlaces, checked_findings, findings_in_order
from finance.estimates.workbook.simple_codes import simple_lists
from finance.estimates.workbook.simple_columns import SIMPLE_HEADER_ROW, SIMPLE_SHEET
from finance.estimates.workbook.simple_lines import SimpleLine, check_repetition, check_scale, read_line
from finance.estimates.workbook.simple_rows import RowKind, check_totals, sort_rows
from finance.estimates.workbook.simple_stamp import check_stamp
from finance.estimates.workbook.table import SheetTable, find_sheet, hidden_rows_finding, read_sheet_table
from finance.findings import Finding, Location, Severity, blocking_findings
from finance.money import format_vnd
from finance.programme.classification import ProjectKind

# What the checks would say of every line because the sheet has no such column; the web says it there.
_NOT_IN_THE_SHEET = frozenset(
    {"BUDGET_CODE_MISSING", "JUSTIFICATION_MISSING", "NO_PROMISE", "NO_PROMISE_AT_LEVEL", "LINE_DOUBLE"}
)
# Said by the reader itself, with the words of the sheet.
_SAID_ALREADY = frozenset(
    {"SOURCE_MISSING", "SOURCE_UNKNOWN", "TASK_MISSING", "TASK_UNKNOWN", "PROJECT_KEY_MISSING"}
)
_KEYS = {
    "quantities-0": "quantity",
    "quantities": "quantity",
    "nature": "source_code",
    "year": "starts_on",
    "project_key": "task_code",
    "name_vi": "task_code",
    "lines": "task_code",
    "levels": "task_code",
}


def read_simple_sheet(book: Book, context: CheckContext) -> tuple[EstimateDraft | None, list[Finding]]:
    """What a workbook of the simple template asks, and everything there is to say about it.

    Args:
        book: the opened workbook.
        context: programme, round and office the estimate belongs to.

    Returns:
        As `read_estimate_workbook`.

    Raises:
        WorkbookRefused: the sheet is damaged or larger than any estimate.
    """
    entry, said = find_sheet(book, SIMPLE_SHEET)
    findings = [*book.findings, *said]
    if entry is None:
        return None, findings
    table = read_sheet_table(book, entry, SIMPLE_SHEET, SIMPLE_HEADER_ROW, NotationWatch())
    findings += table.findings
    if table.is_readable:
        findings += check_stamp(table.above, dict(book.properties), context)
    if blocking_findings(findings):
        return None, findings
    lines = _read_lines(table, context, counts_from_1904=book.counts_from_1904)
    if not lines:
        findings.append(_no_lines(table))
        return None, findings_in_order([*findings, *_of_rows(table)])
    findings += _of_rows(table)
    findings += _whole_sheet(table, lines, counts_from_1904=book.counts_from_1904)
    draft, places = _assemble(lines, context)
    checked = checked_findings(draft, places, findings, context)
    findings += [one for one in checked if one.code not in _NOT_IN_THE_SHEET | _SAID_ALREADY]
    return draft, findings_in_order(findings)


def _read_lines(table: SheetTable, context: CheckContext, *, counts_from_1904: bool) -> list[SimpleLine]:
    rows = sort_rows(table.rows)
    lists = simple_lists(context)
    lines = []
    for one in rows:
        if one.kind is RowKind.LINE:
            line = read_line(one.row, context, lists, counts_from_1904=counts_from_1904)
            one.amount_vnd = line.amount_vnd
            lines.append(line)
    check_repetition(lines)
    if not any(finding.is_blocking for line in lines for finding in line.row.findings):
        check_totals(rows)
        if lines:
            check_scale(lines)
    return lines


def _of_rows(table: SheetTable) -> list[Finding]:
    return [finding for row in table.rows for finding in row.findings]


def _whole_sheet(table: SheetTable, lines: Sequence[SimpleLine], *, counts_from_1904: bool) -> list[Finding]:
    hidden = sum(line.amount_vnd for line in lines if line.row.is_hidden)
    findings = list(hidden_rows_finding(table, f", tổng {format_vnd(hidden)} đồng"))
    dated = [line.row for line in lines if not line.row.cell("starts_on").is_blank]
    if counts_from_1904 and dated:
        said = "Tệp đếm ngày từ năm 1904 (Excel cho Mac cũ); ngày đã được đổi cho đúng."
        where = dated[0].location("starts_on")
        findings.append(Finding("W_DATE_1904", Severity.WARNS, said, where, "Kiểm tra lại các ngày."))
    said = (
        "Mẫu giản đơn: mỗi mã là một nhiệm vụ thường xuyên, một mức kinh phí, ưu tiên theo thứ tự trong tệp. "
        "Kết quả cam kết, tiểu mục, định mức, thuyết minh bổ sung trên web."
    )
    findings.append(Finding("SIMPLE_DEFAULTS", Severity.HINTS, said, Location(words="Tệp bảng tính")))
    return findings


def _no_lines(table: SheetTable) -> Finding:
    where = Location(sheet=table.shape.title, words=f"Trang {table.shape.title}")
    said = "Bảng chưa có dòng chi nào."
    return Finding("E_NO_LINES", Severity.BLOCKS, said, where, "Nhập ít nhất một dòng.")


def _assemble(lines: Sequence[SimpleLine], context: CheckContext) -> tuple[EstimateDraft, RowPlaces]:
    by_task: dict[str, list[SimpleLine]] = {}
    for line in lines:
        by_task.setdefault(line.task_code, []).append(line)
    places = RowPlaces()
    projects = []
    for index, (code, own) in enumerate(by_task.items()):
        places.heads.append(own[0].row)
        places.lines.append([line.row for line in own])
        places.promises.append([])
        places.keys[index] = _KEYS
        projects.append(
            ProjectDraft(
                project_key=code,
                priority=index + 1,
                name_vi=context.tasks[code].name_vi if code in context.tasks else "?",
                kind=ProjectKind.TASK,
                task_code=code,
                lines=tuple(line.line for line in own),
            )
        )
    return tidy_draft(EstimateDraft(tuple(projects))), places
