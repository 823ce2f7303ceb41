"""Forms no page of ours sends, figures no column holds, pages that went stale while a box was mended."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from finance.database import reading, transaction
from finance.estimates.kept_typing import LARGEST_SEQUENCE, forget_typing, keep_typing, last_sequence
from tests.builders import a_draft, a_project, a_project_of_levels, a_promise
from tests.webapp.estimates.agency_desk import Desk, Visitor

COOKIE_OF_A_BROWSER = 4093  # bytes; Chromium and Firefox drop a longer one without a word


@pytest.fixture
def officer(desk: Desk) -> Visitor:
    return desk.visitor(desk.province.preparer)


def form_of(desk: Desk) -> str:
    return f"{desk.address}/du-an"


def keep(desk: Desk, officer: Visitor, body: str) -> TestResponse:
    token = officer.fields(officer.get(f"{form_of(desk)}?ma=DA1").text, form_of(desk))["csrf_token"]
    return officer.client.post(
        f"{desk.address}/ban-dang-nhap",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )


@pytest.mark.parametrize("act", ["copy-line-" + "9" * 5_000, "drop-line-" + "9" * 30, "copy-line-²"])
def test_a_button_with_an_endless_number_changes_nothing(desk: Desk, officer: Visitor, act: str) -> None:
    page = officer.get(f"{form_of(desk)}?ma=DA1").text
    answer = officer.send(page, form_of(desk), act=act)
    assert answer.status_code == 200
    assert "Thuê giảng viên" in answer.text


@pytest.mark.parametrize("act", ["refresh", "save"])
def test_totals_no_column_holds_bring_the_page_back_as_typed(desk: Desk, officer: Visitor, act: str) -> None:
    page = officer.get(f"{form_of(desk)}?ma=DA1").text
    huge = {f"lines__{row}__unit_price_vnd": "5.000.000.000.000.000.000" for row in (0, 1)}
    more = {
        "lines__1__item_vi": "Dòng hai",
        "lines__1__source_code": "NST_TX",
        "lines__1__quantities__0": "1",
    }
    answer = officer.send(page, form_of(desk), act=act, lines__0__quantities__0="1", **huge, **more)
    assert answer.status_code == (200 if act == "refresh" else 422)
    boxes = officer.fields(answer.text, form_of(desk))
    assert boxes["lines-1-unit_price_vnd"] == "5.000.000.000.000.000.000"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        "",
        json.dumps({"sequence": 1, "typed_on": 1, "form": [["name_vi", "\ud800"]]}),
        json.dumps({"sequence": 1, "typed_on": 1, "form": [["\udfff", "x"]]}),
        json.dumps({"sequence": 2**31, "typed_on": 1, "form": []}),
    ],
)
def test_what_no_page_keeps_is_refused(desk: Desk, officer: Visitor, body: str) -> None:
    assert keep(desk, officer, body).status_code == 400


def test_a_key_with_control_signs_is_kept_under_the_key_without(desk: Desk, officer: Visitor) -> None:
    form = [["project_key", "DA\x001"], ["name_vi", "x"]]
    assert keep(desk, officer, json.dumps({"sequence": 5, "typed_on": 1, "form": form})).status_code == 200
    with reading(desk.factory) as session:
        assert last_sequence(session, desk.province.preparer, desk.estimate_id, "DA1") == 5


def test_keeping_never_counts_past_what_the_column_holds(desk: Desk) -> None:
    actor, place = desk.province.preparer, {"project_key": "DA1"}
    with transaction(desk.factory) as session:
        keep_typing(session, actor, desk.estimate_id, **place, sequence=LARGEST_SEQUENCE, typed_on=1, form=[])
        forget_typing(session, actor, desk.estimate_id, **place)
        assert last_sequence(session, actor, desk.estimate_id, "DA1") == LARGEST_SEQUENCE


def test_a_page_that_comes_back_to_be_mended_still_notices_what_others_saved(
    desk: Desk, officer: Visitor
) -> None:
    """A 422 page with the newest edit number would let the next save write over a colleague."""
    address = f"{desk.address}/ho-so/du-an"
    page = officer.get(f"{address}?ma=DA1").text
    colleague = desk.visitor(desk.province.head)
    theirs = colleague.send(
        colleague.get(f"{address}?ma=DA1").text, address, **{"dossier-minimum_reason": "Của đồng nghiệp"}
    )
    assert theirs.status_code == 303
    unclear = officer.send(page, address, **{"dossier-savings": "1,2 tr"})
    assert unclear.status_code == 422
    late = officer.send(unclear.text, address, **{"dossier-savings": "1.200.000"})
    assert late.status_code == 409
    assert "Của đồng nghiệp" in officer.get(f"{address}?ma=DA1").text
    assert officer.send(late.text, address).status_code == 303, "the page that tells carries the present one"


def test_what_is_said_of_one_result_never_lands_at_another(desk: Desk, officer: Visitor) -> None:
    """Results are told by their codes: the page may be older than the project."""
    address = f"{desk.address}/ho-so/du-an"
    two = a_project_of_levels()
    desk.save(a_draft(a_project(), replace(two, promises=(a_promise(), *two.promises))))
    fields = officer.fields(officer.get(f"{address}?ma=DA2").text, address)
    codes = [fields[f"dossier-outputs-{index}-code"] for index in range(2)]
    fields["dossier-outputs-1-data_source"] = "Sổ theo dõi của kết quả thứ hai"
    left = tuple(one for one in (a_promise(), *two.promises) if one.output_code != codes[0])
    desk.save(a_draft(a_project(), replace(two, promises=left)))
    stale = officer.post(address, fields)
    assert stale.status_code == 409
    shown = officer.fields(stale.text, address)
    assert shown["dossier-outputs-0-code"] == codes[1]
    assert shown["dossier-outputs-0-data_source"] == "Sổ theo dõi của kết quả thứ hai"
    fields["dossier-outputs-0-data_source"] = "Sổ của kết quả đã bỏ"
    again = officer.fields(officer.post(address, fields).text, address)
    assert again["dossier-outputs-0-data_source"] == "Sổ theo dõi của kết quả thứ hai"


def test_a_merge_with_much_is_told_within_what_a_cookie_holds(desk: Desk, officer: Visitor) -> None:
    page = officer.get(f"{form_of(desk)}?ma=DA1").text
    others = [a_project(f"CU{number}", priority=9, name_vi=_a_long_name(number)) for number in range(40)]
    desk.save(a_draft(a_project(), a_project_of_levels(), *others))
    answer = officer.send(page, form_of(desk), place="Cam Ranh")
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(len(cookie) < COOKIE_OF_A_BROWSER for cookie in cookies)
    told = officer.get(answer.location).text
    assert "Đã ghép với thay đổi của người khác" in told
    assert "mục khác)" in told
    assert len(desk.draft().projects) == 42


@pytest.mark.parametrize("name", ["login", "password"])
def test_a_file_in_place_of_words_is_no_mishap(desk: Desk, name: str) -> None:
    visitor = Visitor(desk.app.test_client())
    fields = dict(visitor.fields(visitor.get("/dang-nhap").text, "/dang-nhap").items())
    sent = {**fields, "login": "lan", "password": "x", name: (BytesIO(b"x"), "a.txt")}
    answer = visitor.client.post("/dang-nhap", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_a_name_of_two_lines_comes_back_with_the_notes_on_one(desk: Desk, officer: Visitor) -> None:
    address = f"{desk.address}/bang-tinh"
    content = officer.get(f"{desk.address}/bang-tinh-mau?co-so-lieu=1").data
    fields = dict(officer.fields(officer.get(address).text, address).items())
    fields.pop("workbook", None)
    head = "form-data; name=\"workbook\"; filename*=UTF-8''..%2Fd%E1%BB%B1%0D%0AX-Evil%3A%20to%C3%A1n.xlsx"
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
    body = "".join(f"--XX\r\n{part}\r\n" for part in parts).encode()
    body += f"--XX\r\nContent-Disposition: {head}\r\n\r\n".encode() + content + b"\r\n--XX--\r\n"
    kept = officer.client.post(address, data=body, content_type="multipart/form-data; boundary=XX")
    assert kept.status_code == 303
    answer = officer.get(f"{kept.location}/ghi-chu")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert "..%2F" not in answer.headers["Content-Disposition"]


def test_a_body_that_is_no_form_fills_in_nothing(desk: Desk) -> None:
    visitor = Visitor(desk.app.test_client())
    token = visitor.fields(visitor.get("/dang-nhap").text, "/dang-nhap")["csrf_token"]
    answer = visitor.client.post(
        "/dang-nhap", json={"login": ["lan"], "password": 5}, headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 422


def _a_long_name(number: int) -> str:
    return "".join(chr(0x1EA0 + (number * 31 + place * (17 + number)) % 80) for place in range(290))
