"""Reading everything a version asks, in eight queries however many lines it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from finance.database import read_once
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft, tidy_draft
from finance.estimates.levels import LevelCode
from finance.estimates.records import (
    CostLine,
    EstimateProject,
    LineQuantity,
    ProjectLevel,
    ProjectTarget,
    PromisedOutput,
    PromisedUnit,
)
from finance.estimates.rows import LevelRow, LineRow, ProjectRow, PromiseRow, QuantityRow
from finance.estimates.totals import requested_ordinal
from finance.programme.records import (
    BudgetCode,
    FundingSource,
    ProgrammeTask,
    ReformArea,
    SpendingNorm,
    Target,
)
from finance.rounds.records import RoundOutput, ScopeUnit


def read_version(session: Session, version_id: int) -> tuple[ProjectRow, ...]:
    """The projects of a version by priority, then key, with everything they ask and promise."""
    in_version = EstimateProject.version_id == version_id
    return read_once(session, ("version", version_id), lambda: _read_projects(session, in_version))


def read_project(session: Session, version_id: int, project_key: str) -> ProjectRow | None:
    """One project of a version, without reading the others; None when it has none of this key."""
    named = and_(EstimateProject.version_id == version_id, EstimateProject.project_key == project_key)
    return next(iter(_read_projects(session, named)), None)


def _read_projects(session: Session, in_version: ColumnElement[bool]) -> tuple[ProjectRow, ...]:
    levels = _levels(session, in_version)
    lines = _lines(
        session, in_version, {level.id: level.ordinal for rows in levels.values() for level in rows}
    )
    promises = _promises(session, in_version)
    targets = _targets(session, in_version)
    query = (
        select(EstimateProject, ProgrammeTask.code, ReformArea.code)
        .join(ProgrammeTask, ProgrammeTask.id == EstimateProject.task_id)
        .join(ReformArea, ReformArea.id == ProgrammeTask.area_id)
        .where(in_version)
        .order_by(EstimateProject.priority)
    )
    rows = [
        ProjectRow(
            id=project.id,
            project_key=project.project_key,
            priority=project.priority,
            name_vi=project.name_vi,
            kind=project.kind,
            task_id=project.task_id,
            task_code=task_code,
            area_code=area_code,
            place=project.place,
            justification=project.justification,
            target_codes=tuple(sorted(targets.get(project.id, ()))),
            levels=tuple(levels.get(project.id, ())),
            lines=tuple(lines.get(project.id, ())),
            promises=tuple(promises.get(project.id, ())),
        )
        for project, task_code, area_code in session.execute(query)
    ]
    # Keys are sorted here, not by the store: the two stores order letters differently.
    return tuple(sorted(rows, key=lambda row: (row.priority, row.project_key)))


def draft_of_rows(projects: Sequence[ProjectRow]) -> EstimateDraft:
    """The stored projects in the shape in which form and workbook meet."""
    return tidy_draft(EstimateDraft(tuple(_project_draft(row) for row in projects)))


def asked_of_versions(session: Session, version_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Per version what it asks (requested levels, in đồng) and how many projects it holds."""
    amounts: dict[tuple[int, int], list[tuple[LevelCode, int]]] = defaultdict(list)
    asked = func.coalesce(func.sum(LineQuantity.amount_vnd), 0)
    query = (
        select(EstimateProject.version_id, EstimateProject.id, ProjectLevel.code, asked)
        .join(ProjectLevel, ProjectLevel.project_id == EstimateProject.id)
        .outerjoin(LineQuantity, LineQuantity.level_id == ProjectLevel.id)
        .where(EstimateProject.version_id.in_(version_ids))
        .group_by(EstimateProject.version_id, EstimateProject.id, ProjectLevel.ordinal, ProjectLevel.code)
        .order_by(EstimateProject.id, ProjectLevel.ordinal)
    )
    for version_id, project_id, code, amount in session.execute(query):
        amounts[version_id, project_id].append((code, int(amount)))
    found: dict[int, tuple[int, int]] = {}
    for (version_id, _project_id), levels in amounts.items():
        total, count = found.get(version_id, (0, 0))
        requested = requested_ordinal([code for code, _amount in levels])
        found[version_id] = (total + levels[requested - 1][1], count + 1)
    return found


def _levels(session: Session, in_version: ColumnElement[bool]) -> dict[int, list[LevelRow]]:
    asked = func.coalesce(func.sum(LineQuantity.amount_vnd), 0)
    query = (
        select(ProjectLevel.project_id, ProjectLevel.id, ProjectLevel.ordinal, ProjectLevel.code, asked)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .outerjoin(LineQuantity, LineQuantity.level_id == ProjectLevel.id)
        .where(in_version)
        .group_by(ProjectLevel.project_id, ProjectLevel.id, ProjectLevel.ordinal, ProjectLevel.code)
        .order_by(ProjectLevel.project_id, ProjectLevel.ordinal)
    )
    found: dict[int, list[LevelRow]] = defaultdict(list)
    for project_id, level_id, ordinal, code, amount in session.execute(query):
        # PostgreSQL adds whole numbers up as NUMERIC; the sum is still whole.
        found[project_id].append(LevelRow(level_id, ordinal, code, int(amount)))
    return found


