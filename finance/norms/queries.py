"""Reading norms with their versions and examples, and the lines that rest on one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.records import Agency, BudgetLevel
from finance.errors import NotFound
from finance.estimates.checking.cost_norms import is_ended
from finance.estimates.estimate_lookup import may_see, private_estimates
from finance.estimates.levels import LevelCode
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
)
from finance.estimates.totals import requested_ordinal
from finance.estimates.workflow import EstimateStatus
from finance.norms.records import NormExample
from finance.norms.rules import Example
from finance.programme.queries import NormRow, list_norms
from finance.programme.records import SpendingNorm
from finance.rounds.records import BudgetRound


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """A cost line of a running round that names a norm.

    Attributes:
        is_private: only its own office may see the estimate.
        asked_vnd: of the requested level.
    """

    line_id: int
    estimate_id: int
    agency_id: int
    agency_short: str
    round_name: str
    status: EstimateStatus
    is_private: bool
    project_key: str
    project_name: str
    position: int
    item_vi: str
    unit_price_vnd: int
    asked_vnd: int


@dataclass(frozen=True, slots=True)
class AffectedLines:
    """The lines a person may see one by one, and how many stand in drafts nobody else may read."""

    shown: tuple[AffectedLine, ...]
    hidden_lines: int
    hidden_offices: int

    @property
    def total(self) -> int:
        """All of them."""
        return len(self.shown) + self.hidden_lines

    @property
    def asked_vnd(self) -> int:
        """What the lines shown ask."""
        return sum(line.asked_vnd for line in self.shown)


def get_norm(session: Session, norm_id: int) -> NormRow:
    """One version of a norm.

    Raises:
        NotFound: no such norm.
    """
    found = next((row for row in list_norms(session) if row.id == norm_id), None)
    if found is None:
        raise NotFound("định mức chi", norm_id)
    return found


def norm_versions(session: Session, norm: NormRow) -> list[NormRow]:
    """The norm with those before and after it, newest first."""
    rows = {row.code: row for row in list_norms(session)}
    following = {row.replaces_code: row for row in rows.values() if row.replaces_code}
    found = [norm]
    while found[0].code in following:
        found.insert(0, following[found[0].code])
    while found[-1].replaces_code in rows:
        found.append(rows[found[-1].replaces_code])
    return found


def list_examples(session: Session, norm_id: int) -> list[Example]:
    """The examples stored beside a norm."""
    query = select(NormExample).where(NormExample.norm_id == norm_id).order_by(NormExample.position)
    return [
        Example(row.unit_price_vnd, row.on_date, row.verdict, row.level_code)
        for row in session.scalars(query)
    ]


def affected_lines(session: Session, actor: Actor, norm_id: int) -> AffectedLines:
    """Every line of the running rounds that names this version, as far as the person may see them."""
    every = lines_naming(session, norm_id)
    shown = [line for line in every if may_see(actor, line.agency_id, is_private=line.is_private)]
    hidden = [line for line in every if not may_see(actor, line.agency_id, is_private=line.is_private)]
    return AffectedLines(tuple(shown), len(hidden), len({line.agency_id for line in hidden}))


def lines_naming(session: Session, norm_id: int) -> list[AffectedLine]:
    """Every line of the current versions of the running rounds that names the norm, drafts included."""
    query = (
        _current_lines()
        .add_columns(
            Agency.short_vi,
            BudgetRound.name_vi,
            EstimateProject.project_key,
            EstimateProject.name_vi,
            Estimate.status,
            private_estimates(),
            Estimate.agency_id,
        )
        .where(CostLine.norm_id == norm_id)
        .order_by(Agency.sort_key, Agency.id, EstimateProject.priority, CostLine.position)
    )
    rows = session.execute(query).all()
    asked = _asked(session, [row[0].id for row in rows])
    return [
        AffectedLine(
            line_id=line.id,
            estimate_id=estimate_id,
            agency_id=agency_id,
            agency_short=short_vi,
            round_name=round_name,
            status=status,
            is_private=is_private,
            project_key=key,
            project_name=name,
            position=line.position,
            item_vi=line.item_vi,
            unit_price_vnd=line.unit_price_vnd,
            asked_vnd=asked.get(line.id, 0),
        )
        for line, estimate_id, short_vi, round_name, key, name, status, is_private, agency_id in rows
    ]


def count_affected_lines(session: Session, norm_id: int) -> int:
    """How many lines of the running rounds name the norm."""
    named = _current_lines().where(CostLine.norm_id == norm_id).subquery()
    return session.scalar(select(func.count()).select_from(named)) or 0


def lines_on_ended_norms(
    session: Session, estimate_ids: Collection[int], fiscal_year: int, today: date
) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Per estimate: how many lines of its current version rest on ended norms, and on which (codes)."""
    ended = [
        norm for norm in list_norms(session) if is_ended(norm.valid_to, norm.ended_by, fiscal_year, today)
    ]
    codes = {norm.id: norm.code for norm in ended}
    query = _current_lines().where(CostLine.norm_id.in_(codes), Estimate.id.in_(estimate_ids))
    found: dict[int, tuple[int, tuple[str, ...]]] = {}
    for line, estimate_id in session.execute(query):
        count, known = found.get(estimate_id, (0, ()))
        found[estimate_id] = (count + 1, tuple(sorted({*known, codes[line.norm_id or 0]})))
    return found


def office_levels(session: Session) -> list[tuple[str, str]]:
    """Code and name of every level of offices, the highest first."""
    query = select(BudgetLevel.code, BudgetLevel.name_vi).order_by(BudgetLevel.rank)
    return [(code, name_vi) for code, name_vi in session.execute(query)]


def norm_by_code(session: Session, code: str) -> NormRow:
    """The version with this code.

    Raises:
        NotFound: no such norm.
    """
    norm_id = session.scalar(select(SpendingNorm.id).where(SpendingNorm.code == code))
    if norm_id is None:
        raise NotFound("định mức chi", code)
    return get_norm(session, norm_id)


def _current_lines() -> Select[CostLine, int]:
    """Lines of the versions the estimates of open rounds stand at, with the estimate's id."""
    return (
        select(CostLine, Estimate.id)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(
            EstimateVersion.number == Estimate.version_number,
            BudgetRound.is_open,
            BudgetRound.is_practice.is_(False),
        )
    )


def _asked(session: Session, line_ids: Sequence[int]) -> dict[int, int]:
    """Per line what its project's requested level asks, in đồng."""
    query = (
        select(LineQuantity.line_id, ProjectLevel.code, LineQuantity.amount_vnd)
        .join(ProjectLevel, ProjectLevel.id == LineQuantity.level_id)
        .where(LineQuantity.line_id.in_(line_ids))
        .order_by(LineQuantity.line_id, ProjectLevel.ordinal)
    )
    by_line: dict[int, list[tuple[LevelCode, int]]] = {}
    for line_id, code, amount in session.execute(query):
        by_line.setdefault(line_id, []).append((code, amount))
    return {
        line_id: levels[requested_ordinal([code for code, _amount in levels]) - 1][1]
        for line_id, levels in by_line.items()
    }
