"""The Excel pages in a browser: a file chosen, looked at, decided, taken in and undone; in every light."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.test_workbook_pages import download, edited, quick, with_price

pytestmark = pytest.mark.browser
__all__ = ["quick"]


def look_at(page: Page) -> None:
    """Nothing to complain of in both lights, and nothing wider than a phone."""
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light)
        found = Axe().run(page).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1440, "height": 900})


def choose(page: Page, desk: Desk, path: Path) -> None:
    page.goto(f"{desk.address}/bang-tinh")
    page.get_by_label("Kéo tệp .xlsx thả vào đây, hoặc chọn tệp").set_input_files(path)
    page.get_by_role("button", name="Xem trước").click()


def test_a_conflict_is_decided_taken_in_and_undone(desk: Desk, page: Page, tmp_path: Path) -> None:
    content = with_price(download(desk, desk.visitor(desk.province.preparer)), 600_000)
    theirs = a_draft(
        a_project(lines=(a_line(unit_price_vnd=700_000),)), a_project_of_levels(place="Vĩnh Lương")
    )
    desk.save(theirs)
    (tmp_path / "du-toan.xlsx").write_bytes(content)
    choose(page, desk, tmp_path / "du-toan.xlsx")
    expect(page.get_by_role("heading", name="Cả hai bên cùng sửa")).to_be_visible()
    look_at(page)
    page.get_by_role("radio", name="Trong tệp").check()
    page.get_by_role("button", name="Nhập vào dự toán").click()
    expect(page.get_by_text("Đã nhập bảng tính: thêm 0, sửa 1, xóa 0 dự án.")).to_be_visible()
    assert desk.draft().projects[0].lines[0].unit_price_vnd == 600_000
    assert desk.draft().projects[1].place == "Vĩnh Lương"
    page.goto(f"{desk.address}/bang-tinh")
    look_at(page)
    page.get_by_role("button", name="Hoàn tác lần nhập").click()
    page.locator("dialog").get_by_role("button", name="Hoàn tác lần nhập").click()
    expect(page.get_by_text("Đã hoàn tác lần nhập bảng tính")).to_be_visible()
    assert desk.draft() == theirs


def test_his_own_file_comes_back_with_notes(desk: Desk, page: Page, tmp_path: Path) -> None:
    content = download(desk, desk.visitor(desk.province.preparer))
    wrong = edited(content, {("Dòng chi", 5, 9): "1,2 tr", ("Dự án", 6, 5): "9z", ("Kết quả", 5, 5): "nhiều"})
    (tmp_path / "sai.xlsx").write_bytes(wrong)
    choose(page, desk, tmp_path / "sai.xlsx")
    expect(page.get_by_role("heading", name="Kết quả kiểm tra: sai.xlsx")).to_be_visible()
    look_at(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Tải lại tệp của tôi có ghi chú").click()
    assert started.value.suggested_filename == "sai-ghi-chu.xlsx"
