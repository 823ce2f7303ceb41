"""What is funded in each draw. One plain function over plain facts, so that draws may be shared out.

The outcome of a draw depends on the question and that draw alone: whoever maps ``outcomes_of`` over parts of
the draws, in any order and in other processes, gets the same outcomes (as long as no clock stops a draw).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from optimizer.answers.robustness_facts import DrawWay, RobustnessSettings
from optimizer.draws import MILLION, Draw, problem_in_draw
from optimizer.engines.interface import EngineSettings
from optimizer.errors import NoPlanInTime
from optimizer.problem import AllocationProblem
from optimizer.solving.best_score import best_score
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.relaxed_draws import RelaxedDraws
from optimizer.spending import level_cost_vnd
from optimizer.verify import audit_levels


@dataclass(frozen=True, slots=True)
class DrawQuestion:
    """What every draw is asked; can travel to another process."""

    problem: AllocationProblem
    settings: RobustnessSettings
    way: DrawWay


@dataclass(frozen=True, slots=True)
class DrawOutcome:
    """What one draw funds.

    Attributes:
        has_plan: False = no plan keeps the hard rules in this draw.
        funded_ppm: millionths of each candidate that are funded, by id; a whole plan has a million or none.
        is_stopped: True = the clock ended the search and the best plan found was kept.
    """

    number: int
    has_plan: bool
    funded_ppm: Mapping[str, int]
    is_stopped: bool = False


OutcomesOf = Callable[[DrawQuestion, Sequence[Draw]], Sequence[DrawOutcome]]
"""Works out draws; those it could not settle in time are left out."""


def outcomes_of(
    question: DrawQuestion, draws: Sequence[Draw], should_stop: ShouldStop | None = None
) -> list[DrawOutcome]:
    """Work out draws one after the other.

    Args:
        question: what is asked of every draw.
        draws: the draws.
        should_stop: asked before every draw; True leaves the rest out.
    Returns:
        One outcome per settled draw; draws without any plan in time, and those not reached, are left out.
    """
    ends = perf_counter() + question.settings.seconds
    if question.way is DrawWay.RELAXED:
        relaxed = RelaxedDraws(question.problem, question.settings.ranges, EngineSettings())
    outcomes = []
    for draw in draws:
        left = ends - perf_counter()
        if left <= 0 or (should_stop is not None and should_stop()):
            break
        if question.way is DrawWay.RELAXED:
            outcomes.append(_relaxed_outcome(relaxed, draw))
            continue
        try:
            outcomes.append(_whole_outcome(question, draw, min(left, question.settings.seconds_each)))
        except NoPlanInTime:
            continue
    return outcomes


def _relaxed_outcome(relaxed: RelaxedDraws, draw: Draw) -> DrawOutcome:
    found = relaxed.in_draw(draw)
    return DrawOutcome(draw.number, found is not None, {} if found is None else found.funded_ppm)


def _whole_outcome(question: DrawQuestion, draw: Draw, seconds: float) -> DrawOutcome:
    problem = problem_in_draw(question.problem, draw)
    # No plan is offered to start from: within a gap the search would hold on to it.
    limits = SolveLimits(seconds, float(question.settings.gap_share), is_score_only=True)
    found = best_score(problem, limits)
    if found is None:
        return DrawOutcome(draw.number, has_plan=False, funded_ppm={})
    funded = dict.fromkeys(without_idle(problem, found.level_ids), MILLION)
    return DrawOutcome(draw.number, True, funded, is_stopped=not found.is_within_gap)


def without_idle(problem: AllocationProblem, level_ids: Mapping[str, str]) -> dict[str, str]:
    """Return a plan without the candidates that add no point and that no rule asks for, dearest out first.

    A search for points alone may fund them by accident; counting them would tell nothing.
    """
    costs = {
        item.id: level_cost_vnd(level)
        for item in problem.candidates
        for level in item.levels
        if level.id == level_ids.get(item.id)
    }
    kept, report = dict(level_ids), audit_levels(problem, level_ids)
    for candidate_id in sorted(costs, key=lambda key: (-costs[key], key)):
        rest = {key: level_id for key, level_id in kept.items() if key != candidate_id}
        audit = audit_levels(problem, rest)
        is_idle = audit.is_kept and audit.score_points == report.score_points
        if is_idle and audit.shortfall_vnd <= report.shortfall_vnd:
            kept = rest
    return kept
