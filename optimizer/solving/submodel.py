"""A smaller model with some columns fixed: what is left to decide is handed to the engine alone.

Fixing thousands of columns inside a loaded model would make the engine presolve them away each time; a
model without them is built in one pass over the arrays instead. Sums of money stay exact: they are whole
quanta far below 2^53.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.engines.interface import LinearModel, Numbers, Positions, product_sum


@dataclass(frozen=True, slots=True)
class Submodel:
    """A model of the free columns and the way back to the whole.

    Attributes:
        model: rows that still have a free column, right sides less what the fixed columns use.
        columns: position in the whole model of each free column.
        fixed_values: value of every column of the whole model; free columns hold 0.
        fixed_objective: objective of the fixed columns alone.
    """

    model: LinearModel
    columns: Positions
    fixed_values: Numbers
    fixed_objective: float

    def whole_values(self, values: Numbers) -> Numbers:
        """Return a point of the whole model from a point of the free columns."""
        whole = self.fixed_values.copy()
        whole[self.columns] = values
        return whole

    def start(self, values: Mapping[int, float]) -> dict[int, float]:
        """Return a start of the whole model as a start of this one."""
        places = {int(column): place for place, column in enumerate(self.columns)}
        return {places[column]: value for column, value in values.items() if column in places}


def submodel(model: LinearModel, lower: Numbers, upper: Numbers) -> Submodel:
    """Return the model of the columns that these bounds leave free.

    Args:
        model: the whole model.
        lower, upper: bounds to use instead of the model's own; equal bounds fix a column.
    """
    is_fixed = lower == upper
    fixed_values = np.where(is_fixed, lower, 0.0)
    columns = np.flatnonzero(~is_fixed).astype(np.int32)
    new_place = np.full(len(lower), -1, np.int32)
    new_place[columns] = np.arange(len(columns), dtype=np.int32)
    row_count = len(model.row_names)
    rows = np.repeat(np.arange(row_count), np.diff(model.starts))
    is_free = ~is_fixed[model.indices]
    used = np.bincount(
        rows[~is_free],
        weights=model.values[~is_free] * fixed_values[model.indices[~is_free]],
        minlength=row_count,
    )
    counts = np.bincount(rows[is_free], minlength=row_count)
    kept = np.flatnonzero(counts)
    starts = np.zeros(len(kept) + 1, np.int32)
    np.cumsum(counts[kept], out=starts[1:])
    smaller = LinearModel(
        column_names=[model.column_names[column] for column in columns],
        costs=model.costs[columns],
        lower=lower[columns],
        upper=upper[columns],
        is_integer=model.is_integer[columns],
        row_names=[model.row_names[row] for row in kept],
        row_lower=(model.row_lower - used)[kept],
        row_upper=(model.row_upper - used)[kept],
        starts=starts,
        indices=new_place[model.indices[is_free]],
        values=model.values[is_free],
    )
    return Submodel(smaller, columns, fixed_values, product_sum(model.costs, fixed_values))
