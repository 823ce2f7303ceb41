"""Reading the programme as small frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from finance.agencies.records import Agency, AgencyGroup
from finance.programme.classification import BodyRole, Nature, Operator, OutputKind
from finance.programme.records import (
    BudgetCode,
    FundingSource,
    ProgrammeTask,
    ReformArea,
    SpendingNorm,
    Target,
    TaskBody,
    TaskDeliverable,
    TaskTarget,
)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One of the contents of reform."""

    id: int
    code: str
    name_vi: str
    source: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with the figure and year the decision gives it."""

    id: int
    code: str
    sort: int
    period: str
    area_code: str
    kind: OutputKind
    name_vi: str
    unit_name: str
    scope_vi: str
    operator: Operator
    value_thousandths: int | None
    year: int
    quarter: int | None
    is_year_explicit: bool
    is_ambiguous: bool
    exception_vi: str
    follows_code: str | None
    source_line: int
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """An office or a group of offices with its role in a task."""

    role: BodyRole
    body_code: str
    name_vi: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An annex task with its bodies and targets."""

    id: int
    code: str
    sort: int
    area_code: str
    name_vi: str
    start_year: int | None
    end_year: int | None
    deadline_vi: str
    deliverables_vi: str
    needs_it_opinion: bool
    source: str
    bodies: tuple[BodyRow, ...]
    target_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    """A product an annex task must hand over."""

    id: int
    code: str
    task_code: str
    name_vi: str
    year: int
    quarter: int | None
    is_year_explicit: bool
    source: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A funding source."""

    id: int
    code: str
    name_vi: str
    nature: Nature
    level_code: str
    enters_pool: bool
    is_certain: bool
    source: str


@dataclass(frozen=True, slots=True)
class NormRow:
    """A version of a spending norm.

    Attributes:
        level_code: of the offices it is meant for; empty for every level.
        is_firm: nothing above it is allowed, not even with a reason.
        set_by: who set it, empty when a reference file brought it.
        ended_by: the document that repealed or replaced it.
        replaces_code: code of the version before.
    """

    id: int
    code: str
    item_vi: str
    unit_name: str
    max_vnd: int
    legal_reference: str
    valid_from: date | None
    valid_to: date | None
    is_confirmed: bool
    level_code: str
    is_firm: bool
    set_by: str
    ended_by: str
    replaces_code: str
    note: str
    edit_number: int


@dataclass(frozen=True, slots=True)
class BudgetCodeRow:
    """One code of the budget classification."""

    id: int
    segment: str
    code: str
    name_vi: str
    is_confirmed: bool
    source: str


def list_areas(session: Session) -> list[AreaRow]:
    """The contents of reform, in the order of the decision."""
    query = select(ReformArea).order_by(ReformArea.code)
    return [AreaRow(a.id, a.code, a.name_vi, a.source) for a in session.scalars(query)]


def list_targets(session: Session) -> list[TargetRow]:
    """The targets, in the order of the decision."""
    query = (
        select(Target, ReformArea.code)
        .join(ReformArea, ReformArea.id == Target.area_id)
        .order_by(Target.sort, Target.id)
    )
    return [_target_row(target, area_code) for target, area_code in session.execute(query)]


def list_tasks(session: Session) -> list[TaskRow]:
    """The annex tasks with bodies and targets, in the order of the annex."""
    bodies = _bodies_by_task(session)
    targets = _targets_by_task(session)
    query = (
        select(ProgrammeTask, ReformArea.code)
        .join(ReformArea, ReformArea.id == ProgrammeTask.area_id)
        .order_by(ProgrammeTask.sort)
    )
    return [
        TaskRow(
            task.id,
            task.code,
            task.sort,
            area_code,
            task.name_vi,
            task.start_year,
            task.end_year,
            task.deadline_vi,
            task.deliverables_vi,
            task.needs_it_opinion,
            task.source,
            tuple(bodies.get(task.id, ())),
            tuple(targets.get(task.id, ())),
        )
        for task, area_code in session.execute(query)
    ]


def list_deliverables(session: Session) -> list[DeliverableRow]:
    """The products that annex tasks must hand over, in the order of the annex."""
    query = (
        select(TaskDeliverable, ProgrammeTask.code)
        .join(ProgrammeTask, ProgrammeTask.id == TaskDeliverable.task_id)
        .order_by(ProgrammeTask.sort, TaskDeliverable.id)
    )
    return [
        DeliverableRow(d.id, d.code, task_code, d.name_vi, d.year, d.quarter, d.is_year_explicit, d.source)
        for d, task_code in session.execute(query)
    ]


def list_sources(session: Session) -> list[SourceRow]:
    """The funding sources of section VI, in its order."""
    return [
        SourceRow(s.id, s.code, s.name_vi, s.nature, s.level_code, s.enters_pool, s.is_certain, s.source)
        for s in session.scalars(select(FundingSource).order_by(FundingSource.sort))
    ]


def list_norms(session: Session, on: date | None = None) -> list[NormRow]:
    """Spending norms (in force on the date, when one is given), by code."""
    query = select(SpendingNorm).order_by(SpendingNorm.code)
    if on is not None:
        query = query.where(
            or_(SpendingNorm.valid_from.is_(None), SpendingNorm.valid_from <= on),
            or_(SpendingNorm.valid_to.is_(None), SpendingNorm.valid_to >= on),
        )
    return [
        NormRow(
            n.id,
            n.code,
            n.item_vi,
            n.unit_name,
            n.max_vnd,
            n.legal_reference,
            n.valid_from,
            n.valid_to,
            n.is_confirmed,
            n.level_code,
            n.is_firm,
            n.set_by,
            n.ended_by,
            n.replaces_code,
            n.note,
            n.edit_number,
        )
        for n in session.scalars(query)
    ]


def list_budget_codes(session: Session, segment: str | None = None) -> list[BudgetCodeRow]:
    """Codes of the budget classification (of one segment), by segment and code."""
    query = select(BudgetCode).order_by(BudgetCode.segment, BudgetCode.code)
    if segment is not None:
        query = query.where(BudgetCode.segment == segment)
    return [
        BudgetCodeRow(c.id, c.segment, c.code, c.name_vi, c.is_confirmed, c.source)
        for c in session.scalars(query)
    ]


def _bodies_by_task(session: Session) -> dict[int, list[BodyRow]]:
    names = {row.code: row.name_vi for row in session.execute(select(AgencyGroup.code, AgencyGroup.name_vi))}
    names |= {row.code: row.name_vi for row in session.execute(select(Agency.code, Agency.name_vi))}
    found: dict[int, list[BodyRow]] = {}
    for body in session.scalars(select(TaskBody).order_by(TaskBody.id)):
        row = BodyRow(body.role, body.body_code, names.get(body.body_code, body.body_code))
        found.setdefault(body.task_id, []).append(row)
    return found


def _targets_by_task(session: Session) -> dict[int, list[str]]:
    query = (
        select(TaskTarget.task_id, Target.code)
        .join(Target, Target.id == TaskTarget.target_id)
        .order_by(Target.sort)
    )
    found: dict[int, list[str]] = {}
    for task_id, code in session.execute(query):
        found.setdefault(task_id, []).append(code)
    return found


def _target_row(target: Target, area_code: str) -> TargetRow:
    return TargetRow(
        id=target.id,
        code=target.code,
        sort=target.sort,
        period=target.period,
        area_code=area_code,
        kind=target.kind,
        name_vi=target.name_vi,
        unit_name=target.unit_name,
        scope_vi=target.scope_vi,
        operator=target.operator,
        value_thousandths=target.value_thousandths,
        year=target.year,
        quarter=target.quarter,
        is_year_explicit=target.is_year_explicit,
        is_ambiguous=target.is_ambiguous,
        exception_vi=target.exception_vi,
        follows_code=target.follows_code,
        source_line=target.source_line,
        source=target.source,
        note=target.note,
    )
