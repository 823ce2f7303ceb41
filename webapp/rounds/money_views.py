"""Forms of a round's dates and money: deadlines, control figures, envelopes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.queries import list_agencies
from finance.clock import VIETNAM_TIME
from finance.programme.classification import Nature
from finance.programme.queries import list_sources
from finance.reports.audit_trail import latest_acts
from finance.reports.round_money import visible_ceilings, visible_envelopes
from finance.rounds.operations import EnvelopeEntry, issue_ceiling, set_deadline, set_envelope
from finance.rounds.queries import RoundRow, get_round, list_deadlines
from finance.rounds.rules import RoundStage
from webapp.access import current_actor, requires
from webapp.form_answers import carry_out, typed_content
from webapp.form_fields import at_hour
from webapp.request_scope import present_moment, read, seen_version
from webapp.rounds.blueprint import blueprint
from webapp.rounds.forms import CeilingForm, DeadlineForm, EnvelopeForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# The office closes at five; whoever wants another hour types it.
USUAL_HOUR = time(17, 0)


@blueprint.get("/dot-du-toan/<int:round_id>/thoi-han")
@requires(Action.SET_DEADLINE)
def deadline_page(round_id: int) -> Answer:
    """The form of one stage's deadline, filled with what is set now."""
    with read() as session:
        row = get_round(session, round_id)
        known = {deadline.stage.value: deadline.due_at for deadline in list_deadlines(session, round_id)}
    stage = request.args.get("giai-doan", RoundStage.SUBMISSION.value)
    due_at = known[stage].astimezone(VIETNAM_TIME) if stage in known else None
    form = DeadlineForm(
        stage=stage,
        due_on=due_at.date() if due_at else None,
        due_hour=due_at.time() if due_at else USUAL_HOUR,
    )
    return _form_page("rounds/deadline.html", row, form)


@blueprint.post("/dot-du-toan/<int:round_id>/thoi-han")
@requires(Action.SET_DEADLINE)
def set_deadline_here(round_id: int) -> Answer:
    """Set or move a stage's deadline."""
    form = DeadlineForm()

    def act(session: Session) -> None:
        set_deadline(
            session,
            current_actor(),
            round_id,
            stage=RoundStage.of(form.stage.data),
            due_at=at_hour(form.due_on.data, form.due_hour.data),
            seen_edit=seen_version(),
        )

    said = _("Đã đặt thời hạn.")
    return _answer_form("rounds/deadline.html", round_id, form, "set_deadline", act, said)


@blueprint.get("/dot-du-toan/<int:round_id>/so-kiem-tra")
@requires(Action.ISSUE_CEILING)
def ceiling_page(round_id: int) -> Answer:
    """The form of one control figure, filled with what was issued before."""
    form = CeilingForm(agency_id=request.args.get("co-quan", ""), source_code=request.args.get("nguon", ""))
    with read() as session:
        row = get_round(session, round_id)
        _offer_offices_and_sources(session, form)
        figures = visible_ceilings(session, current_actor(), round_id)
    wanted = (form.agency_id.data, form.source_code.data)
    known = {(str(figure.agency_id), figure.source_code): figure.amount_vnd for figure in figures}
    form.amount_vnd.data = known.get(wanted)
    return _form_page("rounds/ceiling.html", row, form)


@blueprint.post("/dot-du-toan/<int:round_id>/so-kiem-tra")
@requires(Action.ISSUE_CEILING)
def issue_ceiling_here(round_id: int) -> Answer:
    """Issue a control figure to an office."""
    form = CeilingForm()
    with read() as session:
        _offer_offices_and_sources(session, form)

    def act(session: Session) -> None:
        issue_ceiling(
            session,
            current_actor(),
            round_id,
            agency_id=int(form.agency_id.data),
            source_code=form.source_code.data,
            amount_vnd=form.amount_vnd.data,
            seen_edit=seen_version(),
        )

    said = _("Đã thông báo số kiểm tra.")
    return _answer_form("rounds/ceiling.html", round_id, form, "issue_ceiling", act, said)


@blueprint.get("/dot-du-toan/<int:round_id>/kha-nang-can-doi")
@requires(Action.SET_ENVELOPE)
def envelope_page(round_id: int) -> Answer:
    """The form of one envelope, filled with what is set now."""
    wanted = (request.args.get("nguon", ""), request.args.get("tinh-chat", ""), request.args.get("nam", ""))
    with read() as session:
        row = get_round(session, round_id)
        known = visible_envelopes(session, current_actor(), round_id)
        found = next((e for e in known if (e.source_code, e.nature.value, str(e.year)) == wanted), None)
        form = EnvelopeForm(
            source_code=wanted[0],
            nature=wanted[1] or Nature.RECURRENT.value,
            year=wanted[2] or str(row.fiscal_year),
            amount_vnd=found.amount_vnd if found else None,
            contingency_vnd=found.contingency_vnd if found else 0,
            unmeasured_vnd=found.unmeasured_vnd if found else 0,
        )
        _offer_sources_and_years(session, form, row)
    return _form_page("rounds/envelope.html", row, form)


@blueprint.post("/dot-du-toan/<int:round_id>/kha-nang-can-doi")
@requires(Action.SET_ENVELOPE)
def set_envelope_here(round_id: int) -> Answer:
    """Say how much money there is and what is kept back."""
    form = EnvelopeForm()
    with read() as session:
        _offer_sources_and_years(session, form, get_round(session, round_id))

    def act(session: Session) -> None:
        entry = EnvelopeEntry(
            source_code=form.source_code.data,
            nature=Nature.of(form.nature.data),
            year=int(form.year.data),
            amount_vnd=form.amount_vnd.data,
            contingency_vnd=form.contingency_vnd.data,
            unmeasured_vnd=form.unmeasured_vnd.data,
        )
        set_envelope(session, current_actor(), round_id, entry=entry, seen_edit=seen_version())

    said = _("Đã ghi khả năng cân đối.")
    return _answer_form("rounds/envelope.html", round_id, form, "set_envelope", act, said)


def _offer_offices_and_sources(session: Session, form: CeilingForm) -> None:
    offices = list_agencies(session, present_moment().business_on)
    form.agency_id.offer([("", _("Chọn cơ quan")), *((str(row.id), row.name_vi) for row in offices)])
    form.source_code.offer([("", _("Chọn nguồn")), *_source_choices(session)])


def _offer_sources_and_years(session: Session, form: EnvelopeForm, row: RoundRow) -> None:
    form.source_code.offer([("", _("Chọn nguồn")), *_source_choices(session)])
    form.year.offer([(str(year), str(year)) for year in row.years])


def _source_choices(session: Session) -> list[tuple[str, str]]:
    return [(source.code, source.name_vi) for source in list_sources(session)]


def _answer_form(
    template: str, round_id: int, form: FlaskForm, operation: str, act: Callable[[Any], None], said: str
) -> Answer:
    """Carry the form out and lead back to the round, or show it again with the reason."""
    if not form.validate():
        with read() as session:
            row = get_round(session, round_id)
        return _form_page(template, row, form), 422
    content = {"round": round_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out(operation, content, act)
    if refusal is None:
        flash(said, "success")
        return redirect(url_for("rounds.round_page", round_id=round_id), code=303)
    with read() as session:
        row = get_round(session, round_id)
        changes = latest_acts(session, "budget_round", round_id, limit=refusal.missed_edits)
    return _form_page(template, row, form, refusal=refusal, changes=changes), refusal.status


def _form_page(template: str, row: RoundRow, form: FlaskForm, **more: Any) -> str:
    return render_template(template, budget_round=row, form=form, **more)
