"""The office's acts on its pages: told before the click, done once, refused with what was typed kept."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from finance.actors import Actor
from finance.database import reading, transaction
from finance.estimates.draft import EstimateDraft
from finance.estimates.procedure import receive_estimate, return_estimate
from finance.estimates.queries import current_version
from finance.estimates.workflow import EstimateStatus
from tests.builders import a_line, a_project
from tests.webapp.estimates.agency_desk import Desk, Visitor


def press(visitor: Visitor, desk: Desk, act: str, **typed: str) -> int:
    """Open the estimate's page, press the act's button; the status of the answer."""
    page = visitor.get(desk.address).text
    return visitor.send(page, f"{desk.address}/{act}", **typed).status_code


def sign_and_send(desk: Desk) -> None:
    assert press(desk.visitor(desk.province.preparer), desk, "trinh") == 303
    head = desk.visitor(desk.province.head)
    assert press(head, desk, "ky") == 303
    assert press(head, desk, "gui", document_number="15/UBND-NV", document_on="16/02/2012") == 303


def test_from_draft_to_sent(desk: Desk) -> None:
    sign_and_send(desk)
    assert desk.row().status is EstimateStatus.SENT
    with reading(desk.factory) as session:
        version = current_version(session, desk.estimate_id)
    assert (version.document_number, version.document_on) == ("15/UBND-NV", date(2012, 2, 16))
    assert version.signed_by == "Trần Văn Hòa"
    shown = desk.visitor(desk.province.preparer).get(desk.address).text
    for office in ("Sở Tài chính", "Sở Kế hoạch và Đầu tư", "Sở Nội vụ (để biết)"):
        assert office in shown


def test_the_effect_is_told_before_the_click(desk: Desk) -> None:
    page = unescape(desk.visitor(desk.province.preparer).get(desk.address).text)
    # 5.000.000 + 4,5 × 12.345.678 + 2 × 500.000; of 2012: 60.555.551 of 80.000.000
    assert (
        "Trình 2 dự án, 61.555.551 đồng (Sáu mươi mốt triệu năm trăm năm mươi lăm nghìn năm trăm năm mươi "
        "mốt đồng); riêng năm 2012 còn lại trong số kiểm tra 19.444.449 đồng." in page
    )


def test_the_next_version_tells_the_difference_to_the_last(desk: Desk) -> None:
    sign_and_send(desk)
    with transaction(desk.factory) as session:
        return_estimate(
            session,
            desk.province.estimate_appraiser,
            desk.estimate_id,
            reason="Thiếu báo giá",
            seen_edit=desk.row().edit_number,
        )
    preparer = desk.visitor(desk.province.preparer)
    assert "Thiếu báo giá" in preparer.get(desk.address).text
    assert press(preparer, desk, "lap-lai") == 303
    desk.save(EstimateDraft((a_project(lines=(a_line(unit_price_vnd=700_000),)),)))
    page = unescape(preparer.get(desk.address).text)
    assert "giảm 54.555.551 đồng so với lần trước" in page
    assert "Lần 1 bị trả lại:" in page
    full = preparer.get(f"{desk.address}/ban-day-du?lan=1").text
    assert "12.345.678" in full, "the version that was sent stays to be read"


def test_blocking_mistakes_are_listed_and_there_is_no_button(desk: Desk) -> None:
    preparer = desk.visitor(desk.province.preparer)
    page = preparer.get(desk.address).text
    sent = preparer.fields(page, f"{desk.address}/trinh")
    desk.save(EstimateDraft((a_project(lines=(a_line(unit_price_vnd=0),)),)))
    shown = preparer.get(desk.address).text
    assert f'action="{desk.address}/trinh"' not in shown
    assert "Sửa 1 lỗi trong danh sách dưới đây" in shown
    assert preparer.post(f"{desk.address}/trinh", sent).status_code == 409, "the page is old"
    sent["seen_version"] = str(desk.row().edit_number)
    assert preparer.post(f"{desk.address}/trinh", sent, idempotency_key=fresh(sent)).status_code == 422
    assert desk.row().status is EstimateStatus.DRAFT


def fresh(sent: dict[str, str]) -> str:
    """Another key than the form's."""
    key = sent["idempotency_key"]
    return key[:-1] + ("0" if key[-1] != "0" else "1")


