"""CSRF, idempotency key and seen version of mutating forms."""

from __future__ import annotations

import re

import pytest

from tests.webapp.conftest import Visitor

KEY = "2d1b6751-24f6-479c-bcbf-326cffcb6646"
GUARD = {"idempotency_key": KEY, "seen_version": "3"}


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    visitor.sign_in("lan")
    return visitor


@pytest.mark.parametrize("address", ["/dang-nhap", "/dang-xuat", "/tai-khoan/mat-khau", "/gallery/save"])
@pytest.mark.parametrize("token", [None, "", "forged"])
def test_every_form_without_the_right_token_is_refused(
    inside: Visitor, address: str, token: str | None
) -> None:
    fields = {"login": "lan", **GUARD} | ({} if token is None else {"csrf_token": token})
    answer = inside.client.post(address, data=fields)
    assert answer.status_code == 400
    assert "Trang đã quá cũ" in answer.text


def test_a_token_of_another_visitor_is_refused(app: object, inside: Visitor) -> None:
    stranger = Visitor(inside.client.application.test_client())
    answer = inside.client.post("/gallery/save", data={"csrf_token": stranger.token(), **GUARD})
    assert answer.status_code == 400


def test_the_header_serves_as_well_as_the_field(inside: Visitor) -> None:
    token = inside.token("/tai-khoan")
    answer = inside.client.post("/gallery/save", data=GUARD, headers={"X-CSRFToken": token})
    assert answer.text == f"<p>Nguyễn Thị Lan {KEY} 3</p>"


def test_the_token_of_a_page_opened_before_sign_in_no_longer_serves(visitor: Visitor) -> None:
    before = visitor.token()
    visitor.sign_in("lan")
    assert visitor.client.post("/gallery/save", data={"csrf_token": before, **GUARD}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"idempotency_key": ""},
        {"idempotency_key": "x" * 36},
        {"idempotency_key": KEY.upper()},
        {"seen_version": ""},
        {"seen_version": "-1"},
        {"seen_version": "1 OR 1"},
        {"seen_version": "٣"},
    ],
)
def test_a_form_with_a_misshapen_guard_is_refused(inside: Visitor, wrong: dict[str, str]) -> None:
    assert inside.post("/gallery/save", at="/tai-khoan", **(GUARD | wrong)).status_code == 400


def test_every_form_of_a_page_has_its_own_fresh_key(visitor: Visitor) -> None:
    keys = [
        key
        for _ in range(2)
        for key in re.findall(r'name="idempotency_key" value="([^"]+)"', visitor.get("/gallery").text)
    ]
    assert len(keys) == 6
    assert len(set(keys)) == 6


def test_reading_pages_changes_nothing(inside: Visitor) -> None:
    for address in ("/gallery/save", "/dang-xuat"):
        assert inside.get(address).status_code == 405
    assert inside.get("/tai-khoan").status_code == 200
