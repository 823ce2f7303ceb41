"""Rows of large numbers reach the engines in a larger unit: nothing else changes, and proofs stay true."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import audit_levels
from optimizer.draws import DrawRanges, problem_in_draw, sample_draws
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings, EngineStatus, LinearModel
from optimizer.engines.row_scaling import row_factor, row_factors, scaled_rows
from optimizer.engines.scip import ScipEngine
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.solving.best_score import best_score
from optimizer.solving.compile import compile_model
from optimizer.solving.limits import SolveLimits

BILLION = 1_000_000_000.0


def two_rows(values: list[float], ceiling: float) -> LinearModel:
    """max 3x + 2y, values . (x, y) <= ceiling, x + y <= 4, both at least 0."""
    return LinearModel(
        column_names=["x", "y"],
        costs=np.array([3.0, 2.0]),
        lower=np.zeros(2),
        upper=np.full(2, math.inf),
        is_integer=np.zeros(2, bool),
        row_names=["money", "count"],
        row_lower=np.full(2, -math.inf),
        row_upper=np.array([ceiling, 4.0]),
        starts=np.array([0, 2, 4], np.int32),
        indices=np.array([0, 1, 0, 1], np.int32),
        values=np.array([*values, 1.0, 1.0]),
    )


def test_factors_are_powers_of_two_that_bring_a_row_below_a_thousand() -> None:
    model = two_rows([2 * BILLION, BILLION], 6 * BILLION)
    factors = row_factors(model)
    assert factors.tolist() == [2.0**-23, 1.0]
    assert row_factor([2 * BILLION, BILLION], -math.inf, 6 * BILLION) == factors[0]
    scaled = scaled_rows(model, factors)
    assert max(scaled.values[:2].max(), scaled.row_upper[0]) < 1024
    # Exact: a power of two only moves the point.
    assert (scaled.values[:2] / factors[0]).tolist() == [2 * BILLION, BILLION]
    assert row_factor([3.0], 0.0, math.inf) == 1.0
    assert row_factor([], -math.inf, math.inf) == 1.0


def test_the_least_amount_of_a_row_stays_above_what_engines_drop() -> None:
    for least in (0.001, 1.0, 1000.0):
        factor = row_factor([least, 2.0**45], -math.inf, 2.0**46)
        assert least * factor > 1e-9
        assert factor <= 1


@pytest.mark.parametrize("engine", [HighsEngine(), ScipEngine()], ids=["highs", "scip"])
def test_duals_edits_and_added_rows_speak_the_unit_of_the_model(engine: HighsEngine | ScipEngine) -> None:
    session = engine.load(two_rows([2 * BILLION, BILLION], 6 * BILLION))
    answer = session.relax(EngineSettings())
    # x = 2, y = 2; one more đồng moves (x, y) by (1, -1) / billion, one more piece by (-1, 2).
    assert answer.objective == pytest.approx(10)
    assert answer.row_duals == pytest.approx(np.array([1 / BILLION, 1.0]))
    session.set_row_bounds(0, -math.inf, 5 * BILLION)
    assert session.relax(EngineSettings()).objective == pytest.approx(9)
    row = session.add_row({0: 7 * BILLION}, -math.inf, 3.5 * BILLION)
    assert session.relax(EngineSettings()).objective == pytest.approx(8.5)
    session.set_row_bounds(row, -math.inf, 7 * BILLION)
    assert session.relax(EngineSettings()).objective == pytest.approx(9)
    session.drop_rows(row)
    session.set_row_bounds(0, -math.inf, 6 * BILLION)
    assert session.relax(EngineSettings()).objective == pytest.approx(10)


def test_proofs_over_odd_dong_agree_between_engines_and_looks() -> None:
    """Without the larger unit two of these three called a plan of 51 or of 50 points the best."""
    problem, chance = generate_problem(Random(3), 20), Random(1)
    sample_draws(problem, DrawRanges(Fraction(1, 5)), 100, chance)
    draws = sample_draws(problem, DrawRanges(costs_share=Fraction(3, 20)), 17, chance)
    drawn = problem_in_draw(problem, draws[16])
    found = best_score(drawn, SolveLimits(20))
    assert found is not None
    assert found.is_proven
    report = audit_levels(drawn, found.level_ids)
    assert report.is_kept
    assert report.score_points == found.score_points
    model = compile_model(formulate(drawn).model)
    for engine, is_second_look in ((HighsEngine(), False), (HighsEngine(), True), (ScipEngine(), False)):
        answer = engine.load(model).solve(EngineSettings(20, is_second_look=is_second_look))
        assert answer.status is EngineStatus.PROVEN
        assert answer.objective == pytest.approx(float(found.score_points), abs=1e-6)
