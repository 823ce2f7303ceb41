"""Reading the full template, three sheets, into a draft: every finding at once, with its sheet and cell.

Nothing is guessed and nothing is dropped: a cell that could mean two things, a row that belongs to
no project, a formula nobody calculated is a finding. The checks of `checks.py` speak here too, with the
cell in place of the form field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import (
    EstimateDraft,
    LineDraft,
    ProjectDraft,
    PromiseDraft,
    promise_key,
    tidy_draft,
)
from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.totals import draft_line_amount
from finance.estimates.workbook.book import Book
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.columns import (
    LINE_SHEET,
    PROJECT_SHEET,
    PROMISE_SHEET,
    amount_key,
    level_key,
    quantity_key,
)
from finance.estimates.workbook.placing import RowPlaces, checked_findings, findings_in_order
from finance.estimates.workbook.sheets import OpenedWorkbook, open_data_sheets
from finance.findings import Finding
from finance.money import format_vnd
from finance.programme.classification import Nature, ProjectKind
from finance.written_numbers import read_stored_number

LINE_NATURES = (Nature.RECURRENT, Nature.CAPITAL)


@dataclass(slots=True)
class _ReadProject:
    """A project on its way from rows to draft: each part with the row it stands in."""

    row: SheetRow
    head: ProjectDraft
    lines: list[tuple[LineDraft, SheetRow]] = field(default_factory=list)
    promises: list[tuple[PromiseDraft, SheetRow]] = field(default_factory=list)


def read_project_sheets(book: Book, context: CheckContext) -> tuple[EstimateDraft | None, list[Finding]]:
    """What a workbook of the full template asks, and everything there is to say about it.

    Args:
        book: the opened workbook.
        context: programme, round and office the estimate belongs to.

    Returns:
        The tidied draft, or None when the file is not the office's template at all; and all findings
        in the order of sheets and rows. The draft holds stand-ins where a cell could not be read, so
        it may be used only when no finding blocks.

    Raises:
        WorkbookRefused: a sheet is damaged or larger than any estimate.
    """
    opened, findings = open_data_sheets(book, context)
    if opened is None:
        return None, findings
    projects = _read_projects(opened.rows[PROJECT_SHEET.title])
    _read_lines(opened, projects, context)
    _read_promises(opened.rows[PROMISE_SHEET.title], projects, context)
    findings += [finding for rows in opened.rows.values() for row in rows for finding in row.findings]
    draft, places = _assemble(projects.values())
    return draft, findings_in_order(findings + checked_findings(draft, places, findings, context))


def _read_projects(rows: Iterable[SheetRow]) -> dict[str, _ReadProject]:
    """Projects by key; a second row with the same key is refused and not read on."""
    found: dict[str, _ReadProject] = {}
    for row in rows:
        key = row.text("project_key")
        if key and key in found:
            row.refuse(
                "PROJECT_KEY_DOUBLE",
                "project_key",
                f"Mã “{key}” đã dùng ở dòng {found[key].row.number}.",
                "Mỗi dự án một mã riêng.",
            )
            continue
        # Rows without a key stay apart: each is a project of its own that lacks its key.
        found[key or f"\n{row.number}"] = _ReadProject(row, _project_head(row, key))
    return found


def _project_head(row: SheetRow, key: str) -> ProjectDraft:
    levels = tuple(code for code in LEVEL_ORDER if row.is_marked(level_key(code)))
    kind = row.label("kind", ProjectKind, "loại")
    return ProjectDraft(
        project_key=key,
        priority=row.whole("priority", "thứ tự ưu tiên"),
        name_vi=row.text("name_vi"),
        kind=kind if isinstance(kind, ProjectKind) else ProjectKind.PROJECT,
        task_code=row.code("task_code"),
        place=row.text("place"),
        justification=row.text("justification"),
        target_codes=row.codes("target_codes"),
        levels=levels or (LevelCode.FULL,),
    )


def _read_lines(opened: OpenedWorkbook, projects: dict[str, _ReadProject], context: CheckContext) -> None:
    for row in opened.rows[LINE_SHEET.title]:
        project = _project_of(row, projects)
        levels = project.head.levels if project else LEVEL_ORDER
        line = _line(row, levels, context)
        if project is not None:
            _compare_amounts(row, line, levels)
            project.lines.append((line, row))


def _line(row: SheetRow, levels: tuple[LevelCode, ...], context: CheckContext) -> LineDraft:
    nature = row.label("nature", LINE_NATURES, "tính chất chi")
    for code in LEVEL_ORDER:
        if code not in levels and row.quantity(quantity_key(code), 0):
            row.refuse(
                "QUANTITY_WITHOUT_LEVEL",
                quantity_key(code),
                f"Có số lượng ở mức {code.label_vi} nhưng dự án không có mức này.",
                f"Xóa số lượng, hoặc đánh dấu mức {code.label_vi} ở trang {PROJECT_SHEET.title}.",
            )
    return LineDraft(
        item_vi=row.text("item_vi"),
        source_code=row.code("source_code"),
        nature=nature if isinstance(nature, Nature) else Nature.RECURRENT,
        year=_year(row, context),
        unit_name=row.text("unit_name"),
        unit_price_vnd=row.vnd("unit_price_vnd"),
        quantities=tuple(row.quantity(quantity_key(code), 0) for code in levels),
        frequency_thousandths=row.quantity("frequency_thousandths", 1000),
        budget_code=row.code("budget_code"),
        norm_code=row.code("norm_code"),
        over_norm_reason=row.text("over_norm_reason"),
        note=row.text("note"),
        line_key=str(row.cell("line_key").value or ""),
    )


def _compare_amounts(row: SheetRow, line: LineDraft, levels: tuple[LevelCode, ...]) -> None:
    """The program's own product stands; a file that shows another one is told so."""
    if any(finding.is_blocking for finding in row.findings) or line.frequency_thousandths <= 0:
        return
    for ordinal, code in enumerate(levels, start=1):
        shown = row.cell(amount_key(code)).value
        if not shown:
            continue
        try:
            computed = draft_line_amount(line, ordinal)
        except OverflowError:
            return  # the checks say that it is too large
        if read_stored_number(shown) != computed:
            row.warn(
                "AMOUNT_DIFFERS",
                amount_key(code),
                f"Tệp ghi {shown[:40]}, hệ thống tính {format_vnd(computed)} đồng; lấy số của hệ thống.",
                "Kiểm tra lại đơn giá, số lần, số lượng.",
            )


