"""A run is adopted, one award changed, the decision submitted, approved and answered."""

from __future__ import annotations

import re

import pytest

from tests.webapp.desks import Browser
from tests.webapp.scenarios.pool_desks import PoolDesks

RUN = "/phuong-an/luot-chay/1"
DECISION = "/phan-bo/quyet-dinh/1"


def adopted(desks: PoolDesks) -> Browser:
    """The planner's browser after a run was answered and adopted."""
    planner = desks.at(desks.province.planner)
    planner.send("/phuong-an/1", "/phuong-an/1/chay")
    desks.work()
    answer = planner.send(RUN, "/phan-bo/chon/1")
    assert answer.location == DECISION
    return planner


def award_address(page: str, name: str) -> str:
    """Where the award of the project with this name is changed."""
    row = next(part for part in page.split("<tr>") if name in part)
    return re.findall(rf'href="({DECISION}/muc/\d+)"', row)[0]


def submitted(desks: PoolDesks) -> None:
    assert adopted(desks).send(DECISION, f"{DECISION}/trinh").status_code == 303


def approved(desks: PoolDesks) -> None:
    submitted(desks)
    approver = desks.at(desks.province.approver)
    answer = approver.send(f"{DECISION}/phe-duyet", number="345/QĐ-UBND", signed_on="16/02/2012")
    assert answer.status_code == 303, answer.text


def test_after_the_approval_no_run_is_offered_and_pages_name_the_decision(pool_desks: PoolDesks) -> None:
    planner = adopted(pool_desks)
    assert "Chạy phương án" in planner.open("/phuong-an/1")
    planner.send(DECISION, f"{DECISION}/trinh")
    pool_desks.at(pool_desks.province.approver).send(
        f"{DECISION}/phe-duyet", number="345/QĐ-UBND", signed_on="16/02/2012"
    )
    page = planner.open("/phuong-an/1")
    assert "Chạy phương án" not in page
    assert "345/QĐ-UBND" in page
    assert "345/QĐ-UBND" in planner.open("/tham-dinh/1")


def test_the_draft_says_it_is_only_proposed(pool_desks: PoolDesks) -> None:
    page = adopted(pool_desks).open(DECISION)
    assert "Đề xuất, chưa phê duyệt" in page
    assert "Trình phê duyệt" in page
    assert "chưa đo được, quyết định bằng tay" in page


def test_one_award_is_changed_with_its_effect_seen_before(pool_desks: PoolDesks) -> None:
    planner = adopted(pool_desks)
    address = award_address(planner.open(DECISION), "(DA1)")
    effect = planner.client.get(f"{address}/tac-dong?level=0", headers={"HX-Request": "true"}).text
    assert "−5.000.000 đồng" in effect
    assert "22,5 → 20 (-2,5)" in effect
    form = planner.form(address)
    assert planner.post(form, level="0", reason="").status_code == 422
    assert planner.post(form, level="0", reason="Dời sang năm 2013").status_code == 303
    page = planner.open(DECISION)
    assert "Dời sang năm 2013" in page
    assert "điểm 22,5 → 20" in page


def test_more_money_than_there_is_comes_back_with_what_was_typed(pool_desks: PoolDesks) -> None:
    planner = adopted(pool_desks)
    page = planner.open(DECISION)
    refused = "(DA2)" if "không bố trí" in page.split("(DA2)")[1].split("</tr>")[0] else "(DB1)"
    form = planner.form(award_address(page, refused))
    level = re.findall(r'name="level" value="([1-9]\d*)"', planner.open(form.action))[0]
    answer = planner.post(form, level=level, reason="Cần cả hai")
    assert answer.status_code == 422
    assert "vượt khả năng cân đối 10.246.907 đồng" in answer.text
    assert "Cần cả hai" in answer.text
    assert "vượt, sẽ không ghi được" in answer.text


def test_a_draft_seen_late_is_not_overwritten(pool_desks: PoolDesks) -> None:
    planner = adopted(pool_desks)
    address = award_address(planner.open(DECISION), "(DA1)")
    old, form = planner.form(RUN, "/phan-bo/chon/1"), planner.form(address)
    planner.post(form, level="0", reason="Dời")
    assert planner.post(old).location == RUN
    assert "đã được người khác thay đổi" in planner.open(RUN)
    assert "Dời" in planner.open(DECISION)


