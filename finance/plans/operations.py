"""Writing a plan: start it, empty or from last year's; save, move and remove activities.

Every act: find -> may -> page not old -> the plan is being drafted -> done -> audited. Moving the plan
on is `finance.plans.procedure`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import get_agency
from finance.audit import Change
from finance.errors import NotFound, NotInThisStatus, NotReady, RuleBroken
from finance.findings import Finding
from finance.permissions import require
from finance.plans.carried_over import activities_left_over
from finance.plans.checks import check_plan, check_storable_activity
from finance.plans.content import read_plan_draft, write_plan_draft
from finance.plans.context_of_plan import plan_context
from finance.plans.draft import ActivityDraft, PlanDraft, next_activity_key, tidy_activity, tidy_aims
from finance.plans.plan_lookup import (
    find_plan,
    get_plan_version,
    get_seen_plan,
    note_plan_edit,
    require_seen_plan,
)
from finance.plans.records import PlanVersion, ReformPlan
from finance.plans.workflow import PLAN_EDITABLE, PlanStatus

FIRST_YEAR, LAST_YEAR = 2011, 2100


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What saving did: the plan's edit number, the activity's key, everything the checks say now."""

    edit_number: int
    activity_key: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _OpenPlan:
    """A plan found, permitted, fresh and being drafted."""

    plan: ReformPlan
    version: PlanVersion
    seat: Seat
    draft: PlanDraft


def start_plan(
    session: Session, actor: Actor, *, agency_id: int, year: int, from_last_year: bool = False
) -> int:
    """Open an office's plan for a year: empty, or with last year's activities, the unfinished ones first.

    Returns:
        The plan's id.

    Raises:
        NotAllowed: the person does not prepare for this office.
        RuleBroken: the office has this plan already, the year is none, or there is nothing to copy.
        NotFound: no such office.
    """
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.START_PLAN, agency_id)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleBroken(f"Năm kế hoạch từ {FIRST_YEAR} đến {LAST_YEAR}.")
    if find_plan(session, agency_id, year) is not None:
        raise RuleBroken(f"{agency.short_vi} đã có kế hoạch năm {year}.")
    copied = activities_left_over(session, agency_id, year) if from_last_year else PlanDraft()
    if from_last_year and not copied.activities:
        raise RuleBroken(f"{agency.short_vi} không có kế hoạch năm {year - 1} để chép.")
    plan = ReformPlan(
        agency_id=agency_id,
        year=year,
        status=PlanStatus.DRAFT,
        version_number=1,
        edit_number=0,  # the act of starting is the first edit
        status_since=actor.moment.business_at,
    )
    session.add(plan)
    session.flush()  # version and audit need the plan's id
    version = PlanVersion(plan_id=plan.id, number=1, opened_at=actor.moment.business_at)
    session.add(version)
    session.flush()  # the copied rows need the version's id
    write_plan_draft(session, plan, version, copied)
    said = [f"Chép {len(copied.activities)} hoạt động từ kế hoạch năm {year - 1}"] if from_last_year else []
    change = Change(to_state=PlanStatus.DRAFT.label_vi, details={"changes": said})
    note_plan_edit(session, actor, plan, Action.START_PLAN, seat=seat, change=change)
    return plan.id


def save_activity(
    session: Session, actor: Actor, plan_id: int, *, activity: ActivityDraft, seen_edit: int
) -> SavedPlan:
    """Add an activity (key empty) or replace the one with the same key; gaps may be filled later.

    Raises:
        NotReady: no name, an unknown task or target, or a text too long.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
        RuleBroken: the activity was planned by an office under this one.
    """
    opened = _open_plan(session, actor, plan_id, seen_edit)
    given = tidy_activity(activity)
    known = {one.activity_key: one for one in opened.draft.activities}
    before = known.get(given.activity_key)
    if given.activity_key and before is None:
        raise NotFound("hoạt động", given.activity_key)
    if before is not None and not before.is_own:
        raise RuleBroken(_NOT_OWN)
    key = given.activity_key or next_activity_key(set(known))
    carried = before.carried_from if before else None
    given = replace(given, activity_key=key, origin_code="", origin_key="", carried_from=carried)
    wrong = check_storable_activity(given, plan_context(session, opened.plan, actor.moment.business_on))
    if wrong:
        raise NotReady(wrong)
    changed = [given if one.activity_key == key else one for one in opened.draft.activities]
    draft = replace(opened.draft, activities=tuple(changed if before else [*changed, given]))
    said = f"{'Sửa' if before else 'Thêm'} hoạt động {key}: {given.name_vi[:120]}"
    return _save_plan(session, actor, opened, draft, key, said)


