"""Money frontiers as JSON data (phanbo-sweep/1)."""

from __future__ import annotations

from typing import Any

from optimizer.answers.json_numbers import nearest_number, nearest_or_none, told_seconds
from optimizer.answers.sweep_answer import CurvePoint, Knot, MoneyFrontier
from optimizer.answers.whatif_exchange import conflicts_to_json

SWEEP_SCHEMA = "phanbo-sweep/1"
SWEEP_FILE = "phanbo-sweep-1.schema.json"


def frontier_to_json(frontier: MoneyFrontier) -> dict[str, Any]:
    """Return a money frontier as plain JSON data; shares and points become decimals."""
    asked = frontier.asked
    return {
        "schema": SWEEP_SCHEMA,
        "source": asked.source_id,
        "year": asked.year,
        "today_points": nearest_or_none(frontier.today_points),
        "curve": [_point_to_json(point) for point in frontier.curve],
        "knots": [_knot_to_json(knot) for knot in frontier.knots],
        "half_from": None if frontier.half_from is None else _point_to_json(frontier.half_from),
        "flat_from": None if frontier.flat_from is None else _point_to_json(frontier.flat_from),
        "conflicts": conflicts_to_json(frontier.conflicts),
        "curve_seconds": told_seconds(frontier.curve_seconds),
        "sentences": list(frontier.sentences),
    }


def _point_to_json(point: CurvePoint) -> dict[str, Any]:
    return {
        "share": nearest_number(point.share),
        "total_vnd": point.total_vnd,
        "bound": nearest_or_none(point.bound_points),
        "points_per_billion": nearest_or_none(point.points_per_billion),
    }


def _knot_to_json(knot: Knot) -> dict[str, Any]:
    return {
        "share": nearest_number(knot.share),
        "total_vnd": knot.total_vnd,
        "outcome": knot.outcome.value,
        "score": nearest_or_none(knot.score_points),
        "shortfall_vnd": knot.shortfall_vnd,
        "bound": nearest_or_none(knot.bound_points),
        "proven": knot.is_proven,
        "carried": knot.is_carried,
        "levels": dict(sorted(knot.level_ids.items())),
        "spent_vnd": knot.spent_vnd,
        "changed": knot.changed,
        "seconds": told_seconds(knot.seconds),
    }
