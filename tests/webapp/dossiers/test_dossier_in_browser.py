"""A real Chromium over the dossiers: accessible wide and narrow, light and dark; papers come as downloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.chromium import served
from tests.paper_files import a_pdf
from tests.webapp.estimates.agency_desk import Desk

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk.app) as at:
        yield at


def _page(chromium: Browser, desk: Desk, address: str, width: int, light: str) -> tuple[Page, list[str]]:
    """The preparer's page and the list in which the browser's complaints gather."""
    visitor = desk.visitor(desk.province.preparer)
    visitor.get("/")
    cookie = visitor.client.get_cookie("phanbo")
    assert cookie is not None
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if light == "dark" else "light",
    )
    context.add_cookies([{"name": "phanbo", "value": cookie.value, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page, complaints


@pytest.mark.parametrize(("width", "light"), [(1440, "light"), (360, "dark")])
def test_the_pages_are_accessible_and_fit(
    chromium: Browser, desk: Desk, address: str, width: int, light: str
) -> None:
    page, complaints = _page(chromium, desk, address, width, light)
    for at in (f"{desk.address}/ho-so", f"{desk.address}/ho-so/du-an?ma=DA1", f"{desk.address}/con-thieu"):
        page.goto(at)
        found = Axe().run(page, options=RULES)
        assert not found.response["violations"], f"{at}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, at
    assert complaints == []
    page.context.close()


def test_a_paper_is_attached_and_comes_down_as_a_download(
    chromium: Browser, desk: Desk, address: str, tmp_path: Path
) -> None:
    page, complaints = _page(chromium, desk, address, 1440, "light")
    page.goto(f"{desk.address}/ho-so/du-an?ma=DA1")
    page.get_by_label("Vì sao không thể làm nhỏ hơn").fill("Dưới một lớp thì không mở được")
    page.get_by_role("button", name="Lưu hồ sơ").click()
    expect(page.locator("#page-messages")).to_contain_text("Đã lưu hồ sơ dự án DA1")
    file = {"name": "Báo giá.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    page.get_by_label("Chọn tệp").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Đính kèm", exact=True).click()
    expect(page.locator("#page-messages")).to_contain_text("Đã đính kèm Báo giá.pdf")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Báo giá.pdf").click()
    assert coming.value.suggested_filename == "Báo giá.pdf"
    coming.value.save_as(tmp_path / "down.pdf")
    assert (tmp_path / "down.pdf").read_bytes() == a_pdf()
    assert complaints == []
    page.context.close()
