"""Until when the offices below hand their estimates up: set by the office that consolidates."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.clock import VIETNAM_TIME
from finance.errors import NotFound
from finance.estimates.handing_up.lower_deadlines import LowerDeadlineRow, lower_deadlines, set_lower_deadline
from finance.rounds.queries import get_round
from webapp.access import current_actor, requires
from webapp.estimates.blueprint import blueprint
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import DayField, HourField, at_hour
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

USUAL_HOUR = time(17, 0)


class LowerDeadlineForm(FlaskForm):
    """The last instant for the offices below."""

    due_on = DayField(later("Ngày cuối"))
    due_hour = HourField(later("Giờ cuối"))


@blueprint.get("/du-toan/cap-duoi/han/<int:round_id>/<int:agency_id>")
@requires(Action.SET_LOWER_DEADLINE)
def lower_deadline_page(round_id: int, agency_id: int) -> Answer:
    """The form, filled with the hour that binds now."""
    with read() as session:
        now = _find(session, round_id, agency_id)
    local = now.binding_due.astimezone(VIETNAM_TIME) if now.binding_due else None
    form = LowerDeadlineForm(
        due_on=local.date() if local else None, due_hour=local.time() if local else USUAL_HOUR
    )
    return _form_page(round_id, agency_id, form)


@blueprint.post("/du-toan/cap-duoi/han/<int:round_id>/<int:agency_id>")
@requires(Action.SET_LOWER_DEADLINE)
def set_lower_deadline_here(round_id: int, agency_id: int) -> Answer:
    """Set the hour; every office below sees it on its own page."""
    form = LowerDeadlineForm()
    if not form.validate():
        return _form_page(round_id, agency_id, form), 422

    def act(session: Session) -> None:
        set_lower_deadline(
            session,
            current_actor(),
            round_id,
            agency_id=agency_id,
            due_at=at_hour(form.due_on.data, form.due_hour.data),
            seen_edit=seen_version(),
        )

    content = {"round": round_id, "agency": agency_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("set_lower_deadline", content, act)
    if refusal:
        return _form_page(round_id, agency_id, form, refusal), refusal.status
    flash(_("Đã đặt hạn; các đơn vị trực thuộc thấy hạn này trên trang dự toán của mình."), "success")
    return redirect(url_for("estimates.list_page", dot=round_id), code=303)


def _form_page(round_id: int, agency_id: int, form: LowerDeadlineForm, refusal: Refusal | None = None) -> str:
    with read() as session:
        now, row = _find(session, round_id, agency_id), get_round(session, round_id)
    changes = [(now.set_at, f"{now.set_by} đặt hạn.")] if refusal and refusal.missed_edits else []
    return render_template(
        "estimates/lower_deadline.html",
        budget_round=row,
        now=now,
        form=form,
        refusal=refusal,
        changes=changes,
    )


def _find(session: Session, round_id: int, agency_id: int) -> LowerDeadlineRow:
    get_round(session, round_id)
    for row in lower_deadlines(session, current_actor(), round_id):
        if row.agency_id == agency_id:
            return row
    raise NotFound("cơ quan tổng hợp", agency_id)
