"""The answer an office reads and prints."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.allocations.answers import answer_of_agency
from webapp.access import current_actor, requires
from webapp.allocations.blueprint import blueprint
from webapp.request_scope import read

Answer = Response | str | tuple[str, int]


@blueprint.get("/phan-bo/tra-loi/<int:round_id>/<int:agency_id>")
@requires(Action.VIEW_ANSWER)
def answer_page(round_id: int, agency_id: int) -> Answer:
    """Asked, appraised, allocated, and why, project by project."""
    with read() as session:
        answer = answer_of_agency(session, current_actor(), round_id, agency_id)
    return render_template("allocations/answer.html", answer=answer)
