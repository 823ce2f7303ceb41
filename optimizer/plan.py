"""The answer of the optimizer: which candidate is funded at which level, and how sure that is the best.

A plan says how it was found (proven, within a stated gap, or stopped early); the exact audit that it
passed is part of it. Points are exact fractions inside and decimals in files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from optimizer.problem import StageName


class Outcome(Enum):
    """How far the search came; label_vi is what people read."""

    PROVEN = "proven"
    WITHIN_GAP = "within_gap"
    STOPPED = "stopped"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the outcome."""
        return {
            Outcome.PROVEN: "đã chứng minh là tốt nhất",
            Outcome.WITHIN_GAP: "trong sai số đã đặt",
            Outcome.STOPPED: "dừng sớm, giữ phương án tốt nhất đã tìm được",
        }[self]


@dataclass(frozen=True, slots=True)
class EngineNote:
    """Which engine found the plan, with the settings that make the run repeatable."""

    name: str
    version: str
    seed: int
    threads: int


@dataclass(frozen=True, slots=True)
class StageRecord:
    """What one stage of the search achieved; value and bound in the stage's own unit.

    Units:
        legal_minimums and cost: đồng; score: points; stability: changed levels; rank: order points.
    """

    name: StageName
    outcome: Outcome
    value: Fraction
    bound: Fraction | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Multipliers of a Lagrangian bound: with them anyone can re-add an upper bound of the score.

    Attributes:
        multipliers: points per unit of each row, by row id; see optimizer.proofs.certificate for the rows.
        bound: no plan is worth more than this many points.
    """

    multipliers: Mapping[str, Fraction]
    bound: Fraction


@dataclass(frozen=True, slots=True)
class AuditNote:
    """The outcome of the exact audit at the time the plan was made."""

    is_exact: bool = True
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """One audited plan.

    Attributes:
        level_ids: level id by candidate id, funded candidates only.
        money_vnd: đồng spent by source id, then fiscal year.
        outputs: final count by output id.
        bound_points: no plan scores more; None when no engine gave a bound.
        gap_share: (bound - score) / max(|bound|, 1); None without a bound.
    """

    problem_sha256: str
    engine: EngineNote
    outcome: Outcome
    score_points: Fraction
    bound_points: Fraction | None
    gap_share: Fraction | None
    seconds: float
    cpu_seconds: float
    level_ids: Mapping[str, str]
    money_vnd: Mapping[str, Mapping[int, int]]
    outputs: Mapping[str, Fraction]
    certificate: Certificate | None = None
    audit: AuditNote = field(default_factory=AuditNote)
    stages: tuple[StageRecord, ...] = ()
