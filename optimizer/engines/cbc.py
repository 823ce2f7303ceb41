"""CBC as a comparison peer: run as a program, its own first line of the answer decides.

FRAGILE: the CBC 2.10.3 that comes with PuLP is known to call feasible money models infeasible and to stop
with fractional values; nothing it says is believed without the exact audit, and it never decides.
"""

from __future__ import annotations

import math
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp

from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    StopAsked,
    Watcher,
    product_sum,
)
from optimizer.engines.kept_model import KeptModel
from optimizer.engines.watching import stopped_before_it_began
from optimizer.errors import SolverFailure

WHOLE = 1e-6
"""How far from a whole number a value may lie."""
SECONDS_BETWEEN_LOOKS = 0.1


class CbcEngine:
    """The peer that ships with PuLP."""

    name = "cbc"

    @property
    def version(self) -> str:
        """Version as CBC prints it."""
        shown, _ = _run([_program(), "-quit"], None)
        found = re.search(r"Version:\s*(\S+)", shown)
        return found.group(1) if found else "unknown"

    def load(self, model: LinearModel) -> CbcSession:
        """Keep the model; it is written anew for every run."""
        return CbcSession(model)


class CbcSession(KeptModel):
    """A model that is handed to CBC as a file for each run."""

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        """Search for the best point in whole numbers."""
        if stop_asked is not None and stop_asked():
            return stopped_before_it_began()
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder) / "model.mps", Path(folder) / "answer.txt"
            asked.write_text(_mps_text(self.model), encoding="utf-8")
            log, was_interrupted = _run(_command(settings, asked, answered), stop_asked)
            told = answered.read_text(encoding="utf-8") if answered.exists() else ""
            if not told:
                # CBC fell over, or was stopped before it had anything to say.
                status = EngineStatus.STOPPED if was_interrupted else EngineStatus.UNKNOWN
                return EngineAnswer(status, was_interrupted=was_interrupted)
            answer = self._read(told, log)
            return replace(answer, was_interrupted=was_interrupted)

    def relax(self, settings: EngineSettings) -> EngineAnswer:
        """CBC is a peer for plans only; it gives no duals here."""
        del settings
        return EngineAnswer(EngineStatus.UNKNOWN)

    def _read(self, text: str, log: str) -> EngineAnswer:
        head, *lines = text.splitlines()
        if "nfeasible" in head and not head.startswith("Stopped"):
            return EngineAnswer(EngineStatus.INFEASIBLE)
        has_ended = head.startswith("Optimal")
        values = np.zeros(len(self.model.costs))
        for line in lines:
            words = line.replace("**", " ").split()
            if len(words) >= 3 and words[1].startswith("C") and words[1][1:].isdigit():
                values[int(words[1][1:])] = float(words[2])
        whole = values[self.model.is_integer]
        if "no integer solution" in head or np.any(np.abs(whole - np.round(whole)) >= WHOLE):
            # CBC leaves the fractions of its relaxation where it found no point in whole numbers.
            return EngineAnswer(EngineStatus.UNKNOWN if has_ended else EngineStatus.STOPPED)
        objective = product_sum(self.model.costs, values)
        if has_ended and "within gap tolerance" not in log:
            return EngineAnswer(EngineStatus.PROVEN, values, objective, objective)
        status = EngineStatus.WITHIN_GAP if has_ended else EngineStatus.STOPPED
        return EngineAnswer(status, values, objective, _printed_bound(log))


def _printed_bound(log: str) -> float | None:
    """Return the bound CBC prints for its minimisation, its rounding undone upwards, as a bound of ours."""
    found = re.search(r"(?:Upper|Lower) bound:\s*(-?\d+)(?:\.(\d+))?", log)
    if found is None:
        return None
    printed, digits = float(found.group(0).split()[-1]), len(found.group(2) or "")
    return -printed + 10.0**-digits


def _command(settings: EngineSettings, asked: Path, answered: Path) -> list[str]:
    """Return the command line of one run."""
    first_look = [] if settings.is_second_look else ["-primalT", "1e-9", "-integerT", "1e-9"]
    second_look = ["-presolve", "off", "-preprocess", "off"] if settings.is_second_look else []
    nodes = [] if settings.most_nodes is None else ["-maxNodes", str(settings.most_nodes)]
    return [
        _program(), str(asked), "-sec", str(settings.time_limit_seconds), "-timeMode", "elapsed",
        "-ratio", str(settings.relative_gap_share), "-allow", "0", *first_look, *second_look, *nodes,
        "-randomCbcSeed", str(settings.seed + 1),
        "-printingOptions", "all", "-solve", "-solution", str(answered), "-quit",
    ]  # fmt: skip


def _run(command: list[str], stop_asked: StopAsked | None) -> tuple[str, bool]:
    """Run CBC to its end or until the caller has had enough; return its log and whether it was stopped."""
    was_interrupted = False
    # In a session of its own, so that an interrupt key meant for us reaches CBC through us alone.
    with _started(command) as running:
        try:
            while True:
                try:
                    log, _ = running.communicate(timeout=SECONDS_BETWEEN_LOOKS)
                except subprocess.TimeoutExpired:
                    if not was_interrupted and stop_asked is not None and stop_asked():
                        running.send_signal(signal.SIGINT)
                        was_interrupted = True
                else:
                    return log, was_interrupted
        except BaseException:
            running.kill()
            raise


def _started(command: list[str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(  # noqa: S603  the path comes from PuLP
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
    except OSError as error:
        raise SolverFailure(f"Không chạy được chương trình CBC đi kèm PuLP: {error.strerror}.") from error


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
        kind, edge = _row_kind(lower, upper)
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


def _row_kind(lower: float, upper: float) -> tuple[str, float]:
    """Return MPS's letter of a row and its right side; N is a row without any."""
    if math.isinf(lower) and math.isinf(upper):
        return "N", 0.0
    if lower == upper:
        return "E", lower
    return ("G", lower) if math.isinf(upper) else ("L", upper)


def _bound_lines(model: LinearModel, place: int) -> list[str]:
    lower, upper, name = float(model.lower[place]), float(model.upper[place]), f"C{place}"
    lines = [f" LO BND {name} {lower!r}"]
    if not math.isinf(upper):
        lines.append(f" UP BND {name} {upper!r}")
    return lines
