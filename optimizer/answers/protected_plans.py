"""The price of safety: plans that bear some candidates overrunning at once, and what they really risk.

The protection is a budget of overruns (optimizer.formulation.protection). The probability it comes with in
the literature assumes overruns to both sides; ours go one way, so the risk of each plan is counted in draws.
"""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.answers.ceiling_risk import ceiling_risk
from optimizer.answers.draw_outcomes import without_idle
from optimizer.answers.robustness_facts import ProtectedPlan, RobustnessSettings
from optimizer.draws import Draw
from optimizer.errors import NoPlanInTime
from optimizer.problem import AllocationProblem
from optimizer.solving.best_score import BestScore, best_protected_score, best_score
from optimizer.solving.limits import SolveLimits


def protected_plans(
    problem: AllocationProblem, settings: RobustnessSettings, draws: Sequence[Draw]
) -> tuple[ProtectedPlan, ...]:
    """Return the best plan without protection, then with each protection that is asked for.

    Args:
        problem: the question.
        settings: numbers of candidates to protect against, largest overrun, years, gap and time of each plan.
        draws: draws of overruns in which the risk is counted.
    """
    return tuple(
        _told(gamma, problem, _best(problem, settings, gamma), draws)
        for gamma in (0, *sorted(set(settings.protect)))
    )


def _best(problem: AllocationProblem, settings: RobustnessSettings, gamma: int) -> BestScore | None:
    """Return the best plan that bears so many overruns at once; None = there is none, or none in time."""
    limits, ranges = SolveLimits(settings.seconds_each, float(settings.gap_share)), settings.ranges
    try:
        if not gamma:
            return best_score(problem, limits)
        return best_protected_score(problem, limits, (gamma, ranges.costs_share, ranges.years))
    except NoPlanInTime:
        return None


def _told(
    gamma: int, problem: AllocationProblem, found: BestScore | None, draws: Sequence[Draw]
) -> ProtectedPlan:
    if found is None:
        return ProtectedPlan(gamma, None, None, None, None)
    # What adds no point only adds risk; without it the plan is protected all the more.
    level_ids = without_idle(problem, found.level_ids)
    broken = ceiling_risk(problem, level_ids, draws).broken
    return ProtectedPlan(gamma, level_ids, found.score_points, found.bound_points, broken)
