"""Bands of earlier prices: the table, one line beside the lines it is compared with, hints elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, g, render_template, request
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.queries import current_version, version_project
from finance.unit_costs.bands import Band, PriceHistory, band_for
from finance.unit_costs.queries import LineBand, all_bands, band_of_line, bands_of_project, price_history
from finance.vietnamese.fold import fold
from webapp.access import current_actor, requires
from webapp.request_scope import read

if TYPE_CHECKING:
    from finance.estimates.rows import LineRow

blueprint = Blueprint("unit_costs", __name__, template_folder="templates")

Answer = Response | str

MOST_SEARCHED = 100


@blueprint.get("/don-gia")
@requires(Action.VIEW_REVIEWS)
def bands_page() -> Answer:
    """Every band of the province."""
    words = request.args.get("tim", "").strip()[:MOST_SEARCHED]
    with read() as session:
        every = all_bands(session, current_actor(), least_lines=_least_lines())
    wanted = fold(words).split()
    rows = [
        band for band in every if all(word in fold(f"{band.name_vi} {band.unit_name}") for word in wanted)
    ]
    return render_template(
        "unit_costs/bands.html", rows=rows, total=len(every), words=words, least_lines=_least_lines()
    )


@blueprint.get("/don-gia/dong-chi/<int:line_id>")
@requires(Action.VIEW_REVIEWS)
def line_page(line_id: int) -> Answer:
    """One line beside its band and the lines the band comes from."""
    with read() as session:
        asked, band = band_of_line(session, current_actor(), line_id, least_lines=_least_lines())
    return render_template("unit_costs/line.html", asked=asked, band=band, least_lines=_least_lines())


@blueprint.app_template_global("project_bands")
def project_bands(estimate_id: int, project_key: str) -> list[LineBand]:
    """The lines of a stored project beside their bands; for the hint on its page."""
    with read() as session:
        stored = version_project(session, current_version(session, estimate_id).id, project_key)
        if stored is None:
            return []
        return bands_of_project(session, estimate_id, stored, least_lines=_least_lines())


@blueprint.app_template_global("line_band")
def line_band(estimate_id: int, line: LineRow) -> Band | None:
    """The band beside one line of a review sheet; prices are read once for the whole sheet."""
    return band_for(
        line.item_vi,
        line.unit_name,
        line.norm_code,
        _history(),
        without_estimate=estimate_id,
        least_lines=_least_lines(),
    )


def _least_lines() -> int:
    """How many lines make a band in this installation."""
    least: int = current_app.config["BAND_LINES"]
    return least


def _history() -> PriceHistory:
    """The prices of this answer, read once."""
    if "price_history" not in g:
        with read() as session:
            g.price_history = price_history(session)
    kept: PriceHistory = g.price_history
    return kept
