"""What the parts of an office in other offices' projects charge to its own control figure."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.estimates.part_records import ProjectPart
from finance.estimates.part_rules import PartStatus
from finance.estimates.project_checks import POOL_KINDS
from finance.estimates.project_json import line_of_json
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion, ProjectLevel
from finance.estimates.totals import draft_line_amount, requested_ordinal
from finance.programme.records import FundingSource

# An invitation asks for nothing yet; what was declined or withdrawn no more.
_CHARGING = (PartStatus.ACCEPTED, PartStatus.SIGNED)


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
    pool = set(session.scalars(select(FundingSource.code).where(FundingSource.enters_pool)))
    query = (
        select(ProjectPart, EstimateProject)
        .join(Estimate, Estimate.id == ProjectPart.estimate_id)
        .join(EstimateVersion, EstimateVersion.estimate_id == Estimate.id)
        .join(EstimateProject, EstimateProject.version_id == EstimateVersion.id)
        .where(
            Estimate.round_id == round_id,
            ProjectPart.agency_id == agency_id,
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
            if line.year != fiscal_year or len(line.quantities) < ordinal:
                continue
            is_competing = project.kind in POOL_KINDS and line.source_code in pool
            sums = competing if is_competing else bound
            amount = draft_line_amount(line, ordinal)
            sums[line.source_code] = sums.get(line.source_code, 0) + amount
    return bound, competing
