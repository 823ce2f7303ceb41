"""Who sees the reviewer's desk, and what each page says."""

from __future__ import annotations

import pytest

from finance.money import format_vnd
from finance.reviews.figures import figures_of
from finance.reviews.rules import Verdict
from tests.finance.reviews.review_stages import (
    appraised,
    in_content_appraisal,
    in_estimate_appraisal,
    sent,
)
from tests.webapp.reviews.review_desk import Stage

SHEETS = ("", "/noi-dung", "/dong-chi", "/ket-qua", "/y-kien-phan-bo")
REVIEWERS = ("content_appraiser", "estimate_appraiser", "it_adviser", "planner", "approver", "inspector")


@pytest.mark.parametrize("stage", [sent, in_content_appraisal, in_estimate_appraisal, appraised])
def test_every_reviewer_may_read_every_sheet_at_every_stage(make_desk, stage: Stage) -> None:
    desk = make_desk(stage)
    for who in REVIEWERS:
        visitor = desk.visitor(getattr(desk.province, who))
        for sheet in SHEETS:
            answer = visitor.get(desk.address(sheet))
            assert answer.status_code == 200, (who, sheet)
            assert "UBND thành phố Nha Trang" in answer.text
        assert visitor.get("/tham-dinh").status_code == 200
        assert visitor.get("/tham-dinh/bang-theo-doi").status_code == 200


@pytest.mark.parametrize("who", ["preparer", "head", "other_preparer", "administrator"])
def test_nobody_else_may(make_desk, who: str) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(getattr(desk.province, who))
    for address in ("/tham-dinh", "/tham-dinh/bang-theo-doi", *(desk.address(sheet) for sheet in SHEETS)):
        assert visitor.get(address).status_code == 403, address


def test_a_stranger_is_led_to_the_sign_in_page(make_desk) -> None:
    desk = make_desk(sent)
    answer = desk.app.test_client().get(desk.address())
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.location


def test_an_unknown_file_is_not_found(make_desk) -> None:
    desk = make_desk(sent)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    for sheet in SHEETS:
        assert visitor.get(f"/tham-dinh/999{sheet}").status_code == 404


def test_the_forms_stand_only_before_those_who_may_fill_them(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    finance = desk.visitor(desk.province.estimate_appraiser)
    planner = desk.visitor(desk.province.planner)
    inspector = desk.visitor(desk.province.inspector)
    line = desk.projects()[0].lines[0].line.id
    form = f'action="{desk.address(f"/dong-chi/{line}")}"'
    assert form in finance.get(desk.address("/dong-chi")).text
    for other in (planner, inspector):
        page = other.get(desk.address(f"/dong-chi?sua={line}")).text
        assert form not in page
        assert "<textarea" not in page
    assert "Ghi ý kiến" in planner.get(desk.address("/y-kien-phan-bo")).text
    assert "Ghi ý kiến" not in finance.get(desk.address("/y-kien-phan-bo")).text
    assert "trước khi kết luận thẩm định" in finance.get(desk.address()).text
    assert "Kết luận thẩm định" not in planner.get(desk.address()).text


def test_totals_on_every_page_are_the_same_and_come_from_one_service(make_desk) -> None:
    desk = make_desk(lambda session, province: appraised(session, province, verdicts={"DA1": Verdict.REJECT}))
    figures = figures_of(desk.projects())
    assert figures.appraised_vnd is not None
    visitor = desk.visitor(desk.province.estimate_appraiser)
    for address in (
        "/tham-dinh/bang-theo-doi",
        desk.address(),
        desk.address("/dong-chi"),
        desk.address("/ket-qua"),
    ):
        page = visitor.get(address).text
        assert format_vnd(figures.asked_vnd) in page, address
    for sheet in ("", "/dong-chi", "/ket-qua"):
        page = visitor.get(desk.address(sheet)).text
        assert format_vnd(figures.appraised_vnd) in page, sheet
        assert f"−{format_vnd(-figures.difference_so_far_vnd)}" in page, sheet


def test_the_overview_names_recipients_history_and_what_is_missing(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    page = desk.visitor(desk.province.estimate_appraiser).get(desk.address()).text
    assert "Sở Nội vụ (để biết)" in page
    assert "Lê Minh Đức thông qua nội dung" in page
    assert "4 dòng chi chưa thẩm định" in page
    one = desk.projects()[0]
    assert f'href="{desk.address("/dong-chi")}#line-{one.lines[0].line.id}"' in page


def test_the_norm_stands_beside_the_price(make_desk) -> None:
    from tests.builders import a_line, a_project

    above = a_project(
        lines=(a_line("Giảng viên", unit_price_vnd=650_000, norm_code="N01", over_norm_reason="Xa."),)
    )
    desk = make_desk(lambda session, province: in_estimate_appraisal(session, province, above))
    page = desk.visitor(desk.province.estimate_appraiser).get(desk.address("/dong-chi")).text
    assert "định mức 500.000 (N01)" in page
    assert "<strong>vượt</strong>" in page


def test_a_part_of_a_page_is_answered_to_htmx(make_desk) -> None:
    desk = make_desk(in_estimate_appraisal)
    visitor = desk.visitor(desk.province.estimate_appraiser)
    line = desk.projects()[1].lines[0].line.id
    part = visitor.get(desk.address(f"/dong-chi?sua={line}"), is_partial=True).text
    assert part.lstrip().startswith(f'<tbody id="line-{line}"')
    assert "<html" not in part
    closed = visitor.get(desk.address(f"/dong-chi?dong={line}"), is_partial=True).text
    assert "<textarea" not in closed
    promise = desk.projects()[1].promises[0].promise.id
    part = visitor.get(desk.address(f"/ket-qua?sua={promise}"), is_partial=True).text
    assert part.lstrip().startswith(f'<tbody id="promise-{promise}"')


def test_an_empty_inbox_says_where_to_look(make_desk) -> None:
    desk = make_desk(sent)
    page = desk.visitor(desk.province.inspector).get("/tham-dinh").text
    assert "Không có hồ sơ nào chờ" in page
    assert "/tham-dinh/bang-theo-doi" in page


def test_the_inbox_leads_to_the_sheet_with_the_verb(make_desk) -> None:
    desk = make_desk(in_content_appraisal)
    page = desk.visitor(desk.province.content_appraiser).get("/tham-dinh").text
    assert f'href="{desk.address("/noi-dung")}"' in page
    assert "Cho ý kiến nội dung" in page
