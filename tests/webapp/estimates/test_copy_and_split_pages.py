"""Copying and dividing on their pages: look first, then do; an old page and bad shares are told."""

from __future__ import annotations

import pytest

from finance.database import transaction
from finance.estimates.operations import start_estimate
from finance.estimates.queries import current_version, estimate_row, load_draft, version_projects
from tests.builders import a_round
from tests.webapp.estimates.agency_desk import Desk


@pytest.fixture
def next_year(desk: Desk) -> int:
    """The empty estimate of the same office a year later."""
    with transaction(desk.factory) as session:
        round_id = a_round(session, "NAM2013", name_vi="Đợt năm 2013", fiscal_year=2013, last_year=2014)
        office = desk.province.agencies["H_NHATRANG"]
        return start_estimate(session, desk.province.preparer, round_id=round_id, agency_id=office)


def project_id(desk: Desk, key: str) -> int:
    with desk.factory() as session:
        rows = version_projects(session, current_version(session, desk.estimate_id).id)
    return next(row.id for row in rows if row.project_key == key)


def test_a_project_is_found_looked_at_and_copied(desk: Desk, next_year: int) -> None:
    officer = desk.visitor(desk.province.preparer)
    address = f"/du-toan/{next_year}/chep"
    page = officer.get(f"{address}?tim=boi+duong").text
    assert "Bồi dưỡng công chức một cửa (DA1)" in page
    assert "năm trước" in page
    origin = project_id(desk, "DA1")
    looked = officer.get(f"{address}?nguon={origin}&ty-le=104,5&lam-tron=1000&can-cu=CPI+2011").text
    assert "523.000" in looked
    assert "làm tròn đến 1.000 đồng" in looked
    done = officer.send(looked, f"{address}/vao-du-toan")
    assert done.status_code == 303
    with desk.factory() as session:
        project = load_draft(session, next_year).projects[0]
    assert [(line.year, line.unit_price_vnd) for line in project.lines] == [(2013, 523_000)]
    page = officer.get(f"/du-toan/{next_year}").text
    assert "Còn 1/1 dòng chưa xem lại" in page
    assert "Chưa khác gì" not in page
    assert "523.000" in officer.get(f"{address}/so-voi-goc?ma=DA1").text
    officer.send(page, f"{address}/xac-nhan")
    assert f"Đã xác nhận: {desk.province.preparer.full_name}" in officer.get(f"/du-toan/{next_year}").text


def test_a_new_price_without_its_basis_is_refused(desk: Desk, next_year: int) -> None:
    officer = desk.visitor(desk.province.preparer)
    page = officer.get(f"/du-toan/{next_year}/chep?nguon={project_id(desk, 'DA1')}&ty-le=104,5")
    assert page.status_code == 422
    assert "phải ghi căn cứ" in page.text
    unclear = officer.get(f"/du-toan/{next_year}/chep?nguon={project_id(desk, 'DA1')}&ty-le=104.5")
    assert unclear.status_code == 422
    assert "Có thể đọc là" in unclear.text


def test_lines_are_divided_over_the_years_to_the_dong(desk: Desk) -> None:
    officer = desk.visitor(desk.province.preparer)
    address = f"/du-toan/{desk.estimate_id}/chia-nam"
    looked = officer.get(f"{address}?ma=DA1&dong=0&cach=ty-le&nam-2012=33,3&nam-2013=66,7").text
    assert "3,33" in looked
    assert "6,67" in looked
    done = officer.send(looked, f"{address}/chia")
    assert done.status_code == 303
    with desk.factory() as session:
        project = load_draft(session, desk.estimate_id).projects[0]
        asked = estimate_row(session, desk.province.preparer, desk.estimate_id).asked_vnd
    assert [(line.year, line.quantities) for line in project.lines] == [(2012, (3_330,)), (2013, (6_670,))]
    assert asked > 0


def test_shares_that_are_not_whole_are_told(desk: Desk) -> None:
    officer = desk.visitor(desk.province.preparer)
    address = f"/du-toan/{desk.estimate_id}/chia-nam"
    page = officer.get(f"{address}?ma=DA1&dong=0&cach=ty-le&nam-2012=33&nam-2013=66")
    assert page.status_code == 422
    assert "Tổng tỷ lệ là 99 %" in page.text
    nothing = officer.get(f"{address}?ma=DA1&cach=deu&nam=2012")
    assert "ít nhất một dòng chi" in nothing.text
    assert officer.get(f"{address}?ma=KHONG").status_code == 404


def test_a_head_reads_but_an_outsider_finds_nothing(desk: Desk) -> None:
    outsider = desk.visitor(desk.province.other_preparer)
    for page in ("chep", "chia-nam?ma=DA1", "chep/so-voi-goc?ma=DA1"):
        assert outsider.get(f"/du-toan/{desk.estimate_id}/{page}").status_code == 404
