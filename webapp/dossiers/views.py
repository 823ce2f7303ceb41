"""The dossiers of an estimate: the list, and one project's dossier typed, saved, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.dossiers.rules import Dossier
from finance.estimates.dossier_acts import save_dossier
from finance.permissions import require
from webapp.access import current_actor, requires
from webapp.dossiers import lower_views, paper_views  # noqa: F401 (their routes belong here)
from webapp.dossiers.blueprint import blueprint
from webapp.dossiers.dossier_form import read_dossier_boxes, sent_boxes
from webapp.dossiers.dossier_page import open_dossier_desk, show_dossier
from webapp.form_answers import carry_out
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan/<int:estimate_id>/ho-so")
@requires(Action.VIEW_ESTIMATE)
def list_page(estimate_id: int) -> Answer:
    """Every project's dossier on one line, and the warnings that were let stand."""
    with read() as session:
        desk = open_dossier_desk(session, estimate_id)
    return render_template("dossiers/list.html", desk=desk, estimate=desk.estimate)


@blueprint.get("/du-toan/<int:estimate_id>/ho-so/du-an")
@requires(Action.VIEW_ESTIMATE)
def dossier_page(estimate_id: int) -> Answer:
    """The dossier of the project whose key is asked for; without one, all of them."""
    key = request.args.get("ma", "")
    return show_dossier(estimate_id, key) if key else list_page(estimate_id)


@blueprint.post("/du-toan/<int:estimate_id>/ho-so/du-an")
@requires(Action.SAVE_DOSSIER)
def save_dossier_here(estimate_id: int) -> Answer:
    """Save the dossier, or show it again with what was typed and why it was not taken."""
    seen, actor, key = seen_version(), current_actor(), request.form.get("project_key", "")
    with read() as session:
        desk = open_dossier_desk(session, estimate_id)
    require(actor, Action.SAVE_DOSSIER, desk.estimate.agency_id)
    subject = desk.subject(key)
    typed = sent_boxes(request.form, subject)
    dossier, errors = read_dossier_boxes(typed, subject, desk.dossier(key))
    if errors:
        return show_dossier(estimate_id, key, typed=typed, errors=errors), 422

    def act(session: Session) -> int:
        return save_dossier(session, actor, estimate_id, dossier=dossier, seen_edit=seen)

    payload = {"estimate": estimate_id, "project": key, "boxes": typed, "seen": seen}
    refusal = carry_out("save_dossier", payload, act)
    if refusal:
        return show_dossier(estimate_id, key, typed=typed, refusal=refusal), refusal.status
    flash(_saved_words(dossier), "success")
    return redirect(url_for("dossiers.dossier_page", estimate_id=estimate_id, ma=key), code=303)


def _saved_words(dossier: Dossier) -> str:
    return _("Đã lưu hồ sơ dự án %(key)s.", key=dossier.project_key)
