"""A new officer's path: from the sign-in to a submitted estimate in no more than 25 actions, counted.

An action is a click, a key chord or a field filled in. The officer reads the control figure, enters a
project of two levels, five lines and two results, and submits; the head signs and sends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from finance.database import make_engine, make_session_factory
from tests.chromium import served
from tests.journeys.people import CITY, CITY_HEAD
from tests.journeys.world import PASSWORD, program_over

pytestmark = pytest.mark.browser

MOST_ACTIONS = 25
HEADS = ("TT", "Nội dung chi", "ĐVT", "Đơn giá", "Tối thiểu", "Đầy đủ", "Thành tiền", "Nguồn", "Tiểu mục")
LINES = (
    ("1", "Giảng viên", "buổi", "300.000", "20", "40", "12.000.000", "NST_TX", "6652"),
    ("2", "In tài liệu", "bộ", "40.000", "25", "50", "2.000.000", "NST_TX", "6651"),
    ("3", "Tiền ăn học viên", "người", "600.000", "25", "50", "30.000.000", "NST_TX", "6658"),
    ("4", "Thuê xe đưa đón", "ngày", "1.800.333", "1,5", "2,5", "4.500.833", "NST_TX", "6751"),
    ("5", "Văn phòng phẩm", "bộ", "20.000", "25", "50", "1.000.000", "NST_TX", "6551"),
)
ASKED = "49.500.833"
PATIENCE_MS = 20_000  # levels named in the heads take another page, and the machine may be busy


@dataclass
class Hands:
    """One person before the screen; every action is counted and written down."""

    page: Page
    done: list[str] = field(default_factory=list)

    def click(self, what: Locator, said: str) -> None:
        what.click()
        self.done.append(f"click: {said}")

    def type(self, what: Locator, text: str, said: str) -> None:
        what.fill(text)
        self.done.append(f"field: {said}")

    def choose(self, what: Locator, value: str, said: str) -> None:
        what.select_option(value)
        self.done.append(f"field: {said}")

    def press(self, chord: str, said: str) -> None:
        self.page.keyboard.press(chord)
        self.done.append(f"chord: {said}")

    def button(self, name: str) -> None:
        """Press the button of this name and agree when the page asks."""
        self.click(self.page.get_by_role("button", name=name, exact=True).first, name)

    def sign_in(self, login: str) -> None:
        self.page.goto("/")
        self.type(self.page.get_by_label("Tên đăng nhập"), login, "tên đăng nhập")
        self.type(self.page.get_by_label("Mật khẩu"), PASSWORD, "mật khẩu")
        self.press("Enter", "đăng nhập")


@pytest.fixture
def address(first_day_sqlite: str, tmp_path: Path) -> Iterator[str]:
    """The program on the first day of the round."""
    engine = make_engine(first_day_sqlite)
    with served(program_over(make_session_factory(engine), tmp_path, first_day_sqlite)) as there:
        yield there
    engine.dispose()


def someone(chromium: Browser, address: str, done: list[str]) -> Hands:
    context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    return Hands(context.new_page(), done)


def enter_a_project(officer: Hands) -> None:
    """From the sign-in to a saved project on the page of the estimate."""
    page = officer.page
    officer.sign_in(CITY)
    officer.click(page.get_by_role("link", name="Lập"), "Lập")
    officer.button("Lập dự toán")
    expect(page.locator("#money")).to_contain_text("Số kiểm tra")
    officer.click(page.get_by_role("link", name="Thêm dự án đầu tiên"), "Thêm dự án đầu tiên")
    officer.type(page.get_by_label("Tên dự án"), "Bồi dưỡng công chức phường, xã", "tên dự án")
    officer.choose(page.get_by_label("Nhiệm vụ của phụ lục"), "4a", "nhiệm vụ")
    block = "\r\n".join("\t".join(row) for row in (HEADS, *LINES)) + "\r\n"
    page.wait_for_load_state()  # a block pasted before the page's scripts are there is text like any other
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    officer.press("Control+v", "dán năm dòng chi")
    expect(page.locator("[data-grid-status]")).to_contain_text(
        "Đã dán 5 dòng từ dòng 1; 0 ô cần xem lại", timeout=PATIENCE_MS
    )
    promise(officer, 0, "CC_XA_DB", "45")
    officer.button("Thêm kết quả")
    promise(officer, 1, "BOI_DUONG", "30")
    officer.button("Lưu và về dự toán")
    expect(page.locator(".message-success")).to_contain_text(f"5 dòng chi, {ASKED} đồng")
    expect(page.locator(".project-level .level-name")).to_have_count(2)


def promise(officer: Hands, number: int, output: str, quantity: str) -> None:
    page = officer.page
    officer.choose(page.locator(f"#promises-{number}-output_code"), output, f"kết quả {number + 1}")
    box = page.locator(f"#promises-{number}-quantity_thousandths")
    expect(page.locator("#promises").get_by_text("Số lượng (")).to_have_count(number + 1, timeout=PATIENCE_MS)
    officer.type(box, quantity, f"số lượng kết quả {number + 1}")


def sign_and_send(head: Hands) -> None:
    page = head.page
    head.sign_in(CITY_HEAD)
    head.click(page.locator("main").get_by_role("link", name="Ký").first, "mở hồ sơ chờ ký")
    head.button("Ký duyệt")
    head.click(page.locator("dialog button[value=yes]"), "đồng ý ký")
    head.type(page.get_by_label("Số văn bản"), "143/UBND-NV", "số văn bản")
    head.button("Gửi thẩm định")
    expect(page.locator("main")).to_contain_text("Chờ cơ quan tài chính tiếp nhận")


def test_a_new_officer_needs_no_more_than_25_actions(chromium: Browser, address: str) -> None:
    done: list[str] = []
    officer = someone(chromium, address, done)
    enter_a_project(officer)
    officer.button("Trình thủ trưởng")
    officer.click(officer.page.locator("dialog button[value=yes]"), "đồng ý trình")
    expect(officer.page.locator("main")).to_contain_text("Chờ thủ trưởng ký duyệt")
    head = someone(chromium, address, done)
    sign_and_send(head)
    print("\n" + "\n".join(f"{number:2}. {said}" for number, said in enumerate(done, start=1)))
    assert len(done) <= MOST_ACTIONS
