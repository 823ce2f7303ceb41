"""The page of one plan, also as the answer to an act that was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import render_template, request

from finance.actions import Action
from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.queries import get_agency
from finance.findings import Finding, blocking_findings
from finance.permissions import may
from finance.plans.plan_lookup import SeenPlan, get_seen_plan
from finance.plans.project_links import plan_money
from finance.plans.queries import (
    plan_activities,
    plan_comments,
    plan_findings,
    plan_history,
    plan_row,
    plan_version,
    plan_versions,
)
from finance.plans.rows import ActivityRow, CommentRow, PlanRow
from finance.plans.workflow import CommentKind, PlanStatus, ProgressState
from webapp.access import current_actor
from webapp.form_answers import Refusal
from webapp.plans.desk import expected_of_plan, may_edit_plan, plan_acts, steps_of
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = str | tuple[str, int]
HISTORY_SHOWN = 12


def show_plan(plan_id: int, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Answer:
    """The page; with the reason on top and what was typed in its boxes when an act was refused."""
    number = request.args.get("lan", type=int)
    actor = current_actor()
    with read() as session:
        seen = get_seen_plan(session, actor, plan_id)
        row = plan_row(session, actor, plan_id)
        upper_id = consolidating_parent(session, row.agency_id, present_moment().business_on)
        facts = _facts(session, seen, number)
        money = plan_money(session, actor, seen)
        findings = plan_findings(session, seen, present_moment().business_on) if seen.is_own else []
        upper_vi = get_agency(session, upper_id).short_vi if upper_id is not None else ""
    work = _work(row, upper_id, facts["comments"], findings)
    page = render_template(
        "plans/show.html",
        plan=row,
        refusal=refusal,
        typed=typed or {},
        money=money,
        upper_vi=upper_vi,
        projects_of=money.by_activity,
        **facts,
        **work,
    )
    return (page, refusal.status) if refusal else page


def _facts(session: Session, seen: SeenPlan, number: int | None) -> dict[str, Any]:
    """What is stored about the plan, as far as this reader may read it."""
    version = plan_version(session, seen, number)
    activities = plan_activities(session, seen, version)
    comments = plan_comments(session, seen)
    return {
        "versions": plan_versions(session, seen),
        "version": next(one for one in plan_versions(session, seen) if one.id == version.id),
        "is_present": version.id == seen.version.id,
        "activities": activities,
        "comments": comments,
        "comments_of": _by_activity(comments, activities),
        # The whole history is the owner's; to others it would tell of drafts they cannot read.
        "history": _history(session, seen) if seen.is_own else [],
    }


def _history(session: Session, seen: SeenPlan) -> list[tuple[datetime, str]]:
    """The last acts; on the plan's own page its name need not stand in every sentence."""
    label = plan_row(session, current_actor(), seen.plan.id).label_vi
    return [
        (act.business_at, "; ".join((act.sentence_vi.replace(f": {label}", "", 1), *act.changes_vi)))
        for act in plan_history(session, seen.plan.id, HISTORY_SHOWN)
    ]


def _by_activity(
    comments: Sequence[CommentRow], activities: Sequence[ActivityRow]
) -> dict[str, list[CommentRow]]:
    """Comments by activity; those on an activity that is gone stand with the whole plan."""
    known = {activity.key for activity in activities}
    found: dict[str, list[CommentRow]] = {}
    for comment in comments:
        found.setdefault(comment.activity_key if comment.activity_key in known else "", []).append(comment)
    return found


def _work(
    row: PlanRow, upper_id: int | None, comments: Sequence[CommentRow], findings: Sequence[Finding]
) -> dict[str, Any]:
    """What the reader may do, and what stands in the way."""
    actor = current_actor()
    acts, is_editable = plan_acts(actor, row, upper_id), may_edit_plan(actor, row)
    blocking = blocking_findings(findings) if is_editable else []
    requests = sum(
        1 for one in comments if one.kind is CommentKind.REQUEST and one.version_number == row.version_number
    )
    return {
        "acts": {act.value for act in acts},
        "is_editable": is_editable,
        "may_link": row.is_own and may(actor, Action.LINK_PROJECT, row.agency_id),
        "may_answer": row.is_own and row.status in {PlanStatus.DRAFT, PlanStatus.RETURNED},
        "may_record": row.is_own and may(actor, Action.RECORD_PLAN_PROGRESS, row.agency_id),
        "findings": findings if is_editable else [],
        "blocking_count": len(blocking),
        "request_count": requests,
        "expected_vi": expected_of_plan(acts, row, len(blocking), requests),
        "steps": steps_of(row, upper_id),
        "step_now": None if row.status is PlanStatus.ISSUED else row.status,
        "progress_states": list(ProgressState),
    }
