"""The model of a province in plain Python lists, so that every peer starts from the same.

What it takes to turn a problem file into rows is the same for everybody and not measured here; what a peer
does with the rows is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from optimizer.engines.interface import LinearModel
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import Draft
from optimizer.problem import AllocationProblem
from optimizer.solving.compile import compile_model

Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class NeutralRow:
    """lower <= sum of terms <= upper; one of the two may be infinite."""

    name: str
    terms: Terms
    lower: float
    upper: float


@dataclass(frozen=True)
class NeutralModel:
    """A maximisation without any solver's objects.

    Attributes:
        variables: name, lower bound, upper bound, whole number or not.
        objective: (position of the variable, points).
        levels: (candidate id, level id) of each choice variable, by position.
        arrays: the same model as arrays, for peers that start from arrays.
    """

    variables: list[tuple[str, float, float, bool]]
    objective: Terms
    rows: list[NeutralRow]
    levels: Mapping[int, tuple[str, str]]
    arrays: LinearModel

    @cached_property
    def places(self) -> dict[str, int]:
        """Position of each row by its name."""
        return {row.name: place for place, row in enumerate(self.rows)}

    def with_sides(self, sides: Mapping[str, tuple[float, float]]) -> NeutralModel:
        """Return the model with other sides of some rows; everything else is shared."""
        rows = list(self.rows)
        for name, (lower, upper) in sides.items():
            place = self.places[name]
            rows[place] = replace(rows[place], lower=lower, upper=upper)
        return replace(self, rows=rows)


def neutral_model(problem: AllocationProblem) -> NeutralModel:
    """Return a problem's model in plain lists."""
    draft = formulate(problem)
    arrays = compile_model(draft.model)
    starts, columns, values = arrays.starts.tolist(), arrays.indices.tolist(), arrays.values.tolist()
    lower, upper = arrays.row_lower.tolist(), arrays.row_upper.tolist()
    rows = [
        NeutralRow(name, list(zip(columns[begin:end], values[begin:end], strict=True)), least, most)
        for name, begin, end, least, most in zip(
            arrays.row_names, starts[:-1], starts[1:], lower, upper, strict=True
        )
    ]
    bounds = zip(
        arrays.column_names,
        arrays.lower.tolist(),
        arrays.upper.tolist(),
        arrays.is_integer.tolist(),
        strict=True,
    )
    objective = [(place, points) for place, points in enumerate(arrays.costs.tolist()) if points]
    return NeutralModel(list(bounds), objective, rows, _levels(draft, arrays), arrays)


def _levels(draft: Draft, arrays: LinearModel) -> dict[int, tuple[str, str]]:
    places = {name: place for place, name in enumerate(arrays.column_names)}
    candidates = draft.problem.candidates
    return {
        places[variable.name]: (candidates[key[0]].id, candidates[key[0]].levels[key[1]].id)
        for key, variable in draft.fund.items()
    }


def is_unbounded(side: float) -> bool:
    """Tell whether a side or bound is none."""
    return math.isinf(side)
