"""A model edited in place says what a model built from nothing says; what it cannot say, it builds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    GroupLink,
    GroupRule,
    InvalidProblem,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    Outcome,
    Requires,
    SolveLimits,
    check_problem,
    find_contradictions,
    solve,
)
from optimizer.edits import CeilingEdit, LimitEdit, StateEdit, WeightEdit
from optimizer.engines.interface import EngineAnswer, EngineStatus
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.solving.dual_value import dual_value
from optimizer.solving.edited_model import EditedModel
from optimizer.solving.live import LiveAllocation
from optimizer.verify import verify_plan
from tests.optimizer.builders import MILLION, YEAR, a_candidate, a_level, a_problem, a_source, trained
from tests.optimizer.random_edits import random_edits
from tests.optimizer.small_problems import random_problem, try_everything


def is_open(problem: AllocationProblem) -> bool:
    return not check_problem(problem) and not find_contradictions(problem)


def relaxed_bound(live: LiveAllocation) -> float | None:
    relaxed = live.relax()
    return relaxed.bound_points if relaxed.is_feasible else None


def is_same(one: float | None, other: float | None) -> bool:
    """Tell whether two bounds agree; without a bound nothing fits."""
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=1e-7)


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 600), marks=pytest.mark.deep)], ids=str)
def test_a_relaxation_after_edits_is_that_of_a_fresh_model(seeds: range) -> None:
    compared = resets = 0
    for seed in seeds:
        draw = Random(seed)
        problem = random_problem(draw)
        if not is_open(problem):
            continue
        live = LiveAllocation(problem)
        at_first = relaxed_bound(live)
        for _ in range(4):
            live.edit(*random_edits(draw, live.problem()))
            if is_open(live.problem()):
                assert is_same(relaxed_bound(live), relaxed_bound(LiveAllocation(live.problem())))
                compared += 1
            if draw.random() < 0.3:
                live.reset()
                assert live.edits == ()
                assert is_same(relaxed_bound(live), at_first)
                resets += 1
    assert compared > len(seeds)
    assert resets > len(seeds) // 3


@pytest.mark.parametrize(("shape", "size"), [("mixed", 24), ("province", 40)])
def test_true_shapes_after_edits_are_as_if_built_anew(shape: str, size: int) -> None:
    draw = Random(5)
    generate = generate_problem if shape == "mixed" else generate_province
    live = LiveAllocation(generate(draw, size))
    at_first = relaxed_bound(live)
    for _ in range(8):
        live.edit(*random_edits(draw, live.problem()))
        if is_open(live.problem()):
            assert is_same(relaxed_bound(live), relaxed_bound(LiveAllocation(live.problem())))
    live.reset()
    assert is_same(relaxed_bound(live), at_first)


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 200), marks=pytest.mark.deep)], ids=str)
def test_a_plan_after_edits_is_that_of_a_fresh_solve_and_of_trying_everything(seeds: range) -> None:
    proven = 0
    for seed in seeds:
        draw = Random(1000 + seed)
        problem = random_problem(draw)
        if try_everything(problem) is None:
            continue
        live = LiveAllocation(problem)
        for _ in range(2):
            live.edit(*random_edits(draw, live.problem()))
            edited = live.problem()
            if check_problem(edited):
                continue
            truth = try_everything(edited)
            if truth is None:
                with pytest.raises(NoFeasiblePlan):
                    live.plan()
                continue
            plan, fresh = live.plan(), solve(edited)
            assert plan.outcome is fresh.outcome is Outcome.PROVEN
            assert plan.score_points == fresh.score_points == truth.score
            assert plan.level_ids == fresh.level_ids
            assert verify_plan(edited, plan).is_kept
            proven += 1
        live.reset()
        assert live.plan().level_ids == solve(problem).level_ids
    assert proven > len(seeds) // 2


def two_projects(**others: object) -> AllocationProblem:
    """A and B cost 60 and 50 triệu and train 50 and 40 people; there are 100 triệu."""
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40)), area="2"),
        **others,  # type: ignore[arg-type]
    )


def test_a_side_that_the_loaded_limit_lacks_is_loaded_anew_and_gone_after_reset() -> None:
    live = LiveAllocation(
        two_projects(limits=(Limit("L", "Giới hạn", LimitScope(areas=("2",)), at_most_vnd=90 * MILLION),))
    )
    first = live.search
    assert live.plan().level_ids == {"A": "day-du"}
    live.edit(LimitEdit("L", 50 * MILLION, None))
    assert live.search is not first
    assert live.plan().level_ids == {"B": "day-du"}
    live.edit(LimitEdit("L", None, 10 * MILLION))
    assert live.plan().level_ids == {"A": "day-du"}
    live.reset()
    assert live.search is first
    assert live.problem().limits[0].at_least_vnd is None
    assert live.plan().level_ids == {"A": "day-du"}


def test_barring_and_releasing_moves_the_floor_it_could_fill() -> None:
    # The floor asks for as much as the files that are not barred can fill: without B it asks for nothing.
    live = LiveAllocation(
        two_projects(limits=(Limit("L", "Sàn", LimitScope(areas=("2",)), at_least_vnd=80 * MILLION),))
    )
    assert live.plan().level_ids == {"B": "day-du"}
    live.edit(StateEdit("B", CandidateState.BARRED))
    assert live.plan().level_ids == {"A": "day-du"}
    live.edit(StateEdit("B", CandidateState.OPEN))
    assert live.plan().level_ids == {"B": "day-du"}


def test_a_ceiling_edit_reaches_the_sources_that_may_be_topped_up() -> None:
    problem = two_projects(
        sources=(a_source(50 * MILLION), a_source(0, "khac", transfers_to_ids=("tinh",))),
    )
    live = LiveAllocation(problem)
    assert live.plan().level_ids == {"B": "day-du"}
    live.edit(CeilingEdit("khac", YEAR, 60 * MILLION - 1))
    assert live.plan().level_ids == {"A": "day-du"}
    live.edit(CeilingEdit("khac", YEAR, 60 * MILLION))
    assert sorted(live.plan().level_ids) == ["A", "B"]


def test_a_rule_is_switched_off_in_place_and_on_again() -> None:
    links = (Requires("A", "C"), GroupLink(GroupRule.AT_MOST_ONE, ("A", "B"), 1))
    base = two_projects(ceiling_vnd=110 * MILLION, links=links)
    base = replace(
        base,
        candidates=(*base.candidates, a_candidate("C", a_level(20 * MILLION, yields=trained(1)))),
        outputs=(replace(base.outputs[0], at_least=Fraction(45)),),
    )
    live = LiveAllocation(base)
    first = live.search
    full = {"A": "day-du", "C": "day-du"}
    assert live.plan().level_ids == full
    for gone, expected in (
        (replace(base, links=links[1:]), full),
        (replace(base, links=()), {"A": "day-du", "B": "day-du"}),
        (
            replace(base, outputs=(replace(base.outputs[0], at_least=None),), candidates=base.candidates),
            full,
        ),
    ):
        live.turn_to(gone)
        assert live.search is first
        plan = live.plan()
        assert plan.level_ids == solve(gone).level_ids == expected
        assert is_same(relaxed_bound(live), relaxed_bound(LiveAllocation(gone)))
    live.reset()
    assert live.plan().level_ids == full


def test_what_no_edit_can_say_is_loaded_anew() -> None:
    base = two_projects()
    live = LiveAllocation(base)
    first = live.search
    cheaper = replace(base.candidates[0], levels=(a_level(50 * MILLION, yields=trained(50)),))
    live.turn_to(replace(base, candidates=(cheaper, base.candidates[1])))
    assert live.search is not first
    assert sorted(live.plan().level_ids) == ["A", "B"]
    live.turn_to(replace(base, links=(Requires("A", "B"),)))
    assert live.plan().level_ids == {"B": "day-du"}
    live.reset()
    assert live.search is first
    assert live.plan().level_ids == {"A": "day-du"}


def test_wrong_edits_are_refused_together_and_nothing_changes() -> None:
    live = LiveAllocation(two_projects())
    wrong = (
        CeilingEdit("khong-co", YEAR, 1),
        StateEdit("A", CandidateState.OPEN, "day-du"),
        WeightEdit("hoc-vien", Fraction(0)),
        LimitEdit("khong-co", None, 5),
    )
    with pytest.raises(InvalidProblem) as caught:
        live.edit(*wrong)
    assert [item.path for item in caught.value.mistakes] == [f"$.edits[{place}]" for place in range(4)]
    assert live.edits == ()
    assert live.plan().level_ids == {"A": "day-du"}


def test_no_plan_within_the_rules_is_told_with_the_conflict() -> None:
    live = LiveAllocation(two_projects())
    live.edit(StateEdit("A", CandidateState.PINNED), StateEdit("B", CandidateState.PINNED))
    assert not live.relax().is_feasible
    with pytest.raises(NoFeasiblePlan) as caught:
        live.plan()
    assert "100.000.000 đồng" in caught.value.conflicts[0].words
    live.reset()
    assert live.relax().is_feasible


def test_an_infeasible_or_wrong_answer_of_the_live_engine_is_asked_again_on_a_fresh_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = LiveAllocation(two_projects())
    truth = relaxed_bound(live)
    assert truth is not None
    honest = live.search.relax()
    for lie in (
        EngineAnswer(EngineStatus.INFEASIBLE),
        EngineAnswer(EngineStatus.UNKNOWN),
        replace(honest, objective=truth - 1),
        replace(honest, row_duals=np.zeros_like(honest.row_duals)),
    ):
        live = LiveAllocation(two_projects())
        liar = live.search
        monkeypatch.setattr(liar, "relax", lambda lie=lie: lie)
        assert relaxed_bound(live) == pytest.approx(truth)
        assert live.search is not liar


def test_the_bound_of_the_prices_is_the_value_of_the_relaxation() -> None:
    checked = 0
    for seed in range(12):
        problem = random_problem(Random(seed))
        if not is_open(problem):
            continue
        live = LiveAllocation(problem)
        relaxed = live.relax()
        if relaxed.bound_points is None or relaxed.answer.row_duals is None:
            continue
        model = live.search.model_with(EditedModel(live.problem(), SolveLimits()).costs)
        assert dual_value(model, relaxed.answer.row_duals) == pytest.approx(relaxed.bound_points)
        # Any prices prove something: more than the best, never less.
        assert dual_value(model, np.maximum(relaxed.answer.row_duals, 0) * 0.9) > relaxed.bound_points - 1e-9
        checked += 1
    assert checked > 6
