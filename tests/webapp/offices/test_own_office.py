"""The own office's page, the chain over a section, a delegate's day, reminders, practice, closing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from finance.actions import Action
from finance.audit import AuditEntry, audit_sentence
from finance.database import transaction
from finance.estimates.queries import estimate_row
from finance.estimates.workflow import EstimateStatus
from finance.rounds.queries import get_round, list_rounds
from finance.rounds.records import BudgetRound
from tests.estimate_journeys import a_saved_estimate
from tests.webapp.desks import Browser, Desks


@pytest.fixture
def estimate_id(desks: Desks) -> int:
    """Nha Trang's draft, complete."""
    with transaction(desks.factory) as session:
        return a_saved_estimate(session, desks.province)


def status_of(desks: Desks, estimate_id: int) -> EstimateStatus:
    with desks.factory() as session:
        return estimate_row(session, desks.province.preparer, estimate_id).status


def office_of(desks: Desks) -> int:
    return desks.province.agencies["H_NHATRANG"]


def add_section_step(desks: Desks) -> Browser:
    head = desks.at(desks.province.head)
    answer = head.send("/co-quan-toi", f"/co-quan/{office_of(desks)}/buoc-duyet")
    assert answer.status_code == 303
    return head


def test_a_draft_goes_over_the_section_to_the_head(desks: Desks, estimate_id: int) -> None:
    head = add_section_step(desks)
    page = f"/du-toan/{estimate_id}"
    officer, section = desks.at(desks.province.preparer), desks.at(desks.province.section_head)
    assert "Trình lãnh đạo phòng" in officer.open(page)
    officer.send(page, f"{page}/trinh")
    section_name, head_name = desks.province.section_head.full_name, desks.province.head.full_name
    assert f"Đã trình lãnh đạo phòng. Tiếp theo: {section_name} duyệt." in officer.open(page)
    assert f"Chờ lãnh đạo phòng duyệt ({section_name})." in head.open(page)
    assert "Duyệt" in section.open("/")
    section.send(page, f"{page}/phong-tra-lai", reason="Thiếu thuyết minh")
    assert status_of(desks, estimate_id) is EstimateStatus.DRAFT
    assert "Thiếu thuyết minh" in officer.open(page)
    officer.send(page, f"{page}/trinh")
    section.send(page, f"{page}/duyet-phong")
    assert f"Đã trình thủ trưởng. Tiếp theo: {head_name} ký duyệt." in section.open(page)
    assert status_of(desks, estimate_id) is EstimateStatus.SECTION_PASSED
    head.send(page, f"{page}/ky")
    assert status_of(desks, estimate_id) is EstimateStatus.SIGNED


def test_a_delegate_signs_for_the_head_and_the_history_says_both(desks: Desks, estimate_id: int) -> None:
    head, delegate = desks.at(desks.province.head), desks.at(desks.province.section_head)
    page, office = f"/du-toan/{estimate_id}", office_of(desks)
    desks.at(desks.province.preparer).send(page, f"{page}/trinh")
    assert f"{page}/ky" not in delegate.open(page)
    answer = head.send(
        "/co-quan-toi",
        f"/co-quan/{office}/uy-quyen",
        delegate_id=str(desks.province.section_head.person_id),
        acts="SIGN_ESTIMATE",
        valid_to="20/02/2012",
        document_number="15/GUQ-UBND",
    )
    assert answer.status_code == 303, answer.text
    assert "Ký" in delegate.open("/")
    assert "thay mặt Trần Văn Hòa" in re.sub(r"\s+", " ", delegate.open("/tai-khoan"))
    delegate.send(page, f"{page}/ky")
    assert status_of(desks, estimate_id) is EstimateStatus.SIGNED
    assert "Lý Thị Hoa (thay mặt Trần Văn Hòa) ký duyệt" in head.open(page)
    answer = head.send("/co-quan-toi", f"/co-quan/{office}/thu-hoi-uy-quyen", reason="Đã về")
    assert answer.status_code == 303
    assert "Đã thu hồi" in head.open("/co-quan-toi")


def test_a_delegation_that_says_too_little_stands_again(desks: Desks) -> None:
    head, office = desks.at(desks.province.head), office_of(desks)
    answer = head.send("/co-quan-toi", f"/co-quan/{office}/uy-quyen", document_number="9/GUQ")
    assert answer.status_code == 422
    assert "9/GUQ" in answer.text
    assert "Mời chọn một dòng" in answer.text


