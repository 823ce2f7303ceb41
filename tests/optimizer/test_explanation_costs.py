"""Least money and largest cost: every amount is re-derived by trying all choices of small problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from optimizer import (
    AllocationProblem,
    CandidateState,
    FundingLevel,
    audit_levels,
)
from optimizer.answer_prices import BoundOrigin
from optimizer.answers.cost_cut import cost_cut, cut_level, with_cost
from optimizer.answers.least_money import capped_places, least_for, least_money, with_money
from optimizer.answers.question import Question
from optimizer.spending import level_cost_vnd, spent_vnd
from tests.optimizer.plans_in_question import SECONDS, best_score, moves_money, open_ids, small_questions
from tests.optimizer.small_problems import (
    YEARS,
    score_by_hand,
    shortfall_if_lawful,
)


def least_by_enumeration(question: Question, key: str) -> int | None:
    """Return the least sum of extra money with which the opposite decision loses nothing, by trying all."""
    problem = question.problem
    rich = replace(
        problem,
        sources=tuple(
            replace(source, ceiling_vnd=dict.fromkeys(YEARS, 10**12)) for source in problem.sources
        ),
    )
    best: int | None = None
    choices = [(None, *item.levels) for item in problem.candidates]
    for picked in product(*choices):
        chosen = {
            item.id: level
            for item, level in zip(problem.candidates, picked, strict=True)
            if level is not None
        }
        if (key in chosen) == (key in question.level_ids) or shortfall_if_lawful(rich, chosen) != 0:
            continue
        if score_by_hand(problem, list(chosen.values())) < question.score:
            continue
        spent = spent_vnd(chosen.values())
        ceilings = {
            (source.id, year): source.ceiling_vnd[year] for source in problem.sources for year in YEARS
        }
        missing = sum(max(0, spent.get(place, 0) - ceiling) for place, ceiling in ceilings.items())
        best = missing if best is None else min(best, missing)
    return best


def test_the_least_extra_money_is_what_enumeration_says() -> None:
    compared = irreplaceable = 0
    for question in small_questions():
        if moves_money(question.problem):
            continue
        for key in open_ids(question):
            truth = least_by_enumeration(question, key)
            found = least_money(question, key, capped_places(question.problem), SECONDS)
            if truth is None:
                assert found.money is None
                irreplaceable += 1
                continue
            assert found.money is not None
            assert found.money.total_vnd == truth
            assert found.money.at_least_vnd is not None
            assert found.money.at_least_vnd <= truth
            assert sum(sum(by_year.values()) for by_year in found.money.extra_vnd.values()) == truth
            extra = {
                (source, year): amount
                for source, by_year in found.money.extra_vnd.items()
                for year, amount in by_year.items()
            }
            report = audit_levels(with_money(question.problem, extra), found.money.level_ids)
            assert report.is_kept
            assert report.score_points >= question.score
            compared += 1
    assert compared > 25
    assert irreplaceable > 5


def test_money_that_may_be_moved_is_asked_for_once() -> None:
    # Two sources, the first may top up the second: what is missing may come from either, and is asked once.
    compared = 0
    for question in small_questions():
        problem = question.problem
        for key in open_ids(question) if moves_money(problem) else ():
            found = least_money(question, key, capped_places(problem), SECONDS)
            if found.money is None:
                continue
            extra = {
                (source, year): amount
                for source, by_year in found.money.extra_vnd.items()
                for year, amount in by_year.items()
            }
            report = audit_levels(with_money(problem, extra), found.money.level_ids)
            assert report.is_kept
            assert report.score_points >= question.score
            for place, amount in extra.items():
                less = {**extra, place: amount - 1}
                assert not audit_levels(with_money(problem, less), found.money.level_ids).is_kept
            assert least_for(problem, found.money.level_ids, extra) == extra
            compared += 1
    assert compared > 10


def test_the_largest_cost_that_is_funded_is_what_enumeration_says() -> None:
    compared = certified = 0
    for question in small_questions():
        for key in [item for item in open_ids(question) if item not in question.level_ids]:
            candidate = question.candidates[key]
            level = candidate.levels[-1]
            whole = level_cost_vnd(level)
            if not 0 < whole <= 60:
                continue
            cut = cost_cut(question, candidate, level, SECONDS)
            pinned = pinned_at(question.problem, key, level)
            funded = [
                level_cost_vnd(cut_level(level, nominal))
                for nominal in range(whole + 1)
                if (best := best_score(with_cost(pinned, key, cut_level(level, nominal)), {key: True}))
                is not None
                and best >= question.score
            ]
            if not funded:
                assert cut.largest_vnd is None
                continue
            assert cut.largest_vnd == max(funded)
            assert sum(sum(by_year.values()) for by_year in cut.cost_vnd.values()) == cut.largest_vnd
            report = audit_levels(
                with_cost(pinned, key, replace(level, cost_vnd=cut.cost_vnd)), cut.level_ids
            )
            assert report.is_kept
            assert report.score_points >= question.score
            if cut.below_vnd is not None:
                assert cut.below_vnd > max(funded)
                certified += cut.below_origin is BoundOrigin.CERTIFICATE
            compared += 1
    assert compared > 20
    assert certified > 10


def pinned_at(problem: AllocationProblem, key: str, level: FundingLevel) -> AllocationProblem:
    """Return the problem in which a candidate has one level decided by hand."""
    return replace(
        problem,
        candidates=tuple(
            replace(item, state=CandidateState.PINNED, pinned_level_id=level.id) if item.id == key else item
            for item in problem.candidates
        ),
    )
