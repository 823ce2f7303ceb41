"""A commune hands its signed estimate up by forms; the district reads it, takes it in, gives it back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from finance.attachments.rules import AttachmentLimits
from finance.database import transaction
from finance.dossiers.rules import OTHER_PAPER
from finance.estimates.handing_up.queries import list_handovers
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.paper_acts import admit_file, attach_paper
from finance.estimates.procedure import check_estimate, sign_estimate
from finance.estimates.queries import find_estimate
from finance.estimates.workflow import EstimateKind
from tests.builders import a_draft, a_project
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.handover_journeys import put_dossier
from tests.plan_journeys import Communes, communes_of
from tests.webapp.desks import Desks, give_passwords
from tests.webapp.province_fixtures import desks, served_province

__all__ = ["desks", "served_province"]

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def signed(desks: Desks) -> tuple[Communes, int]:
    """The commune's people and its signed estimate; the district has begun its own."""
    with transaction(desks.factory) as session:
        communes = communes_of(session, desks.province)
        officer = communes.officer
        round_id = desks.province.round_id
        estimate_id = start_estimate(session, officer, round_id=round_id, agency_id=communes.first_id)
        draft = a_draft(a_project("X1", name_vi="Niêm yết thủ tục"))
        save_draft(session, officer, estimate_id, draft=draft, seen_edit=1)
        put_dossier(session, officer, estimate_id, "X1", "Chỉ còn một trang niêm yết")
        store = desks.app.extensions["phanbo-papers"].store
        kept = admit_file(store, "bao-gia.pdf", PDF, limits=AttachmentLimits(), scanner="")
        place = ("X1", OTHER_PAPER)
        attach_paper(session, officer, estimate_id, place=place, kept=kept, limits=AttachmentLimits())
        check_estimate(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))
        sign_estimate(session, communes.head, estimate_id, seen_edit=edit_of(session, estimate_id))
        a_saved_estimate(session, desks.province, a_draft(a_project("DA1")))
        give_passwords(session)
    return communes, estimate_id


def test_handed_up_taken_in_and_given_back(desks: Desks, signed: tuple[Communes, int]) -> None:
    communes, estimate_id = signed
    below, above = desks.at(communes.officer), desks.at(desks.province.preparer)
    page = f"/du-toan/{estimate_id}"
    shown = below.open(page)
    assert "Gửi UBND thành phố Nha Trang" in shown
    assert "Số văn bản" not in shown, "a commune does not send to the appraisers"
    assert below.send(page, f"{page}/gui-cap-tren").status_code == 303
    handed_up = below.open(page)
    assert "chờ cấp trên xem" in handed_up
    assert "Cấp trên đã tổng hợp" in handed_up
    assert "Đang thẩm định" not in handed_up, "it comes to no appraiser by itself"
    assert "Hạn gửi" not in handed_up, "nothing presses on what was handed up"
    listed = above.open("/du-toan")
    with desks.factory() as session:
        (row,) = list_handovers(session, desks.province.preparer, desks.province.round_id)
    lower = f"/du-toan/cap-duoi/{row.id}"
    assert f'href="{lower}"' in listed
    read = above.open(lower)
    assert "Niêm yết thủ tục" in read
    assert "5.000.000" in read
    assert "tổng hợp hoặc trả lại." in handed_up
    assert above.send(lower, f"{lower}/tong-hop").status_code == 303
    taken = below.open(page)
    assert "UBND thành phố Nha Trang đã tổng hợp vào dự toán của cơ quan ấy." in taken
    assert "tổng hợp hoặc trả lại." not in taken
    with desks.factory() as session:
        own = a_saved_id(session, desks)
    assert "X_VINHTHANH.X1 Niêm yết thủ tục" in above.open(f"/du-toan/{own}")
    assert above.send(lower, f"{lower}/tra-lai", reason=" ").status_code == 422
    assert above.send(lower, f"{lower}/tra-lai", reason="Thiếu báo giá").status_code == 303
    assert "X_VINHTHANH.X1" not in above.open(f"/du-toan/{own}")
    assert "UBND thành phố Nha Trang trả lại:</strong> Thiếu báo giá" in below.open(page)


