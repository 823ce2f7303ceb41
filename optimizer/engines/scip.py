"""SCIP as a second opinion, in process: its own status, bound and gap, from another school of search.

The package is optional and loaded by whoever imports this file. SCIP is handed the whole model anew for each
run: a second opinion should lean on nothing left over from the first. It searches with one thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from pyscipopt import LP, Eventhdlr, ExprCons, Model, quicksum
from pyscipopt.scip import PY_SCIP_EVENTTYPE, PY_SCIP_LPPARAM

from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    StopAsked,
    Watcher,
)
from optimizer.engines.kept_model import KeptModel
from optimizer.engines.model_scaling import ModelScale
from optimizer.engines.watching import RunWatch, finite, stopped_before_it_began

TOLERANCE = 1e-9
"""Feasibility tolerance of rows and whole numbers; SCIP's usual 1e-6 lets a plan overspend."""
WALL_CLOCK = 2
"""SCIP's name for elapsed time; its usual clock counts CPU seconds of the process in some builds."""

_MOMENTS = (
    PY_SCIP_EVENTTYPE.BESTSOLFOUND,
    PY_SCIP_EVENTTYPE.PRESOLVEROUND,
    PY_SCIP_EVENTTYPE.LPSOLVED,
    PY_SCIP_EVENTTYPE.NODESOLVED,
)
_ENDS = {
    "optimal": EngineStatus.PROVEN,
    "gaplimit": EngineStatus.WITHIN_GAP,
    "infeasible": EngineStatus.INFEASIBLE,
    "timelimit": EngineStatus.STOPPED,
    "memlimit": EngineStatus.STOPPED,
    "nodelimit": EngineStatus.STOPPED,
    "userinterrupt": EngineStatus.STOPPED,
}


class ScipEngine:
    """The second opinion."""

    name = "scip"

    @property
    def version(self) -> str:
        """Version of SCIP."""
        model = Model()
        return f"{model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"

    def load(self, model: LinearModel) -> ScipSession:
        """Keep the model; it is handed over anew for every run."""
        return ScipSession(model)


class ScipSession(KeptModel):
    """A model that is given to a fresh SCIP for each run."""

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        """Search for the best point in whole numbers."""
        if stop_asked is not None and stop_asked():
            return stopped_before_it_began()
        scale = ModelScale(self.model)
        model, columns = _handed_over(scale.model(self.model))
        model.setParams(_parameters(settings))
        if start:
            known = model.createPartialSol()
            for place, value in zip(*(told.tolist() for told in scale.start(start)), strict=True):
                model.setSolVal(known, columns[place], value)
            model.addSol(known)
        watch = RunWatch(settings, scale.watcher(watcher), stop_asked)
        events = _Events(columns, watch)
        model.includeEventhdlr(events, "watch", "tells progress and ends the run when asked")
        try:
            model.optimizeNogil()
        finally:
            # Model and events own each other; without this neither would ever be freed.
            events.model = None
        watch.raise_error()
        return scale.answer(_answer(model, columns, watch))

    def relax(self, settings: EngineSettings) -> EngineAnswer:
        """Solve without whole numbers by SCIP's own simplex; the answer carries the duals."""
        scale = ModelScale(self.model)
        program = _relaxation(scale.model(self.model))
        program.setRealParam(PY_SCIP_LPPARAM.LPTILIM, max(0.01, settings.time_limit_seconds))
        program.solve()
        if not program.isOptimal():
            has_proof = not program.isPrimalFeasible() and program.getDualRay() is not None
            return EngineAnswer(EngineStatus.INFEASIBLE if has_proof else EngineStatus.UNKNOWN)
        value = float(program.getObjVal())
        answer = EngineAnswer(
            EngineStatus.PROVEN,
            np.array(program.getPrimal(), float),
            value,
            value,
            row_duals=np.array(program.getDual(), float),
            reduced_costs=np.array(program.getRedcost(), float),
        )
        return scale.answer(answer)


