"""Tying projects of the office's estimates to activities, and writing down how activities come along."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.plans.progress import record_plan_progress
from finance.plans.project_links import link_project
from finance.plans.workflow import ProgressState
from webapp.access import current_actor, requires
from webapp.form_fields import tidy_words
from webapp.plans.act_views import do_on_plan
from webapp.plans.blueprint import blueprint
from webapp.request_scope import seen_version

Answer = Response | str | tuple[str, int]


@blueprint.post("/ke-hoach/<int:plan_id>/gan-du-an")
@requires(Action.LINK_PROJECT)
def link_project_here(plan_id: int) -> Answer:
    """Tie a project to an activity; an empty choice unties it."""
    seen, actor = seen_version(), current_actor()
    key, project_key = (
        tidy_words(request.form.get("activity_key")),
        tidy_words(request.form.get("project_key")),
    )
    estimate_id = request.form.get("estimate_id", 0, type=int)
    return do_on_plan(
        "link_project",
        plan_id,
        lambda session: link_project(
            session,
            actor,
            plan_id,
            activity_key=key,
            estimate_id=estimate_id,
            project_key=project_key,
            seen_edit=seen,
        ),
        _("Đã gắn dự án với hoạt động.") if key else _("Đã bỏ gắn dự án."),
        anchor="projects",
    )


@blueprint.post("/ke-hoach/<int:plan_id>/tien-do")
@requires(Action.RECORD_PLAN_PROGRESS)
def record_progress_here(plan_id: int) -> Answer:
    """Write down how an activity of the issued plan stands."""
    seen, actor = seen_version(), current_actor()
    key, words = tidy_words(request.form.get("activity_key")), tidy_words(request.form.get("words"))
    try:
        state = ProgressState.of(request.form.get("state", ProgressState.UNDER_WAY.value))
    except ValueError as unknown:
        raise BadRequest("unknown state of progress") from unknown
    return do_on_plan(
        "record_plan_progress",
        plan_id,
        lambda session: record_plan_progress(
            session, actor, plan_id, activity_key=key, state=state, words=words, seen_edit=seen
        ),
        _("Đã ghi tiến độ."),
        anchor=f"hd-{key}",
    )
