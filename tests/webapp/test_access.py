"""The door: who is let in where, and what happens to the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finance.actors import Function
from finance.agencies.records import Person, Position, SignInSession
from tests.webapp.conftest import Clock, Visitor
from webapp.access import public_route, requires, safe_address


def test_an_unmarked_route_that_slipped_in_is_not_served(app: Flask) -> None:
    app.add_url_rule("/slipped-in", "slipped_in", lambda: "secret")
    answer = app.test_client().get("/slipped-in")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_marks_need_an_act_or_a_reason() -> None:
    with pytest.raises(ValueError, match="at least one"):
        requires()
    with pytest.raises(ValueError, match="reason"):
        public_route("")


def test_a_stranger_is_led_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = visitor.get("/tai-khoan?from=1")
    assert answer.status_code == 303
    assert answer.location == "/dang-nhap?next=/tai-khoan?from%3D1"
    answer = visitor.sign_in(next="/tai-khoan?from=1")
    assert answer.location == "/tai-khoan?from=1"


def test_a_stranger_s_partial_request_leads_the_whole_page_to_sign_in(visitor: Visitor) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/tai-khoan"}
    answer = visitor.get("/tai-khoan", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/dang-nhap?next=/tai-khoan"


def test_a_stranger_s_form_leads_back_to_the_page_of_the_form(visitor: Visitor) -> None:
    token = visitor.token()
    answer = visitor.client.post(
        "/gallery/save", data={"csrf_token": token}, headers={"Referer": "http://localhost/du-toan/7"}
    )
    assert answer.status_code == 303
    assert answer.location == "/dang-nhap?next=/du-toan/7"


def test_a_page_of_another_function_is_refused(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    answer = visitor.get("/gallery/administration")
    assert answer.status_code == 403
    assert "thêm người dùng" in answer.text


def test_a_page_of_one_s_own_function_opens(visitor: Visitor) -> None:
    visitor.sign_in("quan.tri")
    assert visitor.get("/gallery/administration").text == "ok"


def test_a_position_that_has_ended_opens_nothing_at_once(
    visitor: Visitor, store: Callable[[Callable[[Session], None]], None]
) -> None:
    visitor.sign_in("quan.tri")
    assert visitor.get("/gallery/administration").status_code == 200
    store(
        lambda session: session.execute(
            update(Position)
            .where(Position.function == Function.ADMINISTRATION)
            .values(valid_to=date(2012, 2, 5))
        )
    )
    assert visitor.get("/gallery/administration").status_code == 403


def test_a_locked_account_is_out_at_once(
    visitor: Visitor, store: Callable[[Callable[[Session], None]], None]
) -> None:
    visitor.sign_in("lan")
    assert visitor.get("/tai-khoan").status_code == 200
    store(lambda session: session.execute(update(Person).values(is_active=False)))
    assert visitor.get("/tai-khoan").status_code == 303


def test_an_idle_session_ends_and_a_used_one_stays(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in("lan")
    for _ in range(3):
        clock.pass_time(timedelta(minutes=90))
        assert visitor.get("/tai-khoan").status_code == 200
    clock.pass_time(timedelta(minutes=121))
    assert visitor.get("/tai-khoan").status_code == 303


def test_a_session_ends_after_a_day_s_work_however_busy(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in("lan")
    for _ in range(9):
        clock.pass_time(timedelta(minutes=80))
        assert visitor.get("/tai-khoan").status_code == 200
    clock.pass_time(timedelta(minutes=80))
    assert visitor.get("/tai-khoan").status_code == 303


def test_a_copied_cookie_is_worth_nothing_after_sign_out(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in("lan")
    cookie = visitor.client.get_cookie("phanbo")
    assert cookie is not None
    assert visitor.post("/dang-xuat", at="/tai-khoan").status_code == 303
    thief = app.test_client()
    thief.set_cookie("phanbo", cookie.value)
    assert thief.get("/tai-khoan").status_code == 303


def test_the_store_keeps_no_token_that_opens_a_session(
    app: Flask, visitor: Visitor, store: Callable[[Callable[[Session], None]], None]
) -> None:
    visitor.sign_in("lan")
    hashes: list[str] = []
    store(lambda session: hashes.extend(session.scalars(select(SignInSession.token_hash))))
    with visitor.client.session_transaction() as cookie:
        assert len(hashes) == 1
        assert cookie["_user_id"] not in hashes


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("/du-toan/7?tab=2", True),
        ("/", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("du-toan", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_this_program_are_followed(address: str | None, is_safe: bool) -> None:
    assert (safe_address(address) is not None) is is_safe
