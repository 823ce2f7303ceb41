"""The worklist follows a decision: submit, return, approve, read the answer."""

from __future__ import annotations

from finance.actors import Actor
from finance.allocations.operations import (
    approve_allocation,
    return_allocation,
    submit_allocation,
)
from finance.database import SessionFactory, reading, transaction
from finance.reports.work_items import SentItem, WorkItem
from finance.reports.worklist import sent_items, worklist
from tests.finance.allocations.conftest import Answered


def waiting(factory: SessionFactory, actor: Actor) -> list[WorkItem]:
    with reading(factory) as session:
        return [item for item in worklist(session, actor) if "hân bổ" in item.title_vi]


def elsewhere(factory: SessionFactory, actor: Actor) -> list[SentItem]:
    with reading(factory) as session:
        return [item for item in sent_items(session, actor) if "hân bổ" in item.title_vi]


def test_a_decision_is_submitted_returned_approved_and_read(
    session_factory: SessionFactory,
    answered: Answered,
    decision_id: int,
) -> None:
    province = answered.pool.province
    planner, approver, agency = province.planner, province.approver, province.preparer
    assert waiting(session_factory, approver) == []

    with transaction(session_factory) as session:
        submit_allocation(session, planner, decision_id, seen_edit=1)
    assert waiting(session_factory, planner) == []
    (held,) = elsewhere(session_factory, planner)
    assert held.holder_vi == "Ủy ban nhân dân tỉnh (phê duyệt)"
    (item,) = waiting(session_factory, approver)
    assert (item.verb_vi, item.place.endpoint) == ("Phê duyệt", "allocations.approval_page")

    with transaction(session_factory) as session:
        return_allocation(session, approver, decision_id, reason="Cần giải trình DA2.", seen_edit=2)
    (item,) = waiting(session_factory, planner)
    assert item.verb_vi == "Trình"
    assert "Cần giải trình DA2." in item.detail_vi

    with reading(session_factory) as session:
        assert [item.status_code for item in sent_items(session, agency)] == ["APPRAISED"]
    with transaction(session_factory) as session:
        submit_allocation(session, planner, decision_id, seen_edit=3)
    with transaction(session_factory) as session:
        signed_on = approver.moment.business_on
        approve_allocation(
            session, approver, decision_id, number="45/QĐ-UBND", signed_on=signed_on, seen_edit=4
        )
    assert waiting(session_factory, planner) == waiting(session_factory, approver) == []
    (item,) = waiting(session_factory, agency)
    assert item.verb_vi == "Xem trả lời"
    assert item.place.arguments["agency_id"] == province.agencies["H_NHATRANG"]
    assert "45/QĐ-UBND" in item.detail_vi
    with reading(session_factory) as session:
        assert sent_items(session, agency) == [], "nobody holds what is decided"
