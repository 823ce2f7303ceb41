"""What a cross table is made of, read from the store; and the store's own totals to hold it against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.estimates.levels import LevelCode
from finance.estimates.queries import current_version
from finance.estimates.records import EstimateProject, LineQuantity, ProjectLevel
from finance.estimates.rows import EstimateRow
from finance.estimates.totals import requested_ordinal
from finance.estimates.workflow import EstimateStatus
from finance.reports.consolidation import sent_estimates
from finance.reports.cross_layout import Figure, MoneyFact
from finance.reviews.figures import AppraisedProject
from finance.reviews.queries import appraised_projects
from finance.reviews.records import Opinion, QuantityAppraisal
from finance.reviews.rules import Verdict


@dataclass(frozen=True, slots=True)
class CrossFacts:
    """The lines of the counted estimates and what the store itself adds them up to.

    Attributes:
        counted: estimates in the figures, by office in Vietnamese order.
        returned: offices whose estimate was returned and is not in the figures.
        stored: figure -> the store's own total, in đồng or projects.
    """

    facts: tuple[MoneyFact, ...]
    counted: tuple[EstimateRow, ...]
    returned: tuple[str, ...]
    stored: dict[Figure, int]

    @property
    def appraised_count(self) -> int:
        """How many of the counted estimates are fully appraised."""
        return sum(file.status is EstimateStatus.APPRAISED for file in self.counted)


@dataclass(frozen=True, slots=True)
class _StoredLevel:
    """What the store adds one level of a project up to."""

    id: int
    code: LevelCode
    asked_vnd: int


def cross_facts(session: Session, actor: Actor, round_id: int) -> CrossFacts:
    """Every cost line of the counted estimates of a round, each project at its requested level."""
    sent = sent_estimates(session, actor, round_id)
    counted = [file for file in sent if file.status is not EstimateStatus.RETURNED]
    versions = {file.id: current_version(session, file.id).id for file in counted}
    facts = [
        fact
        for file in counted
        for one in appraised_projects(session, versions[file.id])
        for fact in _facts_of(file, one)
    ]
    finished = [versions[file.id] for file in counted if file.status is EstimateStatus.APPRAISED]
    return CrossFacts(
        facts=tuple(facts),
        counted=tuple(counted),
        returned=tuple(file.agency_short for file in sent if file.status is EstimateStatus.RETURNED),
        stored=_stored_totals(session, list(versions.values()), finished),
    )


def _facts_of(file: EstimateRow, one: AppraisedProject) -> list[MoneyFact]:
    project, place = one.project, one.requested_level.ordinal - 1
    is_finished = file.status is EstimateStatus.APPRAISED
    found = []
    for judged in one.lines:
        quantity = judged.quantities[place]
        kept = 0 if one.is_rejected else quantity.appraised_vnd or 0
        found.append(
            MoneyFact(
                project_id=project.id,
                agency_id=file.agency_id,
                area_code=project.area_code,
                task_code=project.task_code,
                source_code=judged.line.source_code,
                nature=judged.line.nature,
                year=judged.line.year,
                kind=project.kind,
                asked_vnd=quantity.asked_vnd,
                appraised_vnd=kept if is_finished else None,
            )
        )
    return found


def _stored_totals(session: Session, counted: Sequence[int], finished: Sequence[int]) -> dict[Figure, int]:
    """The totals as the store adds them up itself, by version ids; no line is read for them."""
    asked = _requested_levels(session, counted)
    of_finished = _requested_levels(session, finished)
    appraised_vnd = _stored_appraised(session, finished, {level.id for level in of_finished})
    return {
        Figure.ASKED: sum(level.asked_vnd for level in asked),
        Figure.APPRAISED: appraised_vnd,
        Figure.DIFFERENCE: appraised_vnd - sum(level.asked_vnd for level in of_finished),
        Figure.PROJECTS: sum(level.asked_vnd > 0 for level in asked),
    }


def _requested_levels(session: Session, version_ids: Sequence[int]) -> list[_StoredLevel]:
    query = (
        select(
            ProjectLevel.project_id,
            ProjectLevel.id,
            ProjectLevel.code,
            func.coalesce(func.sum(LineQuantity.amount_vnd), 0),
        )
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .outerjoin(LineQuantity, LineQuantity.level_id == ProjectLevel.id)
        .where(EstimateProject.version_id.in_(version_ids))
        .group_by(ProjectLevel.project_id, ProjectLevel.id, ProjectLevel.code, ProjectLevel.ordinal)
        .order_by(ProjectLevel.project_id, ProjectLevel.ordinal)
    )
    levels: dict[int, list[_StoredLevel]] = {}
    for project_id, level_id, code, asked in session.execute(query):
        # PostgreSQL adds whole numbers up as NUMERIC; the sum is still whole.
        levels.setdefault(project_id, []).append(_StoredLevel(level_id, code, int(asked)))
    return [rows[requested_ordinal([row.code for row in rows]) - 1] for rows in levels.values()]


def _stored_appraised(session: Session, version_ids: Sequence[int], level_ids: set[int]) -> int:
    """What the appraisals of these levels add up to; a project refused in its content keeps nothing."""
    refused = select(Opinion.project_id).where(
        Opinion.function == Function.CONTENT_APPRAISAL, Opinion.verdict == Verdict.REJECT
    )
    query = (
        select(QuantityAppraisal.level_id, func.sum(QuantityAppraisal.amount_vnd))
        .join(ProjectLevel, ProjectLevel.id == QuantityAppraisal.level_id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .where(EstimateProject.version_id.in_(version_ids), EstimateProject.id.not_in(refused))
        .group_by(QuantityAppraisal.level_id)
    )
    return sum(int(amount) for level_id, amount in session.execute(query) if level_id in level_ids)
