"""One đồng too much is too much: plans that tempt an engine by its tolerance."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from importlib.util import find_spec
from itertools import product
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    Outcome,
    Output,
    OutputKind,
    SolveLimits,
    read_problem,
    solve,
    verify_plan,
)
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import money_quantum_vnd
from optimizer.solving.compile import compile_model
from optimizer.solving.gate import exact_cuts, no_good_cut
from tests.optimizer.bare_engines import (
    Knapsack,
    ask_cbc,
    ask_highs,
    ask_scip,
    run_stock_cbc,
    small_money_model,
)
from tests.optimizer.builders import YEAR, a_candidate, a_level, a_problem

COUNT = 10
BLOCKS = 10
QUICK_BLOCKS = 2
CASES_PER_BLOCK = 20
PROJECTS = 30
MULTIPLES_VND = (1, 1_000, 1_000_000)
EXCESSES_VND = (1, 10, 100, 1_000, 10_000)
UNITS_VND = (1, 1_000, 1_000_000)


def tempting_knapsack(draw: Random, count: int, multiple_vnd: int, excess_vnd: int) -> Knapsack:
    """Return projects of 50 triệu to 60 tỷ whose most valuable set exceeds the ceiling by a little.

    The set is worth 105 for every 100 đồng and all others 95, so without those few đồng nothing else can
    compete with it, and the engine meets it in its very first relaxation.
    """
    costs = _costs_vnd(draw, count, multiple_vnd)
    chosen = draw.sample(range(count), max(3, count * 2 // 5))
    worth = [cost // 1_000_000 * (105 if place in chosen else 95) for place, cost in enumerate(costs)]
    return Knapsack(costs, worth, sum(costs[place] for place in chosen) - excess_vnd)


def hidden_knapsack(draw: Random, count: int, multiple_vnd: int, excess_vnd: int) -> Knapsack:
    """Return projects of any worth; the best set of some ceiling exceeds the stated one by a little.

    The engine has to search before it meets the set.
    """
    costs = _costs_vnd(draw, count, multiple_vnd)
    worth = [cost // 1_000_000 * draw.randint(70, 130) for cost in costs]
    best = Knapsack(costs, worth, sum(costs) * draw.randint(30, 70) // 100).best_set()
    return Knapsack(costs, worth, sum(costs[place] for place in best) - excess_vnd)


def _costs_vnd(draw: Random, count: int, multiple_vnd: int) -> list[int]:
    least, most = 50_000_000 // multiple_vnd, 60_000_000_000 // multiple_vnd
    return [draw.randint(least, most) * multiple_vnd for _ in range(count)]


def problem_of(knapsack: Knapsack) -> AllocationProblem:
    """Return a knapsack as a problem whose score is the worth in hundredths."""
    total = Fraction(sum(knapsack.worth), 100)
    output = Output("q", "Kết quả", OutputKind.QUANTITY, weight=total, target=total)
    return a_problem(
        *(
            a_candidate(f"P{place:02d}", a_level(cost, yields={"q": {YEAR: Fraction(worth, 100)}}))
            for place, (cost, worth) in enumerate(zip(knapsack.costs_vnd, knapsack.worth, strict=True))
        ),
        ceiling_vnd=knapsack.ceiling_vnd,
        outputs=(output,),
    )


def tempting_problem(seed: int, excess_vnd: int = 1) -> AllocationProblem:
    """Return a problem of ten projects, small enough to try every choice."""
    return problem_of(tempting_knapsack(Random(seed), COUNT, 1, excess_vnd))


@pytest.mark.parametrize(
    "block",
    [
        *range(QUICK_BLOCKS),
        *(pytest.param(block, marks=pytest.mark.deep) for block in range(QUICK_BLOCKS, BLOCKS)),
    ],
)
def test_bare_engines_overspend_and_the_plan_never_does(block: int) -> None:
    """Draw cases until twenty of them made a bare engine overspend; every plan keeps the ceiling to the đồng.

    CBC overspends in the values it leaves behind; it then mostly calls the problem infeasible as well,
    although funding nothing breaks no rule.
    """
    draw = Random(62_000 + block)
    seen: Counter[str] = Counter()
    while seen["cases"] < CASES_PER_BLOCK:
        seen["drawn"] += 1
        case = f"block {block}, case {seen['drawn']}"
        excess_vnd, unit_vnd = draw.choice(EXCESSES_VND), draw.choice(UNITS_VND)
        shape = draw.choice((tempting_knapsack, hidden_knapsack))
        knapsack = shape(draw, PROJECTS, draw.choice(MULTIPLES_VND), excess_vnd)
        over = bare_overspending(knapsack, unit_vnd)
        seen.update(over)
        if not over:
            continue
        seen["cases"] += 1
        problem = problem_of(knapsack)
        plan = solve(problem, SolveLimits(time_limit_seconds=30, is_score_only=True))
        assert verify_plan(problem, plan).broken == (), case
        assert sum(plan.money_vnd["tinh"].values()) <= knapsack.ceiling_vnd, case
        best = knapsack.best_worth()
        assert best < knapsack.best_worth(excess_vnd), case  # the over-full set is really better
        assert plan.score_points == Fraction(best, 100), case
    print(f"block {block}: {dict(seen)}")
    assert seen["highs overspends"] >= CASES_PER_BLOCK // 4
    assert seen["cbc overspends"] >= CASES_PER_BLOCK // 4
    assert seen["cbc says Infeasible"] >= 1
    assert seen["drawn"] <= 4 * CASES_PER_BLOCK


def bare_overspending(knapsack: Knapsack, unit_vnd: int) -> list[str]:
    """Return which bare engines spend more than the ceiling, and what CBC says of such an answer."""
    told = []
    highs, cbc = ask_highs(knapsack, unit_vnd), ask_cbc(knapsack, unit_vnd)
    if knapsack.spent_vnd(highs.chosen) > knapsack.ceiling_vnd:
        assert highs.status == "Optimal"
        told.append("highs overspends")
    if knapsack.spent_vnd(cbc.chosen) > knapsack.ceiling_vnd:
        told += ["cbc overspends", f"cbc says {cbc.status}"]
    return told


@pytest.mark.skipif(find_spec("pyscipopt") is None, reason="PySCIPOpt is not installed")
def test_bare_scip_overspends_too() -> None:
    draw = Random(64_000)
    cases = [tempting_knapsack(draw, PROJECTS, 1, 1) for _ in range(10)]
    answers = [(knapsack, ask_scip(knapsack, unit_vnd=1_000)) for knapsack in cases]
    assert {answer.status for _, answer in answers} == {"optimal"}
    over = sum(knapsack.spent_vnd(answer.chosen) > knapsack.ceiling_vnd for knapsack, answer in answers)
    print(f"bare SCIP overspends in {over} of {len(cases)} cases")
    assert over > 0


def test_a_plan_that_fits_to_the_dong_is_never_lost() -> None:
    draw = Random(63_000)
    for number in range(24):
        shape = (tempting_knapsack, hidden_knapsack)[number % 2]
        knapsack = shape(draw, PROJECTS, MULTIPLES_VND[number % 3], 0)
        plan = solve(problem_of(knapsack), SolveLimits(time_limit_seconds=30, is_score_only=True))
        assert sum(plan.money_vnd["tinh"].values()) == knapsack.ceiling_vnd, number
        assert plan.score_points == Fraction(knapsack.best_worth(), 100), number


def money_model_file() -> str:
    """Return the same five choices and six rows as a problem file, in trade words."""
    costs = {"x0": ("b", 0), "x1": ("a", 9000), "x2": ("a", 7200), "c0": ("b", 1), "c1": ("a", 10800)}
    candidates = [
        {
            "id": name,
            "state": "committed" if name == "x2" else "open",
            "levels": [
                {
                    "id": "mot",
                    "cost_vnd": {source: {"2012": cost}},
                    "yields": {"q": {"2012": int(name[0] == "x")}},
                }
            ],
        }
        for name, (source, cost) in costs.items()
    ]
    data = {
        "schema": "phanbo-problem/1", "years": [2012],
        "sources": [{"id": name, "ceiling_vnd": {"2012": 27_000}} for name in ("a", "b")],
        "outputs": [{"id": "q", "kind": "quantity", "weight": 100, "target": 4}],
        "candidates": candidates,
        "limits": [{"id": "san", "where": {"source": ["a"]}, "at_least_vnd": 16_200}],
        "links": [
            {"kind": "exactly_one", "candidates": ["x0", "c1"]},
            {"kind": "at_least", "candidates": ["x0", "c0"], "count": 1},
            {"kind": "at_most_one", "candidates": ["x1", "c1"]},
            {"kind": "at_most_one", "candidates": ["c0", "c1"]},
        ],
    }  # fmt: skip
    return json.dumps(data)


def test_the_small_money_model_that_cbc_calls_infeasible_is_solved() -> None:
    assert run_stock_cbc(small_money_model()) == "Infeasible"  # the program that PuLP brings along is wrong
    problem = read_problem(money_model_file())
    plan = solve(problem)
    assert plan.outcome is Outcome.PROVEN
    assert verify_plan(problem, plan).broken == ()
    assert dict(plan.level_ids) == {"x0": "mot", "x1": "mot", "x2": "mot"}
    assert plan.score_points == 75


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
