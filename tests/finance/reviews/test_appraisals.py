"""Judging cost lines, and accepting the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Capacity, Function, Seat
from finance.audit import AuditEntry, find_broken_entry
from finance.errors import (
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    ReasonMissing,
    RuleBroken,
    StaleVersion,
)
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from finance.money import line_amount_vnd
from finance.reviews.operations import (
    accept_rest,
    accept_rest_outputs,
    appraise_line,
    appraise_line_as_seen,
    appraise_output,
    appraise_output_as_seen,
    conclude_appraisal,
)
from finance.reviews.records import LineAppraisal, QuantityAppraisal
from finance.reviews.rules import CutReason, LineFigures, PromiseFigures, Verdict
from tests.builders import Province, a_province
from tests.finance.reviews.review_stages import (
    appraised,
    cut_computers,
    edit_of,
    in_content_appraisal,
    in_estimate_appraisal,
    judge_all,
    line_of,
    project_of,
    promise_of,
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


COMPUTER_VND = 12_345_678  # price of the three-level project's first line; 2, 3 and 4,5 units asked


def test_a_cut_price_acts_on_every_level_and_leaves_the_asked_figures(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    cut_computers(session, province, estimate_id)
    judged = line_of(session, estimate_id, "DA2")
    # 10.000.001 x 4,5 = 45.000.004,5 -> half up
    assert [one.appraised_vnd for one in judged.quantities] == [20_000_002, 30_000_003, 45_000_005]
    assert [one.asked_vnd for one in judged.quantities] == [
        line_amount_vnd(COMPUTER_VND, 1000, quantity) for quantity in (2000, 3000, 4500)
    ]
    assert judged.is_cut
    assert (judged.unit_price_vnd, judged.line.unit_price_vnd) == (10_000_001, COMPUTER_VND)
    assert (judged.reason, judged.words) == (CutReason.ABOVE_NORM, "Vượt định mức trang bị.")


def test_a_cut_quantity_of_the_largest_level_reaches_the_smaller_ones(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    line = line_of(session, estimate_id, "DA2").line
    appraise_line(
        session,
        province.estimate_appraiser,
        line.id,
        unit_price_vnd=line.unit_price_vnd,
        quantities_thousandths={line.quantities[2].level_id: 2500},
        reason=CutReason.NOT_REASONABLE,
        words="Đủ máy cho hai xã rưỡi.",
    )
    judged = line_of(session, estimate_id, "DA2")
    assert [one.appraised_thousandths for one in judged.quantities] == [2000, 2500, 2500]


def test_the_act_is_told_in_the_audit_with_line_amounts_and_ground(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    cut_computers(session, province, estimate_id)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action is Action.APPRAISE_LINE
    assert "dự án 2, dòng 1 “Trang bị máy vi tính”" in entry.subject_label
    assert entry.from_state == "đề nghị 55.555.551 đồng"
    assert entry.to_state == "thẩm định 45.000.005 đồng"
    assert entry.reason == "Không đúng chế độ, tiêu chuẩn, định mức: Vượt định mức trang bị."
    assert find_broken_entry(session) is None


def test_a_line_judged_as_asked_needs_no_ground_and_keeps_a_remark(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    line = line_of(session, estimate_id, "DA1").line
    appraise_line(
        session,
        province.estimate_appraiser,
        line.id,
        unit_price_vnd=line.unit_price_vnd,
        quantities_thousandths={one.level_id: one.quantity_thousandths for one in line.quantities},
        reason=CutReason.NOT_THRIFTY,
        words="Thanh toán theo thực tế.",
    )
    judged = line_of(session, estimate_id, "DA1")
    assert (judged.is_appraised, judged.is_cut, judged.words) == (True, False, "Thanh toán theo thực tế.")


@pytest.mark.parametrize(
    ("reason", "words", "missing"),
    [
        (None, "Quá cao.", "lý do giảm"),
        (CutReason.NOT_THRIFTY, "  ", "ý kiến"),
        (None, "", "lý do giảm và ý kiến"),
    ],
)
def test_nothing_is_cut_without_a_ground_and_words(
    session: Session, province: Province, reason: CutReason | None, words: str, missing: str
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    line = line_of(session, estimate_id, "DA1").line
    with pytest.raises(ReasonMissing, match=f"^Phải ghi {missing} khi"):
        appraise_line(
            session,
            province.estimate_appraiser,
            line.id,
            unit_price_vnd=line.unit_price_vnd - 1,
            quantities_thousandths={},
            reason=reason,
            words=words,
        )
    assert not line_of(session, estimate_id, "DA1").is_appraised


def test_nothing_is_appraised_above_what_was_asked(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    line = line_of(session, estimate_id, "DA2").line
    with pytest.raises(NotReady) as refusal:
        appraise_line(
            session,
            province.estimate_appraiser,
            line.id,
            unit_price_vnd=line.unit_price_vnd + 1,
            quantities_thousandths={line.quantities[0].level_id: 2001},
            reason=CutReason.NOT_THRIFTY,
            words="Sai.",
        )
    assert [one.code for one in refusal.value.findings] == ["PRICE_ABOVE_ASKED", "QUANTITY_ABOVE_ASKED"]
    assert not line_of(session, estimate_id, "DA2").is_appraised


def test_a_line_judged_again_holds_one_appraisal(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    cut_computers(session, province, estimate_id)
    cut_computers(session, province, estimate_id, price=9_000_000)
    assert session.scalar(select(func.count()).select_from(LineAppraisal)) == 1
    assert session.scalar(select(func.count()).select_from(QuantityAppraisal)) == 3
    assert line_of(session, estimate_id, "DA2").unit_price_vnd == 9_000_000


@pytest.mark.parametrize("who", ["content_appraiser", "planner", "it_adviser", "inspector", "approver"])
def test_finance_alone_judges_lines_and_promises(session: Session, province: Province, who: str) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    line, promise = line_of(session, estimate_id, "DA1").line, promise_of(session, estimate_id, "DA1").promise
    actor = getattr(province, who)
    with pytest.raises(NotAllowed):
        appraise_line(
            session, actor, line.id, unit_price_vnd=0, quantities_thousandths={}, reason=None, words=""
        )
    with pytest.raises(NotAllowed):
        appraise_output(
            session,
            actor,
            promise.id,
            is_accepted=True,
            quantity_thousandths=1,
            refused_unit_ids=(),
            words="",
        )


def test_whoever_prepared_the_estimate_judges_no_line(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seat = Seat(Function.ESTIMATE_APPRAISAL, Capacity.HEAD, province.agencies["STC"])
    moved = replace(province.head, seats=(seat,))
    with pytest.raises(NotAllowed, match="tham gia lập"):
        accept_rest(session, moved, estimate_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(NotAllowed, match="tham gia lập"):
        conclude_appraisal(session, moved, estimate_id, seen_edit=edit_of(session, estimate_id))


def test_money_is_judged_only_behind_the_content_gate(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(NotInThisStatus):
        cut_computers(session, province, estimate_id)
    with pytest.raises(NotInThisStatus):
        accept_rest_outputs(
            session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
        )


def test_a_concluded_appraisal_is_closed(session: Session, province: Province) -> None:
    estimate_id = appraised(session, province)
    with pytest.raises(NotInThisStatus):
        cut_computers(session, province, estimate_id)


def test_unknown_lines_and_promises_are_not_found(session: Session, province: Province) -> None:
    figures = LineFigures(1, {})
    with pytest.raises(NotFound):
        appraise_line_as_seen(session, province.estimate_appraiser, 999, figures=figures, seen_edit=1)
    promise = PromiseFigures(is_accepted=True)
    with pytest.raises(NotFound):
        appraise_output_as_seen(session, province.estimate_appraiser, 999, figures=promise, seen_edit=1)


def test_two_appraisers_may_judge_two_lines_but_not_one_line_blindly(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    first, second = (line_of(session, estimate_id, key).line for key in ("DA1", "DA2"))
    appraiser = province.estimate_appraiser
    for line in (first, second):
        figures = LineFigures(line.unit_price_vnd, {})
        appraise_line_as_seen(session, appraiser, line.id, figures=figures, seen_edit=seen)
    with pytest.raises(StaleVersion) as refusal:
        appraise_line_as_seen(
            session, appraiser, first.id, figures=LineFigures(first.unit_price_vnd, {}), seen_edit=seen
        )
    assert len(refusal.value.differences) == 1
    assert "“Thuê giảng viên”" in refusal.value.differences[0]


def test_accepting_the_rest_makes_every_line_stale_that_it_judged(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    line = line_of(session, estimate_id, "DA1").line
    accept_rest(session, province.estimate_appraiser, estimate_id, seen_edit=seen)
    with pytest.raises(StaleVersion):
        appraise_line_as_seen(
            session,
            province.estimate_appraiser,
            line.id,
            figures=LineFigures(1, {}, CutReason.NOT_THRIFTY, "Giảm."),
            seen_edit=seen,
        )


def test_accepting_the_rest_judges_each_line_by_a_row_of_its_own(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    cut_computers(session, province, estimate_id)
    appraiser = province.estimate_appraiser
    assert accept_rest(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)) == 3
    rows = session.scalars(select(LineAppraisal)).all()
    assert len(rows) == 4
    assert {row.person_name for row in rows} == {appraiser.full_name}
    before = edit_of(session, estimate_id)
    assert accept_rest(session, appraiser, estimate_id, seen_edit=before) == 0
    assert edit_of(session, estimate_id) == before, "nothing to do changes nothing"


def test_the_rest_is_not_accepted_on_an_old_page(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    cut_computers(session, province, estimate_id)
    for accept in (accept_rest, accept_rest_outputs):
        with pytest.raises(StaleVersion):
            accept(session, province.estimate_appraiser, estimate_id, seen_edit=seen)


def test_a_refused_project_is_appraised_at_nothing_and_its_lines_are_left_alone(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province, verdicts={"DA2": Verdict.REJECT})
    with pytest.raises(RuleBroken, match="thẩm định bằng 0"):
        cut_computers(session, province, estimate_id)
    accept_rest(session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    refused = project_of(session, estimate_id, "DA2")
    assert [level.appraised_vnd for level in refused.levels] == [0, 0, 0]
    assert [level.difference_vnd for level in refused.levels] == [
        -level.asked_vnd for level in refused.levels
    ]
    assert not any(line.is_appraised for line in refused.lines)
    assert (refused.is_pool, refused.opinions_missing) == (False, ())
    judge_all(session, province, estimate_id)
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.APPRAISED
