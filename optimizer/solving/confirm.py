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
"""How far the bound of a score may lie from the exact value it is said to prove."""
ROUNDING = 2.0**-50
"""What sums of doubles lose, as a share of the value, with some to spare."""


def confirmed_run(run: StageRun, stage: StageName, value: Fraction, step: int = 1) -> StageRun:
    """Return a run as far as the exact value of its plan confirms it.

    Args:
        run: how the engine says the stage ended.
        stage: the stage.
        value: exact value of the plan, in the natural unit of the stage.
        step: values of a stage other than the score differ by whole multiples of this (optimizer.solving
            .stage_values, stage_step), so a bound less than half a step away leaves room for nothing.
    Returns:
        The run itself; within a gap instead of proven where the bound leaves room for something better (as
        it may where an engine's whole numbers are whole to within its tolerance only: a billionth of a
        billion đồng is a đồng); without any bound where the plan is better than the bound, which is then
        refuted.
    """
    if run.bound is None:
        return run
    room = run.bound - float(value) if stage in MAXIMISED_STAGES else float(value) - run.bound
    size = abs(float(value))
    noise = RELATIVE_SLACK * size
    if room < -(SLACK * step + noise):
        return replace(run, status=EngineStatus.STOPPED, bound=None)
    most = SLACK + noise if stage is StageName.SCORE else step / 2 - ROUNDING * size
    if room > most and run.status is EngineStatus.PROVEN:
        return replace(run, status=EngineStatus.WITHIN_GAP)
    return run
