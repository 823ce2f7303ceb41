"""The relaxation under a proof by cases: asked about one case after another, on sessions of its own.

A case leaves each candidate some of its choices and may fix counting variables at 0 or 1. Editing bounds
and solving again from the last basis takes less than a millisecond at a province's size. Nothing of the
search is touched, and no cut of the search is used: a proof may lean only on rows that can be re-added.

Where a case has no plan, a second model tells why: every row may be overstepped at a price of 1 per unit,
and the prices of the smallest overstepping add up to less than nothing (Farkas' lemma).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from optimizer.engines.interface import Engine, EngineSession, EngineSettings, EngineStatus, LinearModel
from optimizer.formulation.choices import choice_row_name
from optimizer.formulation.draft import Draft, RowMeaning
from optimizer.problem import CandidateState
from optimizer.proofs.steps import Situation
from optimizer.solving.compile import compile_model

if TYPE_CHECKING:
    from optimizer.engines.interface import Numbers
    from optimizer.proofs.certificate import ChoiceId

SMALLEST_DUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Look:
    """What the relaxation says about one case, in floating point: a hint until it is re-added.

    Attributes:
        bound: no plan of the case is worth more points; minus infinity = it has no plan, plus = no answer.
        values: value of every column; None without a solution.
        duals: dual of every row; None without a solution.
    """

    bound: float
    values: Numbers | None = None
    duals: Numbers | None = None


class ProofModel:
    """A loaded relaxation of the score, and the case it is set to.

    Attributes:
        columns: column by candidate id, then level id.
        counts: column by counting variable (``done:J``, ``gate:J``).
    """

    def __init__(self, draft: Draft, engine: Engine, settings: EngineSettings, shortfall_vnd: int) -> None:
        """Load the model.

        Args:
            draft: the model of the problem, with the score as objective.
            engine: an engine whose relaxations carry duals.
            settings: threads, seed and the guard of each relaxation.
            shortfall_vnd: how far the plans compared may stay from the limits that are not hard, in đồng.
        """
        self._settings = settings
        self._engine = engine
        model = compile_model(draft.model)
        self._model = replace(model, is_integer=np.zeros_like(model.is_integer))
        rows = {name: place for place, name in enumerate(model.row_names)}
        self._meanings = {rows[name]: meanings for name, meanings in draft.meanings.items()}
        self._soft = _soft_terms(draft, model)
        self._soft_quanta = float(-(-shortfall_vnd // draft.quantum_vnd))
        if self._soft:
            self._meanings[len(rows)] = (RowMeaning("soft", Fraction(1, draft.quantum_vnd)),)
        self._priced_rows = {
            row: [(meaning.row_id, float(meaning.factor)) for meaning in meanings]
            for row, meanings in self._meanings.items()
        }
        self._is_floor = [math.isinf(upper) for upper in model.row_upper] + [False]
        self.columns, self._choice_rows = _choice_columns(draft, model)
        self.counts = _count_columns(draft, model)
        self._may_be_left_out = {
            item.id
            for item in draft.problem.candidates
            if item.state in (CandidateState.OPEN, CandidateState.BARRED)
        }
        self._scored = _LiveCase(self, self._load(self._model))
        self._elastic: _LiveCase | None = None
        self.look_count = 0

    def choices(self, situation: Situation, candidate_id: str) -> tuple[ChoiceId, ...]:
        """Return what a candidate may still get, from nothing to most."""
        if candidate_id in situation.kept:
            return situation.kept[candidate_id]
        levels = tuple(self.columns.get(candidate_id, ()))
        return (None, *levels) if candidate_id in self._may_be_left_out else levels

    def choice_row(self, candidate_id: str) -> int:
        """Return the row that allows one level of a candidate."""
        return self._choice_rows[candidate_id]

    def look(self, situation: Situation) -> Look:
        """Solve the relaxation of a case."""
        self.look_count += 1
        self._scored.set(situation)
        answer = self._scored.session.relax(self._settings)
        if answer.status is EngineStatus.INFEASIBLE:
            return Look(-math.inf)
        if answer.status is not EngineStatus.PROVEN or answer.objective is None:
            return Look(math.inf)
        return Look(answer.objective, answer.values, answer.row_duals)

    def look_for_contradiction(self, situation: Situation) -> Look:
        """Find the smallest overstepping of the rows in a case; the bound is minus its size."""
        if self._elastic is None:
            places = sorted(place for place in self._meanings if place < len(self._model.row_names))
            self._elastic = _LiveCase(self, self._load(elastic_model(self._model, places)))
        self._elastic.set(situation)
        answer = self._elastic.session.relax(self._settings)
        if answer.status is not EngineStatus.PROVEN or answer.objective is None:
            return Look(math.inf)
        return Look(answer.objective, answer.values, answer.row_duals)

    def prices(self, duals: Numbers, digits: int) -> dict[str, Fraction]:
        """Return the prices of the certificate's rows, each with so many decimal digits."""
        prices: dict[str, Fraction] = {}
        read: dict[str, Fraction] = {}
        for row in np.flatnonzero(np.abs(duals) > SMALLEST_DUAL).tolist():
            dual = float(-duals[row] if self._is_floor[row] else duals[row])
            for row_id, factor in self._priced_rows.get(row, ()) if dual > 0 else ():
                text = f"{dual * factor:.{digits - 1}e}"
                price = read.get(text) or read.setdefault(text, Fraction(text))
                prices[row_id] = prices[row_id] + price if row_id in prices else price
        return prices

    def _load(self, model: LinearModel) -> EngineSession:
        """Load a model; the limits that are not hard share one shortfall, a rule that nothing oversteps."""
        session = self._engine.load(model)
        if self._soft:
            session.add_row(self._soft, -math.inf, self._soft_quanta)
        return session


