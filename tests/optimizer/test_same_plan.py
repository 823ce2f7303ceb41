"""The plan is a function of the data: not of the order of a file, of threads, and hardly of small changes.

Where every stage is proven the whole plan file is the same, apart from the seconds it took.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    Outcome,
    SolveLimits,
    StageName,
    read_problem,
    solve,
    verify_plan,
    write_plan,
    write_problem,
)
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings, EngineStatus
from optimizer.formulation.assemble import formulate
from optimizer.formulation.stages import stage_terms
from optimizer.generators.mixed import generate_problem
from optimizer.solving.compile import compile_model
from tests.optimizer.builders import a_candidate, a_level, a_problem, trained
from tests.optimizer.mixed_problems import mixed_problem

SHUFFLES = 20
MOST_CHANGES = 10
TAKES_TIME = ("seconds", "cpu_seconds")


def shuffled(data: Any, draw: Random, key: str = "") -> Any:
    """Return the same JSON data with every list and every object in another order.

    Two lists keep theirs, because it is part of the question: levels rise, corners of a curve follow
    each other.
    """
    if isinstance(data, dict):
        names = draw.sample(sorted(data), len(data))
        return {name: shuffled(data[name], draw, name) for name in names}
    if not isinstance(data, list) or key == "curve":
        return data
    items = [shuffled(item, draw) for item in data]
    return items if key == "levels" else draw.sample(items, len(items))


def without_clock(plan: Any) -> Any:
    """Return a plan file without what its clocks said."""
    if isinstance(plan, dict):
        return {key: without_clock(value) for key, value in plan.items() if key not in TAKES_TIME}
    return [without_clock(item) for item in plan] if isinstance(plan, list) else plan


def facts_of(plan: AllocationPlan) -> Any:
    return without_clock(json.loads(write_plan(plan)))


def many_kinds(count: int, seed: int) -> AllocationProblem:
    """Return a problem of about so many candidates with any mix of kinds and rules, every stage asked for."""
    problem = mixed_problem(Random(seed), most_candidates=count, most_choices=4**count)
    return replace(problem, stages=tuple(StageName))


def province_like(count: int, seed: int) -> AllocationProblem:
    return generate_problem(Random(seed), count)


CASES = [
    pytest.param(many_kinds(25, 1), id="mixed-25-a"),
    pytest.param(many_kinds(25, 5), id="mixed-25-b", marks=pytest.mark.deep),
    pytest.param(province_like(25, 4), id="generated-25"),
    pytest.param(many_kinds(60, 4), id="mixed-60", marks=pytest.mark.deep),
    pytest.param(province_like(60, 1), id="generated-60", marks=pytest.mark.deep),
]


@pytest.mark.parametrize("problem", CASES)
def test_twenty_shuffles_give_the_identical_plan_file(problem: AllocationProblem) -> None:
    plan = solve(problem)
    assert {record.outcome for record in plan.stages} == {Outcome.PROVEN}
    data = json.loads(write_problem(problem))
    texts = set()
    for seed in range(SHUFFLES):
        text = json.dumps(shuffled(data, Random(seed)))
        texts.add(text)
        assert facts_of(solve(read_problem(text))) == facts_of(plan)
    assert len(texts) == SHUFFLES


@pytest.mark.parametrize("problem", CASES)
def test_one_and_two_threads_give_the_identical_plan_file(problem: AllocationProblem, tmp_path: Path) -> None:
    """Two programs, because the engine fixes its threads once per process."""
    asked = tmp_path / "problem.json"
    asked.write_text(write_problem(problem), encoding="utf-8")
    found = []
    for threads in (1, 2):
        answer = tmp_path / f"plan-{threads}.json"
        command = ["solve", str(asked), "--out", str(answer), "--threads", str(threads)]
        told = subprocess.run(
            [sys.executable, "-m", "optimizer", *command], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        plan = without_clock(json.loads(answer.read_text(encoding="utf-8")))
        assert plan["engine"].pop("threads") == threads
        assert {stage["outcome"] for stage in plan["stages"]} == {"proven"}
        found.append(plan)
    assert found[0]["levels"]
    assert found[0] == found[1]


def with_moved_ceiling(problem: AllocationProblem, percent: int) -> AllocationProblem:
    """Return the problem with its largest ceiling moved by so many per cent."""
    largest = max(
        ((amount, item.id, year) for item in problem.sources for year, amount in item.ceiling_vnd.items())
    )
    amount, source_id, year = largest
    moved = {year: amount * (100 + percent) // 100}
    return replace(
        problem,
        sources=tuple(
            replace(item, ceiling_vnd={**item.ceiling_vnd, **moved}) if item.id == source_id else item
            for item in problem.sources
        ),
    )


def changed(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    return sum(1 for key in {*one, *other} if one.get(key) != other.get(key))


def best_score_with_few_changes(
    problem: AllocationProblem, most_changes: int, shortfall_vnd: int
) -> float | None:
    """Return the best score near the reference plan by another model: two rows more, and no stages.

    None = no plan that is as lawful as the best one is that near.
    """
    reference = problem.reference_plan or {}
    draft = formulate(problem)
    if draft.shortfalls:
        draft.add_row("lawful", draft.shortfalls, "<=", Fraction(shortfall_vnd, draft.quantum_vnd))
    draft.add_row("few_changes", stage_terms(draft, StageName.STABILITY), ">=", len(reference) - most_changes)
    answer = HighsEngine().load(compile_model(draft.model)).solve(EngineSettings(60))
    if answer.status is EngineStatus.INFEASIBLE:
        return None
    assert answer.status is EngineStatus.PROVEN
    return answer.objective


def assert_calm(problem: AllocationProblem, percent: int, epsilon: Fraction) -> tuple[int, int]:
    """Move a ceiling by one per cent with the old plan as reference; return changes with and without epsilon.

    Epsilon is SolveLimits.score_tolerance_points: so many points the plan may give up to stay near the
    reference. At most ten levels change unless staying that near would cost more than epsilon.
    """
    before = solve(problem)
    after = with_moved_ceiling(replace(problem, reference_plan=dict(before.level_ids)), percent)
    best = solve(after)
    calm = solve(after, SolveLimits(score_tolerance_points=epsilon))
    assert verify_plan(after, calm).broken == ()
    assert calm.score_points >= best.score_points - epsilon
    changes = changed(calm.level_ids, before.level_ids)
    told = {record.name: record.value for record in calm.stages}
    assert told[StageName.STABILITY] == changes
    assert changes <= changed(best.level_ids, before.level_ids)
    if changes:
        shortfall_vnd = int(told.get(StageName.LEGAL_MINIMUMS, 0))
        near = best_score_with_few_changes(after, min(changes - 1, MOST_CHANGES), shortfall_vnd)
        assert near is None or float(best.score_points) - near > float(epsilon)
    return changes, changed(best.level_ids, before.level_ids)


@pytest.mark.parametrize("percent", [-1, 1])
def test_one_per_cent_of_a_ceiling_changes_few_levels(percent: int) -> None:
    epsilon = Fraction(1, 20)
    told = [assert_calm(province_like(25, seed), percent, epsilon) for seed in (0, 4)]
    print(f"{percent} %: changed levels with epsilon {float(epsilon)} and without: {told}")
    assert all(calm <= MOST_CHANGES for calm, _ in told)


@pytest.mark.deep
@pytest.mark.parametrize("percent", [-1, 1])
def test_one_per_cent_of_a_ceiling_changes_few_levels_of_sixty(percent: int) -> None:
    epsilon = Fraction(1, 20)
    told = [assert_calm(province_like(60, seed), percent, epsilon) for seed in (0, 1, 3, 4)]
    print(f"{percent} %: changed levels with epsilon {float(epsilon)} and without: {told}")


def twelve_or_one() -> AllocationProblem:
    """Return twelve small projects and a large one that one per cent more money just affords."""
    small = (a_candidate(f"P{place:02d}", a_level(8, yields=trained(4))) for place in range(12))
    return a_problem(*small, a_candidate("Q", a_level(97, yields=trained(53))), ceiling_vnd=96)


def test_more_than_ten_levels_change_only_for_more_than_epsilon() -> None:
    problem = twelve_or_one()
    before = solve(problem)
    assert len(before.level_ids) == 12
    after = with_moved_ceiling(replace(problem, reference_plan=dict(before.level_ids)), 2)
    assert after.sources[0].ceiling_vnd[2012] == 97
    gain = 53 - before.score_points
    assert gain == 5
    for epsilon, funded in ((Fraction(0), 1), (gain - Fraction(1, 100), 1), (gain, 12), (gain + 1, 12)):
        plan = solve(after, SolveLimits(score_tolerance_points=epsilon))
        assert len(plan.level_ids) == funded
        changes = changed(plan.level_ids, before.level_ids)
        assert changes == (13 if funded == 1 else 0)
        assert changes <= MOST_CHANGES or gain > epsilon
