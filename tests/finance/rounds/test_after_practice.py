"""What was practised leaves nothing behind: no hand in a true file, no money in a plan, no line on a norm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.audit import AuditEntry
from finance.errors import RuleBroken
from finance.estimates.dossier_acts import save_dossier
from finance.estimates.handovers import submit_estimate_up
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.part_operations import invite_partner
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.procedure import (
    check_estimate,
    revise_estimate,
    sign_estimate,
)
from finance.estimates.separation import find_hand, hands_in
from finance.norms.operations import repeal_norm
from finance.norms.queries import (
    affected_lines,
    count_affected_lines,
    lines_naming,
    lines_on_ended_norms,
    norm_by_code,
)
from finance.plans.plan_lookup import get_seen_plan
from finance.plans.project_links import link_project, plan_money
from finance.rounds.deadlines import extend_deadline, remind_office
from finance.rounds.practice import close_round
from finance.rounds.queries import (
    get_round,
)
from tests.builders import (
    SUBMISSION_DUE_AT,
    Province,
    a_draft,
    a_line,
    a_project,
    a_province,
)
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.finance.dossiers.test_dossier_checks import WHOLE
from tests.finance.estimates.test_parts import act
from tests.finance.rounds.test_practice import a_practised_estimate, open_practice
from tests.plan_journeys import a_saved_plan, communes_of, plan_edit_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def a_practised_part(session: Session, province: Province, estimate_id: int) -> int:
    """Khánh Vĩnh's signed part of the practice estimate's DA1; the lead's estimate is a draft again."""
    edit = revise_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    part_id = invite_partner(
        session,
        province.preparer,
        estimate_id,
        project_key="DA1",
        agency_id=province.agencies["H_KHANHVINH"],
        words="Tập phối hợp",
        seen_edit=edit,
    )
    act(session, province.other_preparer, part_id, Action.ACCEPT_PART)
    act(session, province.other_preparer, part_id, Action.SAVE_PART)
    act(session, province.other_head, part_id, Action.SIGN_PART)
    return part_id


def test_a_true_part_with_a_wiped_one_s_number_inherits_nothing(session: Session, province: Province) -> None:
    practice = open_practice(session, province)
    practised = a_practised_estimate(session, province, practice)
    part_id = a_practised_part(session, province, practised)
    # In practice the rule is practised too.
    assert find_hand(session, province.other_head.person_id, practised) is not None
    seen = get_round(session, practice).edit_number
    close_round(session, province.estimate_appraiser, practice, reason="Xong lớp", seen_edit=seen)
    true_one = a_saved_estimate(session, province)
    session.add(
        ProjectPart(
            id=part_id,
            estimate_id=true_one,
            project_key="DA1",
            agency_id=province.agencies["H_KHANHVINH"],
            status=PartStatus.ACCEPTED,
            words="Phần thật",
            lines=[],
        )
    )
    session.flush()
    people = {hand.person_id for hand in hands_in(session, [true_one])[true_one]}
    assert people == {province.preparer.person_id}, "nobody who only practised on a part"
    # Who typed the practice part may sign the true one that somebody else typed.
    typist, head = province.other_preparer, province.other_head
    act(session, head, part_id, Action.SAVE_PART)
    act(session, replace(typist, seats=head.seats), part_id, Action.SIGN_PART)


def test_the_audit_names_no_act_of_practice_by_what_is_wiped(session: Session, province: Province) -> None:
    """Whatever is wiped may come again under the same number: its acts are filed under kinds of practice."""
    practice = open_practice(session, province)
    before = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)).one()
    estimate_id = a_practised_estimate(session, province, practice)
    office = province.agencies["H_NHATRANG"]
    finance = province.estimate_appraiser
    extend_deadline(
        session,
        finance,
        practice,
        agency_id=office,
        until_at=SUBMISSION_DUE_AT + timedelta(days=300),
        reason="Tập gia hạn",
        seen_edit=get_round(session, practice).edit_number,
    )
    remind_office(
        session,
        finance,
        practice,
        agency_id=office,
        seen_edit=get_round(session, practice).edit_number,
    )
    a_practised_part(session, province, estimate_id)
    edit = edit_of(session, estimate_id)
    save_dossier(session, province.preparer, estimate_id, dossier=WHOLE, seen_edit=edit)
    communes = communes_of(session, province)
    below = start_estimate(session, communes.officer, round_id=practice, agency_id=communes.first_id)
    save_draft(session, communes.officer, below, draft=a_draft(a_project("X1")), seen_edit=1)
    check_estimate(session, communes.officer, below, seen_edit=2)
    sign_estimate(session, communes.head, below, seen_edit=3)
    submit_estimate_up(session, communes.head, below, seen_edit=4)
    close_round(
        session,
        finance,
        practice,
        reason="Xong lớp",
        seen_edit=get_round(session, practice).edit_number,
    )
    acts = session.scalars(select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id)).all()
    wiped = acts[-1].details["wiped"]
    assert {"estimate", "project_part", "estimate_handover", "deadline_extension"} <= set(wiped)
    kinds = {entry.subject_kind for entry in acts}
    assert {f"practice_estimate_{practice}", f"practice_project_part_{practice}", "budget_round"} <= kinds
    assert not kinds & set(wiped)


def test_a_practised_project_counts_in_no_plan(session: Session, province: Province) -> None:
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    true_one = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    practised = a_practised_estimate(session, province, open_practice(session, province))
    with pytest.raises(RuleBroken, match="đợt tập huấn"):
        link_project(
            session,
            province.preparer,
            plan_id,
            activity_key="HD01",
            estimate_id=practised,
            project_key="DA1",
            seen_edit=plan_edit_of(session, plan_id),
        )
    mine = plan_money(session, province.preparer, get_seen_plan(session, province.preparer, plan_id))
    assert [(one.estimate_id, one.project_key) for one in mine.without_activity] == [(true_one, "DA1")]


def test_a_practised_line_rests_on_no_norm(session: Session, province: Province) -> None:
    norm = norm_by_code(session, "N01")
    on_norm = a_draft(a_project(lines=(a_line(norm_code="N01", unit_price_vnd=400_000), a_line("Việc khác"))))
    practice = open_practice(session, province)
    office = province.agencies["H_NHATRANG"]
    practised = start_estimate(session, province.preparer, round_id=practice, agency_id=office)
    save_draft(session, province.preparer, practised, draft=on_norm, seen_edit=1)
    assert count_affected_lines(session, norm.id) == 0
    true_one = a_saved_estimate(session, province, on_norm)
    assert count_affected_lines(session, norm.id) == 1
    assert [line.estimate_id for line in lines_naming(session, norm.id)] == [true_one]
    assert affected_lines(session, province.estimate_appraiser, norm.id).total == 1
    repeal_norm(
        session,
        province.estimate_appraiser,
        norm.id,
        last_day=date(2012, 2, 15),
        ended_by="QĐ 01/QĐ-UBND",
        seen_edit=1,
    )
    ended = lines_on_ended_norms(session, [practised, true_one], 2012, date(2012, 3, 1))
    assert ended == {true_one: (1, ("N01",))}
