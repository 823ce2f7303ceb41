"""A commune's plan goes to its district by dated parents; in 2026 there is none and it goes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Capacity, Function
from finance.agencies.hierarchy import consolidated_children, consolidating_parent, list_standings
from finance.agencies.records import AgencyStanding
from finance.agencies.standings import place_agency
from finance.errors import NotAllowed, NotFound, RuleBroken
from finance.plans.comments import give_plan_comment
from finance.plans.content import read_plan_draft
from finance.plans.operations import remove_activity, save_activity
from finance.plans.plan_lookup import get_seen_plan
from finance.plans.procedure import (
    agree_plan,
    request_plan_changes,
    return_plan_down,
    revise_plan,
    send_plan,
    submit_plan_up,
    take_plan,
)
from finance.plans.queries import list_plans, plan_board, plan_findings, plan_row
from finance.plans.records import ReformPlan
from finance.plans.workflow import CommentKind, PlanStatus
from tests.builders import Province, an_actor, later
from tests.plan_journeys import (
    YEAR,
    Communes,
    a_saved_plan,
    an_activity,
    communes_of,
    plan_edit_of,
    stand_under,
)

TODAY = date(2012, 2, 15)


@pytest.fixture
def communes(session: Session, province: Province) -> Communes:
    return communes_of(session, province)


def submitted(session: Session, communes: Communes) -> int:
    """The first commune's plan of two activities, handed to the district."""
    plan_id = a_saved_plan(
        session, communes.officer, communes.first_id, an_activity("Một"), an_activity("Hai")
    )
    submit_plan_up(session, communes.officer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    return plan_id


def names_in(session: Session, province: Province, plan_id: int) -> list[tuple[str, str]]:
    seen = get_seen_plan(session, province.preparer, plan_id)
    return [(one.name_vi, one.origin_code) for one in read_plan_draft(session, seen.version).activities]


def test_who_consolidates_is_read_from_dated_parents(
    session: Session, province: Province, communes: Communes
) -> None:
    district, committee = province.agencies["H_NHATRANG"], province.agencies["UBND_TINH"]
    assert consolidating_parent(session, communes.first_id, TODAY) == district
    assert consolidating_parent(session, district, TODAY) is None
    assert [row.id for row in consolidated_children(session, district, TODAY)] == [
        communes.first_id,
        communes.second_id,
    ]
    # July 2025: the districts are gone, communes stand under the province.
    for standing in session.scalars(select(AgencyStanding)):
        if standing.parent_id == district:
            standing.valid_to = date(2025, 6, 30)
            level_id = standing.level_id
            session.add(
                AgencyStanding(
                    agency_id=standing.agency_id,
                    level_id=level_id,
                    parent_id=committee,
                    valid_from=date(2025, 7, 1),
                )
            )
    session.flush()
    assert consolidating_parent(session, communes.first_id, date(2025, 6, 30)) == district
    assert consolidating_parent(session, communes.first_id, date(2025, 7, 1)) is None
    today = later(communes.officer, date(2026, 1, 10))
    plan_id = a_saved_plan(session, today, communes.first_id)
    with pytest.raises(RuleBroken, match="không có cấp trên"):
        submit_plan_up(session, today, plan_id, seen_edit=plan_edit_of(session, plan_id))
    send_plan(session, today, plan_id, seen_edit=plan_edit_of(session, plan_id))


def test_a_branch_of_the_centre_is_nobody_s_commune(
    session: Session, province: Province, communes: Communes
) -> None:
    # The treasury's parent is a ministry: nobody above it approves the province's allocations.
    stand_under(session, province.agencies["STC"], province.agencies["SKHDT"])
    assert consolidating_parent(session, province.agencies["STC"], TODAY) is None


def test_a_commune_does_not_pass_by_its_district(session: Session, communes: Communes) -> None:
    plan_id = a_saved_plan(session, communes.officer, communes.first_id)
    with pytest.raises(RuleBroken, match="UBND thành phố Nha Trang"):
        send_plan(session, communes.officer, plan_id, seen_edit=plan_edit_of(session, plan_id))


def test_the_district_sees_returns_and_takes_in(
    session: Session, province: Province, communes: Communes
) -> None:
    plan_id = submitted(session, communes)
    assert plan_row(session, province.preparer, plan_id).is_below
    with pytest.raises(NotFound):
        plan_row(session, province.other_preparer, plan_id)
    edit = plan_edit_of(session, plan_id)
    return_plan_down(session, province.preparer, plan_id, reason="Thiếu thời hạn", seen_edit=edit)
    assert session.get_one(ReformPlan, plan_id).status is PlanStatus.RETURNED
    revise_plan(session, communes.officer, plan_id, seen_edit=edit + 1)
    submit_plan_up(session, communes.officer, plan_id, seen_edit=edit + 2)
    with pytest.raises(RuleBroken, match="chưa lập kế hoạch"):
        take_plan(session, province.preparer, plan_id, seen_edit=edit + 3)
    own_id = a_saved_plan(
        session, province.preparer, province.agencies["H_NHATRANG"], an_activity("Của huyện")
    )
    take_plan(session, province.preparer, plan_id, seen_edit=edit + 3)
    taken = [("Một", "X_VINHTHANH"), ("Hai", "X_VINHTHANH")]
    assert names_in(session, province, own_id) == [("Của huyện", ""), *taken]
    assert [row.id for row in list_plans(session, province.preparer, YEAR)] == [own_id, plan_id]


def test_what_was_taken_in_stays_as_written_and_leaves_by_returning(
    session: Session, province: Province, communes: Communes
) -> None:
    own_id = a_saved_plan(
        session, province.preparer, province.agencies["H_NHATRANG"], an_activity("Của huyện")
    )
    plan_id = submitted(session, communes)
    take_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    key = "X_VINHTHANH.HD01"
    changed = an_activity("Sửa lời xã", activity_key=key)
    with pytest.raises(RuleBroken, match="đơn vị trực thuộc"):
        save_activity(
            session, province.preparer, own_id, activity=changed, seen_edit=plan_edit_of(session, own_id)
        )
    with pytest.raises(RuleBroken, match="đơn vị trực thuộc"):
        remove_activity(
            session, province.preparer, own_id, activity_key=key, seen_edit=plan_edit_of(session, own_id)
        )
    return_plan_down(
        session, province.head, plan_id, reason="Xã xin sửa", seen_edit=plan_edit_of(session, plan_id)
    )
    assert names_in(session, province, own_id) == [("Của huyện", "")]


def test_a_plan_on_its_way_takes_nothing_in_and_gives_nothing_back(
    session: Session, province: Province, communes: Communes
) -> None:
    own_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    plan_id = submitted(session, communes)
    take_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    send_plan(session, province.preparer, own_id, seen_edit=plan_edit_of(session, own_id))
    with pytest.raises(RuleBroken, match="đã gửi thẩm định"):
        return_plan_down(
            session, province.preparer, plan_id, reason="Muộn", seen_edit=plan_edit_of(session, plan_id)
        )
    assert session.get_one(ReformPlan, plan_id).status is PlanStatus.TAKEN


def test_communes_not_heard_of_are_named_and_do_not_block(
    session: Session, province: Province, communes: Communes
) -> None:
    own_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    plan_id = submitted(session, communes)
    take_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    seen = get_seen_plan(session, province.preparer, own_id)
    said = [one.message_vi for one in plan_findings(session, seen, TODAY) if one.code == "BELOW_MISSING"]
    assert said == ["Chưa tổng hợp kế hoạch của 1 đơn vị trực thuộc: UBND xã Vĩnh Trung."]
    send_plan(session, province.preparer, own_id, seen_edit=plan_edit_of(session, own_id))
    board = {row.agency_short: row for row in plan_board(session, province.content_appraiser, YEAR)}
    assert board["UBND xã Vĩnh Thạnh"].through == "UBND thành phố Nha Trang"


def test_an_administrator_places_an_office_from_a_date_on(session: Session, province: Province) -> None:
    administrator, office = province.administrator, province.agencies["H_KHANHVINH"]
    facts = {"level_code": "huyen", "valid_from": date(2012, 3, 1), "source": "QĐ thử nghiệm"}
    place_agency(session, administrator, office, parent_id=province.agencies["UBND_TINH"], **facts)  # type: ignore[arg-type]
    newest, before = list_standings(session, office)
    assert (newest.parent_name, newest.valid_from) == ("Ủy ban nhân dân tỉnh", date(2012, 3, 1))
    assert before.valid_to == date(2012, 2, 29)
    with pytest.raises(RuleBroken, match="muộn hơn"):
        place_agency(session, administrator, office, parent_id=None, **facts)  # type: ignore[arg-type]
    later_on = facts | {"valid_from": date(2012, 4, 1)}
    with pytest.raises(RuleBroken, match="chính cơ quan này"):
        place_agency(session, administrator, office, parent_id=office, **later_on)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="văn bản"):
        place_agency(session, administrator, office, parent_id=None, **(later_on | {"source": " "}))  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="không có cấp"):
        place_agency(session, administrator, office, parent_id=None, **(later_on | {"level_code": "lang"}))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        place_agency(session, province.preparer, office, parent_id=None, **later_on)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["officer", "head"])
