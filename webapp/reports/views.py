"""Tổng hợp: asked, appraised, proposed, approved; on the screen and exactly so as a file."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from finance.actions import Action
from finance.reports.consolidation import Consolidation, consolidate_round, consolidation_table
from finance.reports.export_tables import write_csv
from finance.reports.workbooks import write_workbook
from finance.rounds.queries import current_round, list_rounds
from webapp.access import current_actor, requires
from webapp.reports import cross_views  # noqa: F401 (its routes belong here)
from webapp.reports.blueprint import WAYS, WORKBOOK_TYPE, blueprint
from webapp.request_scope import read

Answer = AnyResponse | str


@blueprint.get("/tong-hop")
@requires(Action.VIEW_REPORTS)
def consolidation_page() -> Answer:
    """The consolidation of the open round; without one the newest round."""
    with read() as session:
        row = current_round(session) or next(iter(list_rounds(session)), None)
    if row is None:
        return render_template("reports/empty.html")
    return redirect(url_for("reports.round_report_page", round_id=row.id), code=302)


@blueprint.get("/tong-hop/<int:round_id>")
@requires(Action.VIEW_REPORTS)
def round_report_page(round_id: int) -> Answer:
    """The table of one round."""
    way = _way()
    with read() as session:
        rounds = list_rounds(session)
        consolidation = consolidate_round(session, current_actor(), round_id, grouping=WAYS[way])
    return render_template(
        "reports/consolidation.html", consolidation=consolidation, rounds=rounds, way=way, ways=WAYS
    )


@blueprint.get("/tong-hop/<int:round_id>/bang.xlsx")
@requires(Action.VIEW_REPORTS)
def report_workbook(round_id: int) -> Answer:
    """The table as a workbook."""
    consolidation = _consolidation(round_id)
    content = write_workbook(consolidation_table(consolidation))
    return _file(content, consolidation, "xlsx", WORKBOOK_TYPE)


@blueprint.get("/tong-hop/<int:round_id>/bang.csv")
@requires(Action.VIEW_REPORTS)
def report_csv(round_id: int) -> Answer:
    """The table as CSV."""
    consolidation = _consolidation(round_id)
    return _file(write_csv(consolidation_table(consolidation)), consolidation, "csv", "text/csv")


def _consolidation(round_id: int) -> Consolidation:
    with read() as session:
        return consolidate_round(session, current_actor(), round_id, grouping=WAYS[_way()])


def _way() -> str:
    way = request.args.get("theo", "")
    return way if way in WAYS else next(iter(WAYS))


def _file(content: bytes, consolidation: Consolidation, ending: str, mimetype: str) -> Response:
    name = f"tong-hop-{consolidation.round.id}-theo-{_way()}.{ending}"
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
