"""Every answer carries the headers; static files alone may be kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

import webapp
from tests.webapp.conftest import Visitor
from webapp.config import Settings

ADDRESSES = ("/dang-nhap", "/khong-co", "/tai-khoan", "/gallery", "/gallery/broken")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_headers(visitor: Visitor, address: str) -> None:
    headers = visitor.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_nonce_of_the_header_is_the_nonce_of_the_page_and_new_each_time(visitor: Visitor) -> None:
    answers = [visitor.get("/dang-nhap") for _ in range(2)]
    nonces = []
    for answer in answers:
        found = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert found
        assert set(re.findall(r'nonce="([^"]+)"', answer.text)) == {found[1]}
        nonces.append(found[1])
    assert nonces[0] != nonces[1]


def test_pages_have_no_inline_code(visitor: Visitor) -> None:
    visitor.sign_in()
    for address in ("/dang-nhap", "/gallery", "/tai-khoan", "/tai-khoan/mat-khau", "/khong-co"):
        page = visitor.get(address).text
        assert not re.search(r"\son\w+=", page), address
        assert not re.search(r"\sstyle=", page), address
        assert "<style" not in page, address
        assert not re.search(r"<script(?![^>]*(\ssrc=|type=.application/json.))[^>]*>", page), address
        assert not re.search(r'(src|href)="(https?:)?//', page), address


def test_cookies_are_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.get("/dang-nhap").headers["Set-Cookie"]
    assert cookie.startswith("phanbo=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_tls_the_cookie_is_bound_to_the_host(app: Flask, settings: Settings) -> None:
    secure = webapp.create_app(replace(settings, is_https=True), app.extensions["phanbo"])
    answer = secure.test_client().get("/dang-nhap", base_url="https://phanbo.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-phanbo=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_static_files_are_kept_for_ever_under_their_hash_only(visitor: Visitor) -> None:
    address = re.search(r'href="(/static/([0-9a-f]{16})/css/tokens\.css)"', visitor.get("/dang-nhap").text)
    assert address
    answer = visitor.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    old = visitor.get(address[1].replace(address[2], "0" * 16))
    assert old.headers["Cache-Control"] == "no-cache"
    assert visitor.get(f"/static/{address[2]}/../config.py").status_code == 404
