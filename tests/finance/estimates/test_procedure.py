"""The way of an estimate through the offices, and every other way refused without effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.audit import AuditEntry, find_broken_entry
from finance.errors import (
    NotAllowed,
    NotInThisStatus,
    NotReady,
    ReasonMissing,
    RecordDamaged,
    RoundClosed,
    RuleBroken,
    StaleVersion,
)
from finance.estimates.operations import save_draft, save_project
from finance.estimates.procedure import (
    advance,
    begin_content_appraisal,
    check_estimate,
    receive_estimate,
    refuse_estimate,
    reopen_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
    withdraw_estimate,
)
from finance.estimates.queries import (
    current_version,
    estimate_history,
    estimate_row,
    get_version,
    load_draft,
)
from finance.estimates.records import CostLine
from finance.estimates.workflow import EstimateStatus
from tests.builders import (
    Province,
    a_draft,
    a_line,
    a_project,
    a_province,
    later,
)
from tests.estimate_journeys import a_saved_estimate, bring_to, edit_of

AFTER_DEADLINE = date(2012, 3, 1)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def test_an_estimate_travels_from_draft_to_appraised(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.APPRAISED)
    row = estimate_row(session, province.inspector, estimate_id)
    assert row.status is EstimateStatus.APPRAISED
    said = [entry.action for entry in reversed(estimate_history(session, estimate_id))]
    assert said == [
        Action.START_ESTIMATE,
        Action.SAVE_DRAFT,
        Action.CHECK_ESTIMATE,
        Action.SIGN_ESTIMATE,
        Action.SEND_ESTIMATE,
        Action.RECEIVE_ESTIMATE,
        Action.BEGIN_CONTENT_APPRAISAL,
        Action.PASS_CONTENT,
        Action.CONCLUDE_APPRAISAL,
    ]
    assert find_broken_entry(session) is None
    assert row.edit_number == len(said)


def test_it_is_addressed_to_finance_and_planning_with_a_copy_to_home_affairs(
    session: Session, province: Province
) -> None:
    version = current_version(session, bring_to(session, province, EstimateStatus.SENT))
    to = {recipient.agency_id for recipient in version.recipients if not recipient.is_copy}
    copies = {recipient.agency_id for recipient in version.recipients if recipient.is_copy}
    assert to == {province.agencies["STC"], province.agencies["SKHDT"]}
    assert copies == {province.agencies["SNV"]}
    assert (version.document_number, version.document_on) == ("12/DT-UBND", date(2012, 2, 15))


def test_sending_is_refused_when_no_office_holds_the_function(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SIGNED)
    head = later(province.head, date(2010, 1, 4))  # before the functions were given
    with pytest.raises(RuleBroken, match="thẩm định dự toán"):
        send_estimate(
            session,
            head,
            estimate_id,
            document_number="1",
            document_on=date(2010, 1, 4),
            seen_edit=edit_of(session, estimate_id),
        )


def test_a_letter_needs_a_number_and_no_date_ahead(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SIGNED)
    for number, on, words in (
        ("  ", date(2012, 2, 15), "Chưa ghi số văn bản"),
        ("1" * 61, date(2012, 2, 15), "60 ký tự"),
        ("12/DT", date(2012, 2, 16), "sau ngày gửi"),
    ):
        with pytest.raises(RuleBroken, match=words):
            send_estimate(
                session,
                province.head,
                estimate_id,
                document_number=number,
                document_on=on,
                seen_edit=edit_of(session, estimate_id),
            )


def test_what_blocks_stops_the_preparer_with_all_findings(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(
        session, province, a_draft(a_project(name_vi="", lines=(a_line(unit_price_vnd=0),)))
    )
    with pytest.raises(NotReady) as refused:
        check_estimate(session, province.preparer, estimate_id, seen_edit=2)
    assert [finding.code for finding in refused.value.findings] == ["PROJECT_NAME_MISSING", "PRICE_ZERO"]
    assert edit_of(session, estimate_id) == 2


def test_after_the_deadline_nothing_is_checked_signed_or_sent(session: Session, province: Province) -> None:
    late_officer, late_head = later(province.preparer, AFTER_DEADLINE), later(province.head, AFTER_DEADLINE)
    estimate_id = a_saved_estimate(session, province)
    with pytest.raises(RoundClosed):
        check_estimate(session, late_officer, estimate_id, seen_edit=2)
    edit = check_estimate(session, province.preparer, estimate_id, seen_edit=2)
    with pytest.raises(RoundClosed):
        sign_estimate(session, late_head, estimate_id, seen_edit=edit)
    edit = sign_estimate(session, province.head, estimate_id, seen_edit=edit)
    with pytest.raises(RoundClosed):
        send_estimate(
            session,
            late_head,
            estimate_id,
            document_number="12",
            document_on=date(2012, 2, 15),
            seen_edit=edit,
        )
    assert estimate_row(session, province.head, estimate_id).status is EstimateStatus.SIGNED


def test_a_returned_estimate_may_be_sent_again_after_the_deadline_but_a_withdrawn_one_may_not(
    session: Session, province: Province
) -> None:
    late_officer = later(province.preparer, AFTER_DEADLINE)
    returned = bring_to(session, province, EstimateStatus.SENT)
    edit = return_estimate(
        session,
        province.estimate_appraiser,
        returned,
        reason="Thiếu thuyết minh",
        seen_edit=edit_of(session, returned),
    )
    edit = revise_estimate(session, late_officer, returned, seen_edit=edit)
    check_estimate(session, late_officer, returned, seen_edit=edit)

    withdrawn = bring_to(session, province, EstimateStatus.SENT, other=True)
    edit = withdraw_estimate(
        session, province.other_head, withdrawn, reason="Sai biểu", seen_edit=edit_of(session, withdrawn)
    )
    late_other = later(province.other_preparer, AFTER_DEADLINE)
    edit = revise_estimate(session, late_other, withdrawn, seen_edit=edit)
    with pytest.raises(RoundClosed):
        check_estimate(session, late_other, withdrawn, seen_edit=edit)


def test_saving_a_draft_stays_possible_after_the_deadline(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    late = later(province.preparer, AFTER_DEADLINE)
    saved = save_draft(session, late, estimate_id, draft=a_draft(a_project()), seen_edit=2)
    assert saved.edit_number == 3


@pytest.mark.parametrize("status", [EstimateStatus.CHECKED, EstimateStatus.SIGNED])
def test_a_refused_estimate_is_a_draft_again_without_a_signature(
    session: Session, province: Province, status: EstimateStatus
) -> None:
    estimate_id = bring_to(session, province, status)
    edit = edit_of(session, estimate_id)
    with pytest.raises(ReasonMissing):
        refuse_estimate(session, province.head, estimate_id, reason=" ", seen_edit=edit)
    refuse_estimate(session, province.head, estimate_id, reason="Thiếu thuyết minh", seen_edit=edit)
    version = current_version(session, estimate_id)
    assert (version.signed_at, version.signed_by, version.content_hash) == (None, "", "")
    draft = a_draft(a_project(name_vi="Đã sửa"))
    save_draft(session, province.preparer, estimate_id, draft=draft, seen_edit=edit + 1)
    assert load_draft(session, estimate_id).projects[0].name_vi == "Đã sửa"


def test_a_returned_estimate_goes_on_as_the_next_version_and_the_old_one_stays(
    session: Session, province: Province
) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.RECEIVED)
    first = current_version(session, estimate_id)
    edit = return_estimate(
        session,
        province.estimate_appraiser,
        estimate_id,
        reason="Thiếu phụ lục",
        seen_edit=edit_of(session, estimate_id),
    )
    edit = revise_estimate(session, province.preparer, estimate_id, seen_edit=edit)
    second = current_version(session, estimate_id)
    assert (second.number, second.signed_at, second.content_hash) == (2, None, "")
    assert load_draft(session, estimate_id, 2) == load_draft(session, estimate_id, 1) == a_draft()
    save_draft(
        session, province.preparer, estimate_id, draft=a_draft(a_project(name_vi="Lần hai")), seen_edit=edit
    )
    kept = get_version(session, estimate_id, 1)
    assert kept.return_reason == "Thiếu phụ lục"
    assert kept.content_hash == first.content_hash
    assert load_draft(session, estimate_id, 1) == a_draft()
    assert load_draft(session, estimate_id).projects[0].name_vi == "Lần hai"


def test_the_sender_may_take_it_back_before_it_is_received(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    withdraw_estimate(
        session, province.head, estimate_id, reason="Gửi nhầm bản", seen_edit=edit_of(session, estimate_id)
    )
    assert estimate_row(session, province.head, estimate_id).status is EstimateStatus.RETURNED
    received = bring_to(session, province, EstimateStatus.RECEIVED, other=True)
    with pytest.raises(NotInThisStatus):
        withdraw_estimate(
            session, province.other_head, received, reason="Muộn", seen_edit=edit_of(session, received)
        )


def test_a_person_who_prepared_it_cannot_receive_or_appraise_it(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    moved = replace(
        province.preparer,
        seats=(
            Seat(Function.ESTIMATE_APPRAISAL, Capacity.OFFICER, province.agencies["STC"]),
            Seat(Function.CONTENT_APPRAISAL, Capacity.OFFICER, province.agencies["SNV"]),
        ),
    )
    edit = edit_of(session, estimate_id)
    for refused in (
        lambda: receive_estimate(session, moved, estimate_id, seen_edit=edit),
        lambda: return_estimate(session, moved, estimate_id, reason="x", seen_edit=edit),
    ):
        with pytest.raises(NotAllowed, match="đã tham gia lập"):
            refused()
    edit = receive_estimate(session, province.estimate_appraiser, estimate_id, seen_edit=edit)
    with pytest.raises(NotAllowed):
        begin_content_appraisal(session, moved, estimate_id, seen_edit=edit)


def test_a_head_who_wrote_signs_only_where_nobody_else_of_the_office_ever_could(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft(a_project()))

    def written_by(actor: Actor, name_vi: str) -> None:
        project, seen = a_project(name_vi=name_vi), edit_of(session, estimate_id)
        save_project(session, actor, estimate_id, project=project, seen_edit=seen)

    def handed_on_and_signed() -> None:
        check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
        sign_estimate(session, province.head, estimate_id, seen_edit=edit_of(session, estimate_id))

    written_by(province.head, "Tên do thủ trưởng sửa")
    with pytest.raises(NotAllowed, match="mời người khác của cơ quan"):
        handed_on_and_signed()
    reopen_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    written_by(province.section_head, "Tên do lãnh đạo phòng sửa")
    handed_on_and_signed()
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.details["whole_office_wrote"]) == (Action.SIGN_ESTIMATE, True)


def test_an_old_page_is_refused_with_what_changed_since(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    changed = a_draft(a_project(name_vi="Tên mới"), a_project("DA9", priority=9))
    save_draft(session, province.preparer, estimate_id, draft=changed, seen_edit=2)
    with pytest.raises(StaleVersion) as refused:
        check_estimate(session, province.preparer, estimate_id, seen_edit=2)
    said = "\n".join(refused.value.differences)
    assert "Nguyễn Thị Lan lưu bản nháp" in said
    assert "Sửa dự án DA1 “Tên mới”: thông tin chung." in said
    assert "Thêm dự án DA9" in said
    assert "Xóa dự án DA2" in said


def test_the_content_signed_is_the_content_sent(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SIGNED)
    line = session.scalars(select(CostLine)).first()
    assert line is not None
    line.unit_price_vnd += 1
    session.flush()
    with pytest.raises(RecordDamaged):
        send_estimate(
            session,
            province.head,
            estimate_id,
            document_number="12",
            document_on=date(2012, 2, 15),
            seen_edit=edit_of(session, estimate_id),
        )


def test_advance_refuses_acts_with_an_operation_of_their_own(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    with pytest.raises(ValueError, match="operation of its own"):
        advance(
            session, province.estimate_appraiser, estimate_id, action=Action.RECEIVE_ESTIMATE, seen_edit=5
        )
