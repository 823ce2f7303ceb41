"""What is said about two plans of one or two problems: pure facts; every difference adds up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from optimizer.answers.problem_changes import Change


class CauseDetail(Enum):
    """What counts as one cause: each change alone, or all changes of a group together."""

    CHANGE = "change"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ComparisonSettings:
    """How the causes are found.

    Attributes:
        seconds: wall clock guard of all searches together; a step that it stops is told as not proven.
        is_averaged: True = also the average over all orders of the causes (Shapley), for few causes.
    """

    detail: CauseDetail = CauseDetail.CHANGE
    is_averaged: bool = False
    seconds: float = 120.0
    threads: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class LevelMove:
    """A candidate that stands otherwise in the two plans; None = not funded, or not there.

    Attributes:
        cost_before_vnd: cost of its level in the first plan, 0 when it is not funded.
    """

    candidate_id: str
    level_before: str | None
    level_after: str | None
    cost_before_vnd: int
    cost_after_vnd: int
    sentence: str


@dataclass(frozen=True, slots=True)
class OutputMove:
    """What an output comes to in the two plans; None = the problem does not have it."""

    output_id: str
    count_before: Fraction | None
    count_after: Fraction | None
    points_before: Fraction
    points_after: Fraction
    sentence: str


@dataclass(frozen=True, slots=True)
class PlanDifferences:
    """Two plans side by side.

    Attributes:
        levels: candidates whose level or cost differs, by id.
        money_vnd: (first plan, second plan) in đồng, by mark ("source", "year", "agency", "area") and value.
        outputs: by id, those with a different count or different points.
        money_sentences: what moved between sources, years, agencies and areas.
    """

    levels: tuple[LevelMove, ...]
    money_vnd: Mapping[str, Mapping[str, tuple[int, int]]]
    outputs: tuple[OutputMove, ...]
    money_sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of the difference.

    Attributes:
        changes: the changes it consists of; more than one where none of them leaves a plan alone.
        points: what is proven of its effect on the best score; all of it when is_proven.
        low_points: its effect is at least this.
        high_points: its effect is at most this.
    """

    changes: tuple[Change, ...]
    points: Fraction
    low_points: Fraction
    high_points: Fraction
    sentence: str

    @property
    def is_proven(self) -> bool:
        """True when the effect is known exactly."""
        return self.low_points == self.high_points


@dataclass(frozen=True, slots=True)
class Attribution:
    """The difference of the best scores, cause by cause.

    points of all causes + unproven_points = best score found for the second problem - for the first, exactly.

    Attributes:
        unproven_points: what was found but is not proven to belong to its cause; 0 when every step is proven.
        orders_used: orders of the causes that were averaged, 1 for the published order alone.
        orders: orders there are.
    """

    causes: tuple[Cause, ...]
    unproven_points: Fraction
    orders_used: int = 1
    orders: int = 1


@dataclass(frozen=True, slots=True)
class BestOfProblem:
    """The best score found for a problem, its bound, and how far the given plan stays below."""

    score_points: Fraction
    bound_points: Fraction
    distance_points: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything said about two plans.

    score_after - score_before = best_before.distance + causes + unproven - best_after.distance, exactly.

    Attributes:
        averaged: the same over all orders of the causes; None when not asked for, or when in no order every
            step leaves a plan.
    """

    problem_sha256: tuple[str, str]
    score_before: Fraction
    score_after: Fraction
    best_before: BestOfProblem
    best_after: BestOfProblem
    differences: PlanDifferences
    attribution: Attribution
    averaged: Attribution | None
    sentences: tuple[str, ...]
