"""The consolidation on the screen and as files: same figures, for reviewers and deciders."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from finance.database import transaction
from tests.finance.reviews.review_stages import sent
from tests.webapp.desks import Browser, Desks


@pytest.fixture
def browser(desks: Desks) -> Browser:
    with transaction(desks.factory) as session:
        sent(session, desks.province)
    return desks.at(desks.province.approver)


@pytest.mark.parametrize("seat", ["preparer", "head", "administrator"])
def test_offices_and_administration_do_not_come_in(desks: Desks, seat: str) -> None:
    stranger = desks.at(getattr(desks.province, seat))
    address = f"/tong-hop/{desks.province.round_id}"
    for page in ("/tong-hop", address, f"{address}/bang.xlsx", f"{address}/bang.csv"):
        stranger.open(page, status=403)


def test_the_menu_leads_to_the_open_round(desks: Desks, browser: Browser) -> None:
    answer = browser.client.get("/tong-hop")
    assert answer.location.endswith(f"/tong-hop/{desks.province.round_id}")


@pytest.mark.parametrize(
    ("way", "heading", "row"),
    [
        ("noi-dung", "nội dung cải cách", "2. Cải cách thủ tục"),
        ("co-quan", "cơ quan", "UBND thành phố Nha Trang"),
        ("nguon", "nguồn kinh phí", "Ngân sách cấp huyện"),
        ("khac", "nội dung cải cách", "2. Cải cách thủ tục"),
    ],
)
def test_three_ways_to_lay_it_out(desks: Desks, browser: Browser, way: str, heading: str, row: str) -> None:
    page = browser.open(f"/tong-hop/{desks.province.round_id}?theo={way}")
    assert f"Tổng hợp kinh phí theo {heading}" in page
    assert row in page
    assert "chưa phê duyệt" in page


def test_page_csv_and_workbook_say_the_same(desks: Desks, browser: Browser) -> None:
    address = f"/tong-hop/{desks.province.round_id}"
    page = browser.open(f"{address}?theo=nguon")
    lines = list(
        csv.reader(io.StringIO(browser.client.get(f"{address}/bang.csv?theo=nguon").data.decode("utf-8-sig")))
    )
    book = browser.client.get(f"{address}/bang.xlsx?theo=nguon")
    assert book.headers["Content-Disposition"].endswith('-theo-nguon.xlsx"')
    sheet = load_workbook(io.BytesIO(book.data)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=sheet.max_row - len(lines) + 1)]
    assert [row[:2] for row in cells] == [
        [name, int(asked) if asked.isdigit() else asked] for name, asked, *_rest in lines
    ]
    for _name, asked, *_rest in lines[1:]:
        assert f"{int(asked):,}".replace(",", ".") in page


def test_no_round_says_so(desks: Desks, browser: Browser) -> None:
    browser.open("/tong-hop/999", status=404)


def test_an_empty_round_says_what_comes_next(desks: Desks) -> None:
    page = desks.at(desks.province.planner).open(f"/tong-hop/{desks.province.round_id}")
    assert "Chưa có dự toán nào được gửi" in page
