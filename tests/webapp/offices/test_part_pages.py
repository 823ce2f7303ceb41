"""A part of a co-agency from invitation to the joined estimate, by the pages of both offices."""

from __future__ import annotations

import re

import pytest

from finance.database import transaction
from finance.estimates.queries import load_draft
from tests.builders import a_draft, a_project
from tests.estimate_journeys import a_saved_estimate
from tests.webapp.desks import Browser, Desks, FormReader


@pytest.fixture
def estimate_id(desks: Desks) -> int:
    """Nha Trang's draft of one project of one level."""
    with transaction(desks.factory) as session:
        return a_saved_estimate(session, desks.province, a_draft(a_project()))


def invite(desks: Desks, estimate_id: int) -> str:
    """The address of the part of Khánh Vĩnh in Nha Trang's DA1."""
    officer = desks.at(desks.province.preparer)
    page = f"/du-toan/{estimate_id}/phoi-hop"
    answer = officer.send(
        f"{page}?ma=DA1",
        f"{page}/moi",
        partner_id=str(desks.province.agencies["H_KHANHVINH"]),
        words="In tài liệu cho huyện",
    )
    assert answer.status_code == 303, answer.text
    return re.findall(r"/phan-phoi-hop/\d+", officer.open(page))[-1]


def do(browser: Browser, part: str, act: str, **typed: str) -> int:
    """One act of the part's page, by its own button."""
    form = next(
        form
        for form in FormReader.forms_of(browser.open(part))
        if form.action == part and form.fields.get("act") == act
    )
    return browser.post(form, **typed).status_code


def test_two_offices_sign_one_project(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    lead = desks.at(desks.province.preparer)
    partner, their_head = desks.at(desks.province.other_preparer), desks.at(desks.province.other_head)
    assert "Phần của UBND huyện Khánh Vĩnh" in partner.open("/")
    assert do(partner, part, "ACCEPT_PART") == 303
    unreadable = partner.send(part, f"{part}/luu", **{"lines-0-item_vi": "In", "lines-0-unit_price": "1.5"})
    assert unreadable.status_code == 422
    assert "1 ô chưa đọc được" in unreadable.text
    answer = partner.send(
        part,
        f"{part}/luu",
        **{
            "lines-0-item_vi": "In tài liệu",
            "lines-0-source_code": "NST_TX",
            "lines-0-unit_name": "bộ",
            "lines-0-unit_price": "200.000",
            "lines-0-quantity-1": "5",
        },
    )
    assert answer.status_code == 303, answer.text
    page = f"/du-toan/{estimate_id}"
    early = lead.send(page, f"{page}/trinh")
    assert early.status_code == 422
    assert "Chờ UBND huyện Khánh Vĩnh ký phần phối hợp" in early.text
    assert "Ký" in their_head.open("/")
    assert "1.000.000" in their_head.open(part)
    assert do(their_head, part, "SIGN_PART") == 303
    assert lead.send(page, f"{page}/trinh").status_code == 303
    with desks.factory() as session:
        lines = load_draft(session, estimate_id).projects[0].lines
    assert [line.item_vi for line in lines] == ["Thuê giảng viên", "In tài liệu"]
    assert "Phần của UBND huyện Khánh Vĩnh" in lead.open(f"{page}/ban-day-du")


def test_the_invitation_can_be_declined_and_withdrawn(desks: Desks, estimate_id: int) -> None:
    part = invite(desks, estimate_id)
    their_head, lead = desks.at(desks.province.other_head), desks.at(desks.province.preparer)
    assert do(their_head, part, "DECLINE_PART") == 422
    assert do(their_head, part, "DECLINE_PART", reason="Không đủ người") == 303
    assert "Không đủ người" in lead.open(f"/du-toan/{estimate_id}/phoi-hop")
    second = invite(desks, estimate_id)
    assert do(lead, second, "WITHDRAW_INVITATION", reason="Tự làm") == 303
    outsider = desks.at(desks.province.planner)
    outsider.open(second, 403)