class _Events(Eventhdlr):
    """Passes SCIP's moments on to the watch of the run."""

    def __init__(self, columns: list[Any], watch: RunWatch) -> None:
        self._columns = columns
        self._watch = watch

    def eventinit(self) -> None:
        """Ask to be told."""
        for moment in _MOMENTS:
            self.model.catchEvent(moment, self)

    def eventexec(self, event: Any) -> None:
        """Look at where the run stands and end it when that is wanted."""
        model, found, best = self.model, None, self.model.getPrimalbound()
        if event.getType() == PY_SCIP_EVENTTYPE.BESTSOLFOUND:
            # The point is there before SCIP's own best value moves.
            best = model.getSolObjVal(model.getBestSol())
            found = partial(_best_values, model, self._columns)
        if self._watch.must_end(best, model.getDualbound(), found):
            model.interruptSolve()


def _parameters(settings: EngineSettings) -> dict[str, bool | float | str]:
    parameters: dict[str, bool | float | str] = {
        "limits/time": max(0.01, settings.time_limit_seconds),
        "limits/gap": settings.relative_gap_share,
        "limits/nodes": -1 if settings.most_nodes is None else settings.most_nodes,
        "lp/threads": settings.threads,
        "misc/catchctrlc": False,
        "numerics/dualfeastol": TOLERANCE,
        "numerics/feastol": TOLERANCE,
        "randomization/randomseedshift": settings.seed,
        "timing/clocktype": WALL_CLOCK,
    }
    if settings.is_second_look:
        del parameters["numerics/feastol"], parameters["numerics/dualfeastol"]
        parameters["presolving/maxrounds"] = 0
    return parameters


def _handed_over(arrays: LinearModel) -> tuple[Model, list[Any]]:
    """Return a SCIP model of the arrays and its variables in the order of the columns."""
    model = Model()
    model.hideOutput()
    edge = model.infinity()
    lowest, highest = (np.clip(side, -edge, edge).tolist() for side in (arrays.lower, arrays.upper))
    facts = zip(arrays.costs.tolist(), lowest, highest, arrays.is_integer.tolist(), strict=True)
    columns = [
        model.addVar(f"c{place}", "I" if is_whole else "C", lower, upper, cost)
        for place, (cost, lower, upper, is_whole) in enumerate(facts)
    ]
    model.setMaximize()
    least, most = (np.clip(side, -edge, edge).tolist() for side in (arrays.row_lower, arrays.row_upper))
    for row, (lower, upper, entries) in enumerate(zip(least, most, _entries(arrays), strict=True)):
        total = quicksum(amount * columns[place] for place, amount in entries)
        model.addCons(ExprCons(total, lower, upper), f"r{row}")
    return model, columns


def _relaxation(arrays: LinearModel) -> LP:
    """Return the arrays as a linear program in SCIP's own solver."""
    program = LP(sense="maximize")
    edge = program.infinity()
    nothing: list[list[tuple[int, float]]] = [[] for _ in arrays.costs]
    columns = (arrays.costs, np.clip(arrays.lower, -edge, edge), np.clip(arrays.upper, -edge, edge))
    program.addCols(nothing, *(numbers.tolist() for numbers in columns))
    sides = (np.clip(arrays.row_lower, -edge, edge), np.clip(arrays.row_upper, -edge, edge))
    program.addRows(_entries(arrays), *(numbers.tolist() for numbers in sides))
    return program


def _entries(arrays: LinearModel) -> list[list[tuple[int, float]]]:
    """Return (column, amount) of every row."""
    pairs = list(zip(arrays.indices.tolist(), arrays.values.tolist(), strict=True))
    starts = arrays.starts.tolist()
    return [pairs[first:last] for first, last in pairwise(starts)]


def _answer(model: Model, columns: list[Any], watch: RunWatch) -> EngineAnswer:
    status = _ENDS.get(model.getStatus(), EngineStatus.UNKNOWN)
    if status is EngineStatus.INFEASIBLE:
        return EngineAnswer(status)
    values = _best_values(model, columns) if model.getNSols() else None
    return EngineAnswer(
        watch.status(status, has_point=values is not None),
        values,
        None if values is None else finite(model.getPrimalbound()),
        finite(model.getDualbound()),
        was_interrupted=watch.has_stopped,
    )


def _best_values(model: Model, columns: list[Any]) -> Numbers:
    best = model.getBestSol()
    return np.array([model.getSolVal(best, column) for column in columns], float)
