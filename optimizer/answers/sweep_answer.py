"""The money frontier as facts: what the plan would be worth with less and with more money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from optimizer.errors import Conflict

BILLION_VND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FrontierRange:
    """Which ceilings are scaled together, how far, and how finely.

    Attributes:
        source_id, year: None = every source, every year.
        from_share, to_share: shares of today's ceilings.
        steps: the curve has one point more than steps, evenly spaced.
        knots: points of the curve at which a whole plan is sought, evenly spread; today's ceilings are always
            one of them. 0 = the curve alone.
    """

    source_id: str | None = None
    year: int | None = None
    from_share: Fraction = Fraction(1, 2)
    to_share: Fraction = Fraction(3, 2)
    steps: int = 200
    knots: int = 11


class KnotOutcome(Enum):
    """How the search for a plan at a knot ended."""

    PLANNED = "planned"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the outcome."""
        return {
            KnotOutcome.PLANNED: "đã có phương án",
            KnotOutcome.INFEASIBLE: "không có phương án nào",
            KnotOutcome.STOPPED: "dừng khi chưa có phương án",
        }[self]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The relaxation at one share of the ceilings.

    Attributes:
        total_vnd: sum of the scaled ceilings.
        bound_points: no plan scores more; None = not even shares of levels keep the hard rules.
        points_per_billion: what the bound gains per 1.000.000.000 đồng up to the next point; None at the
            last point and where there is no bound.
    """

    share: Fraction
    total_vnd: int
    bound_points: Fraction | None
    points_per_billion: Fraction | None


@dataclass(frozen=True, slots=True)
class Knot:
    """An audited plan at one share of the ceilings.

    Attributes:
        score_points, shortfall_vnd, spent_vnd: by the exact audit of level_ids; None without a plan.
        bound_points: no plan scores more at these ceilings; None = none is known.
        is_proven: True when the search proved the plan best; the plan of a step below is never proven.
        is_carried: True when the plan of the step below is better than what was found here and was taken.
        changed: candidates whose level differs from the plan at today's ceilings.
        seconds: wall clock of the search.
    """

    share: Fraction
    total_vnd: int
    outcome: KnotOutcome
    score_points: Fraction | None
    shortfall_vnd: int | None
    bound_points: Fraction | None
    is_proven: bool
    is_carried: bool
    level_ids: Mapping[str, str]
    spent_vnd: int | None
    changed: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class MoneyFrontier:
    """The frontier of one scope of money.

    Attributes:
        curve: by rising share.
        knots: by rising share.
        today_points: score of the plan at today's ceilings: the plan that was given, else the knot's.
        half_from: first point above today from which a further billion brings at most half of what it brings
            today; None = not within the range.
        flat_from: first point from which more money brings nothing; None = not within the range.
        conflicts: why there is no plan at the highest knot without one, where that was found out.
        curve_seconds: wall clock of the whole curve.
    """

    asked: FrontierRange
    curve: tuple[CurvePoint, ...]
    knots: tuple[Knot, ...]
    today_points: Fraction | None
    half_from: CurvePoint | None
    flat_from: CurvePoint | None
    curve_seconds: float
    conflicts: tuple[Conflict, ...] = ()
    sentences: tuple[str, ...] = field(default=())

    def today(self) -> CurvePoint | None:
        """Return the point of today's ceilings, where the range holds it."""
        return next((point for point in self.curve if point.share == 1), None)
