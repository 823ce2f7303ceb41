"""The office's acts on its estimate: hand to the head, sign, give back, send, take back, open again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.procedure import (
    check_estimate,
    pass_section,
    refuse_estimate,
    refuse_section,
    reopen_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
    withdraw_estimate,
)
from finance.estimates.queries import estimate_row
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import handed_to
from webapp.estimates.estimate_page import names_next, show_estimate
from webapp.form_fields import parse_day, tidy_words
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.post("/du-toan/<int:estimate_id>/trinh")
@requires(Action.CHECK_ESTIMATE)
def check_estimate_here(estimate_id: int) -> Answer:
    """Hand the draft to the head."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "check_estimate",
        estimate_id,
        lambda session: check_estimate(session, actor, estimate_id, seen_edit=seen),
    )


@blueprint.post("/du-toan/<int:estimate_id>/rut-lai")
@requires(Action.REOPEN_ESTIMATE)
def reopen_estimate_here(estimate_id: int) -> Answer:
    """Take the estimate back from the head."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "reopen_estimate",
        estimate_id,
        lambda session: reopen_estimate(session, actor, estimate_id, seen_edit=seen),
        _("Đã rút lại để sửa."),
    )


@blueprint.post("/du-toan/<int:estimate_id>/tra-lai-nguoi-lap")
@requires(Action.REFUSE_ESTIMATE)
def refuse_estimate_here(estimate_id: int) -> Answer:
    """The head gives the estimate back to the preparer."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return _do(
        "refuse_estimate",
        estimate_id,
        lambda session: refuse_estimate(session, actor, estimate_id, reason=reason, seen_edit=seen),
        _("Đã trả lại người lập."),
    )


@blueprint.post("/du-toan/<int:estimate_id>/duyet-phong")
@requires(Action.PASS_SECTION)
def pass_section_here(estimate_id: int) -> Answer:
    """The head of the section hands the draft to the head of the office."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "pass_section",
        estimate_id,
        lambda session: pass_section(session, actor, estimate_id, seen_edit=seen),
    )


@blueprint.post("/du-toan/<int:estimate_id>/phong-tra-lai")
@requires(Action.REFUSE_SECTION)
def refuse_section_here(estimate_id: int) -> Answer:
    """The head of the section gives the draft back to the preparer."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return _do(
        "refuse_section",
        estimate_id,
        lambda session: refuse_section(session, actor, estimate_id, reason=reason, seen_edit=seen),
        _("Đã trả lại người lập."),
    )


@blueprint.post("/du-toan/<int:estimate_id>/ky")
@requires(Action.SIGN_ESTIMATE)
def sign_estimate_here(estimate_id: int) -> Answer:
    """The head signs."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "sign_estimate",
        estimate_id,
        lambda session: sign_estimate(session, actor, estimate_id, seen_edit=seen),
        # A unit that hands up writes no document's number, so what comes next is said by the page itself.
        _("Đã ký duyệt; nội dung được khóa. Tiếp theo: gửi dự toán."),
    )


@blueprint.post("/du-toan/<int:estimate_id>/gui")
@requires(Action.SEND_ESTIMATE)
def send_estimate_here(estimate_id: int) -> Answer:
    """Send the signed version under a document's number and date."""
    seen, actor = seen_version(), current_actor()
    number = tidy_words(request.form.get("document_number"))
    try:
        day = parse_day(request.form.get("document_on", ""))
    except ValueError as unclear:
        return show_estimate(estimate_id, Refused(422, str(unclear)), request.form)
    return _do(
        "send_estimate",
        estimate_id,
        lambda session: send_estimate(
            session, actor, estimate_id, document_number=number, document_on=day, seen_edit=seen
        ),
        _("Đã gửi dự toán theo văn bản số %(number)s.", number=number),
    )


@blueprint.post("/du-toan/<int:estimate_id>/rut-ho-so")
@requires(Action.WITHDRAW_ESTIMATE)
def withdraw_estimate_here(estimate_id: int) -> Answer:
    """Take a sent estimate back before it was received."""
    seen, actor, reason = seen_version(), current_actor(), _reason()
    return _do(
        "withdraw_estimate",
        estimate_id,
        lambda session: withdraw_estimate(session, actor, estimate_id, reason=reason, seen_edit=seen),
        _("Đã rút hồ sơ. Tiếp theo: mở bản lập lại."),
    )


@blueprint.post("/du-toan/<int:estimate_id>/lap-lai")
@requires(Action.REVISE_ESTIMATE)
def revise_estimate_here(estimate_id: int) -> Answer:
    """Open the next version with the content of the returned one."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "revise_estimate",
        estimate_id,
        lambda session: revise_estimate(session, actor, estimate_id, seen_edit=seen),
        _("Đã mở bản lập lại với nội dung của lần trước; bản đã gửi được giữ nguyên."),
    )


def _handed_on(estimate_id: int) -> str:
    with read() as session:
        row = estimate_row(session, current_actor(), estimate_id)
        return handed_to(row, names_next(session, row))


def _reason() -> str:
    return tidy_words(request.form.get("reason"))


def _do(operation: str, estimate_id: int, act: Callable[[Session], int], said: str = "") -> Answer:
    """Carry the act out and lead back to the estimate, or show it again with the reason.

    Without words of its own the page says who of the office is next.
    """
    done = attempt(operation, estimate_id, act)
    if isinstance(done, Refused):
        return show_estimate(estimate_id, done, request.form)
    flash(said or _handed_on(estimate_id), "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)
