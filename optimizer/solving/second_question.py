"""Is there a plan better by at least one step? Asked where the bound of a money stage cannot tell.

Odd đồng beside hundreds of billions reach the engine rounded (optimizer.formulation.draft): no plan is lost,
but the least shortfall the engine knows may lie a few quanta below the true one, and its best point need not
be the best plan. So what is found is asked once more:

    stage's value >= value of the best plan + one step

in the same rounded rows. Points that turn out to be no better are taken out one by one. Where the engine
says twice that nothing is left, warm and then cold with other tolerances, no plan is better by a step, and
values of a stage differ by whole steps.
"""

from __future__ import annotations

import math
from fractions import Fraction
from time import perf_counter

from optimizer.engines.interface import EngineSettings, EngineStatus, Numbers
from optimizer.problem import StageName
from optimizer.solving.confirm import confirmed_run
from optimizer.solving.gate import no_good_cut
from optimizer.solving.limits import ShouldStop
from optimizer.solving.search import Search, StageRun
from optimizer.solving.stage_values import MONEY_STAGES, engine_hold, stage_step, stage_value

MOST_POINTS = 100
"""So many points that are no better are taken out before the question is left open."""
ROW_SLACK, LEAST_ROW_SLACK = 1e-9, 1e-6
"""By how much the asking row lets more through: rounding must never answer for us."""
LEAST_SECONDS = 0.05


def settled_run(
    search: Search, stage: StageName, run: StageRun, seconds: float, should_stop: ShouldStop | None = None
) -> StageRun:
    """Return a run of a money stage, its bound at the plan's own value where no plan is better by a step.

    Args:
        search: the search as the stage left it; its best plan may become a better one.
        stage: the stage that has just been run; others than money come back as they are.
        run: how it ended.
        seconds: wall clock guard.
        should_stop: asked often; True leaves the question open.
    """
    if stage not in MONEY_STAGES or run.status is not EngineStatus.PROVEN or search.best is None:
        return run
    step = stage_step(search.draft, stage)
    if confirmed_run(run, stage, -_best_value(search, stage), step).status is not EngineStatus.WITHIN_GAP:
        return run
    began, mark = perf_counter(), search.mark()
    try:
        is_settled = _Question(search, stage, began + seconds, should_stop).is_answered()
    finally:
        search.put_back(mark)
    spent = run.seconds + perf_counter() - began
    bound = float(-_best_value(search, stage)) if is_settled else run.bound
    return StageRun(run.status, bound, spent)


class _Question:
    """One question, asked until nothing is left, time is over, or too many points were no better."""

    def __init__(self, search: Search, stage: StageName, ends: float, stop: ShouldStop | None) -> None:
        self._search, self._stage, self._ends, self._stop = search, stage, ends, stop
        self._is_second_look = False
        search.aim(stage)

    def is_answered(self) -> bool:
        """Look for better plans until the engine says twice that there is none."""
        self._demand_a_step()
        for _ in range(MOST_POINTS):
            limits, left = self._search.limits, self._ends - perf_counter()
            if left <= 0:
                return False
            settings = EngineSettings(
                max(left, LEAST_SECONDS),
                threads=limits.threads,
                seed=limits.seed,
                is_second_look=self._is_second_look,
            )
            answer = self._search.session.solve(settings, None, None, self._stop)
            if answer.status is EngineStatus.INFEASIBLE:
                if self._is_second_look:
                    return True
                self._look_again()
            elif answer.values is None or answer.was_interrupted:
                return False
            else:
                self._weigh(answer.values)
        return False

    def _weigh(self, values: Numbers) -> None:
        """Keep a plan that is better, and ask for more; take out a point that is not."""
        search, before = self._search, self._search.best
        cuts = search.take(self._stage, values)
        if not cuts and search.best is before:
            cuts = [no_good_cut(search.draft, search.read(values))]
        elif not cuts:
            self._demand_a_step()
        for cut in cuts:
            search.add_cut(cut)

    def _demand_a_step(self) -> None:
        """Add the row that asks for a plan better than the best one by a step."""
        search, stage = self._search, self._stage
        wanted = _best_value(search, stage) + stage_step(search.draft, stage)
        edge = engine_hold(search.draft, stage, wanted)
        edge -= max(LEAST_ROW_SLACK, ROW_SLACK * abs(edge))
        search.add_row(search.objective_terms(stage), edge, math.inf)

    def _look_again(self) -> None:
        """Ask the same once more, cold and with tolerances that refuse less, and stay with them."""
        search = self._search
        self._is_second_look = True
        search.session = search.engine.load(search.model_with(search.objective(self._stage)))


def _best_value(search: Search, stage: StageName) -> Fraction:
    """Return the exact value of the best plan in a stage; more is better."""
    if search.best is None:
        raise ValueError("a question about a better plan needs a plan")
    return stage_value(search.draft, stage, search.best.chosen, search.best.report)
