"""Which engine answers to which name."""

from __future__ import annotations

from optimizer.engines.cbc import CbcEngine
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import Engine
from optimizer.errors import SolverFailure


def engine_named(name: str) -> Engine:
    """Return the engine with this name.

    Raises:
        SolverFailure: no such engine is built in, or it is not installed.
    """
    if name == "highs":
        return HighsEngine()
    if name == "cbc":
        return CbcEngine()
    raise SolverFailure(f"Không có bộ giải tên “{name}”; dùng “highs” hoặc “cbc”.")
