"""Everything by keyboard: moving, copying, adding, moving rows, and every act one step back and forward."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.clipboard import paste

pytestmark = pytest.mark.browser

TOTAL = ".save-bar [data-total='0']"


@pytest.fixture
def three_lines(desk: Desk, page: Page) -> Page:
    """A project of three lines: 1, 2 and 3 million."""
    lines = tuple(
        a_line(f"Việc {n}", unit_price_vnd=1_000_000 * n, quantities=(1_000,), frequency_thousandths=1_000)
        for n in (1, 2, 3)
    )
    desk.save(a_draft(a_project(lines=lines), a_project_of_levels()))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/du-an?ma=DA1")
    return page


def items(page: Page) -> list[str]:
    """What stands in the rows, from the first to the last filled one."""
    boxes = page.locator("tbody .c-item input")
    return [text for text in boxes.evaluate_all("boxes => boxes.map((box) => box.value)") if text]


def focused(page: Page) -> str:
    """Name of the box in which the cursor stands."""
    return str(page.evaluate("document.activeElement.name"))


def test_the_cursor_goes_where_a_spreadsheet_takes_it(three_lines: Page) -> None:
    page = three_lines
    page.locator("#lines-0-unit_price_vnd").focus()
    for key, wanted in (
        ("Enter", "lines-1-unit_price_vnd"),
        ("Shift+Enter", "lines-0-unit_price_vnd"),
        ("ArrowDown", "lines-1-unit_price_vnd"),
        ("ArrowDown", "lines-2-unit_price_vnd"),
        ("ArrowUp", "lines-1-unit_price_vnd"),
        ("ArrowRight", "lines-1-frequency_thousandths"),
        ("ArrowLeft", "lines-1-unit_price_vnd"),
        ("Tab", "lines-1-frequency_thousandths"),
        ("Shift+Tab", "lines-1-unit_price_vnd"),
    ):
        page.keyboard.press(key)
        assert focused(page) == wanted, key
    outline = page.locator(":focus").evaluate("box => getComputedStyle(box).outlineStyle")
    assert outline == "solid", "where the cursor stands is seen"


def test_rows_are_made_copied_moved_and_taken_away_by_keys(desk: Desk, three_lines: Page) -> None:
    page = three_lines
    page.locator("#lines-0-item_vi").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert items(page) == ["Việc 2", "Việc 1", "Việc 3"]
    assert focused(page) == "lines-0-item_vi", "the cursor goes with its row"
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Việc mới")
    page.keyboard.press("Control+Shift+D")
    assert items(page) == ["Việc 2", "Việc 1", "Việc mới", "Việc mới", "Việc 3"]
    page.keyboard.press("Alt+Delete")
    page.keyboard.press("Alt+ArrowUp")
    assert items(page) == ["Việc 2", "Việc 1", "Việc 3", "Việc mới"]
    expect(page.locator("[data-grid-status]")).to_have_text("Đã chuyển thành dòng 3.")
    page.keyboard.press("Control+s")
    expect(page.locator(".message-success")).to_contain_text("4 dòng chi, 6.000.000 đồng")
    stored = [line.item_vi for line in desk.draft().projects[0].lines]
    assert stored == ["Việc 2", "Việc 1", "Việc 3", "Việc mới"], "rows are stored in the order seen"


def test_every_act_is_one_step_back_and_one_forward(three_lines: Page) -> None:
    page = three_lines
    total = page.locator(TOTAL)
    price = page.locator("#lines-0-unit_price_vnd")
    price.focus()
    price.fill("5.000.000")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")
    expect(total).to_have_text("13.000.000")
    paste(page, "#lines-2-item_vi", "".join(f"Dán {n}\tlần\t1.000\t1\t1\r\n" for n in range(40)))
    expect(total).to_have_text("10.040.000")
    page.keyboard.press("Alt+Delete")
    expect(total).to_have_text("10.039.000")
    for wanted in ("10.040.000", "13.000.000", "10.000.000", "6.000.000"):
        page.keyboard.press("Control+z")
        expect(total).to_have_text(wanted)
    assert items(page) == ["Việc 1", "Việc 2", "Việc 3"]
    page.keyboard.press("Control+z")
    expect(total).to_have_text("6.000.000")
    for wanted in ("10.000.000", "13.000.000", "10.040.000", "10.039.000"):
        page.keyboard.press("Control+y")
        expect(total).to_have_text(wanted)
    assert len(items(page)) == 41


def test_a_row_is_dragged_to_its_place(three_lines: Page) -> None:
    page = three_lines
    page.locator("#line-2").hover()
    page.locator("#line-2").drag_to(page.locator("#line-0"))
    assert items(page) == ["Việc 3", "Việc 1", "Việc 2"]
    page.get_by_role("button", name="Hoàn tác").click()
    assert items(page) == ["Việc 1", "Việc 2", "Việc 3"]


def test_the_keys_are_told_and_columns_are_chosen(three_lines: Page) -> None:
    page = three_lines
    page.get_by_role("button", name="Phím tắt").click()
    expect(page.locator("dialog")).to_contain_text("Alt + ↑ / Alt + ↓")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_contain_text("Chép ô phía trên")
    page.keyboard.press("Escape")
    expect(page.locator("#col-note")).to_be_hidden()
    page.get_by_text("Cột hiển thị").click()
    page.get_by_role("checkbox", name="Ghi chú").check()
    expect(page.locator("#col-note")).to_be_visible()
    page.reload()
    expect(page.locator("#col-note")).to_be_visible()
