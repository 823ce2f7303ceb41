"""Blocks as clipboards really are: heads, totals, merged and hidden cells, a thousand rows to the đồng."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from finance.estimates.levels import LevelCode
from finance.estimates.totals import draft_level_total
from finance.money import NumberUnclear, format_vnd, parse_quantity, parse_vnd
from finance.vietnamese.words import amount_in_words
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.clipboard import paste, paste_html

pytestmark = pytest.mark.browser

STATUS = "[data-grid-status]"
TOTAL = ".save-bar [data-total='0']"


@pytest.fixture
def grid(desk: Desk, page: Page) -> Page:
    """The page of a project of one line."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")
    return page


def column(page: Page, part: str) -> list[str]:
    """What stands in a column, without the empty rows below."""
    texts = page.locator(f"tbody [name$='-{part}']").evaluate_all("boxes => boxes.map((box) => box.value)")
    while texts and texts[-1] == "":
        texts.pop()
    return [str(text) for text in texts]


def test_a_thousand_rows_are_taken_to_the_dong(desk: Desk, grid: Page) -> None:
    prices = [1_234_567 + 89_101 * n for n in range(1_000)]
    block = "".join(f"Việc {n}\tlần\t{format_vnd(price)}\t1\t2\r\n" for n, price in enumerate(prices))
    paste(grid, "#lines-0-item_vi", block)
    expect(grid.locator(STATUS)).to_have_text("Đã dán 1000 dòng từ dòng 1; 0 ô cần xem lại.")
    expected = 2 * sum(prices)
    expect(grid.locator(TOTAL)).to_have_text(format_vnd(expected))
    expect(grid.locator("[data-words]")).to_have_text(amount_in_words(expected))
    grid.keyboard.press("Control+s")
    said = f"1000 dòng chi, {format_vnd(expected)} đồng"
    expect(grid.locator(".message-success")).to_contain_text(said, timeout=30_000)
    assert draft_level_total(desk.draft().projects[0], 1) == expected


def test_titles_numbers_of_columns_and_own_totals_are_left_out(grid: Page) -> None:
    rows = [
        ["DỰ TOÁN KINH PHÍ", "", "", "", "", ""],
        ["STT", "Nội dung chi", "Đơn vị tính", "Đơn giá", "Số lượng", "Thành tiền (đồng)"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)=(4)x(5)"],
        ["1", "Thuê hội trường", "buổi", "２.０００.０００", "2", "4.000.000"],
        ["2", "In tài liệu", "bộ", "50\u00a0000", "100", "5.100.000"],
        ["", "Cộng:", "", "", "", "9.100.000"],
        ["", "TỔNG CỘNG (bằng chữ)", "", "", "", ""],
    ]
    paste(grid, "#lines-0-unit_name", "\r\n".join("\t".join(row) for row in rows) + "\r\n")
    expect(grid.locator(STATUS)).to_have_text(
        "Đã dán 2 dòng từ dòng 1; 0 ô cần xem lại; không lấy cột: STT, Thành tiền (đồng); "
        "không lấy 2 dòng cộng; 1 dòng có thành tiền trong bảng tính khác với đơn giá × số lượng."
    )
    assert column(grid, "item_vi") == ["Thuê hội trường", "In tài liệu"]
    expect(grid.locator(TOTAL)).to_have_text("9.000.000")


def test_hidden_columns_stay_out_and_a_merged_source_holds_for_its_rows(grid: Page) -> None:
    html = """<html><body><table><col><col style='display:none'><col><col><col>
      <tr><td>Nội dung chi</td><td style="display:none">Mật</td><td>Đơn giá</td><td>Số lượng</td>
        <td>Nguồn</td></tr>
      <tr><td>Việc một<br>đợt đầu</td><td style="display:none">x</td><td>1.000</td><td>1</td>
        <td rowspan=2>Ngân sách tỉnh, chi đầu tư phát triển</td></tr>
      <tr><td>Việc hai</td><td style="display:none">x</td><td>2.000</td><td>1</td></tr>
      </table></body></html>"""
    paste_html(grid, "#lines-0-item_vi", "Nội dung chi\tMật\tĐơn giá\tSố lượng\tNguồn\r\n", html)
    expect(grid.locator(STATUS)).to_contain_text("không lấy 1 cột, dòng đang ẩn trong bảng tính")
    assert column(grid, "item_vi") == ["Việc một đợt đầu", "Việc hai"]
    assert column(grid, "source_code")[:2] == ["NST_DT", "NST_DT"]
    assert column(grid, "nature")[:2] == ["CAPITAL", "CAPITAL"]


