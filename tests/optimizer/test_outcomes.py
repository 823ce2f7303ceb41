"""How a search may end: proven, within a gap, stopped, infeasible, failed; with the real engine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    CandidateState,
    GroupLink,
    GroupRule,
    InvalidProblem,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    NoPlanInTime,
    Outcome,
    OutputKind,
    Requires,
    SolveLimits,
    SolveProgress,
    SolverFailure,
    StageName,
    audit_levels,
    find_contradictions,
    solve,
    value_for_money_levels,
    verify_plan,
)
from optimizer.generator import generate_problem
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.small_problems import random_problem, try_everything


def test_a_time_limit_keeps_the_best_audited_plan() -> None:
    problem = generate_problem(Random(2), 150)
    plan = solve(problem, SolveLimits(time_limit_seconds=0.4))
    assert plan.outcome is Outcome.STOPPED
    assert verify_plan(problem, plan).is_kept
    assert plan.score_points > 0
    assert plan.bound_points is None or plan.bound_points >= plan.score_points


def test_a_stop_keeps_the_best_audited_plan_and_tells_progress() -> None:
    problem = generate_problem(Random(3), 120)
    seen: list[SolveProgress] = []
    plan = solve(problem, on_progress=seen.append, should_stop=lambda: len(seen) >= 2)
    assert plan.outcome is Outcome.STOPPED
    assert verify_plan(problem, plan).is_kept
    assert seen
    assert all(item.seconds >= 0 for item in seen)


def test_an_error_of_the_watcher_reaches_the_caller() -> None:
    def fail(_: SolveProgress) -> None:
        raise RuntimeError("watcher")

    with pytest.raises(RuntimeError, match="watcher"):
        solve(generate_problem(Random(3), 60), on_progress=fail)


def test_a_gap_is_kept_and_told() -> None:
    problem = generate_problem(Random(4), 25)
    plan = solve(problem, SolveLimits(relative_gap_share=0.05))
    assert plan.outcome in (Outcome.WITHIN_GAP, Outcome.PROVEN)
    assert plan.gap_share is not None
    assert plan.gap_share <= Fraction(51, 1000)
    exact = solve(problem)
    assert exact.outcome is Outcome.PROVEN
    assert plan.score_points <= exact.score_points <= (plan.bound_points or 0) + Fraction(1, 10**6)


def test_score_only_runs_no_other_stage() -> None:
    plan = solve(generate_problem(Random(1), 12), SolveLimits(is_score_only=True))
    assert [record.name for record in plan.stages] == [StageName.SCORE]


def test_later_stages_keep_what_earlier_ones_achieved() -> None:
    for seed in range(3):
        problem = generate_problem(Random(seed), 16)
        all_stages, score_only = solve(problem), solve(replace(problem, stages=(StageName.LEGAL_MINIMUMS,)))
        assert all_stages.score_points == score_only.score_points


def test_contradictions_are_named_before_solving() -> None:
    big = a_candidate("A", a_level(200 * MILLION, yields=trained(5)), state=CandidateState.COMMITTED)
    small = a_candidate("B", a_level(MILLION, yields=trained(5)))
    barred = a_candidate("C", a_level(MILLION, yields=trained(5)), state=CandidateState.BARRED)
    must = replace(small, state=CandidateState.COMMITTED)
    cases = [
        (a_problem(big, small), "ceiling:tinh:2012", "100.000.000 đồng"),
        (a_problem(must, barred, links=(Requires("B", "C"),)), "state:B", "đã bị loại"),
        (
            a_problem(barred, small, links=(GroupLink(GroupRule.EXACTLY_ONE, ("C",)),)),
            "group:exactly_one:C",
            "ít nhất 1",
        ),
        (
            a_problem(must, replace(must, id="D"), links=(GroupLink(GroupRule.AT_MOST_ONE, ("B", "D")),)),
            "group:at_most_one:B+D",
            "bắt buộc",
        ),
        (
            a_problem(small, outputs=(training_output(at_least=Fraction(6)),)),
            "minimum:hoc-vien",
            "không thể đạt",
        ),
        (
            a_problem(must, limits=(Limit("L", "Trần", LimitScope(), at_most_vnd=1),)),
            "cap:L",
            "phải cấp",
        ),
    ]
    for problem, rule_id, part in cases:
        (conflict,) = find_contradictions(problem)
        assert rule_id in conflict.rule_ids
        assert part in conflict.words
        assert conflict.repair_words
        with pytest.raises(NoFeasiblePlan):
            solve(problem)


def test_what_only_solving_shows_is_named_with_a_repair_that_works() -> None:
    # Each alone fits, the minimum of 10 people needs both, and both together cost 20 triệu too much.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(5))),
        a_candidate("B", a_level(60 * MILLION, yields=trained(5))),
        outputs=(training_output(at_least=Fraction(10)),),
    )
    with pytest.raises(NoFeasiblePlan) as caught:
        solve(problem)
    (conflict,) = caught.value.conflicts
    assert conflict.rule_ids == ("ceiling:tinh:2012", "minimum:hoc-vien")
    assert conflict.repairs[0].words == (
        "Nâng trần nguồn “Nguồn tinh” năm 2012 thêm ít nhất 20.000.000 đồng (lên 120.000.000 đồng)."
    )
    raised = replace(problem.sources[0], ceiling_vnd={2012: 120 * MILLION})
    assert len(solve(replace(problem, sources=(raised,))).level_ids) == 2


def test_a_contradiction_is_never_claimed_where_a_plan_exists() -> None:
    for seed in range(150):
        problem = random_problem(Random(seed))
        if find_contradictions(problem):
            assert try_everything(problem) is None


def test_mistakes_stop_a_problem_built_in_python_too() -> None:
    with pytest.raises(InvalidProblem) as caught:
        solve(a_problem(a_candidate("A", a_level(MILLION))))
    assert "không tạo đầu ra" in caught.value.mistakes[0].words


def test_an_unknown_engine_is_a_failure() -> None:
    with pytest.raises(SolverFailure):
        solve(generate_problem(Random(1), 5), SolveLimits(engine_name="khong-co"))


def test_no_plan_in_time_is_told_as_such() -> None:
    # A hard minimum above what the greedy plan reaches keeps it out; the search is stopped at once.
    problem = generate_problem(Random(2), 60)
    reached = audit_levels(problem, value_for_money_levels(problem)).outputs
    tighter = (
        replace(
            problem,
            outputs=tuple(
                replace(item, at_least=reached[item.id] + 1) if item.id == asked.id else item
                for item in problem.outputs
            ),
        )
        for asked in problem.outputs
        if asked.kind is OutputKind.QUANTITY
    )
    hard = next(item for item in tighter if not find_contradictions(item))
    assert not audit_levels(hard, value_for_money_levels(hard)).is_kept
    with pytest.raises(NoPlanInTime):
        solve(hard, SolveLimits(time_limit_seconds=5), should_stop=lambda: True)


def test_cbc_agrees_as_a_peer() -> None:
    for seed in range(3):
        problem = generate_problem(Random(seed), 8)
        ours = solve(problem)
        peer = solve(problem, SolveLimits(engine_name="cbc", time_limit_seconds=20))
        assert verify_plan(problem, peer).is_kept
        assert peer.score_points == ours.score_points


def test_the_lone_project_model_that_old_engines_call_infeasible_is_solved() -> None:
    costs = (9000, 7200, 10800, 16200, 9000)
    problem = a_problem(
        *(a_candidate(f"P{n}", a_level(cost, yields=trained(1 + n))) for n, cost in enumerate(costs)),
        ceiling_vnd=43200,
    )
    plan = solve(problem)
    assert plan.outcome is Outcome.PROVEN
    assert plan.score_points == 2 + 3 + 4 + 5
