"""Small problems solved on paper; each test carries its calculation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Outcome,
    Output,
    OutputKind,
    Requires,
    SolveLimits,
    audit_levels,
    fingerprint_of,
    solve,
    verify_plan,
)
from optimizer.generators.mixed import generate_problem
from tests.optimizer.builders import (
    MILLION,
    YEAR,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)


def funded(problem: AllocationProblem) -> dict[str, str]:
    plan = solve(problem, SolveLimits(time_limit_seconds=30))
    assert plan.outcome is Outcome.PROVEN
    assert verify_plan(problem, plan).is_kept
    return dict(plan.level_ids)


def test_two_that_fit_beat_the_one_with_the_best_ratio() -> None:
    # 60 triệu for 50 people is the best ratio, but 50 + 50 triệu for 40 + 40 people use the 100 triệu fully.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
    )
    assert funded(problem) == {"B": "day-du", "C": "day-du"}


def test_a_plan_that_fits_to_the_dong_is_not_lost() -> None:
    costs = (33_333_333, 33_333_334, 33_333_333)
    problem = a_problem(
        *(a_candidate(f"P{n}", a_level(cost, yields=trained(10))) for n, cost in enumerate(costs)),
        ceiling_vnd=100_000_000,
    )
    assert len(funded(problem)) == 3
    one_less = replace(problem, sources=(a_source(99_999_999),))
    assert len(funded(one_less)) == 2


def communes(*names: str) -> dict[str, dict[str, tuple[str, ...]]]:
    return {"mot-cua": {"phong": names, "may": names}}


def one_stop(**others: object) -> Output:
    facts: dict[str, object] = {
        "weight": Fraction(100),
        "scope_unit_ids": ("xa-1", "xa-2", "xa-3", "xa-4"),
        "components": ("phong", "may"),
        **others,
    }
    return Output("mot-cua", "Một cửa cấp xã", OutputKind.COVERAGE, "xã", **facts)  # type: ignore[arg-type]


def test_the_same_communes_count_once() -> None:
    # A and B name the same two communes: both together are worth no more than one; A and C cover all four.
    problem = a_problem(
        a_candidate("A", a_level(40 * MILLION, covers=communes("xa-1", "xa-2"))),
        a_candidate("B", a_level(30 * MILLION, covers=communes("xa-1", "xa-2"))),
        a_candidate("C", a_level(50 * MILLION, covers=communes("xa-3", "xa-4"))),
        ceiling_vnd=1000 * MILLION,
        outputs=(one_stop(),),
    )
    assert funded(problem) == {"B": "day-du", "C": "day-du"}
    both = audit_levels(problem, {"A": "day-du", "B": "day-du"})
    assert both.score_points == audit_levels(problem, {"B": "day-du"}).score_points == 50
    assert both.outputs["mot-cua"] == 2


def test_a_half_equipped_commune_counts_nothing() -> None:
    rooms = a_level(10 * MILLION, covers={"mot-cua": {"phong": ("xa-1", "xa-2")}})
    machines = a_level(10 * MILLION, covers={"mot-cua": {"may": ("xa-2", "xa-3")}})
    problem = a_problem(a_candidate("A", rooms), a_candidate("B", machines), outputs=(one_stop(),))
    assert audit_levels(problem, {"A": "day-du"}).score_points == 0
    plan = solve(problem)
    assert plan.score_points == 25
    assert plan.outputs["mot-cua"] == 1


def test_reached_and_exempt_units_are_left_out() -> None:
    output = one_stop(
        reached_components={"xa-1": ("phong", "may"), "xa-2": ("phong",)}, exempt_unit_ids=("xa-4",)
    )
    problem = a_problem(
        a_candidate("A", a_level(1, covers=communes("xa-1", "xa-4"))),
        a_candidate("B", a_level(1, covers={"mot-cua": {"may": ("xa-2",)}})),
        outputs=(output,),
    )
    plan = solve(problem)
    # Three units count, one is there: B earns one third; A earns nothing and costs, so it stays out.
    assert dict(plan.level_ids) == {"B": "day-du"}
    assert plan.score_points == Fraction(100, 3)
    assert plan.outputs["mot-cua"] == 2


def test_half_a_milestone_is_worth_nothing() -> None:
    output = Output(
        "tt", "Trung tâm dữ liệu", OutputKind.MILESTONE, weight=Fraction(100), components=("nha", "may")
    )
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, delivers={"tt": ("nha",)})),
        a_candidate("B", a_level(50 * MILLION, delivers={"tt": ("may",)})),
        outputs=(output,),
    )
    assert funded(problem) == {}
    assert set(funded(replace(problem, sources=(a_source(110 * MILLION),)))) == {"A", "B"}


def test_the_later_target_of_a_chain_pays_only_above_the_earlier() -> None:
    # 70 then 80 people: the 10 above the first target are worth the whole later weight, the first 70 none.
    early = training_output(70, weight=Fraction(60))
    later = replace(training_output(80, weight=Fraction(40)), id="hoc-vien-2015", follows_id="hoc-vien")
    both = {"hoc-vien": {YEAR: Fraction(75)}, "hoc-vien-2015": {YEAR: Fraction(75)}}
    problem = a_problem(a_candidate("A", a_level(1, yields=both)), outputs=(early, later))
    assert solve(problem).score_points == 60 + 20
    fewer = {"hoc-vien": {YEAR: Fraction(35)}, "hoc-vien-2015": {YEAR: Fraction(35)}}
    halfway = a_problem(a_candidate("A", a_level(1, yields=fewer)), outputs=(early, later))
    assert solve(halfway).score_points == 30


def test_a_higher_stated_baseline_gains_nothing() -> None:
    curve = ((Fraction(1, 2), Fraction(4, 5)), (Fraction(1), Fraction(1)))
    for baseline in range(0, 101, 10):
        output = training_output(100, baseline=Fraction(baseline), curve=curve)
        problem = a_problem(a_candidate("A", a_level(1, yields=trained(30))), outputs=(output,))
        score = solve(problem).score_points
        honest = replace(problem, outputs=(replace(output, baseline=Fraction(0)),))
        assert score <= solve(honest).score_points
        if baseline == 100:
            assert score == 0


def test_yields_after_the_target_year_do_not_count() -> None:
    output = training_output(100, year=YEAR)
    late = a_level(1, yields={"hoc-vien": {YEAR: Fraction(10), YEAR + 1: Fraction(90)}})
    assert solve(a_problem(a_candidate("A", late), outputs=(output,))).score_points == 10


def test_rules_bind_before_points() -> None:
    strong = a_candidate("A", a_level(50 * MILLION, yields=trained(60)))
    weak = a_candidate("B", a_level(50 * MILLION, yields=trained(10)), area="2")
    other = a_candidate("C", a_level(50 * MILLION, yields=trained(40)))
    problem = a_problem(strong, weak, other)
    assert set(funded(problem)) == {"A", "C"}
    floor = Limit("san-2", "Sàn lĩnh vực 2", LimitScope(areas=("2",)), at_least_vnd=50 * MILLION)
    assert set(funded(replace(problem, limits=(floor,)))) == {"A", "B"}
    assert set(funded(replace(problem, links=(Requires("A", "B"),)))) == {"A", "B"}
    rivals = GroupLink(GroupRule.AT_MOST_ONE, ("A", "C"))
    assert set(funded(replace(problem, links=(rivals,)))) == {"A", "B"}
    barred = replace(strong, state=CandidateState.BARRED)
    assert set(funded(replace(problem, candidates=(barred, weak, other)))) == {"B", "C"}


def test_a_floor_is_effective_up_to_the_least_levels_only() -> None:
    small = a_level(10 * MILLION, "toi-thieu", yields=trained(1))
    large = a_level(90 * MILLION, "mo-rong", yields=trained(2))
    problem = a_problem(
        a_candidate("A", small, large, area="2"),
        a_candidate("B", a_level(90 * MILLION, yields=trained(60))),
        limits=(Limit("san", "Sàn", LimitScope(areas=("2",)), at_least_vnd=80 * MILLION),),
    )
    assert funded(problem) == {"A": "toi-thieu", "B": "day-du"}


def test_soft_floors_come_before_the_score_and_stability_before_cost() -> None:
    soft = Limit("san", "Sàn", LimitScope(areas=("2",)), at_least_vnd=50 * MILLION, is_hard=False)
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(90))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(1)), area="2"),
        limits=(soft,),
    )
    assert set(funded(problem)) == {"B"}
    twins = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(50))),
    )
    assert set(funded(twins)) == {"B"}
    assert set(funded(replace(twins, reference_plan={"A": "day-du"}))) == {"A"}


def test_the_agencys_own_order_breaks_what_is_left() -> None:
    pair = [a_candidate(name, a_level(60 * MILLION, yields=trained(50))) for name in ("A", "B")]
    first, second = replace(pair[0], rank=2), replace(pair[1], rank=1)
    assert set(funded(a_problem(first, second))) == {"B"}


def test_money_moves_only_where_the_file_allows_it() -> None:
    problem = a_problem(a_candidate("A", a_level(120 * MILLION, yields=trained(50))))
    spare = a_source(30 * MILLION, "du-phong")
    assert funded(replace(problem, sources=(*problem.sources, spare))) == {}
    giving = a_source(30 * MILLION, "du-phong", transfers_to_ids=("tinh",))
    assert set(funded(replace(problem, sources=(*problem.sources, giving)))) == {"A"}


@pytest.mark.parametrize("seed", range(4))
def test_shuffled_input_gives_the_identical_plan(seed: int) -> None:
    problem = generate_problem(Random(seed), 12)
    plan = solve(problem)
    draw = Random(seed)
    mixed = replace(
        problem,
        candidates=tuple(draw.sample(problem.candidates, len(problem.candidates))),
        outputs=tuple(draw.sample(problem.outputs, len(problem.outputs))),
        sources=tuple(draw.sample(problem.sources, len(problem.sources))),
        limits=tuple(draw.sample(problem.limits, len(problem.limits))),
        links=tuple(reversed(problem.links)),
    )
    assert fingerprint_of(mixed) == fingerprint_of(problem)
    again = solve(mixed)
    assert again.level_ids == plan.level_ids
    assert again.score_points == plan.score_points


def test_more_money_never_lowers_the_score() -> None:
    problem = generate_problem(Random(3), 10)
    scores = []
    for percent in (100, 120, 150, 200):
        sources = tuple(
            replace(item, ceiling_vnd={year: cap * percent // 100 for year, cap in item.ceiling_vnd.items()})
            for item in problem.sources
        )
        scores.append(solve(replace(problem, sources=sources, limits=())).score_points)
    assert scores == sorted(scores)
