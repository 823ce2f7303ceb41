"""The relaxation of a problem in many draws: shares of levels instead of whole levels, in milliseconds.

For sizes at which a plan in whole levels for every draw would take hours. What comes out says how much of a
candidate the best division of the money would fund; it is a hint about the plan, never a plan.

Every draw begins where the relaxation of the problem itself ended (for overruns: of the problem at half the
largest overrun), so its answer does not depend on the draws before it: draws may be worked on in any order
and in several processes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimizer.draws import MILLION, Draw, DrawRanges
from optimizer.engines.highs import HighsEngine, HighsSession
from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    product_sum,
)
from optimizer.errors import SolverFailure
from optimizer.formulation.assemble import formulate
from optimizer.formulation.stages import stage_terms
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.compile import compile_model
from optimizer.solving.cost_draws import DrawnCosts
from optimizer.spending import level_cost_vnd

THRIFT_SHARE = 1e-5
"""Of all points, taken off in proportion to cost: what adds no point is then not funded by accident."""
LAW_SLACK = 1e-6
"""Quanta by which a held shortfall may grow; the relaxation works in floating point."""


@dataclass(frozen=True, slots=True)
class RelaxedDraw:
    """What the relaxation says in one draw.

    Attributes:
        funded_ppm: millionths of a candidate that are funded at any level, by id; those at 0 left out.
        points: what these shares score, by the engine's arithmetic; no shares score more than THRIFT_SHARE of
            all points above it.
    """

    funded_ppm: Mapping[str, int]
    points: float


class RelaxedDraws:
    """A problem whose relaxation is asked in many draws."""

    def __init__(
        self, problem: AllocationProblem, ranges: DrawRanges, settings: EngineSettings | None = None
    ) -> None:
        """Load the problem and solve its own relaxation.

        Args:
            problem: a problem free of mistakes.
            ranges: how far the draws may move things.
            settings: threads, seed and time of every single relaxation.
        Raises:
            SolverFailure: the engine did not finish.
        """
        self._settings = settings or EngineSettings()
        self._draft = formulate(problem)
        self._model = compile_model(self._draft.model)
        self._columns = {name: column for column, name in enumerate(self._model.column_names)}
        self._ids = [candidate.id for candidate in self._draft.problem.candidates]
        self._places = np.array([key[0] for key in self._draft.fund], np.intp)
        self._fund_columns = np.array(
            [self._columns[variable.name] for variable in self._draft.fund.values()], np.intp
        )
        self._base_points = self._objective(StageName.SCORE)
        self._output_of = np.zeros(len(self._columns), np.intp)
        for variable, _ in self._draft.points:
            # The second part of the name is the position of the output: paid_3_0, done_5.
            self._output_of[self._columns[variable.name]] = int(variable.name.split("_")[1])
        self._law = self._objective(StageName.LEGAL_MINIMUMS) if self._has_law(problem) else None
        self._thrift = self._thrift_costs()
        self._costs = DrawnCosts(self._draft, self._model)
        self._session, answer = self._solved(self._model, self._points({}), None)
        # Weights cannot mend a problem without any plan; other costs may.
        self._basis = None if answer is None else self._session.basis()
        self._dearer_basis = self._basis_between(ranges) if ranges.costs_share else self._basis

    def in_draw(self, draw: Draw) -> RelaxedDraw | None:
        """Return the relaxation in one draw; None = not even shares of levels keep the hard rules.

        Raises:
            SolverFailure: the engine did not finish.
        """
        points = self._points(draw.weights)
        answer: EngineAnswer | None = None
        if draw.overruns_ppm:
            answer = self._solved(self._costs.model_in(draw), points, self._dearer_basis)[1]
        elif self._basis is not None:
            self._session.set_costs(points + self._thrift)
            self._session.start_from(self._basis)
            answer = self._session.relax(self._settings)
            if answer.status is not EngineStatus.PROVEN:
                answer = self._solved(self._model, points, None)[1]
        if answer is None or answer.values is None:
            return None
        return RelaxedDraw(self._funded(answer.values), product_sum(points, answer.values))

    def _basis_between(self, ranges: DrawRanges) -> object | None:
        """Return the basis of the problem at half the largest overruns, from which every draw is near."""
        half = int(ranges.costs_share * MILLION) // 2
        between = Draw(0, {}, dict.fromkeys(self._ids, half), ranges.years)
        session, answer = self._solved(self._costs.model_in(between), self._points({}), self._basis)
        return self._basis if answer is None else session.basis()

    def _has_law(self, problem: AllocationProblem) -> bool:
        return bool(self._draft.shortfalls) and StageName.LEGAL_MINIMUMS in problem.stages

    def _solved(
        self, model: LinearModel, points: Numbers, basis: object | None
    ) -> tuple[HighsSession, EngineAnswer | None]:
        """Solve a model by law and points, from a basis where one is given; None = infeasible, twice."""
        session = HighsEngine().load(model)
        if self._law is not None:
            held = self._least_shortfall(model)
            if held is None:
                return session, None
            terms = {column: float(self._law[column]) for column in np.flatnonzero(self._law).tolist()}
            session.add_row(terms, held - LAW_SLACK * max(1.0, abs(held)), math.inf)
        session.set_costs(points + self._thrift)
        if basis is not None:
            session.start_from(basis)
        answer = session.relax(self._settings)
        if answer.status is EngineStatus.PROVEN:
            return session, answer
        if basis is not None:
            return self._solved(model, points, None)
        if answer.status is EngineStatus.INFEASIBLE:
            return session, None
        raise SolverFailure("Bộ giải không giải xong bài toán nới lỏng của một lượt thử.")

    def _least_shortfall(self, model: LinearModel) -> float | None:
        """Return minus the least shortfall, in quanta; None = no shares of levels keep the hard rules."""
        session = HighsEngine().load(model)
        session.set_costs(self._law if self._law is not None else [])
        answer = session.relax(self._settings)
        if answer.status is EngineStatus.UNKNOWN:
            raise SolverFailure("Bộ giải không giải xong bài toán nới lỏng của một lượt thử.")
        return answer.objective

    def _objective(self, stage: StageName) -> Numbers:
        costs = np.zeros(len(self._columns))
        for variable, amount in stage_terms(self._draft, stage):
            costs[self._columns[variable.name]] += float(amount)
        return costs

    def _points(self, weights: Mapping[str, Fraction]) -> Numbers:
        """Return the points of every column; those of an output rise and fall with its weight."""
        factors = [
            float(weights.get(output.id, output.weight) / output.weight) if output.weight else 0.0
            for output in self._draft.problem.outputs
        ]
        points: Numbers = self._base_points * np.array(factors)[self._output_of]
        return points

    def _thrift_costs(self) -> Numbers:
        """Return minus a trifle per column, in proportion to the cost of a level."""
        costs = np.zeros(len(self._columns))
        all_points = float(sum((item.weight for item in self._draft.problem.outputs), Fraction(0)))
        for key, _, level in self._draft.levels():
            costs[self._columns[self._draft.fund[key].name]] = level_cost_vnd(level)
        total = float(costs.sum())
        return -THRIFT_SHARE * all_points * costs / total if total else costs

    def _funded(self, values: Numbers) -> dict[str, int]:
        shares = np.bincount(self._places, values[self._fund_columns], len(self._ids))
        millionths = np.rint(np.clip(shares, 0.0, 1.0) * MILLION).astype(int).tolist()
        return {key: share for key, share in zip(self._ids, millionths, strict=True) if share}
