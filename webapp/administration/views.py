"""The demonstration's clock; the other pages of the room stand beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound
from finance.reports.audit_trail import latest_acts
from finance.rounds.operations import set_clock
from finance.rounds.queries import RoundRow, list_deadlines, list_rounds
from finance.vietnamese.dates import format_date
from webapp.access import current_actor, requires
from webapp.administration import holiday_views, office_views, person_views, standing_views  # noqa: F401 (their routes belong here)
from webapp.administration.blueprint import blueprint
from webapp.administration.forms import ClockForm
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.get("/quan-tri/ngay-lam-viec")
@requires(Action.SET_CLOCK)
def clock_page() -> Answer:
    """The business date of the open demonstration round, with the deadlines it is laid against."""
    return _clock_page(None, None)


@blueprint.post("/quan-tri/ngay-lam-viec")
@requires(Action.SET_CLOCK)
def set_clock_here() -> Answer:
    """Move the demonstration's date."""
    form = ClockForm()
    if not form.validate():
        return _clock_page(form, None), 422
    with read() as session:
        row = _demonstration_round(session)
    if row is None:
        raise NotFound("đợt minh họa", 0)

    def act(session: Session) -> None:
        set_clock(
            session, current_actor(), row.id, business_on=form.business_on.data, seen_edit=seen_version()
        )

    content = {"round": row.id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("set_clock", content, act)
    if refusal:
        return _clock_page(form, refusal), refusal.status
    flash(_("Ngày làm việc minh họa là %(day)s.", day=format_date(form.business_on.data)), "success")
    return redirect(url_for("administration.clock_page"), code=303)


def _clock_page(form: ClockForm | None, refusal: Refusal | None) -> str:
    with read() as session:
        row = _demonstration_round(session)
        deadlines = list_deadlines(session, row.id) if row else []
        limit = refusal.missed_edits if refusal else 0
        changes = latest_acts(session, "budget_round", row.id, limit=limit) if row and limit else []
    return render_template(
        "administration/clock.html",
        budget_round=row,
        deadlines=deadlines,
        form=form or ClockForm(business_on=row.business_on if row else None),
        refusal=refusal,
        changes=changes,
    )


def _demonstration_round(session: Session) -> RoundRow | None:
    """The open demonstration round opened last: the one whose date the program goes by."""
    rows = [row for row in list_rounds(session) if row.is_demonstration and row.is_open]
    return max(rows, key=lambda row: row.id, default=None)
