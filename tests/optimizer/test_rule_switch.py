"""What each rule costs: told as trying everything without the rule tells it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    GroupLink,
    GroupRule,
    InvalidPlan,
    Limit,
    LimitScope,
    Requires,
    SolveLimits,
    audit_levels,
    solve,
)
from optimizer.__main__ import main
from optimizer.answers.rule_switch import rule_prices
from optimizer.answers.rule_switch_answer import RulePrices, SwitchedRule, SwitchKind, SwitchOutcome
from optimizer.answers.rule_switch_exchange import RULE_PRICES_FILE
from optimizer.answers.switchable_rules import switchable_rules
from optimizer.exchange import write_plan, write_problem
from optimizer.generators.mixed import generate_problem
from optimizer.schema_check import read_json, schema_mistakes
from optimizer.solving.live import LiveAllocation
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.small_problems import random_problem, try_everything


def ruled_problem(**others: object) -> AllocationProblem:
    """110 triệu for A 60, B 50, C 50, D 10 triệu, which train 50, 40, 40, 30 people; a point a person.

    D is barred, B is committed, A and B exclude each other, and C costs more than the law gives its area.
    """
    facts: dict[str, object] = {
        "ceiling_vnd": 110 * MILLION,
        "outputs": (training_output(1000, weight=Fraction(1000), at_least=Fraction(35)),),
        "limits": (
            Limit(
                "L", "Trần lĩnh vực 2", LimitScope(areas=("2",)), "Nghị quyết 12", at_most_vnd=40 * MILLION
            ),
        ),
        "links": (GroupLink(GroupRule.AT_MOST_ONE, ("A", "B")), Requires("A", "B")),
        **others,
    }
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40)), state=CandidateState.COMMITTED),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40)), area="2"),
        a_candidate("D", a_level(10 * MILLION, yields=trained(30)), state=CandidateState.BARRED),
        **facts,  # type: ignore[arg-type]
    )


def by_id(prices: RulePrices) -> dict[str, SwitchedRule]:
    return {rule.rule_id: rule for rule in prices.rules}


def test_every_rule_is_priced_by_leaving_it_out() -> None:
    # With every rule B stands alone: 40. A needs B and excludes it, C is capped out, D is barred.
    problem = ruled_problem()
    plan = solve(problem)
    assert plan.score_points == 40
    prices = rule_prices(problem, plan, step_vnd=50 * MILLION)
    assert [(rule.rule_id, rule.gained_points) for rule in prices.rules][:3] == [
        ("group:at_most_one:A+B", 50), ("cap:L", 40), ("state:D", 30),
    ]  # fmt: skip
    told = by_id(prices)
    # Without the commitment nothing better fits: A needs B. Nor does more money help, nor fewer people.
    others = ("state:B", "requires:A:B", "minimum:hoc-vien", "ceiling:tinh:2012")
    assert {told[key].gained_points for key in others} == {0}
    assert len(told) == 7
    assert all(rule.outcome is SwitchOutcome.PROVEN for rule in prices.rules)
    assert told["ceiling:tinh:2012"].kind is SwitchKind.MORE


def test_the_sentences_name_the_rule_its_law_and_who_changes() -> None:
    problem = ruled_problem()
    told = by_id(rule_prices(problem, solve(problem), step_vnd=50 * MILLION))
    assert told["cap:L"].legal_reference == "Nghị quyết 12"
    assert told["cap:L"].sentences[0] == (
        "Bỏ trần “Trần lĩnh vực 2” (40.000.000 đồng, theo Nghị quyết 12): điểm tăng 40 điểm (đã chứng minh)."
    )
    assert told["cap:L"].sentences[-1] == "Có 1 dự án thay đổi: cấp thêm “Dự án C” (mức “day-du”)."
    assert told["state:D"].sentences[0] == (
        "Đưa “Dự án D”, đã bị loại, trở lại xem xét: điểm tăng 30 điểm (đã chứng minh)."
    )
    assert told["ceiling:tinh:2012"].sentences[0] == (
        "Thêm 50.000.000 đồng vào trần nguồn “Nguồn tinh” năm 2012 (110.000.000 đồng): "
        "điểm không đổi (đã chứng minh)."
    )


def test_the_shadow_price_is_a_hint_and_the_gain_is_solved_again() -> None:
    # Only money is short: A and B of A, B, C. In shares one triệu buys 40/50 of a person more.
    problem = ruled_problem(limits=(), links=())
    told = by_id(rule_prices(problem, solve(problem), step_vnd=49 * MILLION))["ceiling:tinh:2012"]
    assert told.hint_per_billion is not None
    assert float(told.hint_per_billion) == pytest.approx(800)
    assert told.relaxed_gain_points is not None
    assert float(told.relaxed_gain_points) == pytest.approx(49 * 0.8)
    # Whole projects: 49 triệu buy nothing, 50 triệu buy C.
    assert told.gained_points == 0
    told = by_id(rule_prices(problem, solve(problem), step_vnd=50 * MILLION))["ceiling:tinh:2012"]
    assert told.gained_points == 40


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 80), marks=pytest.mark.deep)], ids=str)
def test_gains_are_those_of_trying_everything(seeds: range) -> None:
    compared = gained = 0
    for seed in seeds:
        problem = random_problem(Random(seed))
        before = try_everything(problem)
        if before is None:
            continue
        plan = solve(problem)
        prices = by_id(rule_prices(problem, plan, SolveLimits(time_limit_seconds=30), step_vnd=3))
        for rule in switchable_rules(problem, 3):
            told = prices.pop(rule.rule_id)
            after = try_everything(rule.problem())
            assert after is not None
            if told.gained_points is None:
                # Nothing to ask: the relaxation without the rule is worth no more than the plan.
                assert told.gained_at_most_points == 0
                assert (after.score, after.shortfall_vnd) == (before.score, before.shortfall_vnd)
                continue
            assert told.outcome is SwitchOutcome.PROVEN
            assert told.gained_points == after.score - before.score
            assert told.shortfall_change_vnd == after.shortfall_vnd - before.shortfall_vnd
            assert audit_levels(rule.problem(), told.level_ids).is_kept
            assert told.keeps_rule == (
                told.gained_points > 0 and audit_levels(problem, told.level_ids).is_kept
            )
            compared += 1
            gained += told.gained_points > 0
        assert not prices
    assert compared > 2 * len(seeds)
    assert gained > len(seeds) // 2


def test_a_gain_that_needs_no_rule_to_go_is_told_as_such() -> None:
    # The plan given is not the best; what is found without the rule keeps it.
    problem = ruled_problem(limits=(), links=())
    best = solve(problem)
    worse_ids = {"B": "day-du"}
    report = audit_levels(problem, worse_ids)
    given = replace(
        best,
        level_ids=worse_ids,
        score_points=report.score_points,
        money_vnd=report.money_vnd,
        outputs=report.outputs,
        bound_points=None,
        gap_share=None,
        certificate=None,
        stages=(),
    )
    told = by_id(rule_prices(problem, given))["minimum:hoc-vien"]
    assert told.gained_points == best.score_points - given.score_points
    assert told.keeps_rule
    assert "vẫn giữ quy tắc này" in " ".join(told.sentences)


def test_out_of_time_a_rule_has_its_hint_and_nothing_else() -> None:
    problem = generate_problem(Random(2), 12)
    plan = solve(problem)
    asked: list[SwitchedRule] = []
    prices = rule_prices(problem, plan, SolveLimits(time_limit_seconds=0.0), on_rule=asked.append)
    assert len(asked) == len(prices.rules) > 10
    assert {rule.outcome for rule in prices.rules} == {SwitchOutcome.HINT}
    assert all(rule.gained_points is None for rule in prices.rules)
    gains = [rule.relaxed_gain_points or 0 for rule in prices.rules]
    assert gains == sorted(gains, reverse=True)
    assert any("chưa giải lại" in rule.sentences[0] for rule in prices.rules)
    base = LiveAllocation(replace(problem, reference_plan=dict(plan.level_ids))).relax().bound_points
    for rule in switchable_rules(problem, prices.step_vnd)[::7]:
        told = by_id(prices)[rule.rule_id]
        without = LiveAllocation(rule.problem()).relax().bound_points
        assert base is not None
        assert without is not None
        assert float(told.relaxed_gain_points or 0) == pytest.approx(without - base, abs=1e-6)


def test_a_forged_plan_is_refused() -> None:
    problem = ruled_problem()
    with pytest.raises(InvalidPlan):
        rule_prices(problem, replace(solve(problem), score_points=Fraction(99)))


def test_the_command_ranks_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = ruled_problem()
    files = [tmp_path / "problem.json", tmp_path / "plan.json"]
    files[0].write_text(write_problem(problem), encoding="utf-8")
    files[1].write_text(write_plan(solve(problem)), encoding="utf-8")
    asked = ["sweep", *map(str, files), "--rules", "--step-vnd", str(50 * MILLION), "--json"]
    assert main(asked) == 0
    printed, spoken = capsys.readouterr()
    told = json.loads(printed)["rule_prices"]
    assert schema_mistakes(read_json(json.dumps(told)), RULE_PRICES_FILE) == ()
    assert (told["rules"][0]["rule"], told["rules"][0]["gained"]) == ("group:at_most_one:A+B", 50)
    assert "theo Nghị quyết 12" in spoken
    # Without a plan one is found first.
    assert main(["sweep", str(files[0]), "--rules", "--step-vnd", str(50 * MILLION), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)["rule_prices"]
    assert [rule["gained"] for rule in again["rules"]] == [rule["gained"] for rule in told["rules"]]
    assert main(["sweep", str(files[0]), "--rules", "--step-vnd", "0", "--json"]) == 2
