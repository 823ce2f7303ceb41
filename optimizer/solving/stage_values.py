"""The exact value of a choice in each stage, and its image in the engine's unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from optimizer.formulation.draft import Draft, common_divisor_vnd
from optimizer.formulation.stages import order_points
from optimizer.problem import StageName
from optimizer.spending import level_cost_vnd
from optimizer.verify import AuditReport

MONEY_STAGES = (StageName.LEGAL_MINIMUMS, StageName.COST)
MAXIMISED_STAGES = (StageName.SCORE, StageName.RANK)


def stage_value(draft: Draft, stage: StageName, chosen: Mapping[int, int], report: AuditReport) -> Fraction:
    """Return the exact value of an audited choice in a stage; more is always better.

    Units:
        minus đồng for legal_minimums and cost, points for score, minus changed levels for stability.
    """
    if stage is StageName.LEGAL_MINIMUMS:
        return Fraction(-report.shortfall_vnd)
    if stage is StageName.SCORE:
        return report.score_points
    candidates = draft.problem.candidates
    if stage is StageName.COST:
        return Fraction(
            -sum(level_cost_vnd(candidates[place].levels[level]) for place, level in chosen.items())
        )
    if stage is StageName.RANK:
        points = order_points(draft)
        return Fraction(sum(points[key] for key in chosen.items()))
    return Fraction(-changed_levels(draft, chosen))


def changed_levels(draft: Draft, chosen: Mapping[int, int]) -> int:
    """Return for how many candidates the level differs from the reference plan."""
    reference = draft.problem.reference_plan or {}
    candidates = draft.problem.candidates
    ids = {candidates[place].id: candidates[place].levels[level].id for place, level in chosen.items()}
    return sum(1 for key in set(reference) | set(ids) if reference.get(key) != ids.get(key))


def stage_step(draft: Draft, stage: StageName) -> int:
    """Return what the values of a stage differ by, as whole multiples: đồng for money, else 1."""
    return common_divisor_vnd(draft.problem) if stage in MONEY_STAGES else 1


def engine_hold(draft: Draft, stage: StageName, value: Fraction) -> float:
    """Return the right side that holds a stage's value in the engine's objective row."""
    if stage is StageName.LEGAL_MINIMUMS:
        return float(-(-int(value) // draft.quantum_vnd) if value > 0 else int(value) // draft.quantum_vnd)
    if stage is StageName.COST:
        return float(value / draft.quantum_vnd)
    if stage is StageName.STABILITY:
        return float(value + len(draft.problem.reference_plan or {}))
    return float(value)


def natural_value(draft: Draft, stage: StageName, engine_value: float) -> float:
    """Return an engine's objective value in the natural unit of the stage (đồng, points, levels)."""
    if stage in MONEY_STAGES:
        return -engine_value * draft.quantum_vnd
    if stage is StageName.STABILITY:
        return len(draft.problem.reference_plan or {}) - engine_value
    return engine_value
