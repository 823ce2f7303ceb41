"""Reading earlier prices: lines of appraised estimates, and whether money was allocated to their projects.

Settled amounts will count when the program keeps settlements; until then a price the appraisal accepted
is the nearest thing the province knows, and one that was allocated is nearer still.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Agency
from finance.allocations.records import AllocationDecision, Award
from finance.allocations.rules import DecisionStatus
from finance.errors import NotFound
from finance.estimates.estimate_lookup import may_see, stays_private
from finance.estimates.records import CostLine, Estimate, EstimateProject, EstimateVersion
from finance.estimates.rows import ProjectRow
from finance.estimates.workflow import EstimateStatus
from finance.permissions import require
from finance.programme.records import SpendingNorm
from finance.reviews.records import LineAppraisal, QuantityAppraisal
from finance.rounds.records import BudgetRound
from finance.unit_costs.bands import (
    LEAST_LINES,
    Band,
    PricedLine,
    PriceHistory,
    band_for,
    gather_prices,
    list_bands,
)


@dataclass(frozen=True, slots=True)
class LineBand:
    """A line beside the band of earlier lines like it."""

    position: int
    item_vi: str
    unit_name: str
    unit_price_vnd: int
    band: Band

    @property
    def is_above(self) -> bool:
        """True when it costs more than is usual."""
        return self.unit_price_vnd > self.band.usual_to_vnd

    @property
    def is_below(self) -> bool:
        """True when it costs less than is usual."""
        return self.unit_price_vnd < self.band.usual_from_vnd


@dataclass(frozen=True, slots=True)
class AskedPrice:
    """A line a reviewer looks at, with the office and project it belongs to."""

    line_id: int
    estimate_id: int
    agency_short: str
    project_name: str
    position: int
    item_vi: str
    unit_name: str
    unit_price_vnd: int
    year: int
    norm_code: str


# The history as gathered last, by store: gathering some ten thousand lines at every page would be felt.
_GATHERED: WeakKeyDictionary[Engine, tuple[tuple[object, ...], PriceHistory]] = WeakKeyDictionary()


def price_history(session: Session) -> PriceHistory:
    """Every appraised price of every round, gathered by kind.

    It is gathered anew when an appraisal, a conclusion or an approval has been written since.
    """
    engine = session.get_bind().engine
    mark = _mark(session)
    kept = _GATHERED.get(engine)
    if kept is None or kept[0] != mark:
        kept = _GATHERED[engine] = (mark, gather_prices(_priced_lines(session)))
    return kept[1]


def bands_of_project(
    session: Session, estimate_id: int, project: ProjectRow, *, least_lines: int = LEAST_LINES
) -> list[LineBand]:
    """The lines of a project for which there is a band, each beside it."""
    history = price_history(session)
    found = []
    for line in project.lines:
        band = band_for(
            line.item_vi,
            line.unit_name,
            line.norm_code,
            history,
            without_estimate=estimate_id,
            least_lines=least_lines,
        )
        if band is not None:
            found.append(LineBand(line.position, line.item_vi, line.unit_name, line.unit_price_vnd, band))
    return found


def all_bands(session: Session, actor: Actor, *, least_lines: int = LEAST_LINES) -> list[Band]:
    """Every band of the province.

    Raises:
        NotAllowed: the actor reviews nothing.
    """
    require(actor, Action.VIEW_REVIEWS)
    return list_bands(price_history(session), least_lines=least_lines)


def band_of_line(
    session: Session, actor: Actor, line_id: int, *, least_lines: int = LEAST_LINES
) -> tuple[AskedPrice, Band | None]:
    """One line beside the band of the other estimates' lines like it; None when there are too few.

    Raises:
        NotFound: no such line, or one of an estimate the actor may not see.
        NotAllowed: the actor reviews nothing.
    """
    query = (
        select(CostLine, EstimateProject.name_vi, Estimate, Agency.short_vi, SpendingNorm.code)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .outerjoin(SpendingNorm, SpendingNorm.id == CostLine.norm_id)
        .where(CostLine.id == line_id)
    )
    row = session.execute(query).one_or_none()
    if row is None or not may_see(actor, row[2].agency_id, is_private=stays_private(session, row[2])):
        raise NotFound("dòng chi", line_id)
    require(actor, Action.VIEW_REVIEWS)
    line, project_name, estimate, agency_short, norm_code = row
    asked = AskedPrice(
        line.id,
        estimate.id,
        agency_short,
        project_name,
        line.position,
        line.item_vi,
        line.unit_name,
        line.unit_price_vnd,
        line.year,
        norm_code or "",
    )
    history = price_history(session)
    band = band_for(
        asked.item_vi,
        asked.unit_name,
        asked.norm_code,
        history,
        without_estimate=estimate.id,
        least_lines=least_lines,
    )
    return asked, band


def _mark(session: Session) -> tuple[object, ...]:
    """Differs whenever an appraised price, or whether money was allocated to it, has changed."""
    appraisals = select(func.count(), func.max(LineAppraisal.id), func.max(LineAppraisal.appraised_at))
    appraised = select(func.count(), func.sum(Estimate.edit_number)).where(
        Estimate.status == EstimateStatus.APPRAISED
    )
    approved = select(func.count(), func.sum(AllocationDecision.edit_number)).where(
        AllocationDecision.status == DecisionStatus.APPROVED
    )
    return tuple(
        figure for query in (appraisals, appraised, approved) for figure in session.execute(query).one()
    )


def _priced_lines(session: Session) -> list[PricedLine]:
    """Lines of appraised estimates whose accepted quantity is above 0."""
    accepted = select(QuantityAppraisal.appraisal_id).where(QuantityAppraisal.quantity_thousandths > 0)
    query = (
        select(
            CostLine,
            LineAppraisal,
            EstimateProject,
            Estimate.id,
            Agency.short_vi,
            BudgetRound.name_vi,
            SpendingNorm.code,
        )
        .join(LineAppraisal, LineAppraisal.line_id == CostLine.id)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .outerjoin(SpendingNorm, SpendingNorm.id == CostLine.norm_id)
        .where(
            EstimateVersion.number == Estimate.version_number,
            Estimate.status == EstimateStatus.APPRAISED,
            BudgetRound.is_practice.is_(False),
            LineAppraisal.unit_price_vnd > 0,
            LineAppraisal.id.in_(accepted),
        )
    )
    allocated = _allocated_projects(session)
    return [
        PricedLine(
            line_id=line.id,
            item_vi=line.item_vi,
            unit_name=line.unit_name,
            year=line.year,
            unit_price_vnd=appraisal.unit_price_vnd,
            norm_code=norm_code or "",
            agency_short=agency_short,
            round_name=round_name,
            project_name=project.name_vi,
            is_allocated=project.id in allocated,
            priced_at=appraisal.appraised_at,
            estimate_id=estimate_id,
        )
        for line, appraisal, project, estimate_id, agency_short, round_name, norm_code in session.execute(
            query
        )
    ]


def _allocated_projects(session: Session) -> set[int]:
    """Ids of the projects that an approved decision gives money."""
    query = (
        select(Award.project_id)
        .join(AllocationDecision, AllocationDecision.id == Award.decision_id)
        .where(AllocationDecision.status == DecisionStatus.APPROVED, Award.level_id.is_not(None))
    )
    return set(session.scalars(query))