def a_saved_id(session: Session, desks: Desks) -> int:
    """Id of the district's own estimate."""
    agency_id = desks.province.agencies["H_NHATRANG"]
    found = find_estimate(session, desks.province.round_id, agency_id, EstimateKind.ANNUAL)
    assert found is not None
    return found


def test_strangers_read_nothing_below(desks: Desks, signed: tuple[Communes, int]) -> None:
    communes, estimate_id = signed
    desks.at(communes.officer).send(f"/du-toan/{estimate_id}", f"/du-toan/{estimate_id}/gui-cap-tren")
    desks.at(desks.province.other_preparer).open("/du-toan/cap-duoi/1", status=404)
    desks.at(desks.province.content_appraiser).open("/du-toan/cap-duoi/1", status=403)


def test_papers_and_dossiers_are_read_before_anything_is_taken_in(
    desks: Desks, signed: tuple[Communes, int]
) -> None:
    communes, estimate_id = signed
    below, above = desks.at(communes.officer), desks.at(desks.province.preparer)
    below.send(f"/du-toan/{estimate_id}", f"/du-toan/{estimate_id}/gui-cap-tren")
    assert "đã nêu hồ sơ, 1 tệp đính kèm" in above.open("/du-toan/cap-duoi/1")
    page = "/du-toan/cap-duoi/1/ho-so?ma=X1"
    shown = above.open(page)
    assert "Chỉ còn một trang niêm yết" in shown
    assert "<textarea" not in shown
    assert "go-giay-to" not in shown
    (address,) = re.findall(r'href="(/du-toan/cap-duoi/1/giay-to/[0-9]+)"', shown)
    answer = above.client.get(address)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for stranger in (desks.province.other_preparer, communes.officer):
        for door in (page, address):
            desks.at(stranger).open(door, status=404)
    above.open("/du-toan/cap-duoi/1/giay-to/999", status=404)
    above.open("/du-toan/cap-duoi/1/ho-so?ma=X9", status=404)


def test_the_district_sets_an_hour_and_the_commune_reads_it(
    desks: Desks, signed: tuple[Communes, int]
) -> None:
    communes, estimate_id = signed
    below, above = desks.at(communes.officer), desks.at(desks.province.preparer)
    listed = above.open("/du-toan")
    assert "UBND xã Vĩnh Trung" in listed
    assert "Chưa gửi lên" in listed
    assert "là hạn chung của đợt" in listed
    form = f"/du-toan/cap-duoi/han/{desks.province.round_id}/{desks.province.agencies['H_NHATRANG']}"
    assert f'href="{form}"' in listed
    assert above.send(form, form, due_on="mai", due_hour="17:00").status_code == 422
    late = above.send(form, form, due_on="05/03/2012", due_hour="17:00")
    assert late.status_code == 422
    assert "chậm nhất 17:00 29/02/2012" in late.text
    assert above.send(form, form, due_on="20/02/2012", due_hour="17:00").status_code == 303
    assert "đặt lúc" in above.open("/du-toan")
    assert "Hạn UBND thành phố Nha Trang đặt 17:00" in below.open(f"/du-toan/{estimate_id}")
    desks.at(communes.officer).open(form, status=404)


def test_the_reason_of_the_district_stands_over_the_next_draft(
    desks: Desks, signed: tuple[Communes, int]
) -> None:
    communes, estimate_id = signed
    below, above = desks.at(communes.officer), desks.at(desks.province.preparer)
    page = f"/du-toan/{estimate_id}"
    below.send(page, f"{page}/gui-cap-tren")
    above.send("/du-toan/cap-duoi/1", "/du-toan/cap-duoi/1/tra-lai", reason="Thiếu báo giá")
    below.send(page, f"{page}/lap-lai")
    assert "Lần 1 bị trả lại:</strong> Thiếu báo giá" in below.open(page)
