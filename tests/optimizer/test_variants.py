"""One problem asked many times over processes gives the answers that asking it afresh each time gives."""

from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest

import optimizer
from optimizer import CandidateState, SolveLimits, solve, verify_plan
from optimizer.batch.job_answer import INFEASIBLE, INVALID
from optimizer.batch.plan_variants import plan_variants
from optimizer.batch.variants import RelaxedVariant, relax_variants
from optimizer.edits import CeilingEdit, Edit, LimitEdit, StateEdit, WeightEdit, apply_edits
from optimizer.engines.carried_basis import begin_at, carried_basis
from optimizer.engines.interface import EngineSettings, product_sum
from optimizer.generators.province import generate_province
from optimizer.problem import AllocationProblem
from optimizer.solving.live import LiveAllocation
from tests.optimizer.pool_work import light_main

__all__ = ["light_main"]  # a fixture
pytestmark = pytest.mark.usefixtures("light_main")
LIMITS = SolveLimits(time_limit_seconds=20, relative_gap_share=1e-3, is_score_only=True)


def province() -> AllocationProblem:
    """Return a small province."""
    return generate_province(Random(3), 24)


def scaled_ceilings(problem: AllocationProblem, percent: int) -> list[Edit]:
    """Return every ceiling at so many per cent."""
    return [
        CeilingEdit(source.id, year, ceiling_vnd * percent // 100)
        for source in problem.sources
        for year, ceiling_vnd in source.ceiling_vnd.items()
    ]


def questions(problem: AllocationProblem) -> list[list[Edit]]:
    """Return edits of every kind: in place, not in place, and impossible to keep."""
    source, limit = problem.sources[0], problem.limits[0]
    open_ids = [item.id for item in problem.candidates if item.state is CandidateState.OPEN]
    return [
        scaled_ceilings(problem, 110),
        [],
        scaled_ceilings(problem, 103),
        [CeilingEdit(source.id, problem.years[0], source.ceiling_vnd[problem.years[0]] * 97 // 100)],
        [StateEdit(open_ids[0], CandidateState.PINNED)],
        [StateEdit(open_ids[1], CandidateState.BARRED), WeightEdit(problem.outputs[0].id, Fraction(50))],
        [LimitEdit(limit.id, limit.at_least_vnd, None)],
        scaled_ceilings(problem, 1),
        [LimitEdit(limit.id, limit.at_least_vnd, limit.at_most_vnd)],
    ]


def test_relaxations_are_those_of_problems_loaded_afresh() -> None:
    problem = province()
    asked = questions(problem)
    live = LiveAllocation(problem, LIMITS)
    serial, shared = relax_variants(live, asked, 1), relax_variants(live, asked, 2)
    assert live.problem() == live.base
    feasible = [item.is_feasible for item in serial]
    assert feasible == [item.is_feasible for item in shared]
    assert feasible.count(False) == 1
    for edits, one, other in zip(asked, serial, shared, strict=True):
        if not one.is_feasible:
            assert one == RelaxedVariant(False, None, None)
            continue
        fresh = LiveAllocation(apply_edits(problem, edits)).relax().bound_points
        assert one.bound_points == pytest.approx(fresh, rel=1e-7)
        assert other.bound_points == pytest.approx(fresh, rel=1e-7)
        assert other.row_duals is not None
        assert live.search.multipliers(other.row_duals)


def test_variants_are_edits_of_the_problem_as_it_stands() -> None:
    problem = province()
    live = LiveAllocation(problem, LIMITS)
    live.edit(*scaled_ceilings(problem, 120))
    stood = live.problem()
    weights = [WeightEdit(problem.outputs[1].id, Fraction(40))]
    [plain, weighted] = relax_variants(live, [[], weights], 1)
    assert live.problem() == stood
    assert plain.bound_points == pytest.approx(LiveAllocation(stood).relax().bound_points, rel=1e-7)
    fresh = LiveAllocation(apply_edits(stood, weights)).relax()
    assert weighted.bound_points == pytest.approx(fresh.bound_points, rel=1e-7)


def test_plans_of_variants_are_audited_and_as_good_as_solving_each() -> None:
    problem = province()
    lighter = replace(problem, links=(), candidates=problem.candidates[:-1])
    broken = replace(problem, candidates=())
    variants = [
        tuple(scaled_ceilings(problem, 110)), tuple(scaled_ceilings(problem, 1)),
        (StateEdit("nobody", CandidateState.PINNED),), lighter, broken,
    ]  # fmt: skip
    live = LiveAllocation(problem, LIMITS)
    near = live.plan().level_ids
    richer, poor, unknown, other, wrong = plan_variants(live, variants, near, workers=2)
    for answer, question in ((richer, apply_edits(problem, variants[0])), (other, lighter)):
        assert answer.plan is not None
        assert verify_plan(question, answer.plan).is_kept
        alone = solve(question, LIMITS)
        assert answer.plan.bound_points is not None
        assert answer.plan.bound_points >= alone.score_points * (1 - Fraction(1, 10**7))
        assert answer.plan.score_points >= alone.score_points * (1 - Fraction(1, 500))
    assert (poor.plan, poor.exit_code) == (None, INFEASIBLE)
    assert (unknown.plan, unknown.exit_code) == (None, INVALID)
    assert (wrong.plan, wrong.exit_code) == (None, INVALID)
    assert "nobody" in unknown.words


def test_sums_of_products_wake_no_threads() -> None:
    """From ten thousand numbers on NumPy's "@" wakes the threads of its library for each product."""
    ones = np.arange(20_000, dtype=float)
    assert product_sum(ones, ones) == pytest.approx(float(sum(number**2 for number in range(20_000))))
    found = [
        f"{file}:{node.lineno}"
        for file in Path(optimizer.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    ]
    assert not found, "use product_sum"


def test_a_basis_travels_and_saves_the_work_of_a_cold_start() -> None:
    problem = province()
    live = LiveAllocation(problem)
    value = live.relax().bound_points
    carried = carried_basis(live.search.session)
    assert carried is not None
    assert len(carried.rows) == len(live.search.model.row_names)
    other = LiveAllocation(problem)
    assert carried_basis(other.search.session) is None
    assert not begin_at(other.search.session, carried, 1)
    assert begin_at(other.search.session, carried, len(carried.rows))
    answer = other.search.session.relax(EngineSettings())
    assert answer.objective == pytest.approx(value)
    assert np.isfinite(answer.row_duals).all()
    assert other.search.session._highs.getInfo().simplex_iteration_count == 0
