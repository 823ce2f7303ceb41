"""The bound of the certificate: true for any prices, and made of the very rows the engine saw."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import AllocationProblem
from optimizer.engines.highs import HighsEngine
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.problem import StageName, allowed_level_ids
from optimizer.proofs.bound_rows import choices_row, counts_row, row_name
from optimizer.proofs.certificate import PricedRows, lagrangian_bound
from optimizer.solving.compile import compile_model
from optimizer.solving.limits import SolveLimits
from optimizer.solving.search import Search
from tests.optimizer.mixed_problems import mixed_problem
from tests.optimizer.small_problems import random_problem, try_everything


def test_bounds_of_the_certificate_hold_for_every_plan() -> None:
    """Any prices give a true bound; the relaxation's prices give one no plan exceeds."""
    for seed in range(60):
        draw = Random(seed)
        problem = random_problem(draw)
        truth = try_everything(problem)
        if truth is None:
            continue
        rows = PricedRows(problem, truth.shortfall_vnd)
        for _ in range(3):
            prices = {
                key: Fraction(draw.randint(0, 300), 100) for key in rows.row_ids() if draw.random() < 0.7
            }
            assert lagrangian_bound(problem, prices, truth.shortfall_vnd) >= truth.score


def test_the_certificate_equals_the_relaxation() -> None:
    """The rows an auditor prices are the rows the engine saw: both give the same bound."""
    compared = 0
    for seed in range(80):
        problem = replace(random_problem(Random(seed)), limits=())
        search = Search(formulate(problem), HighsEngine(), SolveLimits())
        search.aim(StageName.SCORE)
        relaxed = search.relax()
        if relaxed.row_duals is None or relaxed.objective is None:
            continue
        bound = lagrangian_bound(problem, search.multipliers(relaxed.row_duals))
        assert float(bound) == pytest.approx(relaxed.objective, abs=1e-6)
        compared += 1
    assert compared > 40


def bound_of_the_model(problem: AllocationProblem, draw: Random) -> tuple[float, dict[str, Fraction]]:
    """Price the PuLP rows at random; return the model's Lagrangian bound and the certificate's prices."""
    draft = formulate(problem)
    model = compile_model(draft.model)
    gains, constant = model.costs.copy(), 0.0
    prices: dict[str, Fraction] = {}
    for row, name in enumerate(model.row_names):
        meanings = draft.meanings.get(name, ())
        price = Fraction(draw.randint(0, 50), 100) if meanings else Fraction(0)
        is_cap = math.isfinite(model.row_upper[row])
        sign, edge = (1, model.row_upper[row]) if is_cap else (-1, model.row_lower[row])
        entries = slice(model.starts[row], model.starts[row + 1])
        gains[model.indices[entries]] -= sign * float(price) * model.values[entries]
        constant += sign * float(price) * edge
        for meaning in meanings:
            prices[meaning.row_id] = prices.get(meaning.row_id, Fraction(0)) + price * meaning.factor
    places = {name: place for place, name in enumerate(model.column_names)}
    best: dict[int, float] = {}
    for key, variable in draft.fund.items():
        candidate = draft.problem.candidates[key[0]]
        least = -math.inf if candidate.state.value in ("committed", "pinned") else 0.0
        gain = float(gains[places.pop(variable.name)])
        best[key[0]] = max(best.get(key[0], least), gain)
    others = sum(max(0.0, float(gains[place])) * float(model.upper[place]) for place in places.values())
    return constant + sum(best.values()) + others, prices


def hard(problem: AllocationProblem) -> AllocationProblem:
    return replace(problem, limits=tuple(replace(limit, is_hard=True) for limit in problem.limits))


def test_any_prices_give_the_bound_of_the_model() -> None:
    """Two ways of writing the rules, PuLP rows in floating point and priced rows in fractions, agree."""
    problems = [random_problem(Random(seed)) for seed in range(40)]
    problems += [mixed_problem(Random(seed)) for seed in range(40)]
    problems += [generate_problem(Random(3), 30, 2), generate_province(Random(3), 60)]
    for seed, problem in enumerate(map(hard, problems)):
        expected, prices = bound_of_the_model(problem, Random(seed))
        assert float(lagrangian_bound(problem, prices)) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_case_is_priced_choice_by_choice() -> None:
    draw = Random(5)
    problem = generate_problem(draw, 20)
    rows = PricedRows(problem)
    prices = {row: Fraction(draw.randint(1, 99), 10_000) for row in rows.row_ids()}
    priced = rows.priced(prices)
    for candidate in problem.candidates:
        worth = priced.worth[candidate.id]
        assert set(worth) - {None} == set(allowed_level_ids(candidate))
        for choice, points in worth.items():
            bound = priced.bound_in_case({candidate.id: (choice,)}, {})
            assert bound == priced.bound() - max(worth.values()) + points
        assert priced.bound_in_case({candidate.id: ()}, {}) is None
    done = [key for key in rows.book.largest if key.startswith("done:")]
    for key in done:
        cases = [priced.bound_in_case({}, {key: value}) for value in (0, 1)]
        assert max(bound for bound in cases if bound is not None) == priced.bound()
        assert cases[0] != cases[1]


def test_without_points_the_bound_tells_whether_plans_exist() -> None:
    problem = generate_problem(Random(5), 20)
    rows = PricedRows(problem)
    assert rows.priced({}, is_scored=False).bound() == 0
    most = sum(points * rows.book.largest[key] for key, points in rows.book.points.items())
    assert rows.priced({}).bound() == most
    ceiling = next(row for row in rows.row_ids() if row.startswith("ceiling:"))
    assert rows.priced({ceiling: Fraction(1)}, is_scored=False).bound() > 0


@pytest.mark.parametrize("prices", [{"bia": Fraction(1)}, {"soft": Fraction(-1)}])
def test_prices_of_no_row_and_below_nothing_are_refused(prices: dict[str, Fraction]) -> None:
    with pytest.raises(ValueError, match="không hợp lệ"):
        lagrangian_bound(generate_problem(Random(5), 20), prices)


def test_names_and_scales_of_rows() -> None:
    assert row_name("ceiling", ("b", "a"), 2012) == "ceiling:a+b:2012"
    assert row_name("cap", "a:b+c%") == "cap:a%3Ab%2Bc%25"
    assert choices_row(Fraction(1), {0: Fraction(1, 2), 1: Fraction(1, 3), 2: Fraction(0)}).choices == {
        0: 3,
        1: 2,
    }
    assert counts_row(Fraction(1), {"a": Fraction(1, 2), "b": 1}).counts == {"a": 1, "b": 2}
