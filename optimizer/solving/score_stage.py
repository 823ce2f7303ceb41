"""The score stage at true size: one long search where it proves, near plans where it does not.

Small models are handed to the engine whole. Larger ones go in turns: a first whole search; searches near
the best plan while they pay; then the whole search again, from the better plan, for the bound. Very large
ones begin with the candidates near the margin of the relaxation, whose bound holds for all.
"""

from __future__ import annotations

from time import perf_counter

from optimizer.engines.interface import EngineStatus
from optimizer.problem import StageName
from optimizer.solving.limits import OnProgress, ShouldStop
from optimizer.solving.neighbourhood import Neighbourhoods
from optimizer.solving.search import Search, StageRun

PLAIN_CHOICES = 600
"""Up to so many choices the engine alone is best."""
CORE_CHOICES = 4000
"""From so many choices on the margin of the relaxation is searched first."""
FIRST_SHARE, FIRST_SECONDS, FIRST_NODES = 0.4, 15.0, 100
"""The first whole search is short: after its root the bound of a large model hardly moves."""
NEAR_SHARE = 0.6
"""Share of what is left that may go into near plans, where a second whole search follows."""
WORTH_REPEATING = 3.0
"""A second whole search must have so many times the seconds of the first, or it would only repeat it."""
CORE_SECONDS = 2.0


def run_score_stage(
    search: Search,
    seconds: float,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> StageRun:
    """Maximise the score, in the way that suits the size.

    Args:
        search: the loaded model; earlier stages are held.
        seconds: wall clock guard of the stage.
        on_progress: told best value and bound.
        should_stop: asked often; True ends the stage and keeps the best plan.
    """
    if len(search.draft.fund) <= PLAIN_CHOICES:
        return search.run_stage(StageName.SCORE, seconds, on_progress, should_stop)
    return _Turns(search, seconds, on_progress, should_stop).run()


class _Turns:
    """The turns of one large score stage."""

    def __init__(
        self,
        search: Search,
        seconds: float,
        on_progress: OnProgress | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self._search = search
        self._began = perf_counter()
        self._ends = self._began + seconds
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._bound: float | None = None
        self._first_seconds = 0.0

    def run(self) -> StageRun:
        """Take the turns; stop at the first that settles the question."""
        search = self._search
        search.aim(StageName.SCORE)
        relaxed = search.relax()
        if relaxed.status is not EngineStatus.PROVEN:
            return self._whole(self._left())
        self._bound = relaxed.objective
        is_huge = len(search.draft.fund) >= CORE_CHOICES
        if is_huge:
            near = Neighbourhoods(search, StageName.SCORE, relaxed)
            near.search_core(min(CORE_SECONDS, self._left()))
            self._improve(near)
        else:
            search.most_nodes = FIRST_NODES
            first = self._whole(min(FIRST_SECONDS, self._left() * FIRST_SHARE))
            search.most_nodes = None
            if first.status is not EngineStatus.STOPPED or self._is_over():
                return first
            self._first_seconds = perf_counter() - self._began
            self._improve(Neighbourhoods(search, StageName.SCORE, relaxed))
        if self._is_good_enough() or self._is_over():
            return self._ended()
        return self._whole(self._left())

    def _improve(self, near: Neighbourhoods) -> None:
        left = self._left()
        is_worth = left * (1 - NEAR_SHARE) >= WORTH_REPEATING * self._first_seconds
        near.improve(left * NEAR_SHARE if is_worth else left, self._suffices, self._should_stop)
        if self._on_progress is not None and self._search.best is not None:
            self._search.tell(StageName.SCORE, self._on_progress, (self._best(), self._bound))

    def _whole(self, seconds: float) -> StageRun:
        run = self._search.run_stage(
            StageName.SCORE, max(seconds, 0.05), self._on_progress, self._should_stop
        )
        if run.bound is not None:
            self._bound = run.bound if self._bound is None else min(self._bound, run.bound)
        return StageRun(run.status, self._bound, perf_counter() - self._began)

    def _left(self) -> float:
        return self._ends - perf_counter()

    def _is_over(self) -> bool:
        stopped = self._should_stop is not None and self._should_stop()
        return stopped or self._search.was_interrupted or self._left() <= 0

    def _best(self) -> float | None:
        return None if self._search.best is None else float(self._search.best.report.score_points)

    def _suffices(self, score: float) -> bool:
        """Tell whether a score is within the gap that was asked for."""
        if self._bound is None or not self._search.limits.relative_gap_share:
            return False
        gap = self._bound - score
        return gap <= self._search.limits.relative_gap_share * max(abs(self._bound), 1.0)

    def _is_good_enough(self) -> bool:
        best = self._best()
        return best is not None and self._suffices(best)

    def _ended(self) -> StageRun:
        status = EngineStatus.WITHIN_GAP if self._is_good_enough() else EngineStatus.STOPPED
        return StageRun(status, self._bound, perf_counter() - self._began)
