"""Bảng chéo on the screen and as files: chosen in the address, the same figures everywhere."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from finance.database import transaction
from tests.finance.reviews.review_stages import sent
from tests.house.source_tree import name_of, python_files
from tests.webapp.desks import Browser, Desks
from webapp.reports.cross_views import FIGURES, MARKS


@pytest.fixture
def browser(desks: Desks) -> Browser:
    with transaction(desks.factory) as session:
        sent(session, desks.province)
    return desks.at(desks.province.planner)


@pytest.fixture
def address(desks: Desks) -> str:
    return f"/tong-hop/{desks.province.round_id}/bang-cheo"


def lines_of(browser: Browser, address: str) -> list[list[str]]:
    text = browser.client.get(address).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("seat", ["preparer", "head", "administrator"])
def test_offices_and_administration_do_not_come_in(desks: Desks, address: str, seat: str) -> None:
    stranger = desks.at(getattr(desks.province, seat))
    for ending in ("", ".xlsx", ".csv"):
        stranger.open(address + ending, status=403)


def test_the_consolidation_leads_to_a_form_that_keeps_what_the_address_says(
    desks: Desks, browser: Browser, address: str
) -> None:
    assert f'href="{address}"' in browser.open(f"/tong-hop/{desks.province.round_id}")
    form = browser.form(f"{address}?so=so-du-an&dong=co-quan&chi-tiet=nam&cot=loai")
    assert form.fields == {"so": "so-du-an", "dong": "co-quan", "chi-tiet": "nam", "cot": "loai"}
    usual = browser.form(f"{address}?so=khac&dong=&chi-tiet=khac&cot=%00")
    assert usual.fields == {"so": "de-nghi", "dong": "noi-dung", "chi-tiet": "", "cot": "nguon"}


def test_every_pair_of_marks_has_its_page(browser: Browser, address: str) -> None:
    marks = list(MARKS)
    for rows, columns in zip(marks, marks[1:] + marks[:1], strict=True):
        page = browser.open(f"{address}?dong={rows}&cot={columns}&so=so-du-an")
        assert f"Số dự án theo {MARKS[rows].label_vi} và {MARKS[columns].label_vi}" in page


def test_page_csv_and_workbook_say_the_same(browser: Browser, address: str) -> None:
    for chosen in ("so=de-nghi&dong=co-quan&chi-tiet=nhiem-vu&cot=nguon", "so=so-du-an"):
        page = browser.open(f"{address}?{chosen}")
        lines = lines_of(browser, f"{address}.csv?{chosen}")
        book = browser.client.get(f"{address}.xlsx?{chosen}")
        assert "bang-cheo-" in book.headers["Content-Disposition"]
        sheet = load_workbook(io.BytesIO(book.data)).worksheets[0]
        cells = [["" if c.value is None else str(c.value) for c in row] for row in sheet.iter_rows()]
        assert cells[-len(lines) :] == lines
        body = page[page.index("<tbody>") :]
        figures = [figure for line in lines[1:] for figure in line if figure.isdigit()]
        assert len(figures) > len(lines)
        for figure in figures:
            assert f">{int(figure):,}<".replace(",", ".") in body
        assert body.count("<tr") == len(lines) - 1


def test_the_links_carry_the_layout_to_the_files(browser: Browser, address: str) -> None:
    page = browser.open(f"{address}?so=de-nghi&dong=co-quan&chi-tiet=nam&cot=loai")
    for ending in ("xlsx", "csv"):
        assert f"{address}.{ending}?dong=co-quan&amp;chi-tiet=nam&amp;cot=loai&amp;so=de-nghi" in page


def test_the_same_mark_twice_is_said_beside_the_form(browser: Browser, address: str) -> None:
    page = browser.open(f"{address}?dong=nam&cot=nam", status=422)
    assert "phải khác nhau" in page
    assert browser.client.get(f"{address}.csv?dong=nam&cot=nam").status_code == 422
    assert "Xuất Excel" not in page


def test_what_nobody_has_appraised_is_said(browser: Browser, address: str) -> None:
    for figure in ("tham-dinh", "chenh-lech"):
        assert FIGURES[figure].needs_appraisal
        page = browser.open(f"{address}?so={figure}")
        assert "Chưa có dự toán nào thẩm định xong" in page
        assert lines_of(browser, f"{address}.csv?so={figure}")[1:] == [["Tổng số", ""]]


def test_an_empty_round_says_what_comes_next(desks: Desks, address: str) -> None:
    assert "Chưa có dự toán nào được gửi" in desks.at(desks.province.planner).open(address)


def test_no_round_says_so(desks: Desks) -> None:
    planner = desks.at(desks.province.planner)
    for ending in ("", ".csv", ".xlsx", "?dong=nam&cot=nam"):
        planner.open(f"/tong-hop/999/bang-cheo{ending}", status=404)


def test_the_program_starts_without_pandas() -> None:
    at_start = re.compile(r"^(import|from) pandas\b", flags=re.M)
    files = {name_of(path): path.read_text(encoding="utf-8") for path in python_files("finance", "webapp")}
    assert "from pandas import" in files["finance/reports/cross_sums.py"], "loaded with the first table"
    assert [name for name, text in files.items() if at_start.search(text)] == []
