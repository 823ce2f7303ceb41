"""Estimates handed up: the office below hands its own over, the office above reads, takes in, gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.attachments.queries import list_attached
from finance.dossiers.queries import read_dossiers
from finance.estimates.handing_up.queries import get_handover, handed_up_projects
from finance.estimates.handovers import return_estimate_down, submit_estimate_up, take_estimate
from finance.estimates.queries import check_context, find_estimate
from finance.estimates.totals import requested_level
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.estimate_page import show_estimate
from webapp.form_fields import tidy_words
from webapp.request_scope import present_moment, read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.post("/du-toan/<int:estimate_id>/gui-cap-tren")
@requires(Action.SUBMIT_ESTIMATE_UP)
def submit_estimate_up_here(estimate_id: int) -> Answer:
    """Hand the signed version to the office that consolidates."""
    seen, actor = seen_version(), current_actor()
    done = attempt(
        "submit_estimate_up",
        estimate_id,
        lambda session: submit_estimate_up(session, actor, estimate_id, seen_edit=seen),
    )
    if isinstance(done, Refused):
        return show_estimate(estimate_id, done, request.form)
    flash(_("Đã gửi cấp trên tổng hợp."), "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)


@blueprint.get("/du-toan/cap-duoi/<int:handover_id>")
@requires(Action.TAKE_ESTIMATE)
def lower_page(handover_id: int) -> Answer:
    """What an office below asks, as it signed it."""
    return _lower_page(handover_id)


@blueprint.post("/du-toan/cap-duoi/<int:handover_id>/tong-hop")
@requires(Action.TAKE_ESTIMATE)
def take_estimate_here(handover_id: int) -> Answer:
    """Take the projects into the own draft and lead to it."""
    seen, actor = seen_version(), current_actor()
    return _do(
        "take_estimate",
        handover_id,
        lambda session: take_estimate(session, actor, handover_id, seen_edit=seen),
        _("Đã đưa các dự án vào dự toán của cơ quan mình."),
    )


@blueprint.post("/du-toan/cap-duoi/<int:handover_id>/tra-lai")
@requires(Action.RETURN_ESTIMATE_DOWN)
def return_estimate_down_here(handover_id: int) -> Answer:
    """Give the estimate back with a reason."""
    seen, actor, reason = seen_version(), current_actor(), tidy_words(request.form.get("reason"))
    return _do(
        "return_estimate_down",
        handover_id,
        lambda session: return_estimate_down(session, actor, handover_id, reason=reason, seen_edit=seen),
        _("Đã trả lại dự toán kèm lý do."),
    )


def _lower_page(handover_id: int, refused: Refused | None = None) -> Answer:
    actor = current_actor()
    with read() as session:
        row = get_handover(session, actor, handover_id)
        projects = handed_up_projects(session, actor, handover_id)
        context = check_context(session, row.round_id, row.agency_id, on=present_moment().business_on)
        dossiers = read_dossiers(session, row.version_id)
        papers = Counter(paper.project_key for paper in list_attached(session, row.version_id))
        own_id = find_estimate(session, row.round_id, row.upper_agency_id, row.kind)
    page = render_template(
        "estimates/lower.html",
        row=row,
        projects=projects,
        context=context,
        requested={project.project_key: requested_level(project) for project in projects},
        dossiers=dossiers,
        papers=papers,
        own_id=own_id,
        refused=refused,
        reason=request.form.get("reason", ""),
    )
    return (page, refused.status) if refused else page


def _do(operation: str, handover_id: int, act: Callable[[Session], object], said: str) -> Answer:
    """Carry the act out and stay with what was handed up, or show it again with the reason."""
    done = attempt(operation, handover_id, act)
    if isinstance(done, Refused):
        return _lower_page(handover_id, done)
    flash(said, "success")
    return redirect(url_for("estimates.lower_page", handover_id=handover_id), code=303)
