"""Comparisons as JSON data (phanbo-comparison/1); points are exact texts such as "-3/20"."""

from __future__ import annotations

from typing import Any

from optimizer.answers.comparison_facts import (
    Attribution,
    BestOfProblem,
    Cause,
    Comparison,
    LevelMove,
    OutputMove,
)

COMPARISON_SCHEMA = "phanbo-comparison/1"


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain JSON data; nothing is rounded."""
    differences = comparison.differences
    return {
        "schema": COMPARISON_SCHEMA,
        "problem_sha256": list(comparison.problem_sha256),
        "score": [str(comparison.score_before), str(comparison.score_after)],
        "difference": str(comparison.score_after - comparison.score_before),
        "best": [_best(comparison.best_before), _best(comparison.best_after)],
        "attribution": _attribution(comparison.attribution),
        "averaged": None if comparison.averaged is None else _attribution(comparison.averaged),
        "levels": [_level(move) for move in differences.levels],
        "money_vnd": {
            mark: {value: list(pair) for value, pair in by_value.items()}
            for mark, by_value in differences.money_vnd.items()
        },
        "outputs": [_output(move) for move in differences.outputs],
        "sentences": list(comparison.sentences),
    }


def _best(best: BestOfProblem) -> dict[str, str]:
    return {
        "score": str(best.score_points),
        "bound": str(best.bound_points),
        "distance": str(best.distance_points),
    }


def _attribution(attribution: Attribution) -> dict[str, Any]:
    return {
        "causes": [_cause(cause) for cause in attribution.causes],
        "unproven": str(attribution.unproven_points),
        "orders_used": attribution.orders_used,
        "orders": attribution.orders,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "changes": [
            {
                "group": change.group.value,
                "kind": change.kind.value,
                "subject": change.subject,
                "words": change.words,
            }
            for change in cause.changes
        ],
        "points": str(cause.points),
        "low": str(cause.low_points),
        "high": str(cause.high_points),
        "proven": cause.is_proven,
        "sentence": cause.sentence,
    }


def _level(move: LevelMove) -> dict[str, Any]:
    return {
        "candidate": move.candidate_id,
        "level": [move.level_before, move.level_after],
        "cost_vnd": [move.cost_before_vnd, move.cost_after_vnd],
        "sentence": move.sentence,
    }


def _output(move: OutputMove) -> dict[str, Any]:
    counts = [None if count is None else str(count) for count in (move.count_before, move.count_after)]
    return {
        "output": move.output_id,
        "count": counts,
        "points": [str(move.points_before), str(move.points_after)],
        "sentence": move.sentence,
    }
