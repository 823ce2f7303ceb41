"""HiGHS in process: one hand-over, then edits in place; its own status, bound and gap.

FRAGILE: HiGHS fixes its number of threads at the first run of a process; asking for another number resets
its scheduler, which must not happen while another run is under way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    StopAsked,
    Watcher,
)
from optimizer.engines.model_scaling import ModelScale
from optimizer.engines.watching import RunWatch, finite

GAP = 1e-9
TOLERANCE = 1e-9
"""Feasibility tolerance of rows and whole numbers; HiGHS's usual 1e-6 lets a plan overspend.

FRAGILE: HiGHS has called worse points proven where a row leaves about ten times its tolerance of room: rows
of money in which one đồng, as the engine is told it, is that small, and values held so near. A thousand times
has been safe (thousands of problems held against all choices there are: tests/optimizer/test_odd_money.py),
and is what the units of money (LARGEST_COEFFICIENT of optimizer.formulation.draft, optimizer.engines
.model_scaling) and the slack of held values (optimizer.solving.search) give.
"""

USUAL_TOLERANCE = 1e-7
"""Relaxations only hint at prices; what is claimed from them is re-added in fractions."""
LOOSE_TOLERANCE = 1e-6
"""A second look refuses less than the first; what it lets through the exact audit refuses."""
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
        self._scale = ModelScale(model)
        self._highs.passModel(_highs_model(self._scale.model(model)))

    def set_costs(self, costs: Sequence[float] | Numbers) -> None:
        """Replace the objective (maximised)."""
        columns = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), columns, self._scale.costs(costs))

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row."""
        self._highs.changeRowBounds(row, *self._scale.row_bounds(row, lower, upper))

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self._highs.changeColBounds(column, *self._scale.column_bounds(column, lower, upper))

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row and return its position."""
        columns, amounts = self._scale.added_row(terms)
        lower, upper = self._scale.row_bounds(self._row_count, lower, upper)
        self._highs.addRow(lower, upper, len(terms), columns, amounts)
        self._row_count += 1
        return self._row_count - 1

    def drop_rows(self, first: int) -> None:
        """Take out every row from a position on."""
        places = np.arange(first, self._row_count, dtype=np.int32)
        if len(places):
            self._highs.deleteRows(len(places), places)
            self._scale.drop_rows(first)
            self._row_count = first

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
            self._highs.setSolution(len(start), *self._scale.start(start))
        watch = RunWatch(settings, self._scale.watcher(watcher), stop_asked)
        callbacks = _Callbacks(watch)
        callbacks.attach(self._highs)
        try:
            self._highs.run()
            found = self._whole_answer(settings, was_interrupted=watch.has_stopped)
            if start and not watch.has_stopped and self._has_ended_unsearched():
                self._highs.clearSolver()
                self._highs.run()
                again = self._whole_answer(settings, was_interrupted=watch.has_stopped)
                found = _without_start(found, again)
        finally:
            callbacks.detach(self._highs)
        watch.raise_error()
        answer = self._scale.answer(found)
        return replace(answer, status=watch.status(answer.status, has_point=answer.values is not None))

    def _has_ended_unsearched(self) -> bool:
        """Tell whether the start was called the best although no node was opened.

        FRAGILE: with the start as cut-off HiGHS 1.15 has thrown away the whole of a presolved model, better
        points with it (models/unsearched-score.json); without a start it solves the same model rightly.
        """
        is_proven = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return bool(is_proven and self._highs.getInfo().mip_node_count <= 0)

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
        answer = EngineAnswer(
            EngineStatus.PROVEN,
            np.array(solution.col_value),
            value,
            value,
            row_duals=np.array(solution.row_dual),
            reduced_costs=np.array(solution.col_dual),
        )
        return self._scale.answer(answer)

    def basis(self) -> object:
        """Return where the last relaxation ended, for start_from; it belongs to this process."""
        return self._highs.getBasis()

    def start_from(self, basis: object) -> None:
        """Forget earlier runs and begin the next relaxation at a basis.

        What it answers then does not depend on what was asked in between.
        """
        self._highs.clearSolver()
        self._highs.setBasis(basis)

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
        whole_tolerance = LOOSE_TOLERANCE if settings.is_second_look else TOLERANCE
        # FRAGILE: a search whose relaxations are stricter than itself can go round for ever.
        row_tolerance = whole_tolerance if is_whole else USUAL_TOLERANCE
        options: dict[str, Any] = {
            "threads": settings.threads,
            "random_seed": settings.seed,
            # FRAGILE: relaxations count time over the life of the loaded model, searches from their start.
            "time_limit": max(0.01, settings.time_limit_seconds)
            + (0.0 if is_whole else self._highs.getRunTime()),
            "mip_rel_gap": settings.relative_gap_share,
            "mip_abs_gap": GAP,
            "mip_allow_restart": settings.is_enough is None,
            "mip_max_nodes": highspy.kHighsIInf if settings.most_nodes is None else settings.most_nodes,
            "presolve": "off" if settings.is_second_look else "choose",
            "mip_feasibility_tolerance": whole_tolerance,
            "primal_feasibility_tolerance": row_tolerance,
            "dual_feasibility_tolerance": row_tolerance,
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
        bound = finite(float(info.mip_dual_bound))
        if bound is None and status == highspy.HighsModelStatus.kOptimal:
            bound = objective
        if status == highspy.HighsModelStatus.kOptimal and has_point:
            is_exact = settings.relative_gap_share <= 0 or abs(info.mip_gap) <= GAP
            found = EngineStatus.PROVEN if is_exact else EngineStatus.WITHIN_GAP
        elif status in _STOPPED:
            found = EngineStatus.STOPPED
        else:
            found = EngineStatus.UNKNOWN
        return EngineAnswer(found, values, objective, bound, was_interrupted=was_interrupted)


def _without_start(found: EngineAnswer, again: EngineAnswer) -> EngineAnswer:
    """Return what two runs say together: one called its start the best unsearched, one had no start.

    Where the second finds no point at all, not even the start (which may keep its rows to the last bit
    only), both say that nothing is better. Where it ends before it finds one, the start is all there is.
    """
    if again.values is not None:
        return again
    if again.status is EngineStatus.INFEASIBLE:
        return found
    return replace(found, status=again.status, bound=again.bound, was_interrupted=again.was_interrupted)


class _Callbacks:
    """Passes HiGHS's moments on to the watch of the run."""

    def __init__(self, watch: RunWatch) -> None:
        self._watch = watch

    def attach(self, highs: Any) -> None:
        """Subscribe to what is needed."""
        for moment in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
            moment.subscribe(self._on_interrupt)
        highs.cbMipImprovingSolution.subscribe(self._on_better_point)

    def detach(self, highs: Any) -> None:
        """Unsubscribe again."""
        for moment in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
            moment.unsubscribe(self._on_interrupt)
        highs.cbMipImprovingSolution.unsubscribe(self._on_better_point)

    def _on_interrupt(self, event: Any) -> None:
        told = event.data_out
        # FRAGILE: HiGHS keeps the answer of the last run, so "go on" must be said as well as "stop".
        event.interrupt(self._watch.must_end(told.mip_primal_bound, told.mip_dual_bound))

    def _on_better_point(self, event: Any) -> None:
        told = event.data_out
        # HiGHS takes its memory back after the call, so the values are copied.
        self._watch.must_end(
            told.objective_function_value, told.mip_dual_bound, lambda: np.array(told.mip_solution)
        )


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
