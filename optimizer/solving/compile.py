"""Turn a PuLP problem into arrays, once; the engines never see PuLP."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np
import pulp

from optimizer.engines.interface import LinearModel


def compile_model(model: pulp.LpProblem) -> LinearModel:
    """Return the arrays of a PuLP maximisation.

    Args:
        model: a problem with an objective; columns come out in the order of PuLP's variables().
    Returns:
        The model with an infinite bound where PuLP has None.
    """
    variables = model.variables()
    place = {variable: position for position, variable in enumerate(variables)}
    rows = list(model.constraints())
    edges = np.fromiter((-row.constant for row in rows), np.double, len(rows))
    senses = np.fromiter((row.sense for row in rows), np.int8, len(rows))
    lengths = np.fromiter((len(row) for row in rows), np.int32, len(rows))
    starts = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    entries = int(starts[-1])
    columns = (place[variable] for variable in chain.from_iterable(row.keys() for row in rows))
    costs = np.zeros(len(variables))
    for variable, amount in model.objective.items():
        costs[place[variable]] = amount
    return LinearModel(
        column_names=[variable.name for variable in variables],
        costs=costs,
        lower=np.array([-math.inf if item.lowBound is None else item.lowBound for item in variables], float),
        upper=np.array([math.inf if item.upBound is None else item.upBound for item in variables], float),
        is_integer=np.array([item.cat == pulp.LpInteger for item in variables], bool),
        row_names=[row.name for row in rows],
        row_lower=np.where(senses == pulp.LpConstraintLE, -math.inf, edges),
        row_upper=np.where(senses == pulp.LpConstraintGE, math.inf, edges),
        starts=starts,
        indices=np.fromiter(columns, np.int32, entries),
        values=np.fromiter(chain.from_iterable(row.values() for row in rows), np.double, entries),
    )
