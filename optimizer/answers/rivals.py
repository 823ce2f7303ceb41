"""The opposite decision in whole numbers: which plan is left, what it loses, and whom it displaces.

One loaded model serves all candidates; only the row "one level per candidate" is edited and put back. A
first search moves few candidates, those nearest to being decided otherwise; a second one moves all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from time import perf_counter

import numpy as np

from optimizer.answers.best_with import BestWith, Effort, best_with
from optimizer.answers.question import Question, choice_columns, positions_of, score_of
from optimizer.engines.interface import EngineAnswer, EngineSettings, EngineStatus
from optimizer.problem import CandidateState, StageName
from optimizer.solving.margins import margins_of
from optimizer.solving.search import Search, score_hold_slack
from optimizer.solving.submodel import submodel
from optimizer.verify import audit_levels

GAP_SHARE = 0.0005
"""A loss is told as "at least a, found b"; closing the last 0.05 % would double the time for nothing."""
NEAR_CANDIDATES = 16
"""Candidates freed by a first search."""
NEAR_SECONDS = 0.5
FEW_CHANGES = 2
"""Plans with so few changes are near enough; no further search is spent on them."""
LOSS_ACCURACY_SHARE = Fraction(1, 5)
PROOF_MARGIN = 1e-6


@contextmanager
def opposite_of(question: Question, candidate_id: str) -> Iterator[Search]:
    """Load the opposite decision about a candidate, and put the model back afterwards."""
    search, place = question.search, question.places[candidate_id]
    row = search.choice_row(place)
    if row is None:
        raise ValueError(f"candidate {candidate_id} has no level to choose")
    edge = 0.0 if candidate_id in question.level_ids else 1.0
    search.set_row_bounds(row, edge, edge)
    try:
        yield search
    finally:
        must = question.candidates[candidate_id].state in (CandidateState.COMMITTED, CandidateState.PINNED)
        search.set_row_bounds(row, 1.0 if must else -math.inf, 1.0)


def near_rival(question: Question, candidate_id: str) -> BestWith:
    """Return the best plan with the opposite decision that moves only candidates near the margin.

    What is found is a plan, never a bound.
    """
    with opposite_of(question, candidate_id) as search:
        relaxed = search.relax()
        if relaxed.row_duals is None:
            return BestWith()
        return _best_near(question, search, relaxed, candidate_id)


def _best_near(question: Question, search: Search, relaxed: EngineAnswer, candidate_id: str) -> BestWith:
    """Hold all candidates but a few at their levels of the plan and let the engine decide the rest."""
    margins = margins_of(search, relaxed)
    order = np.argsort(margins.margins, kind="stable")
    free = {int(place) for place in margins.places[order[:NEAR_CANDIDATES]]} | {question.places[candidate_id]}
    model = search.whole_model(StageName.SCORE)
    lower, upper = model.lower.copy(), model.upper.copy()
    kept = positions_of(search, question.level_ids)
    for key in search.draft.fund:
        if key[0] not in free:
            column = search.column(key)
            lower[column] = upper[column] = float(kept.get(key[0]) == key[1])
    part = submodel(model, lower, upper)
    answer = search.engine.load(part.model).solve(question.settings(NEAR_SECONDS, GAP_SHARE))
    if answer.values is None or answer.status is EngineStatus.INFEASIBLE:
        return BestWith()
    chosen = search.read(part.whole_values(answer.values))
    if search.refusals(chosen):
        return BestWith()
    level_ids = dict(sorted(search.level_ids(chosen).items()))
    return BestWith(score_points=audit_levels(question.problem, level_ids).score_points, level_ids=level_ids)


def best_rival(question: Question, candidate_id: str, known: BestWith, seconds: float) -> BestWith:
    """Return the best plan with the opposite decision, with the engine's bound.

    Args:
        question: the plan under question.
        candidate_id: the candidate.
        known: what was found so far; kept where nothing better is found.
        seconds: wall clock.
    """
    ends = perf_counter() + seconds
    with opposite_of(question, candidate_id) as search:
        effort = Effort(
            lambda left: replace(question.settings(left, GAP_SHARE), is_enough=_known_well(question)),
            seconds,
            question.report.shortfall_vnd,
        )
        found = best_with(search, effort)
        if not found.is_possible or found.score_points is None:
            return found if known.score_points is None else replace(known, bound=found.bound)
        if known.score_points is not None and known.score_points >= found.score_points:
            return replace(known, bound=found.bound)
        near = _nearest(question, search, found, ends - perf_counter())
        # What changes fewest levels may be better than the engine's best within its gap.
        return replace(found, level_ids=near, score_points=score_of(question.problem, near))


def _known_well(question: Question) -> Callable[[float, float], bool]:
    """Return when a search may end: the loss is told and known to a fifth of itself."""
    score = float(question.score)

    def is_enough(best: float, bound: float) -> bool:
        return bound < score - PROOF_MARGIN and bound - best <= (score - best) * float(LOSS_ACCURACY_SHARE)

    return is_enough


def _nearest(question: Question, search: Search, found: BestWith, seconds: float) -> Mapping[str, str]:
    """Among the plans of this score, return one that changes as few levels as possible against the plan.

    The engine holds the score within its tolerance; the answer counts only if it is exactly as good.
    """
    before, after = question.level_ids, found.level_ids
    changes = sum(1 for key in {*before, *after} if before.get(key) != after.get(key))
    if found.score_points is None or seconds <= 0 or changes <= FEW_CHANGES + 1:
        return after
    mark = search.mark()
    terms = search.objective_terms(StageName.SCORE)
    search.add_row(terms, float(found.score_points) - score_hold_slack(terms), math.inf)
    search.session.set_costs(search.costs_of(_sameness(search, positions_of(search, before))))
    try:
        settings: EngineSettings = question.settings(min(seconds, NEAR_SECONDS))
        answer = search.session.solve(settings, choice_columns(search, after))
    finally:
        search.put_back(mark)
        search.aim(StageName.SCORE)
    if answer.values is None:
        return after
    near = search.read(answer.values)
    if search.refusals(near):
        return after
    level_ids = dict(sorted(search.level_ids(near).items()))
    score: Fraction = audit_levels(question.problem, level_ids).score_points
    return level_ids if score >= found.score_points else after


def _sameness(search: Search, kept: Mapping[int, int]) -> dict[tuple[int, int], float]:
    """Kept levels count 1, candidates newly funded count -1."""
    return {
        key: 1.0 if kept.get(key[0]) == key[1] else 0.0 if key[0] in kept else -1.0
        for key in search.draft.fund
    }
