"""The start page: what waits with its verb and days left; every entry leads to a page that exists."""

from __future__ import annotations

import pytest

from finance.database import transaction
from finance.reports.waiting_estimates import SHEET_PAGES
from tests.finance.reviews.review_stages import in_content_appraisal
from tests.webapp.desks import Desks

# Every page the worklist names, beside the sheets of the reviewers.
PLACES = {
    "estimates.list_page": set(),
    "estimates.estimate_page": {"estimate_id"},
    "rounds.open_page": set(),
    "rounds.deadline_page": {"round_id"},
    "rounds.results_page": {"round_id"},
    "rounds.ceiling_page": {"round_id"},
    "rounds.envelope_page": {"round_id"},
    "scenarios.list_page": set(),
    "scenarios.scenario_page": {"scenario_id"},
    "allocations.decision_page": {"decision_id"},
    "allocations.approval_page": {"decision_id"},
    "allocations.answer_page": {"round_id", "agency_id"},
} | {endpoint: {"estimate_id"} for endpoint in SHEET_PAGES.values()}

SEATS = (
    "preparer", "head", "content_appraiser", "estimate_appraiser", "it_adviser", "planner", "approver",
    "inspector", "administrator",
)  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(PLACES))
def test_every_place_is_a_page(desks: Desks, endpoint: str) -> None:
    rules = list(desks.app.url_map.iter_rules(endpoint))
    assert rules, f"no page {endpoint}"
    assert rules[0].arguments == PLACES[endpoint]


@pytest.mark.parametrize("seat", SEATS)
def test_the_start_page_opens_for_everybody(desks: Desks, seat: str) -> None:
    page = desks.at(getattr(desks.province, seat)).open("/")
    assert "<h1>Việc của tôi</h1>" in page
    assert "Dữ liệu minh họa" in page


def test_an_officer_sees_verb_deadline_and_days(desks: Desks) -> None:
    page = desks.at(desks.province.preparer).open("/")
    assert ">Lập<" in page
    assert "29/02/2012" in page
    assert "còn 14 ngày" in page


def test_what_was_sent_is_followed(desks: Desks) -> None:
    with transaction(desks.factory) as session:
        in_content_appraisal(session, desks.province)
    page = desks.at(desks.province.preparer).open("/")
    assert "Không có việc nào đang chờ" in page
    assert "Sở Nội vụ (thẩm định nội dung)" in page
    reviewer = desks.at(desks.province.content_appraiser).open("/")
    assert ">Thẩm định<" in reviewer
    other = desks.at(desks.province.other_preparer).open("/")
    assert "Nha Trang" not in other


@pytest.mark.parametrize(
    ("seat", "menu"),
    [
        ("preparer", {"Việc của tôi", "Đợt dự toán", "Chương trình", "Dự toán"}),
        ("inspector", {"Việc của tôi", "Đợt dự toán", "Chương trình", "Tổng hợp", "Nhật ký"}),
        ("administrator", {"Việc của tôi", "Đợt dự toán", "Chương trình", "Nhật ký", "Quản trị"}),
    ],
)
def test_the_menu_promises_no_more_than_the_door_allows(desks: Desks, seat: str, menu: set[str]) -> None:
    page = desks.at(getattr(desks.province, seat)).open("/tai-khoan")
    words = {"Việc của tôi", "Đợt dự toán", "Chương trình", "Dự toán", "Tổng hợp", "Nhật ký", "Quản trị"}
    shown = {word for word in words if f">{word}</a></li>" in page}
    assert menu <= shown
    assert not {"Quản trị", "Nhật ký"} & (shown - menu)


def test_a_stranger_signs_in_first(desks: Desks) -> None:
    answer = desks.app.test_client().get("/")
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.location
