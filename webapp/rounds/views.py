"""The list of rounds, one round at a glance, and opening a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.reports.audit_trail import latest_acts
from finance.reports.round_money import sees_all_money, visible_ceilings, visible_envelopes
from finance.rounds.deadlines import list_extensions
from finance.rounds.operations import NewRound, open_round
from finance.rounds.queries import DeadlineRow, RoundRow, get_round, list_deadlines, list_rounds
from finance.rounds.rules import RoundKind, RoundStage
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import present_moment, read
from webapp.rounds import (  # noqa: F401 (their routes belong here)
    money_views,
    result_views,
    time_views,
    unit_views,
)
from webapp.rounds.blueprint import blueprint
from webapp.rounds.forms import RoundForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

HISTORY_SHOWN = 4


@blueprint.get("/dot-du-toan")
@requires(Action.VIEW_ROUND)
def list_page() -> Answer:
    """All rounds with the stage each stands at."""
    with read() as session:
        rounds = list_rounds(session, with_practice=True)
        rows = [(row, _next_deadline(session, row)) for row in rounds]
    return render_template("rounds/list.html", rows=rows)


@blueprint.get("/dot-du-toan/<int:round_id>")
@requires(Action.VIEW_ROUND)
def round_page(round_id: int) -> Answer:
    """One round: its stages and the money in it, as far as the visitor may see it."""
    actor = current_actor()
    with read() as session:
        facts: dict[str, Any] = {
            "budget_round": get_round(session, round_id),
            "extensions": list_extensions(session, round_id),
            "deadlines": {row.stage: row.due_at for row in list_deadlines(session, round_id)},
            "ceilings": visible_ceilings(session, actor, round_id),
            "envelopes": visible_envelopes(session, actor, round_id),
            "history": latest_acts(session, "budget_round", round_id, limit=HISTORY_SHOWN)
            if sees_all_money(actor)
            else [],
        }
    current = _current_stage(facts["deadlines"]) if facts["budget_round"].is_open else None
    return render_template(
        "rounds/show.html", **facts, stages=list(RoundStage), current=current, sees_all=sees_all_money(actor)
    )


@blueprint.get("/dot-du-toan/mo-dot")
@requires(Action.OPEN_ROUND)
def open_page() -> Answer:
    """The form that opens a round; the coming fiscal year is offered."""
    year = present_moment().business_on.year + 1
    return _open_page(RoundForm(fiscal_year=year, last_year=year, kind=RoundKind.ANNUAL.value))


@blueprint.post("/dot-du-toan/mo-dot")
@requires(Action.OPEN_ROUND)
def open_round_here() -> Answer:
    """Open a round and lead to it, where its stages and money are set."""
    form = RoundForm()
    if not form.validate():
        return _open_page(form), 422
    new = NewRound(
        code=form.code.data,
        name_vi=form.name_vi.data,
        fiscal_year=form.fiscal_year.data,
        last_year=form.last_year.data,
        kind=RoundKind.of(form.kind.data),
        is_demonstration=form.is_demonstration.data,
        business_on=form.business_on.data if form.is_demonstration.data else None,
    )
    refusal = carry_out(
        "open_round", typed_content(form), lambda session: open_round(session, current_actor(), new)
    )
    if refusal:
        return _open_page(form, refusal), refusal.status
    flash(_("Đã mở đợt “%(name)s”. Tiếp theo: đặt thời hạn và số kiểm tra.", name=new.name_vi), "success")
    with read() as session:
        opened = next(row for row in list_rounds(session) if row.code == new.code)
    return redirect(url_for("rounds.round_page", round_id=opened.id), code=303)


def _open_page(form: RoundForm, refusal: Refusal | None = None) -> str:
    return render_template("rounds/open.html", form=form, refusal=refusal)


def _next_deadline(session: Session, row: RoundRow) -> DeadlineRow | None:
    """The first deadline still ahead, or None."""
    if not row.is_open:
        return None
    now = present_moment().business_at
    return next((found for found in list_deadlines(session, row.id) if found.due_at >= now), None)


def _current_stage(deadlines: dict[RoundStage, Any]) -> RoundStage | None:
    """The first stage whose deadline has not passed; a stage without one is not passed over."""
    now = present_moment().business_at
    ahead = (stage for stage in RoundStage if stage not in deadlines or deadlines[stage] >= now)
    return next(ahead, None)
