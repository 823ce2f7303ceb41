"""Proposed and approved figures of the consolidation are those of the decision."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.allocations.operations import approve_allocation, submit_allocation
from finance.allocations.queries import list_awards
from finance.database import SessionFactory, reading, transaction
from finance.reports.consolidation import Consolidation, Grouping, consolidate_round
from tests.builders import Province
from tests.finance.allocations.conftest import Answered


def look(session: Session, province: Province, grouping: Grouping = Grouping.AREA) -> Consolidation:
    return consolidate_round(session, province.inspector, province.round_id, grouping=grouping)


def test_proposed_and_approved_are_those_of_the_decision(
    session_factory: SessionFactory,
    answered: Answered,
    decision_id: int,
) -> None:
    province = answered.pool.province
    with reading(session_factory) as session:
        awards = list_awards(session, province.planner, decision_id)
        before = look(session, province, Grouping.SOURCE)
    granted = sum(award.amount_vnd for award in awards)
    assert before.total.proposed_vnd == granted == sum(row.proposed_vnd or 0 for row in before.rows)
    assert before.total.approved_vnd is None
    with transaction(session_factory) as session:
        submit_allocation(session, province.planner, decision_id, seen_edit=1)
    with transaction(session_factory) as session:
        signed_on = province.approver.moment.business_on
        approve_allocation(
            session, province.approver, decision_id, number="45/QĐ-UBND", signed_on=signed_on, seen_edit=2
        )
    for grouping in Grouping:
        with reading(session_factory) as session:
            after = look(session, province, grouping)
        assert after.total.approved_vnd == granted == sum(row.approved_vnd or 0 for row in after.rows)
