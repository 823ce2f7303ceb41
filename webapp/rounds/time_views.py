"""Longer time for one office, reminders, closing a round, and rounds for practice."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.queries import list_agencies
from finance.reports.audit_trail import latest_acts
from finance.rounds.deadlines import extend_deadline, remind_office
from finance.rounds.practice import NewPractice, close_round, open_practice_round
from finance.rounds.queries import get_round, list_rounds
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import at_hour
from webapp.request_scope import present_moment, read, seen_version
from webapp.rounds.blueprint import blueprint
from webapp.rounds.forms import CloseForm, ExtensionForm, PracticeForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

USUAL_HOUR = time(17, 0)


@blueprint.get("/dot-du-toan/<int:round_id>/gia-han")
@requires(Action.EXTEND_DEADLINE)
def extension_page(round_id: int) -> Answer:
    """The form of a longer time for one office."""
    form = ExtensionForm(agency_id=request.args.get("co-quan", ""), until_hour=USUAL_HOUR)
    with read() as session:
        _offer_offices(session, form)
    return _form_page("rounds/extension.html", round_id, form)


@blueprint.post("/dot-du-toan/<int:round_id>/gia-han")
@requires(Action.EXTEND_DEADLINE)
def extend_deadline_here(round_id: int) -> Answer:
    """Give an office a longer time to send, with the reason everybody reads."""
    form = ExtensionForm()
    with read() as session:
        _offer_offices(session, form)
    if not form.validate():
        return _form_page("rounds/extension.html", round_id, form), 422

    def act(session: Session) -> None:
        extend_deadline(
            session,
            current_actor(),
            round_id,
            agency_id=int(form.agency_id.data),
            until_at=at_hour(form.until_on.data, form.until_hour.data),
            reason=form.reason.data,
            seen_edit=seen_version(),
        )

    content = {"round": round_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("extend_deadline", content, act)
    if refusal:
        return _form_page("rounds/extension.html", round_id, form, refusal), refusal.status
    flash(_("Đã gia hạn; lý do được công khai trên trang của đợt."), "success")
    return redirect(url_for("rounds.round_page", round_id=round_id, _anchor="gia-han"), code=303)


@blueprint.post("/dot-du-toan/<int:round_id>/nhac")
@requires(Action.REMIND_OFFICE)
def remind_office_here(round_id: int) -> Answer:
    """Remind one office of the deadline, from the reviewers' board."""
    agency_id = request.form.get("agency_id", 0, type=int)

    def act(session: Session) -> None:
        remind_office(session, current_actor(), round_id, agency_id=agency_id, seen_edit=seen_version())

    content = {"round": round_id, "seen": seen_version(), "agency": agency_id}
    refusal = carry_out("remind_office", content, act)
    if refusal:
        flash(refusal.sentence, "error")
    else:
        flash(_("Đã nhắc; lời nhắc hiện trên “Việc của tôi” của người lập và thủ trưởng cơ quan."), "success")
    return redirect(url_for("reviews.board_page"), code=303)


@blueprint.get("/dot-du-toan/<int:round_id>/khep")
@requires(Action.CLOSE_ROUND)
def close_page(round_id: int) -> Answer:
    """What closing does, and the form."""
    return _form_page("rounds/close.html", round_id, CloseForm())


@blueprint.post("/dot-du-toan/<int:round_id>/khep")
@requires(Action.CLOSE_ROUND)
def close_round_here(round_id: int) -> Answer:
    """Close the round; a practice round is wiped."""
    form = CloseForm()
    if not form.validate():
        return _form_page("rounds/close.html", round_id, form), 422

    def act(session: Session) -> None:
        close_round(session, current_actor(), round_id, reason=form.reason.data, seen_edit=seen_version())

    content = {"round": round_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("close_round", content, act)
    if refusal:
        return _form_page("rounds/close.html", round_id, form, refusal), refusal.status
    flash(_("Đã khép đợt."), "success")
    return redirect(url_for("rounds.list_page"), code=303)


@blueprint.get("/dot-du-toan/mo-tap-huan")
@requires(Action.OPEN_ROUND)
def practice_page() -> Answer:
    """The form that opens a round for practice."""
    form = PracticeForm()
    with read() as session:
        _offer_models(session, form)
    return render_template("rounds/practice.html", form=form, refusal=None)


@blueprint.post("/dot-du-toan/mo-tap-huan")
@requires(Action.OPEN_ROUND)
def open_practice_here() -> Answer:
    """Open a round for practice with the catalogue of another one."""
    form = PracticeForm()
    with read() as session:
        _offer_models(session, form)
    if not form.validate():
        return render_template("rounds/practice.html", form=form, refusal=None), 422
    new = NewPractice(form.code.data, form.name_vi.data, int(form.model_round_id.data))
    refusal = carry_out(
        "open_practice_round",
        typed_content(form),
        lambda session: open_practice_round(session, current_actor(), new),
    )
    if refusal:
        return render_template("rounds/practice.html", form=form, refusal=refusal), refusal.status
    flash(_("Đã mở đợt tập huấn; các cơ quan thấy đợt này ở trang Dự toán."), "success")
    return redirect(url_for("rounds.list_page"), code=303)


def _offer_offices(session: Session, form: ExtensionForm) -> None:
    offices = list_agencies(session, present_moment().business_on)
    form.agency_id.offer([("", _("Chọn cơ quan")), *((str(row.id), row.name_vi) for row in offices)])


def _offer_models(session: Session, form: PracticeForm) -> None:
    form.model_round_id.offer([(str(row.id), row.name_vi) for row in list_rounds(session)])


def _form_page(
    template: str,
    round_id: int,
    form: ExtensionForm | CloseForm,
    refusal: Refusal | None = None,
) -> str:
    with read() as session:
        row = get_round(session, round_id)
        missed = refusal.missed_edits if refusal else 0
        changes = latest_acts(session, "budget_round", round_id, limit=missed) if missed else []
    return render_template(template, budget_round=row, form=form, refusal=refusal, changes=changes)
