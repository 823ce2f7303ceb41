"""Rows of the rules of money and of the links between candidates. Standard library only.

    ceiling    money of a group of sources in a year              <= its ceiling                  [đồng]
    cap        money inside a limit  (- slack)                    <= at most                      [đồng]
    floor      - money inside a limit  (- slack)                  <= - effective floor            [đồng]
    soft       sum of the slacks of limits that are not hard      <= shortfall of the plan        [đồng]
    requires   p funded - q funded high enough                    <= 0                            [candidates]
    most       funded of a group                                  <= 1                            [candidates]
    least      - funded of a group                                <= - how many at least          [candidates]

Every level is looked at once for all ceilings and once for every limit that speaks of its candidate.
"""

from __future__ import annotations

from fractions import Fraction

from optimizer.problem import AllocationProblem, GroupLink, GroupRule, Limit, Requires
from optimizer.proofs.bound_rows import Row, RowBook, group_row, requires_row, row_name
from optimizer.spending import (
    MoneyPlace,
    ScopeIndex,
    cost_items,
    cost_within_vnd,
    effective_floor_vnd,
    group_ceiling_vnd,
    scope_source_ids,
    source_groups,
)


def add_ceiling_rows(book: RowBook, problem: AllocationProblem) -> None:
    """Add one row per group of sources and year in which some level spends."""
    speaking = _rows_by_place(book, problem)
    for number, level in enumerate(book.levels):
        for place, amount_vnd in cost_items(level):
            for row in speaking.get(place, ()):
                row.choices[number] = row.choices.get(number, 0) + amount_vnd


def _rows_by_place(book: RowBook, problem: AllocationProblem) -> dict[MoneyPlace, list[Row]]:
    """Add the ceilings without amounts; return by source and year the ceilings that speak of it."""
    speaking: dict[MoneyPlace, list[Row]] = {}
    years = sorted({year for level in book.levels for (_, year), _ in cost_items(level)})
    for group in source_groups(problem.sources):
        for year in years:
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            if ceiling_vnd is None:
                continue
            row = book.rows[row_name("ceiling", group, year)] = Row(Fraction(ceiling_vnd))
            for source_id in group:
                speaking.setdefault((source_id, year), []).append(row)
    return speaking


def add_limit_rows(book: RowBook, problem: AllocationProblem, shortfall_vnd: int) -> None:
    """Add the floors and ceilings of every limit; those that are not hard get a slack.

    Args:
        book: where the rows go.
        problem: the question.
        shortfall_vnd: what all slacks together may be, in đồng.
    """
    index = ScopeIndex(problem.candidates)
    soft = Row(Fraction(shortfall_vnd))
    for limit in problem.limits:
        costs = _costs_within(book, problem, limit, index)
        sides = []
        if limit.at_most_vnd is not None:
            sides.append((row_name("cap", limit.id), Row(Fraction(limit.at_most_vnd), costs)))
        if limit.at_least_vnd is not None:
            floor_vnd = effective_floor_vnd(problem, limit, index)
            less = {number: -amount_vnd for number, amount_vnd in costs.items()}
            sides.append((row_name("floor", limit.id), Row(Fraction(-floor_vnd), less)))
        for row_id, row in sides:
            book.rows[row_id] = row
            if not limit.is_hard:
                book.add_count(f"slack:{row_id}", Fraction(shortfall_vnd))
                row.counts[f"slack:{row_id}"] = -1
                soft.counts[f"slack:{row_id}"] = 1
    if soft.counts:
        book.rows["soft"] = soft


def _costs_within(
    book: RowBook, problem: AllocationProblem, limit: Limit, index: ScopeIndex
) -> dict[int, int]:
    """Return the đồng every choice spends inside a limit, zero amounts left out."""
    source_ids = scope_source_ids(problem.sources, limit.scope)
    costs = {}
    for candidate in index.within(limit.scope):
        for number in book.numbers[candidate.id].values():
            amount_vnd = cost_within_vnd(source_ids, limit.scope.years, book.levels[number])
            if amount_vnd:
                costs[number] = amount_vnd
    return costs


def add_link_rows(book: RowBook, problem: AllocationProblem) -> None:
    """Add one row per requirement and one or two per group."""
    orders = {item.id: [level.id for level in item.levels] for item in problem.candidates}
    for link in problem.links:
        if isinstance(link, Requires):
            _add_requirement(book, link, orders[link.needs_id])
        else:
            _add_group(book, link)


def _add_requirement(book: RowBook, link: Requires, order: list[str]) -> None:
    """Funded p counts 1; q funded at the level asked for, or above, counts -1."""
    least = 0 if link.min_level_id is None else order.index(link.min_level_id)
    needed = book.numbers[link.needs_id]
    row = book.rows[requires_row(link)] = Row(Fraction(0))
    row.choices.update(dict.fromkeys(book.numbers[link.candidate_id].values(), 1))
    row.choices.update({needed[level_id]: -1 for level_id in order[least:] if level_id in needed})


def _add_group(book: RowBook, link: GroupLink) -> None:
    funded = [number for item in link.candidate_ids for number in book.numbers[item].values()]
    if link.rule is not GroupRule.AT_LEAST:
        book.rows[group_row("most", link)] = Row(Fraction(1), dict.fromkeys(funded, 1))
    if link.rule is not GroupRule.AT_MOST_ONE:
        count = link.count if link.rule is GroupRule.AT_LEAST else 1
        book.rows[group_row("least", link)] = Row(Fraction(-count), dict.fromkeys(funded, -1))
