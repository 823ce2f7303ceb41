"""A double click, a repeated form and a reload have one effect; a page grown old says what changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from finance.actions import Action
from finance.database import SessionFactory, make_engine, make_session_factory
from tests.chromium import served
from tests.journeys import story
from tests.journeys.browser_desk import BrowserDesk
from tests.journeys.client_desk import ClientOffice
from tests.journeys.ending import acts_done
from tests.journeys.filling import SAVE
from tests.journeys.people import APPROVER, CITY, CITY_HEAD, PLANNER, open_estimate, says
from tests.journeys.world import PASSWORD, client_office

# Who presses what, with what typed, and the act it is.
OFFICE_ACTS = (
    (CITY, "Trình thủ trưởng", {}, Action.CHECK_ESTIMATE),
    (CITY_HEAD, "Ký duyệt", {}, Action.SIGN_ESTIMATE),
    (CITY_HEAD, "Gửi thẩm định", {"document_number": "143/UBND-NV"}, Action.SEND_ESTIMATE),
)
APPROVAL = {"number": story.DECISION_NUMBER, "signed_on": "20/02/2012"}


@contextmanager
def _office(url: str, folder: Path) -> Iterator[ClientOffice]:
    engine = make_engine(url)
    yield client_office(make_session_factory(engine), folder, url)
    engine.dispose()


@pytest.fixture
def typed_office(typed_sqlite: str, tmp_path: Path) -> Iterator[ClientOffice]:
    """Nha Trang has typed its estimate and nobody has checked it yet."""
    with _office(typed_sqlite, tmp_path) as office:
        yield office


@pytest.fixture
def submitted_office(submitted_sqlite: str, tmp_path: Path) -> Iterator[ClientOffice]:
    """The decision lies before the chairperson."""
    with _office(submitted_sqlite, tmp_path) as office:
        yield office


def test_the_same_form_sent_twice_is_answered_alike_and_done_once(typed_office: ClientOffice) -> None:
    for login, button, typed, action in OFFICE_ACTS:
        desk = typed_office.at(login)
        open_estimate(desk)
        address, content = desk.envelope(button, typed)
        answers = []
        for _time in range(2):
            desk.post(address, content)
            answers.append(desk.words)
        assert answers[0] == answers[1], action
        assert acts_done(typed_office.factory)[action] == 1


def test_the_same_approval_sent_twice_is_done_once(submitted_office: ClientOffice) -> None:
    desk = submitted_office.at(APPROVER)
    desk.open("/phan-bo")
    desk.follow("Xem quyết định")
    desk.follow("Xem và phê duyệt")
    address, content = desk.envelope("Phê duyệt", APPROVAL, beside="Số quyết định")
    for _time in range(2):
        desk.post(address, content)
        says(desk, f"Quyết định phân bổ số {story.DECISION_NUMBER}")
    assert acts_done(submitted_office.factory)[Action.APPROVE_ALLOCATION] == 1


def test_an_old_page_says_what_changed_and_does_nothing(typed_office: ClientOffice) -> None:
    old, other = typed_office.at(CITY), typed_office.at(CITY_HEAD)
    open_estimate(old)
    open_estimate(other)
    other.follow("Sửa", beside=story.PRINTERS.name)
    other.send(SAVE, {"lines-0-quantities-0": "2"})
    old.send("Trình thủ trưởng", status=409)
    says(old, "Nội dung đã thay đổi sau khi trang được mở", "Võ Đình Lâm")
    assert acts_done(typed_office.factory)[Action.CHECK_ESTIMATE] == 0
    # The page that says so is a new one: after reading it the person may go on.
    old.send("Trình thủ trưởng")
    assert acts_done(typed_office.factory)[Action.CHECK_ESTIMATE] == 1


def test_a_decision_given_back_meanwhile_is_not_approved(submitted_office: ClientOffice) -> None:
    chair = submitted_office.at(APPROVER)
    chair.open("/phan-bo")
    chair.follow("Xem quyết định")
    chair.follow("Xem và phê duyệt")
    late = chair.envelope("Phê duyệt", APPROVAL, beside="Số quyết định")
    chair.send("Trả lại để hoàn chỉnh", {"reason": "Nêu rõ căn cứ của mức tối thiểu."})
    chair.post(*late, status=422)
    says(chair, "Không thể “phê duyệt phân bổ” khi hồ sơ đang ở trạng thái “đang hoàn chỉnh”.")
    assert acts_done(submitted_office.factory)[Action.APPROVE_ALLOCATION] == 0
    planner = submitted_office.at(PLANNER)
    planner.open("/")
    says(planner, "Nêu rõ căn cứ của mức tối thiểu.")


@pytest.mark.browser
@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_double_clicks_and_reloads_in_a_browser(
    chromium: Browser, typed_office: ClientOffice, has_scripts: bool
) -> None:
    with served(typed_office.app) as address:
        for login in (CITY, CITY_HEAD):
            desk = _browser_desk(chromium, address, login, has_scripts=has_scripts)
            for _login, button, typed, action in (act for act in OFFICE_ACTS if act[0] == login):
                open_estimate(desk)
                desk.send_twice(button, typed)
                desk.page.reload()
                _assert_done_once(typed_office.factory, action)
            desk.page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_approves_once(
    chromium: Browser, submitted_office: ClientOffice, has_scripts: bool
) -> None:
    with served(submitted_office.app) as address:
        desk = _browser_desk(chromium, address, APPROVER, has_scripts=has_scripts)
        desk.open("/phan-bo")
        desk.follow("Xem quyết định")
        desk.follow("Xem và phê duyệt")
        desk.send_twice("Phê duyệt", APPROVAL, beside="Số quyết định")
        desk.page.reload()
        says(desk, f"Quyết định phân bổ số {story.DECISION_NUMBER}")
        _assert_done_once(submitted_office.factory, Action.APPROVE_ALLOCATION)
        desk.page.context.close()


def _browser_desk(browser: Browser, address: str, login: str, *, has_scripts: bool) -> BrowserDesk:
    desk = BrowserDesk(browser, address, _look, has_scripts=has_scripts)
    desk.sign_in(login, PASSWORD)
    return desk


def _look(_page: Page, _name: str) -> None:
    """These pages are photographed in the journey."""


def _assert_done_once(factory: SessionFactory, action: Action) -> None:
    assert acts_done(factory)[action] == 1, action
