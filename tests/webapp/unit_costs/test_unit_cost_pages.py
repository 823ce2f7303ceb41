"""Reviewers see a line beside the lines it is compared with; the agency a hint at what is unusual."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from finance.database import transaction
from finance.estimates.records import CostLine
from tests.builders import a_draft, a_line, a_project
from tests.estimate_journeys import a_saved_estimate
from tests.finance.scenarios.appraised import an_appraised_estimate
from tests.webapp.desks import Desks

PRICES = (480_000, 490_000, 500_000, 500_000, 510_000, 520_000)


def appraised(desks: Desks, *, own_price: int) -> tuple[int, int]:
    """Six appraised lines of Khánh Vĩnh; Nha Trang's draft with one line; id of draft and of a line."""
    lines = tuple(
        a_line("Thuê giảng viên", unit_price_vnd=price, note=f"Lớp {number}")
        for number, price in enumerate(PRICES, start=1)
    )
    with transaction(desks.factory) as session:
        province = desks.province
        an_appraised_estimate(session, province, "H_KHANHVINH", a_draft(a_project(lines=lines)))
        line_id = session.scalars(select(CostLine.id).order_by(CostLine.id).limit(1)).one()
        draft = a_draft(a_project(lines=(a_line("Thuê giảng viên lớp", unit_price_vnd=own_price),)))
        mine = a_saved_estimate(session, province, draft)
    return mine, line_id


def test_the_agency_is_hinted_at_an_unusual_price(desks: Desks) -> None:
    mine, _line = appraised(desks, own_price=900_000)
    page = desks.at(desks.province.preparer).open(f"/du-toan/{mine}/du-an?ma=DA1")
    assert "Đơn giá ngoài khoảng thường gặp (1 dòng)" in page
    assert "trung vị 500.000 (6 dòng)" in page
    assert "Khánh Vĩnh" not in page


def test_a_usual_price_is_left_alone(desks: Desks) -> None:
    mine, _line = appraised(desks, own_price=505_000)
    page = desks.at(desks.province.preparer).open(f"/du-toan/{mine}/du-an?ma=DA1")
    assert "Đơn giá ngoài khoảng thường gặp" not in page


def test_how_many_lines_make_a_band_is_a_setting(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desks.app.config, "BAND_LINES", 7)
    mine, _line = appraised(desks, own_price=900_000)
    page = desks.at(desks.province.preparer).open(f"/du-toan/{mine}/du-an?ma=DA1")
    assert "Đơn giá ngoài khoảng thường gặp" not in page


def test_reviewers_see_the_table_and_an_agency_does_not(desks: Desks) -> None:
    _mine, line_id = appraised(desks, own_price=505_000)
    reviewer = desks.at(desks.province.estimate_appraiser)
    page = reviewer.open("/don-gia?tim=giang vien")
    assert "Thuê giảng viên" in page
    assert "500.000" in page
    # The lines of the file itself are not compared with themselves.
    assert "Chưa đủ 5 dòng" in reviewer.open(f"/don-gia/dong-chi/{line_id}")
    desks.at(desks.province.preparer).open("/don-gia", status=403)
