"""A real Chromium looks at the gallery and the account pages: wide and narrow, light and dark, printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.chromium import served
from tests.webapp.conftest import PASSWORD, Clock

pytestmark = pytest.mark.browser

ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "gallery"
ADDRESSES = ("/gallery", "/tai-khoan", "/tai-khoan/mat-khau", "/khong-co")


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


def _open(browser: Browser, address: str, width: int, light: str) -> tuple[Page, list[str]]:
    """A signed-in page and the list in which the browser's complaints gather."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if light == "dark" else "light",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:")) else complaints.append(request.url)
        ),
    )
    page.goto("/dang-nhap?next=/tai-khoan")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
    return page, complaints


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_are_accessible_fit_and_fetch_nothing_from_outside(
    browser: Browser, address: str, width: int, light: str
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page, complaints = _open(browser, address, width, light)
    for place in ADDRESSES:
        page.goto(place, wait_until="networkidle")
        name = place.strip("/").replace("/", "-")
        page.screenshot(path=ARTEFACTS / f"{name}-{light}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert page.locator("html").get_attribute("data-bs-theme") == light
        found = Axe().run(page).response["violations"]
        assert not found, (
            f"{place}: {[(one['id'], [node['html'] for node in one['nodes']]) for one in found]}"
        )
    assert not complaints
    page.context.close()


def test_the_parts_do_what_they_promise(browser: Browser, address: str) -> None:
    page, complaints = _open(browser, address, 1440, "light")
    page.goto("/gallery")
    _finding_jumps_to_its_field(page)
    _table_is_searched_without_marks_and_sorted(page)
    _act_is_asked_first_and_can_be_dropped(page)
    _light_is_switched_and_stays(page)
    _typing_is_kept(page)
    assert not complaints
    page.context.close()


def test_a_part_is_renewed_and_prepared_like_a_page(browser: Browser, address: str) -> None:
    page, complaints = _open(browser, address, 1440, "light")
    page.goto("/gallery")
    # Without the field the header alone must carry the token.
    page.locator("[data-partial-form] [name=csrf_token]").evaluate("field => field.remove()")
    page.get_by_role("button", name="Lưu một phần").click()
    expect(page.locator("#swapped #new td")).to_have_attribute("data-label", "Ghi chú")
    expect(page.locator("#new").get_by_role("button", name="Tên")).to_be_visible()
    assert not complaints
    page.context.close()


def test_a_refused_part_leaves_what_was_typed_and_speaks_at_the_top(browser: Browser, address: str) -> None:
    page, complaints = _open(browser, address, 1440, "light")
    page.goto("/gallery?word=stale")
    page.get_by_label("Lý do").fill("Đang gõ dở")
    page.get_by_role("button", name="Lưu một phần").click()
    expect(page.locator("#page-messages")).to_contain_text("Dòng 3: đơn giá 1.000 → 2.000")
    expect(page.get_by_label("Lý do")).to_have_value("Đang gõ dở")
    expect(page.get_by_role("button", name="Lưu một phần")).to_be_visible()
    assert not complaints
    page.context.close()


def test_a_part_asked_for_after_the_session_ended_leads_to_sign_in(
    browser: Browser, address: str, clock: Clock
) -> None:
    page, _complaints = _open(browser, address, 1440, "light")
    page.goto("/gallery")
    clock.pass_time(timedelta(hours=3))
    page.get_by_role("button", name="Lưu một phần").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(f"{address}/gallery")
    page.context.close()


def test_a_narrow_table_becomes_labelled_cards(browser: Browser, address: str) -> None:
    page, _complaints = _open(browser, address, 360, "light")
    page.goto("/gallery")
    cell = page.locator("#lines tbody tr").first.locator("td.money").first
    expect(cell).to_have_attribute("data-label", "Đơn giá")
    expect(cell).to_have_css("display", "flex")
    page.context.close()


def test_paper_is_light_and_without_buttons(browser: Browser, address: str) -> None:
    page, _complaints = _open(browser, address, 1440, "dark")
    page.goto("/gallery")
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator(".data-table thead").first).to_have_css("display", "table-header-group")
    expect(page.get_by_role("button", name="Gửi thẩm định")).to_be_hidden()
    expect(page.get_by_text("Dữ liệu minh họa").first).to_be_visible()
    page.pdf(path=ARTEFACTS / "gallery.pdf", prefer_css_page_size=True)
    page.context.close()


def _finding_jumps_to_its_field(page: Page) -> None:
    page.get_by_role("link", name="viết kiểu Anh").click()
    expect(page.locator("#price")).to_be_focused()


def _table_is_searched_without_marks_and_sorted(page: Page) -> None:
    rows = page.locator("#lines tbody tr:visible")
    page.get_by_label("Tìm trong bảng").fill("dat dai")
    expect(rows).to_have_count(1)
    expect(page.locator("[data-table-count]")).to_have_text("1/4 dòng")
    page.get_by_label("Tìm trong bảng").fill("")
    page.get_by_role("button", name="Loại chi").click()
    first = page.locator("#lines tbody tr td:nth-child(2)")
    expect(first).to_have_text(["Ấn phẩm", "Đường truyền", "Khảo sát, điều tra", "Tập huấn, bồi dưỡng"])
    page.get_by_role("button", name="Đề nghị (đồng)").click()
    expect(page.locator("#lines tbody tr td:nth-child(6)").first).to_have_text("15.425.000")


def _act_is_asked_first_and_can_be_dropped(page: Page) -> None:
    page.get_by_role("button", name="Gửi thẩm định").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("còn lại trong số kiểm tra 80.000.000 đồng")
    dialog.get_by_role("button", name="Thôi").click()
    expect(dialog).to_have_count(0)
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Lưu bản nháp")
    page.keyboard.press("Escape")


def _light_is_switched_and_stays(page: Page) -> None:
    page.locator(".head-theme").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def _typing_is_kept(page: Page) -> None:
    page.get_by_label("Lý do").fill("Chưa kịp gửi")
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Lý do")).to_have_value("Chưa kịp gửi")