def test_a_reason_is_needed_and_what_was_typed_stays(desk: Desk) -> None:
    assert press(desk.visitor(desk.province.preparer), desk, "trinh") == 303
    head = desk.visitor(desk.province.head)
    page = head.get(desk.address).text
    refused = head.send(page, f"{desk.address}/tra-lai-nguoi-lap", reason="   ")
    assert refused.status_code == 422
    assert "Phải ghi lý do" in refused.text
    assert press(head, desk, "tra-lai-nguoi-lap", reason="Bổ sung thuyết minh") == 303
    assert desk.row().status is EstimateStatus.DRAFT
    assert "Bổ sung thuyết minh" in desk.visitor(desk.province.preparer).get(desk.address).text


@pytest.mark.parametrize(
    ("number", "day", "said"),
    [
        ("", "16/02/2012", "Chưa ghi số văn bản"),
        ("15/UBND", "ngày mai", "Chưa đọc được ngày"),
        ("15/UBND", "17/02/2012", "Ngày văn bản không được sau ngày gửi"),
    ],
)
def test_a_letter_that_cannot_be_is_refused_and_stays_typed(
    desk: Desk, number: str, day: str, said: str
) -> None:
    assert press(desk.visitor(desk.province.preparer), desk, "trinh") == 303
    head = desk.visitor(desk.province.head)
    assert press(head, desk, "ky") == 303
    page = head.get(desk.address).text
    answer = head.send(page, f"{desk.address}/gui", document_number=number, document_on=day)
    assert answer.status_code == 422
    assert said in answer.text
    typed = head.fields(answer.text, f"{desk.address}/gui")
    assert (typed["document_number"], typed["document_on"]) == (number, day)
    assert desk.row().status is EstimateStatus.SIGNED


def test_a_double_click_signs_once(desk: Desk) -> None:
    assert press(desk.visitor(desk.province.preparer), desk, "trinh") == 303
    head = desk.visitor(desk.province.head)
    sent = head.fields(head.get(desk.address).text, f"{desk.address}/ky")
    answers = [head.post(f"{desk.address}/ky", sent).status_code for _click in range(2)]
    assert answers == [303, 303]
    assert head.get(desk.address).text.count("ký duyệt (đã trình duyệt → đã ký)") == 1


def test_an_act_decided_on_an_old_page_shows_what_happened(desk: Desk) -> None:
    preparer = desk.visitor(desk.province.preparer)
    page = preparer.get(desk.address).text
    desk.save(EstimateDraft((a_project(),)))
    answer = preparer.send(page, f"{desk.address}/trinh")
    assert answer.status_code == 409
    assert "Xóa dự án DA2" in unescape(answer.text)
    assert desk.row().status is EstimateStatus.DRAFT


def test_taking_back_before_it_was_received(desk: Desk) -> None:
    sign_and_send(desk)
    head = desk.visitor(desk.province.head)
    assert press(head, desk, "rut-ho-so", reason="Nhầm phụ lục") == 303
    assert desk.row().status is EstimateStatus.RETURNED


def test_what_was_received_offers_no_way_back(desk: Desk) -> None:
    sign_and_send(desk)
    with transaction(desk.factory) as session:
        receive_estimate(
            session, desk.province.estimate_appraiser, desk.estimate_id, seen_edit=desk.row().edit_number
        )
    shown = desk.visitor(desk.province.head).get(desk.address).text
    assert "rut-ho-so" not in shown
    assert "Đã được tiếp nhận" in shown


