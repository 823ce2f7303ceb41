"""Family "stages": what is optimised, in order; each stage holds what the earlier ones achieved.

    1 legal_minimums  min  sum of short[L] + over[L]                    [quanta]
    2 score           max  sum of points                                [points]
    3 stability       min  candidates whose level differs from the reference plan
    4 cost            min  sum_{p,k} c[p,k] x[p,k]                      [quanta]
    5 rank            max  sum_p (R + 1 - rank_p) funded_p              [order points]

Every objective is written as a maximisation. Reason: law before benefit, benefit before calm, calm before
thrift, thrift before the agency's own order. What all of them leave open is settled by a fixed order of ids
(optimizer.solving.tie_break), so that the plan is a function of the data alone.
"""

from __future__ import annotations

from fractions import Fraction

from optimizer.formulation.draft import Draft, Term
from optimizer.problem import StageName
from optimizer.spending import level_cost_vnd


def stage_terms(draft: Draft, stage: StageName) -> list[Term]:
    """Return the terms of a stage's objective, to be maximised; empty = the stage has nothing to decide."""
    if stage is StageName.LEGAL_MINIMUMS:
        return [(variable, -amount) for variable, amount in draft.shortfalls]
    if stage is StageName.SCORE:
        return list(draft.points)
    if stage is StageName.STABILITY:
        return _kept_levels(draft)
    if stage is StageName.COST:
        return [
            (draft.fund[key], Fraction(-level_cost_vnd(level), draft.quantum_vnd))
            for key, _, level in draft.levels()
        ]
    return [(draft.fund[key], points) for key, points in order_points(draft).items() if points]


def _kept_levels(draft: Draft) -> list[Term]:
    """Levels kept count +1; funding a candidate the reference left out counts -1."""
    reference = draft.problem.reference_plan
    if reference is None:
        return []
    terms: list[Term] = []
    for key, candidate, level in draft.levels():
        if candidate.id not in reference:
            terms.append((draft.fund[key], -1))
        elif reference[candidate.id] == level.id:
            terms.append((draft.fund[key], 1))
    return terms


def order_points(draft: Draft) -> dict[tuple[int, int], int]:
    """Return the order points of every level: more for files that their agency put earlier; unranked 0."""
    ranks = [candidate.rank for candidate in draft.problem.candidates if candidate.rank is not None]
    last = max(ranks, default=0) + 1
    points = {}
    for key in draft.fund:
        rank = draft.problem.candidates[key[0]].rank
        points[key] = 0 if rank is None else last - rank
    return points
