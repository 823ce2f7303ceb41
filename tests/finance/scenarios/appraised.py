"""An appraised estimate, as scenarios and allocations need it: asked by a draft, everything accepted.

The rows are written as the rooms before would leave them; their own tests show that they do.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.estimates.draft import EstimateDraft
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
    PromisedOutput,
)
from finance.estimates.version_writer import write_version
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.money import line_amount_vnd
from finance.reviews.records import LineAppraisal, Opinion, OutputAppraisal, QuantityAppraisal
from finance.reviews.rules import CutReason, Verdict
from tests.builders import Province, a_moment

RECORDED_AT = a_moment().recorded_at


def an_appraised_estimate(
    session: Session,
    province: Province,
    agency_code: str,
    draft: EstimateDraft,
    *,
    cut_prices: Mapping[str, int] | None = None,
) -> int:
    """Id of an estimate whose appraisal is concluded.

    Args:
        session: open write session.
        province: from `a_province`.
        agency_code: the office that asks.
        draft: what it asks; every promise is accepted.
        cut_prices: appraised price by the name of a line's item; other lines keep what was asked.
    """
    estimate = Estimate(
        round_id=province.round_id,
        agency_id=province.agencies[agency_code],
        kind=EstimateKind.ANNUAL,
        status=EstimateStatus.DRAFT,
        status_since=RECORDED_AT,
        version_number=1,
        edit_number=1,
    )
    session.add(estimate)
    session.flush()
    version = EstimateVersion(estimate_id=estimate.id, number=1, opened_at=RECORDED_AT)
    session.add(version)
    session.flush()
    write_version(session, estimate, version, draft)
    session.flush()
    estimate.status = EstimateStatus.APPRAISED
    projects = list(
        session.scalars(select(EstimateProject.id).where(EstimateProject.version_id == version.id))
    )
    _agree(session, projects, province.content_appraiser, Function.CONTENT_APPRAISAL)
    _agree(session, projects, province.planner, Function.ALLOCATION_CONSOLIDATION)
    _appraise_lines(session, projects, province.estimate_appraiser, cut_prices or {})
    _accept_promises(session, projects, province.estimate_appraiser)
    session.flush()
    return estimate.id


def project_id_of(session: Session, project_key: str) -> int:
    """Id of the project with this key."""
    return session.scalars(select(EstimateProject.id).where(EstimateProject.project_key == project_key)).one()


def level_ids_of(session: Session, project_key: str) -> list[int]:
    """Ids of the project's levels, from least to most."""
    query = select(ProjectLevel.id).where(ProjectLevel.project_id == project_id_of(session, project_key))
    return list(session.scalars(query.order_by(ProjectLevel.ordinal)))


def _agree(session: Session, project_ids: list[int], actor: Actor, function: Function) -> None:
    session.add_all(
        Opinion(
            project_id=project_id,
            function=function,
            verdict=Verdict.AGREE,
            words="",
            person_id=actor.person_id,
            person_name=actor.full_name,
            given_at=RECORDED_AT,
        )
        for project_id in project_ids
    )


def _appraise_lines(
    session: Session, project_ids: list[int], actor: Actor, cut_prices: Mapping[str, int]
) -> None:
    for line in session.scalars(select(CostLine).where(CostLine.project_id.in_(project_ids))):
        price = cut_prices.get(line.item_vi, line.unit_price_vnd)
        appraisal = LineAppraisal(
            line_id=line.id,
            unit_price_vnd=price,
            reason=CutReason.NOT_THRIFTY if price < line.unit_price_vnd else None,
            words="",
            person_id=actor.person_id,
            person_name=actor.full_name,
            appraised_at=RECORDED_AT,
        )
        session.add(appraisal)
        session.flush()
        for asked in session.scalars(select(LineQuantity).where(LineQuantity.line_id == line.id)):
            amount = line_amount_vnd(price, line.frequency_thousandths, asked.quantity_thousandths)
            session.add(
                QuantityAppraisal(
                    appraisal_id=appraisal.id,
                    level_id=asked.level_id,
                    quantity_thousandths=asked.quantity_thousandths,
                    amount_vnd=amount,
                )
            )


def _accept_promises(session: Session, project_ids: list[int], actor: Actor) -> None:
    levels = select(ProjectLevel.id).where(ProjectLevel.project_id.in_(project_ids))
    for promise in session.scalars(select(PromisedOutput).where(PromisedOutput.level_id.in_(levels))):
        session.add(
            OutputAppraisal(
                promise_id=promise.id,
                is_accepted=True,
                quantity_thousandths=promise.quantity_thousandths,
                words="",
                person_id=actor.person_id,
                person_name=actor.full_name,
                appraised_at=RECORDED_AT,
            )
        )
