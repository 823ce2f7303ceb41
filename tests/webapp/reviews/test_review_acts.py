"""Rows judged on the desk: guarded, by the right person, on a fresh page, once, nothing typed lost."""

from __future__ import annotations

import pytest

from finance.reviews.rules import CutReason, Verdict
from tests.finance.reviews.review_stages import (
    in_content_appraisal,
    in_estimate_appraisal,
)
from tests.webapp.reviews.review_desk import acts_in, cut_first_line


def test_a_line_is_cut_without_scripts(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line, _page, _fields, answer = cut_first_line(desk, visitor)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/dong-chi#line-{line.id}")
    judged = desk.projects()[1].lines[0]
    assert [one.appraised_vnd for one in judged.quantities] == [20_000_000] * 3
    assert judged.reason is CutReason.NOT_THRIFTY
    assert "Giá cao." in visitor.get(desk.address("/dong-chi")).text


def test_a_line_is_cut_in_place_and_every_total_comes_along(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line, _page, _fields, answer = cut_first_line(desk, visitor, is_partial=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<tbody id="line-{line.id}"')
    for target in (f"#project-{desk.projects()[1].project.id}-foot", "#sheet-totals", ".page-tabs", "#rest"):
        assert f'hx-target="{target}"' in answer.text
    assert "20.000.000" in answer.text
    assert f'data-accepted-form="review-line-{line.id}"' in answer.text, (
        "the browser may forget what was typed"
    )


def test_a_line_sent_twice_is_judged_once(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line, page, fields, first = cut_first_line(desk, visitor)
    counted = acts_in(desk)
    again = visitor.send(page, desk.address(f"/dong-chi/{line.id}"), **fields)
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert acts_in(desk) == counted


def test_a_key_used_again_for_other_figures_is_refused(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line, page, fields, _first = cut_first_line(desk, visitor)
    answer = visitor.send(page, desk.address(f"/dong-chi/{line.id}"), **(fields | {"unit_price": "1"}))
    assert answer.status_code == 409
    assert desk.projects()[1].lines[0].unit_price_vnd == 10_000_000


def test_a_line_judged_by_somebody_else_meanwhile_keeps_what_was_typed(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line = desk.projects()[1].lines[0].line
    old = visitor.get(desk.address(f"/dong-chi?sua={line.id}")).text
    cut_first_line(desk, visitor)
    typed = {"unit_price": "9.000.000", "reason": "NOT_REASONABLE", "words": "Ý kiến đang gõ dở."}
    answer = visitor.send(old, desk.address(f"/dong-chi/{line.id}"), **typed)
    assert answer.status_code == 409
    assert "Ý kiến đang gõ dở." in answer.text
    assert "Phạm Thu Hằng thẩm định dòng chi" in answer.text
    assert desk.projects()[1].lines[0].unit_price_vnd == 10_000_000
    second = visitor.send(answer.text, desk.address(f"/dong-chi/{line.id}"), **typed)
    assert second.status_code == 303, "seen and sent again, it is taken"
    assert desk.projects()[1].lines[0].unit_price_vnd == 9_000_000


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"unit_price": "1.5"}, "Chưa rõ số"),
        ({"unit_price": ""}, "Chưa nhập số tiền"),
        ({"unit_price": "99.999.999"}, "không tăng số đơn vị đề nghị"),
        ({"quantity": "999"}, "không tăng số đơn vị đề nghị"),
        ({"quantity": "ba"}, "Chưa rõ số"),
        ({"reason": ""}, "Phải ghi lý do"),
        ({"words": ""}, "Phải ghi ý kiến"),
        ({"reason": "KHAC"}, "Mời chọn một dòng"),
        ({"words": "x" * 2001}, "Nhiều nhất 2000 ký tự"),
    ],
)
@pytest.mark.parametrize("is_partial", [False, True])
def test_a_line_that_cannot_be_taken_stands_again_with_the_reason(
    make_desk, typed: dict[str, str], said: str, is_partial: bool
) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    _line, _page, fields, answer = cut_first_line(desk, visitor, is_partial=is_partial, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{fields["unit_price"]}"' in answer.text
    assert not desk.projects()[1].lines[0].is_appraised


def test_a_line_is_accepted_with_one_button(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line = desk.projects()[1].lines[0].line
    page = visitor.get(desk.address("/dong-chi")).text
    assert visitor.send(page, desk.address(f"/dong-chi/{line.id}"), is_partial=True).status_code == 200
    judged = desk.projects()[1].lines[0]
    assert (judged.is_appraised, judged.is_cut) == (True, False)
    assert [one.difference_vnd for one in judged.quantities] == [0, 0, 0]


@pytest.mark.parametrize("sheet", ["/dong-chi", "/ket-qua"])
def test_the_rest_is_accepted_at_once_and_once(make_desk, sheet: str) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    page = visitor.get(desk.address(sheet)).text
    for _again in range(2):
        assert visitor.send(page, desk.address(f"{sheet}/nhan-phan-con-lai")).status_code == 303
    left = [one.lines_left if sheet == "/dong-chi" else one.promises_left for one in desk.projects()]
    assert not any(left)


@pytest.mark.parametrize("sheet", ["/dong-chi", "/ket-qua"])
def test_the_rest_is_not_accepted_on_an_old_page(make_desk, sheet: str) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    page = visitor.get(desk.address(sheet)).text
    cut_first_line(desk, visitor)
    answer = visitor.send(page, desk.address(f"{sheet}/nhan-phan-con-lai"))
    assert answer.status_code == 409
    assert "Giá cao." in answer.text


def test_an_opinion_is_given_and_stands_in_its_panel(make_desk) -> None:
    desk = make_desk(in_content_appraisal)
    visitor = desk.visitor(desk.province.content_appraiser)
    one = desk.projects()[0]
    address = desk.address(f"/du-an/{one.project.id}/y-kien")
    page = visitor.get(desk.address("/noi-dung")).text
    typed = {"verdict": "AGREE_WITH_CHANGE", "words": "Bổ sung danh sách."}
    answer = visitor.send(page, address, is_partial=True, **typed)
    assert answer.status_code == 200
    assert f'id="project-{one.project.id}"' in answer.text
    assert "Bổ sung danh sách." in answer.text
    assert desk.projects()[0].content_verdict is Verdict.AGREE_WITH_CHANGE


@pytest.mark.parametrize("is_partial", [False, True])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"words": "Ý kiến gõ rồi."}, "Mời chọn một ý kiến"),
        ({"verdict": "REJECT", "words": " "}, "Phải ghi lý do"),
        ({"verdict": "CO_LE", "words": "Ý kiến gõ rồi."}, "Mời chọn một dòng"),
    ],
)
def test_an_opinion_that_cannot_be_taken_stands_again(
    make_desk, typed: dict[str, str], said: str, is_partial: bool
) -> None:
    desk = make_desk(in_content_appraisal)
    visitor = desk.visitor(desk.province.content_appraiser)
    address = desk.address(f"/du-an/{desk.projects()[0].project.id}/y-kien")
    page = visitor.get(desk.address("/noi-dung")).text
    answer = visitor.send(page, address, is_partial=is_partial, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert typed["words"].strip() in answer.text
    assert desk.projects()[0].opinions == ()


def test_an_opinion_for_another_duty_is_refused(make_desk) -> None:
    desk = make_desk(in_content_appraisal)
    visitor = desk.visitor(desk.province.content_appraiser)
    address = desk.address(f"/du-an/{desk.projects()[0].project.id}/y-kien")
    page = visitor.get(desk.address("/noi-dung")).text
    forged = {"function": "ALLOCATION_CONSOLIDATION", "verdict": "AGREE"}
    assert visitor.send(page, address, **forged).status_code == 403
    assert visitor.send(page, address, function="APPROVAL", verdict="AGREE").status_code == 400
    assert desk.projects()[0].opinions == ()


def test_units_of_a_promise_are_refused_by_unticking_them(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    promise = desk.projects()[1].promises[-1].promise
    page = visitor.get(desk.address(f"/ket-qua?sua={promise.id}")).text
    address = desk.address(f"/ket-qua/{promise.id}")
    kept = [str(unit) for unit in promise.unit_ids[1:]]
    typed = {"accepted": "yes", "unit": kept, "words": ""}
    refused = visitor.send(page, address, **typed)
    assert refused.status_code == 422
    assert "Phải ghi lý do" in refused.text
    answer = visitor.send(refused.text, address, **(typed | {"words": "Chưa có trụ sở."}))
    assert answer.status_code == 303
    judged = desk.projects()[1].promises[-1]
    assert judged.accepted_unit_ids == promise.unit_ids[1:]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"accepted": "yes", "quantity": "101"}, "không tăng số đơn vị đề nghị"),
        ({"accepted": "yes", "quantity": "nhiều"}, "Chưa rõ số"),
        ({"accepted": "có"}, "Mời chọn chấp nhận"),
        ({"accepted": "no"}, "Phải ghi lý do"),
    ],
)
def test_a_promise_that_cannot_be_taken_stands_again(make_desk, typed: dict[str, str], said: str) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    promise = desk.projects()[0].promises[0].promise
    page = visitor.get(desk.address(f"/ket-qua?sua={promise.id}")).text
    answer = visitor.send(page, desk.address(f"/ket-qua/{promise.id}"), is_partial=True, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert not desk.projects()[0].promises[0].is_appraised


def test_rows_of_nowhere_are_not_found(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line = desk.projects()[0].lines[0].line.id
    fields = visitor.hidden_of(visitor.get(desk.address("/dong-chi")).text, desk.address(f"/dong-chi/{line}"))
    for address in (desk.address("/dong-chi/999"), desk.address("/ket-qua/999")):
        assert visitor.client.post(address, data=fields).status_code == 404