def remove_activity(
    session: Session, actor: Actor, plan_id: int, *, activity_key: str, seen_edit: int
) -> SavedPlan:
    """Take an activity out of the draft.

    Raises:
        NotFound: no such activity (or plan).
        RuleBroken: it was planned by an office under this one.
    """
    opened = _open_plan(session, actor, plan_id, seen_edit)
    gone = next((one for one in opened.draft.activities if one.activity_key == activity_key), None)
    if gone is None:
        raise NotFound("hoạt động", activity_key)
    if not gone.is_own:
        raise RuleBroken(_NOT_OWN)
    kept = tuple(one for one in opened.draft.activities if one is not gone)
    said = f"Bỏ hoạt động {activity_key}: {gone.name_vi[:120]}"
    return _save_plan(session, actor, opened, replace(opened.draft, activities=kept), activity_key, said)


def move_activity(
    session: Session, actor: Actor, plan_id: int, *, activity_key: str, steps: int, seen_edit: int
) -> SavedPlan:
    """Move an activity up (negative) or down in the list.

    Raises:
        NotFound: no such activity (or plan).
    """
    opened = _open_plan(session, actor, plan_id, seen_edit)
    order = list(opened.draft.activities)
    place = next((at for at, one in enumerate(order) if one.activity_key == activity_key), None)
    if place is None:
        raise NotFound("hoạt động", activity_key)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    draft = replace(opened.draft, activities=tuple(order))
    return _save_plan(session, actor, opened, draft, activity_key, f"Chuyển chỗ hoạt động {activity_key}")


def save_aims(session: Session, actor: Actor, plan_id: int, *, aims_vi: str, seen_edit: int) -> SavedPlan:
    """Write the plan's aims and requirements (mục đích, yêu cầu)."""
    opened = _open_plan(session, actor, plan_id, seen_edit)
    draft = replace(opened.draft, aims_vi=tidy_aims(aims_vi))
    return _save_plan(session, actor, opened, draft, "", "Sửa mục đích, yêu cầu")


_NOT_OWN = (
    "Hoạt động này do đơn vị trực thuộc lập và được giữ nguyên khi tổng hợp; "
    "muốn đổi, mời trả lại kế hoạch cho đơn vị đó kèm lý do."
)


def _open_plan(session: Session, actor: Actor, plan_id: int, seen_edit: int) -> _OpenPlan:
    plan = get_seen_plan(session, actor, plan_id).plan
    seat = require(actor, Action.SAVE_PLAN, plan.agency_id)
    require_seen_plan(session, plan, seen_edit)
    if plan.status not in PLAN_EDITABLE:
        raise NotInThisStatus(plan.status.label_vi, Action.SAVE_PLAN.label_vi)
    version = get_plan_version(session, plan)
    return _OpenPlan(plan, version, seat, read_plan_draft(session, version))


def _save_plan(
    session: Session, actor: Actor, opened: _OpenPlan, draft: PlanDraft, key: str, said: str
) -> SavedPlan:
    if draft != opened.draft:
        write_plan_draft(session, opened.plan, opened.version, draft)
        change = Change(details={"changes": [said]})
        note_plan_edit(session, actor, opened.plan, Action.SAVE_PLAN, seat=opened.seat, change=change)
    context = plan_context(session, opened.plan, actor.moment.business_on)
    return SavedPlan(opened.plan.edit_number, key, tuple(check_plan(draft, context)))
