"""What is said about the candidates when weights and costs are drawn by chance: pure facts.

    chắc chắn        in every kind of draw, the share that funds it is surely at least core_from
    chưa tới lượt    in every kind of draw, that share is surely at most outside_to
    nên bàn thêm     everything else: the authority should talk about these

"Surely" means the end of Wilson's 95 % interval, so few draws make few candidates sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from optimizer.draws import DrawRanges

USUAL_RANGES = DrawRanges(Fraction(1, 5), Fraction(3, 20))
SMALL_PROBLEM = 150
"""Up to so many candidates every draw gets a plan in whole levels, beyond it a relaxation."""


class SampleKind(Enum):
    """What is moved in a sample of draws."""

    WEIGHTS = "weights"
    COSTS = "costs"
    BOTH = "both"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the kind."""
        return {
            SampleKind.WEIGHTS: "trọng số",
            SampleKind.COSTS: "chi phí",
            SampleKind.BOTH: "trọng số và chi phí",
        }[self]


class DrawWay(Enum):
    """What is found in every draw: a plan in whole levels, or shares of levels."""

    WHOLE = "whole"
    RELAXED = "relaxed"


class Robustness(Enum):
    """Where a candidate stands."""

    CORE = "core"
    BORDERLINE = "borderline"
    OUTSIDE = "outside"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the verdict."""
        return {
            Robustness.CORE: "chắc chắn",
            Robustness.BORDERLINE: "nên bàn thêm",
            Robustness.OUTSIDE: "chưa tới lượt",
        }[self]


@dataclass(frozen=True, slots=True)
class VerdictBounds:
    """The published bounds of the verdicts, as shares of the draws."""

    core_from: Fraction = Fraction(9, 10)
    outside_to: Fraction = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class RobustnessSettings:
    """What is asked.

    Attributes:
        is_joint: True = every draw moves weights and costs together; False = one sample of each.
        way: None = by size, see SMALL_PROBLEM.
        gap_share: whole plans only: a draw's search may stop this near to the best.
        seconds_each: whole plans only: guard of one draw.
        seconds: guard of all draws; what is not reached is not counted.
        protect: numbers of candidates that a protected plan should bear overrunning at once.
    """

    ranges: DrawRanges = USUAL_RANGES
    draws: int = 200
    is_joint: bool = False
    way: DrawWay | None = None
    gap_share: Fraction = Fraction(1, 1000)
    seconds_each: float = 20.0
    seconds: float = 600.0
    bounds: VerdictBounds = VerdictBounds()
    protect: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenShare:
    """A share seen in draws, with the 95 % interval of the true one.

    Attributes:
        seen: draws (or parts of draws, where levels are relaxed) in which it was so.
        of: draws that count.
    """

    seen: Fraction
    of: int
    low: Fraction
    high: Fraction

    @property
    def share(self) -> Fraction:
        """The share itself."""
        return self.seen / self.of


@dataclass(frozen=True, slots=True)
class SampleCount:
    """How the draws of one sample ended.

    Attributes:
        asked: draws asked for.
        with_plan: draws in which a plan was found; only these count in shares.
        without_plan: draws in which no plan keeps the hard rules.
        unsettled: draws stopped before any plan, or not reached in time.
        stopped: draws with a plan that was kept when the clock stopped the search.
    """

    kind: SampleKind
    asked: int
    with_plan: int
    without_plan: int
    unsettled: int
    stopped: int


@dataclass(frozen=True, slots=True)
class CandidateRobustness:
    """Where one candidate stands.

    Attributes:
        level_id: level in the plan under question; None = not funded in it, or no plan was given.
        shares: how often it is funded, by kind of sample; the one for weights is the core index of the
            sample (chỉ số lõi theo mẫu).
        is_by_rule: True = its state decides (committed, pinned, barred), not the draws.
        sentence: Vietnamese sentence made from these facts.
    """

    candidate_id: str
    level_id: str | None
    shares: Mapping[SampleKind, SeenShare]
    verdict: Robustness
    is_by_rule: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class RowRisk:
    """A ceiling that the kept plan breaks in some draws.

    Attributes:
        rule_id: as in the audit: ceiling of a group of sources in a year, or cap of a hard limit.
        worst_over_vnd: largest excess seen.
        reserve_vnd: with so much more (or so much less promised) it holds in 95 % of the draws.
    """

    rule_id: str
    broken: SeenShare
    worst_over_vnd: int
    reserve_vnd: int


@dataclass(frozen=True, slots=True)
class PlanRisk:
    """What happens to the plan under question when it is kept and costs overrun.

    Attributes:
        broken: draws in which at least one ceiling breaks, counted exactly in đồng.
        rows: the ceilings that break in some draw, by rule id.
    """

    broken: SeenShare
    rows: tuple[RowRisk, ...]


@dataclass(frozen=True, slots=True)
class ProtectedPlan:
    """The price of safety: the best plan that bears some candidates overrunning at once.

    Attributes:
        gamma: that many candidates may overrun by the largest share at the same time; 0 = no protection.
        level_ids: the plan, audited; None = no plan bears so much (or none was found in time).
        score_points: its score; None without a plan.
        bound_points: no plan that bears as much scores more; None without a plan.
        broken: draws of overruns in which some ceiling breaks all the same, counted in đồng.
    """

    gamma: int
    level_ids: Mapping[str, str] | None
    score_points: Fraction | None
    bound_points: Fraction | None
    broken: SeenShare | None


@dataclass(frozen=True, slots=True)
class RobustnessAnswer:
    """Everything that was found.

    Attributes:
        candidates: by id.
        risk: None without a plan or without overruns.
        protected: by gamma, 0 first; empty when not asked for.
        sentences: Vietnamese summary.
    """

    problem_sha256: str
    settings: RobustnessSettings
    way: DrawWay
    samples: tuple[SampleCount, ...]
    candidates: tuple[CandidateRobustness, ...]
    risk: PlanRisk | None
    protected: tuple[ProtectedPlan, ...]
    sentences: tuple[str, ...]
