"""One problem asked with many sets of edits over several processes: the bound and prices of each.

The parent loads the problem and solves its relaxation once. The workers get the finished arrays and the
basis where that relaxation ended, so none of them formulates, and none starts cold. There are as many chunks
as workers and each chunk goes on from one variant to the next: neighbours in the list should be neighbours
in what they ask. Between the chunks nothing is shared, so the values do not hang on the number of workers;
where several sets of prices are right, which one is told may.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.batch.pool import JobState, run_jobs
from optimizer.edits import CeilingEdit, Edit, LimitEdit, StateEdit, WeightEdit
from optimizer.engines.carried_basis import CarriedBasis, begin_at, carried_basis
from optimizer.engines.interface import (
    EngineAnswer,
    EngineSession,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    Positions,
)
from optimizer.errors import SolverFailure
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.dual_value import dual_value
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.live import CONFIRMED_SHARE, LiveAllocation
from optimizer.solving.loaded_model import Mark


@dataclass(frozen=True, slots=True)
class RelaxedVariant:
    """The answer to one set of edits without whole levels.

    Attributes:
        is_feasible: False = not even shares of levels keep the hard rules; confirmed on a fresh model.
        bound_points: no plan scores more, by the engine's arithmetic; None = no answer.
        row_duals: for ``live.search.multipliers``, which turns them into prices; None = no answer.
    """

    is_feasible: bool
    bound_points: float | None
    row_duals: Numbers | None


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where a variant's bounds differ from the base: places with both sides, and other points."""

    rows: tuple[Positions, Numbers, Numbers]
    columns: tuple[Positions, Numbers, Numbers]
    costs: Numbers | None


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every worker gets once."""

    engine_name: str
    model: LinearModel
    basis: CarriedBasis | None
    settings: EngineSettings


def relax_variants(
    live: LiveAllocation, edit_sets: Sequence[Sequence[Edit]], workers: int = 2
) -> list[RelaxedVariant]:
    """Return the relaxation of every set of edits, in their order.

    Args:
        live: the loaded problem as it stands; it stands as before afterwards.
        edit_sets: each on top of the problem as it stands, not of one another.
        workers: processes; 1 = none but this one.
    Raises:
        InvalidProblem: an edit names what the problem does not have, or an impossible amount.
        SolverFailure: a chunk could not be done, with the reason.
    """
    live.relax()
    search, base, before = live.search, live.problem(), live.search.mark()
    model = _with_sides_of(search.whole_model(StageName.SCORE), before)
    answers: dict[int, RelaxedVariant] = {}
    moved: list[tuple[int, _Moved]] = []
    edited: set[object] = set()
    for number, edits in enumerate(edit_sets):
        now_edited = {_edited_thing(edit) for edit in edits}
        if not edited <= now_edited:
            _put_back(live, base)
        live.edit(*edits)
        edited = now_edited
        if live.search is search:
            is_weighed = any(isinstance(edit, WeightEdit) for edit in edits)
            costs = search.objective(StageName.SCORE) if is_weighed else None
            moved.append((number, _moved_from(before, search.mark(), costs)))
        else:  # not an edit of this model: its answer is found here and now
            answers[number] = _told(live.relax().answer)
            _put_back(live, base)
            edited = set()
    _put_back(live, base)
    basis = carried_basis(search.session)
    settings = EngineSettings(live.limits.time_limit_seconds, 0.0, live.limits.threads, live.limits.seed)
    shared = _Shared(live.limits.engine_name, model, basis, settings)
    chunks = np.array_split(np.arange(len(moved)), max(1, min(workers, len(moved))))
    payloads = [[moved[place][1] for place in chunk.tolist()] for chunk in chunks]
    for chunk, told in zip(chunks, _worked_off(shared, payloads, workers), strict=True):
        answers.update((moved[place][0], answer) for place, answer in zip(chunk.tolist(), told, strict=True))
    return [answers[number] for number in range(len(edit_sets))]


def _put_back(live: LiveAllocation, problem: AllocationProblem) -> None:
    if problem is live.base:
        live.reset()
    else:
        live.turn_to(problem)


def _edited_thing(edit: Edit) -> object:
    """Return what an edit speaks of: a later edit of the same thing leaves nothing of an earlier one."""
    if isinstance(edit, CeilingEdit):
        return CeilingEdit, edit.source_id, edit.year
    if isinstance(edit, StateEdit):
        return StateEdit, edit.candidate_id
    return (WeightEdit, edit.output_id) if isinstance(edit, WeightEdit) else (LimitEdit, edit.limit_id)


def _worked_off(shared: _Shared, payloads: list[list[_Moved]], workers: int) -> list[list[RelaxedVariant]]:
    if workers == 1 or len(payloads) == 1:
        return [open_relaxations(shared)(payload) for payload in payloads]
    jobs = run_jobs(open_relaxations, shared, payloads, workers)
    failed = next((job for job in jobs if job.state is not JobState.DONE), None)
    if failed is not None:
        raise SolverFailure(failed.words)
    return [job.result for job in jobs]


def open_relaxations(shared: _Shared) -> Callable[[list[_Moved]], list[RelaxedVariant]]:
    """Load the arrays into a worker's engine, at the basis of the parent."""
    loaded = _LoadedArrays(shared)
    return lambda chunk: [loaded.relaxed(moved) for moved in chunk]


