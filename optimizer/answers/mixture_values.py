"""The best score of any mixture of two problems, searched once each, from the best plan at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

from optimizer.answers.comparison_facts import ComparisonSettings
from optimizer.answers.problem_changes import Key
from optimizer.answers.problem_mixture import ProblemMixture
from optimizer.errors import NoPlanInTime
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.best_score import BestScore, best_score
from optimizer.solving.limits import SolveLimits
from optimizer.verify import audit_levels

LEAST_SECONDS = 1.0
"""A step gets at least so much, also when the time for all of them is over."""
LevelIds = Mapping[str, str]
Made = frozenset[Key]


class MixtureValues:
    """Best scores by the set of changes made; what was searched once is remembered."""

    def __init__(
        self, mixture: ProblemMixture, plans: Sequence[LevelIds], settings: ComparisonSettings
    ) -> None:
        """Begin.

        Args:
            mixture: the two problems.
            plans: plans to start from wherever they keep the rules.
            settings: time, threads and seed.
        """
        self._mixture, self._settings = mixture, settings
        self._plans = list(plans)
        self._ends = perf_counter() + settings.seconds
        self._known: dict[Made, BestScore | None] = {}
        self._steps = 1

    def expect(self, steps: int) -> None:
        """Say how many more mixtures will be asked for, so that the time can be shared out."""
        self._steps = max(1, steps)

    def best(self, made: Made, near: LevelIds | None = None) -> BestScore | None:
        """Return the best score found; None = no plan, none in time, or parts that do not fit together."""
        if made not in self._known:
            problem = self._mixture.problem_with(made)
            self._known[made] = None if problem is None else self._searched(problem, near)
            self._steps = max(1, self._steps - 1)
        return self._known[made]

    def _searched(self, problem: AllocationProblem, near: LevelIds | None) -> BestScore | None:
        seconds = max(LEAST_SECONDS, (self._ends - perf_counter()) / self._steps)
        limits = SolveLimits(seconds, threads=self._settings.threads, seed=self._settings.seed)
        plans = self._plans if near is None else [near, *self._plans]
        try:
            return best_score(problem, limits, _best_of(problem, plans))
        except NoPlanInTime:
            return None


def _best_of(problem: AllocationProblem, plans: Sequence[LevelIds]) -> LevelIds | None:
    """Return the best of some plans that keep the rules of a problem; None = none does."""
    ids = {(item.id, level.id) for item in problem.candidates for level in item.levels}
    is_law_first = StageName.LEGAL_MINIMUMS in problem.stages
    best, best_worth = None, None
    for plan in plans:
        level_ids = {key: level_id for key, level_id in plan.items() if (key, level_id) in ids}
        report = audit_levels(problem, level_ids)
        worth = (-report.shortfall_vnd if is_law_first else 0, report.score_points)
        if report.is_kept and (best_worth is None or worth > best_worth):
            best, best_worth = level_ids, worth
    return best
