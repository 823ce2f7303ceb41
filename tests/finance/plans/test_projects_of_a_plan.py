"""Projects carry out activities: what they ask and promise stands beside the plan, to the đồng."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from finance.errors import NotAllowed, NotFound, RuleBroken
from finance.estimates.operations import remove_project
from finance.estimates.totals import draft_total
from finance.plans.operations import start_plan
from finance.plans.plan_lookup import get_seen_plan
from finance.plans.project_links import PlanMoney, activities_of_projects, link_project, plan_money
from finance.plans.workflow import PlanStatus
from tests.builders import Province, a_draft
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.plan_journeys import YEAR, a_saved_plan, an_activity, bring_plan_to, plan_edit_of


def link(
    session: Session, province: Province, plan_id: int, estimate_id: int, key: str, project: str = "DA1"
) -> None:
    link_project(
        session,
        province.preparer,
        plan_id,
        activity_key=key,
        estimate_id=estimate_id,
        project_key=project,
        seen_edit=plan_edit_of(session, plan_id),
    )


def money(session: Session, province: Province, plan_id: int) -> PlanMoney:
    return plan_money(session, province.preparer, get_seen_plan(session, province.preparer, plan_id))


def test_money_and_results_stand_at_the_activity(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(session, province.preparer, office, an_activity("Một"), an_activity("Hai"))
    assert [one.project_key for one in money(session, province, plan_id).without_activity] == ["DA1", "DA2"]
    link(session, province, plan_id, estimate_id, "HD01")
    link(session, province, plan_id, estimate_id, "HD01", "DA2")
    seen = money(session, province, plan_id)
    assert seen.asked_vnd == draft_total(a_draft())
    assert seen.activities_without == ("HD02",)
    first, second = seen.by_activity["HD01"]
    assert (first.asked_vnd, first.asked_in_year_vnd) == (5_000_000, 5_000_000)
    assert first.promises_vi == ("Lượt người được bồi dưỡng: 100 lượt người (2012)",)
    # The lines of 2013 count in the whole, not in the year.
    assert second.asked_vnd - second.asked_in_year_vnd == 2 * 500_000
    assert second.promises_vi == ("Xã có một cửa hiện đại: 4 đơn vị (2013)",)


def test_a_link_is_changed_taken_away_and_outlives_the_project(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(session, province.preparer, office, an_activity("Một"), an_activity("Hai"))
    link(session, province, plan_id, estimate_id, "HD01")
    link(session, province, plan_id, estimate_id, "HD02")
    assert list(money(session, province, plan_id).by_activity) == ["HD02"]
    edit = plan_edit_of(session, plan_id)
    link(session, province, plan_id, estimate_id, "HD02")
    assert plan_edit_of(session, plan_id) == edit, "the same link again is no act"
    link(session, province, plan_id, estimate_id, "")
    assert not money(session, province, plan_id).by_activity
    link(session, province, plan_id, estimate_id, "HD01")
    remove_project(
        session, province.preparer, estimate_id, project_key="DA1", seen_edit=edit_of(session, estimate_id)
    )
    assert not money(session, province, plan_id).by_activity
    with pytest.raises(NotFound):
        link(session, province, plan_id, estimate_id, "HD02")


def test_only_own_projects_and_known_activities(session: Session, province: Province) -> None:
    own, foreign = a_saved_estimate(session, province), a_saved_estimate(session, province, other=True)
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    with pytest.raises(NotFound):
        link(session, province, plan_id, foreign, "HD01")
    with pytest.raises(NotFound):
        link(session, province, plan_id, own, "HD09")
    next_id = start_plan(session, province.preparer, agency_id=province.agencies["H_NHATRANG"], year=YEAR + 1)
    link(session, province, plan_id, own, "HD01")
    with pytest.raises(RuleBroken, match="năm khác"):
        link(session, province, next_id, own, "")


def test_readers_see_the_money_only_once_it_was_sent(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    link(session, province, plan_id, estimate_id, "HD01")
    appraiser = province.content_appraiser
    assert plan_money(session, appraiser, get_seen_plan(session, appraiser, plan_id)).projects == ()
    with pytest.raises(NotAllowed):
        link_project(
            session,
            appraiser,
            plan_id,
            activity_key="",
            estimate_id=estimate_id,
            project_key="DA1",
            seen_edit=plan_edit_of(session, plan_id),
        )


def test_the_estimate_names_the_activity_to_those_who_may_read_the_plan(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province)
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    link(session, province, plan_id, estimate_id, "HD01")
    named = activities_of_projects(session, province.preparer, estimate_id)
    assert (named["DA1"].name_vi, named["DA1"].year) == ("Bồi dưỡng công chức một cửa", YEAR)
    assert activities_of_projects(session, province.content_appraiser, estimate_id) == {}