def test_each_person_sees_his_own_acts_only(desk: Desk) -> None:
    def offered(actor: Actor) -> set[str]:
        page = desk.visitor(actor).get(desk.address).text
        acts = ("trinh", "rut-lai", "ky", "tra-lai-nguoi-lap", "gui", "rut-ho-so", "lap-lai")
        return {act for act in acts if f'action="{desk.address}/{act}"' in page}

    assert offered(desk.province.preparer) == {"trinh"}
    assert offered(desk.province.head) == set()
    assert press(desk.visitor(desk.province.preparer), desk, "trinh") == 303
    assert offered(desk.province.preparer) == {"rut-lai"}
    assert offered(desk.province.head) == {"ky", "tra-lai-nguoi-lap"}


ADDRESSES = ("", "/ban-day-du", "/du-an", "/du-an?ma=DA1", "/bang-tinh", "/bang-tinh-mau")


@pytest.mark.parametrize("tail", ADDRESSES)
def test_another_office_knows_of_no_draft(desk: Desk, tail: str) -> None:
    stranger = desk.visitor(desk.province.other_preparer)
    assert stranger.get(desk.address + tail).status_code == 404
    assert stranger.get(f"/du-toan/{desk.estimate_id + 7}{tail}").status_code == 404, "and none that is not"


@pytest.mark.parametrize("act", ["trinh", "gui", "du-an", "xoa-du-an", "thu-tu", "bang-tinh"])
def test_another_office_changes_nothing(desk: Desk, act: str) -> None:
    own, stranger = desk.visitor(desk.province.preparer), desk.visitor(desk.province.other_preparer)
    sent = own.fields(own.get(f"{desk.address}/du-an?ma=DA1").text, f"{desk.address}/du-an")
    sent["csrf_token"] = stranger.fields(stranger.get("/du-toan").text, "/du-toan/lap")["csrf_token"]
    before = desk.draft(), desk.row()
    answer = stranger.post(f"{desk.address}/{act}", sent, document_number="1", document_on="16/02/2012")
    assert answer.status_code == 404
    assert (desk.draft(), desk.row()) == before


def test_appraisers_read_what_was_sent_and_cannot_change_it(desk: Desk) -> None:
    appraiser = desk.visitor(desk.province.estimate_appraiser)
    assert appraiser.get(desk.address).status_code == 404
    sign_and_send(desk)
    shown = appraiser.get(desk.address).text
    assert "UBND thành phố Nha Trang" in shown
    assert f"{desk.address}/du-an" not in shown
    full = unescape(appraiser.get(f"{desk.address}/ban-day-du").text)
    for words in ("Trang bị máy vi tính", "55.555.551", "Tổng cộng dự toán: 61.555.551 đồng", "Trần Văn Hòa"):
        assert words in full
    assert appraiser.get(f"{desk.address}/du-an?ma=DA1").status_code == 403


def test_a_sent_estimate_is_not_edited(desk: Desk) -> None:
    preparer = desk.visitor(desk.province.preparer)
    page = preparer.get(f"{desk.address}/du-an?ma=DA1").text
    assert press(preparer, desk, "trinh") == 303
    assert preparer.get(f"{desk.address}/du-an?ma=DA1").status_code == 422
    answer = preparer.send(page, f"{desk.address}/du-an", name_vi="Sửa trộm")
    assert answer.status_code == 422
    assert preparer.fields(answer.text, f"{desk.address}/du-an")["name_vi"] == "Sửa trộm"
    assert desk.draft().projects[0].name_vi != "Sửa trộm"


def test_an_office_starts_its_estimate_once(desk: Desk) -> None:
    other = desk.visitor(desk.province.other_preparer)
    page = other.get("/du-toan").text
    sent = other.fields(page, "/du-toan/lap")
    first, second = other.post("/du-toan/lap", sent), other.post("/du-toan/lap", sent)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    shown = other.get(first.location).text
    assert "Dự toán chưa có dự án nào" in shown
    assert "UBND huyện Khánh Vĩnh" in other.get("/du-toan").text
    again = other.post("/du-toan/lap", sent, idempotency_key=fresh(sent))
    assert "đã có dự toán hằng năm" in other.get(again.location).text
