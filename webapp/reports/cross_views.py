"""Bảng chéo: two or three marks against each other; on the screen and exactly so as a file."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from finance.actions import Action
from finance.errors import RuleBroken
from finance.labels import LabelledEnum
from finance.reports.cross_layout import CrossLayout, Dimension, Figure
from finance.reports.cross_table import CrossTable, counting_note, cross_export, cross_table, table_title
from finance.reports.export_tables import write_csv
from finance.reports.workbooks import write_workbook
from finance.rounds.queries import get_round, list_rounds, require_true_round
from webapp.access import current_actor, requires
from webapp.reports.blueprint import WAYS, WORKBOOK_TYPE, blueprint
from webapp.request_scope import read

Answer = AnyResponse | str | tuple[str, int]

# How each mark and figure is called in an address.
MARKS = {
    "noi-dung": Dimension.AREA,
    "nhiem-vu": Dimension.TASK,
    "co-quan": Dimension.AGENCY,
    "nguon": Dimension.SOURCE,
    "tinh-chat": Dimension.NATURE,
    "nam": Dimension.YEAR,
    "loai": Dimension.KIND,
}
FIGURES = {
    "de-nghi": Figure.ASKED,
    "tham-dinh": Figure.APPRAISED,
    "chenh-lech": Figure.DIFFERENCE,
    "so-du-an": Figure.PROJECTS,
}


@blueprint.get("/tong-hop/<int:round_id>/bang-cheo")
@requires(Action.VIEW_REPORTS)
def cross_page(round_id: int) -> Answer:
    """The cross table of one round; the address says how it is laid out."""
    chosen = _chosen()
    try:
        layout = _layout(chosen)
    except RuleBroken as refused:
        return _page(round_id, chosen, problem=refused.sentence_vi), 422
    with read() as session:
        table = cross_table(session, current_actor(), round_id, layout=layout)
    return _page(round_id, chosen, table=table)


@blueprint.get("/tong-hop/<int:round_id>/bang-cheo.xlsx")
@requires(Action.VIEW_REPORTS)
def cross_workbook(round_id: int) -> Answer:
    """The table as a workbook."""
    return _file(write_workbook(cross_export(_table(round_id))), round_id, "xlsx", WORKBOOK_TYPE)


@blueprint.get("/tong-hop/<int:round_id>/bang-cheo.csv")
@requires(Action.VIEW_REPORTS)
def cross_csv(round_id: int) -> Answer:
    """The table as CSV."""
    return _file(write_csv(cross_export(_table(round_id))), round_id, "csv", "text/csv")


def _table(round_id: int) -> CrossTable:
    layout = _layout(_chosen())
    with read() as session:
        return cross_table(session, current_actor(), round_id, layout=layout)


def _chosen() -> dict[str, str]:
    """What the address asks for; what it does not say, or says wrongly, is the usual table."""

    def one_of(name: str, known: dict[str, LabelledEnum], usual: str) -> str:
        said = request.args.get(name, usual)
        return said if said in known else usual

    return {
        "dong": one_of("dong", {**MARKS}, "noi-dung"),
        "chi-tiet": one_of("chi-tiet", {**MARKS}, ""),
        "cot": one_of("cot", {**MARKS}, "nguon"),
        "so": one_of("so", {**FIGURES}, "de-nghi"),
    }


def _layout(chosen: dict[str, str]) -> CrossLayout:
    return CrossLayout(
        rows=MARKS[chosen["dong"]],
        columns=MARKS[chosen["cot"]],
        figure=FIGURES[chosen["so"]],
        detail=MARKS.get(chosen["chi-tiet"]),
    )


def _page(
    round_id: int, chosen: dict[str, str], *, table: CrossTable | None = None, problem: str = ""
) -> str:
    with read() as session:
        require_true_round(session, round_id)
        row, rounds = get_round(session, round_id), list_rounds(session)
    return render_template(
        "reports/cross_table.html",
        round=row,
        rounds=rounds,
        chosen=chosen,
        marks=[(key, mark.label_vi) for key, mark in MARKS.items()],
        figures=[(key, figure.label_vi) for key, figure in FIGURES.items()],
        table=table,
        problem=problem,
        title=table_title(table.layout) if table else "",
        note=counting_note(table.layout) if table else "",
        ways=WAYS,
    )


def _file(content: bytes, round_id: int, ending: str, mimetype: str) -> Response:
    chosen = _chosen()
    parts = "-".join(part for part in (chosen["dong"], chosen["chi-tiet"], chosen["cot"]) if part)
    name = f"bang-cheo-{round_id}-{chosen['so']}-theo-{parts}.{ending}"
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
