"""Offices, persons, seats and the clock: for the administrator alone, once each, never undone by deleting."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from finance.actors import Function
from finance.agencies.passwords import is_right_password
from finance.agencies.queries import actor_for, find_agency_by_code, list_functions, positions_of
from finance.agencies.records import Person
from finance.database import transaction
from finance.receipts import Receipt
from finance.rounds.queries import get_round
from finance.rounds.records import BudgetRound
from tests.builders import a_moment
from tests.webapp.desks import Browser, Desks
from webapp.administration.forms import PersonForm
from webapp.form_answers import typed_content

PAGES = (
    "/quan-tri",
    "/quan-tri/co-quan/1",
    "/quan-tri/co-quan/dang-ky",
    "/quan-tri/nguoi-dung",
    "/quan-tri/nguoi-dung/1",
    "/quan-tri/nguoi-dung/them",
    "/quan-tri/ngay-lam-viec",
)
SEATS = ("preparer", "head", "content_appraiser", "estimate_appraiser", "planner", "approver", "inspector")
NEW_PERSON = {"full_name": "Hồ Thị Ánh", "login": "Ho.Anh", "password": "một câu dài dễ nhớ"}


@pytest.fixture
def browser(desks: Desks) -> Browser:
    return desks.at(desks.province.administrator)


def person_of(desks: Desks, login: str) -> Person | None:
    with desks.factory() as session:
        return session.scalar(select(Person).where(Person.login == login))


@pytest.mark.parametrize("seat", SEATS)
def test_nobody_else_comes_in(desks: Desks, seat: str) -> None:
    browser = desks.at(getattr(desks.province, seat))
    for page in PAGES:
        browser.open(page, status=403)
    assert "/quan-tri" not in browser.open("/tai-khoan")


def test_the_administrator_opens_every_page(browser: Browser) -> None:
    for page in PAGES:
        browser.open(page)


def test_an_office_is_registered_and_gets_a_function(desks: Desks, browser: Browser) -> None:
    new = {
        "name_vi": "Sở Tư pháp",
        "short_vi": "Sở Tư pháp",
        "code": "STP",
        "source": "Quyết định thử nghiệm",
    }
    answer = browser.send("/quan-tri/co-quan/dang-ky", **new)
    assert answer.status_code == 303
    with desks.factory() as session:
        agency = find_agency_by_code(session, "STP")
    assert agency is not None
    page = f"/quan-tri/co-quan/{agency.id}"
    given = {"function": "IT_OPINION", "valid_from": "01/03/2012", "source": "QĐ 12"}
    assert browser.send(page, **given).status_code == 303
    with desks.factory() as session:
        (held,) = list_functions(session, agency.id)
    assert (held.function, held.valid_from) == (Function.IT_OPINION, date(2012, 3, 1))
    again = browser.send("/quan-tri/co-quan/dang-ky", **new)
    assert again.status_code == 422
    assert "đã được dùng" in again.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name_vi": " "}, "Mời điền ô này"),
        ({"budget_code": "12A4567"}, "bảy chữ số"),
        ({"valid_from": "29/02/2011"}, "Không có ngày"),
        ({"code": "x" * 41}, "Nhiều nhất 40 ký tự"),
    ],
)
def test_an_office_with_a_mistake_is_asked_again(browser: Browser, typed: dict[str, str], said: str) -> None:
    right = {"name_vi": "Sở X", "short_vi": "Sở X", "code": "SX", "source": "QĐ"}
    answer = browser.send("/quan-tri/co-quan/dang-ky", **(right | typed))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_person_is_added_once(desks: Desks, browser: Browser) -> None:
    form = browser.form("/quan-tri/nguoi-dung/them")
    answers = [browser.post(form, **NEW_PERSON) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    person = person_of(desks, "ho.anh")
    assert person is not None
    assert is_right_password(person.password_hash, NEW_PERSON["password"])
    with desks.factory() as session:
        receipts = session.scalars(select(Receipt).where(Receipt.operation == "add_person")).all()
        assert len(receipts) == 1
        assert session.scalar(select(func.count()).where(Person.login == "ho.anh")) == 1


def test_no_password_goes_into_a_receipt(desks: Desks) -> None:
    with desks.app.test_request_context(method="POST", data=NEW_PERSON):
        content = typed_content(PersonForm())
    assert content == {"full_name": "Hồ Thị Ánh", "login": "Ho.Anh"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "ngắn"}, "từ 12 đến 128 ký tự"),
        ({"login": "tran.van.hoa"}, "đã được dùng"),
        ({"full_name": ""}, "Mời điền ô này"),
    ],
)
def test_a_person_with_a_mistake_is_asked_again(browser: Browser, typed: dict[str, str], said: str) -> None:
    answer = browser.send("/quan-tri/nguoi-dung/them", **(NEW_PERSON | typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert NEW_PERSON["password"] not in answer.text


def test_a_seat_is_given_and_ended(desks: Desks, browser: Browser) -> None:
    person_id = desks.province.preparer.person_id
    page = f"/quan-tri/nguoi-dung/{person_id}"
    seat = {
        "agency_id": str(desks.province.agencies["SNV"]),
        "function": "CONTENT_APPRAISAL",
        "capacity": "OFFICER",
        "title_vi": "Chuyên viên",
        "valid_from": "15/02/2012",
    }
    assert browser.send(page, f"{page}/vi-tri", **seat).status_code == 303
    with desks.factory() as session:
        assert actor_for(session, person_id, a_moment()).sits_in(Function.CONTENT_APPRAISAL)
        position_id = positions_of(session, person_id)[0].id
    end = f"{page}/vi-tri/{position_id}/thoi"
    refused = browser.send(page, end, last_day="01/01/2012")
    assert refused.status_code == 422
    assert "không được trước ngày bắt đầu" in refused.text
    assert browser.send(page, end, last_day="20/02/2012").status_code == 303
    with desks.factory() as session:
        assert actor_for(session, person_id, a_moment()).sits_in(Function.CONTENT_APPRAISAL)
        after = a_moment(date(2012, 2, 21))
        assert not actor_for(session, person_id, after).sits_in(Function.CONTENT_APPRAISAL)


def test_a_seat_that_ends_before_it_begins_is_refused(desks: Desks, browser: Browser) -> None:
    page = f"/quan-tri/nguoi-dung/{desks.province.preparer.person_id}"
    seat = {
        "agency_id": str(desks.province.agencies["SNV"]),
        "title_vi": "Chuyên viên",
        "valid_from": "15/02/2012",
        "valid_to": "14/02/2012",
    }
    answer = browser.send(page, f"{page}/vi-tri", **seat)
    assert answer.status_code == 422
    assert "Ngày cuối không được trước ngày đầu" in answer.text
    unchosen = browser.send(page, f"{page}/vi-tri", **(seat | {"agency_id": "", "valid_to": ""}))
    assert unchosen.status_code == 422
    assert "Mời chọn một dòng" in unchosen.text


def test_a_locked_person_is_out_at_once(desks: Desks, browser: Browser) -> None:
    inside = desks.at(desks.province.preparer)
    page = f"/quan-tri/nguoi-dung/{desks.province.preparer.person_id}"
    assert browser.send(page, f"{page}/khoa", reason="").status_code == 422
    inside.open("/tai-khoan")
    assert browser.send(page, f"{page}/khoa", reason="Chuyển công tác").status_code == 303
    inside.open("/tai-khoan", status=303)
    person = person_of(desks, "nguyen.thi.lan")
    assert person is not None
    assert not person.is_active
    assert "Đã khóa" in browser.open(page)


def test_nobody_locks_himself_out(desks: Desks, browser: Browser) -> None:
    page = browser.open(f"/quan-tri/nguoi-dung/{desks.province.administrator.person_id}")
    assert "Khóa tài khoản" not in page


def test_the_clock_moves_and_everybody_goes_by_it(desks: Desks, browser: Browser) -> None:
    assert browser.send("/quan-tri/ngay-lam-viec", business_on="03/03/2012").status_code == 303
    page = desks.at(desks.province.preparer).open("/tai-khoan")
    assert "Ngày làm việc:" in page
    assert "03/03/2012" in page
    with desks.factory() as session:
        assert get_round(session, desks.province.round_id).business_on == date(2012, 3, 3)


def test_a_stale_clock_form_comes_back(desks: Desks, browser: Browser) -> None:
    form = browser.form("/quan-tri/ngay-lam-viec")
    assert browser.send("/quan-tri/ngay-lam-viec", business_on="03/03/2012").status_code == 303
    answer = browser.post(form, business_on="04/04/2012")
    assert answer.status_code == 409
    assert 'value="04/04/2012"' in answer.text
    assert "đặt ngày làm việc minh họa" in answer.text


@pytest.mark.parametrize("typed", ["hôm nay", "", "2012/03/03"])
def test_a_day_that_cannot_be_read_moves_nothing(desks: Desks, browser: Browser, typed: str) -> None:
    assert browser.send("/quan-tri/ngay-lam-viec", business_on=typed).status_code == 422
    with desks.factory() as session:
        assert get_round(session, desks.province.round_id).business_on == date(2012, 2, 15)


def test_real_work_has_no_clock_to_move(desks: Desks, browser: Browser) -> None:
    with transaction(desks.factory) as session:
        record = session.get_one(BudgetRound, desks.province.round_id)
        record.is_demonstration, record.business_on = False, None
    page = browser.open("/quan-tri/ngay-lam-viec")
    assert "theo ngày thật" in page


def test_a_day_off_is_written_and_a_needless_one_refused(desks: Desks) -> None:
    administrator = desks.at(desks.province.administrator)
    page, typed = "/quan-tri/ngay-nghi", {"name_vi": "Nghỉ bão", "legal_reference": "Công điện 3"}
    assert "Chưa ghi ngày nào" in administrator.open(page)
    assert administrator.send(page, day="16/02/2012", kind="OFF", **typed).status_code == 303
    assert "Nghỉ bão" in administrator.open(page)
    answer = administrator.send(page, day="18/02/2012", kind="OFF", **typed)
    assert answer.status_code == 422
    assert "đã là ngày nghỉ hằng tuần" in answer.text
