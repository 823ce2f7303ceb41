"""One đồng too much is too much: plans that tempt an engine by its tolerance."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from optimizer import AllocationProblem, Output, OutputKind, SolveLimits, solve, verify_plan
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import money_quantum_vnd
from optimizer.solving.compile import compile_model
from optimizer.solving.gate import exact_cuts, no_good_cut
from tests.optimizer.builders import YEAR, a_candidate, a_level, a_problem

COUNT = 10


def tempting_problem(seed: int, excess_vnd: int = 1) -> AllocationProblem:
    """Return a problem whose most valuable set of projects exceeds the ceiling by a single đồng."""
    draw = Random(seed)
    costs = [draw.randint(50_000_000, 60_000_000_000) for _ in range(COUNT)]
    chosen = draw.sample(range(COUNT), 5)
    worth = [
        Fraction(cost // 1_000_000 * (105 if place in chosen else 95), 100)
        for place, cost in enumerate(costs)
    ]
    output = Output("q", "Kết quả", OutputKind.QUANTITY, weight=Fraction(100), target=sum(worth))
    return a_problem(
        *(
            a_candidate(f"P{place:02d}", a_level(cost, yields={"q": {YEAR: worth[place]}}))
            for place, cost in enumerate(costs)
        ),
        ceiling_vnd=sum(costs[place] for place in chosen) - excess_vnd,
        outputs=(output,),
    )


def best_by_trying(problem: AllocationProblem) -> Fraction:
    ceiling = problem.sources[0].ceiling_vnd[YEAR]
    costs = [item.levels[0].cost_vnd["tinh"][YEAR] for item in problem.candidates]
    worth = [item.levels[0].yields["q"][YEAR] for item in problem.candidates]
    best = Fraction(0)
    for picked in product((0, 1), repeat=COUNT):
        if sum(cost for cost, take in zip(costs, picked, strict=True) if take) <= ceiling:
            best = max(best, sum((one for one, take in zip(worth, picked, strict=True) if take), Fraction(0)))
    return best * 100 / sum(worth)


@pytest.mark.parametrize("block", range(4))
def test_no_plan_overspends_by_one_dong_and_the_best_that_fits_is_found(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        problem = tempting_problem(seed)
        plan = solve(problem, SolveLimits(time_limit_seconds=20))
        assert verify_plan(problem, plan).is_kept
        spent = sum(plan.money_vnd.get("tinh", {}).values())
        assert spent <= problem.sources[0].ceiling_vnd[YEAR]
        assert plan.score_points == best_by_trying(problem)


def test_amounts_too_large_for_a_common_quantum_are_rounded_and_still_exact() -> None:
    ceiling = 2**45 + 1
    problem = a_problem(
        a_candidate("A", a_level(ceiling, yields={"hoc-vien": {YEAR: Fraction(10)}})),
        a_candidate("B", a_level(ceiling + 1, yields={"hoc-vien": {YEAR: Fraction(11)}})),
        ceiling_vnd=ceiling,
    )
    assert money_quantum_vnd(problem) > 1
    plan = solve(problem)
    assert dict(plan.level_ids) == {"A": "day-du"}


def test_the_quantum_is_the_common_divisor_where_it_fits() -> None:
    problem = a_problem(
        a_candidate("A", a_level(3_000_000, yields={"hoc-vien": {YEAR: Fraction(1)}})), ceiling_vnd=12_500_000
    )
    assert money_quantum_vnd(problem) == 500_000


def test_exact_cuts_remove_the_overfull_choice_and_nothing_that_fits() -> None:
    problem = tempting_problem(1)
    draft = formulate(problem)
    ceiling = problem.sources[0].ceiling_vnd[YEAR]
    costs = [item.levels[0].cost_vnd["tinh"][YEAR] for item in draft.problem.candidates]
    overfull_seen = 0
    for picked in product((0, 1), repeat=COUNT):
        chosen = {place: 0 for place, take in enumerate(picked) if take}
        cuts = exact_cuts(draft, chosen)
        is_over = sum(costs[place] for place in chosen) > ceiling
        assert bool(cuts) == is_over
        if is_over and overfull_seen < 40:
            overfull_seen += 1
            for other in product((0, 1), repeat=COUNT):
                if sum(cost for cost, take in zip(costs, other, strict=True) if take) <= ceiling:
                    left = sum(cuts[0].terms.get((place, 0), 0) for place, take in enumerate(other) if take)
                    assert left <= (cuts[0].upper or 0)


def test_a_no_good_cut_removes_one_choice_only() -> None:
    draft = formulate(tempting_problem(2))
    chosen = {0: 0, 3: 0}
    cut = no_good_cut(draft, chosen)
    for picked in product((0, 1), repeat=COUNT):
        left = sum(cut.terms[place, 0] for place, take in enumerate(picked) if take)
        is_kept = left >= (cut.lower or 0)
        assert is_kept == ({place for place, take in enumerate(picked) if take} != {0, 3})


def test_the_engine_alone_is_not_trusted_with_money() -> None:
    """With the tolerance engines usually have, a bare run does overspend; the gate is no decoration."""
    overspent = 0
    for seed in range(20):
        problem = tempting_problem(seed)
        draft = formulate(problem)
        model = compile_model(draft.model)
        session = HighsEngine().load(model)
        answer = session.solve(EngineSettings(10))
        assert answer.values is not None
        columns = {name: place for place, name in enumerate(model.column_names)}
        chosen = {
            key[0]: key[1]
            for key, variable in draft.fund.items()
            if answer.values[columns[variable.name]] > 0.5
        }
        overspent += bool(exact_cuts(draft, chosen))
    assert overspent > 0
