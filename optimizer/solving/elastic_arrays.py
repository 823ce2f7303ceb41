"""Rows and columns appended to a compiled model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimizer.engines.interface import LinearModel
from optimizer.solving.bends import Bend, NewRow


def with_bends(base: LinearModel, bends: Sequence[Bend], new_rows: Sequence[NewRow]) -> LinearModel:
    """Append the new rows, one column per bend, and for those with a charge one that says it is used."""
    model = base
    for name, terms, lower, upper in new_rows:
        model = with_row(model, terms, lower, upper, name)
    first = len(base.column_names)
    charged = [(place, bend) for place, bend in enumerate(bends, start=first) if bend.charge]
    added = [
        (row, place, value) for place, bend in enumerate(bends, start=first) for row, value in bend.entries
    ]
    model = _with_columns(model, [bend.is_whole for bend in bends] + [True] * len(charged), added)
    model.upper[first + len(bends) :] = 1.0
    for used, (place, bend) in enumerate(charged, start=first + len(bends)):
        model = with_row(model, {place: 1.0, used: -bend.upper}, -math.inf, 0.0)
    return model


def _with_columns(
    model: LinearModel, is_whole: Sequence[bool], added: Sequence[tuple[int, int, float]]
) -> LinearModel:
    """Append columns that are shut at 0, with their entries (row, column, value) in rows that exist."""
    count = len(is_whole)
    rows = np.repeat(np.arange(len(model.row_names)), np.diff(model.starts))
    all_rows = np.concatenate([rows, np.array([row for row, _, _ in added], dtype=rows.dtype)])
    columns = np.concatenate([model.indices, np.array([place for _, place, _ in added], dtype=np.int32)])
    values = np.concatenate([model.values, np.array([value for _, _, value in added], dtype=float)])
    order = np.argsort(all_rows, kind="stable")
    starts = np.zeros(len(model.row_names) + 1, np.int32)
    np.cumsum(np.bincount(all_rows, minlength=len(model.row_names)), out=starts[1:])
    return replace(
        model,
        column_names=[*model.column_names, *(f"bend_{place}" for place in range(count))],
        costs=np.zeros(len(model.column_names) + count),
        lower=np.concatenate([model.lower, np.zeros(count)]),
        upper=np.concatenate([model.upper, np.zeros(count)]),
        is_integer=np.concatenate([model.is_integer, np.array(is_whole, dtype=bool)]),
        starts=starts,
        indices=columns[order],
        values=values[order],
    )


def with_row(
    model: LinearModel, terms: Mapping[int, float], lower: float, upper: float, name: str = ""
) -> LinearModel:
    """Return the model with one row more."""
    return replace(
        model,
        row_names=[*model.row_names, name or f"row_{len(model.row_names)}"],
        row_lower=np.append(model.row_lower, lower),
        row_upper=np.append(model.row_upper, upper),
        starts=np.append(model.starts, np.int32(model.starts[-1] + len(terms))).astype(np.int32),
        indices=np.append(model.indices, np.array(list(terms), dtype=np.int32)).astype(np.int32),
        values=np.append(model.values, np.array(list(terms.values()), dtype=float)),
    )
