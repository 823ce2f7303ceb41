"""Pages of the reviewer's desk: what waits, the board of the round, and the sheets of one estimate."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.completeness import dossier_counts
from finance.reviews.queries import board_of_round, review_inbox
from finance.rounds.deadlines import last_reminders, live_extensions
from finance.rounds.queries import current_round, list_deadlines
from webapp.access import current_actor, requires
from webapp.request_scope import is_partial_request, present_moment, read
from webapp.reviews import judging_views, step_views  # noqa: F401 (their routes belong here)
from webapp.reviews.blueprint import blueprint
from webapp.reviews.overview import render_overview
from webapp.reviews.sheets import load_sheet, render_sheet
from webapp.reviews.typed import line_as_it_stands, promise_as_it_stands

Answer = Response | str | tuple[str, int]

SHEET_ENDPOINTS = {
    "OVERVIEW": "reviews.overview_page",
    "CONTENT": "reviews.content_page",
    "LINES": "reviews.lines_page",
    "OUTPUTS": "reviews.outputs_page",
    "POOL": "reviews.pool_page",
}


@blueprint.get("/tham-dinh")
@requires(Action.VIEW_REVIEWS)
def inbox_page() -> Answer:
    """What waits for my functions in the open round."""
    with read() as session:
        budget_round = current_round(session)
        rows = review_inbox(session, current_actor(), budget_round.id) if budget_round else []
    return render_template(
        "reviews/inbox.html", budget_round=budget_round, rows=rows, endpoints=SHEET_ENDPOINTS
    )


@blueprint.get("/tham-dinh/bang-theo-doi")
@requires(Action.VIEW_REVIEWS)
def board_page() -> Answer:
    """Where every office's estimate stands, and how long on whose desk."""
    with read() as session:
        budget_round = current_round(session)
        rows = board_of_round(session, current_actor(), budget_round.id) if budget_round else []
        deadlines = list_deadlines(session, budget_round.id) if budget_round else []
        open_ids = [
            row.estimate_id for row in rows if row.is_open_to_reviewers and row.estimate_id is not None
        ]
        dossiers = dossier_counts(session, open_ids)
        extended = live_extensions(session, budget_round.id) if budget_round else {}
        reminders = last_reminders(session, budget_round.id) if budget_round else {}
    coming = next((row for row in deadlines if row.due_at >= present_moment().business_at), None)
    return render_template(
        "reviews/board.html",
        budget_round=budget_round,
        dossiers=dossiers,
        rows=rows,
        coming=coming,
        extended=extended,
        reminders=reminders,
    )


@blueprint.get("/tham-dinh/<int:estimate_id>")
@requires(Action.VIEW_REVIEWS)
def overview_page(estimate_id: int) -> Answer:
    """Where the file stands, what is missing, and the acts open to me."""
    return render_overview(load_sheet(estimate_id))


@blueprint.get("/tham-dinh/<int:estimate_id>/noi-dung")
@requires(Action.VIEW_REVIEWS)
def content_page(estimate_id: int) -> Answer:
    """The content sheet: a verdict for every project."""
    return render_sheet("reviews/content.html", load_sheet(estimate_id))


@blueprint.get("/tham-dinh/<int:estimate_id>/dong-chi")
@requires(Action.VIEW_REVIEWS)
def lines_page(estimate_id: int) -> Answer:
    """The appraisal sheet; `?sua=17` opens the form of line 17, alone when htmx asks."""
    sheet = load_sheet(estimate_id)
    found = sheet.line(request.args.get("sua", 0, type=int))
    typed = line_as_it_stands(found[1]) if found and sheet.file.may_appraise else None
    shown = sheet.line(request.args.get("dong", 0, type=int)) or found
    if is_partial_request() and shown:
        return render_sheet("reviews/line_row.html", sheet, typed, one=shown[0], judged=shown[1])
    return render_sheet("reviews/lines.html", sheet, typed)


@blueprint.get("/tham-dinh/<int:estimate_id>/ket-qua")
@requires(Action.VIEW_REVIEWS)
def outputs_page(estimate_id: int) -> Answer:
    """The sheet of promised results; `?sua=17` opens the form of promise 17, alone when htmx asks."""
    sheet = load_sheet(estimate_id)
    found = sheet.promise(request.args.get("sua", 0, type=int))
    typed = promise_as_it_stands(found[1]) if found and sheet.file.may_appraise else None
    shown = sheet.promise(request.args.get("dong", 0, type=int)) or found
    if is_partial_request() and shown:
        return render_sheet("reviews/promise_row.html", sheet, typed, one=shown[0], judged=shown[1])
    return render_sheet("reviews/outputs.html", sheet, typed)


@blueprint.get("/tham-dinh/<int:estimate_id>/y-kien-phan-bo")
@requires(Action.VIEW_REVIEWS)
def pool_page(estimate_id: int) -> Answer:
    """The sheet of opinions on the projects that compete for the pool."""
    return render_sheet("reviews/pool.html", load_sheet(estimate_id))
