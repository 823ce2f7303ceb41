"""Signing in and out, throttling, changing the password."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from flask import Flask

from finance.agencies.rules import MAX_FAILED_TRIES
from tests.webapp.conftest import PASSWORD, Clock, Visitor

NEW_PASSWORD = "một câu dễ nhớ hơn"


def test_the_right_name_and_password_open_the_door(visitor: Visitor) -> None:
    answer = visitor.sign_in("lan")
    assert answer.status_code == 303
    assert answer.location == "/"
    page = visitor.get("/tai-khoan").text
    assert "Nguyễn Thị Lan" in page
    assert "Sở A" in page


def test_name_and_password_may_come_decomposed_and_in_capitals(visitor: Visitor) -> None:
    answer = visitor.sign_in(" LAN ", unicodedata.normalize("NFD", PASSWORD))
    assert answer.status_code == 303


def test_unknown_name_and_wrong_password_are_answered_alike(visitor: Visitor) -> None:
    unknown = visitor.sign_in("khong.co", "x" * 12)
    wrong = visitor.sign_in("lan", "x" * 12)
    assert unknown.status_code == wrong.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in unknown.text
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong.text
    assert "x" * 12 not in wrong.text


def test_guessing_is_slowed_down_for_known_and_unknown_names_alike(visitor: Visitor, clock: Clock) -> None:
    for login in ("lan", "khong.co"):
        for _ in range(MAX_FAILED_TRIES):
            assert "không đúng" in visitor.sign_in(login, "x" * 12).text
            clock.pass_time(timedelta(seconds=1))
        assert "quá nhiều lần" in visitor.sign_in(login, "x" * 12).text


def test_even_the_right_password_waits_and_trying_does_not_lengthen_the_wait(
    visitor: Visitor, clock: Clock
) -> None:
    for _ in range(MAX_FAILED_TRIES):
        visitor.sign_in("lan", "x" * 12)
    assert visitor.sign_in("lan").status_code == 401
    for _ in range(7):
        clock.pass_time(timedelta(seconds=2))
        assert visitor.sign_in("lan", "x" * 12).status_code == 401
    clock.pass_time(timedelta(seconds=2))
    assert visitor.sign_in("lan").status_code == 303


def test_empty_fields_are_told_beside_the_field(visitor: Visitor) -> None:
    answer = visitor.sign_in("", "")
    assert answer.status_code == 422
    assert 'id="login-error"' in answer.text
    assert 'href="#password"' in answer.text


def test_after_sign_in_nobody_is_led_to_another_site(visitor: Visitor) -> None:
    assert visitor.sign_in("lan", next="//evil.example/x").location == "/"


def test_the_cookie_of_before_is_not_the_session_of_after(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "yes"
        cookie["_user_id"] = "chosen by a stranger"
    visitor.sign_in("lan")
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "chosen by a stranger"


def test_sign_out_closes_the_door(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    answer = visitor.post("/dang-xuat", at="/tai-khoan")
    assert answer.location == "/dang-nhap"
    assert visitor.get("/tai-khoan").status_code == 303
    assert "Đã đăng xuất." in visitor.get("/dang-nhap").text


def test_a_changed_password_ends_every_session(app: Flask, visitor: Visitor) -> None:
    elsewhere = Visitor(app.test_client())
    for browser in (visitor, elsewhere):
        browser.sign_in("lan")
    answer = _change(visitor, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    assert answer.location == "/dang-nhap"
    for browser in (visitor, elsewhere):
        assert browser.get("/tai-khoan").status_code == 303
    assert visitor.sign_in("lan").status_code == 401
    assert visitor.sign_in("lan", NEW_PASSWORD).status_code == 303


def test_a_password_is_not_changed_on_a_slip(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    for old, new, again, words in (
        ("sai mật khẩu", NEW_PASSWORD, NEW_PASSWORD, "Mật khẩu hiện tại không đúng."),
        (PASSWORD, NEW_PASSWORD, "khác", "Hai lần nhập mật khẩu mới không giống nhau."),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 12 ký tự"),
    ):
        answer = _change(visitor, old, new, again)
        assert answer.status_code == 422
        assert words in answer.text
    assert visitor.get("/tai-khoan").status_code == 200


def _change(visitor: Visitor, old: str, new: str, again: str):  # type: ignore[no-untyped-def]
    return visitor.post(
        "/tai-khoan/mat-khau", at="/tai-khoan", old_password=old, new_password=new, repeated_password=again
    )