def _lines(
    session: Session, in_version: ColumnElement[bool], ordinals: dict[int, int]
) -> dict[int, list[LineRow]]:
    quantities = _quantities(session, in_version)
    lines = (
        select(
            CostLine.project_id,
            CostLine.id,
            CostLine.position,
            CostLine.item_vi,
            BudgetCode.code.label("budget_code"),
            SpendingNorm.code.label("norm_code"),
            SpendingNorm.max_vnd,
            CostLine.source_id,
            FundingSource.code.label("source_code"),
            CostLine.nature,
            CostLine.year,
            CostLine.unit_name,
            CostLine.unit_price_vnd,
            CostLine.frequency_thousandths,
            CostLine.over_norm_reason,
            CostLine.note,
        )
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .join(FundingSource, FundingSource.id == CostLine.source_id)
        .outerjoin(BudgetCode, BudgetCode.id == CostLine.budget_code_id)
        .outerjoin(SpendingNorm, SpendingNorm.id == CostLine.norm_id)
        .where(in_version)
        .order_by(CostLine.project_id, CostLine.position)
    )
    found: dict[int, list[LineRow]] = defaultdict(list)
    for row in session.execute(lines):
        found[row.project_id].append(
            LineRow(
                id=row.id,
                position=row.position,
                item_vi=row.item_vi,
                budget_code=row.budget_code or "",
                norm_code=row.norm_code or "",
                norm_max_vnd=row.max_vnd,
                source_id=row.source_id,
                source_code=row.source_code,
                nature=row.nature,
                year=row.year,
                unit_name=row.unit_name,
                unit_price_vnd=row.unit_price_vnd,
                frequency_thousandths=row.frequency_thousandths,
                over_norm_reason=row.over_norm_reason,
                note=row.note,
                quantities=tuple(sorted(quantities[row.id], key=lambda q: ordinals[q.level_id])),
            )
        )
    return found


def _quantities(session: Session, in_version: ColumnElement[bool]) -> dict[int, list[QuantityRow]]:
    """Per line its quantities, in no order."""
    quantities: dict[int, list[QuantityRow]] = defaultdict(list)
    # Columns, not records: making a record of each of thousands of rows takes most of the time.
    query = (
        select(
            LineQuantity.line_id,
            LineQuantity.level_id,
            LineQuantity.quantity_thousandths,
            LineQuantity.amount_vnd,
        )
        .join(CostLine, CostLine.id == LineQuantity.line_id)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .where(in_version)
    )
    for line_id, level_id, quantity_thousandths, amount_vnd in session.execute(query):
        quantities[line_id].append(QuantityRow(level_id, quantity_thousandths, amount_vnd))
    return quantities


def _promises(session: Session, in_version: ColumnElement[bool]) -> dict[int, list[PromiseRow]]:
    units: dict[int, list[tuple[str, int]]] = defaultdict(list)
    query = (
        select(PromisedUnit.promise_id, ScopeUnit.code, ScopeUnit.id)
        .join(ScopeUnit, ScopeUnit.id == PromisedUnit.unit_id)
        .join(PromisedOutput, PromisedOutput.id == PromisedUnit.promise_id)
        .join(ProjectLevel, ProjectLevel.id == PromisedOutput.level_id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .where(in_version)
    )
    for promise_id, unit_code, unit_id in session.execute(query):
        units[promise_id].append((unit_code, unit_id))
    promises = (
        select(PromisedOutput, ProjectLevel.project_id, ProjectLevel.ordinal, RoundOutput)
        .join(ProjectLevel, ProjectLevel.id == PromisedOutput.level_id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .join(RoundOutput, RoundOutput.id == PromisedOutput.output_id)
        .where(in_version)
        .order_by(ProjectLevel.project_id, ProjectLevel.ordinal, RoundOutput.sort, PromisedOutput.id)
    )
    found: dict[int, list[PromiseRow]] = defaultdict(list)
    for promise, project_id, ordinal, output in session.execute(promises):
        named = sorted(units[promise.id])
        found[project_id].append(
            PromiseRow(
                id=promise.id,
                level_id=promise.level_id,
                level_ordinal=ordinal,
                output_id=output.id,
                output_code=output.code,
                output_name=output.name_vi,
                output_kind=output.kind,
                unit_name=output.unit_name,
                year=promise.year,
                component=promise.component,
                quantity_thousandths=promise.quantity_thousandths,
                unit_ids=tuple(unit_id for _code, unit_id in named),
                unit_codes=tuple(code for code, _unit_id in named),
            )
        )
    return found


def _targets(session: Session, in_version: ColumnElement[bool]) -> dict[int, list[str]]:
    query = (
        select(ProjectTarget.project_id, Target.code)
        .join(Target, Target.id == ProjectTarget.target_id)
        .join(EstimateProject, EstimateProject.id == ProjectTarget.project_id)
        .where(in_version)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for project_id, code in session.execute(query):
        found[project_id].append(code)
    return found


def _project_draft(row: ProjectRow) -> ProjectDraft:
    return ProjectDraft(
        project_key=row.project_key,
        priority=row.priority,
        name_vi=row.name_vi,
        kind=row.kind,
        task_code=row.task_code,
        place=row.place,
        justification=row.justification,
        target_codes=row.target_codes,
        levels=tuple(level.code for level in row.levels),
        lines=tuple(_line_draft(line) for line in row.lines),
        promises=tuple(_promise_draft(promise) for promise in row.promises),
    )


def _line_draft(row: LineRow) -> LineDraft:
    return LineDraft(
        item_vi=row.item_vi,
        source_code=row.source_code,
        nature=row.nature,
        year=row.year,
        unit_name=row.unit_name,
        unit_price_vnd=row.unit_price_vnd,
        quantities=tuple(quantity.quantity_thousandths for quantity in row.quantities),
        frequency_thousandths=row.frequency_thousandths,
        budget_code=row.budget_code,
        norm_code=row.norm_code,
        over_norm_reason=row.over_norm_reason,
        note=row.note,
    )


def _promise_draft(row: PromiseRow) -> PromiseDraft:
    return PromiseDraft(
        level=row.level_ordinal,
        output_code=row.output_code,
        year=row.year,
        quantity_thousandths=row.quantity_thousandths,
        component=row.component,
        unit_codes=row.unit_codes,
    )
