"""A plan is written, sent, spoken about, answered, agreed and issued by plain forms, without any script."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from finance.database import transaction
from finance.plans.plan_lookup import find_plan
from finance.plans.workflow import PlanStatus
from tests.estimate_journeys import a_saved_estimate
from tests.plan_journeys import YEAR, a_saved_plan, bring_plan_to, communes_of
from tests.webapp.desks import Browser, Desks, give_passwords
from webapp.plans.desk import LOWER_WAY, OWN_WAY

ACTIVITY = {
    "name_vi": "Bồi dưỡng công chức một cửa",
    "task_code": "4b",
    "product_vi": "100 công chức được cấp chứng nhận",
    "due_on": "30/06/2012",
    "responsible_vi": "Phòng Nội vụ",
    "target-II.1.dd.1": "45%",
}


@pytest.fixture
def officer(desks: Desks) -> Browser:
    return desks.at(desks.province.preparer)


def brought(desks: Desks, status: PlanStatus) -> str:
    """The address of a plan brought to the status."""
    with transaction(desks.factory) as session:
        return f"/ke-hoach/{bring_plan_to(session, desks.province, status)}"


def status_of(desks: Desks) -> PlanStatus:
    with desks.factory() as session:
        plan = find_plan(session, desks.province.agencies["H_NHATRANG"], YEAR)
        assert plan is not None
        return plan.status


def started(officer: Browser) -> str:
    """The address of a fresh plan, started from the list."""
    answer = officer.send("/ke-hoach", "/ke-hoach/lap")
    assert answer.status_code == 303
    return answer.location


def test_a_plan_goes_its_whole_way_through_forms(desks: Desks, officer: Browser) -> None:
    page = started(officer)
    assert officer.send(f"{page}/hoat-dong", **ACTIVITY).status_code == 303
    shown = officer.open(page)
    assert "45 %" in shown
    assert "Gửi thẩm định nội dung" in shown
    assert officer.send(page, f"{page}/gui").status_code == 303
    appraiser = desks.at(desks.province.content_appraiser)
    request = {"kind": "REQUEST", "words": "Ghi rõ số lớp.", "activity_key": "HD01"}
    assert appraiser.send(page, f"{page}/gop-y", **request).status_code == 303
    assert appraiser.send(page, f"{page}/yeu-cau-sua").status_code == 303
    assert officer.send(page, f"{page}/sua-doi").status_code == 303
    refused = officer.post(officer.form(f"{page}?lan=2", f"{page}/muc-dich"), aims_vi="Nâng cao chất lượng")
    assert refused.status_code == 303
    assert "Còn 1 yêu cầu sửa chưa được trả lời" in officer.open(page)
    assert officer.send(page, f"{page}/gop-y/1/tra-loi", answer="Đã ghi hai lớp.").status_code == 303
    assert officer.send(page, f"{page}/gui").status_code == 303
    assert appraiser.send(page, f"{page}/thong-nhat").status_code == 303
    head = desks.at(desks.province.head)
    wrong = head.send(page, f"{page}/ban-hanh", document_number="05/KH-UBND", document_on="hôm nay")
    assert wrong.status_code == 422
    assert "05/KH-UBND" in wrong.text
    document = {"document_number": "05/KH-UBND", "document_on": "15/02/2012"}
    assert head.send(page, f"{page}/ban-hanh", **document).status_code == 303
    assert status_of(desks) is PlanStatus.ISSUED
    done = {"activity_key": "HD01", "state": "DONE", "words": "Đã mở hai lớp"}
    assert officer.send(page, f"{page}/tien-do", **done).status_code == 303
    assert "Đã mở hai lớp" in officer.open(page)


def test_what_was_typed_comes_back_when_it_cannot_be_kept(officer: Browser) -> None:
    page = started(officer)
    form = f"{page}/hoat-dong"
    unclear = officer.send(form, **(ACTIVITY | {"due_on": "cuối năm", "target-II.1.dd.1": "1.5.2"}))
    assert unclear.status_code == 422
    assert "cuối năm" in unclear.text
    assert 'href="#target-II.1.dd.1"' in unclear.text
    unnamed = officer.send(form, **(ACTIVITY | {"name_vi": "", "task_code": ""}))
    assert unnamed.status_code == 422
    assert "Chưa ghi tên hoạt động" in unnamed.text
    assert "100 công chức được cấp chứng nhận" in unnamed.text


def test_targets_of_a_task_are_shown_without_a_script(officer: Browser) -> None:
    form = f"{started(officer)}/hoat-dong"
    shown = officer.send(form, task_code="6b", name_vi="Số hóa hồ sơ", act="refresh")
    assert shown.status_code == 200
    assert shown.text.index("II.1.h.1") < shown.text.index("Mục tiêu khác")
    assert "Số hóa hồ sơ" in shown.text


def test_an_old_page_does_not_win(desks: Desks, officer: Browser) -> None:
    page = started(officer)
    old = officer.form(f"{page}/hoat-dong")
    assert officer.send(f"{page}/hoat-dong", **ACTIVITY).status_code == 303
    late = officer.post(old, **(ACTIVITY | {"name_vi": "Gõ trên trang cũ"}))
    assert late.status_code == 409
    assert "Gõ trên trang cũ" in late.text


def test_a_double_click_adds_one_activity(desks: Desks, officer: Browser) -> None:
    page = started(officer)
    form = officer.form(f"{page}/hoat-dong")
    answers = [officer.post(form, **ACTIVITY).status_code for _click in range(2)]
    assert answers == [303, 303]
    assert officer.open(page).count('class="panel plan-activity"') == 1


def test_projects_are_tied_and_named_on_both_pages(desks: Desks, officer: Browser) -> None:
    with transaction(desks.factory) as session:
        estimate_id = a_saved_estimate(session, desks.province)
        plan_id = a_saved_plan(session, desks.province.preparer, desks.province.agencies["H_NHATRANG"])
    page = f"/ke-hoach/{plan_id}"
    assert "Dự án chưa gắn hoạt động" in officer.open(page)
    tied = {"estimate_id": str(estimate_id), "project_key": "DA1", "activity_key": "HD01"}
    assert officer.send(page, f"{page}/gan-du-an", **tied).status_code == 303
    assert "5.000.000" in officer.open(page)
    estimate = officer.open(f"/du-toan/{estimate_id}")
    assert f'href="{page}#hd-HD01"' in estimate


def test_a_district_takes_in_and_gives_back_by_forms(desks: Desks, officer: Browser) -> None:
    page = brought(desks, PlanStatus.SUBMITTED_UP)
    lower = page.replace("/ke-hoach/", "/ke-hoach/cap-duoi/")
    listed = officer.open("/ke-hoach")
    assert f'href="{page}"' in listed
    assert "UBND xã Vĩnh Trung" in listed, "the commune that has sent nothing is named"
    assert officer.send(page, f"{lower}/tong-hop").status_code == 303
    refused = officer.send(page, f"{lower}/tra-lai", reason=" ")
    assert refused.status_code == 422
    assert officer.send(page, f"{lower}/tra-lai", reason="Thiếu kinh phí").status_code == 303
    assert "Thiếu kinh phí" in officer.open(page)


def test_a_commune_is_offered_only_the_way_through_its_district(desks: Desks) -> None:
    with transaction(desks.factory) as session:
        communes = communes_of(session, desks.province)
        plan_id = a_saved_plan(session, communes.officer, communes.first_id)
        give_passwords(session)
    shown = desks.at(communes.officer).open(f"/ke-hoach/{plan_id}")
    assert "Gửi UBND thành phố Nha Trang" in shown
    assert "Gửi thẩm định nội dung" not in shown


def test_readers_see_the_board_and_strangers_nothing(desks: Desks) -> None:
    page = brought(desks, PlanStatus.SENT)
    board = desks.at(desks.province.content_appraiser).open("/ke-hoach")
    assert "Đã gửi thẩm định nội dung" in board
    assert "Chưa lập" in board
    stranger = desks.at(desks.province.other_preparer)
    stranger.open(page, status=404)
    assert f'href="{page}"' not in stranger.open("/ke-hoach")
    desks.at(desks.province.administrator).open("/ke-hoach", status=403)


def test_tables_leave_as_workbooks(desks: Desks, officer: Browser) -> None:
    page = brought(desks, PlanStatus.SENT)
    for address in (f"{page}/ke-hoach.xlsx", f"/ke-hoach/tong-hop/{YEAR}/ke-hoach.xlsx"):
        sheet = load_workbook(io.BytesIO(officer.client.get(address).data)).worksheets[0]
        said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert "Bồi dưỡng công chức một cửa" in said
        assert "30/06/2012" in said


def test_last_year_is_offered_for_copying(desks: Desks, officer: Browser) -> None:
    with transaction(desks.factory) as session:
        a_saved_plan(session, desks.province.preparer, desks.province.agencies["H_NHATRANG"])
    shown = officer.open(f"/ke-hoach?nam={YEAR + 1}")
    assert f"Chép từ kế hoạch năm {YEAR}" in shown
    answer = officer.send(f"/ke-hoach?nam={YEAR + 1}", "/ke-hoach/lap")
    assert f"Chuyển từ năm {YEAR}" in officer.open(answer.location)


def test_an_older_version_says_that_it_is_one(desks: Desks, officer: Browser) -> None:
    page = brought(desks, PlanStatus.RETURNED)
    officer.send(page, f"{page}/sua-doi")
    assert "không phải bản hiện hành" in officer.open(f"{page}?lan=1")
    desks.at(desks.province.content_appraiser).open(f"{page}?lan=2", status=404)


def test_every_status_stands_on_a_way() -> None:
    assert {*OWN_WAY, *LOWER_WAY, PlanStatus.RETURNED} == set(PlanStatus)


def test_an_office_is_placed_by_the_administrator(desks: Desks) -> None:
    administrator = desks.at(desks.province.administrator)
    office = desks.province.agencies["H_KHANHVINH"]
    address = f"/quan-tri/co-quan/{office}/cap-tren"
    parent = str(desks.province.agencies["UBND_TINH"])
    given = {"level_code": "huyen", "parent_id": parent, "valid_from": "01/03/2012", "source": "QĐ 12"}
    assert administrator.send(address, **given).status_code == 303
    assert "01/03/2012 – nay" in administrator.open(address)
    assert administrator.send(address, **given).status_code == 422
