"""A commune hands its signed estimate up by forms; the district reads it, takes it in, gives it back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from finance.database import transaction
from finance.estimates.handover_queries import list_handovers
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.procedure import check_estimate, sign_estimate
from finance.estimates.queries import find_estimate
from finance.estimates.workflow import EstimateKind
from tests.builders import a_draft, a_project
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.plan_journeys import Communes, communes_of
from tests.webapp.desks import Desks, give_passwords
from tests.webapp.province_fixtures import desks, served_province

__all__ = ["desks", "served_province"]


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
    assert "chờ cấp trên xem" in below.open(page)
    listed = above.open("/du-toan")
    with desks.factory() as session:
        (row,) = list_handovers(session, desks.province.preparer, desks.province.round_id)
    lower = f"/du-toan/cap-duoi/{row.id}"
    assert f'href="{lower}"' in listed
    read = above.open(lower)
    assert "Niêm yết thủ tục" in read
    assert "5.000.000" in read
    assert above.send(lower, f"{lower}/tong-hop").status_code == 303
    with desks.factory() as session:
        own = a_saved_id(session, desks)
    assert "X_VINHTHANH.X1 Niêm yết thủ tục" in above.open(f"/du-toan/{own}")
    assert above.send(lower, f"{lower}/tra-lai", reason=" ").status_code == 422
    assert above.send(lower, f"{lower}/tra-lai", reason="Thiếu báo giá").status_code == 303
    assert "X_VINHTHANH.X1" not in above.open(f"/du-toan/{own}")
    assert "Thiếu báo giá" in below.open(page)


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
