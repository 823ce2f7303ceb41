"""The sheet "Tổng hợp": what the estimate comes to while it is being filled in, against the control figures.

Every figure is a formula over the other sheets, with the value it has now beside it, so that programs
which do not compute show the right one too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.totals import draft_level_total, parts_of_draft, requested_ordinal
from finance.estimates.workbook.columns import TOTALS_SHEET, CellKind, column_letters
from finance.estimates.workbook.sheet_formulas import (
    REQUESTED_LEVEL_COLUMN,
    TOTALS_FIRST_ROW,
    level_total_formula,
    project_mirror_formula,
    requested_level_formula,
    source_total_formula,
)
from finance.estimates.workbook.template_styles import Styles, print_across

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


_SOURCE_COLUMN = 9  # sources stand to the right of the projects: both are seen at once
_WIDTHS = (12, 40, 16, 16, 16, 16, 18, 4, 3, 14, 34, 18, 18, 18)
_EXPLANATION = (
    "Tự tính từ các trang khác, không nhập ở trang này. Ô đỏ: vượt số kiểm tra. Mức đề nghị: mức Đầy đủ "
    "nếu có, nếu không thì mức cao nhất trừ mức Mở rộng."
)


def fill_totals(
    page: Worksheet,
    context: CheckContext,
    draft: EstimateDraft,
    styles: Styles,
    last_rows: tuple[int, int],
) -> None:
    """Write the sheet.

    Args:
        page: an empty sheet.
        context: sources and control figures.
        draft: what the other sheets hold now.
        styles: of the workbook.
        last_rows: the last row offered by the sheet of projects and by that of lines.
    """
    for index, width in enumerate(_WIDTHS):
        page.set_column(index, index, width)
    page.set_column(REQUESTED_LEVEL_COLUMN, REQUESTED_LEVEL_COLUMN, 4, None, {"hidden": True})
    page.write_string(0, 0, TOTALS_SHEET, styles.title)
    page.write_string(1, 0, "Đơn vị tính: đồng", styles.note)
    page.write_string(2, 0, _EXPLANATION, styles.note)
    project_last, line_last = last_rows
    _write_projects(page, draft.projects, styles, project_last, line_last)
    _write_sources(page, context, draft, styles, line_last)
    print_across(page, TOTALS_FIRST_ROW - 1)
    page.freeze_panes(TOTALS_FIRST_ROW - 1, 0)
    page.protect("", {"format_columns": True, "format_rows": True})


def _write_projects(
    page: Worksheet, projects: Sequence[ProjectDraft], styles: Styles, project_last: int, line_last: int
) -> None:
    levels = [f"Mức {code.label_vi}" for code in LEVEL_ORDER]
    for index, title in enumerate(("Mã dự án", "Tên", *levels, "Mức đề nghị", "")):
        page.write_string(TOTALS_FIRST_ROW - 2, index, title, styles.header)
    text, money = styles.by_kind[CellKind.KEY], styles.by_kind[CellKind.AMOUNT]
    first_project_row = 5
    rows = project_last - first_project_row + 1
    for number in range(rows):
        row = TOTALS_FIRST_ROW + number
        known = projects[number] if number < len(projects) else None
        shown = _shown(known)
        page.write_formula(row - 1, 0, project_mirror_formula("project_key", row), text, shown[0])
        page.write_formula(row - 1, 1, project_mirror_formula("name_vi", row), text, shown[1])
        for place, code in enumerate(LEVEL_ORDER):
            formula = level_total_formula(code, row, line_last)
            page.write_formula(row - 1, 2 + place, formula, money, shown[2 + place])
        asked = f'=IF($A{row}="","",INDEX($C{row}:$F{row},1,$H{row}))'
        page.write_formula(row - 1, 6, asked, money, shown[6])
        page.write_formula(row - 1, REQUESTED_LEVEL_COLUMN, requested_level_formula(row), text, shown[7])


def _shown(project: ProjectDraft | None) -> list[str | int]:
    """What the row shows: key, name, the four levels, what is asked, which level that is."""
    if project is None:
        return [""] * 8
    by_level = {
        code: draft_level_total(project, ordinal) for ordinal, code in enumerate(project.levels, start=1)
    }
    asked = project.levels[requested_ordinal(project.levels) - 1]
    figures = [by_level.get(code, 0) for code in LEVEL_ORDER]
    place = LEVEL_ORDER.index(asked) + 1
    return [project.project_key, project.name_vi, *figures, by_level[asked], place]


def _write_sources(
    page: Worksheet, context: CheckContext, draft: EstimateDraft, styles: Styles, line_last: int
) -> None:
    year = context.fiscal_year
    titles = ["Mã nguồn", "Nguồn kinh phí", f"Số kiểm tra {year}", f"Đề nghị {year}", "Còn lại"]
    elsewhere = _in_parts(context)
    if elsewhere:
        titles.append(f"Đã tính ở dự án cơ quan khác {year}")
        page.set_column(_SOURCE_COLUMN + 5, _SOURCE_COLUMN + 5, _WIDTHS[-1])
    for index, title in enumerate(titles, start=_SOURCE_COLUMN):
        page.write_string(TOTALS_FIRST_ROW - 2, index, title, styles.header)
    asked = asked_in_year(draft, year)
    text, money = styles.by_kind[CellKind.KEY], styles.by_kind[CellKind.AMOUNT]
    for row, source in enumerate(context.sources.values(), start=TOTALS_FIRST_ROW):
        ceiling = context.ceilings.get(source.code)
        total = asked.get(source.code, 0)
        page.write_string(row - 1, _SOURCE_COLUMN, source.code, text)
        page.write_string(row - 1, _SOURCE_COLUMN + 1, source.name_vi, text)
        if ceiling is None:
            page.write_string(row - 1, _SOURCE_COLUMN + 2, "chưa có", text)
        else:
            page.write_number(row - 1, _SOURCE_COLUMN + 2, ceiling, money)
        formula = source_total_formula(row, year, line_last)
        page.write_formula(row - 1, _SOURCE_COLUMN + 3, formula, money, total)
        in_parts = elsewhere.get(source.code, 0)
        taken = f"$L{row}-$M{row}-$O{row}" if elsewhere else f"$L{row}-$M{row}"
        if elsewhere:
            page.write_number(row - 1, _SOURCE_COLUMN + 5, in_parts, money)
        left = f'=IF(ISNUMBER($L{row}),{taken},"")'
        remaining: str | int = "" if ceiling is None else ceiling - total - in_parts
        page.write_formula(row - 1, _SOURCE_COLUMN + 4, left, money, remaining)
    last = TOTALS_FIRST_ROW + len(context.sources) - 1
    letters = column_letters(_SOURCE_COLUMN + 4)
    rule = f"=AND(ISNUMBER(${letters}{TOTALS_FIRST_ROW}),${letters}{TOTALS_FIRST_ROW}<0)"
    page.conditional_format(
        TOTALS_FIRST_ROW - 1,
        _SOURCE_COLUMN + 3,
        max(last, TOTALS_FIRST_ROW) - 1,
        _SOURCE_COLUMN + 4,
        {"type": "formula", "criteria": rule, "format": styles.exceeded},
    )


def _in_parts(context: CheckContext) -> dict[str, int]:
    """What the office's parts in other offices' projects take of its control figures, by source, in đồng."""
    codes = context.parts_bound.keys() | context.parts_competing.keys()
    return {
        code: context.parts_bound.get(code, 0) + context.parts_competing.get(code, 0)
        for code in sorted(codes)
    }


def asked_in_year(draft: EstimateDraft, year: int) -> dict[str, int]:
    """What the draft asks of each source in one year, at the levels that count, in đồng."""
    sums: dict[str, int] = {}
    for project in draft.projects:
        for part in parts_of_draft(project, requested_ordinal(project.levels)):
            if part.year == year:
                sums[part.source_code] = sums.get(part.source_code, 0) + part.amount_vnd
    return sums
