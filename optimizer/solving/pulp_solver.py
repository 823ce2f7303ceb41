"""HiGHS for any PuLP problem: one hand-over, a live model for the next solve, and an honest status.

    solver = InProcessHighs(EngineSettings(time_limit_seconds=20))
    problem.solve(solver)          # "Optimal" only when it is proven
    ceiling.changeRHS(900)
    problem.solve(solver)          # the same live model, only the right side is sent
    solver.answer                  # the engine's own status, value, bound

What PuLP's own door says "Optimal" to after a time limit is here "Not Solved" with "Solution Found", and
where the engine has no point the variables have no value. Of PuLP only what its version 4 keeps is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pulp
from numpy.typing import NDArray

from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import (
    EngineAnswer,
    EngineSession,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    StopAsked,
    Watcher,
)
from optimizer.solving.compile import column_bounds, compile_model, objective_costs, row_sides

_STATUS = {
    EngineStatus.PROVEN: (pulp.LpStatusOptimal, pulp.LpSolutionOptimal),
    EngineStatus.INFEASIBLE: (pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible),
}


class InProcessHighs(pulp.LpSolver):  # type: ignore[misc]  # PuLP is published without types
    """A solver for ``problem.solve``; it keeps the model of the problem it solved last.

    Attributes:
        answer: the engine's own words about the last solve, in the sense and with the constant of the
            problem's objective; None before the first.
        hand_overs: how often a whole model was handed over so far.
    """

    name = "InProcessHighs"

    def __init__(
        self,
        settings: EngineSettings | None = None,
        *,
        is_relaxed: bool = False,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> None:
        """Keep what every solve will go by.

        Args:
            settings: limits of each solve; None = the defaults of EngineSettings.
            is_relaxed: leave out the demand for whole numbers; pi and dj are then known.
            watcher: told best value and bound (of the maximisation handed over) while the engine runs.
            stop_asked: asked often; True ends the solve and keeps the best point.
        """
        super().__init__(mip=not is_relaxed, msg=False)
        self.settings = settings or EngineSettings()
        self.answer: EngineAnswer | None = None
        self.hand_overs = 0
        self._watcher = watcher
        self._stop_asked = stop_asked
        self._live: _LiveModel | None = None

    def available(self) -> bool:
        """HiGHS comes with the program."""
        return True

    def actualSolve(self, lp: pulp.LpProblem) -> int:  # noqa: N802  PuLP calls it so
        """Solve a problem; called by ``problem.solve`` and ``problem.resolve``.

        Returns:
            PuLP's status code: Optimal only for a proven optimum.
        """
        if self._live is None or not self._live.follow(lp):
            self._live = _LiveModel.of(lp)
            self.hand_overs += 1
        live = self._live
        told = self._run(live, live.session, self.settings)
        if told.status is EngineStatus.INFEASIBLE:
            # An edited live model may be wrong about this; it is claimed only after a cold second look.
            told = self._run(
                live, HighsEngine().load(live.model), replace(self.settings, is_second_look=True)
            )
        self.answer = _in_words_of(lp, told)
        live.write_back(self.answer)
        status, found = _STATUS.get(told.status, (pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound))
        if status == pulp.LpStatusNotSolved and told.values is not None:
            found = pulp.LpSolutionIntegerFeasible
        lp.assignStatus(status, found)
        return int(status)

    def _run(self, live: _LiveModel, session: EngineSession, settings: EngineSettings) -> EngineAnswer:
        if self.mip and live.model.is_integer.any():
            return session.solve(settings, None, self._watcher, self._stop_asked)
        return session.relax(settings)


@dataclass(slots=True)
class _LiveModel:
    """A loaded model with the PuLP objects its rows and columns came from.

    Attributes:
        owners: identity of the variable of each entry of the matrix.
    """

    problem: pulp.LpProblem
    variables: list[pulp.LpVariable]
    rows: list[pulp.LpConstraint]
    owners: NDArray[np.int64]
    model: LinearModel
    session: EngineSession

    @classmethod
    def of(cls, problem: pulp.LpProblem) -> _LiveModel:
        """Compile a problem and hand it over."""
        model = compile_model(problem)
        model.costs = model.costs * _direction(problem)
        rows = list(problem.constraints())
        session = HighsEngine().load(model)
        return cls(problem, list(problem.variables()), rows, _owners(rows), model, session)

    def follow(self, problem: pulp.LpProblem) -> bool:
        """Send what changed in the objective, right sides and bounds; False when it must be handed over anew.

        Every coefficient is compared with what was handed over, so that no edit of a row is overlooked.
        """
        if problem is not self.problem or not self._has_same_matrix():
            return False
        place = {variable: position for position, variable in enumerate(self.variables)}
        if any(variable not in place for variable in problem.objective):
            return False
        costs = objective_costs(problem.objective, place) * _direction(problem)
        if not np.array_equal(costs, self.model.costs):
            self.session.set_costs(costs)
            self.model.costs = costs
        for row, lower, upper in _changed((self.model.row_lower, self.model.row_upper), row_sides(self.rows)):
            self.session.set_row_bounds(row, lower, upper)
        bounds = column_bounds(self.variables)
        for column, lower, upper in _changed((self.model.lower, self.model.upper), bounds):
            self.session.set_column_bounds(column, lower, upper)
        return True

    def _has_same_matrix(self) -> bool:
        rows, model = self.problem.constraints(), self.model
        if len(rows) != len(self.rows) or any(
            now is not then for now, then in zip(rows, self.rows, strict=True)
        ):
            return False
        lengths = np.fromiter((len(row) for row in rows), np.int32, len(rows))
        if not np.array_equal(lengths, np.diff(model.starts)):
            return False
        values = np.fromiter(chain.from_iterable(row.values() for row in rows), np.double)
        kinds = np.array([item.cat == pulp.LpInteger for item in self.variables], bool)
        return (
            np.array_equal(values, model.values)
            and np.array_equal(_owners(rows), self.owners)
            and np.array_equal(kinds, model.is_integer)
        )

    def write_back(self, answer: EngineAnswer) -> None:
        """Give variables and constraints their values; none where the engine has no point."""
        nothing = [None] * max(len(self.variables), len(self.rows))
        values = nothing if answer.values is None else answer.values.tolist()
        reduced = nothing if answer.reduced_costs is None else answer.reduced_costs.tolist()
        for variable, value, cost in zip(self.variables, values, reduced, strict=False):
            variable.varValue, variable.dj = value, cost
        duals = nothing if answer.row_duals is None else answer.row_duals.tolist()
        slacks = nothing if answer.values is None else self._slacks(answer.values)
        for row, dual, slack in zip(self.rows, duals, slacks, strict=False):
            row.pi, row.slack = dual, slack

    def _slacks(self, values: Numbers) -> list[float]:
        """Return what is left of each right side (of "at least" rows: what is above it)."""
        count = len(self.rows)
        row_of = np.repeat(np.arange(count), np.diff(self.model.starts))
        totals = np.bincount(row_of, self.model.values * values[self.model.indices], count)
        lower, upper = self.model.row_lower, self.model.row_upper
        left: list[float] = np.where(np.isinf(upper), totals - lower, upper - totals).tolist()
        return left


def _owners(rows: Sequence[pulp.LpConstraint]) -> NDArray[np.int64]:
    return np.fromiter(map(id, chain.from_iterable(row.keys() for row in rows)), np.int64)


def _changed(known: tuple[Numbers, Numbers], now: tuple[Numbers, Numbers]) -> list[tuple[int, float, float]]:
    """Return (place, lower, upper) where bounds moved, and take note of them."""
    moved = np.flatnonzero((known[0] != now[0]) | (known[1] != now[1]))
    known[0][moved], known[1][moved] = now[0][moved], now[1][moved]
    return [(int(place), float(now[0][place]), float(now[1][place])) for place in moved]


def _direction(problem: pulp.LpProblem) -> float:
    return 1.0 if problem.sense == pulp.LpMaximize else -1.0


def _in_words_of(problem: pulp.LpProblem, told: EngineAnswer) -> EngineAnswer:
    """Return an answer about our maximisation in the sense of the problem's own objective."""
    sign, constant = _direction(problem), float(problem.objective.constant)
    return replace(
        told,
        objective=None if told.objective is None else sign * told.objective + constant,
        bound=None if told.bound is None else sign * told.bound + constant,
        row_duals=None if told.row_duals is None else sign * told.row_duals,
        reduced_costs=None if told.reduced_costs is None else sign * told.reduced_costs,
    )
