"""Plan pages in a real Chromium: accessible in both lights and widths, and usable from the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from finance.actors import Actor
from finance.agencies.records import Person
from finance.database import transaction
from finance.plans.workflow import PlanStatus
from tests.chromium import served
from tests.plan_journeys import bring_plan_to
from tests.webapp.desks import PASSWORD, Desks

pytestmark = pytest.mark.browser


@pytest.fixture
def address(desks: Desks) -> Iterator[str]:
    with served(desks.app) as at:
        yield at


def signed_in(
    chromium: Browser, address: str, desks: Desks, who: Actor, **view: object
) -> tuple[Page, list[str]]:
    """A page of this person and the list in which the browser's complaints gather."""
    page = chromium.new_context(base_url=address, **view).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    with desks.factory() as session:
        login = session.get_one(Person, who.person_id).login
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    return page, complaints


@pytest.mark.parametrize(("width", "light"), [(1440, "light"), (360, "dark")])
def test_pages_are_accessible_and_fit(
    chromium: Browser, address: str, desks: Desks, width: int, light: str
) -> None:
    with transaction(desks.factory) as session:
        plan_id = bring_plan_to(session, desks.province, PlanStatus.RETURNED)
    view = {"viewport": {"width": width, "height": 900}, "color_scheme": light}
    page, complaints = signed_in(chromium, address, desks, desks.province.preparer, **view)
    page.goto(f"/ke-hoach/{plan_id}")
    page.get_by_role("button", name="Mở bản sửa").click()
    for place in ("/ke-hoach", f"/ke-hoach/{plan_id}", f"/ke-hoach/{plan_id}/hoat-dong?ma=HD01"):
        page.goto(place, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        found = Axe().run(page).response["violations"]
        assert not found, (place, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found])
    assert not complaints
    page.context.close()


def test_an_activity_is_written_and_sent_by_keyboard(chromium: Browser, address: str, desks: Desks) -> None:
    page, complaints = signed_in(chromium, address, desks, desks.province.preparer)
    page.goto("/ke-hoach")
    page.get_by_role("button", name="Lập kế hoạch").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Thêm hoạt động đầu tiên").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Hoạt động").first.focus()
    for typed in ("Bồi dưỡng công chức", "4b", "Chứng nhận", "30/06/2012", "Phòng Nội vụ"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Lưu hoạt động").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plan-activity h3")).to_have_text("1. Bồi dưỡng công chức")
    page.get_by_role("button", name="Gửi thẩm định nội dung").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Gửi 1 hoạt động")
    dialog.get_by_role("button", name="Gửi thẩm định nội dung").press("Enter")
    expect(page.locator(".page-title .tag")).to_have_text("Đã gửi thẩm định nội dung")
    assert not complaints
    page.context.close()
