"""CBC as a comparison peer: run as a program, its own first line of the answer decides.

FRAGILE: the CBC 2.10.3 that comes with PuLP is known to call feasible money models infeasible and to stop
with fractional values; nothing it says is believed without the exact audit, and it never decides.
"""

from __future__ import annotations

import math
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp

from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    StopAsked,
    Watcher,
)
from optimizer.errors import SolverFailure


class CbcEngine:
    """The peer that ships with PuLP."""

    name = "cbc"

    @property
    def version(self) -> str:
        """Version as CBC prints it."""
        shown = subprocess.run([_program(), "-quit"], capture_output=True, text=True, check=False).stdout  # noqa: S603  the path comes from PuLP
        found = re.search(r"Version:\s*(\S+)", shown)
        return found.group(1) if found else "unknown"

    def load(self, model: LinearModel) -> CbcSession:
        """Keep the model; it is written anew for every run."""
        return CbcSession(model)


class CbcSession:
    """A model that is handed to CBC as a file for each run."""

    def __init__(self, model: LinearModel) -> None:
        self._model = replace(
            model,
            costs=model.costs.copy(),
            lower=model.lower.copy(),
            upper=model.upper.copy(),
            row_names=list(model.row_names),
            row_lower=model.row_lower.copy(),
            row_upper=model.row_upper.copy(),
        )

    def set_costs(self, costs: Sequence[float] | Numbers) -> None:
        """Replace the objective (maximised)."""
        self._model.costs = np.array(costs, float)

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the right sides of a row."""
        self._model.row_lower[row], self._model.row_upper[row] = lower, upper

    def set_column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self._model.lower[column], self._model.upper[column] = lower, upper

    def add_row(self, terms: Mapping[int, float], lower: float, upper: float) -> int:
        """Add a row and return its position."""
        model = self._model
        model.row_names.append(f"added_{len(model.row_names)}")
        model.row_lower = np.append(model.row_lower, lower)
        model.row_upper = np.append(model.row_upper, upper)
        model.indices = np.append(model.indices, np.array(list(terms), np.int32))
        model.values = np.append(model.values, np.array(list(terms.values()), float))
        model.starts = np.append(model.starts, np.int32(len(model.indices)))
        return len(model.row_names) - 1

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        """Search for the best point in whole numbers."""
        if stop_asked is not None and stop_asked():
            return EngineAnswer(EngineStatus.STOPPED, was_interrupted=True)
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder) / "model.mps", Path(folder) / "answer.txt"
            asked.write_text(_mps_text(self._model), encoding="utf-8")
            command = [
                _program(), str(asked), "-sec", str(settings.time_limit_seconds), "-timeMode", "elapsed",
                "-ratio", str(settings.relative_gap_share), "-allow", "0", "-primalT", "1e-9",
                "-integerT", "1e-9", "-randomCbcSeed", str(settings.seed + 1),
                "-printingOptions", "all", "-solve", "-solution", str(answered), "-quit",
            ]  # fmt: skip
            told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  the path comes from PuLP
            if not answered.exists():
                return EngineAnswer(EngineStatus.UNKNOWN)
            return self._read(answered.read_text(encoding="utf-8"), told.stdout)

    def relax(self, settings: EngineSettings) -> EngineAnswer:
        """CBC is a peer for plans only; it gives no duals here."""
        del settings
        return EngineAnswer(EngineStatus.UNKNOWN)

    def _read(self, text: str, log: str) -> EngineAnswer:
        head, *lines = text.splitlines()
        if "nfeasible" in head:
            return EngineAnswer(EngineStatus.INFEASIBLE)
        values = np.zeros(len(self._model.costs))
        for line in lines:
            words = line.replace("**", " ").split()
            if len(words) >= 3 and words[1].startswith("C") and words[1][1:].isdigit():
                values[int(words[1][1:])] = float(words[2])
        whole = values[self._model.is_integer]
        if np.any(np.abs(whole - np.round(whole)) >= 1e-6):
            return EngineAnswer(EngineStatus.UNKNOWN)
        objective = float(self._model.costs @ values)
        if head.startswith("Optimal"):
            return EngineAnswer(EngineStatus.PROVEN, values, objective, objective)
        found = re.search(r"(?:Upper|Lower) bound:\s*(\S+)", log)
        bound = -float(found.group(1)) if found else None
        return EngineAnswer(EngineStatus.STOPPED, values, objective, bound)


def _program() -> str:
    path = pulp.apis.PULP_CBC_CMD.pulp_cbc_path
    if not Path(path).exists():
        raise SolverFailure("Không tìm thấy chương trình CBC đi kèm PuLP.")
    return str(path)


def _mps_text(model: LinearModel) -> str:
    """Return the model as free MPS, a minimisation of the negated objective."""
    columns: list[list[tuple[str, float]]] = [[] for _ in model.costs]
    rows, sides, ranges = [" N OBJ"], [], []
    indices, values, starts = model.indices.tolist(), model.values.tolist(), model.starts.tolist()
    for row, (lower, upper) in enumerate(
        zip(model.row_lower.tolist(), model.row_upper.tolist(), strict=True)
    ):
        for place in range(starts[row], starts[row + 1]):
            columns[indices[place]].append((f"R{row}", values[place]))
        kind, edge = ("E", lower) if lower == upper else ("G", lower) if math.isinf(upper) else ("L", upper)
        rows.append(f" {kind} R{row}")
        if edge:
            sides.append(f" RHS R{row} {edge!r}")
        if kind == "L" and not math.isinf(lower):
            ranges.append(f" RNG R{row} {upper - lower!r}")
    body = []
    for place, entries in enumerate(columns):
        if model.is_integer[place]:
            body.append(f" MARK{place} 'MARKER' 'INTORG'")
        for row_name, value in [("OBJ", -float(model.costs[place])), *entries]:
            body.append(f" C{place} {row_name} {value!r}")
        if model.is_integer[place]:
            body.append(f" MARK{place} 'MARKER' 'INTEND'")
    bounds = [line for place in range(len(columns)) for line in _bound_lines(model, place)]
    parts = ["NAME allocation", "ROWS", *rows, "COLUMNS", *body, "RHS", *sides]
    parts += ["RANGES", *ranges] if ranges else []
    return "\n".join([*parts, "BOUNDS", *bounds, "ENDATA", ""])


def _bound_lines(model: LinearModel, place: int) -> list[str]:
    lower, upper, name = float(model.lower[place]), float(model.upper[place]), f"C{place}"
    lines = [f" LO BND {name} {lower!r}"]
    if not math.isinf(upper):
        lines.append(f" UP BND {name} {upper!r}")
    return lines
