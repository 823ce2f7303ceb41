"""What one run of an engine tells on its way, and whether it goes on; the same for every engine.

An error raised by a watcher must not cross the solver's own frames: it is kept, ends the run, and is raised
after it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter

from optimizer.engines.interface import (
    EngineAnswer,
    EngineProgress,
    EngineSettings,
    EngineStatus,
    Numbers,
    StopAsked,
    Watcher,
)

SECONDS_BETWEEN_NEWS = 0.1
INFINITE = 1e20
"""From here on an engine's figure means that it has none."""


class RunWatch:
    """One run under watch.

    Attributes:
        has_stopped: the caller asked for the end, or its watcher failed.
        has_enough: the caller's own measure of a good answer is reached.
        error: what a watcher raised.
    """

    def __init__(
        self, settings: EngineSettings, watcher: Watcher | None, stop_asked: StopAsked | None
    ) -> None:
        self._is_enough = settings.is_enough
        self._watcher = watcher
        self._stop_asked = stop_asked
        self._last: EngineProgress | None = None
        self._began = perf_counter()
        self.error: BaseException | None = None
        self.has_stopped = False
        self.has_enough = False

    def must_end(self, best: float, bound: float, found: Callable[[], Numbers] | None = None) -> bool:
        """Tell what is new and return whether the run should end.

        Args:
            best: value of the best point so far, in the unit of the running objective.
            bound: no point is worth more.
            found: gives the column values when a better point has just been found.
        """
        try:
            now = EngineProgress(self.seconds(), finite(best), finite(bound))
            self._tell(now, found)
            self.has_stopped = self.has_stopped or (self._stop_asked is not None and self._stop_asked())
            if self._is_enough is not None and now.best_value is not None and now.bound is not None:
                self.has_enough = self.has_enough or self._is_enough(now.best_value, now.bound)
        except BaseException as error:  # also the interrupt key: it is raised again after the run
            self.error, self.has_stopped = error, True
        return self.has_stopped or self.has_enough

    def seconds(self) -> float:
        """Return the seconds since the run began."""
        return perf_counter() - self._began

    def raise_error(self) -> None:
        """Raise what a watcher raised."""
        if self.error is not None:
            raise self.error

    def status(self, told: EngineStatus, *, has_point: bool) -> EngineStatus:
        """Return how the run ended: an end because there was enough counts as a gap that was reached."""
        is_enough = self.has_enough and has_point and told is EngineStatus.STOPPED
        return EngineStatus.WITHIN_GAP if is_enough else told

    def _tell(self, now: EngineProgress, found: Callable[[], Numbers] | None) -> None:
        """Tell the watcher what is new, at most ten times a second; a better point is told at once."""
        if self._watcher is None:
            return
        if found is None and not self._is_news(now):
            return
        self._last = now
        values = None if found is None else found()
        self._watcher(EngineProgress(now.seconds, now.best_value, now.bound, values))

    def _is_news(self, now: EngineProgress) -> bool:
        last = self._last
        if last is None or last.best_value != now.best_value:
            return True
        return last.bound != now.bound and now.seconds >= last.seconds + SECONDS_BETWEEN_NEWS


def stopped_before_it_began() -> EngineAnswer:
    """Return the answer to a run that nobody wanted any more."""
    return EngineAnswer(EngineStatus.STOPPED, was_interrupted=True)


def finite(value: float) -> float | None:
    """Return an engine's figure, None where it means that there is none."""
    return float(value) if math.isfinite(value) and abs(value) < INFINITE else None
