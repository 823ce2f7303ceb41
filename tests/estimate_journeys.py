"""Estimates brought to a status by the acts people use (see tests/builders.py for the province)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.procedure import (
    advance,
    begin_content_appraisal,
    check_estimate,
    pass_section,
    receive_estimate,
    return_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from tests.builders import Province, a_draft, an_office_chain

DOCUMENT_ON = date(2012, 2, 15)


def edit_of(session: Session, estimate_id: int) -> int:
    """The edit number a fresh page would show."""
    return session.get_one(Estimate, estimate_id).edit_number


def a_saved_estimate(
    session: Session, province: Province, draft: EstimateDraft | None = None, *, other: bool = False
) -> int:
    """Id of an estimate of Nha Trang (or, for `other`, Khánh Vĩnh) holding the draft; edit number 2."""
    officer = province.other_preparer if other else province.preparer
    agency_id = province.agencies["H_KHANHVINH" if other else "H_NHATRANG"]
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=agency_id)
    save_draft(session, officer, estimate_id, draft=a_draft() if draft is None else draft, seen_edit=1)
    return estimate_id


def bring_to(
    session: Session,
    province: Province,
    status: EstimateStatus,
    draft: EstimateDraft | None = None,
    *,
    other: bool = False,
) -> int:
    """Id of an estimate brought to the status by one act after another."""
    if status is EstimateStatus.SECTION_PASSED:
        return _passed_by_the_section(session, province, draft)
    officer = province.other_preparer if other else province.preparer
    head = province.other_head if other else province.head
    finance_office, home_affairs = province.estimate_appraiser, province.content_appraiser
    estimate_id = a_saved_estimate(session, province, draft, other=other)
    edit = edit_of(session, estimate_id)
    on_the_way = [
        (EstimateStatus.CHECKED, lambda e: check_estimate(session, officer, estimate_id, seen_edit=e)),
        (EstimateStatus.SIGNED, lambda e: sign_estimate(session, head, estimate_id, seen_edit=e)),
        (
            EstimateStatus.SENT,
            lambda e: send_estimate(
                session,
                head,
                estimate_id,
                document_number="12/DT-UBND",
                document_on=DOCUMENT_ON,
                seen_edit=e,
            ),
        ),
        (
            EstimateStatus.RECEIVED,
            lambda e: receive_estimate(session, finance_office, estimate_id, seen_edit=e),
        ),
        (
            EstimateStatus.CONTENT_APPRAISAL,
            lambda e: begin_content_appraisal(session, home_affairs, estimate_id, seen_edit=e),
        ),
        (
            EstimateStatus.ESTIMATE_APPRAISAL,
            lambda e: advance(session, home_affairs, estimate_id, action=Action.PASS_CONTENT, seen_edit=e),
        ),
        (
            EstimateStatus.APPRAISED,
            lambda e: advance(
                session, finance_office, estimate_id, action=Action.CONCLUDE_APPRAISAL, seen_edit=e
            ),
        ),
    ]
    wanted = EstimateStatus.SENT if status is EstimateStatus.RETURNED else status
    if wanted is not EstimateStatus.DRAFT:
        for reached, act in on_the_way:
            edit = act(edit)
            if reached is wanted:
                break
    if status is EstimateStatus.RETURNED:
        return_estimate(session, finance_office, estimate_id, reason="Thiếu phụ lục", seen_edit=edit)
    return estimate_id


def _passed_by_the_section(session: Session, province: Province, draft: EstimateDraft | None) -> int:
    """Nha Trang signs over the head of a section, who has passed the draft."""
    an_office_chain(session, province.agencies["H_NHATRANG"])
    estimate_id = bring_to(session, province, EstimateStatus.CHECKED, draft)
    pass_section(session, province.section_head, estimate_id, seen_edit=edit_of(session, estimate_id))
    return estimate_id
