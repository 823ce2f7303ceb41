"""Family "limits": ceilings of the sources, and floors and ceilings on any mix of money.

    sum_{p,k} c[p,k,S,t] x[p,k] <= B[S,t]                    for every group S of sources, year t
    sum_{p,k} c[p,k,L] x[p,k] (- over[L])  <= at_most[L]     for every limit L
    sum_{p,k} c[p,k,L] x[p,k] (+ short[L]) >= at_least[L]

Sets: S single sources, and with transfers every group of connected sources (its ceiling is what the
sources in it, or able to give to it, have); L limits on agency, area, place, source, nature, year.
over, short >= 0 only where a limit is not hard. Units: quanta of quantum_vnd đồng. Reason: the envelopes
of the round, and rules of the authority; a floor counts only up to the sum of least levels in its scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pulp

from optimizer.formulation.draft import Draft, ExactRow, Key, add_money_row
from optimizer.problem import Limit
from optimizer.proofs.certificate import row_name
from optimizer.spending import MoneyPlace, effective_floor_vnd, group_ceiling_vnd, source_groups


def add_ceilings(draft: Draft) -> None:
    """Add one row per group of sources and year in which some level spends."""
    costs = draft.promises().costs
    years = sorted({year for _, year in costs})
    for number, group in enumerate(source_groups(draft.problem.sources)):
        for year in years:
            ceiling_vnd = group_ceiling_vnd(draft.problem.sources, group, year)
            amounts = _group_costs(costs, group, year)
            if ceiling_vnd is not None and amounts:
                row = ExactRow(f"ceiling_{number}_{year}", amounts, ceiling_vnd, is_floor=False)
                add_money_row(draft, row, None, row_name("ceiling", group, year))


def _group_costs(
    costs: Mapping[MoneyPlace, Mapping[Key, int]], group: tuple[str, ...], year: int
) -> dict[Key, int | Fraction]:
    """Return the đồng each level takes from a group of sources in a year."""
    total: dict[Key, int | Fraction] = {}
    for source_id in group:
        for key, amount_vnd in costs.get((source_id, year), {}).items():
            total[key] = total.get(key, 0) + amount_vnd
    return dict(sorted(total.items()))


def add_limits(draft: Draft) -> None:
    """Add the floors and ceilings of every limit; those that are not hard get a shortfall or excess."""
    for number, limit in enumerate(draft.problem.limits):
        amounts: dict[Key, int | Fraction] = {**draft.scoped_costs(limit.scope)}
        if limit.at_most_vnd is not None:
            row = ExactRow(f"cap_{number}", amounts, limit.at_most_vnd, is_floor=False)
            add_money_row(draft, row, _slack(draft, limit, f"over_{number}"), row_name("cap", limit.id))
        if limit.at_least_vnd is not None:
            floor_vnd = effective_floor_vnd(draft.problem, limit, draft.scopes())
            row = ExactRow(f"floor_{number}", amounts, floor_vnd, is_floor=True)
            add_money_row(draft, row, _slack(draft, limit, f"short_{number}"), row_name("floor", limit.id))


def _slack(draft: Draft, limit: Limit, name: str) -> pulp.LpVariable | None:
    if limit.is_hard:
        return None
    slack = draft.add_variable(name)
    draft.shortfalls.append((slack, 1))
    return slack
