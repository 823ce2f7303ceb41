"""How far the activities of an issued plan have come; what is not recorded as done counts as unfinished."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change
from finance.errors import NotFound, ReasonMissing, RuleBroken
from finance.permissions import require
from finance.plans.content import read_plan_draft
from finance.plans.plan_lookup import get_seen_plan, note_plan_edit, require_seen_plan
from finance.plans.records import PlanProgress, PlanVersion
from finance.plans.workflow import ProgressState
from finance.vietnamese.normal import nfc


def record_plan_progress(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    activity_key: str,
    state: ProgressState,
    words: str,
    seen_edit: int,
) -> int:
    """Write down how an activity stands; the last word counts, earlier ones are in the audit.

    Returns:
        The plan's new edit number.

    Raises:
        RuleBroken: no version of the plan was issued yet.
        ReasonMissing: done or given up without a word on the product or the reason.
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    seen = get_seen_plan(session, actor, plan_id)
    seat = require(actor, Action.RECORD_PLAN_PROGRESS, seen.plan.agency_id)
    require_seen_plan(session, seen.plan, seen_edit)
    issued = select(PlanVersion.id).where(PlanVersion.plan_id == plan_id, PlanVersion.issued_at.is_not(None))
    if session.scalar(issued.limit(1)) is None:
        raise RuleBroken("Kế hoạch chưa được ban hành nên chưa ghi tiến độ được.")
    if activity_key not in {one.activity_key for one in read_plan_draft(session, seen.version).activities}:
        raise NotFound("hoạt động", activity_key)
    said = nfc(words).strip()
    if state is not ProgressState.UNDER_WAY and not said:
        raise ReasonMissing(Action.RECORD_PLAN_PROGRESS.label_vi, "kết quả hoặc lý do")
    held = session.scalar(
        select(PlanProgress).where(PlanProgress.plan_id == plan_id, PlanProgress.activity_key == activity_key)
    )
    row = held or PlanProgress(plan_id=plan_id, activity_key=activity_key)
    before = held.state.label_vi if held else ""
    row.state, row.words = state, said
    row.person_name, row.recorded_at = actor.full_name, actor.moment.business_at
    session.add(row)
    change = Change(before, state.label_vi, said, {"activity": activity_key})
    return note_plan_edit(session, actor, seen.plan, Action.RECORD_PLAN_PROGRESS, seat=seat, change=change)
