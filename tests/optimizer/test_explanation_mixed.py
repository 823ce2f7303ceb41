"""Answers on random problems that mix every kind and rule, against all choices of levels at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    NoFeasiblePlan,
    Verdict,
    audit_levels,
    explain,
    explanation_to_json,
    solve,
)
from optimizer.answers.least_money import capped_places, least_money, with_money
from optimizer.answers.money_prices import confirm_price, money_prices, stepped_problem
from optimizer.answers.price_to_fund import DeepQuestion, candidate_prices, level_loss, started
from optimizer.answers.question import Question, open_question
from optimizer.verify_explanation import verify_explanation
from tests.optimizer.enumeration import Enumeration, Numbers
from tests.optimizer.mixed_problems import mixed_problem

SECONDS = 5.0
TOLD_SLACK = Fraction(1, 10**6)
"""An engine's bound is told in floating point."""

default_and_deep = pytest.mark.parametrize(
    "numbers", [range(16), pytest.param(range(16, 300), marks=pytest.mark.deep)], ids=["few", "many"]
)


@dataclass(frozen=True)
class AllChoices:
    """Every choice of levels of a problem, with its points."""

    every: Enumeration
    points: Numbers
    unit: int
    is_lawful: Numbers

    def best(self, mask: Numbers | None = None) -> Fraction | None:
        """Return the best score among lawful choices; None = there is none."""
        allowed = self.is_lawful if mask is None else self.is_lawful & mask
        return Fraction(int(self.points[allowed].max()), self.unit) if allowed.any() else None


def all_choices(problem: AllocationProblem, shortfall_vnd: int) -> AllChoices:
    every = Enumeration(problem)
    points, unit = every.points()
    return AllChoices(every, points, unit, every.lawful() & (every.shortfall_vnd() <= shortfall_vnd))


def questions(numbers: range) -> list[Question]:
    """Return the plans of mixed problems, soft limits as they are."""
    found = []
    for number in numbers:
        problem = mixed_problem(Random(number))
        try:
            found.append(open_question(problem, solve(problem)))
        except NoFeasiblePlan:
            continue
    return found


def funded(choices: AllChoices, key: str, *, is_funded: bool) -> Numbers:
    mask: Numbers = choices.every.funded(key)
    return mask if is_funded else ~mask


@default_and_deep
def test_no_verdict_claims_more_than_is_true(numbers: range) -> None:
    seen: Counter[Verdict] = Counter()
    for number, question in enumerate(questions(numbers)):
        choices = all_choices(question.problem, question.report.shortfall_vnd)
        # With time, without time, and with hardly any: what is told must hold in each case.
        told = explain(question.problem, question.plan, time_limit_seconds=(20.0, 0.0, 0.02)[number % 3])
        report = audit_levels(question.problem, question.level_ids)
        data = explanation_to_json(told)
        assert not verify_explanation(question.problem, question.plan, report, data).broken
        for answer in told.answers:
            opposite = funded(choices, answer.candidate_id, is_funded=answer.level_id is None)
            best = choices.best(opposite)
            seen[answer.verdict] += 1
            if answer.loss_points is not None:
                assert best is not None
                assert question.score - best <= answer.loss_points
            if answer.verdict is Verdict.BY_RULE:
                assert best is None
            elif best is not None and answer.verdict is Verdict.EVIDENCE:
                assert answer.loss_at_least_points is not None
                assert 0 < answer.loss_at_least_points <= question.score - best
            elif best is not None and answer.error_points is not None:
                assert best <= question.score + answer.error_points + TOLD_SLACK
    assert min(seen[verdict] for verdict in Verdict) > 5


@default_and_deep
def test_prices_levels_and_years_are_what_all_choices_say(numbers: range) -> None:
    compared: Counter[str] = Counter()
    for question in questions(numbers):
        for key in open_ids(question)[:1]:
            check_levels(question, key, compared)
            check_years(question, key, compared)
        for price in money_prices(question.problem, question.prices)[:2]:
            confirmed = confirm_price(question, price, 1000, SECONDS).confirmed
            stepped, _ = stepped_problem(question.problem, price.row_id, 1000)
            best = all_choices(stepped, question.report.shortfall_vnd).best()
            assert confirmed is not None
            assert best is not None
            assert confirmed.gained_points == best - question.score
            assert confirmed.most_points is not None
            assert confirmed.gained_points <= confirmed.most_points + TOLD_SLACK
            compared["price"] += 1
    assert compared["level"] > 3
    assert compared["price"] > 3


