"""HiGHS through its own Python door, with arrays: the least that any layer above it could cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from optimizer.bench.neutral_rows import NeutralModel
from optimizer.engines.interface import LinearModel, Numbers, Positions

Matrix = tuple[Positions, Positions, Numbers]


def arrays_of(model: NeutralModel) -> LinearModel:
    """Write the neutral rows into arrays, as somebody without a modelling language would."""
    rows = model.rows
    lengths = np.fromiter((len(row.terms) for row in rows), np.int32, len(rows))
    starts = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    entries = int(starts[-1])
    terms = list(chain.from_iterable(row.terms for row in rows))
    costs = np.zeros(len(model.variables))
    for place, points in model.objective:
        costs[place] = points
    return LinearModel(
        column_names=[],
        costs=costs,
        lower=np.array([item[1] for item in model.variables]),
        upper=np.array([item[2] for item in model.variables]),
        is_integer=np.array([item[3] for item in model.variables], bool),
        row_names=[],
        row_lower=np.array([row.lower for row in rows]),
        row_upper=np.array([row.upper for row in rows]),
        starts=starts,
        indices=np.fromiter((place for place, _ in terms), np.int32, entries),
        values=np.fromiter((amount for _, amount in terms), np.double, entries),
    )


def loaded(arrays: LinearModel, *, is_relaxed: bool = False) -> Any:
    """Hand arrays to HiGHS in one call; one thread, everything else as HiGHS has it."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(arrays.costs), len(arrays.row_lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = arrays.costs, arrays.lower, arrays.upper
    lp.row_lower_, lp.row_upper_ = arrays.row_lower, arrays.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = arrays.starts, arrays.indices
    lp.a_matrix_.value_ = arrays.values
    if not is_relaxed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_whole] for is_whole in arrays.is_integer.tolist()]
    highs.passModel(lp)
    return highs


def relaxed_with(highs: Any, sides: Mapping[int, tuple[float, float]]) -> tuple[float, Numbers, Numbers]:
    """Give rows other sides and run; return the value, the points and the duals (nan = no answer)."""
    for row, (lower, upper) in sides.items():
        highs.changeRowBounds(row, lower, upper)
    highs.run()
    solution = highs.getSolution()
    is_solved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = float(highs.getInfo().objective_function_value) if is_solved else math.nan
    return value, np.array(solution.col_value), np.array(solution.row_dual)


def write_arrays(file: Path, arrays: LinearModel) -> None:
    """Write arrays for a process that must not build them."""
    np.savez(file, **{name: getattr(arrays, name) for name in _ARRAYS})


def read_arrays(file: Path) -> LinearModel:
    """Read what write_arrays wrote."""
    with np.load(file) as stored:
        return LinearModel(column_names=[], row_names=[], **{name: stored[name] for name in _ARRAYS})


_ARRAYS = (
    "costs", "lower", "upper", "is_integer", "row_lower", "row_upper", "starts", "indices", "values",
)  # fmt: skip
