"""What the parts of an office in other offices' projects charge to its own control figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.estimates.checking.project_checks import POOL_KINDS
from finance.estimates.estimate_lookup import private_estimates
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.project_json import line_of_json
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion, ProjectLevel
from finance.estimates.totals import draft_line_amount, requested_ordinal
from finance.programme.records import FundingSource

# An invitation asks for nothing yet; what was declined or withdrawn no more.
_CHARGING = (PartStatus.ACCEPTED, PartStatus.SIGNED)


@dataclass(frozen=True, slots=True)
class PartCharge:
    """What one line of a part asks of the fiscal year, at the level the lead's project is requested at.

    Units:
        `amount_vnd` in đồng.
    """

    agency_id: int
    source_code: str
    is_competing: bool
    amount_vnd: int


def part_charges(
    session: Session, round_id: int, agency_id: int, fiscal_year: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Money of the fiscal year by source: what the control figure binds, and what competes for the pool.

    Rule: own lines charge the own control figure, at the level the lead's project is requested at.

    Units:
        đồng.
    """
    bound: dict[str, int] = {}
    competing: dict[str, int] = {}
    for charge in _charges(session, round_id, fiscal_year, ProjectPart.agency_id == agency_id):
        _add(competing if charge.is_competing else bound, charge)
    return bound, competing


def sent_part_charges(session: Session, round_id: int, fiscal_year: int) -> dict[int, dict[str, int]]:
    """Office -> money of the fiscal year by source in estimates of other offices that were sent.

    What a lead has not sent is nobody else's to see, and so is what its co-agencies ask in it.

    Units:
        đồng.
    """
    found: dict[int, dict[str, int]] = {}
    for charge in _charges(session, round_id, fiscal_year, ~private_estimates()):
        _add(found.setdefault(charge.agency_id, {}), charge)
    return found


def visible_part_charges(
    session: Session, actor: Actor, round_id: int, agency_id: int, fiscal_year: int
) -> dict[str, int]:
    """What an office asks in other offices' projects by source, as far as the reader may know it.

    Units:
        đồng.
    """
    if agency_id not in actor.agencies_of([Function.PREPARE]):
        return sent_part_charges(session, round_id, fiscal_year).get(agency_id, {})
    sums: dict[str, int] = {}
    for charge in _charges(session, round_id, fiscal_year, ProjectPart.agency_id == agency_id):
        _add(sums, charge)
    return sums


def _add(sums: dict[str, int], charge: PartCharge) -> None:
    sums[charge.source_code] = sums.get(charge.source_code, 0) + charge.amount_vnd


def _charges(
    session: Session, round_id: int, fiscal_year: int, condition: ColumnElement[bool]
) -> Iterator[PartCharge]:
    pool = set(session.scalars(select(FundingSource.code).where(FundingSource.enters_pool)))
    query = (
        select(ProjectPart, EstimateProject)
        .join(Estimate, Estimate.id == ProjectPart.estimate_id)
        .join(EstimateVersion, EstimateVersion.estimate_id == Estimate.id)
        .join(EstimateProject, EstimateProject.version_id == EstimateVersion.id)
        .where(
            Estimate.round_id == round_id,
            condition,
            ProjectPart.status.in_(_CHARGING),
            EstimateVersion.number == Estimate.version_number,
            EstimateProject.project_key == ProjectPart.project_key,
        )
    )
    for part, project in session.execute(query):
        levels = select(ProjectLevel.code).where(ProjectLevel.project_id == project.id)
        ordinal = requested_ordinal(list(session.scalars(levels.order_by(ProjectLevel.ordinal))))
        for data in part.lines:
            line = line_of_json(data)
            if line.year == fiscal_year and len(line.quantities) >= ordinal:
                is_competing = project.kind in POOL_KINDS and line.source_code in pool
                amount = draft_line_amount(line, ordinal)
                yield PartCharge(part.agency_id, line.source_code, is_competing, amount)
