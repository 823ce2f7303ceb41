"""Reading rounds, their money and their measured outputs as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.records import Agency
from finance.clock import VIETNAM_TIME, Moment, business_moment
from finance.errors import NotFound, RoundClosed
from finance.programme.classification import Nature, OutputKind
from finance.programme.records import FundingSource, ProgrammeTask, Target
from finance.rounds.records import (
    BudgetRound,
    Ceiling,
    Envelope,
    RoundDeadline,
    RoundOutput,
    RoundOutputUnit,
    ScopeUnit,
)
from finance.rounds.rules import RoundKind, RoundStage, pool_vnd


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as pages and operations read it."""

    id: int
    code: str
    name_vi: str
    fiscal_year: int
    last_year: int
    kind: RoundKind
    is_open: bool
    is_demonstration: bool
    business_on: date | None
    edit_number: int
    is_practice: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose costs and results may be asked in this round."""
        return tuple(range(self.fiscal_year, self.last_year + 1))


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """The last instant of a stage."""

    stage: RoundStage
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """The control figure of one office from one source."""

    agency_id: int
    agency_short: str
    source_id: int
    source_code: str
    source_name: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class EnvelopeRow:
    """The money there is from one source, nature and year."""

    source_id: int
    source_code: str
    source_name: str
    nature: Nature
    year: int
    amount_vnd: int
    contingency_vnd: int
    unmeasured_vnd: int

    @property
    def pool_vnd(self) -> int:
        """What is left to allocate by results."""
        return pool_vnd(self.amount_vnd, self.contingency_vnd, self.unmeasured_vnd)


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A part that must be there for a unit or milestone to count."""

    code: str
    name_vi: str


@dataclass(frozen=True, slots=True)
class OutputRow:
    """A result of the round's catalogue with its measured baseline."""

    id: int
    code: str
    sort: int
    name_vi: str
    kind: OutputKind
    unit_name: str
    target_code: str
    task_code: str
    start_thousandths: int
    baseline_thousandths: int
    target_thousandths: int
    year: int
    follows_code: str | None
    curve: tuple[tuple[int, int], ...]
    components: tuple[ComponentRow, ...]
    measured_on: date | None
    measured_source: str
    is_invented: bool


@dataclass(frozen=True, slots=True)
class ScopeUnitRow:
    """A named unit that coverage is counted in."""

    id: int
    code: str
    name_vi: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class OutputUnitRow:
    """A unit within an output's scope."""

    unit_id: int
    unit_code: str
    unit_name: str
    is_exempt: bool
    reached_components: tuple[str, ...]


def list_rounds(session: Session, *, with_practice: bool = False) -> list[RoundRow]:
    """All rounds, newest first; those for practice only when asked for, after the others."""
    rounds = session.scalars(
        select(BudgetRound).order_by(
            BudgetRound.is_practice, BudgetRound.fiscal_year.desc(), BudgetRound.id.desc()
        )
    )
    return [_round_row(record) for record in rounds if with_practice or not record.is_practice]


def open_practice_rounds(session: Session) -> list[RoundRow]:
    """The rounds for practice that are open now, newest first."""
    return [row for row in list_rounds(session, with_practice=True) if row.is_practice and row.is_open]


def require_true_round(session: Session, round_id: int) -> None:
    """Refuse to count a practice round.

    Raises:
        NotFound: no such round, or it is one for practice: it is in no board, report or allocation.
    """
    if get_round(session, round_id).is_practice:
        raise NotFound("đợt lập dự toán", round_id)


def current_round(session: Session) -> RoundRow | None:
    """The open round that was opened last, or None; never one for practice."""
    return next((row for row in list_rounds(session) if row.is_open), None)


def get_round(session: Session, round_id: int) -> RoundRow:
    """The round with this id.

    Raises:
        NotFound: no such round.
    """
    record = session.get(BudgetRound, round_id)
    if record is None:
        raise NotFound("đợt lập dự toán", round_id)
    return _round_row(record)


def business_moment_of(session: Session, recorded_at: datetime) -> Moment:
    """The moment by which the procedure goes: a demonstration round's date, else the true time."""
    query = select(BudgetRound.business_on).where(BudgetRound.is_demonstration, BudgetRound.is_open)
    return business_moment(recorded_at, session.scalar(query.order_by(BudgetRound.id.desc()).limit(1)))


def list_deadlines(session: Session, round_id: int) -> list[DeadlineRow]:
    """The dated stages of a round, in the order of the procedure."""
    rows = session.scalars(select(RoundDeadline).where(RoundDeadline.round_id == round_id))
    order = list(RoundStage)
    return sorted(
        (DeadlineRow(row.stage, row.due_at) for row in rows), key=lambda row: order.index(row.stage)
    )


def find_deadline(session: Session, round_id: int, stage: RoundStage) -> datetime | None:
    """The last instant of the stage, or None when none was set."""
    query = select(RoundDeadline.due_at).where(
        RoundDeadline.round_id == round_id, RoundDeadline.stage == stage
    )
    return session.scalar(query)


