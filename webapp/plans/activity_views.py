"""One activity on a page of its own: written, changed, moved, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.queries import list_agencies
from finance.errors import NotFound, NotReady
from finance.permissions import require
from finance.plans.checks import PlanContext
from finance.plans.context_of_plan import plan_context
from finance.plans.operations import move_activity, remove_activity, save_activity
from finance.plans.plan_lookup import get_seen_plan
from finance.plans.queries import plan_draft, plan_row
from finance.plans.rows import PlanRow
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out
from webapp.form_fields import tidy_words
from webapp.plans.act_views import do_on_plan
from webapp.plans.blueprint import blueprint
from webapp.plans.desk import may_edit_plan
from webapp.plans.typed_activity import (
    TEXT_PARTS,
    TypedActivity,
    read_activity,
    target_hint,
    typed_from_draft,
    typed_from_form,
)
from webapp.request_scope import present_moment, read, seen_version

Answer = Response | str | tuple[str, int]
STEPS = {"up": -1, "down": 1}


@blueprint.get("/ke-hoach/<int:plan_id>/hoat-dong")
@requires(Action.SAVE_PLAN)
def activity_page(plan_id: int) -> Answer:
    """The form of a new activity, or of the one named in the address."""
    key = tidy_words(request.args.get("ma"))
    row, context, draft = _desk(plan_id)
    if not may_edit_plan(current_actor(), row):
        # A form that could not be kept would only take somebody's time.
        return redirect(url_for("plans.plan_page", plan_id=plan_id), code=302)
    if not key:
        return _page(row, context, TypedActivity("", dict.fromkeys(TEXT_PARTS, "")))
    for activity in draft.activities:
        if activity.activity_key == key:
            return _page(row, context, typed_from_draft(activity))
    raise NotFound("hoạt động", key)


@blueprint.post("/ke-hoach/<int:plan_id>/hoat-dong")
@requires(Action.SAVE_PLAN)
def save_activity_here(plan_id: int) -> Answer:
    """Keep the activity; the form stands again when something could not be read."""
    row, context, _draft = _desk(plan_id)
    typed, seen, actor = typed_from_form(request.form), seen_version(), current_actor()
    if request.form.get("act") == "refresh":
        return _page(row, context, typed)
    activity, wrong = read_activity(typed, context)
    if wrong:
        return _page(row, context, typed, wrong=wrong), 422
    found: list[NotReady] = []

    def act(session: Any) -> None:
        try:
            save_activity(session, actor, plan_id, activity=activity, seen_edit=seen)
        except NotReady as unready:
            found.append(unready)
            raise

    content = {"plan": plan_id, "seen": seen, "key": typed.activity_key, **typed.values, **typed.targets}
    refusal = carry_out("save_activity", content, act)
    if refusal:
        wrong = _by_part(found[0]) if found else {}
        return _page(row, context, typed, wrong=wrong, refusal=None if wrong else refusal), refusal.status
    flash(_("Đã lưu hoạt động."), "success")
    if request.form.get("act") == "save-more":
        return redirect(url_for("plans.activity_page", plan_id=plan_id), code=303)
    anchor = f"hd-{typed.activity_key}" if typed.activity_key else "activities"
    return redirect(url_for("plans.plan_page", plan_id=plan_id, _anchor=anchor), code=303)


@blueprint.post("/ke-hoach/<int:plan_id>/hoat-dong/bo")
@requires(Action.SAVE_PLAN)
def remove_activity_here(plan_id: int) -> Answer:
    """Take an activity out of the draft."""
    seen, actor, key = seen_version(), current_actor(), tidy_words(request.form.get("activity_key"))
    return do_on_plan(
        "remove_activity",
        plan_id,
        lambda session: (
            remove_activity(session, actor, plan_id, activity_key=key, seen_edit=seen).edit_number
        ),
        _("Đã bỏ hoạt động khỏi kế hoạch."),
        anchor="activities",
    )


@blueprint.post("/ke-hoach/<int:plan_id>/hoat-dong/chuyen")
@requires(Action.SAVE_PLAN)
def move_activity_here(plan_id: int) -> Answer:
    """Move an activity up or down by one."""
    seen, actor, key = seen_version(), current_actor(), tidy_words(request.form.get("activity_key"))
    steps = STEPS.get(request.form.get("direction", ""), 0)
    return do_on_plan(
        "move_activity",
        plan_id,
        lambda session: (
            move_activity(session, actor, plan_id, activity_key=key, steps=steps, seen_edit=seen).edit_number
        ),
        _("Đã chuyển chỗ hoạt động."),
        anchor=f"hd-{key}",
    )


def _desk(plan_id: int) -> tuple[PlanRow, PlanContext, Any]:
    """The plan for somebody who may write it."""
    actor = current_actor()
    with read() as session:
        seen = get_seen_plan(session, actor, plan_id)
        require(actor, Action.SAVE_PLAN, seen.plan.agency_id)
        row = plan_row(session, actor, plan_id)
        context = plan_context(session, seen.plan, present_moment().business_on)
        return row, context, plan_draft(session, seen)


def _page(
    row: PlanRow,
    context: PlanContext,
    typed: TypedActivity,
    *,
    wrong: Mapping[str, list[str]] | None = None,
    refusal: Refusal | None = None,
) -> str:
    task = context.tasks.get(typed.values["task_code"])
    near = task.target_codes if task else frozenset()
    goals = [(goal, target_hint(goal)) for goal in context.goals.values()]
    with read() as session:
        offices = [office.name_vi for office in list_agencies(session, present_moment().business_on)]
    return render_template(
        "plans/activity.html",
        plan=row,
        context=context,
        typed=typed,
        task=task,
        wrong=wrong or {},
        refusal=refusal,
        offices=offices,
        tasks=_task_choices(context),
        near_goals=[pair for pair in goals if pair[0].code in near],
        other_goals=[pair for pair in goals if pair[0].code not in near],
    )


def _task_choices(context: PlanContext) -> list[tuple[str, str]]:
    """Annex tasks, those this office leads marked."""
    mark = _("chủ trì")
    return [
        (task.code, f"{task.code} – {task.name_vi}{f' ({mark})' if task.is_led else ''}")
        for task in context.tasks.values()
    ]


def _by_part(unready: NotReady) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in unready.findings:
        words = " ".join(part for part in (finding.message_vi, finding.remedy_vi) if part)
        found.setdefault(finding.location.field, []).append(words)
    return found
