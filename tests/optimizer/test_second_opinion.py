"""No other engine finds a better plan: SCIP on 40 problems of 60 candidates, CBC on two.

The other engine runs through the same stages and the same exact audit. Where it proves what it found, both
must agree stage by stage; where it only found something, that may not be better than ours.
"""

from __future__ import annotations

from importlib.util import find_spec
from random import Random

import pytest

from optimizer import AllocationPlan, Outcome, SolveLimits, StageName, audit_levels, solve, verify_plan
from optimizer.generators.mixed import generate_problem

CANDIDATES = 60
SECONDS = 60
QUICK_SEEDS = (0, 1, 3, 4)
DEEP_SEEDS = tuple(seed for seed in range(40) if seed not in QUICK_SEEDS)
MORE_IS_BETTER = (StageName.SCORE, StageName.RANK)

needs_scip = pytest.mark.skipif(
    find_spec("pyscipopt") is None, reason="PySCIPOpt is not installed; SCIP is an optional second opinion"
)


def assert_nothing_better(seed: int, engine_name: str) -> bool:
    """Solve with both engines and compare; True when the other engine proved every stage."""
    problem = generate_problem(Random(seed), CANDIDATES)
    ours = solve(problem, SolveLimits(time_limit_seconds=SECONDS))
    assert verify_plan(problem, ours).broken == ()
    assert {record.outcome for record in ours.stages} == {Outcome.PROVEN}
    theirs = solve(problem, SolveLimits(time_limit_seconds=SECONDS, engine_name=engine_name))
    assert theirs.engine.name == engine_name
    assert verify_plan(problem, theirs).broken == ()
    assert audit_levels(problem, theirs.level_ids).score_points == theirs.score_points
    print(f"seed {seed}: ours {float(ours.score_points):.6f}, {engine_name} {float(theirs.score_points):.6f}")
    return is_no_better(ours, theirs)


def is_no_better(ours: AllocationPlan, theirs: AllocationPlan) -> bool:
    """Compare stage by stage as long as both stand at the same value."""
    others = {record.name: record for record in theirs.stages}
    for record in ours.stages:
        other = others.get(record.name)
        if other is None:
            return False
        sign = 1 if record.name in MORE_IS_BETTER else -1
        assert sign * other.value <= sign * record.value, record.name
        if other.outcome is not Outcome.PROVEN:
            return False
        assert other.value == record.value, record.name
    return True


@needs_scip
@pytest.mark.parametrize("seed", QUICK_SEEDS)
def test_scip_finds_nothing_better(seed: int) -> None:
    assert assert_nothing_better(seed, "scip")


@needs_scip
@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_SEEDS)
def test_scip_finds_nothing_better_on_the_rest_of_forty(seed: int) -> None:
    assert_nothing_better(seed, "scip")


@pytest.mark.parametrize("seed", [1, 4])
def test_cbc_finds_nothing_better(seed: int) -> None:
    assert assert_nothing_better(seed, "cbc")