class _LiveCase:
    """A session and the case its bounds are set to."""

    def __init__(self, model: ProofModel, session: EngineSession) -> None:
        self._model = model
        self.session = session
        self._now = Situation({}, {})

    def set(self, situation: Situation) -> None:
        """Edit the bounds that differ from the case before."""
        before, self._now = self._now, situation
        for candidate_id in sorted({*before.kept, *situation.kept}):
            left = self._model.choices(situation, candidate_id)
            if left != self._model.choices(before, candidate_id):
                self._allow(candidate_id, left)
        for count in sorted({*before.fixed, *situation.fixed}):
            value = situation.fixed.get(count)
            low, high = (0.0, 1.0) if value is None else (float(value), float(value))
            self.session.set_column_bounds(self._model.counts[count], low, high)

    def _allow(self, candidate_id: str, choices: tuple[ChoiceId, ...]) -> None:
        for level_id, column in self._model.columns[candidate_id].items():
            self.session.set_column_bounds(column, 0.0, 1.0 if level_id in choices else 0.0)
        least = -math.inf if None in choices else 1.0
        self.session.set_row_bounds(self._model.choice_row(candidate_id), least, 1.0)


def elastic_model(model: LinearModel, places: list[int]) -> LinearModel:
    """Return the model that oversteps some rows as little as possible, in units of the rows.

    Args:
        model: any model.
        places: rows with one side that may be overstepped.
    Returns:
        The model with one more column per such row and minus their sum as objective.
    """
    count, columns = len(places), len(model.costs)
    chosen = np.array(places, dtype=np.int64)
    added = np.zeros(len(model.row_names) + 1, dtype=np.int32)
    added[chosen + 1] = 1
    signs = np.where(np.isinf(model.row_upper[chosen]), 1.0, -1.0)
    ends = model.starts[chosen + 1]
    return replace(
        model,
        column_names=[*model.column_names, *(f"over_{place}" for place in places)],
        costs=np.append(np.zeros(columns), -np.ones(count)),
        lower=np.append(model.lower, np.zeros(count)),
        upper=np.append(model.upper, np.full(count, math.inf)),
        is_integer=np.append(model.is_integer, np.zeros(count, dtype=bool)),
        starts=(model.starts + np.cumsum(added)).astype(np.int32),
        indices=np.insert(model.indices, ends, np.arange(columns, columns + count)).astype(np.int32),
        values=np.insert(model.values, ends, signs),
    )


def _soft_terms(draft: Draft, model: LinearModel) -> dict[int, float]:
    places = {name: place for place, name in enumerate(model.column_names)}
    return {places[variable.name]: float(amount) for variable, amount in draft.shortfalls}


def _choice_columns(draft: Draft, model: LinearModel) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Return the columns of every candidate's levels, and the row that allows one of them."""
    places = {name: place for place, name in enumerate(model.column_names)}
    rows = {name: place for place, name in enumerate(model.row_names)}
    columns: dict[str, dict[str, int]] = {}
    choice_rows = {}
    for place, position in sorted(draft.fund):
        candidate = draft.problem.candidates[place]
        level_id = candidate.levels[position].id
        columns.setdefault(candidate.id, {})[level_id] = places[draft.fund[place, position].name]
        choice_rows[candidate.id] = rows[choice_row_name(place)]
    return columns, choice_rows


def _count_columns(draft: Draft, model: LinearModel) -> dict[str, int]:
    """Return the columns of the variables that are 0 or 1 in every plan, by their name in the rows."""
    places = {name: place for place, name in enumerate(model.column_names)}
    counts = {}
    for number, output in enumerate(draft.problem.outputs):
        for family, name in (("done", f"done_{number}"), ("gate", f"open_{number}")):
            if name in places:
                counts[f"{family}:{output.id}"] = places[name]
    return counts
