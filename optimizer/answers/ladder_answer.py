"""The nested ladder as facts: one audited plan per rung of money, each standing on the one below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.answers.plan_change import LevelChange
from optimizer.edits import CeilingEdit


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of money that is asked about.

    Attributes:
        title: for people, for instance "80 %".
        ceilings: the ceilings of this rung; those not named stay as they are.
        weight: what a point counts here, above 0.
    """

    title: str
    ceilings: tuple[CeilingEdit, ...]
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One rung with its plan.

    Attributes:
        number: 1 for the least money.
        total_vnd: sum of all ceilings of the rung.
        level_ids: the plan; everybody in it stands at least as high at the next rung.
        score_points, shortfall_vnd, spent_vnd: by the exact audit at the rung's ceilings.
        changes: who comes in or rises against the rung below.
        free_points, free_shortfall_vnd: the best plan found for this rung alone, without nesting.
        free_bound_points: no plan for this rung scores more; None = no bound.
        is_free_proven: True when the free plan is proven best.
    """

    number: int
    rung: Rung
    total_vnd: int
    level_ids: Mapping[str, str]
    score_points: Fraction
    shortfall_vnd: int
    spent_vnd: int
    changes: tuple[LevelChange, ...]
    free_points: Fraction
    free_shortfall_vnd: int
    free_bound_points: Fraction | None
    is_free_proven: bool

    @property
    def price_points(self) -> Fraction:
        """What nesting costs at this rung: the free plan's score less this one's."""
        return self.free_points - self.score_points

    @property
    def price_at_most_points(self) -> Fraction | None:
        """Nesting costs no more than this; None without a bound."""
        return None if self.free_bound_points is None else self.free_bound_points - self.score_points


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs.

    Attributes:
        weighted_points: sum of weight x score.
        bound_points: no nested plans with as small a shortfall reach more; None = no bound.
        is_proven: True when the engine proved that none do better.
    """

    steps: tuple[LadderStep, ...]
    weighted_points: Fraction
    bound_points: Fraction | None
    is_proven: bool
    seconds: float
    sentences: tuple[str, ...] = ()
