"""What every engine takes and gives back.

A LinearModel is compiled once from PuLP; a session keeps it loaded so that bounds, rows and objective can
be edited in place and solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Positions = NDArray[np.int32]


def product_sum(ones: Numbers, others: Numbers) -> float:
    """Return the sum of products, on this thread alone.

    FRAGILE: from ten thousand numbers on NumPy's own product ("@") wakes the threads of its library, which
    costs more than everything else a live relaxation does beside the engine.
    """
    return float(np.sum(ones * others))


class EngineStatus(Enum):
    """How an engine's run ended, in the only five ways that matter."""

    PROVEN = "proven"
    WITHIN_GAP = "within_gap"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class LinearModel:
    """A maximisation in arrays: columns, rows and the matrix row by row.

    Attributes:
        starts: where each row begins in indices and values, with the end as last element.
        indices: column of each entry.
    """

    column_names: list[str]
    costs: Numbers
    lower: Numbers
    upper: Numbers
    is_integer: NDArray[np.bool_]
    row_names: list[str]
    row_lower: Numbers
    row_upper: Numbers
    starts: Positions
    indices: Positions
    values: Numbers


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Limits of one run.

    Attributes:
        time_limit_seconds: wall clock guard of this run.
        relative_gap_share: stop when (bound - value) / |value| is at most this; 0 = proof.
        threads: fixed for the process by its first run.
        seed: random seed of the engine.
        most_nodes: nodes of the search tree after which the run stops; None = no limit.
        is_enough: for short questions: told (best value, bound) during the run, True ends it as if the gap
            were reached; the engine then also leaves out what only pays in long runs.
        is_second_look: for a claim that must be confirmed: no presolve, and the engine's usual tolerances,
            which refuse less.
    """

    time_limit_seconds: float = 60.0
    relative_gap_share: float = 0.0
    threads: int = 1
    seed: int = 0
    is_enough: Callable[[float, float], bool] | None = None
    is_second_look: bool = False
    most_nodes: int | None = None


@dataclass(frozen=True, slots=True)
class EngineProgress:
    """Best value and bound so far, in the unit of the running objective.

    Attributes:
        values: column values of a point that has just been found and is the best so far; else None.
    """

    seconds: float
    best_value: float | None
    bound: float | None
    values: Numbers | None = None


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """The outcome of one run.

    Attributes:
        values: column values of the best point found; None when there is none.
        bound: no point is worth more; None when the engine gave none.
        row_duals: relaxation only: worth of one more unit on the right side of each row.
        reduced_costs: relaxation only: what one more unit of each column adds to the objective.
        was_interrupted: True when should_stop asked for the end.
    """

    status: EngineStatus
    values: Numbers | None = None
    objective: float | None = None
    bound: float | None = None
    row_duals: Numbers | None = None
    reduced_costs: Numbers | None = None
    was_interrupted: bool = False


Watcher = Callable[[EngineProgress], None]
StopAsked = Callable[[], bool]


class EngineSession(Protocol):
    """A model loaded into an engine."""

    def set_costs(self, costs: Sequence[float] | Numbers) -> None:
        """Replace the objective (maximised)."""

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row."""

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row and return its position."""

    def drop_rows(self, first: int) -> None:
        """Take out every row from a position on."""

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        """Search for the best point in whole numbers."""

    def relax(self, settings: EngineSettings) -> EngineAnswer:
        """Solve without whole numbers; the answer carries the duals."""


class Engine(Protocol):
    """A solver that can load models."""

    @property
    def name(self) -> str:
        """Short name, as in a plan file."""

    @property
    def version(self) -> str:
        """Version of the solver."""

    def load(self, model: LinearModel) -> EngineSession:
        """Load a model."""
