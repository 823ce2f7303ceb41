"""Whoever submits or approves a decision is told whose estimates are still being appraised."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select

from finance.allocations.answers import missed_allocation, signed_allocation
from finance.allocations.queries import decision_by_id, get_decision
from finance.allocations.records import Award, AwardMoney
from finance.allocations.rules import DecisionStatus
from finance.database import SessionFactory, transaction
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from tests.finance.allocations.conftest import Answered

ON_THE_WAY = {
    EstimateStatus.SENT,
    EstimateStatus.RECEIVED,
    EstimateStatus.CONTENT_APPRAISAL,
    EstimateStatus.ESTIMATE_APPRAISAL,
}


@pytest.mark.parametrize("status", EstimateStatus)
def test_an_office_is_named_while_its_estimate_is_on_the_way(
    session_factory: SessionFactory, answered: Answered, decision_id: int, status: EstimateStatus
) -> None:
    office = answered.pool.province.agencies["H_KHANHVINH"]
    with transaction(session_factory) as session:
        session.scalars(select(Estimate).where(Estimate.agency_id == office)).one().status = status
    with transaction(session_factory) as session:
        left_out = decision_by_id(session, answered.pool.province.planner, decision_id).left_out
    assert bool(left_out) is (status in ON_THE_WAY)


def test_an_estimate_without_a_project_in_the_signed_decision_waits_for_another_round(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    with transaction(session_factory) as session:
        decision = get_decision(session, decision_id)
        round_id = decision.round_id
        estimates = session.scalars(select(Estimate.id).where(Estimate.round_id == round_id)).all()
        assert signed_allocation(session, round_id) is None
        assert not any(missed_allocation(session, round_id, one) for one in estimates)
        decision.status, decision.number = DecisionStatus.APPROVED, "345/QĐ-UBND"
        decision.signed_on = date(2012, 3, 20)
    with transaction(session_factory) as session:
        assert not any(missed_allocation(session, round_id, one) for one in estimates)
        session.execute(delete(AwardMoney))
        session.execute(delete(Award))
        late = missed_allocation(session, round_id, estimates[0])
        assert late is not None
        assert late.words_vi == "quyết định số 345/QĐ-UBND ngày 20/03/2012"
