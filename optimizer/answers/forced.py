"""The opposite decision: force one candidate in or out, and see what the best plan then loses.

One loaded model serves all candidates; only the row "one level per candidate" is edited and put back. The
relaxation gives a certificate in exact fractions; the search in whole numbers gives an audited plan and a
proven bound, as far as its slice of time goes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter

from optimizer.certificate import PricedRows
from optimizer.engines.interface import EngineSettings, EngineStatus
from optimizer.problem import CandidateState, StageName
from optimizer.solving.search import Search
from optimizer.verify import audit_levels

FORCED_GAP_SHARE = 0.0005
"""A loss is told as "at least a, found b"; closing the last 0.05 % would double the time for nothing."""
FEW_CHANGES = 2
"""Plans with so few changes are near enough; no second search is spent on them."""
LEAST_SECONDS = 0.1
"""With less time than this only the relaxation and its certificate are asked."""
LOSS_ACCURACY_SHARE = 0.2
PROOF_MARGIN = 1e-6
MOST_ROUNDS = 20
"""Rounds of exact cuts for one forced re-solve; more means that money is counted in odd đồng."""


@dataclass(frozen=True, slots=True)
class ForcedResult:
    """What the opposite decision leads to.

    Attributes:
        is_possible: False = proven that no plan decides the opposite.
        engine_bound: no plan with the opposite decision scores more, by the engine; None = unknown.
        certificate_bound: the same, re-added in fractions from multipliers; None = no certificate.
        score_points: score of the best audited plan found with the opposite decision; None = none found.
    """

    is_possible: bool
    engine_bound: Fraction | None = None
    certificate_bound: Fraction | None = None
    score_points: Fraction | None = None
    level_ids: Mapping[str, str] = field(default_factory=dict)
    multipliers: Mapping[str, Fraction] = field(default_factory=dict)


def force_opposite(search: Search, rows: PricedRows, place: int, seconds: float) -> ForcedResult:
    """Decide the opposite about one candidate and search for the best plan that is left.

    Args:
        search: a loaded model with the score as objective and the plan under question as its best.
        rows: the rows of the certificate for the same problem.
        place: position of the candidate.
        seconds: wall clock for this question.
    """
    row = search.choice_row(place)
    if row is None or search.best is None:
        return ForcedResult(is_possible=False)
    is_funded = place in search.best.chosen
    candidate = search.draft.problem.candidates[place]
    edge = 0.0 if is_funded else 1.0
    search.session.set_row_bounds(row, edge, edge)
    try:
        relaxed = search.relax()
        if relaxed.status is EngineStatus.INFEASIBLE:
            return ForcedResult(is_possible=False)
        prices = search.multipliers(relaxed.row_duals) if relaxed.row_duals is not None else {}
        certified = rows.priced(prices).bound_with(candidate.id, is_funded=not is_funded) if prices else None
        if seconds < LEAST_SECONDS:
            return ForcedResult(True, None, certified, None, {}, prices)
        return _searched(search, seconds, (certified, prices))
    finally:
        must = candidate.state in (CandidateState.COMMITTED, CandidateState.PINNED)
        search.session.set_row_bounds(row, 1.0 if must else float("-inf"), 1.0)


def _searched(
    search: Search, seconds: float, certified: tuple[Fraction | None, Mapping[str, Fraction]]
) -> ForcedResult:
    """Search in whole numbers; answers that break an exact row are cut off and the search goes on."""
    certificate_bound, prices = certified
    began = perf_counter()
    engine_bound: Fraction | None = None
    for _ in range(MOST_ROUNDS):
        left = seconds - (perf_counter() - began)
        settings = EngineSettings(
            max(left, 0.05), FORCED_GAP_SHARE, search.limits.threads, search.limits.seed, _known_well(search)
        )
        answer = search.session.solve(settings)
        if answer.status is EngineStatus.INFEASIBLE:
            return ForcedResult(is_possible=False)
        if answer.bound is not None:
            engine_bound = Fraction(repr(answer.bound))
        if answer.values is None:
            break
        chosen = search.read(answer.values)
        cuts = search.refusals(chosen)
        if not cuts:
            score = audit_levels(search.draft.problem, search.level_ids(chosen)).score_points
            chosen = _nearest(search, chosen, score, seconds - (perf_counter() - began))
            level_ids = search.level_ids(chosen)
            return ForcedResult(
                True, _not_below(engine_bound, score), certificate_bound, score, level_ids, prices
            )
        for cut in cuts:
            search.add_cut(cut)
        if left <= 0:
            break
    return ForcedResult(True, engine_bound, certificate_bound, None, {}, prices)


def _known_well(search: Search) -> Callable[[float, float], bool]:
    """Return when a forced search may end: the loss is proven and known to a fifth of itself."""
    score = float(search.best.report.score_points) if search.best is not None else 0.0

    def is_enough(best: float, bound: float) -> bool:
        return bound < score - PROOF_MARGIN and bound - best <= (score - best) * LOSS_ACCURACY_SHARE

    return is_enough


def _nearest(search: Search, chosen: dict[int, int], score: Fraction, seconds: float) -> dict[int, int]:
    """Among the plans of this score, return one that changes as few levels as possible against the plan.

    The engine holds the score within its tolerance; the answer counts only if it is exactly as good.
    """
    if search.best is None or seconds <= 0:
        return chosen
    before = search.best.chosen
    if sum(1 for place in {*chosen, *before} if chosen.get(place) != before.get(place)) <= FEW_CHANGES + 1:
        return chosen
    hold = search.session.add_row(search.objective_terms(StageName.SCORE), float(score) - 1e-9, math.inf)
    kept = search.best.chosen
    search.session.set_costs(search.costs_of(_sameness(search, kept)))
    try:
        answer = search.session.solve(
            EngineSettings(min(seconds, 0.5), 0.0, search.limits.threads, search.limits.seed),
            {search.column(key): float(chosen.get(key[0]) == key[1]) for key in search.draft.fund},
        )
    finally:
        search.session.set_row_bounds(hold, -math.inf, math.inf)
        search.aim(StageName.SCORE)
    if answer.values is None:
        return chosen
    near = search.read(answer.values)
    if search.refusals(near):
        return chosen
    report = audit_levels(search.draft.problem, search.level_ids(near))
    return near if report.score_points >= score else chosen


def _sameness(search: Search, kept: Mapping[int, int]) -> dict[tuple[int, int], float]:
    """Kept levels count 1, candidates newly funded count -1."""
    return {
        key: 1.0 if kept.get(key[0]) == key[1] else 0.0 if key[0] in kept else -1.0
        for key in search.draft.fund
    }


def _not_below(bound: Fraction | None, score: Fraction) -> Fraction | None:
    """A bound told in floating point may lie a hair below the exact score it belongs to."""
    return None if bound is None else max(bound, score)
