"""A commune's estimate goes through its district: handed up, taken in with its origin, or given back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.standings import place_agency
from finance.errors import NotAllowed, NotFound, ReasonMissing, RuleBroken, StaleVersion
from finance.estimates.draft import EstimateDraft
from finance.estimates.handing_up.queries import (
    get_handover,
    handed_up_projects,
    list_handovers,
    origins_of_projects,
)
from finance.estimates.handing_up.records import TakenProject
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.handovers import return_estimate_down, submit_estimate_up, take_estimate
from finance.estimates.operations import save_draft, save_project
from finance.estimates.procedure import (
    check_estimate,
    refuse_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import load_draft
from finance.estimates.records import Estimate
from finance.estimates.totals import draft_total
from finance.estimates.workflow import EstimateStatus
from finance.reports.worklist import sent_items, worklist
from finance.rounds.deadlines import remind_office
from finance.rounds.queries import get_round
from tests.builders import Province, a_draft, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.handover_journeys import hand_up, offered, signed_below, taken
from tests.plan_journeys import Communes, communes_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def communes(session: Session, province: Province) -> Communes:
    return communes_of(session, province)


def keys_of(session: Session, estimate_id: int) -> list[str]:
    return [project.project_key for project in load_draft(session, estimate_id).projects]


def test_a_commune_does_not_send_past_its_district(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id = signed_below(session, province, communes)
    edit = edit_of(session, estimate_id)
    with pytest.raises(RuleBroken, match="UBND thành phố Nha Trang"):
        send_estimate(
            session,
            communes.head,
            estimate_id,
            document_number="1/UBND",
            document_on=DOCUMENT_ON,
            seen_edit=edit,
        )
    submit_estimate_up(session, communes.officer, estimate_id, seen_edit=edit)
    with pytest.raises(RuleBroken, match="đã được gửi"):
        submit_estimate_up(session, communes.officer, estimate_id, seen_edit=edit + 1)


def test_only_a_signed_estimate_with_an_office_above_is_handed_up(
    session: Session, province: Province, communes: Communes
) -> None:
    own = a_saved_estimate(session, province)
    with pytest.raises(RuleBroken):
        submit_estimate_up(session, province.preparer, own, seen_edit=edit_of(session, own))
    estimate_id = signed_below(session, province, communes)
    with pytest.raises(NotFound):
        submit_estimate_up(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(StaleVersion):
        submit_estimate_up(session, communes.officer, estimate_id, seen_edit=1)


def test_the_district_reads_what_was_handed_up_and_nobody_else_does(
    session: Session, province: Province, communes: Communes
) -> None:
    _estimate_id, handover_id = offered(session, province, communes)
    row = get_handover(session, province.preparer, handover_id)
    assert (row.agency_short, row.asked_vnd, row.project_count) == ("UBND xã Vĩnh Thạnh", 10_000_000, 2)
    assert [one.project_key for one in handed_up_projects(session, province.head, handover_id)] == [
        "X1",
        "X2",
    ]
    strangers: list[Actor] = [province.other_preparer, province.content_appraiser, communes.officer]
    for stranger in strangers:
        with pytest.raises(NotFound):
            get_handover(session, stranger, handover_id)
        assert list_handovers(session, stranger, province.round_id) == []


def test_projects_come_in_with_their_origin_to_the_dong(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken(session, province, communes)
    assert keys_of(session, upper_id) == ["DA1", "X_VINHTHANH.X1", "X_VINHTHANH.X2"]
    below = load_draft(session, estimate_id)
    assert draft_total(load_draft(session, upper_id)) == 5_000_000 + draft_total(below)
    origins = origins_of_projects(session, upper_id)
    assert [(one.agency_short, one.origin_key, one.is_changed) for one in origins] == [
        ("UBND xã Vĩnh Thạnh", "X1", False),
        ("UBND xã Vĩnh Thạnh", "X2", False),
    ]
    assert get_handover(session, province.preparer, handover_id).state is HandoverState.TAKEN
    with pytest.raises(RuleBroken):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(RuleBroken, match="Cấp trên đã tổng hợp"):
        refuse_estimate(
            session, communes.head, estimate_id, reason="Sửa", seen_edit=edit_of(session, estimate_id)
        )


@pytest.mark.parametrize(
    ("own", "expected"), [((10, 20), [10, 20, 21, 22]), ((1, 9_999), [1, 9_998, 9_999, 9_999])]
)
def test_projects_from_below_come_behind_the_own_ones_however_these_are_numbered(
    session: Session,
    province: Province,
    communes: Communes,
    own: tuple[int, int],
    expected: list[int],
) -> None:
    one, other = own
    draft = a_draft(a_project("DA1", priority=one), a_project("DA2", priority=other))
    upper_id = a_saved_estimate(session, province, draft)
    estimate_id, handover_id = offered(session, province, communes)
    edit = edit_of(session, estimate_id)
    take_estimate(session, province.preparer, handover_id, seen_edit=edit)
    assert keys_of(session, upper_id)[0] == "DA1"
    assert [one.priority for one in load_draft(session, upper_id).projects] == expected


def test_what_the_district_changes_is_told_and_the_commune_s_stays(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, _handover_id = taken(session, province, communes)
    project = load_draft(session, upper_id).projects[1]
    cut = replace(project, name_vi="Thu hẹp")
    save_project(session, province.preparer, upper_id, project=cut, seen_edit=edit_of(session, upper_id))
    assert [one.is_changed for one in origins_of_projects(session, upper_id)] == [True, False]
    assert "Thu hẹp" not in [one.name_vi for one in load_draft(session, estimate_id).projects]


def test_given_back_it_leaves_the_district_s_draft_and_comes_again_as_a_new_version(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken(session, province, communes)
    with pytest.raises(ReasonMissing):
        return_estimate_down(
            session, province.preparer, handover_id, reason=" ", seen_edit=edit_of(session, estimate_id)
        )
    return_estimate_down(
        session, province.preparer, handover_id, reason="Thiếu", seen_edit=edit_of(session, estimate_id)
    )
    assert keys_of(session, upper_id) == ["DA1"]
    assert session.scalars(select(TakenProject)).all() == []
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.RETURNED
    revise_estimate(session, communes.officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    draft = EstimateDraft(load_draft(session, estimate_id).projects[:1])
    save_draft(session, communes.officer, estimate_id, draft=draft, seen_edit=edit_of(session, estimate_id))
    check_estimate(session, communes.officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, communes.head, estimate_id, seen_edit=edit_of(session, estimate_id))
    submit_estimate_up(session, communes.head, estimate_id, seen_edit=edit_of(session, estimate_id))
    rows = list_handovers(session, province.preparer, province.round_id)
    assert [(row.version_number, row.state) for row in rows] == [
        (1, HandoverState.RETURNED),
        (2, HandoverState.OFFERED),
    ]
    take_estimate(session, province.preparer, rows[1].id, seen_edit=edit_of(session, estimate_id))
    assert keys_of(session, upper_id) == ["DA1", "X_VINHTHANH.X1"]


def test_an_estimate_on_its_way_takes_nothing_in_and_gives_nothing_back(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id = offered(session, province, communes)
    with pytest.raises(RuleBroken, match="chưa lập dự toán"):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))
    check_estimate(session, province.preparer, upper_id, seen_edit=edit_of(session, upper_id))
    with pytest.raises(RuleBroken, match="đang ở trạng thái"):
        return_estimate_down(
            session, province.preparer, handover_id, reason="Muộn", seen_edit=edit_of(session, estimate_id)
        )
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.SIGNED


def test_a_signature_voided_takes_the_offer_back(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id = offered(session, province, communes)
    refuse_estimate(
        session, communes.head, estimate_id, reason="Sửa", seen_edit=edit_of(session, estimate_id)
    )
    assert list_handovers(session, province.preparer, province.round_id) == []
    with pytest.raises(NotFound):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))


def test_nobody_takes_in_without_a_seat_above(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id = offered(session, province, communes)
    for stranger in (province.other_head, province.estimate_appraiser, communes.head):
        with pytest.raises((NotFound, NotAllowed)):
            take_estimate(session, stranger, handover_id, seen_edit=edit_of(session, estimate_id))


def test_it_waits_above_and_stands_as_sent_below(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id = signed_below(session, province, communes)
    edit, finance = get_round(session, province.round_id).edit_number, province.estimate_appraiser
    remind_office(session, finance, province.round_id, agency_id=communes.first_id, seen_edit=edit)
    assert "Xem" in [item.verb_vi for item in worklist(session, communes.officer)]
    hand_up(session, province, communes, estimate_id)
    assert "Xem" not in [item.verb_vi for item in worklist(session, communes.officer)]
    waiting = [item for item in worklist(session, province.preparer) if item.verb_vi == "Tổng hợp"]
    assert [item.place.endpoint for item in waiting] == ["estimates.lower_page"]
    assert not [item for item in worklist(session, communes.officer) if item.verb_vi == "Gửi"]
    (sent,) = sent_items(session, communes.officer)
    assert sent.holder_vi == "UBND thành phố Nha Trang"


def test_what_is_held_above_is_neither_sent_nor_taken_by_an_office_it_left(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id = offered(session, province, communes)
    a_saved_estimate(session, province, a_draft(a_project("DA1")))
    place_agency(
        session,
        province.administrator,
        communes.first_id,
        parent_id=province.agencies["UBND_TINH"],
        level_code="xa",
        valid_from=province.preparer.moment.business_on,
        source="QĐ thử nghiệm",
    )
    edit = edit_of(session, estimate_id)
    sent = {"document_number": "1/UBND", "document_on": DOCUMENT_ON, "seen_edit": edit}
    with pytest.raises(RuleBroken, match="đã gửi UBND thành phố Nha Trang"):
        send_estimate(session, communes.head, estimate_id, **sent)
    with pytest.raises(RuleBroken, match="không còn gửi qua"):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit)
