"""The best audited plan of a loaded model, with the engine's bound; answers the audit refuses are cut off."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter

from optimizer.engines.interface import EngineSettings, EngineStatus
from optimizer.solving.gate import no_good_cut
from optimizer.solving.search import HOLD_SLACK, Search
from optimizer.verify import audit_levels

MOST_ROUNDS = 20
"""Rounds of exact cuts for one question; more means that money is counted in odd đồng."""
LEAST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class BestWith:
    """What a search in whole numbers found.

    Attributes:
        is_possible: False = the engine says that no plan exists.
        bound: no plan scores more, by the engine; None = unknown.
        score_points: exact score of the best audited plan found; None = none found.
    """

    is_possible: bool = True
    bound: Fraction | None = None
    score_points: Fraction | None = None
    level_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how exactly to search.

    Attributes:
        settings: settings of the engine for so many seconds.
        shortfall_vnd: how far the plans compared may stay from the limits that are not hard.
        start: choices to start from, by column. FRAGILE: while HiGHS completes a start it tells bounds of
            that small question; settings that end a run early by its bound must go without a start.
    """

    settings: Callable[[float], EngineSettings]
    seconds: float
    shortfall_vnd: int
    start: Mapping[int, float] | None = None


def hold_shortfall(search: Search, shortfall_vnd: int) -> None:
    """Allow no plan further from the limits that are not hard than so many đồng."""
    if search.draft.shortfalls:
        terms = {search.column_named(item.name): float(amount) for item, amount in search.draft.shortfalls}
        quanta = float(-(-shortfall_vnd // search.draft.quantum_vnd))
        # The slack is for the engine's tolerance; what it lets through the exact audit refuses.
        search.add_row(terms, -math.inf, quanta + HOLD_SLACK)


def best_with(search: Search, effort: Effort) -> BestWith:
    """Search in whole numbers for the best plan of a model as it stands.

    Args:
        search: a loaded model with the score as objective; cuts that every plan keeps are added to it.
        effort: time and exactness.
    """
    problem, ends = search.draft.problem, perf_counter() + effort.seconds
    bound: Fraction | None = None
    for _ in range(MOST_ROUNDS):
        left = max(LEAST_SECONDS, ends - perf_counter())
        answer = search.session.solve(effort.settings(left), effort.start)
        if answer.status is EngineStatus.INFEASIBLE:
            return BestWith(is_possible=False)
        if answer.bound is not None:
            told = Fraction(repr(answer.bound))
            bound = told if bound is None else min(bound, told)
        if answer.values is None:
            break
        chosen = search.read(answer.values)
        cuts = search.refusals(chosen)
        level_ids = search.level_ids(chosen)
        if not cuts:
            report = audit_levels(problem, level_ids)
            if report.shortfall_vnd <= effort.shortfall_vnd:
                # A bound told in floating point may lie a hair below the exact score it belongs to.
                most = None if bound is None else max(bound, report.score_points)
                return BestWith(True, most, report.score_points, dict(sorted(level_ids.items())))
            cuts = [no_good_cut(search.draft, chosen)]
        for cut in cuts:
            search.add_cut(cut)
        if perf_counter() >= ends:
            break
    return BestWith(bound=bound)
