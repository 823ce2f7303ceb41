"""Whoever submits or approves a decision is told whose estimates are still being appraised."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from finance.allocations.queries import decision_by_id
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
