"""The plan is the best of all choices, stage by stage, on 500 random problems that allow trying all."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    NoFeasiblePlan,
    Outcome,
    SolveLimits,
    StageName,
    audit_levels,
    check_problem,
    solve,
    verify_plan,
)
from tests.optimizer.enumeration import Best, Enumeration
from tests.optimizer.mix_contents import EXPECTED, contents_of
from tests.optimizer.mixed_problems import mixed_problem

BLOCKS = 10
PROBLEMS_PER_BLOCK = 50
LARGE_BLOCKS = 6
MOST_CHOICES = 100_000
LEAST_TIMES = 8
"""Every kind and rule is in at least so many of the 500 problems that have a plan."""


def small_one(number: int) -> AllocationProblem:
    return mixed_problem(Random(number))


def large_one(number: int) -> AllocationProblem:
    return mixed_problem(
        Random(700_000 + number), most_candidates=9, most_choices=MOST_CHOICES, is_filled=True
    )


def test_every_kind_and_rule_is_in_the_mix() -> None:
    seen: Counter[str] = Counter()
    with_plan = 0
    for number in range(BLOCKS * PROBLEMS_PER_BLOCK):
        problem = small_one(number)
        if Enumeration(problem).best() is not None:
            with_plan += 1
            seen.update(contents_of(problem))
    print(f"{with_plan} problems with a plan:", *(f"{count} {name}" for name, count in seen.most_common()))
    assert with_plan >= BLOCKS * PROBLEMS_PER_BLOCK * 3 // 4
    rare = {name: seen[name] for name in EXPECTED if seen[name] < LEAST_TIMES}
    assert not rare


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_choice_of_levels_beats_the_plan(block: int) -> None:
    numbers = range(block * PROBLEMS_PER_BLOCK, (block + 1) * PROBLEMS_PER_BLOCK)
    endings = Counter(ending_of(small_one(number), f"problem {number}") for number in numbers)
    print(f"block {block}: {dict(endings)}")
    assert endings["the only best plan"] >= PROBLEMS_PER_BLOCK // 2
    assert endings["no plan exists"] >= 1


@pytest.mark.deep
@pytest.mark.parametrize("block", range(LARGE_BLOCKS))
def test_no_choice_of_levels_beats_the_plan_of_a_larger_problem(block: int) -> None:
    sizes, endings = [], Counter[str]()
    for number in range(block * 10, block * 10 + 10):
        problem = large_one(number)
        sizes.append(Enumeration(problem).size)
        endings[ending_of(problem, f"large problem {number}")] += 1
    print(f"block {block}: {dict(endings)}, {min(sizes)} to {max(sizes)} choices")
    assert min(sizes) > MOST_CHOICES // 4
    assert endings["the only best plan"] >= 5


def ending_of(problem: AllocationProblem, case: str) -> str:
    """Solve one problem, compare everything with the enumeration, and say how it ended."""
    assert check_problem(problem) == (), case
    choices = Enumeration(problem)
    assert choices.size <= MOST_CHOICES, case
    truth = choices.best()
    if truth is None:
        with pytest.raises(NoFeasiblePlan) as caught:
            solve(problem)
        assert caught.value.conflicts, case
        return "no plan exists"
    plan = solve(problem, SolveLimits(time_limit_seconds=30))
    assert verify_plan(problem, plan).broken == (), case
    assert plan.outcome is Outcome.PROVEN, case
    assert_best_at_every_stage(plan, truth, case)
    assert choices.lawful()[choices.row_of(dict(plan.level_ids))], case
    assert dict(plan.level_ids) in truth.plans, case
    return "the only best plan" if len(truth.plans) == 1 else "one of several best plans"


def assert_best_at_every_stage(plan: AllocationPlan, truth: Best, case: str) -> None:
    told = {
        StageName.LEGAL_MINIMUMS: truth.shortfall_vnd,
        StageName.SCORE: truth.score,
        StageName.STABILITY: truth.changes,
        StageName.COST: truth.cost_vnd,
        StageName.RANK: truth.order,
    }
    records = {record.name: record for record in plan.stages}
    assert StageName.SCORE in records, case
    for stage, value in told.items():
        if stage not in records:
            # Not asked for, or nothing to decide: every choice has the same value.
            assert not value or stage is StageName.STABILITY, (case, stage)
            continue
        assert records[stage].value == value, (case, stage)
        assert records[stage].outcome is Outcome.PROVEN, (case, stage)
    assert plan.score_points == truth.score, case
    assert plan.bound_points is not None, case
    assert plan.bound_points >= truth.score, case
    if plan.certificate is not None and truth.shortfall_vnd is not None:
        assert plan.certificate.bound >= truth.score, case


def test_the_audit_judges_rules_and_points_as_the_enumeration_does() -> None:
    """Any choice, not only the best: rules, points and shortfall, without the solver."""
    judged: Counter[bool] = Counter()
    for number in range(300):
        draw = Random(50_000 + number)
        problem = mixed_problem(draw)
        choices = Enumeration(problem)
        lawful, shortfall, (points, unit) = choices.lawful(), choices.shortfall_vnd(), choices.points()
        kept = [row for row in range(choices.size) if lawful[row]]
        for row in (draw.randrange(choices.size), draw.choice(kept or [0])):
            report = audit_levels(problem, choices.plan(row))
            assert report.is_kept == bool(lawful[row]), (number, report.broken)
            assert report.score_points == Fraction(int(points[row]), unit), number
            assert report.shortfall_vnd == int(shortfall[row]), number
            judged[report.is_kept] += 1
    assert min(judged.values()) >= 100
