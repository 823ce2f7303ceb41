"""Any sequence of acts is in the table or refused without effect: every pair is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import AuditEntry
from finance.database import make_engine, make_session_factory
from finance.errors import NotAllowed, NotFound, NotInThisStatus
from finance.estimates.procedure import (
    advance,
    begin_content_appraisal,
    check_estimate,
    pass_section,
    receive_estimate,
    refuse_estimate,
    refuse_section,
    reopen_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
    withdraw_estimate,
)
from finance.estimates.records import Estimate, EstimateRecipient, EstimateVersion
from finance.estimates.workflow import PRIVATE, STEPS, EstimateStatus, step_for, steps_from
from tests.builders import Province, a_province, an_office_chain
from tests.estimate_journeys import bring_to, edit_of

S, A = EstimateStatus, Action
# Hand-written beside the table: who (see Province) may do what in which status.
ALLOWED = {
    (S.DRAFT, A.CHECK_ESTIMATE, "preparer"): S.CHECKED,
    (S.CHECKED, A.REOPEN_ESTIMATE, "preparer"): S.DRAFT,
    (S.CHECKED, A.REFUSE_ESTIMATE, "head"): S.DRAFT,
    (S.CHECKED, A.SIGN_ESTIMATE, "head"): S.SIGNED,
    (S.SECTION_PASSED, A.REFUSE_ESTIMATE, "head"): S.DRAFT,
    (S.SECTION_PASSED, A.SIGN_ESTIMATE, "head"): S.SIGNED,
    (S.SIGNED, A.REFUSE_ESTIMATE, "head"): S.DRAFT,
    (S.SIGNED, A.SEND_ESTIMATE, "preparer"): S.SENT,
    (S.SIGNED, A.SEND_ESTIMATE, "section_head"): S.SENT,
    (S.SIGNED, A.SEND_ESTIMATE, "head"): S.SENT,
    (S.SENT, A.WITHDRAW_ESTIMATE, "head"): S.RETURNED,
    (S.SENT, A.RECEIVE_ESTIMATE, "estimate_appraiser"): S.RECEIVED,
    (S.SENT, A.RETURN_ESTIMATE, "estimate_appraiser"): S.RETURNED,
    (S.RETURNED, A.REVISE_ESTIMATE, "preparer"): S.DRAFT,
    (S.RETURNED, A.REVISE_ESTIMATE, "head"): S.DRAFT,
    (S.RETURNED, A.REVISE_ESTIMATE, "section_head"): S.DRAFT,
    (S.RECEIVED, A.RETURN_ESTIMATE, "estimate_appraiser"): S.RETURNED,
    (S.RECEIVED, A.BEGIN_CONTENT_APPRAISAL, "content_appraiser"): S.CONTENT_APPRAISAL,
    (S.CONTENT_APPRAISAL, A.RETURN_ESTIMATE, "content_appraiser"): S.RETURNED,
    (S.CONTENT_APPRAISAL, A.PASS_CONTENT, "content_appraiser"): S.ESTIMATE_APPRAISAL,
    (S.ESTIMATE_APPRAISAL, A.RETURN_ESTIMATE, "estimate_appraiser"): S.RETURNED,
    (S.ESTIMATE_APPRAISAL, A.CONCLUDE_APPRAISAL, "estimate_appraiser"): S.APPRAISED,
}
# An office that signs over the head of a section has these instead of the straight signature.
OVER_THE_SECTION = {
    (S.CHECKED, A.PASS_SECTION, "section_head"): S.SECTION_PASSED,
    (S.CHECKED, A.REFUSE_SECTION, "section_head"): S.DRAFT,
}
STRAIGHT_ONLY = {(S.CHECKED, A.SIGN_ESTIMATE, "head")}
OWN = {"preparer", "head", "section_head"}
ACTORS = [f.name for f in fields(Province) if f.name not in {"round_id", "agencies"}]


@pytest.fixture
def province_session(sqlite_url: str) -> Iterator[tuple[Session, Province]]:
    """A province on one store: the table is the same on both, and every pair is tried."""
    engine = make_engine(sqlite_url)
    with make_session_factory(engine)() as session:
        yield session, a_province(session)
        session.rollback()
    engine.dispose()


def allowed_in(status: EstimateStatus, *, over_section: bool) -> dict[tuple[S, A, str], S]:
    """What an office that signs this way may do."""
    if not over_section:
        return ALLOWED
    return {cell: then for cell, then in ALLOWED.items() if cell not in STRAIGHT_ONLY} | OVER_THE_SECTION


@pytest.mark.parametrize(
    ("status", "over_section"),
    [
        *((status, False) for status in EstimateStatus if status is not S.SECTION_PASSED),
        *((status, True) for status in (S.DRAFT, S.CHECKED, S.SECTION_PASSED, S.SIGNED)),
    ],
)
def test_every_act_by_everybody_is_in_the_table_or_refused_without_effect(
    province_session: tuple[Session, Province], status: EstimateStatus, over_section: bool
) -> None:
    session, province = province_session
    estimate_id = bring_to(session, province, status)
    if over_section and status is not S.SECTION_PASSED:
        an_office_chain(session, province.agencies["H_NHATRANG"])
    allowed = allowed_in(status, over_section=over_section)
    tried = 0
    for name in ACTORS:
        actor: Actor = getattr(province, name)
        for action, act in acts_on(session, estimate_id, actor).items():
            tried += 1
            attempt = session.begin_nested()
            before = _stored(session, estimate_id)
            expected = allowed.get((status, action, name))
            if expected is not None:
                act()
                assert session.get_one(Estimate, estimate_id).status is expected, (action, name)
                assert _stored(session, estimate_id)["acts"] == before["acts"] + 1
            else:
                refusal = NotFound if status in PRIVATE and name not in OWN else (NotAllowed, NotInThisStatus)
                with pytest.raises(
                    (NotFound,) if name.startswith("other") or name == "administrator" else refusal
                ):
                    act()
                assert _stored(session, estimate_id) == before, (action, name)
            attempt.rollback()
    assert tried == len(ACTORS) * 14


def test_the_table_is_what_was_written_by_hand() -> None:
    both = ALLOWED | OVER_THE_SECTION
    by_hand = {(status, action, next_status) for (status, action, _who), next_status in both.items()}
    by_hand |= {(S.SIGNED, A.RETURN_ESTIMATE_DOWN, S.RETURNED)}  # tried in test_handovers.py
    assert {(step.status, step.action, step.next_status) for step in STEPS} == by_hand


def test_every_status_is_reached_and_only_the_last_ends_the_way() -> None:
    assert {step.next_status for step in STEPS} == set(EstimateStatus)
    ends = {status for status in EstimateStatus if not steps_from(status)}
    assert ends == {EstimateStatus.APPRAISED}


def test_a_step_not_in_the_table_is_refused_by_name() -> None:
    for step in STEPS:
        assert step_for(step.status, step.action, step.function) is step
    with pytest.raises(NotInThisStatus, match="đã thẩm định"):
        step_for(EstimateStatus.APPRAISED, Action.RETURN_ESTIMATE, STEPS[-1].function)


def _stored(session: Session, estimate_id: int) -> dict[str, object]:
    """Everything a refused act must leave as it was."""
    session.flush()
    session.expire_all()
    estimate = session.get_one(Estimate, estimate_id)
    versions = session.scalars(select(EstimateVersion).where(EstimateVersion.estimate_id == estimate_id))
    return {
        "estimate": (estimate.status, estimate.version_number, estimate.edit_number, estimate.status_since),
        "versions": [
            (
                v.number,
                v.signed_at,
                v.signed_by,
                v.sent_at,
                v.document_number,
                v.content_hash,
                v.return_reason,
            )
            for v in versions
        ],
        "recipients": session.scalar(select(func.count()).select_from(EstimateRecipient)),
        "acts": session.scalar(select(func.count()).select_from(AuditEntry)) or 0,
    }


def acts_on(session: Session, estimate_id: int, actor: Actor) -> dict[Action, Callable[[], int]]:
    """Every act of the procedure, asked for by this person from a fresh page with a reason."""
    edit = edit_of(session, estimate_id)
    return {
        Action.CHECK_ESTIMATE: lambda: check_estimate(session, actor, estimate_id, seen_edit=edit),
        Action.REOPEN_ESTIMATE: lambda: reopen_estimate(session, actor, estimate_id, seen_edit=edit),
        Action.PASS_SECTION: lambda: pass_section(session, actor, estimate_id, seen_edit=edit),
        Action.REFUSE_SECTION: lambda: refuse_section(
            session, actor, estimate_id, reason="Lý do", seen_edit=edit
        ),
        Action.REFUSE_ESTIMATE: lambda: refuse_estimate(
            session, actor, estimate_id, reason="Lý do", seen_edit=edit
        ),
        Action.SIGN_ESTIMATE: lambda: sign_estimate(session, actor, estimate_id, seen_edit=edit),
        Action.SEND_ESTIMATE: lambda: send_estimate(
            session,
            actor,
            estimate_id,
            document_number="12/DT-UBND",
            document_on=date(2012, 2, 15),
            seen_edit=edit,
        ),
        Action.WITHDRAW_ESTIMATE: lambda: withdraw_estimate(
            session, actor, estimate_id, reason="Lý do", seen_edit=edit
        ),
        Action.RECEIVE_ESTIMATE: lambda: receive_estimate(session, actor, estimate_id, seen_edit=edit),
        Action.RETURN_ESTIMATE: lambda: return_estimate(
            session, actor, estimate_id, reason="Lý do", seen_edit=edit
        ),
        Action.REVISE_ESTIMATE: lambda: revise_estimate(session, actor, estimate_id, seen_edit=edit),
        Action.BEGIN_CONTENT_APPRAISAL: lambda: begin_content_appraisal(
            session, actor, estimate_id, seen_edit=edit
        ),
        Action.PASS_CONTENT: lambda: advance(
            session, actor, estimate_id, action=Action.PASS_CONTENT, seen_edit=edit
        ),
        Action.CONCLUDE_APPRAISAL: lambda: advance(
            session, actor, estimate_id, action=Action.CONCLUDE_APPRAISAL, seen_edit=edit
        ),
    }