def open_ids(question: Question) -> list[str]:
    return [key for key, item in question.candidates.items() if item.state is CandidateState.OPEN]


def check_levels(question: Question, key: str, compared: Counter[str]) -> None:
    candidate = question.candidates[key]
    choices = all_choices(question.problem, question.report.shortfall_vnd)
    for position, level in enumerate(candidate.levels):
        at_level = choices.every.funded(key, position)
        if position + 1 < len(candidate.levels):
            at_level = at_level & ~choices.every.funded(key, position + 1)
        best = choices.best(at_level)
        found = level_loss(question, candidate, level, SECONDS)
        if best is None:
            assert found.loss_points is None
            continue
        assert found.loss_points == question.score - best
        assert found.loss_at_least_points is not None
        assert found.loss_at_least_points <= found.loss_points + TOLD_SLACK
        compared["level"] += 1


def check_years(question: Question, key: str, compared: Counter[str]) -> None:
    for shift in candidate_prices(question, question.candidates[key], {DeepQuestion.YEAR}, SECONDS).shifts:
        moved = started(question.problem, question.candidates[key], shift.years)
        assert moved is not None
        best = all_choices(moved, question.report.shortfall_vnd).best()
        if best is None:
            assert shift.gained_points is None
            continue
        assert shift.gained_points == best - question.score
        assert shift.most_points is not None
        assert shift.gained_points <= shift.most_points + TOLD_SLACK
        compared["year"] += 1


@default_and_deep
def test_the_least_money_is_what_all_choices_need(numbers: range) -> None:
    compared = 0
    for question in questions(numbers):
        problem = question.problem
        places = capped_places(problem)
        for key in open_ids(question)[:1]:
            found = least_money(question, key, places, SECONDS)
            if found.money is not None:
                extra = {
                    (source, year): amount
                    for source, by_year in found.money.extra_vnd.items()
                    for year, amount in by_year.items()
                }
                report = audit_levels(with_money(problem, extra), found.money.level_ids)
                assert report.is_kept
                assert report.score_points >= question.score
            if any(source.transfers_to_ids for source in problem.sources):
                continue
            truth = least_needed(question, key)
            assert (found.money is None) == (truth is None)
            if found.money is not None and truth is not None:
                assert found.money.total_vnd == truth
                assert (found.money.at_least_vnd or 0) <= truth
                compared += 1
    assert compared > 0


def least_needed(question: Question, key: str) -> int | None:
    """Return the least sum missing under the ceilings among all choices that lose nothing."""
    problem = question.problem
    places = capped_places(problem)
    rich = with_money(problem, dict.fromkeys(places, 10**15))
    choices = all_choices(rich, question.report.shortfall_vnd)
    missing = np.zeros(choices.every.size, dtype=np.int64)
    for source, year in places:
        ceiling = next(item.ceiling_vnd[year] for item in problem.sources if item.id == source)
        missing += np.maximum(0, spent_by(choices.every, source, year) - ceiling)
    reaching = choices.points >= question.score * choices.unit
    asked = choices.is_lawful & reaching & funded(choices, key, is_funded=key not in question.level_ids)
    return int(missing[asked].min()) if asked.any() else None


def spent_by(every: Enumeration, source: str, year: int) -> Numbers:
    """Return what every choice spends from a source in a year."""
    total = np.zeros(every.size, dtype=np.int64)
    for item in every.problem.candidates:
        amounts = [level.cost_vnd.get(source, {}).get(year, 0) for level in item.levels]
        before = 0
        for position, amount in enumerate(amounts):
            total += (amount - before) * every.funded(item.id, position).astype(np.int64)
            before = amount
    return total
