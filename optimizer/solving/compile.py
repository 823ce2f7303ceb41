"""Turn a PuLP problem into arrays, once; the engines never see PuLP."""

from __future__ import annotations

import math

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
    place = {variable.name: position for position, variable in enumerate(variables)}
    compiled = LinearModel(
        column_names=[variable.name for variable in variables],
        costs=[0.0] * len(variables),
        lower=[-math.inf if item.lowBound is None else float(item.lowBound) for item in variables],
        upper=[math.inf if item.upBound is None else float(item.upBound) for item in variables],
        is_integer=[item.cat == pulp.LpInteger for item in variables],
        row_names=[],
        row_lower=[],
        row_upper=[],
        starts=[0],
        indices=[],
        values=[],
    )
    for variable, amount in model.objective.items():
        compiled.costs[place[variable.name]] = float(amount)
    for row in model.constraints():
        _append_row(compiled, row, place)
    return compiled


def _append_row(compiled: LinearModel, row: pulp.LpConstraint, place: dict[str, int]) -> None:
    edge = -float(row.constant)
    for variable, amount in row.items():
        compiled.indices.append(place[variable.name])
        compiled.values.append(float(amount))
    compiled.starts.append(len(compiled.indices))
    compiled.row_names.append(row.name)
    compiled.row_lower.append(-math.inf if row.sense == pulp.LpConstraintLE else edge)
    compiled.row_upper.append(math.inf if row.sense == pulp.LpConstraintGE else edge)
