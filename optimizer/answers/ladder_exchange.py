"""Nested ladders as JSON data (phanbo-ladder/1)."""

from __future__ import annotations

from typing import Any

from optimizer.answers.json_numbers import nearest_number, nearest_or_none, told_seconds
from optimizer.answers.ladder_answer import Ladder, LadderStep
from optimizer.answers.whatif_exchange import levels_to_json

LADDER_SCHEMA = "phanbo-ladder/1"
LADDER_FILE = "phanbo-ladder-1.schema.json"


def ladder_to_json(ladder: Ladder) -> dict[str, Any]:
    """Return a ladder as plain JSON data; points become decimals, the plans are exact."""
    return {
        "schema": LADDER_SCHEMA,
        "weighted": nearest_number(ladder.weighted_points),
        "bound": nearest_or_none(ladder.bound_points),
        "proven": ladder.is_proven,
        "steps": [_step_to_json(step) for step in ladder.steps],
        "seconds": told_seconds(ladder.seconds),
        "sentences": list(ladder.sentences),
    }


def _step_to_json(step: LadderStep) -> dict[str, Any]:
    ceilings: dict[str, dict[str, int]] = {}
    for edit in step.rung.ceilings:
        ceilings.setdefault(edit.source_id, {})[str(edit.year)] = edit.ceiling_vnd
    return {
        "number": step.number,
        "title": step.rung.title,
        "weight": nearest_number(step.rung.weight),
        "ceiling_vnd": ceilings,
        "total_vnd": step.total_vnd,
        "levels": dict(sorted(step.level_ids.items())),
        "score": nearest_number(step.score_points),
        "shortfall_vnd": step.shortfall_vnd,
        "spent_vnd": step.spent_vnd,
        "changes": levels_to_json(step.changes),
        "free_score": nearest_number(step.free_points),
        "free_shortfall_vnd": step.free_shortfall_vnd,
        "free_bound": nearest_or_none(step.free_bound_points),
        "free_proven": step.is_free_proven,
        "price": nearest_number(step.price_points),
        "price_at_most": nearest_or_none(step.price_at_most_points),
    }
