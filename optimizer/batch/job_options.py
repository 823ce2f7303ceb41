"""The limits of a search as they travel in files: the options of the solve verb, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from optimizer.solving.limits import SolveLimits

GRACE_SECONDS, GRACE_FACTOR = 300.0, 3.0


def patience_seconds(limits: SolveLimits) -> float:
    """Return after how many seconds a worker is taken to hang and is ended.

    The time limit is kept by the engine itself; reading a large file and the exact audit come on top.
    """
    return limits.time_limit_seconds * GRACE_FACTOR + GRACE_SECONDS


def limits_with(options: Mapping[str, Any], base: SolveLimits) -> SolveLimits:
    """Return limits with the options that are given; what is not given stays as in the base.

    Args:
        options: as in the schema of a batch; already checked.
    """
    stages = options.get("stages")
    return replace(
        base,
        relative_gap_share=float(options.get("gap", base.relative_gap_share)),
        time_limit_seconds=float(options.get("time_limit", base.time_limit_seconds)),
        threads=int(options.get("threads", base.threads)),
        engine_name=str(options.get("engine", base.engine_name)),
        seed=int(options.get("seed", base.seed)),
        is_score_only=base.is_score_only if stages is None else stages == "score",
    )


def options_of(limits: SolveLimits) -> dict[str, Any]:
    """Return limits as options; limits_with gives the same limits back."""
    return {
        "gap": limits.relative_gap_share,
        "time_limit": limits.time_limit_seconds,
        "threads": limits.threads,
        "engine": limits.engine_name,
        "seed": limits.seed,
        "stages": "score" if limits.is_score_only else "all",
    }
