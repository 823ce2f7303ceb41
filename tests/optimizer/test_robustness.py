"""Drawn weights and costs: exact draws, plans checked by enumeration, risks by the audit, one answer."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

import pytest

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    InvalidPlan,
    InvalidProblem,
    Limit,
    LimitScope,
    NoPlanInTime,
    StageName,
    audit_levels,
    solve,
    write_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.answers.ceiling_risk import ceiling_risk
from optimizer.answers.draw_outcomes import DrawQuestion, outcomes_of, without_idle
from optimizer.answers.robustness import robustness
from optimizer.answers.robustness_exchange import robustness_to_json
from optimizer.answers.robustness_facts import (
    DrawWay,
    Robustness,
    RobustnessSettings,
    SampleKind,
    VerdictBounds,
)
from optimizer.answers.wilson import wilson_interval
from optimizer.draws import MILLION, DrawRanges, problem_in_draw, sample_draws
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.schema_check import read_json, schema_mistakes
from tests.optimizer.builders import MILLION as TRIEU
from tests.optimizer.builders import a_candidate, a_level, a_problem, trained
from tests.optimizer.enumeration import Enumeration
from tests.optimizer.mixed_problems import mixed_problem
from tests.optimizer.small_problems import random_problem
from tests.optimizer.test_draws import BOTH, shuffled

LAW_AND_SCORE = (StageName.LEGAL_MINIMUMS, StageName.SCORE)


def settings(**others: object) -> RobustnessSettings:
    facts: dict[str, object] = {"draws": 8, "gap_share": Fraction(0), **others}
    return RobustnessSettings(**facts)  # type: ignore[arg-type]


def feasible(seeds: range, draw_problem: object = random_problem) -> list[AllocationProblem]:
    problems = [draw_problem(Random(seed)) for seed in seeds]  # type: ignore[operator]
    return [problem for problem in problems if Enumeration(problem).best() is not None]


# ---------------------------------------------------------------------------------------------
# whole plans, against trying everything


def test_every_drawn_plan_is_a_best_plan_without_idle_candidates() -> None:
    drawn_count = 0
    for problem in feasible(range(9)):
        for ranges in (DrawRanges(BOTH.weights_share), DrawRanges(costs_share=Fraction(1, 2)), BOTH):
            draws = sample_draws(problem, ranges, 2, Random(drawn_count))
            question = DrawQuestion(problem, settings(ranges=ranges), DrawWay.WHOLE)
            for draw, outcome in zip(draws, outcomes_of(question, draws), strict=True):
                best = Enumeration(replace(problem_in_draw(problem, draw), stages=LAW_AND_SCORE)).best()
                assert outcome.has_plan == (best is not None)
                assert not outcome.is_stopped
                if best is not None:
                    drawn_count += 1
                    assert frozenset(outcome.funded_ppm) in {frozenset(plan) for plan in best.plans}
                    assert set(outcome.funded_ppm.values()) <= {MILLION}
                    _nobody_is_idle(problem_in_draw(problem, draw), best.plans, set(outcome.funded_ppm))
    assert drawn_count > 25


def _nobody_is_idle(problem: AllocationProblem, plans: tuple[dict, ...], funded: set[str]) -> None:
    """No best plan funds only a part of what is funded with the same levels."""
    chosen = [plan for plan in plans if set(plan) == funded]
    smaller = [plan for plan in plans if set(plan) < funded]
    assert any(not any(item.items() < plan.items() for item in smaller) for plan in chosen)


def test_the_shares_are_counts_of_the_draws() -> None:
    for problem in feasible(range(3, 6)):
        asked = settings(ranges=BOTH, is_joint=True, way=DrawWay.WHOLE)
        answer = robustness(problem, Random(4), asked)
        draws = sample_draws(problem, BOTH, 8, Random(4))
        outcomes = outcomes_of(DrawQuestion(problem, asked, DrawWay.WHOLE), draws)
        with_plan = [item for item in outcomes if item.has_plan]
        assert answer.samples[0].with_plan == len(with_plan)
        assert answer.samples[0].without_plan == len(outcomes) - len(with_plan)
        for item in answer.candidates:
            seen = sum(1 for outcome in with_plan if item.candidate_id in outcome.funded_ppm)
            if with_plan:
                share = item.shares[SampleKind.BOTH]
                assert (share.seen, share.of) == (seen, len(with_plan))
                assert (share.low, share.high) == wilson_interval(seen, len(with_plan))


def test_idle_candidates_go_dearest_first_and_rules_keep_theirs() -> None:
    problem = a_problem(
        a_candidate("du", a_level(9 * TRIEU, yields=trained(0))),
        a_candidate("re", a_level(1 * TRIEU, yields=trained(100))),
        a_candidate("dat", a_level(2 * TRIEU, yields=trained(100))),
        a_candidate("buoc", a_level(5 * TRIEU, yields=trained(0)), state=CandidateState.PINNED),
    )
    levels = dict.fromkeys(("du", "re", "dat", "buoc"), "day-du")
    assert without_idle(problem, levels) == {"re": "day-du", "buoc": "day-du"}


# ---------------------------------------------------------------------------------------------
# verdicts


def a_contest(**others: object) -> tuple[Candidate, ...]:
    """Money for two of four: one always worth it, two nearly alike, one never."""
    return (
        a_candidate("chac", a_level(10 * TRIEU, yields=trained(50))),
        a_candidate("sat-1", a_level(10 * TRIEU, yields=trained(20))),
        a_candidate("sat-2", a_level(10 * TRIEU, yields=trained(20))),
        a_candidate("kem", a_level(15 * TRIEU, yields=trained(1)), **others),
    )


def test_core_borderline_and_outside() -> None:
    problem = a_problem(*a_contest(), ceiling_vnd=22 * TRIEU)
    asked = settings(ranges=DrawRanges(costs_share=Fraction(3, 10)), draws=45)
    answer = robustness(problem, Random(1), asked)
    verdicts = {item.candidate_id: item.verdict for item in answer.candidates}
    assert verdicts == {
        "chac": Robustness.CORE,
        "kem": Robustness.OUTSIDE,
        "sat-1": Robustness.BORDERLINE,
        "sat-2": Robustness.BORDERLINE,
    }
    assert "1 dự án chắc chắn, 2 dự án nên bàn thêm, 1 dự án chưa tới lượt" in answer.sentences[2]
    few = robustness(problem, Random(1), replace(asked, draws=10))
    assert {item.verdict for item in few.candidates} == {Robustness.BORDERLINE}
    loose = replace(asked, draws=10, bounds=VerdictBounds(Fraction(7, 10), Fraction(3, 10)))
    assert robustness(problem, Random(1), loose).candidates[0].verdict is Robustness.CORE


def test_what_a_rule_decides_is_not_left_to_the_draws() -> None:
    for state, verdict in (
        (CandidateState.PINNED, Robustness.CORE),
        (CandidateState.COMMITTED, Robustness.CORE),
        (CandidateState.BARRED, Robustness.OUTSIDE),
    ):
        problem = a_problem(*a_contest(state=state), ceiling_vnd=40 * TRIEU)
        answer = robustness(problem, Random(1), settings(draws=3))
        found = next(item for item in answer.candidates if item.candidate_id == "kem")
        assert (found.verdict, found.is_by_rule) == (verdict, True)
        assert "theo quy tắc" in found.sentence
        assert set(found.shares) == {SampleKind.WEIGHTS, SampleKind.COSTS}


def test_draws_without_any_plan_are_told_and_do_not_count() -> None:
    pinned = {"state": CandidateState.PINNED}
    problem = a_problem(
        a_candidate("a", a_level(10 * TRIEU, yields=trained(40)), **pinned), ceiling_vnd=10 * TRIEU
    )
    answer = robustness(problem, Random(1), settings(ranges=DrawRanges(costs_share=Fraction(1, 10))))
    assert answer.samples[0].without_plan == 8
    assert answer.candidates[0].shares == {}
    assert "8 lượt không có phương án nào" in answer.sentences[0]
    opened = replace(problem, candidates=(replace(problem.candidates[0], state=CandidateState.OPEN),))
    relaxed = settings(ranges=DrawRanges(costs_share=Fraction(1, 10)), way=DrawWay.RELAXED)
    share = robustness(opened, Random(1), relaxed).candidates[0].shares[SampleKind.COSTS].share
    assert Fraction(9, 10) < share < 1


def test_nobody_is_sure_where_a_whole_sample_has_no_plan() -> None:
    must = a_candidate("A", a_level(100 * TRIEU, yields=trained(10)), state=CandidateState.COMMITTED)
    free = a_candidate("B", a_level(0, yields=trained(50)))
    answer = robustness(a_problem(must, free), Random(1), settings(draws=40))
    assert [(item.with_plan, item.without_plan) for item in answer.samples] == [(40, 0), (0, 40)]
    assert [item.verdict for item in answer.candidates] == [Robustness.CORE, Robustness.BORDERLINE]
    assert answer.candidates[1].shares[SampleKind.WEIGHTS].seen == 40


def test_time_that_runs_out_is_told() -> None:
    problem = a_problem(*a_contest(), ceiling_vnd=20 * TRIEU)
    with pytest.raises(NoPlanInTime):
        robustness(problem, Random(1), settings(seconds=-1.0))

    def only_three(question: DrawQuestion, draws: object) -> list:
        return outcomes_of(question, draws[:3])  # type: ignore[index]

    answer = robustness(problem, Random(1), settings(), work=only_three)
    assert [sample.unsettled for sample in answer.samples] == [5, 5]
    assert "5 lượt chưa có kết quả" in answer.sentences[0]


# ---------------------------------------------------------------------------------------------
# what the kept plan risks


def test_the_risk_is_what_the_audit_finds_in_every_draw() -> None:
    rows_seen, count = 0, 30
    for seed, problem in enumerate(feasible(range(28), mixed_problem)):
        best = Enumeration(problem).best()
        assert best is not None
        draws = sample_draws(problem, DrawRanges(costs_share=Fraction(1, 2)), count, Random(seed))
        risk = ceiling_risk(problem, best.plans[0], draws)
        over: dict[str, list[int]] = {}
        broken_draws = 0
        for draw in draws:
            report = audit_levels(problem_in_draw(problem, draw), best.plans[0])
            ceilings = [rule for rule in report.broken if rule.rule_id.startswith(("ceiling:", "cap:"))]
            broken_draws += bool(ceilings)
            for rule in ceilings:
                over.setdefault(rule.rule_id, []).append(int(rule.amount or 0))
        assert risk.broken.seen == broken_draws
        assert {row.rule_id: (row.broken.seen, row.worst_over_vnd) for row in risk.rows} == {
            rule_id: (len(amounts), max(amounts)) for rule_id, amounts in over.items()
        }
        for row in risk.rows:
            rows_seen += 1
            kept = count - sum(1 for amount in over[row.rule_id] if amount > row.reserve_vnd)
            tighter = count - sum(1 for amount in over[row.rule_id] if amount > row.reserve_vnd - 1)
            assert kept * 100 >= 95 * count
            assert row.reserve_vnd == 0 or tighter * 100 < 95 * count
    assert rows_seen > 10


def test_a_plan_with_room_for_every_overrun_risks_nothing() -> None:
    problem = a_problem(*a_contest(), ceiling_vnd=23 * TRIEU)
    plan = solve(problem)
    asked = settings(ranges=DrawRanges(costs_share=Fraction(15, 100)), draws=25)
    answer = robustness(problem, Random(2), asked, plan)
    assert answer.risk is not None
    assert answer.risk.broken.seen == 0
    assert answer.risk.rows == ()
    tight = replace(problem, sources=(replace(problem.sources[0], ceiling_vnd={2012: 20 * TRIEU}),))
    limit = Limit("L", "Trần cơ quan", LimitScope(agencies=("CQ",)), at_most_vnd=20 * TRIEU)
    tight = replace(tight, limits=(limit,))
    risk = robustness(tight, Random(2), asked, solve(tight)).risk
    assert risk is not None
    assert [row.rule_id for row in risk.rows] == ["cap:L", "ceiling:tinh:2012"]
    assert risk.broken.share == 1
    words = robustness(tight, Random(2), asked, solve(tight)).sentences
    assert any("Mức trần “Trần cơ quan” bị vượt trong 100 % số lượt" in line for line in words)
    assert any("Trần nguồn “Nguồn tinh” năm 2012" in line for line in words)


# ---------------------------------------------------------------------------------------------
# one answer, and the door


@pytest.mark.parametrize("way", list(DrawWay))
def test_the_same_seed_gives_the_same_answer_whatever_the_order(way: DrawWay) -> None:
    problem = generate_problem(Random(7), 7)
    asked, plan = settings(way=way, draws=3, gap_share=Fraction(1, 1000)), solve(problem)
    told = robustness_to_json(robustness(problem, Random(3), asked, plan))
    again = shuffled(problem, Random(1))
    assert robustness_to_json(robustness(again, Random(3), asked, plan)) == told

    def in_parts(question: DrawQuestion, draws: object) -> list:
        work = partial(outcomes_of, question)
        return [*work(draws[2:]), *work(draws[:2])]  # type: ignore[index]

    parts = robustness(problem, Random(3), asked, plan, work=in_parts)
    assert robustness_to_json(parts) == told
    if way is DrawWay.RELAXED:
        assert robustness_to_json(robustness(problem, Random(8), asked, plan)) != told


def test_what_makes_no_sense_is_refused_all_at_once() -> None:
    problem = a_problem(*a_contest())
    wrong = RobustnessSettings(
        ranges=DrawRanges(Fraction(2), Fraction(-1), (2031,)),
        draws=0,
        gap_share=Fraction(1),
        bounds=VerdictBounds(Fraction(1, 10), Fraction(9, 10)),
    )
    with pytest.raises(InvalidProblem) as caught:
        robustness(problem, Random(1), wrong)
    assert [item.path for item in caught.value.mistakes] == [
        "--draws", "--weights", "--costs", "--years", "--core-from", "--gap",
    ]  # fmt: skip
    plan = solve(problem)
    with pytest.raises(InvalidPlan):
        robustness(problem, Random(1), None, replace(plan, score_points=plan.score_points + 1))


def test_the_command_prints_one_object_that_its_schema_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = generate_problem(Random(5), 6)
    files = [str(tmp_path / name) for name in ("problem.json", "plan.json")]
    Path(files[0]).write_text(write_problem(problem), encoding="utf-8")
    Path(files[1]).write_text(write_plan(solve(problem)), encoding="utf-8")
    asked = ["robustness", files[0], "--plan", files[1], "--seed", "3", "--draws", "3", "--json"]
    for more in ([], ["--way", "relaxed", "--joint"], ["--weights", "0", "--years", "2012"]):
        assert main([*asked, *more]) == 0
        told = capsys.readouterr()
        data = read_json(told.out)["robustness"]
        assert schema_mistakes(data, "phanbo-robustness-1.schema.json") == ()
        assert "dự án nên bàn thêm" in told.err
    assert schema_mistakes({**data, "la": 1}, "phanbo-robustness-1.schema.json")
    assert main([*asked, "--weights", "0", "--costs", "0"]) == 2
    assert "Phải cho trọng số hoặc chi phí" in json.loads(capsys.readouterr().out)["mistakes"][0]["words"]
    with pytest.raises(SystemExit):
        main([*asked, "--weights", "nhiều"])


@pytest.mark.deep
def test_two_hundred_draws_at_a_provinces_largest_size() -> None:
    problem = generate_province(Random(1), 500)
    for ranges, seconds in (
        (DrawRanges(Fraction(1, 5)), 8.0),
        (DrawRanges(costs_share=Fraction(3, 20)), 16.0),
    ):
        began = process_time()
        answer = robustness(problem, Random(1), RobustnessSettings(ranges=ranges))
        spent = process_time() - began
        counts = [sum(1 for item in answer.candidates if item.verdict is verdict) for verdict in Robustness]
        print(f"\n200 draws, 500 candidates, {answer.samples[0].kind.value}: {spent:.2f} CPU-s, {counts}")
        assert answer.way is DrawWay.RELAXED
        assert all(count > 50 for count in counts)
        assert spent < seconds
