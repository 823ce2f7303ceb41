"""How often a plan that is kept breaks a ceiling when costs overrun: added up in đồng, draw by draw.

No solver and no assumption beyond the draws: for every ceiling (of a source, of a group of sources that may
top each other up, of a hard limit) the money of the plan's levels is added up after the overruns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from optimizer.answers.robustness_facts import PlanRisk, RowRisk, SeenShare
from optimizer.answers.wilson import wilson_interval
from optimizer.draws import Draw, overrun_vnd
from optimizer.problem import AllocationProblem, FundingLevel
from optimizer.spending import cost_items, group_ceiling_vnd, is_in_scope, scope_source_ids, source_groups

RESERVE_PERCENT = 95
Amount = tuple[str, int, int]
"""Candidate id, fiscal year, đồng."""


def seen_share(seen: Fraction | int, of: int) -> SeenShare:
    """Return a share seen in draws with its interval."""
    low, high = wilson_interval(seen, of)
    return SeenShare(Fraction(seen), of, low, high)


def ceiling_risk(problem: AllocationProblem, level_ids: Mapping[str, str], draws: Sequence[Draw]) -> PlanRisk:
    """Return how often the ceilings break when a plan is kept.

    Args:
        problem: the question.
        level_ids: a plan that keeps its rules, level id by candidate id.
        draws: draws of overruns, at least one.
    """
    levels = {
        item.id: level
        for item in problem.candidates
        for level in item.levels
        if level.id == level_ids.get(item.id)
    }
    over = {
        rule_id: [_spent_vnd(amounts, draw) - ceiling_vnd for draw in draws]
        for rule_id, ceiling_vnd, amounts in _ceilings(problem, levels)
    }
    broken = sum(1 for place in range(len(draws)) if any(row[place] > 0 for row in over.values()))
    rows = tuple(_row_risk(rule_id, row) for rule_id, row in sorted(over.items()) if max(row) > 0)
    return PlanRisk(seen_share(broken, len(draws)), rows)


def _row_risk(rule_id: str, over_vnd: Sequence[int]) -> RowRisk:
    in_order = sorted(over_vnd)
    enough = -(-RESERVE_PERCENT * len(in_order) // 100)
    broken = seen_share(sum(1 for amount in in_order if amount > 0), len(in_order))
    return RowRisk(rule_id, broken, max(0, in_order[-1]), max(0, in_order[enough - 1]))


def _spent_vnd(amounts: Sequence[Amount], draw: Draw) -> int:
    return sum(
        overrun_vnd(amount_vnd, draw.overruns_ppm.get(key, 0))
        if not draw.years or year in draw.years
        else amount_vnd
        for key, year, amount_vnd in amounts
    )


def _ceilings(
    problem: AllocationProblem, levels: Mapping[str, FundingLevel]
) -> Iterator[tuple[str, int, list[Amount]]]:
    """Yield (rule id, ceiling in đồng, amounts under it) for every ceiling under which the plan spends."""
    items = [
        (key, place, amount_vnd) for key, level in levels.items() for place, amount_vnd in cost_items(level)
    ]
    for group in source_groups(problem.sources):
        for year in sorted(problem.years):
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            amounts = [
                (key, year, vnd) for key, place, vnd in items if place[0] in group and place[1] == year
            ]
            if ceiling_vnd is not None and amounts:
                yield f"ceiling:{'+'.join(group)}:{year}", ceiling_vnd, amounts
    marks = {item.id: item for item in problem.candidates}
    for limit in problem.limits:
        if limit.is_hard and limit.at_most_vnd is not None:
            sources, years = scope_source_ids(problem.sources, limit.scope), limit.scope.years
            amounts = [
                (key, year, vnd)
                for key, (source_id, year), vnd in items
                if source_id in sources
                and (not years or year in years)
                and is_in_scope(limit.scope, marks[key])
            ]
            if amounts:
                yield f"cap:{limit.id}", limit.at_most_vnd, amounts
