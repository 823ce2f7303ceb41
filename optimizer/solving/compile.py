"""Turn a PuLP problem into arrays, once; the engines never see PuLP."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pulp

from optimizer.engines.interface import LinearModel, Numbers


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
    lengths = np.fromiter((len(row) for row in rows), np.int32, len(rows))
    starts = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    entries = int(starts[-1])
    columns = (place[variable] for variable in chain.from_iterable(row.keys() for row in rows))
    lower, upper = column_bounds(variables)
    row_lower, row_upper = row_sides(rows)
    return LinearModel(
        column_names=[variable.name for variable in variables],
        costs=objective_costs(model.objective, place),
        lower=lower,
        upper=upper,
        is_integer=np.array([item.cat == pulp.LpInteger for item in variables], bool),
        row_names=[row.name for row in rows],
        row_lower=row_lower,
        row_upper=row_upper,
        starts=starts,
        indices=np.fromiter(columns, np.int32, entries),
        values=np.fromiter(chain.from_iterable(row.values() for row in rows), np.double, entries),
    )


def objective_costs(objective: pulp.LpAffineExpression, place: Mapping[pulp.LpVariable, int]) -> Numbers:
    """Return what each column adds to an objective.

    Raises:
        KeyError: the objective has a variable without a column.
    """
    costs = np.zeros(len(place))
    for variable, amount in objective.items():
        costs[place[variable]] = amount
    return costs


def column_bounds(variables: Sequence[pulp.LpVariable]) -> tuple[Numbers, Numbers]:
    """Return the least and largest value of each variable, infinite where PuLP has None."""
    return (
        np.array([-math.inf if item.lowBound is None else item.lowBound for item in variables], float),
        np.array([math.inf if item.upBound is None else item.upBound for item in variables], float),
    )


def row_sides(rows: Sequence[pulp.LpConstraint]) -> tuple[Numbers, Numbers]:
    """Return the least and largest value of each row."""
    edges = np.fromiter((-row.constant for row in rows), np.double, len(rows))
    senses = np.fromiter((row.sense for row in rows), np.int8, len(rows))
    return (
        np.where(senses == pulp.LpConstraintLE, -math.inf, edges),
        np.where(senses == pulp.LpConstraintGE, math.inf, edges),
    )
