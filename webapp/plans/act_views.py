"""The acts on a plan: send, hand up, withdraw, request changes, agree, issue, revise, take in, give back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.plans.operations import save_aims
from finance.plans.procedure import (
    agree_plan,
    issue_plan,
    request_plan_changes,
    return_plan_down,
    revise_plan,
    send_plan,
    submit_plan_up,
    take_plan,
    withdraw_plan,
)
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out
from webapp.form_fields import parse_day, tidy_words
from webapp.plans.blueprint import blueprint
from webapp.plans.plan_page import show_plan
from webapp.request_scope import HASH_FIELD, KEY_FIELD, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.post("/ke-hoach/<int:plan_id>/muc-dich")
@requires(Action.SAVE_PLAN)
def save_aims_here(plan_id: int) -> Answer:
    """Keep the plan's aims and requirements."""
    seen, actor, words = seen_version(), current_actor(), request.form.get("aims_vi", "")
    return do_on_plan(
        "save_aims",
        plan_id,
        lambda session: save_aims(session, actor, plan_id, aims_vi=words, seen_edit=seen),
        _("Đã lưu mục đích, yêu cầu."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/gui")
@requires(Action.SEND_PLAN)
def send_plan_here(plan_id: int) -> Answer:
    """Send the plan to the office that appraises content."""
    seen, actor = seen_version(), current_actor()
    return do_on_plan(
        "send_plan",
        plan_id,
        lambda session: send_plan(session, actor, plan_id, seen_edit=seen),
        _("Đã gửi kế hoạch; nội dung được khóa cho đến khi có ý kiến."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/gui-cap-tren")
@requires(Action.SUBMIT_PLAN_UP)
def submit_plan_up_here(plan_id: int) -> Answer:
    """Hand the plan to the office that consolidates."""
    seen, actor = seen_version(), current_actor()
    return do_on_plan(
        "submit_plan_up",
        plan_id,
        lambda session: submit_plan_up(session, actor, plan_id, seen_edit=seen),
        _("Đã gửi cơ quan cấp trên tổng hợp; nội dung được khóa."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/rut")
@requires(Action.WITHDRAW_PLAN)
def withdraw_plan_here(plan_id: int) -> Answer:
    """Take a sent plan back."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return do_on_plan(
        "withdraw_plan",
        plan_id,
        lambda session: withdraw_plan(session, actor, plan_id, reason=reason, seen_edit=seen),
        _("Đã rút kế hoạch. Tiếp theo: mở bản sửa."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/yeu-cau-sua")
@requires(Action.REQUEST_PLAN_CHANGES)
def request_changes_here(plan_id: int) -> Answer:
    """Give the plan back with the requests at its activities."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return do_on_plan(
        "request_plan_changes",
        plan_id,
        lambda session: request_plan_changes(session, actor, plan_id, reason=reason, seen_edit=seen),
        _("Đã chuyển lại cơ quan lập kế hoạch cùng các yêu cầu sửa."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/thong-nhat")
@requires(Action.AGREE_PLAN)
def agree_plan_here(plan_id: int) -> Answer:
    """Agree to the content."""
    seen, actor = seen_version(), current_actor()
    return do_on_plan(
        "agree_plan",
        plan_id,
        lambda session: agree_plan(session, actor, plan_id, seen_edit=seen),
        _("Đã thống nhất nội dung kế hoạch."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/sua-doi")
@requires(Action.REVISE_PLAN)
def revise_plan_here(plan_id: int) -> Answer:
    """Open the next version with the present content."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return do_on_plan(
        "revise_plan",
        plan_id,
        lambda session: revise_plan(session, actor, plan_id, reason=reason, seen_edit=seen),
        _("Đã mở bản sửa với nội dung của lần trước; lần trước được giữ nguyên."),
    )


@blueprint.post("/ke-hoach/<int:plan_id>/ban-hanh")
@requires(Action.ISSUE_PLAN)
def issue_plan_here(plan_id: int) -> Answer:
    """Issue the plan under a number and a date."""
    seen, actor = seen_version(), current_actor()
    number = tidy_words(request.form.get("document_number"))
    try:
        day = parse_day(request.form.get("document_on", ""))
    except ValueError as unclear:
        return show_plan(plan_id, Refusal(422, str(unclear)), request.form)
    return do_on_plan(
        "issue_plan",
        plan_id,
        lambda session: issue_plan(
            session, actor, plan_id, document_number=number, document_on=day, seen_edit=seen
        ),
        _("Đã ban hành kế hoạch số %(number)s.", number=number),
    )


@blueprint.post("/ke-hoach/cap-duoi/<int:lower_plan_id>/tong-hop")
@requires(Action.TAKE_PLAN)
def take_plan_here(lower_plan_id: int) -> Answer:
    """Take the plan of an office below into one's own."""
    seen, actor = seen_version(), current_actor()
    return do_on_plan(
        "take_plan",
        lower_plan_id,
        lambda session: take_plan(session, actor, lower_plan_id, seen_edit=seen),
        _("Đã đưa các hoạt động vào kế hoạch của cơ quan mình."),
    )


@blueprint.post("/ke-hoach/cap-duoi/<int:lower_plan_id>/tra-lai")
@requires(Action.RETURN_PLAN_DOWN)
def return_plan_down_here(lower_plan_id: int) -> Answer:
    """Give the plan of an office below back to it."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return do_on_plan(
        "return_plan_down",
        lower_plan_id,
        lambda session: return_plan_down(session, actor, lower_plan_id, reason=reason, seen_edit=seen),
        _("Đã trả lại kế hoạch kèm lý do."),
    )


def do_on_plan(
    operation: str, plan_id: int, act: Callable[[Session], object], said: str, anchor: str | None = None
) -> Answer:
    """Carry the act out and lead back to the plan, or show it again with the reason."""
    left_out = {"csrf_token", KEY_FIELD, HASH_FIELD}
    content = {name: texts for name, texts in request.form.lists() if name not in left_out}
    refusal = carry_out(operation, {"plan": plan_id, "form": content}, act)
    if refusal is not None:
        return show_plan(plan_id, refusal, request.form)
    flash(said, "success")
    return redirect(url_for("plans.plan_page", plan_id=plan_id, _anchor=anchor), code=303)


def _reason() -> str:
    return tidy_words(request.form.get("reason"))
