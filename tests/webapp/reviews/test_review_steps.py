"""Steps of the procedure from the desk: guarded, by the right person, on a fresh page, once."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from finance.estimates.workflow import EstimateStatus
from finance.reviews.operations import accept_rest, accept_rest_outputs
from tests.builders import a_project
from tests.finance.reviews.review_stages import (
    edit_of,
    give_content,
    in_content_appraisal,
    in_estimate_appraisal,
    judge_all,
    sent,
)
from tests.webapp.reviews.review_desk import Desk, Visitor, acts_in, status_of


def content_given(session, province) -> int:
    estimate_id = in_content_appraisal(session, province)
    give_content(session, province, estimate_id)
    return estimate_id


def all_judged(session, province) -> int:
    estimate_id = in_estimate_appraisal(session, province)
    judge_all(session, province, estimate_id)
    return estimate_id


STEPS = [
    (sent, "estimate_appraiser", "/tiep-nhan", {}, EstimateStatus.RECEIVED),
    (sent, "estimate_appraiser", "/tra-lai", {"reason": "Thiếu phụ lục."}, EstimateStatus.RETURNED),
    (content_given, "content_appraiser", "/thong-qua-noi-dung", {}, EstimateStatus.ESTIMATE_APPRAISAL),
    (all_judged, "estimate_appraiser", "/ket-luan", {}, EstimateStatus.APPRAISED),
]


@pytest.mark.parametrize(("stage", "who", "act", "typed", "after"), STEPS)
def test_a_step_is_taken_from_its_button(make_desk, stage, who, act, typed, after) -> None:
    desk = make_desk(stage)
    visitor = desk.visitor(getattr(desk.province, who))
    answer = visitor.send(visitor.get(desk.address()).text, desk.address(act), **typed)
    assert answer.status_code == 303
    assert status_of(desk) is after


@pytest.mark.parametrize(("stage", "who", "act", "typed", "after"), STEPS)
def test_a_step_sent_twice_is_taken_once(make_desk, stage, who, act, typed, after) -> None:
    desk = make_desk(stage)
    visitor = desk.visitor(getattr(desk.province, who))
    page = visitor.get(desk.address()).text
    first = visitor.send(page, desk.address(act), **typed)
    counted = acts_in(desk)
    again = visitor.send(page, desk.address(act), **typed)
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert acts_in(desk) == counted


@pytest.mark.parametrize(("stage", "who", "act", "typed", "after"), STEPS)
def test_a_step_needs_the_token_the_key_and_the_version(make_desk, stage, who, act, typed, after) -> None:
    desk = make_desk(stage)
    before = status_of(desk)
    visitor = desk.visitor(getattr(desk.province, who))
    page = visitor.get(desk.address()).text
    for field in ("csrf_token", "idempotency_key", "seen_version"):
        assert visitor.send(page, desk.address(act), without=field, **typed).status_code == 400, field
    assert status_of(desk) is before


@pytest.mark.parametrize(("stage", "who", "act", "typed", "after"), STEPS)
def test_a_step_is_refused_to_everyone_else(make_desk, stage, who, act, typed, after) -> None:
    desk = make_desk(stage)
    before = status_of(desk)
    page = desk.visitor(getattr(desk.province, who)).get(desk.address()).text
    for other in ("preparer", "planner", "inspector", "approver", "administrator"):
        visitor = desk.visitor(getattr(desk.province, other))
        token = visitor.get("/tai-khoan/mat-khau").text
        csrf = visitor.hidden_of(token, "/tai-khoan/mat-khau")["csrf_token"]
        answer = visitor.send(page, desk.address(act), csrf_token=csrf, **typed)
        assert answer.status_code == 403, other
    assert status_of(desk) is before


def test_a_step_on_an_old_page_is_refused_and_says_what_happened(make_desk) -> None:
    desk = make_desk(content_given)
    visitor = desk.visitor(desk.province.content_appraiser)
    old = visitor.get(desk.address()).text
    opinion = visitor.get(desk.address("/noi-dung")).text
    one = desk.projects()[0]
    opinion_address = desk.address(f"/du-an/{one.project.id}/y-kien")
    typed = {"verdict": "REJECT", "words": "Trùng với đề án khác."}
    assert visitor.send(opinion, opinion_address, **typed).status_code == 303
    answer = visitor.send(old, desk.address("/thong-qua-noi-dung"))
    assert answer.status_code == 409
    assert "Trùng với đề án khác." in answer.text
    assert status_of(desk) is EstimateStatus.CONTENT_APPRAISAL


def test_a_return_without_a_reason_is_refused_and_the_box_stands_open(make_desk) -> None:
    desk = make_desk(sent)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    answer = visitor.send(visitor.get(desk.address()).text, desk.address("/tra-lai"), reason="  ")
    assert answer.status_code == 422
    assert "Phải ghi lý do" in answer.text
    assert '<details class="reason-act" open>' in answer.text
    assert status_of(desk) is EstimateStatus.SENT


def too_early(desk: Desk, visitor: Visitor) -> TestResponse:
    """The conclusion asked for by a page that no longer, or never, offered it."""
    hidden = visitor.hidden_of(visitor.get(desk.address()).text, desk.address("/tra-lai"))
    return visitor.client.post(desk.address("/ket-luan"), data=hidden)


def figures_judged(session, province) -> int:
    estimate_id = in_estimate_appraisal(session, province)
    for accept in (accept_rest, accept_rest_outputs):
        accept(session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    return estimate_id


def test_before_the_click_the_page_names_the_office_that_still_owes_an_opinion(make_desk) -> None:
    desk = make_desk(figures_judged)
    finance, planner = desk.visitor(desk.province.estimate_appraiser), desk.visitor(desk.province.planner)
    page = finance.get(desk.address()).text
    assert f'action="{desk.address("/ket-luan")}"' not in page
    assert "Phần của cơ quan đã xong; chờ ý kiến của Sở Kế hoạch và Đầu tư rồi kết luận." in page
    owed = "chưa có ý kiến của Sở Kế hoạch và Đầu tư (tổng hợp, trình phân bổ)"
    assert owed in too_early(desk, finance).text
    for one in (one for one in desk.projects() if one.is_pool):
        sheet = planner.get(desk.address("/y-kien-phan-bo")).text
        planner.send(sheet, desk.address(f"/du-an/{one.project.id}/y-kien"), verdict="AGREE")
    assert f'action="{desk.address("/ket-luan")}"' in finance.get(desk.address()).text


def test_a_conclusion_too_early_lists_every_missing_piece_with_its_link(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    answer = too_early(desk, visitor)
    assert answer.status_code == 422
    for one in desk.projects():
        for line in one.lines:
            assert f"{desk.address('/dong-chi')}#line-{line.line.id}" in answer.text
        for promise in one.promises:
            assert f"{desk.address('/ket-qua')}#promise-{promise.promise.id}" in answer.text


def silent_it_office(session, province) -> int:
    digital = a_project(task_code="6b", target_codes=("II.1.h.1",))
    estimate_id = in_estimate_appraisal(session, province, digital)
    judge_all(session, province, estimate_id)
    return estimate_id


def test_concluding_past_a_silent_it_office_asks_for_the_reason(make_desk) -> None:
    desk = make_desk(silent_it_office)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    page = visitor.get(desk.address()).text
    assert "Lý do kết luận khi chưa có ý kiến" in page
    refused = visitor.send(page, desk.address("/ket-luan"), reason="")
    assert (refused.status_code, "Phải ghi lý do" in refused.text) == (422, True)
    taken = visitor.send(refused.text, desk.address("/ket-luan"), reason="Quá hạn lấy ý kiến.")
    assert taken.status_code == 303
    assert "Quá hạn lấy ý kiến." in visitor.get(desk.address()).text


def test_a_returned_file_says_why_and_offers_nothing(make_desk) -> None:
    desk = make_desk(sent)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    visitor.send(visitor.get(desk.address()).text, desk.address("/tra-lai"), reason="Thiếu phụ lục 2.")
    page = visitor.get(desk.address()).text
    assert "Thiếu phụ lục 2." in page
    assert "Bị trả lại" in page
    assert "Xử lý hồ sơ" not in page
