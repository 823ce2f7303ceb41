"""Plans brought to a status by the acts people use; communes placed under their district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor, Capacity, Function
from finance.agencies.records import AgencyStanding
from finance.plans.comments import give_plan_comment
from finance.plans.draft import ActivityDraft, TargetValue
from finance.plans.operations import save_activity, start_plan
from finance.plans.procedure import (
    agree_plan,
    issue_plan,
    request_plan_changes,
    send_plan,
    submit_plan_up,
    take_plan,
)
from finance.plans.records import ReformPlan
from finance.plans.workflow import CommentKind, PlanStatus
from tests.builders import Province, an_actor, an_agency

YEAR = 2012
DOCUMENT = {"document_number": "05/KH-UBND", "document_on": date(2012, 2, 14)}


@dataclass(frozen=True)
class Communes:
    """Two communes of Nha Trang and who sits in the first."""

    first_id: int
    second_id: int
    officer: Actor
    head: Actor


def plan_edit_of(session: Session, plan_id: int) -> int:
    """The edit number a fresh page would show."""
    return session.get_one(ReformPlan, plan_id).edit_number


def an_activity(name_vi: str = "Bồi dưỡng công chức một cửa", **changed: Any) -> ActivityDraft:
    """A whole activity of task 4b, due in June, with one target's value."""
    facts: dict[str, Any] = {
        "activity_key": "",
        "task_code": "4b",
        "product_vi": "100 công chức được cấp chứng nhận",
        "due_on": date(YEAR, 6, 30),
        "responsible_vi": "Phòng Nội vụ",
        "targets": (TargetValue("II.1.dd.1", 45_000),),
    }
    return ActivityDraft(name_vi=name_vi, **(facts | changed))


def stand_under(session: Session, agency_id: int, parent_id: int) -> None:
    """Let the office have stood under this parent ever since."""
    standing = session.scalars(select(AgencyStanding).where(AgencyStanding.agency_id == agency_id)).one()
    standing.parent_id = parent_id
    session.flush()


def communes_of(session: Session, province: Province) -> Communes:
    """Two communes under Nha Trang, which stands under the province's committee."""
    district = province.agencies["H_NHATRANG"]
    stand_under(session, district, province.agencies["UBND_TINH"])
    first = an_agency(session, "X_VINHTHANH", "UBND xã Vĩnh Thạnh", level="xa")
    second = an_agency(session, "X_VINHTRUNG", "UBND xã Vĩnh Trung", level="xa")
    for commune in (first, second):
        stand_under(session, commune, district)
    officer = an_actor(session, "Đinh Thị Sáu", (Function.PREPARE, Capacity.OFFICER, first))
    head = an_actor(session, "Lâm Văn Bảy", (Function.PREPARE, Capacity.HEAD, first))
    return Communes(first, second, officer, head)


def a_saved_plan(session: Session, officer: Actor, agency_id: int, *activities: ActivityDraft) -> int:
    """Id of a drafted plan of 2012 with these activities, or one."""
    plan_id = start_plan(session, officer, agency_id=agency_id, year=YEAR)
    for activity in activities or (an_activity(),):
        save_activity(session, officer, plan_id, activity=activity, seen_edit=plan_edit_of(session, plan_id))
    return plan_id


def bring_plan_to(session: Session, province: Province, status: PlanStatus) -> int:
    """Id of Nha Trang's plan (or its commune's, for statuses of the lower way) brought to the status."""
    if status in {PlanStatus.SUBMITTED_UP, PlanStatus.TAKEN}:
        return _bring_commune_to(session, province, status)
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    ways = {
        PlanStatus.DRAFT: "",
        PlanStatus.SENT: "s",
        PlanStatus.RETURNED: "scr",
        PlanStatus.AGREED: "sa",
        PlanStatus.ISSUED: "sai",
    }
    for letter in ways[status]:
        _do(session, province, plan_id, letter)
    return plan_id


def _do(session: Session, province: Province, plan_id: int, letter: str) -> None:
    edit, appraiser = plan_edit_of(session, plan_id), province.content_appraiser
    if letter == "s":
        send_plan(session, province.preparer, plan_id, seen_edit=edit)
    elif letter == "c":
        give_plan_comment(
            session,
            appraiser,
            plan_id,
            activity_key="HD01",
            kind=CommentKind.REQUEST,
            words="Ghi rõ số lớp.",
            seen_edit=edit,
        )
    elif letter == "r":
        request_plan_changes(session, appraiser, plan_id, reason="", seen_edit=edit)
    elif letter == "a":
        agree_plan(session, appraiser, plan_id, seen_edit=edit)
    else:
        issue_plan(session, province.head, plan_id, **DOCUMENT, seen_edit=edit)  # type: ignore[arg-type]


def _bring_commune_to(session: Session, province: Province, status: PlanStatus) -> int:
    communes = communes_of(session, province)
    plan_id = a_saved_plan(session, communes.officer, communes.first_id)
    submit_plan_up(session, communes.officer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    if status is PlanStatus.TAKEN:
        take_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    return plan_id
