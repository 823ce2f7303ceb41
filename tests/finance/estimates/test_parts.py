"""Co-agencies own their lines of a project and sign together: every role x state x act."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotFound, NotInThisStatus, NotReady, RuleBroken, StaleVersion
from finance.estimates.context_reader import check_context
from finance.estimates.operations import save_project
from finance.estimates.part_operations import invite_partner, save_part
from finance.estimates.part_queries import list_parts, part_acts, part_row
from finance.estimates.parts.joining import joined_positions
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PART_STEPS, PartStatus, Side
from finance.estimates.procedure import (
    check_estimate,
    receive_estimate,
    refuse_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import current_version, load_draft
from tests.builders import Province, a_ceiling, a_draft, a_line, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.part_journeys import (
    THEIRS,
    act,
    bring_part_to,
    edit,
    frame_of,
    invited,
    refused_because,
    save_lines,
    submit,
)

P, A = PartStatus, Action
LEAD, PARTNER = {"preparer", "head", "section_head"}, {"other_preparer", "other_head"}
WHO: dict[Action, set[str]] = {
    A.WITHDRAW_INVITATION: LEAD,
    A.ACCEPT_PART: PARTNER,
    A.DECLINE_PART: {"other_head"},
    A.SAVE_PART: PARTNER,
    A.SIGN_PART: {"other_head"},
    A.REOPEN_PART: {"other_head"},
}
STRANGERS = {"estimate_appraiser", "content_appraiser", "planner", "approver", "inspector", "administrator"}


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def estimate_id(session: Session, province: Province) -> int:
    return a_saved_estimate(session, province, a_draft(a_project()))


@pytest.mark.parametrize("status", list(PartStatus))
def test_every_role_state_and_act(
    session: Session, province: Province, estimate_id: int, status: PartStatus
) -> None:
    part_id = bring_part_to(session, province, estimate_id, status)
    table = {(step.status, step.action): step.next_status for step in PART_STEPS}
    for action, allowed in WHO.items():
        for name in sorted(LEAD | PARTNER | STRANGERS):
            actor: Actor = getattr(province, name)
            attempt = session.begin_nested()
            then = table.get((status, action))
            if name in allowed and then is not None:
                act(session, actor, part_id, action)
                assert session.get_one(ProjectPart, part_id).status is then, (action, name)
                if name in STRANGERS:
                    raise AssertionError
            else:
                wanted = NotFound if name in STRANGERS else (NotAllowed, NotInThisStatus, RuleBroken)
                with pytest.raises(wanted):
                    act(session, actor, part_id, action)
            attempt.rollback()
            session.expire_all()


def test_the_table_names_the_side_of_every_act() -> None:
    sides = {step.action: step.side for step in PART_STEPS}
    assert {action for action, side in sides.items() if side is Side.LEAD} == {A.WITHDRAW_INVITATION}
    assert set(sides) == set(WHO)


def test_the_lead_waits_for_every_signature(session: Session, province: Province, estimate_id: int) -> None:
    part_id = invited(session, province, estimate_id)
    waits = "Chờ UBND huyện Khánh Vĩnh ký phần phối hợp của dự án DA1 ({})."
    assert refused_because(lambda: submit(session, province, estimate_id)) == [waits.format("đã mời")]
    act(session, province.other_preparer, part_id, A.ACCEPT_PART)
    act(session, province.other_preparer, part_id, A.SAVE_PART)
    assert refused_because(lambda: submit(session, province, estimate_id)) == [waits.format("đang soạn")]
    act(session, province.other_head, part_id, A.SIGN_PART)
    submit(session, province, estimate_id)
    lines = load_draft(session, estimate_id).projects[0].lines
    assert [line.item_vi for line in lines] == ["Thuê giảng viên", "In tài liệu"]
    assert lines[1].note == "Phần của UBND huyện Khánh Vĩnh"
    joined = joined_positions(session, current_version(session, estimate_id).id)
    assert joined == {"DA1": {2: province.agencies["H_KHANHVINH"]}}


def test_the_lines_leave_with_the_draft_and_come_back_with_the_same_signature(
    session: Session, province: Province, estimate_id: int
) -> None:
    bring_part_to(session, province, estimate_id, P.SIGNED)
    own = load_draft(session, estimate_id)
    seen = check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    seen = sign_estimate(session, province.head, estimate_id, seen_edit=seen)
    refuse_estimate(session, province.head, estimate_id, reason="Sửa lại", seen_edit=seen)
    assert load_draft(session, estimate_id) == own
    assert joined_positions(session, current_version(session, estimate_id).id) == {}
    seen = check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert len(load_draft(session, estimate_id).projects[0].lines) == 2
    seen = sign_estimate(session, province.head, estimate_id, seen_edit=seen)
    seen = send_estimate(
        session, province.head, estimate_id, document_number="1/DT", document_on=DOCUMENT_ON, seen_edit=seen
    )
    seen = receive_estimate(session, province.estimate_appraiser, estimate_id, seen_edit=seen)
    seen = return_estimate(
        session, province.estimate_appraiser, estimate_id, reason="Bổ sung", seen_edit=seen
    )
    revise_estimate(session, province.preparer, estimate_id, seen_edit=seen)
    assert load_draft(session, estimate_id) == own
    assert len(load_draft(session, estimate_id, 1).projects[0].lines) == 2


def test_a_changed_project_needs_a_new_signature(
    session: Session, province: Province, estimate_id: int
) -> None:
    part_id = bring_part_to(session, province, estimate_id, P.SIGNED)
    project = load_draft(session, estimate_id).projects[0]
    assert part_row(session, province.preparer, part_id).is_signature_valid
    touched = replace(project, lines=(replace(project.lines[0], note="chỉ phần của chủ trì"),))
    save_project(
        session, province.preparer, estimate_id, project=touched, seen_edit=edit_of(session, estimate_id)
    )
    assert part_row(session, province.preparer, part_id).is_signature_valid
    renamed = replace(project, name_vi="Tên khác")
    save_project(
        session, province.preparer, estimate_id, project=renamed, seen_edit=edit_of(session, estimate_id)
    )
    assert not part_row(session, province.preparer, part_id).is_signature_valid
    said = refused_because(lambda: submit(session, province, estimate_id))
    assert len(said) == 1
    assert "phải được ký lại" in said[0]
    act(session, province.other_head, part_id, A.SIGN_PART)
    check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))


def test_own_lines_charge_the_own_control_figure(
    session: Session, province: Province, estimate_id: int
) -> None:
    lead, partner = province.agencies["H_NHATRANG"], province.agencies["H_KHANHVINH"]
    own = a_line("In", source_code="NS_HUYEN", unit_price_vnd=200_000, quantities=(5_000,))
    a_ceiling(session, province.round_id, lead, "NS_HUYEN", 0)
    a_ceiling(session, province.round_id, partner, "NS_HUYEN", 999_999)
    part_id = invited(session, province, estimate_id)
    act(session, province.other_preparer, part_id, A.ACCEPT_PART)
    said = save_lines(session, province.other_preparer, part_id, own)
    assert [finding.code for finding in said if finding.is_blocking] == ["CEILING_EXCEEDED"]
    with pytest.raises(NotReady):
        act(session, province.other_head, part_id, A.SIGN_PART)
    assert check_context(session, province.round_id, partner).parts_bound == {"NS_HUYEN": 1_000_000}
    assert check_context(session, province.round_id, lead).parts_bound == {}
    smaller = replace(own, quantities=(4_000,))
    save_lines(session, province.other_preparer, part_id, smaller)
    act(session, province.other_head, part_id, A.SIGN_PART)
    seen = check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, province.head, estimate_id, seen_edit=seen)


def test_nothing_moves_while_the_lead_has_handed_on(
    session: Session, province: Province, estimate_id: int
) -> None:
    part_id = bring_part_to(session, province, estimate_id, P.SIGNED)
    check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    for who, action in (("other_head", A.REOPEN_PART), ("preparer", A.WITHDRAW_INVITATION)):
        with pytest.raises(NotInThisStatus):
            act(session, getattr(province, who), part_id, action)
    row = part_row(session, province.other_head, part_id)
    assert part_acts(province.other_head, row) == frozenset()


def test_what_an_invitation_and_a_part_need(session: Session, province: Province, estimate_id: int) -> None:
    part_id = invited(session, province, estimate_id)
    with pytest.raises(RuleBroken, match="đã được mời"):
        invited(session, province, estimate_id)
    facts = {"project_key": "DA1", "words": "Làm gì đó", "seen_edit": edit_of(session, estimate_id)}
    own = province.agencies["H_NHATRANG"]
    with pytest.raises(RuleBroken, match="không tự mời"):
        invite_partner(session, province.preparer, estimate_id, agency_id=own, **facts)  # type: ignore[arg-type]
    other = province.agencies["SNV"]
    with pytest.raises(NotFound):
        invite_partner(
            session,
            province.preparer,
            estimate_id,
            agency_id=other,
            **{**facts, "project_key": "KHONG"},  # type: ignore[arg-type]
        )
    with pytest.raises(RuleBroken, match="phần việc"):
        invite_partner(session, province.preparer, estimate_id, agency_id=other, **{**facts, "words": " "})  # type: ignore[arg-type]
    act(session, province.other_preparer, part_id, A.ACCEPT_PART)
    with pytest.raises(RuleBroken, match="chưa có dòng chi"):
        act(session, province.other_head, part_id, A.SIGN_PART)
    with pytest.raises(StaleVersion):
        save_part(
            session,
            province.other_preparer,
            part_id,
            lines=[THEIRS],
            seen_edit=99,
            seen_frame=frame_of(session, part_id),
        )
    gone = replace(THEIRS, source_code="CU")
    with pytest.raises(NotReady):
        save_lines(session, province.other_preparer, part_id, gone)
    assert {row.id for row in list_parts(session, province.other_head, province.round_id)} == {part_id}


@pytest.mark.parametrize("status", [P.DECLINED, P.WITHDRAWN])
def test_who_has_left_the_project_reads_no_more_of_the_lead_s_draft(
    session: Session, province: Province, estimate_id: int, status: PartStatus
) -> None:
    part_id = bring_part_to(session, province, estimate_id, status)
    partner, seen = province.other_preparer, frame_of(session, part_id)
    renamed = a_project(name_vi="Tên mới của cơ quan chủ trì")
    save_project(
        session,
        province.preparer,
        estimate_id,
        project=renamed,
        seen_edit=edit_of(session, estimate_id),
    )
    rows = [part_row(session, partner, part_id), *list_parts(session, partner, province.round_id)]
    assert [(row.is_over, row.project) for row in rows] == [(True, None)] * 2
    with pytest.raises(NotInThisStatus):
        save_part(
            session,
            partner,
            part_id,
            lines=[THEIRS],
            seen_edit=edit(session, part_id),
            seen_frame=seen,
        )
    lead_s = part_row(session, province.preparer, part_id).project
    assert lead_s is not None
    assert lead_s.name_vi == renamed.name_vi


def test_who_wrote_the_part_does_not_sign_it(session: Session, province: Province, estimate_id: int) -> None:
    part_id = invited(session, province, estimate_id)
    act(session, province.other_head, part_id, A.ACCEPT_PART)
    act(session, province.other_head, part_id, A.SAVE_PART)
    with pytest.raises(NotAllowed, match="đã soạn"):
        act(session, province.other_head, part_id, A.SIGN_PART)
    # Once everybody of the office has written in it, nobody else could ever sign.
    act(session, province.other_preparer, part_id, A.SAVE_PART)
    act(session, province.other_head, part_id, A.SIGN_PART)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.details["whole_office_wrote"] is True
