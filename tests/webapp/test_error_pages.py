"""Refusals and mishaps: the right status, Vietnamese words, nothing of the inside."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask

from tests.webapp.conftest import Visitor

GUARD = {"idempotency_key": "2d1b6751-24f6-479c-bcbf-326cffcb6646", "seen_version": "1"}


def test_a_conflict_shows_what_changed(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    answer = visitor.post("/gallery/save", at="/tai-khoan", word="stale", **GUARD)
    assert answer.status_code == 409
    assert "Dòng 3: đơn giá 1.000 → 2.000" in answer.text
    assert "<h1>Hồ sơ đã có bản mới hơn</h1>" in answer.text


def test_a_partial_request_is_refused_by_a_message_at_the_top(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    answer = visitor.client.post(
        "/gallery/save",
        data={"csrf_token": visitor.token("/tai-khoan"), "word": "stale", **GUARD},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#page-messages"
    assert "<html" not in answer.text
    assert "Dòng 3: đơn giá 1.000 → 2.000" in answer.text


def test_a_mishap_has_a_number_and_no_inside(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "phanbo.web"):
        answer = visitor.get("/gallery/broken")
    assert answer.status_code == 500
    assert "secret inside" not in answer.text
    number = re.search(r">([0-9A-F]{8})</strong>", answer.text)
    assert number
    assert f"incident {number[1]}" in caplog.text


def test_a_mishap_is_told_even_when_no_page_can_be_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_store(*_anything: object) -> None:
        raise OSError("the store is away")

    monkeypatch.setattr("webapp.page_frame.page_frame", no_store)
    answer = app.test_client().get("/gallery/broken")
    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert "Hệ thống gặp sự cố" in answer.text
    assert "the store is away" not in answer.text


def test_an_unknown_address_is_told_in_vietnamese(visitor: Visitor) -> None:
    answer = visitor.get("/khong-co")
    assert answer.status_code == 404
    assert "<h1>Không có trang này</h1>" in answer.text


@pytest.mark.parametrize("address", ["/du-toan/{}", "/du-toan?dot={}", "/phan-bo?round_id={}"])
def test_a_number_no_store_can_hold_names_nothing(visitor: Visitor, address: str) -> None:
    visitor.sign_in("lan")
    assert visitor.get(address.format(2**63)).status_code == 404


def test_a_wrong_method_says_which_are_right(visitor: Visitor) -> None:
    answer = visitor.client.post("/gallery", data={"csrf_token": visitor.token()})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_large_a_request_is_refused(visitor: Visitor) -> None:
    visitor.sign_in("lan")
    answer = visitor.client.post(
        "/gallery/save",
        data={"x": "y" * (10 * 1024 * 1024 + 1)},
        headers={"X-CSRFToken": visitor.token("/tai-khoan")},
    )
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.text
