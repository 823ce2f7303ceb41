"""Việc của tôi: whoever can take a file forward sees it, with verb and deadline; nobody else does."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.errors import NotAllowed
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.procedure import (
    check_estimate,
    return_estimate,
    sign_estimate,
)
from finance.estimates.workflow import STEPS, EstimateStatus
from finance.reports.waiting_estimates import SHEET_PAGES, VERBS, forward_step
from finance.reports.work_items import Place, WorkItem, in_order, work_item
from finance.reports.worklist import sent_items, worklist
from finance.reviews.board import Sheet
from finance.rounds.records import BudgetRound, RoundDeadline
from tests.builders import SUBMISSION_DUE_AT, Province, a_draft, a_moment, a_province, later
from tests.finance.reviews.review_stages import (
    appraised,
    edit_of,
    in_content_appraisal,
    in_estimate_appraisal,
    sent,
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def verbs_of(session: Session, actor: Actor) -> list[str]:
    return [item.verb_vi for item in worklist(session, actor)]


def a_saved_draft(session: Session, province: Province) -> int:
    agency_id = province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=agency_id)
    save_draft(
        session, province.preparer, estimate_id, draft=a_draft(), seen_edit=edit_of(session, estimate_id)
    )
    return estimate_id


def test_an_officer_starts_and_a_head_does_not(session: Session, province: Province) -> None:
    item = worklist(session, province.preparer)[0]
    assert (item.verb_vi, item.place.endpoint) == ("Lập", "estimates.list_page")
    assert item.due_at == SUBMISSION_DUE_AT
    assert item.days_left == 14
    assert "Lập" not in verbs_of(session, province.head)


def test_a_draft_goes_from_hand_to_hand(session: Session, province: Province) -> None:
    estimate_id = a_saved_draft(session, province)
    seats = (province.preparer, province.head)
    assert [verbs_of(session, actor) for actor in seats] == [["Trình"], []]
    check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert [verbs_of(session, actor) for actor in seats] == [[], ["Ký"]]
    sign_estimate(session, province.head, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert [verbs_of(session, actor) for actor in seats] == [["Gửi"], ["Gửi"]]


def test_nobody_sees_the_draft_of_another_office(session: Session, province: Province) -> None:
    a_saved_draft(session, province)
    for actor in (province.other_preparer, province.other_head, province.content_appraiser, province.planner):
        titles = [item.title_vi for item in worklist(session, actor)]
        assert not any("Nha Trang" in title for title in titles), titles
        assert sent_items(session, actor) == []


@pytest.mark.parametrize(
    ("stage", "seat", "verb", "page"),
    [
        (sent, "estimate_appraiser", "Tiếp nhận", "reviews.overview_page"),
        (in_content_appraisal, "content_appraiser", "Thẩm định", "reviews.content_page"),
        (in_estimate_appraisal, "estimate_appraiser", "Thẩm định", "reviews.lines_page"),
        (in_estimate_appraisal, "planner", "Cho ý kiến", "reviews.pool_page"),
    ],
)
def test_each_reviewer_sees_his_work(
    session: Session, province: Province, stage, seat: str, verb: str, page: str
) -> None:
    estimate_id = stage(session, province)
    items = [item for item in worklist(session, getattr(province, seat)) if "Nha Trang" in item.title_vi]
    assert (verb, Place(page, {"estimate_id": estimate_id})) in [(i.verb_vi, i.place) for i in items]


def test_a_sent_file_shows_who_holds_it_and_how_long(session: Session, province: Province) -> None:
    in_content_appraisal(session, province)
    ten_days_on = later(province.preparer, date(2012, 2, 25))
    (item,) = sent_items(session, ten_days_on)
    assert item.holder_vi == "Sở Nội vụ (thẩm định nội dung)"
    assert item.status_code == "CONTENT_APPRAISAL"
    assert item.days_held == 10


def test_days_never_run_backwards(session: Session, province: Province) -> None:
    sent(session, province)
    (item,) = sent_items(session, later(province.preparer, date(2012, 1, 1)))
    assert item.days_held == 0


def test_a_returned_file_comes_back_with_its_reason(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    return_estimate(
        session,
        province.estimate_appraiser,
        estimate_id,
        reason="Thiếu thuyết minh dự án DA1.",
        seen_edit=edit_of(session, estimate_id),
    )
    (item,) = worklist(session, province.preparer)
    assert item.verb_vi == "Lập lại"
    assert "Thiếu thuyết minh dự án DA1." in item.detail_vi
    (held,) = sent_items(session, province.estimate_appraiser)
    assert "Nha Trang" in held.holder_vi


def test_the_planner_is_called_when_estimates_are_appraised(session: Session, province: Province) -> None:
    before = [item for item in worklist(session, province.planner) if "Phương án" in item.title_vi]
    appraised(session, province)
    (after,) = [item for item in worklist(session, province.planner) if "Phương án" in item.title_vi]
    assert before == []
    assert (after.verb_vi, after.place.endpoint) == ("Lập", "scenarios.list_page")


def test_an_empty_round_asks_for_what_it_lacks(session: Session, province: Province) -> None:
    details = [item.detail_vi for item in worklist(session, province.estimate_appraiser)]
    assert "Đợt đang mở · chưa có số kiểm tra nào" in details
    assert "Đợt đang mở · chưa có thời hạn nào" not in details
    planner = [item.detail_vi for item in worklist(session, province.planner)]
    assert "Đợt đang mở · chưa có khả năng cân đối" in planner


def test_without_a_round_finance_opens_one(session: Session, province: Province) -> None:
    session.get_one(BudgetRound, province.round_id).is_open = False
    session.flush()
    assert verbs_of(session, province.estimate_appraiser) == ["Mở đợt"]
    assert verbs_of(session, province.preparer) == []


def test_without_a_deadline_no_day_is_invented(session: Session, province: Province) -> None:
    session.execute(delete(RoundDeadline))
    (item,) = worklist(session, province.preparer)
    assert (item.due_at, item.days_left) == (None, None)


def test_a_person_without_a_seat_is_refused(session: Session, province: Province) -> None:
    nobody = Actor(province.preparer.person_id, "Người cũ", (), a_moment())
    with pytest.raises(NotAllowed):
        worklist(session, nobody)


def test_inspection_and_administration_have_nothing_to_move(session: Session, province: Province) -> None:
    in_estimate_appraisal(session, province)
    for actor in (province.inspector, province.administrator, province.approver):
        assert worklist(session, actor) == []


def test_the_oldest_deadline_comes_first_and_none_comes_last() -> None:
    today = date(2012, 2, 15)
    place = Place("home.worklist_page")

    def due(day: int | None) -> WorkItem:
        at = a_moment(date(2012, 2, day)).business_at if day else None
        return work_item("Ký", str(day), "", due_at=at, today=today, place=place)

    ordered = in_order([due(None), due(20), due(10), due(15)])
    assert [item.title_vi for item in ordered] == ["10", "15", "20", "None"]
    assert [item.days_left for item in ordered] == [-5, 0, 5, None]


def test_every_step_forward_has_its_verb() -> None:
    for has_section_step in (False, True):
        forward = [forward_step(one, has_section_step=has_section_step) for one in EstimateStatus]
        assert {step.action for step in forward if step} <= set(VERBS)
        assert {step.status for step in STEPS} == {step.status for step in forward if step}
    assert set(SHEET_PAGES) == set(Sheet)
    assert Action.REOPEN_ESTIMATE not in VERBS
