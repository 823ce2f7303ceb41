"""Nothing typed is lost: the server keeps it meanwhile, it comes back anywhere, newer typing stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from finance.database import reading, transaction
from finance.estimates.kept_typing import find_typing, keep_typing
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.clipboard import paste

pytestmark = pytest.mark.browser

KEPT = "Đã lưu lúc 10:00 (bản nháp)"


def test_a_killed_tab_loses_nothing_and_another_machine_goes_on(
    desk: Desk, page: Page, chromium: Browser
) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    paste(page, "#lines-0-item_vi", "".join(f"Việc {n}\tlần\t1.000\r\n" for n in range(9)))
    page.locator("#lines-3-unit_price_vnd").fill("1,200,000")
    expect(page.locator("[data-save-state]")).to_have_text(KEPT)
    assert desk.draft() == a_draft(), "what is being typed is no part of the estimate"
    context, address = page.context, page.url
    page.close(run_before_unload=False)
    cookies = context.cookies()
    elsewhere = chromium.new_context(base_url=address)
    elsewhere.add_cookies(cookies)
    other = elsewhere.new_page()
    other.goto(address)
    expect(other.locator("#lines-8-item_vi")).to_have_count(0)
    other.get_by_role("link", name="Nhập tiếp nội dung đó").click()
    expect(other.locator("#lines-8-item_vi")).to_have_value("Việc 8")
    expect(other.locator("#lines-3-unit_price_vnd")).to_have_value("1,200,000")
    other.locator("#lines-3-unit_price_vnd").fill("1.200.000")
    other.get_by_role("button", name="Lưu dự án", exact=True).click()
    expect(other.locator(".message-success")).to_contain_text("9 dòng chi")
    expect(other.get_by_role("link", name="Nhập tiếp nội dung đó")).to_have_count(0)
    elsewhere.close()


def test_without_a_line_the_browser_keeps_it_and_says_so(desk: Desk, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/ban-dang-nhap", refuse)
    page.locator("#name_vi").fill("Tên gõ khi mất mạng")
    expect(page.locator("[data-save-state]")).to_have_text("Chưa lưu được, sẽ thử lại")
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.locator("#name_vi")).to_have_value("Tên gõ khi mất mạng")
    page.unroute("**/ban-dang-nhap", refuse)
    page.locator("#place").fill("Nha Trang")
    expect(page.locator("[data-save-state]")).to_have_text(KEPT)


def test_what_is_typed_while_a_part_is_renewed_stays(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/du-an", hold)
    codes = page.locator("#promises-0-output_code option").evaluate_all("all => all.map(one => one.value)")
    chosen = page.locator("#promises-0-output_code").input_value()
    page.locator("#promises-0-output_code").select_option(
        next(one for one in codes if one not in {"", chosen})
    )
    quantity = page.locator("#promises-0-quantity_thousandths")
    quantity.fill("45")
    page.wait_for_timeout(200)
    assert len(waiting) == 1, "the part is asked for anew"
    old = quantity.element_handle()
    waiting[0].continue_()
    page.wait_for_function("old => !old.isConnected", arg=old)
    expect(quantity).to_have_value("45")


def test_an_older_page_never_writes_over_a_newer_one(desk: Desk, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")
    with transaction(desk.factory) as session:
        actor = desk.province.preparer
        keep_typing(
            session,
            actor,
            desk.estimate_id,
            project_key="DA1",
            sequence=7,
            typed_on=2,
            form=[["name_vi", "Mới"]],
        )
    page.locator("#name_vi").fill("Cũ")
    state = page.locator("[data-save-state]")
    expect(state).to_contain_text("Đồng chí đang nhập dự án này ở một trang khác")
    with reading(desk.factory) as session:
        kept = find_typing(session, actor, desk.estimate_id, "DA1")
    assert kept is not None
    assert kept.form == [["name_vi", "Mới"]]
    page.locator("#name_vi").press_sequentially(" hơn nữa")
    page.wait_for_timeout(1_000)  # longer than the pause after which typing is kept
    expect(state).to_contain_text("Đồng chí đang nhập dự án này ở một trang khác")
    with reading(desk.factory) as session:
        kept = find_typing(session, actor, desk.estimate_id, "DA1")
    assert kept is not None
    assert kept.form == [["name_vi", "Mới"]], "the next key does not write over it either"
    page.get_by_role("button", name="Nhập tiếp ở trang này").click()
    expect(state).to_have_text(KEPT)


def test_a_letter_late_from_the_page_before_is_no_other_page(desk: Desk, page: Page) -> None:
    """A pasted block with levels makes the page again while its last letter is still under way."""
    page.goto(f"{desk.address}/du-an?ma=DA1")
    letters: list[Route] = []

    def deliver(route: Route) -> None:
        letters.append(route)
        if len(letters) == 1:
            return route.abort()
        if len(letters) == 2:
            with transaction(desk.factory) as session:
                late = keep_typing(
                    session,
                    desk.province.preparer,
                    desk.estimate_id,
                    project_key="DA1",
                    sequence=1,
                    typed_on=2,
                    form=[["name_vi", "Gõ trước khi dán"]],
                )
            assert late.is_taken
        return route.continue_()

    page.route("**/ban-dang-nhap", deliver)
    page.locator("#name_vi").fill("Gõ trước khi dán")
    expect(page.locator("[data-save-state]")).to_have_text("Chưa lưu được, sẽ thử lại")
    rows = [
        ["TT", "Nội dung chi", "ĐVT", "Đơn giá", "Số lượng", "", "Nguồn"],
        ["", "", "", "", "Tối thiểu", "Đầy đủ", ""],
        ["1", "Máy in", "bộ", "4.000.000", "1", "2", "NST_TX"],
    ]
    paste(page, "#lines-0-item_vi", "\r\n".join("\t".join(row) for row in rows))
    expect(page.locator("#lines-0-quantities-1")).to_have_value("2")
    expect(page.locator("[data-save-state]")).to_have_text(KEPT)
    assert len(letters) == 2


def test_two_people_are_told_of_each_other_and_both_works_are_kept(desk: Desk, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")
    with transaction(desk.factory) as session:
        keep_typing(
            session, desk.province.head, desk.estimate_id,
            project_key="DA1", sequence=1, typed_on=2, form=[["name_vi", "Khác"]],
        )  # fmt: skip
    page.locator("#lines-0-quantities-0").fill("4")
    page.locator("#lines-0-note").evaluate("box => { box.value = 'bốn buổi' }")
    expect(page.locator("[data-at-work]")).to_contain_text("Trần Văn Hòa đang sửa dự án này")
    theirs = a_project(
        name_vi="Tên của người khác", lines=(a_line(unit_price_vnd=600_000), a_line("Thuê xe"))
    )
    desk.save(a_draft(theirs, a_project_of_levels()))
    page.get_by_role("button", name="Lưu dự án", exact=True).click()
    expect(page.locator(".message-success")).to_be_visible()
    expect(page.locator("#page-messages")).to_contain_text("Đã ghép với thay đổi của người khác")
    project = desk.draft().projects[0]
    assert project.name_vi == "Tên của người khác"
    assert [(line.item_vi, line.unit_price_vnd, line.quantities, line.note) for line in project.lines] == [
        ("Thuê giảng viên", 600_000, (4_000,), "bốn buổi"),
        ("Thuê xe", 500_000, (10_000,), ""),
    ]


def test_what_both_changed_is_shown_side_by_side(desk: Desk, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")
    page.locator("#lines-0-unit_price_vnd").fill("700.000")
    page.locator("#place").fill("Cam Ranh")
    desk.save(
        a_draft(a_project(lines=(a_line(unit_price_vnd=600_000), a_line("Thuê xe"))), a_project_of_levels())
    )
    page.get_by_role("button", name="Lưu dự án", exact=True).click()
    row = page.locator(".conflict-table").first.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_have_text("Thuê giảng viên – Đơn giá500.000600.000700.000")
    expect(page.locator("#lines-1-item_vi")).to_have_value("Thuê xe")
    expect(page.locator("#place")).to_have_value("Cam Ranh")
    page.get_by_role("button", name="Lưu nội dung của tôi").click()
    expect(page.locator(".message-success")).to_be_visible()
    assert [line.unit_price_vnd for line in desk.draft().projects[0].lines] == [700_000, 500_000]
