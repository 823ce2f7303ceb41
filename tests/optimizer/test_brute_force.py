"""The engine's plan is the best of all choices, on 300 random problems small enough to try them all."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from random import Random

import pytest

from optimizer import (
    NoFeasiblePlan,
    Outcome,
    SolveLimits,
    StageName,
    audit_levels,
    check_problem,
    solve,
    verify_plan,
)
from tests.optimizer.small_problems import random_problem, score_by_hand, shortfall_if_lawful, try_everything

BLOCKS = 10
PROBLEMS_PER_BLOCK = 30


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_choice_of_levels_beats_the_plan(block: int) -> None:
    feasible = 0
    for number in range(PROBLEMS_PER_BLOCK):
        problem = random_problem(Random(1000 * block + number))
        assert check_problem(problem) == ()
        assert prod(len(item.levels) + 1 for item in problem.candidates) <= 100_000
        truth = try_everything(problem)
        if truth is None:
            with pytest.raises(NoFeasiblePlan):
                solve(problem)
            continue
        feasible += 1
        plan = solve(problem, SolveLimits(time_limit_seconds=30))
        report = verify_plan(problem, plan)
        case = f"block {block}, problem {number}"
        assert report.broken == (), case
        assert plan.outcome is Outcome.PROVEN, case
        assert report.shortfall_vnd == truth.shortfall_vnd, case
        assert report.score_points == truth.score, case
        by_stage = {record.name: record for record in plan.stages}
        if StageName.STABILITY in by_stage:
            assert by_stage[StageName.STABILITY].value == truth.changes, case
        assert by_stage[StageName.COST].value == truth.cost_vnd, case
        assert plan.bound_points is not None
        assert plan.bound_points >= truth.score, case
    assert feasible >= PROBLEMS_PER_BLOCK // 2


def test_the_audit_judges_rules_and_points_as_the_oracle_does() -> None:
    """200 problems re-audited without the solver: any choice, not only the best."""
    lawful = 0
    for seed in range(200):
        draw = Random(50_000 + seed)
        problem = random_problem(draw)
        chosen = {item.id: draw.choice(item.levels) for item in problem.candidates if draw.random() < 0.6}
        report = audit_levels(problem, {key: level.id for key, level in chosen.items()})
        assert report.score_points == score_by_hand(problem, list(chosen.values()))
        assert isinstance(report.score_points, Fraction)
        shortfall = shortfall_if_lawful(problem, chosen)
        assert report.is_kept == (shortfall is not None)
        if shortfall is not None:
            lawful += 1
            assert report.shortfall_vnd == shortfall
    assert 20 <= lawful <= 180
