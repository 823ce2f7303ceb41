"""One ceiling, one year, one linear output: a table over whole money agrees with the plan 200 times.

The table (dynamic programming) is the textbook method for the multiple-choice knapsack: best[c] is the most
that the candidates seen so far are worth when they spend exactly c quanta. Money is whole quanta, worth is
whole hundredths of a count, so nothing is rounded.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    Outcome,
    Output,
    OutputKind,
    SolveLimits,
    StageName,
    solve,
    verify_plan,
)
from tests.optimizer.builders import YEAR, a_candidate, a_level, a_problem

BLOCKS = 10
PROBLEMS_PER_BLOCK = 20
QUANTA_VND = (1, 7, 1_000, 1_000_000, 999_983)
IMPOSSIBLE = -(2**40)
SHAPES = ("any", "worth follows cost", "worth is cost", "worth is cost and a fee")


def knapsack_problem(draw: Random, shape: str, quantum_vnd: int) -> AllocationProblem:
    """Return 15 to 30 candidates of one to four levels under one ceiling, some of them committed."""
    candidates = tuple(_candidate(draw, place, shape, quantum_vnd) for place in range(draw.randint(15, 30)))
    least = sum(
        min(level.cost_vnd["tinh"][YEAR] for level in item.levels)
        for item in candidates
        if item.state is CandidateState.COMMITTED
    )
    asked = sum(item.levels[-1].cost_vnd["tinh"][YEAR] for item in candidates)
    total = sum((level.yields["q"][YEAR] for item in candidates for level in item.levels), Fraction(0))
    output = Output(
        "q", "Giá trị", OutputKind.QUANTITY, weight=total, target=total, is_linear_beyond_target=True
    )
    # The rest of a quantum buys nothing, and must not be lost or found.
    ceiling_vnd = max(least, asked * draw.randint(20, 80) // 100) + draw.randint(0, quantum_vnd - 1)
    problem = a_problem(*candidates, ceiling_vnd=ceiling_vnd, outputs=(output,))
    return replace(problem, stages=(StageName.SCORE, StageName.COST))


def _candidate(draw: Random, place: int, shape: str, quantum_vnd: int) -> Candidate:
    cost, levels = 0, []
    for number in range(draw.choice((1, 1, 2, 3, 4))):
        cost += draw.randint(3, 20)
        worth = {
            "any": draw.randint(1, 2500),
            "worth follows cost": 100 * cost + draw.randint(-90, 90),
            "worth is cost": 100 * cost,
            "worth is cost and a fee": 100 * cost + 500,
        }[shape]
        levels.append(_level(number, cost * quantum_vnd, Fraction(worth, 100)))
    state = CandidateState.COMMITTED if draw.random() < 0.15 else CandidateState.OPEN
    return a_candidate(f"P{place:02d}", *levels, state=state)


def _level(number: int, cost_vnd: int, worth: Fraction) -> FundingLevel:
    return a_level(cost_vnd, f"m{number}", yields={"q": {YEAR: worth}})


def best_by_table(problem: AllocationProblem, quantum_vnd: int) -> tuple[Fraction, int]:
    """Return the most that fits under the ceiling, and the least đồng that buys it."""
    room = problem.sources[0].ceiling_vnd[YEAR] // quantum_vnd
    best = np.full(room + 1, IMPOSSIBLE)
    best[0] = 0
    for item in problem.candidates:
        choices = [
            (level.cost_vnd["tinh"][YEAR] // quantum_vnd, int(level.yields["q"][YEAR] * 100))
            for level in item.levels
        ]
        if item.state is CandidateState.OPEN:
            choices.append((0, 0))
        longer = np.full(room + 1, IMPOSSIBLE)
        for cost, worth in choices:
            if cost <= room:
                longer[cost:] = np.maximum(longer[cost:], best[: room + 1 - cost] + worth)
        best = longer
    most = int(best.max())
    return Fraction(most, 100), int(np.argmax(best)) * quantum_vnd


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_table_over_whole_money_agrees(block: int) -> None:
    draw = Random(31_000 + block)
    for number in range(PROBLEMS_PER_BLOCK):
        case = f"block {block}, problem {number}"
        quantum_vnd = draw.choice(QUANTA_VND)
        problem = knapsack_problem(draw, SHAPES[number % len(SHAPES)], quantum_vnd)
        worth, cost_vnd = best_by_table(problem, quantum_vnd)
        plan = solve(problem, SolveLimits(time_limit_seconds=30))
        assert verify_plan(problem, plan).broken == (), case
        assert [(record.name, record.outcome) for record in plan.stages] == [
            (StageName.SCORE, Outcome.PROVEN),
            (StageName.COST, Outcome.PROVEN),
        ], case
        assert plan.score_points == worth, case
        assert plan.bound_points == worth, case
        assert plan.stages[1].value == cost_vnd, case
        assert sum(plan.money_vnd["tinh"].values()) == cost_vnd, case
