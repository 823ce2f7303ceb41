"""Everybody reads which papers are asked for; the finance office adds and ends rows of the dated table."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from finance.audit import AuditEntry, audit_sentence
from finance.database import transaction
from finance.dossiers.queries import list_required_papers
from finance.dossiers.required_papers import load_required_papers
from tests.webapp.desks import Desks

TABLE, ADD = "/giay-to-phai-co", "/giay-to-phai-co/them"
ROW = {
    "code": "dinh_gia",
    "name_vi": "Chứng thư thẩm định giá",
    "project_kind": "PROJECT",
    "nature": "CAPITAL",
    "least_vnd": "500.000.000",
    "severity": "BLOCKS",
    "valid_from": "01/03/2012",
    "legal_reference": "Công văn 12/STC-NS",
}


def asked_on(desks: Desks, day: date) -> set[str]:
    with desks.factory() as session:
        return {one.code for one in list_required_papers(session, day)}


def test_a_row_is_added_read_by_all_and_ended_without_being_changed(desks: Desks) -> None:
    finance, officer = desks.at(desks.province.estimate_appraiser), desks.at(desks.province.preparer)
    answer = finance.send(ADD, **ROW)
    assert answer.status_code == 303, answer.text
    page = officer.open(TABLE)
    assert "Chứng thư thẩm định giá" in page
    assert "500.000.000" in page
    assert "Ghi ngày cuối" not in page
    officer.open(ADD, status=403)
    assert "DINH_GIA" not in asked_on(desks, date(2012, 2, 29))
    assert "DINH_GIA" in asked_on(desks, date(2012, 3, 1))
    again = finance.send(ADD, **ROW)
    assert again.status_code == 422
    assert "đã có dòng hiệu lực từ 01/03/2012" in again.text
    end = re.findall(rf'href="({TABLE}/\d+/thoi)"', finance.open(TABLE))[-1]
    answer = finance.send(end, last_day="31/03/2012", legal_reference="Công văn 20/STC-NS")
    assert answer.status_code == 303, answer.text
    assert "DINH_GIA" in asked_on(desks, date(2012, 3, 31))
    assert "DINH_GIA" not in asked_on(desks, date(2012, 4, 1))
    answer = finance.send(end, last_day="30/04/2012", legal_reference="CV")
    assert answer.status_code == 422
    assert "chỉ có hiệu lực đến 31/03/2012" in answer.text
    answer = finance.send(ADD, **(ROW | {"valid_from": "01/04/2012", "least_vnd": ""}))
    assert answer.status_code == 303, "the next row of the same paper follows the ended one"
    with desks.factory() as session:
        told = [audit_sentence(entry) for entry in session.scalars(select(AuditEntry))]
    assert any("thôi yêu cầu giấy tờ của dự án: Chứng thư thẩm định giá (DINH_GIA)" in said for said in told)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "KHAC"}, "dành cho giấy tờ khác"),
        ({"code": "định giá"}, "Mã giấy tờ gồm chữ in không dấu"),
        ({"valid_from": "14/02/2012"}, "không được ở quá khứ"),
        ({"valid_to": "01/02/2012"}, "Ngày cuối không được trước ngày bắt đầu"),
        ({"severity": ""}, "Mời chọn một dòng"),
    ],
)
def test_a_row_that_cannot_stand_comes_back_with_what_was_typed(
    desks: Desks, typed: dict[str, str], said: str
) -> None:
    answer = desks.at(desks.province.estimate_appraiser).send(ADD, **(ROW | typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Chứng thư thẩm định giá" in answer.text


def test_the_packaged_table_never_takes_the_place_of_what_the_page_says(desks: Desks) -> None:
    finance = desks.at(desks.province.estimate_appraiser)
    with transaction(desks.factory) as session:
        load_required_papers(session, desks.province.administrator)
    assert finance.send(ADD, **ROW).status_code == 303
    with transaction(desks.factory) as session:
        assert load_required_papers(session, desks.province.administrator)[1] is False
    assert "DINH_GIA" in asked_on(desks, date(2012, 3, 1))
