"""Public instances with a proven optimum, solved and audited through the command line.

The set is read from the folder that PHANBO_KNOWN_OPTIMA names: multidimensional knapsacks, capital budgeting
among them. Their values are compared as exact fractions, so "nearly the optimum" fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest

from optimizer.__main__ import main

FOLDER = os.environ.get("PHANBO_KNOWN_OPTIMA")
REASON = "PHANBO_KNOWN_OPTIMA does not name the folder with mknap.json"
SET_SIZE = 55
SECONDS_EACH = 20
AS_A_PROGRAM = ("mknap1-2", "mknap2-WEING1", "mknap2-PB5")
"""Also run as a program of its own: one with decimal values, one of capital budgeting, one dense."""
YEAR = "2012"


def instances() -> list[dict]:
    if not FOLDER or not (Path(FOLDER) / "mknap.json").exists():
        return []
    text = (Path(FOLDER) / "mknap.json").read_text(encoding="utf-8")
    return list(json.loads(text, parse_float=Decimal))


INSTANCES = {str(item["name"]): item for item in instances()}
needs_the_set = pytest.mark.skipif(not INSTANCES, reason=REASON)


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


def solve_words(problem: Path, plan: Path) -> list[str]:
    limit = str(SECONDS_EACH)
    return [
        "solve",
        str(problem),
        "--out",
        str(plan),
        "--stages",
        "score",
        "--time-limit",
        limit,
        "--json",
    ]


def value_by_hand(instance: dict, plan: dict) -> Fraction:
    """Return the value of the chosen items, after adding up their weights by hand."""
    picked = [int(name[1:]) for name in plan["levels"]]
    for weights, cap in zip(instance["weights"], instance["ceilings"], strict=True):
        assert sum(weights[place] for place in picked) <= cap
    return sum((Fraction(instance["values"][place]) for place in picked), Fraction(0))


def read_exactly(path: Path) -> dict:
    return dict(json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def assert_optimal(instance: dict, plan: dict) -> None:
    assert plan["outcome"] == "proven"
    assert Fraction(plan["score"]) == Fraction(instance["optimum"])
    assert value_by_hand(instance, plan) == Fraction(instance["optimum"])


@needs_the_set
def test_the_set_is_whole() -> None:
    assert len(INSTANCES) == SET_SIZE


@needs_the_set
@pytest.mark.parametrize("name", sorted(INSTANCES))
def test_the_optimum_is_found_audited_and_in_time(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance = INSTANCES[name]
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(problem_text(instance), encoding="utf-8")
    began = perf_counter()
    assert main(solve_words(problem, plan)) == 0
    assert perf_counter() - began <= SECONDS_EACH
    told = json.loads(capsys.readouterr().out)
    assert told["plan"]["outcome"] == "proven"
    assert main(["verify", str(problem), str(plan)]) == 0
    assert_optimal(instance, read_exactly(plan))


@needs_the_set
@pytest.mark.parametrize("name", AS_A_PROGRAM)
def test_the_program_of_its_own_finds_the_same(name: str, tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(problem_text(INSTANCES[name]), encoding="utf-8")
    for words in (solve_words(problem, plan), ["verify", str(problem), str(plan), "--json"]):
        told = subprocess.run(
            [sys.executable, "-m", "optimizer", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=3 * SECONDS_EACH,
        )
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["exit_code"] == 0
    assert_optimal(INSTANCES[name], read_exactly(plan))