def test_a_block_with_levels_makes_them(desk: Desk, grid: Page) -> None:
    rows = [
        ["TT", "Nội dung chi", "ĐVT", "Đơn giá", "Số lượng", "", "Nguồn"],
        ["", "", "", "", "Tối thiểu", "Đầy đủ", ""],
        ["1", "Máy vi tính", "bộ", "10.000.000", "1", "3", "NST_TX"],
        ["2", "Máy in", "bộ", "4.000.000", "0", "1", "NST_TX"],
    ]
    paste(grid, "#lines-0-item_vi", "\r\n".join("\t".join(row) for row in rows))
    expect(grid.locator(STATUS)).to_contain_text("Đã dán 2 dòng từ dòng 1")
    expect(grid.locator(".save-bar [data-total='1']")).to_have_text("34.000.000")
    grid.keyboard.press("Control+s")
    expect(grid.locator(".message-success")).to_contain_text("2 dòng chi, 34.000.000 đồng")
    project = desk.draft().projects[0]
    assert project.levels == (LevelCode.MINIMUM, LevelCode.FULL)
    assert [line.quantities for line in project.lines] == [(1_000, 3_000), (0, 1_000)]


@pytest.mark.parametrize("part", ["unit_price_vnd", "quantities-0"])
def test_what_is_unclear_is_never_guessed_and_both_readings_are_shown(grid: Page, part: str) -> None:
    parse = parse_vnd if part == "unit_price_vnd" else parse_quantity
    texts = (
        "1,200,000",
        "1.5",
        "1,2 tr",
        "0.500",
        "1,500",
        "12.34",
        "1.200 tr",
        "1.234.567,5",
        "5k",
        "abc",
        "１，５００",
    )
    box = grid.locator(f"#lines-0-{part}")
    note = grid.locator(f"#lines-0-{part}-error")
    for text in texts:
        box.fill(text)
        box.dispatch_event("change")
        try:
            parse(text)
        except NumberUnclear as unclear:
            for reading in unclear.readings:
                expect(note).to_contain_text(reading)
            expect(box).to_have_class("is-invalid")
        else:
            expect(note).to_have_count(0)
        expect(box).to_have_value(text)


def test_what_is_left_under_the_control_figure_follows_every_key(grid: Page) -> None:
    row = grid.locator("[data-source='NST_TX']")
    expect(row.locator("[data-left]")).to_have_text("15.000.000")
    grid.locator("#lines-0-unit_price_vnd").fill("2.600.000")
    expect(row.locator("[data-left]")).to_have_text("−6.000.000")
    expect(row).to_have_class("is-exceeded")
    grid.locator("#lines-0-year").select_option("2013")
    expect(row.locator("[data-left]")).to_have_text("20.000.000")
    expect(row.locator("[data-year='2013']")).to_have_text("26.000.000")


def test_an_empty_number_of_times_says_once_also_over_an_old_row(grid: Page) -> None:
    grid.locator("#lines-0-frequency_thousandths").evaluate("box => { box.value = '12' }")
    paste(
        grid, "#lines-0-item_vi", "Thuê hội trường\tbuổi\t2.000.000\t\t2\r\nIn tài liệu\tbộ\t1.000\t3\t1\r\n"
    )
    assert column(grid, "frequency_thousandths")[:2] == ["1", "3"]
    expect(grid.locator(TOTAL)).to_have_text("4.003.000")