def test_the_leader_returns_with_a_reason_and_then_approves(pool_desks: PoolDesks) -> None:
    submitted(pool_desks)
    approver = pool_desks.at(pool_desks.province.approver)
    page = approver.open(f"{DECISION}/phe-duyet")
    assert "Tiền này đem lại gì" in page
    assert "Từ chối khó nhất" in page
    assert approver.send(f"{DECISION}/phe-duyet", f"{DECISION}/tra-lai", reason=" ").status_code == 422
    returned = approver.send(f"{DECISION}/phe-duyet", f"{DECISION}/tra-lai", reason="Thiếu thuyết minh")
    assert returned.status_code == 303
    planner = pool_desks.at(pool_desks.province.planner)
    assert "Bị trả lại: Thiếu thuyết minh" in planner.open(DECISION)
    planner.send(DECISION, f"{DECISION}/trinh")
    form = approver.form(f"{DECISION}/phe-duyet")
    assert approver.post(form, number="", signed_on="16/02/2012").status_code == 422
    assert approver.post(form, number="1/QĐ", signed_on="17/02/2012").status_code == 422
    assert approver.post(form, number="1/QĐ", signed_on="16/02/2012").status_code == 303
    page = approver.open(DECISION)
    assert "Quyết định phân bổ số 1/QĐ" in page
    assert "Đề xuất, chưa phê duyệt" not in page
    assert "Điều chỉnh</" not in page


def test_an_office_reads_its_own_answer_after_approval_only(pool_desks: PoolDesks) -> None:
    submitted(pool_desks)
    province = pool_desks.province
    own = f"/phan-bo/tra-loi/{province.round_id}/{province.agencies['H_NHATRANG']}"
    other = f"/phan-bo/tra-loi/{province.round_id}/{province.agencies['H_KHANHVINH']}"
    preparer = pool_desks.at(province.preparer)
    assert "chưa được phê duyệt" in preparer.open(own)
    assert "5.000.000" not in preparer.open(own)
    preparer.open(other, 403)
    preparer.open(DECISION, 403)
    approver = pool_desks.at(province.approver)
    approver.send(f"{DECISION}/phe-duyet", number="345/QĐ-UBND", signed_on="16/02/2012")
    page = preparer.open(own)
    assert "Theo Quyết định số 345/QĐ-UBND ngày 16/02/2012" in page
    assert "Đề nghị 5.000.000 đồng, thẩm định 5.000.000 đồng; bố trí 5.000.000 đồng" in page
    assert "Nơi nhận" in page
    assert "Sở Kế hoạch và Đầu tư" in page
    asked = re.search(r"/du-toan/\d+", preparer.open(f"/du-toan?dot={province.round_id}"))
    assert asked is not None
    estimate = preparer.open(asked[0])
    assert "phân bổ của đợt đã được phê duyệt" in estimate
    assert "chờ phương án phân bổ" not in estimate
    index = preparer.open("/phan-bo")
    assert own in index
    assert other not in index


def test_the_planner_reads_every_answer_marked_as_proposed(pool_desks: PoolDesks) -> None:
    planner = adopted(pool_desks)
    province = pool_desks.province
    page = planner.open(f"/phan-bo/tra-loi/{province.round_id}/{province.agencies['H_NHATRANG']}")
    assert "Đề xuất, chưa phê duyệt" in page
    assert "Bồi dưỡng công chức một cửa (DA1)" in page


@pytest.mark.parametrize("who", ["planner", "inspector", "preparer", "head", "content_appraiser"])
def test_only_the_approving_head_opens_the_approval(pool_desks: PoolDesks, who: str) -> None:
    submitted(pool_desks)
    pool_desks.at(getattr(pool_desks.province, who)).open(f"{DECISION}/phe-duyet", 403)


def test_an_approved_decision_offers_nothing_to_change(pool_desks: PoolDesks) -> None:
    approved(pool_desks)
    planner = pool_desks.at(pool_desks.province.planner)
    page = planner.open(DECISION)
    assert "muc/" not in page
    assert "/trinh" not in page
    assert "/phan-bo/chon/1" not in planner.open(RUN)
