"""A model kept as arrays, for the engines that are handed the whole model anew at every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimizer.engines.interface import LinearModel, Numbers


class KeptModel:
    """The editing half of a session; what an engine is given is the model as edited so far."""

    def __init__(self, model: LinearModel) -> None:
        self.model = replace(
            model,
            costs=model.costs.copy(),
            lower=model.lower.copy(),
            upper=model.upper.copy(),
            row_names=list(model.row_names),
            row_lower=model.row_lower.copy(),
            row_upper=model.row_upper.copy(),
        )

    def set_costs(self, costs: Sequence[float] | Numbers) -> None:
        """Replace the objective (maximised)."""
        self.model.costs = np.array(costs, float)

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row."""
        self.model.row_lower[row], self.model.row_upper[row] = lower, upper

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self.model.lower[column], self.model.upper[column] = lower, upper

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row and return its position."""
        model = self.model
        model.row_names.append(f"added_{len(model.row_names)}")
        model.row_lower = np.append(model.row_lower, lower)
        model.row_upper = np.append(model.row_upper, upper)
        model.indices = np.append(model.indices, np.array(list(terms), np.int32))
        model.values = np.append(model.values, np.array(list(terms.values()), float))
        model.starts = np.append(model.starts, np.int32(len(model.indices)))
        return len(model.row_names) - 1

    def drop_rows(self, first: int) -> None:
        """Take out every row from a position on."""
        model, entries = self.model, int(self.model.starts[first])
        del model.row_names[first:]
        model.row_lower, model.row_upper = model.row_lower[:first], model.row_upper[:first]
        model.indices, model.values = model.indices[:entries], model.values[:entries]
        model.starts = model.starts[: first + 1]
