"""The story in a real Chromium, with the program and its worker running as they do in an office.

Every page passed is photographed at 1440 and at 360 pixels into `artefacts/journey`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from finance.database import make_engine, make_session_factory
from tests.journeys.browser_desk import BrowserOffice
from tests.journeys.ending import assert_the_end
from tests.journeys.serving import ROOT, running_program
from tests.journeys.telling import tell
from tests.journeys.world import PASSWORD

pytestmark = pytest.mark.browser

ALBUM = ROOT / "artefacts" / "journey"


def test_from_two_estimates_to_two_answers(chromium: Browser, first_day_sqlite: str, tmp_path: Path) -> None:
    ALBUM.mkdir(parents=True, exist_ok=True)
    for old in ALBUM.iterdir():
        old.unlink()
    with running_program(first_day_sqlite, tmp_path) as address:
        office = BrowserOffice(chromium, address, PASSWORD, ALBUM)
        _knock(office)
        tell(office)
        assert office.complaints == {}
        office.close()
    engine = make_engine(first_day_sqlite)
    assert_the_end(make_session_factory(engine))
    engine.dispose()


def _knock(office: BrowserOffice) -> None:
    """Nobody comes in without a name and the right password."""
    desk = office.visitor()
    desk.open("/")
    expect(desk.page.locator("h1")).to_have_text("Đăng nhập")
    desk.show("dang-nhap")
    desk.send("Đăng nhập", {"login": "soanthao", "password": "không phải mật khẩu"}, status=401)
    desk.show("dang-nhap-sai")
