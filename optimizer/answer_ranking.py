"""Plain value for money as facts: every candidate alone, and where the plan decides otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

BILLION_VND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """One candidate in the plain list.

    Attributes:
        level_id: the level that earns most points per đồng when nothing else is funded; None = no level earns
            anything alone.
        points: exact score of that level alone.
        cost_vnd: its cost.
        place: place in the list, 1 = most points per đồng.
        list_level_id: that level where going down the list still finds money and breaks no rule; else None.
        plan_level_id: level in the plan; None = not funded.
        words: Vietnamese sentence why the plan decides otherwise than the list; empty where it does not.
    """

    candidate_id: str
    level_id: str | None
    points: Fraction
    cost_vnd: int
    place: int
    list_level_id: str | None
    plan_level_id: str | None
    words: str = ""

    @property
    def points_per_billion(self) -> Fraction | None:
        """Points per 1.000.000.000 đồng; None when it costs nothing."""
        return self.points * BILLION_VND / self.cost_vnd if self.cost_vnd else None

    @property
    def differs(self) -> bool:
        """True when the list would fund the candidate and the plan does not, or the other way round."""
        return (self.list_level_id is None) != (self.plan_level_id is None)
