"""Plans stand on Việc của tôi of whoever takes them forward; tables of plans say what the pages say."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.estimates.totals import draft_total
from finance.plans.project_links import link_project
from finance.plans.workflow import PlanStatus
from finance.reports.audit_trail import CLOSED_VI, AuditFilter, find_acts
from finance.reports.plan_tables import reform_plan_table, reform_plans_table
from finance.reports.work_items import WorkItem
from finance.reports.worklist import sent_items, worklist
from tests.builders import Province, a_draft, a_province, later
from tests.estimate_journeys import a_saved_estimate
from tests.plan_journeys import YEAR, a_saved_plan, an_activity, bring_plan_to, plan_edit_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def plan_items(session: Session, actor: Actor) -> list[WorkItem]:
    return [item for item in worklist(session, actor) if item.place.endpoint.startswith("plans.")]


@pytest.mark.parametrize(
    ("status", "seat", "verb"),
    [
        (PlanStatus.DRAFT, "preparer", "Soạn"),
        (PlanStatus.SENT, "content_appraiser", "Thẩm định"),
        (PlanStatus.RETURNED, "preparer", "Sửa"),
        (PlanStatus.SUBMITTED_UP, "preparer", "Tổng hợp"),
        (PlanStatus.AGREED, "head", "Ban hành"),
    ],
)
def test_whoever_takes_it_forward_sees_it(
    session: Session, province: Province, status: PlanStatus, seat: str, verb: str
) -> None:
    bring_plan_to(session, province, status)
    assert verb in [item.verb_vi for item in plan_items(session, getattr(province, seat))]
    seats = {"preparer", "head", "content_appraiser", "estimate_appraiser", "other_preparer", "approver"}
    for other in seats - {seat}:
        assert verb not in [item.verb_vi for item in plan_items(session, getattr(province, other))], other


def test_a_sent_plan_stands_with_its_holder(session: Session, province: Province) -> None:
    bring_plan_to(session, province, PlanStatus.SENT)
    (item,) = [
        one for one in sent_items(session, province.preparer) if one.place.endpoint == "plans.plan_page"
    ]
    assert item.holder_vi == "Sở Nội vụ (thẩm định nội dung)"


def test_last_year_s_plan_calls_for_this_year_s(session: Session, province: Province) -> None:
    a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    next_year = later(province.preparer, province.preparer.moment.business_on.replace(year=YEAR + 1))
    assert [item.verb_vi for item in plan_items(session, next_year)] == ["Soạn", "Lập"]


def test_the_table_of_a_plan_adds_up(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(session, province.preparer, office, an_activity("Một"), an_activity("Hai"))
    for key, project in (("HD01", "DA1"), ("HD02", "DA2")):
        link_project(
            session,
            province.preparer,
            plan_id,
            activity_key=key,
            estimate_id=estimate_id,
            project_key=project,
            seen_edit=plan_edit_of(session, plan_id),
        )
    table = reform_plan_table(session, province.preparer, plan_id, None)
    assert [row[1] for row in table.rows] == ["Một", "Hai"]
    assert table.total[11] == sum(int(row[11] or 0) for row in table.rows) == draft_total(a_draft())
    assert table.rows[0][3] == "II.1.dd.1: 45 %"


def test_the_year_s_table_tells_each_activity_once(session: Session, province: Province) -> None:
    bring_plan_to(session, province, PlanStatus.TAKEN)  # the district's plan holds its own and the commune's
    table = reform_plans_table(session, province.preparer, YEAR)
    assert [row[10] for row in table.rows] == ["", "UBND xã Vĩnh Thạnh"]
    assert reform_plans_table(session, province.content_appraiser, YEAR).rows == ()


def test_the_audit_keeps_a_drafted_plan_s_content_closed(session: Session, province: Province) -> None:
    a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    acts, _total = find_acts(session, province.inspector, AuditFilter(subject_kind="reform_plan"), limit=10)
    said = [words for row in acts for words in row.details_vi]
    assert set(said) == {CLOSED_VI}