def test_nobody_appraises_a_plan_put_together_from_one_he_prepared(
    session: Session, province: Province, communes: Communes, who: str
) -> None:
    """The commune's officer wrote it and its head handed it up; both have moved to Sở Nội vụ since."""
    lower_id = a_saved_plan(session, communes.officer, communes.first_id)
    submit_plan_up(session, communes.head, lower_id, seen_edit=plan_edit_of(session, lower_id))
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    take_plan(session, province.preparer, lower_id, seen_edit=plan_edit_of(session, lower_id))
    send_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    edit = plan_edit_of(session, plan_id)
    person = replace(getattr(communes, who), seats=province.content_appraiser.seats)
    words = {"activity_key": "HD01", "kind": CommentKind.GUIDANCE, "words": "Nên làm sớm hơn."}
    for refused in (
        lambda: agree_plan(session, person, plan_id, seen_edit=edit),
        lambda: request_plan_changes(session, person, plan_id, reason="Sửa", seen_edit=edit),
        lambda: give_plan_comment(session, person, plan_id, **words, seen_edit=edit),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed, match=r"Kế hoạch .* năm 2012 của UBND xã Vĩnh Thạnh"):
            refused()
    # Whoever wrote a plan that was not taken in has no hand in this one.
    other = an_actor(session, "Ngô Văn Tám", (Function.PREPARE, Capacity.OFFICER, communes.second_id))
    a_saved_plan(session, other, communes.second_id)
    agree_plan(session, replace(other, seats=province.content_appraiser.seats), plan_id, seen_edit=edit)
