"""The bound that prices prove, re-added from a model's own arrays.

    value = sum_i (y_i > 0: y_i upper_i, y_i < 0: y_i lower_i)
          + sum_j (d_j > 0: d_j upper_j, d_j < 0: d_j lower_j)          d = c - A'y

Sets: i rows, j columns; y the prices of the rows, c the objective. Reason: no point of the relaxation is
worth more, whatever y is; where an engine's value differs from it, the engine solved another model than ours
or stopped short.
"""

from __future__ import annotations

import numpy as np

from optimizer.engines.interface import LinearModel, Numbers, product_sum

NOISE = 1e-7
"""Prices of this size on a side that has no edge are rounding, not prices."""


def dual_value(model: LinearModel, row_duals: Numbers) -> float:
    """Return the upper bound that row prices prove; infinite when they prove nothing.

    Args:
        model: a maximisation.
        row_duals: price of each row: worth of one more unit on its right side.
    """
    rows = np.repeat(row_duals, np.diff(model.starts))
    paid = np.bincount(model.indices, weights=model.values * rows, minlength=len(model.costs))
    return _priced(row_duals, model.row_lower, model.row_upper) + _priced(
        model.costs - paid, model.lower, model.upper
    )


def _priced(prices: Numbers, lower: Numbers, upper: Numbers) -> float:
    edges = np.where(prices > 0, upper, lower)
    is_open = np.isinf(edges)
    if np.any(np.abs(prices[is_open]) > NOISE):
        return float("inf")
    return product_sum(prices[~is_open], edges[~is_open])
