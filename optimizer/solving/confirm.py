"""A claim that nothing is better stands only where the engine's bound and the exact value agree.

The engine proves in floating point; the value of the plan is re-added in fractions. Where they differ, the
plan stays what it is and the claim goes.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from optimizer.engines.interface import EngineStatus
from optimizer.problem import StageName
from optimizer.solving.search import StageRun
from optimizer.solving.stage_values import MAXIMISED_STAGES

SLACK, RELATIVE_SLACK = 1e-6, 1e-9
"""How far a bound may lie from the exact value it is said to prove."""


def confirmed_run(run: StageRun, stage: StageName, value: Fraction, unit: int = 1) -> StageRun:
    """Return a run as far as the exact value of its plan confirms it.

    Args:
        run: how the engine says the stage ended.
        stage: the stage.
        value: exact value of the plan, in the natural unit of the stage.
        unit: natural units to one unit of the engine (the quantum of money).
    Returns:
        The run itself; within a gap instead of proven where the bound leaves room for something better (as
        it may where sums beyond 2^40 đồng were rounded for the engine); without any bound where the plan
        is better than the bound, which is then refuted.
    """
    if run.bound is None:
        return run
    room = run.bound - float(value) if stage in MAXIMISED_STAGES else float(value) - run.bound
    slack = SLACK * unit + RELATIVE_SLACK * abs(float(value))
    if room < -slack:
        return replace(run, status=EngineStatus.STOPPED, bound=None)
    if room > slack and run.status is EngineStatus.PROVEN:
        return replace(run, status=EngineStatus.WITHIN_GAP)
    return run
