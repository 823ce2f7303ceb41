"""Money reaches the engines in larger units: nothing else changes, and proofs stay true."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import audit_levels
from optimizer.draws import DrawRanges, problem_in_draw, sample_draws
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineProgress, EngineSettings, EngineStatus, LinearModel
from optimizer.engines.model_scaling import ModelScale, row_factor, row_factors
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


def short_of_money(least: float = 1.0) -> LinearModel:
    """max 3b - least * s, billions . b + s >= 6 billion (s counts single đồng), b <= 2 whole."""
    return LinearModel(
        column_names=["b", "s"],
        costs=np.array([3.0, -least]),
        lower=np.zeros(2),
        upper=np.array([2.0, 9 * BILLION]),
        is_integer=np.array([True, False]),
        row_names=["floor", "excess"],
        row_lower=np.array([6 * BILLION, -math.inf]),
        row_upper=np.array([math.inf, 5.0]),
        starts=np.array([0, 2, 3], np.int32),
        indices=np.array([0, 1, 0], np.int32),
        values=np.array([2 * BILLION, 1.0, 1.0]),
    )


def test_factors_are_powers_of_two_that_bring_a_row_to_where_engines_are_exact() -> None:
    model = two_rows([2 * BILLION, BILLION], 6 * BILLION)
    factors = row_factors(model)
    assert factors.tolist() == [2.0**-17, 1.0]
    assert row_factor(np.array([2 * BILLION, BILLION])) == factors[0]
    scaled = ModelScale(model).model(model)
    assert 2**13 <= scaled.values[:2].max() < 2**14
    # Exact: a power of two only moves the point.
    assert (scaled.values / np.repeat(factors, 2)).tolist() == model.values.tolist()
    assert (scaled.row_upper / factors).tolist() == model.row_upper.tolist()
    assert row_factor(np.array([2.0**14 - 1])) == 1.0
    assert row_factor(np.array([2.0**14])) == 0.5
    assert row_factor(np.array([])) == 1.0
    assert row_factor(np.array([0.0])) == 1.0


def test_the_least_amount_of_a_row_stays_above_what_engines_drop() -> None:
    for least in (0.001, 1.0, 1000.0):
        factor = row_factor(np.array([least, 2.0**45]))
        assert least * factor > 1e-9
        assert factor <= 1


def test_a_column_of_single_dong_beside_billions_is_counted_in_a_larger_unit() -> None:
    model = short_of_money()
    scale = ModelScale(model)
    scaled = scale.model(model)
    # Whole numbers keep their unit; the other column is multiplied back to what the row lost.
    assert scaled.values.tolist() == [2 * BILLION / 2**17, 1.0, 1.0]
    assert scaled.upper.tolist() == [2.0, 9 * BILLION / 2**17]
    assert scale.column_bounds(1, 0.0, 2.0**17) == (0.0, 1.0)
    assert scale.column_bounds(0, 0.0, 1.0) == (0.0, 1.0)
    columns, values = scale.start({1: 2.0**18, 0: 1.0})
    assert (columns.tolist(), values.tolist()) == ([1, 0], [2.0, 1.0])
    columns, amounts = scale.added_row({1: 1.0})
    # 2^17 times the unit is more than a row may hold, so the row is brought back.
    assert amounts.tolist() == [2.0**13]
    assert scale.row_bounds(2, -math.inf, 32.0) == (-math.inf, 2.0)
    scale.drop_rows(2)
    assert scale.added_row({0: 3.0})[1].tolist() == [3.0]


@pytest.mark.parametrize("engine", [HighsEngine(), ScipEngine()], ids=["highs", "scip"])
@pytest.mark.parametrize("price", [1.0, 2.0**20])
def test_points_costs_and_progress_speak_the_unit_of_the_model(
    engine: HighsEngine | ScipEngine, price: float
) -> None:
    session = engine.load(short_of_money(price))
    relaxed = session.relax(EngineSettings())
    assert relaxed.values == pytest.approx(np.array([2.0, 2 * BILLION]))
    assert relaxed.objective == pytest.approx(6 - 2 * BILLION * price)
    # One đồng more in the floor is one đồng short; one more b spares 2 billion.
    assert relaxed.row_duals == pytest.approx(np.array([-price, 0.0]))
    assert relaxed.reduced_costs is not None
    assert relaxed.reduced_costs == pytest.approx(np.array([3 + 2 * BILLION * price, 0.0]))
    told: list[EngineProgress] = []
    found = session.solve(EngineSettings(), {0: 1.0, 1: 4 * BILLION}, told.append)
    assert found.status is EngineStatus.PROVEN
    assert found.objective == found.bound == 6 - 2 * BILLION * price
    assert found.values is not None
    assert found.values.tolist() == [2.0, 2 * BILLION]
    points = [progress for progress in told if progress.values is not None]
    assert points
    for progress in points:
        assert progress.values is not None
        assert progress.best_value == pytest.approx(3 * progress.values[0] - price * progress.values[1])
    session.set_column_bounds(1, 3 * BILLION, 9 * BILLION)
    assert session.solve(EngineSettings()).objective == 6 - 3 * BILLION * price
    session.set_costs([0.0, -1.0])
    assert session.solve(EngineSettings()).objective == -3 * BILLION


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
