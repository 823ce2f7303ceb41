"""Whether plans stand on each other: with more money nobody stands lower. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from optimizer.problem import AllocationProblem

Levels = Mapping[str, str]
"""Level id by candidate id, funded candidates only."""


def un_nested(problem: AllocationProblem, level_ids: Sequence[Levels]) -> tuple[tuple[int, str], ...]:
    """Return (rung from 1, candidate id) wherever a candidate stands lower than at the rung before."""
    orders = {item.id: [level.id for level in item.levels] for item in problem.candidates}
    return tuple(
        (number, key)
        for number, (lower, upper) in enumerate(pairwise(level_ids), start=2)
        for key, level_id in sorted(lower.items())
        if key not in upper or orders[key].index(upper[key]) < orders[key].index(level_id)
    )
