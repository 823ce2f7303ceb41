"""Turn a PuLP problem into arrays, once; the engines never see PuLP."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import attrgetter

import numpy as np
import pulp
from numpy.typing import NDArray

from optimizer.engines.interface import LinearModel, Numbers, Positions


def compile_model(model: pulp.LpProblem) -> LinearModel:
    """Return the arrays of a PuLP maximisation.

    Args:
        model: a problem with an objective; columns come out in the order of PuLP's variables().
    Returns:
        The model with an infinite bound where PuLP has None.
    """
    rows = list(model.constraints())
    lengths = np.fromiter((len(row) for row in rows), np.int32, len(rows))
    starts = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    entries = int(starts[-1])
    # By identity: PuLP's variables are hashed by a function in Python, which half a million entries notice.
    owners = np.fromiter(map(id, chain.from_iterable(rows)), np.int64, entries)
    variables, columns = _columns(model, owners)
    place = {variable: position for position, variable in enumerate(variables)}
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
        indices=columns,
        values=np.fromiter(chain.from_iterable(row.values() for row in rows), np.double, entries),
    )


def _columns(model: pulp.LpProblem, owners: NDArray[np.int64]) -> tuple[list[pulp.LpVariable], Positions]:
    """Return PuLP's variables(), and the column of each entry from the identity of its variable.

    FRAGILE: variables() registers the variable of every entry once more, which takes half the time of
    compiling; PuLP's own list is read first, and believed where every entry is found in it.
    """
    known = sorted(getattr(model, "_variables", ()), key=attrgetter("name"))
    columns = _places(owners, known)
    if columns is None or _places(np.array([*map(id, model.objective)], np.int64), known) is None:
        known = list(model.variables())
        columns = _places(owners, known)
    if columns is None:
        raise ValueError("a row has a variable that the problem does not know")
    return known, columns


def _places(owners: NDArray[np.int64], variables: Sequence[pulp.LpVariable]) -> Positions | None:
    """Return the position of the variable with each identity; None when one is not among them."""
    identities = np.fromiter(map(id, variables), np.int64, len(variables))
    order = np.argsort(identities)
    found = np.searchsorted(identities[order], owners)
    if len(owners) and (not len(order) or found.max() == len(order)):
        return None
    places = order[found].astype(np.int32)
    return places if np.array_equal(identities[places], owners) else None


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
