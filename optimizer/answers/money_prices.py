"""The price of money: what one more đồng on a ceiling or a limit is worth, as a hint and confirmed by a step.

    price of a source in a year = sum of the prices of the ceilings its money counts in
    cap: price of raising it; floor: price of lowering it

Units: points per 1.000.000.000 đồng. The relaxation gains at most price x step; a plan in whole levels may
gain more or nothing, so a price is confirmed by solving the problem again with the step made: the best
audited plan says what is gained, and a bound says that no plan gains more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from time import perf_counter

from optimizer.answer_prices import BoundOrigin, ConfirmedPrice, RulePrice
from optimizer.answers.best_with import Effort, best_with, hold_shortfall
from optimizer.answers.question import BILLION_VND, Question, loaded_search
from optimizer.problem import AllocationProblem, Limit
from optimizer.proofs.bound_rows import row_name
from optimizer.proofs.certificate import PricedRows
from optimizer.spending import effective_floor_vnd, source_groups

LEAST_SECONDS = 0.05


def money_prices(problem: AllocationProblem, multipliers: Mapping[str, Fraction]) -> tuple[RulePrice, ...]:
    """Return the price of every source and year, cap and floor that has one, by row id.

    Args:
        problem: the question.
        multipliers: prices of the relaxation, points per đồng for rows of money.
    """
    prices: dict[str, Fraction] = {}
    for group in source_groups(problem.sources):
        feeding = [
            source
            for source in problem.sources
            if source.id in group or set(source.transfers_to_ids) & set(group)
        ]
        for year in problem.years:
            price = multipliers.get(row_name("ceiling", group, year), Fraction(0))
            for source in feeding if price else ():
                if year in source.ceiling_vnd:
                    key = row_name("ceiling", source.id, year)
                    prices[key] = prices.get(key, Fraction(0)) + price
    for limit in problem.limits:
        for family in ("cap", "floor"):
            key = row_name(family, limit.id)
            if multipliers.get(key):
                prices[key] = multipliers[key]
    return tuple(RulePrice(key, price * BILLION_VND) for key, price in sorted(prices.items()))


def confirmed_prices(
    question: Question, prices: Sequence[RulePrice], step_vnd: int, seconds: float
) -> tuple[RulePrice, ...]:
    """Return the prices with what a step brings; each gets an even share of the time that is left.

    Args:
        question: the plan under question.
        prices: prices of the relaxation.
        step_vnd: đồng of the step.
        seconds: wall clock of all re-solves; what finds no time stays a hint.
    """
    ends = perf_counter() + seconds
    told = []
    for number, price in enumerate(prices):
        share = (ends - perf_counter()) / (len(prices) - number)
        told.append(confirm_price(question, price, step_vnd, share) if share >= LEAST_SECONDS else price)
    return tuple(told)


def confirm_price(question: Question, price: RulePrice, step_vnd: int, seconds: float) -> RulePrice:
    """Return a price with what a step really brings.

    Args:
        question: the plan under question.
        price: one of its prices.
        step_vnd: đồng by which the ceiling is raised, or the floor lowered (at most to 0).
        seconds: wall clock of the re-solve.
    """
    stepped, made_vnd = stepped_problem(question.problem, price.row_id, step_vnd)
    if made_vnd == 0:
        return price
    shortfall_vnd = question.report.shortfall_vnd
    search = loaded_search(stepped, question.engine, question.limits, question.level_ids)
    hold_shortfall(search, shortfall_vnd)
    relaxed = search.relax()
    found = best_with(search, Effort(question.settings, seconds, shortfall_vnd, search.start()))
    level_ids, score = found.level_ids, found.score_points
    if score is None or score < question.score:
        # With more room the plan itself still keeps every rule.
        level_ids, score = question.level_ids, question.score
    bounds = []
    if relaxed.row_duals is not None:
        rows = PricedRows(stepped, shortfall_vnd)
        prices = search.multipliers(relaxed.row_duals)
        known = {key: value for key, value in prices.items() if key in rows.book.rows}
        bounds.append((rows.priced(known).bound(), BoundOrigin.CERTIFICATE))
    if found.bound is not None:
        bounds.append((found.bound, BoundOrigin.ENGINE))
    bound, origin = min(bounds, key=lambda item: item[0], default=(None, BoundOrigin.ENGINE))
    most = None if bound is None else max(bound, score) - question.score
    confirmed = ConfirmedPrice(made_vnd, score - question.score, most, origin, dict(level_ids))
    return replace(price, confirmed=confirmed)


def stepped_problem(problem: AllocationProblem, row_id: str, step_vnd: int) -> tuple[AllocationProblem, int]:
    """Return the problem with more room in one row of money, and the đồng by which it grew.

    Raises:
        KeyError: the problem has no such row.
    """
    for source in problem.sources:
        for year in source.ceiling_vnd:
            if row_name("ceiling", source.id, year) == row_id:
                raised = {**source.ceiling_vnd, year: source.ceiling_vnd[year] + step_vnd}
                sources = tuple(
                    replace(item, ceiling_vnd=raised) if item.id == source.id else item
                    for item in problem.sources
                )
                return replace(problem, sources=sources), step_vnd
    for limit in problem.limits:
        for family in ("cap", "floor"):
            if row_name(family, limit.id) == row_id:
                return _stepped_limit(problem, limit, family, step_vnd)
    raise KeyError(row_id)


def _stepped_limit(
    problem: AllocationProblem, limit: Limit, family: str, step_vnd: int
) -> tuple[AllocationProblem, int]:
    """Raise a cap, or lower a floor from what it may really demand."""
    made_vnd = step_vnd
    if family == "cap":
        moved = replace(limit, at_most_vnd=(limit.at_most_vnd or 0) + step_vnd)
    else:
        floor_vnd = effective_floor_vnd(problem, limit)
        made_vnd = min(step_vnd, floor_vnd)
        moved = replace(limit, at_least_vnd=floor_vnd - made_vnd)
    limits = tuple(moved if item.id == limit.id else item for item in problem.limits)
    return replace(problem, limits=limits), made_vnd
