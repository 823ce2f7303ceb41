"""Rows and columns of money reach the engines in other units, by powers of two, so nothing is rounded.

An engine decides by a fixed tolerance (1e-9 here) which points it takes and which branches it gives up.
Where a row of money adds up to more than a hundred thousand or so, what doubles lose in adding comes near the
tolerance: relaxations seem to break rows that they keep, branches with the best plan are given up, and a
worse plan is called proven. Where the unit is so large that one đồng is no more than the tolerance, plans
that differ by a few đồng look alike. Between the two a row is brought to where its largest number lies in
[2^13, 2^14): one of 2^30 quanta is still fifteen thousand times the tolerance.

A column that counts single đồng beside amounts of billions (a shortfall, an excess, money moved) then has
coefficients near the tolerance itself, and the engine all but overlooks it. Such a column is counted in a
larger unit, in which its largest coefficient lies in [1, 2). Columns of whole numbers keep their unit, and so
does the objective: where it counts whole đồng, HiGHS gives up only what is worse by a whole one.

What no unit cures: a whole number is whole to within the tolerance only, and a billionth of a billion đồng
is a đồng. Therefore optimizer.solving.confirm re-adds what an engine calls proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimizer.engines.interface import (
    EngineAnswer,
    EngineProgress,
    LinearModel,
    Numbers,
    Positions,
    Watcher,
)

WANTED_EXPONENT = 14
"""Rows whose largest number reaches 2^14 are brought just below it; others stay as they are."""
WEAK = 0.5
"""Columns whose largest coefficient is below this get a larger unit."""
LEAST_EXPONENT = -29
"""Engines drop amounts below 1e-9, a little less than 2^-29."""


class ModelScale:
    """The units in which an engine is told one loaded model; there and back nothing is rounded."""

    def __init__(self, model: LinearModel) -> None:
        rows = row_factors(model)
        self._rows: list[float] = rows.tolist()
        self._columns = column_factors(model, rows)

    def model(self, model: LinearModel) -> LinearModel:
        """Return the model this scale was made for, as the engine is told it."""
        rows = np.array(self._rows)
        entries = np.repeat(rows, np.diff(model.starts)) * self._columns[model.indices]
        return replace(
            model,
            costs=self.costs(model.costs),
            lower=model.lower / self._columns,
            upper=model.upper / self._columns,
            row_lower=model.row_lower * rows,
            row_upper=model.row_upper * rows,
            values=model.values * entries,
        )

    def costs(self, costs: Sequence[float] | Numbers) -> Numbers:
        """Return an objective for the engine's columns; its value stays the same."""
        return np.asarray(costs, np.double) * self._columns

    def column_bounds(self, column: int, lower: float, upper: float) -> tuple[float, float]:
        """Return bounds of a column for the engine."""
        factor = float(self._columns[column])
        return lower / factor, upper / factor

    def row_bounds(self, row: int, lower: float, upper: float) -> tuple[float, float]:
        """Return right sides of a row for the engine."""
        return lower * self._rows[row], upper * self._rows[row]

    def added_row(self, terms: Mapping[int, float]) -> tuple[Positions, Numbers]:
        """Take in a further row, after all others, and return its columns and amounts for the engine."""
        columns = np.array(list(terms), np.int32)
        amounts = np.array(list(terms.values()), np.double) * self._columns[columns]
        factor = row_factor(amounts)
        self._rows.append(factor)
        return columns, amounts * factor

    def drop_rows(self, first: int) -> None:
        """Forget every row from a position on."""
        del self._rows[first:]

    def start(self, start: Mapping[int, float]) -> tuple[Positions, Numbers]:
        """Return the columns of a start and their values for the engine."""
        columns = np.array(list(start), np.int32)
        return columns, np.array(list(start.values()), np.double) / self._columns[columns]

    def watcher(self, watcher: Watcher | None) -> Watcher | None:
        """Return a watcher for the engine's run: it passes on points in the units of the model."""
        if watcher is None:
            return None

        def watch(progress: EngineProgress) -> None:
            values = progress.values
            watcher(progress if values is None else replace(progress, values=values * self._columns))

        return watch

    def answer(self, answer: EngineAnswer) -> EngineAnswer:
        """Return an engine's answer in the units of the model."""
        values, duals, reduced = answer.values, answer.row_duals, answer.reduced_costs
        return replace(
            answer,
            values=None if values is None else values * self._columns,
            row_duals=None if duals is None else duals * np.array(self._rows),
            reduced_costs=None if reduced is None else reduced / self._columns,
        )


def row_factors(model: LinearModel) -> Numbers:
    """Return the power of two by which each row is multiplied, at most 1."""
    sizes = np.abs(model.values)
    has_entries = np.diff(model.starts) > 0
    largest, least = np.ones(len(has_entries)), np.ones(len(has_entries))
    if has_entries.any():
        starts = model.starts[:-1][has_entries]
        largest[has_entries] = np.maximum.reduceat(sizes, starts)
        least[has_entries] = np.minimum.reduceat(np.where(sizes > 0, sizes, np.inf), starts)
    return _row_factors(largest, least)


def row_factor(amounts: Numbers) -> float:
    """Return the same for a single row."""
    sizes = np.abs(amounts[amounts != 0])
    if not len(sizes):
        return 1.0
    return float(_row_factors(sizes.max(keepdims=True), sizes.min(keepdims=True))[0])


def column_factors(model: LinearModel, rows: Numbers) -> Numbers:
    """Return the power of two by which the coefficients of each column are multiplied, at least 1.

    Args:
        rows: factors of the rows, which come first.
    """
    sizes = np.abs(model.values) * np.repeat(rows, np.diff(model.starts))
    largest = np.zeros(len(model.costs))
    np.maximum.at(largest, model.indices, sizes)
    is_weak = ~model.is_integer & (largest > 0) & (largest < WEAK)
    factors: Numbers = np.ldexp(1.0, np.where(is_weak, 1 - np.frexp(largest)[1], 0))
    return factors


def _row_factors(largest: Numbers, least: Numbers) -> Numbers:
    """Bring large rows just below 2^14, as far as the least amount stays above what engines drop."""
    wanted = WANTED_EXPONENT - np.frexp(largest)[1]
    allowed = LEAST_EXPONENT - (np.frexp(np.where(np.isfinite(least), least, 1.0))[1] - 1)
    factors: Numbers = np.ldexp(1.0, np.minimum(0, np.maximum(wanted, allowed)))
    return factors
