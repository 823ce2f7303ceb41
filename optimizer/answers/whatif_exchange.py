"""What-if answers as JSON data (phanbo-whatif/1); the plan of a step is a phanbo-plan/1 of its own."""

from __future__ import annotations

from typing import Any

from optimizer.answers.json_numbers import nearest_number, nearest_or_none, told_seconds
from optimizer.answers.money_rows import MoneyHint
from optimizer.answers.plan_change import LevelChange, PlanChange
from optimizer.answers.whatif_answer import PlannedStep, RelaxedStep, WhatIf, WhatIfStep
from optimizer.canonical import fingerprint_of
from optimizer.edits import EditStep
from optimizer.edits_exchange import edits_to_json
from optimizer.errors import Conflict
from optimizer.exchange import plan_to_json

WHAT_IF_SCHEMA = "phanbo-whatif/1"
WHAT_IF_FILE = "phanbo-whatif-1.schema.json"


def what_if_to_json(answer: WhatIf) -> dict[str, Any]:
    """Return a what-if as plain JSON data; points become decimals, the plans carry the exact levels."""
    return {
        "schema": WHAT_IF_SCHEMA,
        "problem_sha256": answer.problem_sha256,
        "chain": answer.is_chain,
        "steps": [_step_to_json(step) for step in answer.steps],
    }


def _step_to_json(step: WhatIfStep) -> dict[str, Any]:
    relaxed = step.relaxed
    return {
        "number": relaxed.number,
        "title": relaxed.title,
        "edits": edits_to_json(EditStep(relaxed.title, relaxed.edits))["edits"],
        "relaxed": _relaxed_to_json(relaxed),
        "planned": _planned_to_json(step.planned),
    }


def _relaxed_to_json(relaxed: RelaxedStep) -> dict[str, Any]:
    return {
        "feasible": relaxed.is_feasible,
        "bound": nearest_or_none(relaxed.bound_points),
        "hints": [hint_to_json(hint) for hint in relaxed.hints],
        "seconds": told_seconds(relaxed.seconds),
        "sentences": list(relaxed.sentences),
    }


def _planned_to_json(planned: PlannedStep) -> dict[str, Any]:
    plan, difference = planned.plan, planned.difference
    return {
        "outcome": planned.outcome.value,
        "problem_sha256": fingerprint_of(planned.problem) if plan is None else plan.problem_sha256,
        "compared_with": planned.compared_with,
        "plan": None if plan is None else plan_to_json(plan),
        "difference": None if difference is None else difference_to_json(difference),
        "conflicts": conflicts_to_json(planned.conflicts),
        "seconds": told_seconds(planned.seconds),
        "sentences": list(planned.sentences),
    }


def hint_to_json(hint: MoneyHint) -> dict[str, Any]:
    """Return a price of the relaxation as JSON data."""
    return {
        "row": hint.row_id,
        "words": hint.words,
        "points_per_billion": nearest_number(hint.points_per_billion),
    }


def difference_to_json(difference: PlanChange) -> dict[str, Any]:
    """Return the change from one plan to another as JSON data."""
    return {
        "score_before": nearest_number(difference.score_before),
        "score_after": nearest_number(difference.score_after),
        "gained_points": nearest_number(difference.gained_points),
        "shortfall_before_vnd": difference.shortfall_before_vnd,
        "shortfall_after_vnd": difference.shortfall_after_vnd,
        "standing_points": nearest_number(difference.standing_points),
        "standing_broken": list(difference.standing_broken),
        "levels": levels_to_json(difference.levels),
        "money": [
            {
                "source": item.source_id,
                "year": item.year,
                "before_vnd": item.before_vnd,
                "after_vnd": item.after_vnd,
            }
            for item in difference.money
        ],
        "outputs": [
            {
                "output": item.output_id,
                "before": nearest_number(item.before),
                "after": nearest_number(item.after),
            }
            for item in difference.outputs
        ],
    }


def levels_to_json(changes: tuple[LevelChange, ...]) -> list[dict[str, Any]]:
    """Return level changes as JSON data; null = not funded."""
    return [
        {"candidate": item.candidate_id, "before": item.level_before, "after": item.level_after}
        for item in changes
    ]


def conflicts_to_json(conflicts: tuple[Conflict, ...]) -> list[dict[str, Any]]:
    """Return conflicts as JSON data."""
    return [
        {"rules": list(item.rule_ids), "words": item.words, "repair": item.repair_words} for item in conflicts
    ]
