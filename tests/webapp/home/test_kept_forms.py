"""What was typed is forgotten when the server accepted it, told by name on the next page, once."""

from __future__ import annotations

from tests.webapp.desks import Desks

MARK = 'data-accepted-form="new-scenario"'


def test_an_accepted_form_is_named_once_on_the_next_page(desks: Desks) -> None:
    browser = desks.at(desks.province.planner)
    answer = browser.send(
        "/phuong-an?round_id=1",
        "/phuong-an",
        name_vi="Ưu tiên cấp xã",
        kept_form="new-scenario",
    )
    assert answer.status_code == 303
    assert MARK in browser.open(answer.location)
    assert MARK not in browser.open(answer.location)


def test_a_refused_form_and_a_name_of_another_shape_are_not_named(desks: Desks) -> None:
    browser = desks.at(desks.province.planner)
    refused = browser.send("/phuong-an", "/phuong-an", name_vi="", kept_form="new-scenario")
    assert refused.status_code == 422
    assert MARK not in browser.open("/phuong-an")
    done = browser.send("/phuong-an", "/phuong-an", name_vi="Ưu tiên", kept_form='"><script>')
    assert "data-accepted-form" not in browser.open(done.location)


def test_a_lost_session_keeps_what_was_typed(desks: Desks) -> None:
    browser = desks.at(desks.province.planner)
    form = browser.form("/phuong-an")
    browser.send("/", "/dang-xuat")
    lost = browser.post(form, name_vi="Ưu tiên", kept_form="new-scenario")
    assert lost.status_code in {302, 303, 400}
    assert MARK not in browser.open("/dang-nhap")