class _LoadedArrays:
    """Arrays in an engine, moved from variant to variant."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared
        self._engine = engine_named(shared.engine_name)
        self._now = shared.model
        self._session: EngineSession = self._engine.load(shared.model)
        begin_at(self._session, shared.basis, len(shared.model.row_names))

    def relaxed(self, moved: _Moved) -> RelaxedVariant:
        """Return the relaxation of a variant; what the live model says is confirmed or asked afresh."""
        wanted = _with(self._shared.model, moved)
        self._move_to(wanted)
        answer = self._session.relax(self._shared.settings)
        if not _is_confirmed(wanted, answer):
            self._session = self._engine.load(wanted)
            answer = self._session.relax(self._shared.settings)
        return _told(answer)

    def _move_to(self, wanted: LinearModel) -> None:
        now = self._now
        if wanted.costs is not now.costs:
            self._session.set_costs(wanted.costs)
        rows = np.flatnonzero((wanted.row_lower != now.row_lower) | (wanted.row_upper != now.row_upper))
        for row in rows.tolist():
            self._session.set_row_bounds(row, float(wanted.row_lower[row]), float(wanted.row_upper[row]))
        columns = np.flatnonzero((wanted.lower != now.lower) | (wanted.upper != now.upper))
        for column in columns.tolist():
            self._session.set_column_bounds(column, float(wanted.lower[column]), float(wanted.upper[column]))
        self._now = wanted


def _with_sides_of(model: LinearModel, mark: Mark) -> LinearModel:
    """Return a model that keeps its sides when the loaded one is edited."""
    added = len(model.row_lower) - len(mark.row_lower)
    return replace(
        model,
        lower=mark.column_lower,
        upper=mark.column_upper,
        row_lower=np.append(mark.row_lower, model.row_lower[-added:]) if added else mark.row_lower,
        row_upper=np.append(mark.row_upper, model.row_upper[-added:]) if added else mark.row_upper,
    )


def _moved_from(before: Mark, now: Mark, costs: Numbers | None) -> _Moved:
    """Return what differs; the matrix never does."""
    return _Moved(
        _differing(before.row_lower, now.row_lower, before.row_upper, now.row_upper),
        _differing(before.column_lower, now.column_lower, before.column_upper, now.column_upper),
        costs,
    )


def _differing(
    lower_before: Numbers, lower: Numbers, upper_before: Numbers, upper: Numbers
) -> tuple[Positions, Numbers, Numbers]:
    places = np.flatnonzero((lower_before != lower) | (upper_before != upper)).astype(np.int32)
    return places, lower[places], upper[places]


def _with(base: LinearModel, moved: _Moved) -> LinearModel:
    """Return the base with the variant's sides."""
    row_lower, row_upper = base.row_lower.copy(), base.row_upper.copy()
    lower, upper = base.lower.copy(), base.upper.copy()
    rows, row_lower[rows], row_upper[rows] = moved.rows
    columns, lower[columns], upper[columns] = moved.columns
    costs = base.costs if moved.costs is None else moved.costs
    return replace(base, costs=costs, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


def _is_confirmed(model: LinearModel, answer: EngineAnswer) -> bool:
    """Tell whether an answer is a bound that its own prices prove."""
    if answer.status is not EngineStatus.PROVEN or answer.objective is None or answer.row_duals is None:
        return False
    room = CONFIRMED_SHARE * max(1.0, abs(answer.objective))
    return abs(dual_value(model, answer.row_duals) - answer.objective) <= room


def _told(answer: EngineAnswer) -> RelaxedVariant:
    is_solved = answer.status is EngineStatus.PROVEN
    return RelaxedVariant(
        answer.status is not EngineStatus.INFEASIBLE,
        answer.objective if is_solved else None,
        answer.row_duals if is_solved else None,
    )
