"""Small random problems with so many rules that often nothing fits, and what it costs at least to mend them.

The oracle is written from the published prices (optimizer.repair_price), apart from the search: it tries
every choice of levels and adds up what each would need.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Output,
    OutputKind,
    Requires,
)
from tests.optimizer.small_problems import YEARS, counts_by_hand, random_problem, shortfall_if_lawful

Chosen = dict[str, FundingLevel]
Prices = tuple[Fraction, Fraction, Fraction]
MOVED = Fraction(1, 20)


def cramped_problem(draw: Random) -> AllocationProblem:
    """Return a random problem with hard minimums, commitments, pins, bars, links and floors added."""
    problem = random_problem(draw)
    candidates = tuple(_decided(draw, item) for item in problem.candidates)
    limits = [
        replace(limit, is_hard=draw.random() < 0.8, legal_reference="NQ 01" if draw.random() < 0.4 else "")
        for limit in problem.limits
    ]
    for area in "12":
        if draw.random() < 0.4:
            floor = draw.randint(3, 15) if draw.random() < 0.7 else None
            limits.append(
                Limit(
                    f"A{area}", f"Lĩnh vực {area}", LimitScope(areas=(area,)), "", floor, draw.randint(16, 20)
                )
            )
    sources = tuple(
        replace(
            source,
            ceiling_vnd={
                year: amount if draw.random() < 0.3 else amount // 1000 + draw.randint(1, 6)
                for year, amount in source.ceiling_vnd.items()
            },
        )
        for source in problem.sources
    )
    return replace(
        problem,
        outputs=tuple(_with_minimum(draw, item) for item in problem.outputs),
        candidates=candidates,
        limits=tuple(limits),
        links=(*problem.links, *(_link(draw, candidates) for _ in range(draw.randint(0, 2)))),
        sources=sources,
    )


def _with_minimum(draw: Random, output: Output) -> Output:
    chance = draw.random()
    if output.kind is OutputKind.QUANTITY and chance < 0.4:
        return replace(output, at_least=(output.baseline or Fraction(0)) + draw.randint(3, 14))
    if output.kind is OutputKind.COVERAGE and chance < 0.3:
        return replace(output, at_least=Fraction(draw.randint(1, 4)))
    if output.kind in (OutputKind.MILESTONE, OutputKind.DELIVERABLE) and chance < 0.2:
        return replace(output, at_least=Fraction(1))
    return output


def _decided(draw: Random, item: Candidate) -> Candidate:
    chance, level_id = draw.random(), draw.choice(item.levels).id
    if item.state is not CandidateState.OPEN or chance >= 0.5:
        return item
    is_any = draw.random() < 0.35
    if chance < 0.25:
        return replace(item, state=CandidateState.COMMITTED, min_level_id=None if is_any else level_id)
    if chance < 0.4:
        return replace(item, state=CandidateState.PINNED, pinned_level_id=None if is_any else level_id)
    return replace(item, state=CandidateState.BARRED)


def _link(draw: Random, candidates: tuple[Candidate, ...]) -> Requires | GroupLink:
    if draw.random() < 0.5:
        one, other = draw.sample(candidates, 2)
        return Requires(one.id, other.id, draw.choice((None, other.levels[-1].id)))
    group = tuple(item.id for item in draw.sample(candidates, draw.randint(2, 3)))
    rule = draw.choice(tuple(GroupRule))
    return GroupLink(rule, group, draw.randint(1, 2) if rule is GroupRule.AT_LEAST else 1)


def has_plan(problem: AllocationProblem) -> bool:
    """Tell whether some choice of levels keeps every hard rule, by trying all."""
    options = [(None, *item.levels) for item in problem.candidates]
    ids = [item.id for item in problem.candidates]
    return any(
        shortfall_if_lawful(problem, {key: level for key, level in zip(ids, picked, strict=True) if level})
        is not None
        for picked in product(*options)
    )


def least_price(problem: AllocationProblem) -> Prices:
    """Return the least price of making a plan possible (decided, legal, ordinary rules), by trying all."""
    options = [(None, *item.levels) for item in problem.candidates]
    prices = []
    for picked in product(*options):
        chosen = {
            item.id: level
            for item, level in zip(problem.candidates, picked, strict=True)
            if level is not None
        }
        price = price_of_choice(problem, chosen)
        if price is not None:
            prices.append(price)
    return min(prices)


def price_of_choice(problem: AllocationProblem, chosen: Chosen) -> Prices | None:
    """Return what a choice would need, priced; None if it funds a barred candidate."""
    if any(item.state is CandidateState.BARRED and item.id in chosen for item in problem.candidates):
        return None
    decided = sum((_state_price(item, chosen) for item in problem.candidates), Fraction(0))
    legal = ordinary = Fraction(0)
    for limit in problem.limits:
        price = _limit_price(problem, limit, chosen) if limit.is_hard else Fraction(0)
        legal += price if limit.legal_reference else 0
        ordinary += 0 if limit.legal_reference else price
    ordinary += sum((_ceiling_price(problem, chosen, year) for year in YEARS), Fraction(0))
    for output in problem.outputs:
        missing = (output.at_least or 0) - counts_by_hand(output, list(chosen.values()))
        if output.at_least is not None and missing > 0:
            ordinary += MOVED + 2 * missing / output.at_least
    return decided, legal, ordinary + _link_price(problem, chosen)


def _state_price(item: Candidate, chosen: Chosen) -> Fraction:
    if item.state not in (CandidateState.COMMITTED, CandidateState.PINNED):
        return Fraction(0)
    is_pin = item.state is CandidateState.PINNED
    if item.id not in chosen:
        return Fraction(4 if is_pin else 8)
    order = [level.id for level in item.levels]
    agreed = item.pinned_level_id if is_pin else item.min_level_id
    if agreed is None:
        return Fraction(0)
    below = order.index(agreed) - order.index(chosen[item.id].id)
    return Fraction(abs(below)) if is_pin else Fraction(2 * max(0, below))


def _spent(chosen: Chosen, source_id: str, year: int) -> int:
    return sum(level.cost_vnd.get(source_id, {}).get(year, 0) for level in chosen.values())


def _side(problem: AllocationProblem, amount: int) -> int:
    ceilings = [value for source in problem.sources for value in source.ceiling_vnd.values()]
    return amount or min(value for value in ceilings if value > 0)


def _ceiling_price(problem: AllocationProblem, chosen: Chosen, year: int) -> Fraction:
    """What "b" lacks may come from "a" where the file allows it; then either of the two may be raised."""
    a, b = problem.sources
    over_a = max(0, _spent(chosen, "a", year) - a.ceiling_vnd[year])
    over_b = max(0, _spent(chosen, "b", year) - b.ceiling_vnd[year])
    ways = [(over_a, over_b)]
    if a.transfers_to_ids:
        spent = _spent(chosen, "a", year) + _spent(chosen, "b", year)
        together = max(over_a, spent - a.ceiling_vnd[year] - b.ceiling_vnd[year])
        ways = [(over_a, together - over_a), (together, 0)]
    return min(
        sum(
            (
                MOVED + Fraction(raised, _side(problem, source.ceiling_vnd[year])) if raised else Fraction(0)
                for raised, source in zip(way, (a, b), strict=True)
            ),
            Fraction(0),
        )
        for way in ways
    )


def _limit_price(problem: AllocationProblem, limit: Limit, chosen: Chosen) -> Fraction:
    scope = limit.scope
    sources = [
        source.id
        for source in problem.sources
        if (not scope.source_ids or source.id in scope.source_ids)
        and (not scope.natures or source.nature in scope.natures)
    ]
    inside = [
        item
        for item in problem.candidates
        if (not scope.agencies or item.agency in scope.agencies)
        and (not scope.areas or item.area in scope.areas)
        and (not scope.places or item.place in scope.places)
    ]
    years = scope.years or YEARS

    def cost(level: FundingLevel) -> int:
        return sum(level.cost_vnd.get(source, {}).get(year, 0) for source in sources for year in years)

    used = sum(cost(chosen[item.id]) for item in inside if item.id in chosen)
    available = sum(cost(item.levels[0]) for item in inside if item.state is not CandidateState.BARRED)
    floor, price = min(limit.at_least_vnd or 0, available), Fraction(0)
    if used < floor:
        price += MOVED + Fraction(floor - used, floor)
    if limit.at_most_vnd is not None and used > limit.at_most_vnd:
        price += MOVED + Fraction(used - limit.at_most_vnd, _side(problem, limit.at_most_vnd))
    return price


def _link_price(problem: AllocationProblem, chosen: Chosen) -> Fraction:
    orders = {item.id: [level.id for level in item.levels] for item in problem.candidates}
    groups = [link for link in problem.links if isinstance(link, GroupLink)]
    prices: dict[object, Fraction] = {}
    for link in problem.links:
        if isinstance(link, Requires):
            needed, order = chosen.get(link.needs_id), orders[link.needs_id]
            least = order.index(link.min_level_id) if link.min_level_id else 0
            if link.candidate_id in chosen and (needed is None or order.index(needed.id) < least):
                prices[link.candidate_id, link.needs_id] = Fraction(10)
            continue
        key = (link.rule, tuple(sorted(link.candidate_ids)))
        count = sum(1 for item in link.candidate_ids if item in chosen)
        if link.rule is GroupRule.AT_LEAST and count < link.count:
            same = [one for one in groups if one.rule is link.rule and sorted(one.candidate_ids) == [*key[1]]]
            price = Fraction(10 * (link.count - count), max(one.count for one in same))
            prices[key] = max(prices.get(key, Fraction(0)), price)
        elif link.rule is not GroupRule.AT_LEAST and (
            count > 1 or (link.rule is GroupRule.EXACTLY_ONE and count < 1)
        ):
            prices[key] = Fraction(10)
    return sum(prices.values(), Fraction(0))
