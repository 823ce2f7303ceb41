"""A real Chromium types, pastes and saves: live totals are the server's to the đồng."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from finance.estimates.totals import draft_level_total
from finance.money import format_vnd
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.clipboard import paste

pytestmark = pytest.mark.browser

ROWS = 200


def amount_of(price: str, times: str, quantity: str) -> int:
    """The line's amount worked out apart from the program."""
    figures = [Decimal(text.replace(".", "").replace(",", ".")) for text in (price, times, quantity)]
    product = figures[0] * figures[1] * figures[2]
    return int(product.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_totals_follow_every_key_and_wait_while_a_figure_is_unclear(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    total = page.locator(".save-bar [data-total='0']")
    expect(total).to_have_text("5.000.000")
    page.locator("#lines-0-unit_price_vnd").fill("1.234.567")
    page.locator("#lines-0-quantities-0").fill("2,5")
    expect(page.locator("tr[data-line='0'] [data-amount='0']")).to_have_text("3.086.418")
    expect(total).to_have_text("3.086.418")
    price = page.locator("#lines-0-unit_price_vnd")
    price.fill("1,234,567")
    price.blur()
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(page.locator("tr[data-line='0'] [data-amount='0']")).to_have_text("–")
    price.fill("1234567")
    expect(price).not_to_have_attribute("aria-invalid", "true")
    expect(total).to_have_text("3.086.418")


def test_rows_are_added_copied_dropped_and_brought_back(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    rows = page.locator("tr[data-line]")
    before = rows.count()
    first = rows.first
    first.get_by_role("button", name="Chép").click()
    expect(rows).to_have_count(before + 1)
    expect(page.locator(".save-bar [data-total='0']")).to_have_text("10.000.000")
    first.get_by_role("button", name="Xóa").click()
    expect(rows).to_have_count(before)
    expect(page.locator(".save-bar [data-total='0']")).to_have_text("5.000.000")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".save-bar [data-total='0']")).to_have_text("10.000.000")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(rows).to_have_count(before + 2)
    page.keyboard.press("Control+s")
    expect(page.locator(".message-success")).to_contain_text("2 dòng chi, 10.000.000 đồng")
    assert len(desk.draft().projects[0].lines) == 2


def test_two_hundred_rows_from_a_spreadsheet_are_taken_to_the_dong(desk: Desk, page: Page) -> None:
    prices = [format_vnd(1_234_567 + 89_101 * n) for n in range(ROWS)]
    quantities = [("1,5", "12", "0,333", "1.250")[n % 4] for n in range(ROWS)]
    times = [("1", "2", "0,5")[n % 3] for n in range(ROWS)]
    expected = sum(map(amount_of, prices, times, quantities))
    heads = [
        "TT",
        "Nội dung chi",
        "ĐVT",
        "Số lượng",
        "Số lần",
        "Đơn giá (đồng)",
        "Thành tiền",
        "Nguồn kinh phí",
    ]
    words = [f'"Tập huấn ""một cửa"",\nlớp {n}"' for n in range(ROWS)]
    source = "Ngan sach tinh, chi thuong xuyen"
    block = [
        "\t".join((str(n + 1), words[n], "lớp", quantities[n], times[n], prices[n], "9.999", source))
        for n in range(ROWS)
    ]
    page.goto(f"{desk.address}/du-an?ma=DA1")
    paste(page, "#lines-0-unit_name", "\r\n".join(["\t".join(heads), *block]) + "\r\n")
    status = page.locator("[data-grid-status]")
    expect(status).to_contain_text(
        "Đã dán 200 dòng từ dòng 1; 0 ô cần xem lại; không lấy cột: TT, Thành tiền; 200 dòng có thành tiền"
    )
    expect(page.locator(".save-bar [data-total='0']")).to_have_text(format_vnd(expected))
    page.get_by_role("button", name="Lưu dự án", exact=True).click()
    expect(page.locator(".message-success")).to_contain_text(f"200 dòng chi, {format_vnd(expected)} đồng")
    project = desk.draft().projects[0]
    assert draft_level_total(project, 1) == expected
    assert [line.item_vi for line in project.lines] == [f'Tập huấn "một cửa", lớp {n}' for n in range(ROWS)]
    assert {line.source_code for line in project.lines} == {"NST_TX"}


def test_what_is_unclear_in_a_pasted_block_stays_as_it_was_written(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    paste(
        page, "#lines-1-item_vi", "Máy quét\tbộ\t1,200,000\t1\t2\tNguồn lạ\r\nMáy in\tbộ\t350.000\t1\t1,5\r\n"
    )
    expect(page.locator("[data-grid-status]")).to_contain_text("Đã dán 2 dòng từ dòng 2; 2 ô cần xem lại")
    expect(page.locator("#lines-1-unit_price_vnd")).to_have_value("1,200,000")
    expect(page.locator("#lines-2-unit_price_vnd")).to_have_value("350.000")
    expect(page.locator("tr[data-line='2'] [data-amount='0']")).to_have_text("525.000")
    page.get_by_role("button", name="Lưu dự án", exact=True).click()
    expect(page.locator("[data-findings]")).to_contain_text("Có thể đọc là: 1.200.000 đồng")
    expect(page.locator("#lines-1-unit_price_vnd")).to_have_value("1,200,000")
    expect(page.locator("#lines-1-source_code")).to_have_value("Nguồn lạ")
    page.get_by_role("link", name="1,200,000").click()
    expect(page.locator("#lines-1-unit_price_vnd")).to_be_focused()


def test_a_result_asks_for_what_its_kind_needs_without_leaving_the_page(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    page.locator("#name_vi").fill("Tên đang gõ dở")
    page.get_by_role("button", name="Thêm kết quả").click()
    page.locator("#promises-1-output_code").select_option("MOT_CUA_XA")
    page.locator("#promises-1-component").select_option("PHONG")
    page.get_by_label("Xã số 1", exact=True).check()
    expect(page.locator("#name_vi")).to_have_value("Tên đang gõ dở")
    page.get_by_role("button", name="Lưu dự án", exact=True).click()
    expect(page.locator(".message-success")).to_be_visible()
    promises = desk.draft().projects[0].promises
    assert [(one.output_code, one.unit_codes) for one in promises] == [
        ("BOI_DUONG", ()),
        ("MOT_CUA_XA", ("X1",)),
    ]


@pytest.mark.parametrize("light", ["light", "dark"])
def test_every_page_of_the_desk_is_accessible(desk: Desk, page: Page, light: str) -> None:
    broken = a_project(lines=(a_line(unit_price_vnd=0), a_line("Thuê xe", norm_code="N01", budget_code="")))
    desk.save(a_draft(broken, a_project_of_levels()))
    page.emulate_media(color_scheme="dark" if light == "dark" else "light")
    for tail in ("", "/ban-day-du", "/du-an?ma=DA1", "/du-an?ma=DA2", "/du-an", "/bang-tinh"):
        page.goto(desk.address + tail, wait_until="networkidle")
        found = Axe().run(page).response["violations"]
        assert not found, f"{tail}: {[(one['id'], [node['html'] for node in one['nodes']]) for one in found]}"


def test_a_phone_shows_lines_as_cards_within_its_width(desk: Desk, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for tail in ("", "/du-an?ma=DA2", "/ban-day-du", "/bang-tinh"):
        page.goto(desk.address + tail, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, tail
    page.goto(f"{desk.address}/du-an?ma=DA2")
    expect(page.locator("tr[data-line='0']")).to_have_css("display", "grid")
