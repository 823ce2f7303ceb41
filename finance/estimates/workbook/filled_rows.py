"""The cells that show a draft: one mapping of column keys per row of each data sheet. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.merging.line_keys import line_key
from finance.estimates.totals import draft_line_amount, requested_ordinal
from finance.estimates.workbook.columns import (
    LINE_SHEET,
    MARK,
    PROJECT_SHEET,
    PROMISE_SHEET,
    amount_key,
    coded_cell,
    level_key,
    quantity_key,
)

Cells = Mapping[str, str | int | Decimal]


def rows_of_draft(draft: EstimateDraft, context: CheckContext) -> dict[str, list[Cells]]:
    """Cells by sheet title: one mapping of column keys per row."""
    return {
        PROJECT_SHEET.title: [_project_cells(project, context) for project in draft.projects],
        LINE_SHEET.title: [
            _line_cells(line, project, context) | {"line_key": line_key(project.project_key, number)}
            for project in draft.projects
            for number, line in enumerate(project.lines, start=1)
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


def _line_cells(
    line: LineDraft, project: ProjectDraft, context: CheckContext
) -> dict[str, str | int | Decimal]:
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
    cells["requested_vnd"] = draft_line_amount(line, requested_ordinal(project.levels))
    if line.norm_code:
        cells["norm_max_vnd"] = context.norms[line.norm_code].max_vnd
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
