"""Guidance and requests at activities, taking them back, and the office's answers."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.plans.comments import answer_plan_comment, give_plan_comment, withdraw_plan_comment
from finance.plans.workflow import CommentKind
from webapp.access import current_actor, requires
from webapp.form_fields import tidy_words
from webapp.plans.act_views import do_on_plan
from webapp.plans.blueprint import blueprint
from webapp.request_scope import seen_version

Answer = Response | str | tuple[str, int]


@blueprint.post("/ke-hoach/<int:plan_id>/gop-y")
@requires(Action.COMMENT_PLAN)
def comment_here(plan_id: int) -> Answer:
    """Say something about an activity, or about the whole plan."""
    seen, actor = seen_version(), current_actor()
    key, words = tidy_words(request.form.get("activity_key")), tidy_words(request.form.get("words"))
    try:
        kind = CommentKind.of(request.form.get("kind", CommentKind.GUIDANCE.value))
    except ValueError as unknown:
        raise BadRequest("unknown kind of comment") from unknown
    return do_on_plan(
        "give_plan_comment",
        plan_id,
        lambda session: give_plan_comment(
            session, actor, plan_id, activity_key=key, kind=kind, words=words, seen_edit=seen
        ),
        _("Đã ghi góp ý."),
        anchor=f"hd-{key}" if key else "comments",
    )


@blueprint.post("/ke-hoach/<int:plan_id>/gop-y/<int:comment_id>/rut")
@requires(Action.COMMENT_PLAN)
def withdraw_comment_here(plan_id: int, comment_id: int) -> Answer:
    """Take back what was said."""
    seen, actor = seen_version(), current_actor()
    return do_on_plan(
        "withdraw_plan_comment",
        plan_id,
        lambda session: withdraw_plan_comment(session, actor, plan_id, comment_id=comment_id, seen_edit=seen),
        _("Đã rút góp ý."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/gop-y/<int:comment_id>/tra-loi")
@requires(Action.ANSWER_PLAN_COMMENT)
def answer_comment_here(plan_id: int, comment_id: int) -> Answer:
    """Say what was done about a comment."""
    seen, actor, answer = seen_version(), current_actor(), tidy_words(request.form.get("answer"))
    return do_on_plan(
        "answer_plan_comment",
        plan_id,
        lambda session: answer_plan_comment(
            session, actor, plan_id, comment_id=comment_id, answer=answer, seen_edit=seen
        ),
        _("Đã ghi trả lời."),
    )