def require_open_stage(session: Session, round_id: int, stage: RoundStage, moment: Moment) -> None:
    """Refuse an act after the stage's deadline or in a closed round.

    Raises:
        RoundClosed: the business time is past the deadline, or the round was closed.
        NotFound: no such round.
    """
    row = get_round(session, round_id)
    due_at = find_deadline(session, round_id, stage)
    is_late = due_at is not None and moment.business_at > due_at
    if is_late or not row.is_open:
        closed_at = due_at or moment.business_at
        local = closed_at.astimezone(VIETNAM_TIME)
        raise RoundClosed(stage.label_vi, closed_at, local.strftime("%H:%M %d/%m/%Y"))


def list_ceilings(session: Session, round_id: int, agency_id: int | None = None) -> list[CeilingRow]:
    """Control figures of the round (of one office), by office then source."""
    query = (
        select(Ceiling, Agency, FundingSource)
        .join(Agency, Agency.id == Ceiling.agency_id)
        .join(FundingSource, FundingSource.id == Ceiling.source_id)
        .where(Ceiling.round_id == round_id)
        .order_by(Agency.sort_key, FundingSource.sort)
    )
    if agency_id is not None:
        query = query.where(Ceiling.agency_id == agency_id)
    return [
        CeilingRow(agency.id, agency.short_vi, source.id, source.code, source.name_vi, ceiling.amount_vnd)
        for ceiling, agency, source in session.execute(query)
    ]


def list_envelopes(session: Session, round_id: int) -> list[EnvelopeRow]:
    """The money there is, by source, nature and year."""
    query = (
        select(Envelope, FundingSource)
        .join(FundingSource, FundingSource.id == Envelope.source_id)
        .where(Envelope.round_id == round_id)
        .order_by(FundingSource.sort, Envelope.nature, Envelope.year)
    )
    return [
        EnvelopeRow(
            source.id,
            source.code,
            source.name_vi,
            envelope.nature,
            envelope.year,
            envelope.amount_vnd,
            envelope.contingency_vnd,
            envelope.unmeasured_vnd,
        )
        for envelope, source in session.execute(query)
    ]


def list_outputs(session: Session, round_id: int) -> list[OutputRow]:
    """The round's catalogue of results, in the order of the decision."""
    query = (
        select(RoundOutput, Target.code, ProgrammeTask.code)
        .outerjoin(Target, Target.id == RoundOutput.target_id)
        .outerjoin(ProgrammeTask, ProgrammeTask.id == RoundOutput.task_id)
        .where(RoundOutput.round_id == round_id)
        .order_by(RoundOutput.sort, RoundOutput.id)
    )
    return [
        _output_row(output, target_code or "", task_code or "")
        for output, target_code, task_code in session.execute(query)
    ]


def list_scope_units(session: Session, round_id: int) -> list[ScopeUnitRow]:
    """The named units of the round, in Vietnamese alphabetical order."""
    query = select(ScopeUnit).where(ScopeUnit.round_id == round_id).order_by(ScopeUnit.sort_key, ScopeUnit.id)
    return [ScopeUnitRow(u.id, u.code, u.name_vi, u.kind, u.place) for u in session.scalars(query)]


def output_units(session: Session, round_id: int) -> dict[int, tuple[OutputUnitRow, ...]]:
    """For each coverage output the units of its scope: output id -> units in alphabetical order."""
    query = (
        select(RoundOutputUnit, ScopeUnit)
        .join(ScopeUnit, ScopeUnit.id == RoundOutputUnit.unit_id)
        .join(RoundOutput, RoundOutput.id == RoundOutputUnit.output_id)
        .where(RoundOutput.round_id == round_id)
        .order_by(ScopeUnit.sort_key, ScopeUnit.id)
    )
    found: dict[int, list[OutputUnitRow]] = {}
    for row, unit in session.execute(query):
        found.setdefault(row.output_id, []).append(
            OutputUnitRow(unit.id, unit.code, unit.name_vi, row.is_exempt, tuple(row.reached_components))
        )
    return {output_id: tuple(units) for output_id, units in found.items()}


def _round_row(record: BudgetRound) -> RoundRow:
    return RoundRow(
        record.id,
        record.code,
        record.name_vi,
        record.fiscal_year,
        record.last_year,
        record.kind,
        record.is_open,
        record.is_demonstration,
        record.business_on,
        record.edit_number,
        record.is_practice,
    )


def _output_row(output: RoundOutput, target_code: str, task_code: str) -> OutputRow:
    return OutputRow(
        id=output.id,
        code=output.code,
        sort=output.sort,
        name_vi=output.name_vi,
        kind=output.kind,
        unit_name=output.unit_name,
        target_code=target_code,
        task_code=task_code,
        start_thousandths=output.start_thousandths,
        baseline_thousandths=output.baseline_thousandths,
        target_thousandths=output.target_thousandths,
        year=output.year,
        follows_code=output.follows_code,
        curve=tuple((point[0], point[1]) for point in output.curve),
        components=tuple(ComponentRow(part["code"], part["name_vi"]) for part in output.components),
        measured_on=output.measured_on,
        measured_source=output.measured_source,
        is_invented=output.is_invented,
    )
