"""The audit on the screen and as a file: for inspection and administration, reading only."""

from __future__ import annotations

import csv
import io

import pytest

from finance.database import transaction
from finance.rounds.operations import issue_ceiling
from tests.webapp.desks import Browser, Desks


@pytest.fixture
def browser(desks: Desks) -> Browser:
    with transaction(desks.factory) as session:
        issue_ceiling(
            session,
            desks.province.estimate_appraiser,
            desks.province.round_id,
            agency_id=desks.province.agencies["SNV"],
            source_code="NST_TX",
            amount_vnd=90_000_000,
            seen_edit=1,
        )
    return desks.at(desks.province.inspector)


@pytest.mark.parametrize(
    "seat", ["preparer", "content_appraiser", "estimate_appraiser", "planner", "approver"]
)
def test_nobody_else_comes_in(desks: Desks, seat: str) -> None:
    stranger = desks.at(getattr(desks.province, seat))
    for page in ("/nhat-ky", "/nhat-ky.csv", "/nhat-ky/kiem-tra-chuoi"):
        stranger.open(page, status=403)


def test_sentences_are_found_without_marks(browser: Browser) -> None:
    page = browser.open("/nhat-ky?tim=thong bao so kiem tra")
    assert "Phạm Thu Hằng thông báo số kiểm tra" in page
    assert "sau: 90.000.000" in page
    assert "đăng nhập: Đặng Kim Chi" not in page


def test_filters_by_act_person_and_office(desks: Desks, browser: Browser) -> None:
    stc = desks.province.agencies["STC"]
    for query in ("viec=ISSUE_CEILING", "nguoi=Phạm Thu Hằng", f"co-quan={stc}", "loai=budget_round"):
        page = browser.open(f"/nhat-ky?{query}")
        assert "1 dòng" in page, query
    assert "Không có việc nào khớp" in browser.open("/nhat-ky?viec=APPROVE_ALLOCATION")


def test_a_day_that_cannot_be_read_is_said(browser: Browser) -> None:
    page = browser.open("/nhat-ky?tu-ngay=hôm qua", status=422)
    assert "Chưa đọc được ngày" in page
    assert 'value="hôm qua"' in page


def test_the_file_is_what_the_filter_says(browser: Browser) -> None:
    answer = browser.client.get("/nhat-ky.csv?viec=ISSUE_CEILING")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nhat-ky-20120215.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][3] == "Phạm Thu Hằng"


def test_the_chain_is_checked_on_request(browser: Browser) -> None:
    page = browser.open("/nhat-ky/kiem-tra-chuoi")
    assert "Nguyên vẹn" in page
    assert "đều khớp" in page


def test_pages_of_the_list_keep_the_filter(browser: Browser) -> None:
    page = browser.open("/nhat-ky?loai=person&trang=1")
    assert 'href="/nhat-ky.csv?loai=person' in page
    assert "/nhat-ky?" in page


def test_nothing_here_can_be_sent(browser: Browser) -> None:
    for page in ("/nhat-ky", "/nhat-ky/kiem-tra-chuoi"):
        form = browser.form("/tai-khoan/mat-khau")
        assert browser.client.post(page, data=form.fields).status_code == 405
