"""Which office consolidates for which on a date: levels and parents are dated data, never fixed ranks.

A commune of 2012 stands under its district, which is the first-level unit (đơn vị dự toán cấp I); from
July 2025 communes stand under the province itself. The rule is the same for both: an office sends to
its parent as long as somebody above that parent approves allocations; who stands right under the
approving authority sends to the appraisers himself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from finance.actors import Function
from finance.agencies.queries import AgencyRow, agencies_with_function, list_agencies
from finance.agencies.records import Agency, AgencyStanding, BudgetLevel


@dataclass(frozen=True, slots=True)
class StandingRow:
    """At which level and under whom an office stood between two dates."""

    level_code: str
    level_vi: str
    parent_id: int | None
    parent_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A level of government in force on a date."""

    id: int
    code: str
    name_vi: str


def consolidating_parent(session: Session, agency_id: int, on: date) -> int | None:
    """Id of the office that consolidates for this one on the date; None for who sends by himself.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.1: departments and districts make plans and estimates; what is
        under them goes through them.
    """
    return _parent_that_consolidates(agency_id, _parents(session, on), _approvers(session, on))


def consolidated_children(session: Session, parent_id: int, on: date) -> list[AgencyRow]:
    """The offices for which this one consolidates on the date, in Vietnamese order."""
    parents, approvers = _parents(session, on), _approvers(session, on)
    return [
        row
        for row in list_agencies(session, on)
        if parents.get(row.id) == parent_id
        and _parent_that_consolidates(row.id, parents, approvers) == parent_id
    ]


def consolidating_parents(session: Session, on: date) -> dict[int, int]:
    """Every office that does not send by itself on the date, with who consolidates for it."""
    parents, approvers = _parents(session, on), _approvers(session, on)
    found = {agency_id: _parent_that_consolidates(agency_id, parents, approvers) for agency_id in parents}
    return {agency_id: parent for agency_id, parent in found.items() if parent is not None}


def list_standings(session: Session, agency_id: int) -> list[StandingRow]:
    """Where the office has stood, newest first."""
    query = (
        select(AgencyStanding, BudgetLevel.code, BudgetLevel.name_vi, Agency.name_vi)
        .join(BudgetLevel, BudgetLevel.id == AgencyStanding.level_id)
        .outerjoin(Agency, Agency.id == AgencyStanding.parent_id)
        .where(AgencyStanding.agency_id == agency_id)
        .order_by(AgencyStanding.valid_from.desc(), AgencyStanding.id.desc())
    )
    return [
        StandingRow(code, level, standing.parent_id, parent or "", standing.valid_from, standing.valid_to)
        for standing, code, level, parent in session.execute(query)
    ]


def list_levels(session: Session, on: date) -> list[LevelChoice]:
    """The levels of government in force on the date, from the top."""
    query = select(BudgetLevel).where(
        or_(BudgetLevel.valid_from.is_(None), BudgetLevel.valid_from <= on),
        or_(BudgetLevel.valid_to.is_(None), BudgetLevel.valid_to >= on),
    )
    return [
        LevelChoice(row.id, row.code, row.name_vi)
        for row in session.scalars(query.order_by(BudgetLevel.rank, BudgetLevel.id))
    ]


def _parents(session: Session, on: date) -> dict[int, int]:
    query = select(AgencyStanding.agency_id, AgencyStanding.parent_id).where(
        AgencyStanding.parent_id.is_not(None),
        AgencyStanding.valid_from <= on,
        or_(AgencyStanding.valid_to.is_(None), AgencyStanding.valid_to >= on),
    )
    return {agency_id: parent_id for agency_id, parent_id in session.execute(query) if parent_id}


def _approvers(session: Session, on: date) -> frozenset[int]:
    return frozenset(row.id for row in agencies_with_function(session, Function.APPROVAL, on))


def _parent_that_consolidates(
    agency_id: int, parents: Mapping[int, int], approvers: frozenset[int]
) -> int | None:
    parent = parents.get(agency_id)
    if parent is None or parent in approvers or agency_id in approvers:
        return None
    above, seen = parents.get(parent), {agency_id, parent}
    while above is not None and above not in seen:
        if above in approvers:
            return parent
        seen.add(above)
        above = parents.get(above)
    return None  # a branch of the State outside the province: nobody here consolidates for it
