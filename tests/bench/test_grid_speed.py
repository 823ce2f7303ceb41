"""What the cost grid costs in a browser: a pasted block and a key, until the total stands."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from finance.database import make_engine, make_session_factory
from finance.money import format_vnd
from tests.builders import a_draft, a_line, a_project
from tests.chromium import served
from tests.webapp.estimates.agency_desk import Desk, a_desk, prepare_estimate
from tests.webapp.estimates.clipboard import paste

pytestmark = [pytest.mark.bench, pytest.mark.browser]

LINES = 500
KEYS = "123456789012"
MOST_KEY_MILLISECONDS = 50  # the goal: nobody sees the total lag behind
MOST_PASTE_MILLISECONDS = {200: 1_500, 1_000: 6_000}

# From the key to the frame in which the total stands, as the browser itself counts.
_WATCH_KEYS = """() => {
  window.keyTimes = [];
  document.addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.keyTimes.push(performance.now() - began), 0));
  }, true);
}"""
_WATCH_PASTE = """() => {
  document.addEventListener("paste", () => {
    const began = performance.now();
    requestAnimationFrame(() => setTimeout(() => { window.pasteTime = performance.now() - began; }, 0));
  }, true);
}"""


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """An estimate with one project of five hundred lines."""
    engine = make_engine(sqlite_url)
    lines = tuple(a_line(f"Tập huấn nghiệp vụ lần {n}", unit_price_vnd=100_000 + n) for n in range(LINES))
    factory = make_session_factory(engine)
    yield a_desk(factory, tmp_path, prepare_estimate(factory, a_draft(a_project(lines=lines))))
    engine.dispose()


@pytest.fixture
def page(chromium: Browser, desk: Desk) -> Iterator[Page]:
    """The preparer's browser."""
    with served(desk.app) as address:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        cookie = desk.visitor(desk.province.preparer).client.get_cookie("phanbo")
        assert cookie is not None
        context.add_cookies([{"name": "phanbo", "value": cookie.value, "url": address}])
        opened = context.new_page()
        opened.on("dialog", lambda dialog: dialog.accept())
        yield opened
        context.close()


def test_a_key_reaches_the_total_at_five_hundred_lines(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.address}/du-an?ma=DA1", wait_until="networkidle")
    price = page.locator(f"#lines-{LINES - 5}-unit_price_vnd")
    price.fill("")
    page.evaluate(_WATCH_KEYS)
    for key in KEYS:
        page.keyboard.press(key)
        page.wait_for_timeout(80)
    times: list[float] = page.evaluate("window.keyTimes")
    middle = statistics.median(times)
    print(
        f"\n{'a key to the total, 500 lines':<52} {min(times):9.2f} {middle:9.2f} {max(times):9.2f} ms",
        end="",
    )
    assert middle <= MOST_KEY_MILLISECONDS


@pytest.mark.parametrize("rows", MOST_PASTE_MILLISECONDS)
def test_a_pasted_block_stands_within_seconds(desk: Desk, page: Page, rows: int) -> None:
    page.goto(f"{desk.address}/du-an", wait_until="networkidle")
    page.evaluate(_WATCH_PASTE)
    block = "".join(f"Việc {n}\tlần\t{format_vnd(1_000 + n)}\t1\t2\r\n" for n in range(rows))
    paste(page, "#lines-0-item_vi", block)
    total = format_vnd(sum(2 * (1_000 + n) for n in range(rows)))
    expect(page.locator(".save-bar [data-total='0']")).to_have_text(total, timeout=60_000)
    taken: float = page.evaluate("window.pasteTime")
    print(f"\n{f'a block of {rows} rows pasted':<52} {taken:29.2f} ms", end="")
    assert taken <= MOST_PASTE_MILLISECONDS[rows]
