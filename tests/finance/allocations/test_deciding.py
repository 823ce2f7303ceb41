"""From a run to a signed decision: nothing stale, nothing above the money, nothing without a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from finance.actions import Action
from finance.actors import Capacity, Function
from finance.allocations.answers import answer_of_agency, list_answers
from finance.allocations.effects import effect_of_change
from finance.allocations.operations import (
    adjust_award,
    adopt_run,
    approve_allocation,
    return_allocation,
    submit_allocation,
)
from finance.allocations.queries import (
    decision_money,
    decision_row,
    hardest_refusals,
    largest_changes,
    list_awards,
)
from finance.allocations.records import Award, AwardMoney
from finance.allocations.rules import DecisionStatus
from finance.audit import AuditEntry, Change, Subject, find_broken_entry, record_change
from finance.database import SessionFactory, reading, transaction
from finance.errors import (
    EnvelopeExceeded,
    NotAllowed,
    NotInThisStatus,
    ReasonMissing,
    RuleBroken,
    StaleVersion,
)
from finance.rounds.records import Envelope
from finance.scenarios.operations import NewLock, set_lock
from finance.scenarios.records import ScenarioRun
from finance.scenarios.rules import LockKind
from tests.builders import an_actor
from tests.finance.allocations.conftest import Answered, a_part, answer_run, award_of
from tests.finance.scenarios.appraised import project_id_of

SIGNED_ON = date(2012, 2, 15)


def test_the_adopted_plan_becomes_awards_whose_parts_sum_to_them(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    planner = answered.pool.province.planner
    with reading(session_factory) as session:
        awards = list_awards(session, planner, decision_id)
        sums = dict(
            session.execute(
                select(AwardMoney.award_id, func.sum(AwardMoney.amount_vnd)).group_by(AwardMoney.award_id)
            ).all()
        )
        row = decision_row(session, planner, answered.pool.province.round_id)
        money = decision_money(session, planner, decision_id)
    assert {award.id: award.amount_vnd for award in awards if award.amount_vnd} == sums
    assert row is not None
    assert row.awarded_vnd == sum(award.amount_vnd for award in awards)
    assert row.awarded_vnd == sum(use.measured_vnd + use.by_hand_vnd for use in money)
    assert (row.status, row.departure_count, row.award_count) == (DecisionStatus.DRAFT, 0, 4)
    study = next(award for award in awards if award.is_unmeasured)
    assert (study.amount_vnd, study.level_id, study.proposed_vi) == (0, None, "")


def test_a_plan_on_old_money_is_refused_and_says_to_run_again(
    session_factory: SessionFactory, answered: Answered
) -> None:
    with transaction(session_factory) as session:
        envelope = session.scalars(select(Envelope).order_by(Envelope.id)).first()
        assert envelope is not None
        envelope.amount_vnd += 1
    with pytest.raises(RuleBroken, match="chạy lại"), transaction(session_factory) as session:
        adopt_run(session, answered.pool.province.planner, answered.run_id)


def test_a_plan_is_stale_after_a_lock_and_current_after_a_new_run(
    session_factory: SessionFactory, answered: Answered
) -> None:
    pool, planner = answered.pool, answered.pool.province.planner
    with transaction(session_factory) as session:
        lock = NewLock(project_id_of(session, "DA1"), LockKind.BARRED, "Để năm sau")
        set_lock(session, planner, pool.scenario_id, lock=lock, seen_edit=1)
    with pytest.raises(RuleBroken, match="chạy lại"), transaction(session_factory) as session:
        adopt_run(session, planner, answered.run_id)
    again = answer_run(session_factory, pool, seen_edit=2)
    with transaction(session_factory) as session:
        assert adopt_run(session, planner, again).run_id == again


def test_a_second_adoption_overwrites_only_what_the_person_saw(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    planner = answered.pool.province.planner
    with pytest.raises(StaleVersion), transaction(session_factory) as session:
        adopt_run(session, planner, answered.run_id)
    with transaction(session_factory) as session:
        assert adopt_run(session, planner, answered.run_id, seen_edit=1).edit_number == 2
        assert session.scalar(select(func.count()).select_from(Award)) == 4


def test_one_award_is_changed_with_a_reason_and_restored(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    pool, planner = answered.pool, answered.pool.province.planner
    before = award_of(session_factory, pool, decision_id, "DA1")
    with pytest.raises(ReasonMissing), transaction(session_factory) as session:
        adjust_award(session, planner, before.id, level_id=None, reason="  ", seen_edit=1)
    with transaction(session_factory) as session:
        adjust_award(session, planner, before.id, level_id=None, reason="Dời sang năm 2013", seen_edit=1)
    changed = award_of(session_factory, pool, decision_id, "DA1")
    assert (changed.amount_vnd, changed.is_departure) == (0, True)
    assert changed.sentences_vi[2] == "Lý do điều chỉnh: Dời sang năm 2013"
    assert "đề xuất ở mức “Đầy đủ”" in changed.sentences_vi[1]
    with pytest.raises(StaleVersion), transaction(session_factory) as session:
        adjust_award(session, planner, before.id, level_id=before.level_id, reason="Nghĩ lại", seen_edit=1)
    with transaction(session_factory) as session:
        adjust_award(session, planner, before.id, level_id=before.level_id, reason="Nghĩ lại", seen_edit=2)
    assert award_of(session_factory, pool, decision_id, "DA1") == before


def test_more_than_the_money_is_refused_to_the_dong_and_changes_nothing(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    pool, planner = answered.pool, answered.pool.province.planner
    refused = next(
        row
        for key in ("DA2", "DB1")
        if not (row := award_of(session_factory, pool, decision_id, key)).amount_vnd
    )
    least = refused.choices[0]
    with reading(session_factory) as session:
        effect = effect_of_change(session, planner, refused.id, level_id=least.level_id)
    over = sum(-use.pool_left_vnd for use in effect.exceeded)
    assert over == 10_246_907
    assert effect.difference_vnd == least.cost_vnd
    with pytest.raises(EnvelopeExceeded) as error, transaction(session_factory) as session:
        adjust_award(session, planner, refused.id, level_id=least.level_id, reason="Cần cả hai", seen_edit=1)
    assert "10.246.907 đồng" in error.value.sentence_vi
    assert award_of(session_factory, pool, decision_id, refused.name_vi[-4:-1]) == refused


def test_a_project_not_yet_measured_draws_on_the_reserved_line(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    pool, planner = answered.pool, answered.pool.province.planner
    study = award_of(session_factory, pool, decision_id, "DA3")
    with transaction(session_factory) as session:
        level_id = study.choices[0].level_id
        adjust_award(session, planner, study.id, level_id=level_id, reason="Cần cho 2013", seen_edit=1)
        uses = decision_money(session, planner, decision_id)
    drawn = {use.by_hand_vnd: use.by_hand_left_vnd for use in uses if use.by_hand_vnd}
    assert drawn == {300_000: 200_000}
    with transaction(session_factory) as session:
        session.scalars(select(Envelope).where(Envelope.unmeasured_vnd > 0)).one().unmeasured_vnd = 299_999
    with pytest.raises(EnvelopeExceeded, match="phần để riêng"), transaction(session_factory) as session:
        submit_allocation(session, planner, decision_id, seen_edit=2)


def test_the_effect_is_known_before_the_change(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    pool, planner = answered.pool, answered.pool.province.planner
    training = award_of(session_factory, pool, decision_id, "DA1")
    with reading(session_factory) as session:
        effect = effect_of_change(session, planner, training.id, level_id=None)
    assert (effect.difference_vnd, effect.exceeded, effect.broken_vi) == (-5_000_000, (), ())
    # A quarter of 100 points for 1.000 persons, from 200 to 300: a tenth of it.
    assert effect.score_difference_thousandths == -2_500


def _submitted(factory: SessionFactory, answered: Answered, decision_id: int) -> None:
    with transaction(factory) as session:
        submit_allocation(session, answered.pool.province.planner, decision_id, seen_edit=1)


def test_submitted_returned_with_a_reason_submitted_and_approved(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    province = answered.pool.province
    _submitted(session_factory, answered, decision_id)
    with pytest.raises(ReasonMissing), transaction(session_factory) as session:
        return_allocation(session, province.approver, decision_id, reason="", seen_edit=2)
    with transaction(session_factory) as session:
        return_allocation(session, province.approver, decision_id, reason="Bổ sung thuyết minh", seen_edit=2)
        row = decision_row(session, province.planner, province.round_id)
        assert row is not None
        assert (row.status, row.return_reason) == (DecisionStatus.DRAFT, "Bổ sung thuyết minh")
        submit_allocation(session, province.planner, decision_id, seen_edit=3)
        approve_allocation(
            session, province.approver, decision_id, number="123/QĐ-UBND", signed_on=SIGNED_ON, seen_edit=4
        )
        row = decision_row(session, province.planner, province.round_id)
    assert row is not None
    assert (row.status, row.number, row.signed_on) == (DecisionStatus.APPROVED, "123/QĐ-UBND", SIGNED_ON)
    with reading(session_factory) as session:
        assert find_broken_entry(session) is None
        acts = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_kind == "allocation").order_by(AuditEntry.id)
        ).all()
    assert acts == [
        Action.ADOPT_SCENARIO,
        Action.SUBMIT_ALLOCATION,
        Action.RETURN_ALLOCATION,
        Action.SUBMIT_ALLOCATION,
        Action.APPROVE_ALLOCATION,
    ]


def test_what_is_approved_is_locked(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    province = answered.pool.province
    _submitted(session_factory, answered, decision_id)
    award = award_of(session_factory, answered.pool, decision_id, "DA1")
    with transaction(session_factory) as session:
        facts = {"number": "1/QĐ", "signed_on": SIGNED_ON}
        approve_allocation(session, province.approver, decision_id, **facts, seen_edit=2)
    with transaction(session_factory) as session:
        with pytest.raises(NotInThisStatus):
            adjust_award(session, province.planner, award.id, level_id=None, reason="x", seen_edit=3)
        with pytest.raises(NotInThisStatus):
            adopt_run(session, province.planner, answered.run_id, seen_edit=3)
        with pytest.raises(NotInThisStatus):
            submit_allocation(session, province.planner, decision_id, seen_edit=3)
        with pytest.raises(NotInThisStatus):
            return_allocation(session, province.approver, decision_id, reason="x", seen_edit=3)


@pytest.mark.parametrize("subject", ["estimate", "copied estimate", "project_part", "scenario", "allocation"])
def test_whoever_touched_a_file_does_not_approve(
    session_factory: SessionFactory, answered: Answered, decision_id: int, subject: str
) -> None:
    province = answered.pool.province
    _submitted(session_factory, answered, decision_id)
    acts = {
        "estimate": (Action.SIGN_ESTIMATE, answered.pool.estimate_ids["H_KHANHVINH"]),
        "copied estimate": (Action.COPY_PROJECT, answered.pool.estimate_ids["H_KHANHVINH"]),
        "project_part": (Action.SIGN_PART, 1),
        "scenario": (Action.CHANGE_SCENARIO, answered.pool.scenario_id),
        "allocation": (Action.ADJUST_AWARD, decision_id),
    }
    action, subject_id = acts[subject]
    with transaction(session_factory) as session:
        a_part(session, answered)
        office = province.agencies["UBND_TINH"]
        deputy = an_actor(session, "Lương Thế Vinh", (Function.APPROVAL, Capacity.HEAD, office))
        record_change(
            session,
            deputy,
            action,
            Subject(subject.rsplit(maxsplit=1)[-1], subject_id, "Hồ sơ"),
            seat=None,
            change=Change(),
        )
        facts = {"number": "1/QĐ", "signed_on": SIGNED_ON, "seen_edit": 2}
        with pytest.raises(NotAllowed, match="đã tham gia"):
            approve_allocation(session, deputy, decision_id, **facts)
        approve_allocation(session, province.approver, decision_id, **facts)


def test_whoever_asked_for_a_project_does_not_change_its_award(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    province = answered.pool.province
    shared, other = (award_of(session_factory, answered.pool, decision_id, key) for key in ("DB1", "DA1"))
    with transaction(session_factory) as session:
        a_part(session, answered)
        moved = an_actor(
            session,
            "Lương Thế Vinh",
            (Function.ALLOCATION_CONSOLIDATION, Capacity.OFFICER, province.agencies["SKHDT"]),
        )
        part = Subject("project_part", 1, "Phần của UBND thành phố Nha Trang trong dự án DB1")
        record_change(session, moved, Action.SAVE_PART, part, seat=None, change=Change())
        facts = {"level_id": None, "reason": "Dời sang năm 2013"}
        with pytest.raises(NotAllowed, match="Phần của UBND thành phố Nha Trang"):
            adjust_award(session, moved, shared.id, **facts, seen_edit=1)
        adjust_award(session, moved, other.id, **facts, seen_edit=1)


def test_only_the_head_of_the_approving_office_approves(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    province = answered.pool.province
    _submitted(session_factory, answered, decision_id)
    with transaction(session_factory) as session:
        office = province.agencies["UBND_TINH"]
        officer = an_actor(session, "Tạ Văn Lợi", (Function.APPROVAL, Capacity.OFFICER, office))
        for actor in (officer, province.planner, province.inspector, province.head):
            with pytest.raises(NotAllowed):
                approve_allocation(session, actor, decision_id, number="1", signed_on=SIGNED_ON, seen_edit=2)


@pytest.mark.parametrize(("number", "signed_on"), [("  ", SIGNED_ON), ("1/QĐ", date(2012, 2, 16))])
def test_a_decision_needs_a_number_and_a_day_that_has_come(
    session_factory: SessionFactory, answered: Answered, decision_id: int, number: str, signed_on: date
) -> None:
    _submitted(session_factory, answered, decision_id)
    approver = answered.pool.province.approver
    with pytest.raises(RuleBroken), transaction(session_factory) as session:
        approve_allocation(session, approver, decision_id, number=number, signed_on=signed_on, seen_edit=2)


def test_money_that_shrank_after_submission_stops_the_approval(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    _submitted(session_factory, answered, decision_id)
    with transaction(session_factory) as session:
        for envelope in session.scalars(select(Envelope)):
            envelope.amount_vnd = envelope.contingency_vnd + envelope.unmeasured_vnd
    with pytest.raises(EnvelopeExceeded), transaction(session_factory) as session:
        approve_allocation(
            session,
            answered.pool.province.approver,
            decision_id,
            number="1/QĐ",
            signed_on=SIGNED_ON,
            seen_edit=2,
        )


def test_an_office_reads_its_answer_after_approval_only_and_never_anothers(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    province = answered.pool.province
    nha_trang = province.agencies["H_NHATRANG"]
    with reading(session_factory) as session:
        early = answer_of_agency(session, province.preparer, province.round_id, nha_trang)
        proposed = answer_of_agency(session, province.planner, province.round_id, nha_trang)
        assert list_answers(session, province.preparer, province.round_id) == []
    assert (early.is_decided, early.awards) == (False, ())
    assert (proposed.is_decided, len(proposed.awards)) == (False, 3)
    _submitted(session_factory, answered, decision_id)
    with transaction(session_factory) as session:
        facts = {"number": "12/QĐ-UBND", "signed_on": SIGNED_ON}
        approve_allocation(session, province.approver, decision_id, **facts, seen_edit=2)
    with reading(session_factory) as session:
        answer = answer_of_agency(session, province.preparer, province.round_id, nha_trang)
        assert [line.agency_id for line in list_answers(session, province.preparer, province.round_id)] == [
            nha_trang
        ]
        with pytest.raises(NotAllowed):
            answer_of_agency(session, province.preparer, province.round_id, province.agencies["H_KHANHVINH"])
    assert (answer.is_decided, answer.number, len(answer.awards)) == (True, "12/QĐ-UBND", 3)
    assert answer.asked_vnd == 5_000_000 + 56_555_551 + 300_000
    assert all(2 <= len(award.sentences_vi) <= 3 for award in answer.awards)
    assert answer.recipients[0] == "UBND thành phố Nha Trang"
    assert {"Sở Kế hoạch và Đầu tư", "Sở Tài chính", "Sở Nội vụ"} <= set(answer.recipients)


def test_the_leaders_page_shows_the_largest_changes_and_the_hardest_refusals(
    session_factory: SessionFactory, answered: Answered, decision_id: int
) -> None:
    with reading(session_factory) as session:
        rows = list_awards(session, answered.pool.province.approver, decision_id)
    refused = hardest_refusals(rows)
    assert [row.appraised_vnd for row in refused] == [56_555_551, 300_000]
    assert [abs(row.given_less_vnd) for row in largest_changes(rows, most=1)] == [56_555_551]
    assert all(row.given_less_vnd for row in largest_changes(rows))


def test_a_run_without_a_plan_cannot_be_adopted(session_factory: SessionFactory, answered: Answered) -> None:
    with transaction(session_factory) as session:
        run = session.get_one(ScenarioRun, answered.run_id)
        run.plan = {}
        with pytest.raises(RuleBroken, match="không có phương án"):
            adopt_run(session, answered.pool.province.planner, answered.run_id)


def test_only_the_consolidating_office_adopts(session_factory: SessionFactory, answered: Answered) -> None:
    province = answered.pool.province
    with transaction(session_factory) as session:
        for actor in (province.approver, province.estimate_appraiser, province.preparer):
            with pytest.raises(NotAllowed):
                adopt_run(session, replace(actor), answered.run_id)
