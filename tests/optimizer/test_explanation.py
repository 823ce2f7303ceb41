"""Why in, why out: every number is re-derived by enumeration or by the audit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    InvalidPlan,
    Requires,
    Verdict,
    audit_levels,
    audit_pro_rata,
    explain,
    pro_rata_shares,
    solve,
    value_for_money_levels,
)
from optimizer.contradictions import find_contradictions
from optimizer.generators.mixed import generate_problem
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.small_problems import random_problem, try_everything


def three_projects() -> AllocationProblem:
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50)), rank=1),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40)), rank=2),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40)), rank=3),
    )


def test_the_project_left_out_is_told_what_it_costs_the_others() -> None:
    # B and C give 80; with A forced in nothing else fits: 50. So A in costs exactly 30 points.
    problem = three_projects()
    explanation = explain(problem, solve(problem))
    answer = explanation.answers[0]
    assert answer.level_id is None
    assert answer.verdict is Verdict.EVIDENCE
    assert answer.loss_points == 30
    assert answer.loss_at_least_points is not None
    assert 0 < answer.loss_at_least_points <= 30
    assert [item.candidate_id for item in answer.displaced] == ["B", "C"]
    assert answer.extra_money is not None
    assert answer.extra_money.total_vnd == 60 * MILLION
    assert answer.extra_money.gained_points == 20
    assert "chưa được cấp" in answer.sentences[0]
    assert "có chứng cứ" in answer.sentences[0]
    assert "60.000.000 đồng" in " ".join(answer.sentences)
    assert explanation.greedy_points == 50
    assert explanation.inversions
    assert "xếp “Dự án A” trước “Dự án B”" in explanation.inversions[0]


def test_rules_are_named_when_they_decide() -> None:
    base = three_projects()
    barred, kept = (
        replace(base.candidates[n], state=state)
        for n, state in ((0, CandidateState.BARRED), (1, CandidateState.COMMITTED))
    )
    problem = replace(
        base,
        candidates=(barred, kept, base.candidates[2], a_candidate("D", a_level(MILLION, yields=trained(1)))),
        links=(Requires("D", "A"),),
    )
    answers = {answer.candidate_id: answer for answer in explain(problem, solve(problem)).answers}
    assert {key: answer.verdict for key, answer in answers.items()} == {
        "A": Verdict.BY_RULE,
        "B": Verdict.BY_RULE,
        "C": Verdict.EVIDENCE,
        "D": Verdict.BY_RULE,
    }
    assert "đã bị loại" in " ".join(answers["D"].sentences)
    assert answers["D"].rule_ids


def test_equal_projects_are_within_error_and_the_tie_break_is_named() -> None:
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50)), rank=2),
        a_candidate("B", a_level(60 * MILLION, yields=trained(50)), rank=1),
    )
    for answer in explain(problem, solve(problem)).answers:
        assert answer.verdict is Verdict.WITHIN_ERROR
        assert answer.loss_points == 0
        assert "trong sai số 0 điểm" in answer.sentences[0]
        assert "thứ tự trình" in answer.sentences[0]


def test_losses_agree_with_enumeration() -> None:
    compared = 0
    for seed in range(9):
        problem = random_problem(Random(seed))
        truth = try_everything(problem)
        if truth is None:
            continue
        plan = solve(problem)
        for answer in explain(problem, plan, time_limit_seconds=30).answers:
            other = try_everything(problem, {answer.candidate_id: answer.level_id is None})
            if answer.verdict is Verdict.BY_RULE:
                assert other is None or other.shortfall_vnd > truth.shortfall_vnd
                continue
            assert other is not None
            if other.shortfall_vnd > truth.shortfall_vnd:
                continue
            loss = truth.score - other.score
            assert answer.loss_points is not None
            assert answer.loss_points >= loss
            assert (answer.loss_at_least_points or 0) <= loss
            if answer.verdict is Verdict.EVIDENCE:
                assert loss > 0
            assert audit_levels(problem, answer.other_level_ids).is_kept
            compared += 1
    assert compared > 10


def test_only_the_asked_candidates_are_explained_and_progress_is_told() -> None:
    problem, told = three_projects(), []
    explanation = explain(
        problem, solve(problem), candidate_ids=["B"], on_answer=lambda done, total: told.append((done, total))
    )
    assert [answer.candidate_id for answer in explanation.answers] == ["B"]
    assert told == [(1, 1)]
    assert explain(problem, solve(problem), should_stop=lambda: True).answers == ()


def test_a_forged_plan_is_not_explained() -> None:
    problem = three_projects()
    with pytest.raises(InvalidPlan):
        explain(problem, replace(solve(problem), score_points=Fraction(99)))


def test_baselines_stay_inside_the_money() -> None:
    for seed in range(2):
        problem = generate_problem(Random(seed), 20)
        greedy = audit_levels(problem, value_for_money_levels(problem))
        assert not [rule for rule in greedy.broken if rule.rule_id.startswith("ceiling")]
        pro_rata = audit_pro_rata(problem)
        assert not [rule for rule in pro_rata.broken if rule.rule_id.startswith("ceiling")]
        for source in problem.sources:
            given = sum(share.given_vnd for share in pro_rata_shares(problem))
            assert given <= sum(sum(item.ceiling_vnd.values()) for item in problem.sources), source.id
        assert not find_contradictions(problem)
        free = replace(problem, limits=())
        assert solve(free).score_points >= audit_levels(free, value_for_money_levels(free)).score_points
