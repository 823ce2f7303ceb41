"""Rows of large numbers are handed to the engines in a larger unit, by a power of two, so nothing is rounded.

Engines keep a row to within a fixed tolerance (1e-9 here). Where money is counted in single đồng a row adds
up to 10^10 and more, of which a double cannot even hold the ninth decimal: relaxations then seem to break
rows that they keep, branches with the best plan are given up, and a worse plan is called proven. In a unit
in which the row adds up to about a thousand, the tolerance is within what doubles resolve and still far
below one đồng.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from optimizer.engines.interface import LinearModel, Numbers

MOST_EXPONENT = 12
"""Rows whose largest number is below 2^12 stay as they are: whole numbers help the engines."""
WANTED_EXPONENT = 10
"""Larger rows are brought below 2^10."""
LEAST_EXPONENT = -29
"""Engines drop amounts below 1e-9, a little less than 2^-29."""


def row_factors(model: LinearModel) -> Numbers:
    """Return the power of two by which each row is multiplied, at most 1."""
    sides = np.maximum(_finite_size(model.row_lower), _finite_size(model.row_upper))
    sizes = np.abs(model.values)
    largest, least = sides, np.ones(len(sides))
    has_entries = np.diff(model.starts) > 0
    if has_entries.any():
        starts = model.starts[:-1][has_entries]
        largest[has_entries] = np.maximum(largest[has_entries], np.maximum.reduceat(sizes, starts))
        least[has_entries] = np.minimum.reduceat(np.where(sizes > 0, sizes, np.inf), starts)
    return _factors(largest, least)


def row_factor(amounts: Iterable[float], lower: float, upper: float) -> float:
    """Return the same for a single row."""
    sizes = [abs(amount) for amount in amounts if amount]
    sides = [abs(side) for side in (lower, upper) if np.isfinite(side)]
    largest = np.array([max([*sizes, *sides], default=0.0)])
    return float(_factors(largest, np.array([min(sizes, default=1.0)]))[0])


def scaled_rows(model: LinearModel, factors: Numbers) -> LinearModel:
    """Return the model with every row multiplied by its factor."""
    return replace(
        model,
        values=model.values * np.repeat(factors, np.diff(model.starts)),
        row_lower=model.row_lower * factors,
        row_upper=model.row_upper * factors,
    )


def _finite_size(sides: Numbers) -> Numbers:
    sizes: Numbers = np.where(np.isfinite(sides), np.abs(sides), 0.0)
    return sizes


def _factors(largest: Numbers, least: Numbers) -> Numbers:
    """Bring large rows below 2^10, as far as the least amount stays above what engines drop."""
    exponents = np.frexp(largest)[1]
    wanted = np.where(exponents > MOST_EXPONENT, WANTED_EXPONENT - exponents, 0)
    allowed = LEAST_EXPONENT - (np.frexp(np.where(np.isfinite(least), least, 1.0))[1] - 1)
    factors: Numbers = np.ldexp(1.0, np.minimum(0, np.maximum(wanted, allowed)))
    return factors
