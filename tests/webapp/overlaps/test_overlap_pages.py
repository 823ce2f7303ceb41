"""Reviewers see pairs side by side and close them; an agency is shown only what is its own."""

from __future__ import annotations

from dataclasses import replace

from finance.database import transaction
from finance.estimates.draft import EstimateDraft
from finance.estimates.workflow import EstimateStatus
from tests.builders import a_draft, a_line, a_project
from tests.estimate_journeys import a_saved_estimate, bring_to
from tests.webapp.desks import Desks


def asked(name: str, key: str = "DA1") -> EstimateDraft:
    lines = (a_line("Bảng điện tử niêm yết thủ tục"), a_line("Lắp đặt bảng"))
    return a_draft(a_project(key, name_vi=name, place="Nha Trang", lines=lines, promises=()))


def two_sent(desks: Desks) -> str:
    """The address of a pair two offices have sent."""
    with transaction(desks.factory) as session:
        sent = EstimateStatus.SENT
        one = bring_to(session, desks.province, sent, asked("Niêm yết thủ tục hành chính tại Nha Trang"))
        words = asked("Niem yet TTHC bang bang dien tu, TP Nha Trang", "DA7")
        other = bring_to(session, desks.province, sent, words, other=True)
    return f"/doi-chieu-trung-lap/cap?a={one}&ma=DA1&b={other}&mb=DA7"


def test_a_pair_is_shown_side_by_side_and_closed(desks: Desks) -> None:
    address = two_sent(desks)
    reviewer = desks.at(desks.province.content_appraiser)
    page = reviewer.open("/doi-chieu-trung-lap")
    assert "Chưa kết luận (1)" in page
    assert "ùng địa bàn: thành phố Nha Trang" in page
    page = reviewer.open(address)
    assert "<mark>Niêm yết thủ tục hành chính" in page
    assert "<mark>Niem yet TTHC" in page
    answer = reviewer.send(address, verdict="DUPLICATE", reason="Một bảng điện tử, hai cơ quan xin.")
    assert answer.status_code == 303
    page = reviewer.open("/doi-chieu-trung-lap?xem=da-ket-luan")
    assert "Trùng nội dung" in page
    assert "Một bảng điện tử" in reviewer.open(address)


def test_a_conclusion_without_reason_is_refused_and_an_old_page_too(desks: Desks) -> None:
    address = two_sent(desks)
    reviewer = desks.at(desks.province.estimate_appraiser)
    assert reviewer.send(address, verdict="DISTINCT", reason=" ").status_code == 422
    old = reviewer.form(address)
    assert reviewer.send(address, verdict="DISTINCT", reason="Khác nơi đặt").status_code == 303
    assert reviewer.post(old, verdict="DUPLICATE", reason="Trùng").status_code == 409


def test_who_only_reads_has_no_form_and_an_agency_no_page(desks: Desks) -> None:
    address = two_sent(desks)
    assert "Ghi kết luận" not in desks.at(desks.province.inspector).open(address)
    agency = desks.at(desks.province.preparer)
    agency.open(address, status=403)
    agency.open("/doi-chieu-trung-lap", status=403)


def test_an_agency_is_hinted_at_its_own_second_request_only(desks: Desks) -> None:
    one = asked("Niêm yết thủ tục hành chính tại Nha Trang").projects[0]
    twice = EstimateDraft(
        (one, replace(one, project_key="DA2", priority=2, name_vi="Niem yet TTHC Nha Trang"))
    )
    with transaction(desks.factory) as session:
        mine = a_saved_estimate(session, desks.province, twice)
        theirs = asked("Niêm yết thủ tục hành chính, Nha Trang", "DA7")
        bring_to(session, desks.province, EstimateStatus.SENT, theirs, other=True)
    page = desks.at(desks.province.preparer).open(f"/du-toan/{mine}/du-an?ma=DA1")
    assert "Có thể đã có dự án tương tự (1)" in page
    assert "DA7" not in page
