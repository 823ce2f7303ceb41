"""A problem loaded once and asked many times: edits change bounds and points in place.

A ceiling, a pin, a weight or a limit is edited by touching the few rows and columns it speaks of, and the
relaxation starts from where it stood. What cannot be edited in place (a side of a limit that the loaded
problem does not have, another cost) is loaded anew behind the same door.

FRAGILE: engines have been wrong after edits in place. So "infeasible", and a bound that our own arrays do
not confirm, are asked again of a model built from nothing before anybody is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter, process_time

from optimizer.edits import Edit, apply_edits
from optimizer.engines.highs import HighsSession
from optimizer.engines.interface import EngineAnswer, EngineStatus
from optimizer.errors import SolverFailure
from optimizer.formulation.draft import in_order
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.solving.edited_model import EditedModel
from optimizer.solving.limits import OnProgress, ShouldStop, SolveLimits
from optimizer.solving.search import Search
from optimizer.solving.solve import plan_by_stages, require_sound_problem

CONFIRMED_SHARE = 1e-6
"""How far, relative, an engine's bound may lie from the one its own prices prove."""


@dataclass(frozen=True, slots=True)
class RelaxedPlan:
    """The answer without whole levels: a bound and prices, at once.

    Attributes:
        is_feasible: False = not even shares of levels keep the hard rules; confirmed on a fresh model.
        bound_points: no plan scores more, by the engine's arithmetic; None = the engine gave no answer.
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
        self.base = in_order(problem)
        self.limits = limits or SolveLimits()
        self._edits: list[Edit] = []
        self._first = self._now = EditedModel(self.base, self.limits)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits made since the last reset or turn."""
        return tuple(self._edits)

    @property
    def search(self) -> Search:
        """The loaded model under search."""
        return self._now.search

    def problem(self) -> AllocationProblem:
        """Return the problem as it stands, its lists sorted by id."""
        return self._now.problem

    def edit(self, *edits: Edit) -> None:
        """Make edits on top of those already made.

        Raises:
            InvalidProblem: an edit names what the problem does not have, or an impossible amount.
        """
        self._stand_for(apply_edits(self._now.problem, edits))
        self._edits += edits

    def turn_to(self, problem: AllocationProblem) -> None:
        """Let the model stand for another problem: in place where it differs by edits only, else anew.

        Limits, links and hard minimums may also be missing: a rule can be switched off in place.
        """
        self._stand_for(in_order(problem))
        self._edits = []

    def reset(self) -> None:
        """Undo every edit and turn."""
        self._now = self._first
        self._now.become(self.base)
        self._edits = []

    def relax(self) -> RelaxedPlan:
        """Return the bound and prices of the problem as it stands."""
        began = perf_counter()
        answer = self._relaxed()
        if not self._is_confirmed(answer):
            self._load_anew()
            answer = self._relaxed()
        is_feasible = answer.status is not EngineStatus.INFEASIBLE
        bound = answer.objective if answer.status is EngineStatus.PROVEN else None
        return RelaxedPlan(is_feasible, bound, answer, perf_counter() - began)

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
            near: a plan to start from, where it still keeps the rules; the answer is then not worse.
            on_progress, should_stop: as in solve.
        Raises:
            InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure: as solve.
        """
        clocks = (perf_counter(), process_time())
        limits = limits or self.limits
        require_sound_problem(self._now.problem)
        asked = (on_progress, should_stop)
        try:
            return self._planned(limits, near, clocks, asked)
        except SolverFailure:
            left = limits.time_limit_seconds - (perf_counter() - clocks[0])
            if left <= 0:
                raise
            self._load_anew()
            return self._planned(replace(limits, time_limit_seconds=left), near, clocks, asked)

    def _planned(
        self,
        limits: SolveLimits,
        near: Mapping[str, str] | None,
        clocks: tuple[float, float],
        asked: tuple[OnProgress | None, ShouldStop | None],
    ) -> AllocationPlan:
        """Plan on the loaded model and leave it as it was."""
        search = self._now.search
        before, basis = search.mark(), _basis_of(search)
        search.begin(limits)
        try:
            chosen = None if near is None else self._positions_of(near)
            if chosen is not None:
                search.offer(chosen)
            return plan_by_stages(self._now.problem, search, clocks, asked)
        finally:
            search.put_back(before)
            search.session.set_costs(self._now.costs)
            if basis is not None and isinstance(search.session, HighsSession):
                # The next relaxation goes on where the last one stood, as if nothing had been searched.
                search.session.start_from(basis)

    def _relaxed(self) -> EngineAnswer:
        # Every question has the whole time, however long the model has been loaded.
        self._now.search.begin(self.limits)
        return self._now.search.relax()

    def _stand_for(self, problem: AllocationProblem) -> None:
        if self._now.can_become(problem):
            self._now.become(problem)
        elif self._first.can_become(problem):
            self._first.become(problem)
            self._now = self._first
        else:
            self._now = EditedModel(problem, self.limits)

    def _load_anew(self) -> None:
        """Build the model from the problem as it stands, as if nothing had been edited."""
        self._now = EditedModel(self._now.problem, self.limits)

    def _is_confirmed(self, answer: EngineAnswer) -> bool:
        """Tell whether an answer may be told: a bound that its own prices prove in our arrays."""
        if answer.status is not EngineStatus.PROVEN or answer.objective is None:
            return False
        proven = self._now.dual_value(answer)
        room = CONFIRMED_SHARE * max(1.0, abs(answer.objective))
        return proven is None or (abs(proven - answer.objective) <= room)

    def _positions_of(self, level_ids: Mapping[str, str]) -> dict[int, int] | None:
        """Return a plan as positions; None when it names what the problem does not have."""
        chosen, draft = {}, self._now.draft
        for candidate_id, level_id in level_ids.items():
            place = draft.positions.get(candidate_id)
            levels = () if place is None else draft.problem.candidates[place].levels
            position = next((at for at, level in enumerate(levels) if level.id == level_id), None)
            if place is None or position is None:
                return None
            chosen[place] = position
        return chosen


def _basis_of(search: Search) -> object | None:
    """Return where the last relaxation ended, where the engine can tell."""
    return search.session.basis() if isinstance(search.session, HighsSession) else None
