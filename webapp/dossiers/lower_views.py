"""Dossiers and papers of what an office below handed up, read by the office above before it decides."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.paper_acts import get_handed_up_paper
from webapp.access import current_actor, requires
from webapp.dossiers.blueprint import blueprint
from webapp.dossiers.dossier_page import open_lower_desk, reading_facts
from webapp.dossiers.paper_views import as_download
from webapp.request_scope import read

Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan/cap-duoi/<int:handover_id>/ho-so")
@requires(Action.TAKE_ESTIMATE)
def lower_dossier_page(handover_id: int) -> Answer:
    """The dossier of one project, as it was signed below."""
    with read() as session:
        desk = open_lower_desk(session, handover_id)
    key = request.args.get("ma", "") or next((one.project_key for one in desk.subjects), "")
    return render_template(
        "dossiers/lower.html",
        **reading_facts(desk, key),
        handover_id=handover_id,
        paper_url=lambda paper_id: url_for(
            "dossiers.download_lower_paper", handover_id=handover_id, lower_paper_id=paper_id
        ),
    )


@blueprint.get("/du-toan/cap-duoi/<int:handover_id>/giay-to/<int:lower_paper_id>")
@requires(Action.TAKE_ESTIMATE)
def download_lower_paper(handover_id: int, lower_paper_id: int) -> Answer:
    """The file as it came, always as a download."""
    with read() as session:
        paper = get_handed_up_paper(session, current_actor(), handover_id, lower_paper_id)
    return as_download(paper)
