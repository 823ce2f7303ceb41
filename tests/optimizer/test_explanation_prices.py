"""What money, results and rules are worth: every amount is re-derived by hand or by exact addition."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    FundingLevel,
    FundingSource,
    Nature,
    audit_levels,
    explain,
    explanation_from_json,
    explanation_to_json,
    solve,
)
from optimizer.__main__ import main
from optimizer.answers.explanation import AskedBeyond
from optimizer.answers.money_prices import money_prices, stepped_problem
from optimizer.answers.price_to_fund import (
    DeepQuestion,
    replacement_cost,
)
from optimizer.answers.question import open_question
from optimizer.answers.worth import OwnWorth, worth_hints
from optimizer.generators.mixed import generate_problem
from optimizer.proofs.certificate import PricedRows, lagrangian_bound
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.plans_in_question import SECONDS, moves_money, small_questions
from tests.optimizer.small_problems import (
    YEARS,
    random_problem,
)


def test_the_identity_of_hints_is_exact_and_agrees_with_the_relaxation() -> None:
    compared = 0
    for seed in range(2):
        problem = generate_problem(Random(seed), 20)
        question = open_question(problem, solve(problem))
        relaxed = question.search.relax()
        assert relaxed.row_duals is not None
        assert relaxed.reduced_costs is not None
        prices = question.search.multipliers(relaxed.row_duals)
        worth = question.rows.priced(prices).worth
        for key, hint in worth_hints(question.rows, prices, question.level_ids).items():
            parts = hint.value_points - hint.money_points - hint.rule_points
            assert parts == hint.margin_points == worth[key][hint.level_id]
            place = question.places[key]
            candidate = question.search.draft.problem.candidates[place]
            position = [level.id for level in candidate.levels].index(hint.level_id)
            row = question.search.choice_row(place)
            assert row is not None
            reduced = relaxed.reduced_costs[question.search.column((place, position))]
            assert abs(float(parts) - (reduced + relaxed.row_duals[row])) < 1e-9
            if key in question.level_ids and question.candidates[key].state is CandidateState.OPEN:
                assert hint.level_id == question.level_ids[key]
            if hint.bearable_cost_share is not None:
                # At this share of its cost the candidate's margin is exactly 0.
                cut = hint.value_points - hint.bearable_cost_share * hint.money_points - hint.rule_points
                assert cut == 0
            compared += 1
    assert compared > 30


def test_own_points_are_what_the_audit_says_with_and_without() -> None:
    for question in small_questions():
        problem, level_ids = question.problem, question.level_ids
        own = OwnWorth(problem, level_ids)
        for candidate in problem.candidates:
            others = {key: value for key, value in level_ids.items() if key != candidate.id}
            for level in candidate.levels:
                with_it = audit_levels(problem, {**others, candidate.id: level.id}).score_points
                assert own.points(candidate, level) == with_it - audit_levels(problem, others).score_points


def test_a_price_is_what_the_lagrangian_sum_grows_by() -> None:
    seen = set()
    for seed in range(12):
        problem, draw = random_problem(Random(seed)), Random(seed)
        prices = {row_id: Fraction(draw.randint(0, 9), 7) for row_id in PricedRows(problem).row_ids()}
        before = lagrangian_bound(problem, prices)
        for price in money_prices(problem, prices):
            stepped, made_vnd = stepped_problem(problem, price.row_id, 2)
            grown = lagrangian_bound(stepped, prices) - before
            assert grown == price.points_per_billion * made_vnd / 1_000_000_000
            seen.add((price.row_id.split(":")[0], moves_money(problem)))
    assert {("ceiling", False), ("ceiling", True), ("cap", False), ("floor", False)} <= seen


def test_a_year_later_may_be_where_the_money_is() -> None:
    # In 2012 there are 100 triệu, for B and C; in 2013 there are 60, for nobody: A could begin then.
    def costing(million: int) -> FundingLevel:
        return FundingLevel("day-du", {"tinh": {2012: million * MILLION}}, yields=trained(million - 10))

    problem = AllocationProblem(
        "thử",
        YEARS,
        (FundingSource("tinh", "Nguồn tỉnh", Nature.RECURRENT, {2012: 100 * MILLION, 2013: 60 * MILLION}),),
        (training_output(200),),
        (
            a_candidate("A", costing(60)),
            a_candidate("B", costing(50)),
            a_candidate("C", costing(50)),
        ),
    )
    plan = solve(problem)
    assert set(plan.level_ids) == {"B", "C"}
    answer = explain(
        problem, plan, candidate_ids=["A"], beyond=AskedBeyond(frozenset({DeepQuestion.YEAR}))
    ).answers[0]
    (later,) = answer.prices.shifts
    # 50 people of 200 more, 100 points for all.
    assert (later.years, later.gained_points, later.most_points) == (1, 25, 25)
    assert set(later.level_ids) == {"A", "B", "C"}
    assert "Nếu bắt đầu chậm 1 năm: cấp dự án làm điểm phương án tăng 25 điểm." in answer.sentences


def test_the_command_asks_deep_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan = str(tmp_path / "problem.json"), str(tmp_path / "plan.json")
    assert main(["generate", "--projects", "8", "--seed", "4", "--shape", "mixed", "--out", problem]) == 0
    assert main(["solve", problem, "--out", plan]) == 0
    capsys.readouterr()
    funded = sorted(json.loads(Path(plan).read_text(encoding="utf-8"))["levels"])
    asked = ["explain", problem, plan, "--candidate", funded[0], "--deep", "--confirm-prices", "--json"]
    assert main([*asked, "--time-limit", "10"]) == 0
    told = json.loads(capsys.readouterr().out)["explanation"]
    assert "replacement" in told["answers"][0]["prices"]
    assert all("confirmed_points" in price for price in told["prices"].values())
    assert explanation_to_json(explanation_from_json(told)) == told
    assert main(["explain", problem, plan, "--confirm-prices", "0", "--json"]) == 2


def test_replacement_is_dearer_than_the_candidate_or_impossible() -> None:
    # A trains 50 for 60 triệu. B and C train 40 each for 50 triệu, D as many for 30 triệu.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("D", a_level(30 * MILLION, yields=trained(40))),
        outputs=(training_output(200),),
    )
    question = open_question(problem, solve(problem))
    assert set(question.level_ids) == {"A", "D"}
    found = replacement_cost(question, question.candidates["A"], SECONDS)
    # Without A the same 90 people need D, B and C: 130 triệu of 100, instead of 90.
    assert found.extra is not None
    assert found.extra.total_vnd == 30 * MILLION
    assert found.others_vnd == 100 * MILLION
    explained = explain(
        problem, solve(problem), candidate_ids=["A"], beyond=AskedBeyond(frozenset(DeepQuestion))
    )
    assert "100.000.000 đồng" in " ".join(explained.answers[0].sentences)
    alone = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
    )
    asked = open_question(alone, solve(alone))
    none = replacement_cost(asked, asked.candidates["A"], SECONDS)
    assert not none.is_possible
    assert none.extra is None


def test_an_agency_is_told_cost_and_money_in_words() -> None:
    # A wants 60 triệu; B and C together bring 80 people for 100.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
    )
    told = explain(
        problem,
        solve(problem),
        candidate_ids=["A"],
        beyond=AskedBeyond(frozenset(DeepQuestion), price_step_vnd=10 * MILLION),
    )
    prices = told.answers[0].prices
    # With B beside it A may cost 50: together 90 people, more than 80.
    assert prices.cuts[0].largest_vnd == 50 * MILLION
    assert prices.cuts[0].below_vnd is not None
    assert prices.cuts[0].below_vnd > 50 * MILLION
    # Or A as it is beside B with 10 triệu more.
    assert prices.least_extra is not None
    assert prices.least_extra.total_vnd == 10 * MILLION
    words = " ".join(told.answers[0].sentences)
    assert "không quá 50.000.000 đồng (83,33 % dự toán" in words
    assert "cần thêm 10.000.000 đồng" in words
    step = told.prices[0].confirmed
    assert step is not None
    assert (step.step_vnd, step.gained_points, step.most_points) == (10 * MILLION, 10, 10)


def test_the_plain_list_says_where_the_plan_differs_and_why() -> None:
    # Alone A is best per đồng; B and C fill the money better.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
    )
    told = explain(problem, solve(problem))
    assert [(item.candidate_id, item.place) for item in told.ranking] == [("A", 1), ("B", 2), ("C", 3)]
    for item in told.ranking:
        assert item.level_id is not None
        assert item.points == audit_levels(problem, {item.candidate_id: item.level_id}).score_points
        assert item.points_per_billion == item.points * 1000 / (item.cost_vnd // MILLION)
    assert {item.candidate_id: item.list_level_id for item in told.ranking} == {
        "A": "day-du",
        "B": None,
        "C": None,
    }
    assert {item.candidate_id: item.differs for item in told.ranking} == {"A": True, "B": True, "C": True}
    by_id = {item.candidate_id: item.words for item in told.ranking}
    assert "giảm ít nhất" in by_id["A"]
    assert "còn thiếu 10.000.000 đồng" in by_id["B"]
    listed = {item.candidate_id: item.list_level_id for item in told.ranking if item.list_level_id}
    assert audit_levels(problem, listed).is_kept


def test_the_rows_of_a_hint_are_all_rows() -> None:
    # What a choice pays in all rows together is its worth in the certificate, whatever the prices.
    for seed in range(6):
        problem = random_problem(Random(seed))
        rows = PricedRows(problem)
        draw = Random(seed)
        prices = {row_id: Fraction(draw.randint(0, 9), 7) for row_id in rows.row_ids()}
        worth = rows.priced(prices).worth
        for key, hint in worth_hints(rows, prices, {}).items():
            assert hint.margin_points == max(
                value for choice, value in worth[key].items() if choice is not None
            )
