"""What was proposed and what was approved, project by project, split as totals are split.

A run proposes a level of a project with one amount; its split by source is that of the appraised
lines of the level, of sources that are allocated by results. An award is stored already split.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.allocations.queries import find_decision
from finance.allocations.records import Award, AwardMoney
from finance.allocations.rules import DecisionStatus
from finance.errors import RecordDamaged
from finance.estimates.totals import Part, sum_of
from finance.programme.queries import list_sources
from finance.programme.records import FundingSource
from finance.reviews.figures import AppraisedProject, appraised_parts
from finance.scenarios.records import ProposedAward

Judged = Mapping[int, tuple[int, AppraisedProject]]


def proposed_parts(session: Session, round_id: int, judged: Judged) -> dict[int, list[Part]] | None:
    """Project id -> parts of what the adopted run proposes; None while no run is adopted.

    Args:
        judged: project id -> (office, the project with its appraised figures).

    Raises:
        RecordDamaged: the split does not add up to the amount the run proposed.
    """
    decision = find_decision(session, round_id)
    if decision is None:
        return None
    in_pool = {source.code for source in list_sources(session) if source.enters_pool}
    query = select(ProposedAward).where(
        ProposedAward.run_id == decision.run_id, ProposedAward.level_id.is_not(None)
    )
    found: dict[int, list[Part]] = {}
    for award in session.scalars(query):
        project = judged[award.project_id][1]
        ordinal = next(level.ordinal for level in project.levels if level.id == award.level_id)
        parts = [part for part in appraised_parts(project, ordinal) if part.source_code in in_pool]
        if sum_of(parts) != award.amount_vnd:
            raise RecordDamaged(f"proposed award {award.id} is not the sum of its parts")
        found[award.project_id] = parts
    return found


def approved_parts(session: Session, round_id: int, judged: Judged) -> dict[int, list[Part]] | None:
    """Project id -> parts of what was approved; None while nothing is."""
    decision = find_decision(session, round_id)
    if decision is None or decision.status is not DecisionStatus.APPROVED:
        return None
    query = (
        select(AwardMoney, Award.project_id, FundingSource.code)
        .join(Award, Award.id == AwardMoney.award_id)
        .join(FundingSource, FundingSource.id == AwardMoney.source_id)
        .where(Award.decision_id == decision.id)
        .order_by(AwardMoney.id)
    )
    found: dict[int, list[Part]] = {}
    for money, project_id, source_code in session.execute(query):
        project = judged[project_id][1].project
        part = Part(
            project.project_key, project.area_code, source_code, money.nature, money.year, money.amount_vnd
        )
        found.setdefault(project_id, []).append(part)
    return found