def test_finance_reminds_and_extends_in_the_open(desks: Desks, estimate_id: int) -> None:
    finance, officer = desks.at(desks.province.estimate_appraiser), desks.at(desks.province.preparer)
    round_id = desks.province.round_id
    board = "/tham-dinh/bang-theo-doi"
    answer = finance.send(board, f"/dot-du-toan/{round_id}/nhac", agency_id=str(office_of(desks)))
    assert answer.status_code == 303
    assert "đã nhắc" in finance.open(board)
    assert "Nhắc gửi dự toán" in officer.open("/")
    assert "ngày làm việc" in officer.open(f"/du-toan/{estimate_id}")
    form = f"/dot-du-toan/{round_id}/gia-han"
    answer = finance.send(
        form, form, agency_id=str(office_of(desks)), until_on="05/03/2012", reason="Bão số 1"
    )
    assert answer.status_code == 303, answer.text
    assert "Bão số 1" in desks.at(desks.province.other_preparer).open(f"/dot-du-toan/{round_id}")
    page = officer.open(f"/du-toan/{estimate_id}")
    assert "Được gia hạn gửi đến" in page
    assert page.count("ngày làm việc") == 1  # the deadline is said once


def test_a_practice_round_is_opened_marked_and_wiped_from_its_pages(desks: Desks) -> None:
    finance, officer = desks.at(desks.province.estimate_appraiser), desks.at(desks.province.preparer)
    form = "/dot-du-toan/mo-tap-huan"
    answer = finance.send(form, form, name_vi="Tập huấn tháng 2", code="TH0212")
    assert answer.status_code == 303, answer.text
    with desks.factory() as session:
        practice = next(row for row in list_rounds(session, with_practice=True) if row.is_practice)
    assert "Đang mở đợt tập huấn" in officer.open("/chuong-trinh")
    assert "TRANG TẬP HUẤN" in officer.open(f"/du-toan?dot={practice.id}")
    officer.send(f"/du-toan?dot={practice.id}", "/du-toan/lap")
    close = f"/dot-du-toan/{practice.id}/khep"
    assert "xóa hết" in finance.open(close)
    assert finance.send(close, close, reason="Xong lớp").status_code == 303
    with desks.factory() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert last.action is Action.CLOSE_ROUND
        assert "xóa 1 dự toán tập huấn" in audit_sentence(last)
        assert not get_round(session, practice.id).is_open
    assert "TRANG TẬP HUẤN" not in officer.open("/du-toan")


def test_a_person_without_a_seat_can_sign_out(desks: Desks) -> None:
    administrator = desks.at(desks.province.administrator)
    person = desks.province.preparer
    leaver = desks.at(person)
    page = f"/quan-tri/nguoi-dung/{person.person_id}"
    position = re.search(rf"{page}/vi-tri/(\d+)/thoi", administrator.open(page))
    assert position
    administrator.send(page, position[0], last_day="15/02/2012")
    with transaction(desks.factory) as session:
        session.get_one(BudgetRound, desks.province.round_id).business_on = date(2012, 2, 16)
    token = re.search(r'name="csrf-token" content="([^"]+)"', leaver.open("/", 403))
    assert token
    answer = leaver.client.post("/dang-xuat", data={"csrf_token": token[1]})
    assert answer.status_code == 303
    assert leaver.client.get("/").status_code == 303


def test_a_locked_account_is_opened_again_and_a_function_ends(desks: Desks) -> None:
    administrator = desks.at(desks.province.administrator)
    page = f"/quan-tri/nguoi-dung/{desks.province.inspector.person_id}"
    administrator.send(page, f"{page}/khoa", reason="Nghỉ dài ngày")
    assert "Mở khóa" in administrator.open(page)
    assert administrator.send(page, f"{page}/mo-khoa", reason="Đi làm lại").status_code == 303
    assert "Mở khóa" not in administrator.open(page)
    office = f"/quan-tri/co-quan/{desks.province.agencies['TTR_TINH']}"
    answer = administrator.send(
        office, f"{office}/thoi-chuc-nang", last_day="31/12/2012", source="QĐ 12/QĐ-UBND"
    )
    assert answer.status_code == 303
    assert "31/12/2012" in administrator.open(office)
