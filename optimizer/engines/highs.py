"""HiGHS in process: one hand-over, then edits in place; its own status, bound and gap.

FRAGILE: HiGHS fixes its number of threads at the first run of a process; asking for another number resets
its scheduler, which must not happen while another run is under way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from optimizer.engines.interface import (
    EngineAnswer,
    EngineProgress,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    StopAsked,
    Watcher,
)

SECONDS_BETWEEN_NEWS = 0.1
Enough = Callable[[float, float], bool]
TOLERANCE = 1e-9
"""Feasibility tolerance of rows and whole numbers; HiGHS's usual 1e-6 lets a plan overspend."""

USUAL_TOLERANCE = 1e-7
"""Relaxations only hint at prices; what is claimed from them is re-added in fractions."""
MANY_COLUMNS = 6000

_scheduler = {"threads": 0}


class HighsEngine:
    """The engine that decides."""

    name = "highs"

    @property
    def version(self) -> str:
        """Version of HiGHS."""
        return str(highspy._core._Highs().version())

    def load(self, model: LinearModel) -> HighsSession:
        """Load a model with one call."""
        return HighsSession(model)


class HighsSession:
    """One live HiGHS model."""

    def __init__(self, model: LinearModel) -> None:
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._kinds = model.is_integer.astype(np.uint8)
        self._is_whole = True
        self._row_count = len(model.row_names)
        self._highs.passModel(_highs_model(model))

    def set_costs(self, costs: Sequence[float] | Numbers) -> None:
        """Replace the objective (maximised)."""
        columns = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), columns, np.asarray(costs, dtype=np.double))

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row."""
        self._highs.changeRowBounds(row, lower, upper)

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self._highs.changeColBounds(column, lower, upper)

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row and return its position."""
        columns = np.array(list(terms), dtype=np.int32)
        amounts = np.array(list(terms.values()), dtype=np.double)
        self._highs.addRow(lower, upper, len(terms), columns, amounts)
        self._row_count += 1
        return self._row_count - 1

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        """Search for the best point in whole numbers."""
        self._ask_whole_numbers(is_asked=True)
        self._apply(settings, is_whole=True)
        self._highs.clearSolver()
        if start:
            columns = np.array(list(start), dtype=np.int32)
            self._highs.setSolution(len(start), columns, np.array(list(start.values()), dtype=np.double))
        watch = _Watch(watcher, stop_asked, settings.is_enough)
        watch.attach(self._highs)
        try:
            self._highs.run()
        finally:
            watch.detach(self._highs)
        watch.raise_error()
        answer = self._whole_answer(settings, was_interrupted=watch.has_stopped)
        if watch.has_enough and answer.status is EngineStatus.STOPPED and answer.values is not None:
            return replace(answer, status=EngineStatus.WITHIN_GAP)
        return answer

    def relax(self, settings: EngineSettings) -> EngineAnswer:
        """Solve without whole numbers; the answer carries the duals."""
        self._ask_whole_numbers(is_asked=False)
        self._apply(settings, is_whole=False)
        is_first = not self._highs.getBasis().valid
        # A first relaxation of a large model is many times quicker by interior points; later ones start
        # from the basis it leaves behind.
        by_interior = is_first and len(self._kinds) > MANY_COLUMNS
        self._highs.setOptionValue("solver", "ipm" if by_interior else "choose")
        self._highs.run()
        self._highs.setOptionValue("solver", "choose")
        status = self._highs.getModelStatus()
        if status in _INFEASIBLE:
            return EngineAnswer(EngineStatus.INFEASIBLE)
        if status != highspy.HighsModelStatus.kOptimal:
            return EngineAnswer(EngineStatus.UNKNOWN)
        solution = self._highs.getSolution()
        value = float(self._highs.getInfo().objective_function_value)
        return EngineAnswer(
            EngineStatus.PROVEN,
            np.array(solution.col_value),
            value,
            value,
            row_duals=np.array(solution.row_dual),
            reduced_costs=np.array(solution.col_dual),
        )

    def _ask_whole_numbers(self, *, is_asked: bool) -> None:
        if self._is_whole is is_asked:
            return
        columns = np.arange(len(self._kinds), dtype=np.int32)
        kinds = self._kinds if is_asked else np.zeros_like(self._kinds)
        self._highs.changeColsIntegrality(len(columns), columns, kinds)
        self._is_whole = is_asked

    def _apply(self, settings: EngineSettings, *, is_whole: bool) -> None:
        if _scheduler["threads"] not in (0, settings.threads):
            highspy.Highs.resetGlobalScheduler(True)
        _scheduler["threads"] = settings.threads
        options: dict[str, Any] = {
            "threads": settings.threads,
            "random_seed": settings.seed,
            # HiGHS counts time over the life of the loaded model, not from the start of the run.
            "time_limit": self._highs.getRunTime() + max(0.01, settings.time_limit_seconds),
            "mip_rel_gap": settings.relative_gap_share,
            "mip_abs_gap": TOLERANCE,
            "mip_allow_restart": settings.is_enough is None,
            "mip_feasibility_tolerance": TOLERANCE,
            "primal_feasibility_tolerance": TOLERANCE if is_whole else USUAL_TOLERANCE,
            "dual_feasibility_tolerance": TOLERANCE if is_whole else USUAL_TOLERANCE,
        }
        for option, value in options.items():
            self._highs.setOptionValue(option, value)

    def _whole_answer(self, settings: EngineSettings, *, was_interrupted: bool) -> EngineAnswer:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if status in _INFEASIBLE:
            return EngineAnswer(EngineStatus.INFEASIBLE, was_interrupted=was_interrupted)
        has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(self._highs.getSolution().col_value) if has_point else None
        objective = float(info.objective_function_value) if has_point else None
        bound = _finite(float(info.mip_dual_bound))
        if bound is None and status == highspy.HighsModelStatus.kOptimal:
            bound = objective
        if status == highspy.HighsModelStatus.kOptimal and has_point:
            is_exact = settings.relative_gap_share <= 0 or abs(info.mip_gap) <= TOLERANCE
            found = EngineStatus.PROVEN if is_exact else EngineStatus.WITHIN_GAP
        elif status in _STOPPED:
            found = EngineStatus.STOPPED
        else:
            found = EngineStatus.UNKNOWN
        return EngineAnswer(found, values, objective, bound, was_interrupted=was_interrupted)


