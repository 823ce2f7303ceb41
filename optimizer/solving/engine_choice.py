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
    if name == "scip":
        return _scip()
    raise SolverFailure(f"Không có bộ giải tên “{name}”; dùng “highs”, “scip” hoặc “cbc”.")


def _scip() -> Engine:
    try:
        # SCIP is an optional package: loaded only when somebody asks for it.
        from optimizer.engines.scip import ScipEngine
    except ImportError as error:
        raise SolverFailure(
            "Chưa cài bộ giải SCIP: cài gói “pyscipopt” (pip install pyscipopt) rồi chạy lại, "
            "hoặc dùng bộ giải “highs”."
        ) from error
    return ScipEngine()
