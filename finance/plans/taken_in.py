"""What an office under another one planned, inside the upper plan: kept as written, with its origin."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import get_agency
from finance.audit import Change
from finance.errors import RuleBroken
from finance.plans.content import read_plan_draft, write_plan_draft
from finance.plans.draft import ActivityDraft, PlanDraft
from finance.plans.plan_lookup import find_plan, get_plan_version, note_plan_edit
from finance.plans.records import PlanVersion, ReformPlan
from finance.plans.workflow import PLAN_EDITABLE


def put_in_upper_plan(
    session: Session, actor: Actor, lower: ReformPlan, lower_version: PlanVersion, seat: Seat
) -> int:
    """Bring the lower plan's activities into the upper office's draft, in place of earlier ones of it.

    Returns:
        How many activities were taken in.

    Raises:
        RuleBroken: the upper office has no plan of the year that is being drafted.
    """
    upper, version = _upper_draft(session, seat.agency_id, lower.year)
    office = get_agency(session, lower.agency_id)
    said = read_plan_draft(session, lower_version)
    draft = read_plan_draft(session, version)
    kept = [one for one in draft.activities if one.origin_code != office.code]
    taken = [_as_taken(one, office.code) for one in said.activities]
    new = PlanDraft(draft.aims_vi, (*kept, *taken))
    if new != draft:
        write_plan_draft(session, upper, version, new)
    words = [f"Đưa vào {len(taken)} hoạt động của {office.short_vi}"]
    change = Change(details={"changes": words, "plan": lower.id})
    note_plan_edit(session, actor, upper, Action.TAKE_PLAN, seat=seat, change=change)
    return len(taken)


def take_out_of_upper_plan(session: Session, actor: Actor, lower: ReformPlan, seat: Seat) -> None:
    """Remove what was taken from the lower plan out of the upper office's draft.

    Raises:
        RuleBroken: the upper plan is no longer being drafted.
    """
    upper, version = _upper_draft(session, seat.agency_id, lower.year)
    office = get_agency(session, lower.agency_id)
    draft = read_plan_draft(session, version)
    kept = tuple(one for one in draft.activities if one.origin_code != office.code)
    write_plan_draft(session, upper, version, replace(draft, activities=kept))
    words = [f"Bỏ ra {len(draft.activities) - len(kept)} hoạt động của {office.short_vi}"]
    change = Change(details={"changes": words, "plan": lower.id})
    note_plan_edit(session, actor, upper, Action.RETURN_PLAN_DOWN, seat=seat, change=change)


def _upper_draft(session: Session, agency_id: int, year: int) -> tuple[ReformPlan, PlanVersion]:
    upper = find_plan(session, agency_id, year)
    office = get_agency(session, agency_id).short_vi
    if upper is None:
        raise RuleBroken(f"{office} chưa lập kế hoạch năm {year}; mời lập trước khi tổng hợp.")
    if upper.status not in PLAN_EDITABLE:
        raise RuleBroken(
            f"Kế hoạch năm {year} của {office} đang ở trạng thái “{upper.status.label_vi}”, không sửa được; "
            "mời mở bản sửa đổi trước."
        )
    return upper, get_plan_version(session, upper)


def _as_taken(activity: ActivityDraft, office_code: str) -> ActivityDraft:
    # Whatever the lower office itself had taken in came through it: its origin for us is that office.
    key = f"{office_code}.{activity.activity_key}"[-40:]
    return replace(activity, activity_key=key, origin_code=office_code, origin_key=activity.activity_key)
