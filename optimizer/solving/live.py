"""A problem loaded once and asked many times: edits change bounds and points in place.

Every candidate is written as open; its state is a bound. So a ceiling, a pin, a weight or a limit is edited
by touching the few rows and columns it speaks of, and the relaxation starts from where it stood. What
cannot be edited in place (costs, yields, new rules) is another problem: open another.

FRAGILE: engines have been wrong after edits in place; a live "infeasible" is confirmed on a fresh model
before anybody is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter, process_time

from optimizer.edits import CeilingEdit, Edit, LimitEdit, StateEdit, WeightEdit, apply_edits
from optimizer.engines.interface import EngineAnswer, EngineStatus
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import in_order
from optimizer.plan import AllocationPlan
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    Limit,
    StageName,
    allowed_level_ids,
)
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import OnProgress, ShouldStop, SolveLimits
from optimizer.solving.search import Search
from optimizer.solving.solve import plan_by_stages, require_sound_problem
from optimizer.spending import (
    cost_within_vnd,
    effective_floor_vnd,
    group_ceiling_vnd,
    scope_source_ids,
    source_groups,
)

MUST_STATES = (CandidateState.COMMITTED, CandidateState.PINNED)


@dataclass(frozen=True, slots=True)
class RelaxedPlan:
    """The answer without whole levels: a bound and prices, at once.

    Attributes:
        is_feasible: False = not even shares of levels keep the hard rules.
        bound_points: no plan scores more, by the engine's arithmetic.
        answer: the engine's values and duals, for whoever searches on.
        seconds: wall clock of the relaxation.
    """

    is_feasible: bool
    bound_points: float | None
    answer: EngineAnswer
    seconds: float


class LiveAllocation:
    """A loaded problem with edits on top of it."""

    def __init__(self, problem: AllocationProblem, limits: SolveLimits | None = None) -> None:
        """Load a problem.

        Raises:
            InvalidProblem: the problem has mistakes.
            NoFeasiblePlan: plain arithmetic shows contradictions.
        """
        require_sound_problem(problem)
        self.base = problem
        self.limits = limits or SolveLimits()
        self._edits: list[Edit] = []
        opened = replace(problem, candidates=tuple(_opened(item) for item in problem.candidates))
        self._draft = formulate(opened)
        self._loaded_problem = in_order(problem)
        self._draft = replace(self._draft, problem=self._loaded_problem)
        self.search = Search(self._draft, engine_named(self.limits.engine_name), self.limits)
        self._exact_rows = {row.name: row for row in self._draft.exact_rows}
        self._restate(self._draft.problem)
        self.search.aim(StageName.SCORE)
        self._as_loaded = self.search.mark()
        self._loaded_edges = {name: row.edge for name, row in self._exact_rows.items()}
        self._loaded_points = list(self._draft.points)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits made since the last reset."""
        return tuple(self._edits)

    def problem(self) -> AllocationProblem:
        """Return the problem with its edits."""
        return apply_edits(self.base, self._edits)

    def edit(self, *edits: Edit) -> None:
        """Make edits on top of those already made.

        Raises:
            InvalidProblem: an edit names what the problem does not have, or an impossible amount.
        """
        edited = apply_edits(self._draft.problem, edits)
        before = self._draft.problem
        self._edits += edits
        self._take_problem(edited)
        if any(isinstance(item, CeilingEdit) for item in edits):
            self._restate_ceilings(edited)
        states = {item.candidate_id for item in edits if isinstance(item, StateEdit)}
        for candidate_id in sorted(states):
            self._restate_state(edited.candidates[self._draft.positions[candidate_id]])
        named = {item.limit_id for item in edits if isinstance(item, LimitEdit)}
        for number, limit in enumerate(edited.limits):
            if limit.id in named or self._bars_change(before, edited, limit, states):
                self._restate_limit(edited, number, limit)
        if any(isinstance(item, WeightEdit) for item in edits):
            self._restate_weights(edited)

    def reset(self) -> None:
        """Undo every edit."""
        self._edits = []
        for name, edge in self._loaded_edges.items():
            self._exact_rows[name].edge = edge
        is_reweighted = self._draft.points != self._loaded_points
        self._take_problem(self._loaded_problem)
        self._draft.points[:] = self._loaded_points
        self.search.put_back(self._as_loaded)
        if is_reweighted:
            self.search.aim(StageName.SCORE)

    def relax(self) -> RelaxedPlan:
        """Return the bound and prices of the problem as it stands."""
        began = perf_counter()
        answer = self.search.relax()
        is_feasible = answer.status is not EngineStatus.INFEASIBLE
        return RelaxedPlan(is_feasible, answer.objective, answer, perf_counter() - began)

    def prices(self, relaxed: RelaxedPlan) -> Mapping[str, Fraction]:
        """Return the prices of the certificate's rows from a relaxation, in points per unit of the row."""
        duals = relaxed.answer.row_duals
        return {} if duals is None else self.search.multipliers(duals)

    def plan(
        self,
        limits: SolveLimits | None = None,
        near: Mapping[str, str] | None = None,
        *,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> AllocationPlan:
        """Return an audited plan for the problem as it stands, with its proven gap.

        Args:
            limits: limits of this run; None = those given when the problem was loaded.
            near: a plan to start from, where it still keeps the rules.
            on_progress, should_stop: as in solve.
        Raises:
            InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure: as solve.
        """
        clocks = (perf_counter(), process_time())
        problem = self.problem()
        require_sound_problem(problem)
        before = self.search.mark()
        self.search.begin(limits or self.limits)
        try:
            if near is not None:
                self.search.offer(self._positions_of(near))
            return plan_by_stages(problem, self.search, clocks, (on_progress, should_stop))
        finally:
            self.search.put_back(before)
            self.search.aim(StageName.SCORE)

    def _positions_of(self, level_ids: Mapping[str, str]) -> dict[int, int]:
        chosen = {}
        for candidate_id, level_id in level_ids.items():
            place = self._draft.positions[candidate_id]
            ids = [level.id for level in self._draft.problem.candidates[place].levels]
            chosen[place] = ids.index(level_id)
        return chosen

    def _take_problem(self, problem: AllocationProblem) -> None:
        """Let audit, gate and stages read the problem as edited; the rows stay the same objects."""
        self._draft = replace(self._draft, problem=problem, _scopes=None)
        self.search.draft = self._draft

    def _restate(self, problem: AllocationProblem) -> None:
        """Write the states and the floors that depend on them."""
        for candidate in problem.candidates:
            if candidate.state is not CandidateState.OPEN:
                self._restate_state(candidate)
        if any(item.state is CandidateState.BARRED for item in problem.candidates):
            for number, limit in enumerate(problem.limits):
                self._restate_limit(problem, number, limit)

    def _restate_ceilings(self, problem: AllocationProblem) -> None:
        q = self._draft.quantum_vnd
        for number, group in enumerate(source_groups(problem.sources)):
            for year in problem.years:
                name = f"ceiling_{number}_{year}"
                row = self.search.row_named(name)
                ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
                if row is not None and ceiling_vnd is not None:
                    self._exact_rows[name].edge = ceiling_vnd
                    self.search.set_row_bounds(row, -math.inf, float(-(-ceiling_vnd // q)))

    def _restate_state(self, candidate: Candidate) -> None:
        place = self._draft.positions[candidate.id]
        allowed = allowed_level_ids(candidate)
        for position, level in enumerate(candidate.levels):
            is_allowed = level.id in allowed
            self.search.set_column_bounds(self.search.column((place, position)), 0.0, float(is_allowed))
        row = self.search.choice_row(place)
        if row is not None:
            self.search.set_row_bounds(row, 1.0 if candidate.state in MUST_STATES else -math.inf, 1.0)

    def _bars_change(
        self, before: AllocationProblem, after: AllocationProblem, limit: Limit, states: Iterable[str]
    ) -> bool:
        """Tell whether barring or releasing candidates moves the floor that a limit may demand."""
        if limit.at_least_vnd is None:
            return False
        source_ids = scope_source_ids(after.sources, limit.scope)
        for candidate_id in states:
            place = self._draft.positions[candidate_id]
            one, other = before.candidates[place], after.candidates[place]
            is_moved = (one.state is CandidateState.BARRED) != (other.state is CandidateState.BARRED)
            if is_moved and cost_within_vnd(source_ids, limit.scope.years, other.levels[0]):
                return True
        return False

    def _restate_limit(self, problem: AllocationProblem, number: int, limit: Limit) -> None:
        """Write the floor and the ceiling of a limit; a side that was lifted stays without an edge."""
        q = self._draft.quantum_vnd
        cap, floor = self.search.row_named(f"cap_{number}"), self.search.row_named(f"floor_{number}")
        if cap is not None:
            edge = math.inf if limit.at_most_vnd is None else float(-(-limit.at_most_vnd // q))
            self.search.set_row_bounds(cap, -math.inf, edge)
            self._set_edge(f"cap_{number}", limit.at_most_vnd)
        if floor is not None:
            floor_vnd = effective_floor_vnd(problem, limit, self._draft.scopes())
            edge = -math.inf if limit.at_least_vnd is None else float(floor_vnd // q)
            self.search.set_row_bounds(floor, edge, math.inf)
            self._set_edge(f"floor_{number}", floor_vnd)

    def _set_edge(self, name: str, edge_vnd: int | None) -> None:
        row = self._exact_rows.get(name)
        if row is not None:
            # Without an edge the row can refuse nothing: more than everything together is never spent.
            row.edge = sum(row.amounts.values()) if edge_vnd is None else edge_vnd

    def _restate_weights(self, problem: AllocationProblem) -> None:
        """Points of an output rise and fall in proportion to its weight."""
        factors = {}
        for number, (loaded, edited) in enumerate(
            zip(self._loaded_problem.outputs, problem.outputs, strict=True)
        ):
            if loaded.weight != edited.weight:
                factors[str(number)] = edited.weight / loaded.weight
        self._draft.points[:] = [
            (variable, amount * factors.get(variable.name.split("_")[1], 1))
            for variable, amount in self._loaded_points
        ]
        self.search.aim(StageName.SCORE)


def _opened(candidate: Candidate) -> Candidate:
    return replace(candidate, state=CandidateState.OPEN, min_level_id=None, pinned_level_id=None)
