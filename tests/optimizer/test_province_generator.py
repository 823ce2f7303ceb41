"""The synthetic province: its shape is the one the measurements speak of, and a plan always exists."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pulp
import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    GroupLink,
    Requires,
    SolveLimits,
    audit_levels,
    check_problem,
    find_contradictions,
    read_problem,
    solve,
    verify_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.attainment import paying_segments
from optimizer.formulation.assemble import formulate
from optimizer.generators.province import generate_province, generate_province_with_plan
from optimizer.generators.province_rules import STEP_VND
from optimizer.spending import cost_items, effective_floor_vnd, level_cost_vnd, spent_vnd


@pytest.fixture(scope="module")
def province() -> AllocationProblem:
    return generate_province(Random(7), 500)


def test_ways_of_carrying_out_have_the_shares_and_prices_of_the_measurements(
    province: AllocationProblem,
) -> None:
    ways = Counter(tuple(level.id for level in item.levels) for item in province.candidates)
    assert ways == {
        ("day-du",): 150,
        ("toi-thieu", "day-du"): 100,
        ("toi-thieu", "rut-gon", "day-du"): 100,
        ("toi-thieu", "rut-gon", "day-du", "mo-rong"): 150,
    }
    shapes = {"toi-thieu": (55, 50), "rut-gon": (80, 80), "day-du": (100, 100), "mo-rong": (135, 120)}
    for item in province.candidates:
        full = next(level for level in item.levels if level.id == "day-du")
        for level in item.levels:
            cost_percent, result_percent = shapes[level.id]
            exact = dict(cost_items(full))
            for place, vnd in cost_items(level):
                assert 0 <= vnd - Fraction(exact[place] * cost_percent, 100) < STEP_VND
            for key, by_year in level.yields.items():
                assert {
                    year: amount * result_percent / 100 for year, amount in full.yields[key].items()
                } == by_year


def test_counts_of_everything_else(province: AllocationProblem) -> None:
    assert len(province.years) == 3
    assert len(province.sources) == 4
    assert len({source.nature for source in province.sources}) == 2
    assert len(province.outputs) == 24
    assert sum(output.weight for output in province.outputs) == 100
    assert all(len(paying_segments(output, None)[1]) == 5 for output in province.outputs)
    assert sum(output.at_least is not None for output in province.outputs) == 8
    assert len({item.agency for item in province.candidates}) == 50
    assert len({item.area for item in province.candidates}) == 6
    assert sum(item.state is CandidateState.COMMITTED for item in province.candidates) == 15
    assert sum(isinstance(link, Requires) for link in province.links) == 25
    assert sum(isinstance(link, GroupLink) for link in province.links) == 10
    assert len(province.limits) == 56
    assert all(limit.is_hard and limit.at_most_vnd for limit in province.limits)
    used = Counter(len(item.levels[-1].cost_vnd) for item in province.candidates)
    assert set(used) == {1, 2, 3}
    assert {len(item.levels[-1].yields) for item in province.candidates} == {1, 2, 3, 4}


def test_money_is_whole_steps_and_ceilings_are_the_asked_share_of_demand(province: AllocationProblem) -> None:
    demand = spent_vnd(item.levels[-1] for item in province.candidates)
    for source in province.sources:
        for year, vnd in source.ceiling_vnd.items():
            assert vnd % STEP_VND == 0
            assert 0 <= demand[source.id, year] * Fraction(55, 100) - vnd < STEP_VND
    for item in province.candidates:
        assert all(vnd % STEP_VND == 0 and vnd > 0 for level in item.levels for _, vnd in cost_items(level))
        costs = [level_cost_vnd(level) for level in item.levels]
        assert costs == sorted(set(costs))
    sizes = sorted(level_cost_vnd(item.levels[0]) for item in province.candidates if len(item.levels) == 1)
    assert 500_000_000 < sizes[len(sizes) // 2] < 1_200_000_000


def test_no_floor_is_idle_because_least_levels_are_too_small(province: AllocationProblem) -> None:
    floors = [limit for limit in province.limits if limit.at_least_vnd]
    assert len(floors) > 40
    assert all(effective_floor_vnd(province, limit) == limit.at_least_vnd for limit in floors)


def test_the_model_has_the_size_of_the_measurements(province: AllocationProblem) -> None:
    """635 rows at 500 projects where a floor and a cap share one row; ours are two rows each."""
    model = formulate(province).model
    variables, rows = model.variables(), model.numConstraints()
    binaries = sum(variable.cat == "Integer" for variable in variables)
    assert abs(binaries - 1253) <= 5
    twins = sum(1 for limit in province.limits if limit.at_least_vnd)
    assert rows - twins == 635


@pytest.mark.parametrize("project_count", [4, 5, 6, 9, 17, 40, 120])
@pytest.mark.parametrize("year_count", [1, 3])
def test_a_plan_exists_whatever_size_years_and_tightness(project_count: int, year_count: int) -> None:
    for seed, tightness in ((1, 0.05), (2, 0.55), (3, 0.55), (4, 1.5)):
        problem, plan = generate_province_with_plan(Random(seed), project_count, year_count, tightness)
        assert check_problem(problem) == ()
        assert find_contradictions(problem) == ()
        assert audit_levels(problem, plan).broken == ()
        for limit in problem.limits:
            assert effective_floor_vnd(problem, limit) == (limit.at_least_vnd or 0)


@pytest.mark.parametrize("project_count", [4, 7, 14])
def test_the_solver_agrees_that_a_plan_exists(project_count: int) -> None:
    for seed in (1, 2):
        problem = generate_province(Random(seed), project_count)
        plan = solve(problem, SolveLimits(is_score_only=True, relative_gap_share=0.01))
        assert verify_plan(problem, plan).is_kept


def test_the_rules_bite(province: AllocationProblem) -> None:
    """Without minimums, floors and caps the plan would be another: the relaxed score rises."""

    def relaxed_score(problem: AllocationProblem) -> float:
        model = formulate(problem).model
        for variable in model.variables():
            variable.cat = pulp.LpContinuous
        model.solve(pulp.HiGHS(msg=False))
        return float(pulp.value(model.objective))

    no_minimums = tuple(replace(output, at_least=None) for output in province.outputs)
    full = relaxed_score(province)
    assert relaxed_score(replace(province, outputs=no_minimums)) > full + 1e-6
    assert relaxed_score(replace(province, limits=())) > full + 1e-6


def test_the_same_seed_is_the_same_file_and_another_seed_is_not() -> None:
    first, second, other = (write_problem(generate_province(Random(seed), 30)) for seed in (5, 5, 6))
    assert first == second
    assert first != other
    assert write_problem(read_problem(first)) == first


@pytest.mark.parametrize(("projects", "years", "tightness"), [(3, 3, 0.5), (4, 0, 0.5), (4, 1, 0.0)])
def test_a_size_outside_its_range_is_refused(projects: int, years: int, tightness: float) -> None:
    with pytest.raises(ValueError, match="no province"):
        generate_province(Random(1), projects, years, tightness)


def test_the_verb_makes_a_province_unless_every_kind_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["generate", "--projects", "9", "--seed", "3"]
    for extra, years, kinds in (
        ([], 3, {"quantity"}),
        (["--shape", "mixed"], 1, {"quantity", "coverage", "milestone", "deliverable"}),
        (["--shape", "mixed", "--years", "2"], 2, {"quantity", "coverage", "milestone", "deliverable"}),
    ):
        path = tmp_path / "problem.json"
        assert main([*asked, *extra, "--out", str(path)]) == 0
        problem = read_problem(path.read_text(encoding="utf-8"))
        assert len(problem.years) == years
        assert {output.kind.value for output in problem.outputs} <= kinds
        assert (len(problem.outputs) == 24) == (extra == [])
    capsys.readouterr()
    assert main(["generate", "--projects", "3", "--seed", "3", "--years", "0", "--tight", "0", "--json"]) == 2
    paths = [item["path"] for item in json.loads(capsys.readouterr().out)["mistakes"]]
    assert paths == ["--projects", "--years", "--tight"]


@pytest.mark.deep
def test_twenty_thousand_projects_have_a_plan_too() -> None:
    problem, plan = generate_province_with_plan(Random(1), 20_000)
    assert sum(len(item.levels) for item in problem.candidates) == 50_000
    assert audit_levels(problem, plan).broken == ()
