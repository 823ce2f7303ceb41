"""Public instances with a proven optimum, read from the folder PHANBO_KNOWN_OPTIMA names."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from optimizer import Outcome, SolveLimits, read_problem, solve, verify_plan

FOLDER = os.environ.get("PHANBO_KNOWN_OPTIMA")
REASON = "PHANBO_KNOWN_OPTIMA does not name the folder with mknap.json"
QUICK_ITEMS = 45
YEAR = "2012"


def problem_text(instance: dict) -> str:
    """Return a multidimensional knapsack as a problem file: one source per resource, one level per item."""
    total = sum(instance["values"])
    candidates = [
        {
            "id": f"x{place:03d}",
            "levels": [
                {
                    "id": "mot",
                    "cost_vnd": {
                        f"r{row}": {YEAR: weights[place]} for row, weights in enumerate(instance["weights"])
                    },
                    "yields": {"gia-tri": {YEAR: value}},
                }
            ],
        }
        for place, value in enumerate(instance["values"])
    ]
    output = {
        "id": "gia-tri", "kind": "quantity", "start": 0, "baseline": 0, "target": total, "weight": total,
        "beyond_target": "linear",
    }  # fmt: skip
    sources = [{"id": f"r{row}", "ceiling_vnd": {YEAR: cap}} for row, cap in enumerate(instance["ceilings"])]
    data = {
        "schema": "phanbo-problem/1", "years": [int(YEAR)], "sources": sources, "outputs": [output],
        "candidates": candidates,
    }  # fmt: skip
    return json.dumps(data, default=float)


def instances() -> list[dict]:
    if not FOLDER or not (Path(FOLDER) / "mknap.json").exists():
        return []
    text = (Path(FOLDER) / "mknap.json").read_text(encoding="utf-8")
    return [item for item in json.loads(text, parse_float=Decimal) if len(item["values"]) <= QUICK_ITEMS]


@pytest.mark.skipif(not instances(), reason=REASON)
def test_the_quick_instances_are_solved_to_their_optimum() -> None:
    for instance in instances():
        problem = read_problem(problem_text(instance))
        plan = solve(problem, SolveLimits(time_limit_seconds=20, is_score_only=True))
        assert verify_plan(problem, plan).is_kept, instance["name"]
        assert plan.outcome is Outcome.PROVEN, instance["name"]
        assert plan.score_points == Fraction(instance["optimum"]), instance["name"]