class _Watch:
    """Callbacks of one run; an error raised by a watcher is kept and raised after the run."""

    def __init__(
        self, watcher: Watcher | None, stop_asked: StopAsked | None, is_enough: Enough | None
    ) -> None:
        self._is_enough = is_enough
        self._last: EngineProgress | None = None
        self.has_enough = False
        self._watcher = watcher
        self._stop_asked = stop_asked
        self._error: BaseException | None = None
        self.has_stopped = False

    def attach(self, highs: Any) -> None:
        """Subscribe to what is needed."""
        highs.cbMipInterrupt.subscribe(self._on_interrupt)
        highs.cbSimplexInterrupt.subscribe(self._on_interrupt)

    def detach(self, highs: Any) -> None:
        """Unsubscribe again."""
        highs.cbMipInterrupt.unsubscribe(self._on_interrupt)
        highs.cbSimplexInterrupt.unsubscribe(self._on_interrupt)

    def raise_error(self) -> None:
        """Raise what a watcher raised."""
        if self._error is not None:
            raise self._error

    def _on_interrupt(self, event: Any) -> None:
        try:
            self.has_stopped = self.has_stopped or (self._stop_asked is not None and self._stop_asked())
            best, bound = float(event.data_out.mip_primal_bound), float(event.data_out.mip_dual_bound)
            self._tell(EngineProgress(float(event.data_out.running_time), _finite(best), _finite(bound)))
            if self._is_enough is not None and _finite(best) is not None and _finite(bound) is not None:
                self.has_enough = self.has_enough or self._is_enough(best, bound)
        except BaseException as error:  # an exception must not cross the solver's own frames
            self._error, self.has_stopped = error, True
        # FRAGILE: HiGHS keeps the answer of the last run, so "go on" must be said as well as "stop".
        event.interrupt(self.has_stopped or self.has_enough)

    def _tell(self, now: EngineProgress) -> None:
        """Tell the watcher what is new, at most ten times a second; a better plan is told at once."""
        last = self._last
        if self._watcher is None:
            return
        if last is not None and last.best_value == now.best_value:
            is_soon = now.seconds < last.seconds + SECONDS_BETWEEN_NEWS
            if is_soon or last.bound == now.bound:
                return
        self._last = now
        self._watcher(now)


_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible,)
_STOPPED = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kMemoryLimit,
)


def _highs_model(model: LinearModel) -> Any:
    """Return the model as HiGHS takes it, in one piece."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.costs), len(model.row_names)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.costs, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[is_whole] for is_whole in model.is_integer.tolist()]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model.starts, model.indices
    lp.a_matrix_.value_ = model.values
    return lp


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) and abs(value) < 1e30 else None