def _read_promises(
    rows: Iterable[SheetRow], projects: dict[str, _ReadProject], context: CheckContext
) -> None:
    for row in rows:
        project = _project_of(row, projects)
        promise = _promise(row, project.head.levels if project else LEVEL_ORDER, context)
        if project is not None:
            project.promises.append((promise, row))


def _promise(row: SheetRow, levels: tuple[LevelCode, ...], context: CheckContext) -> PromiseDraft:
    level = 1
    # A project of one level need not name it on every row.
    if len(levels) > 1 or not row.cell("level").is_blank:
        code = row.label("level", LEVEL_ORDER, "mức")
        if isinstance(code, LevelCode) and code in levels:
            level = levels.index(code) + 1
        elif isinstance(code, LevelCode):
            row.refuse(
                "LEVEL_UNKNOWN", "level", f"Dự án không có mức {code.label_vi}.", "Chọn một mức của dự án."
            )
    return PromiseDraft(
        level=level,
        output_code=row.code("output_code"),
        year=_year(row, context),
        quantity_thousandths=row.quantity("quantity_thousandths", 0),
        component=row.code("component"),
        unit_codes=row.codes("unit_codes"),
    )


def _year(row: SheetRow, context: CheckContext) -> int:
    known = len(row.findings)
    year = row.whole("year", "năm")
    return year if len(row.findings) == known else context.fiscal_year


def _project_of(row: SheetRow, projects: dict[str, _ReadProject]) -> _ReadProject | None:
    key = row.text("project_key")
    if key and key in projects:
        return projects[key]
    if not any(finding.location.field == "project_key" for finding in row.findings):
        said = f"Không có dự án mã “{key}” ở trang {PROJECT_SHEET.title}." if key else "Chưa ghi mã dự án."
        row.refuse("PROJECT_OF_ROW_UNKNOWN", "project_key", said, "Ghi đúng mã dự án.")
    return None


def _assemble(projects: Iterable[_ReadProject]) -> tuple[EstimateDraft, RowPlaces]:
    """The tidied draft, and the row of every part the checks may name."""
    # Sorted as `tidy_draft` sorts, so that a field's numbers mean the same project and promise.
    ordered = sorted(projects, key=lambda project: (project.head.priority, project.head.project_key))
    places = RowPlaces()
    drafts = []
    for index, project in enumerate(ordered):
        project.promises.sort(key=lambda pair: promise_key(pair[0]))
        levels = project.head.levels
        places.heads.append(project.row)
        places.lines.append([row for _line_draft, row in project.lines])
        places.promises.append([row for _promise_draft, row in project.promises])
        places.keys[index] = (
            {"lines": "project_key", "promises": "project_key", "levels": level_key(levels[0])}
            | {f"levels-{place}": level_key(code) for place, code in enumerate(levels)}
            | {f"quantities-{place}": quantity_key(code) for place, code in enumerate(levels)}
        )
        drafts.append(
            replace(
                project.head,
                lines=tuple(line for line, _row in project.lines),
                promises=tuple(promise for promise, _row in project.promises),
            )
        )
    return tidy_draft(EstimateDraft(tuple(drafts))), places
