"""What a what-if answers, as facts: per step the relaxed answer at once, the whole plan after it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from optimizer.answers.money_rows import MoneyHint
from optimizer.answers.plan_change import PlanChange
from optimizer.edits import Edit
from optimizer.errors import Conflict
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem


class StepOutcome(Enum):
    """How the search for a step's plan ended."""

    PLANNED = "planned"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the outcome."""
        return {
            StepOutcome.PLANNED: "đã có phương án",
            StepOutcome.INFEASIBLE: "không có phương án nào (đã xác nhận)",
            StepOutcome.STOPPED: "dừng khi chưa có phương án",
            StepOutcome.FAILED: "bộ giải không cho kết quả dùng được",
        }[self]


@dataclass(frozen=True, slots=True)
class RelaxedStep:
    """The answer without whole levels, told at once.

    Attributes:
        number: 1 for the first step.
        edits: what the step changes, in its own words: from the problem it starts from.
        is_feasible: False = not even shares of levels keep the hard rules, confirmed on a fresh model.
        bound_points: no plan scores more, by the engine's arithmetic.
        hints: prices of the rows of money, the dearest first.
        seconds: from the edit to this answer.
    """

    number: int
    title: str
    edits: tuple[Edit, ...]
    is_feasible: bool
    bound_points: Fraction | None
    hints: tuple[MoneyHint, ...]
    seconds: float
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The audited plan of a step, or why there is none.

    Attributes:
        problem: the problem of the step: with its edits, and with the plan before as reference plan.
        compared_with: number of the step whose plan it is compared with; 0 = the plan that was given.
        plan: an audited plan of that problem; None unless the outcome is PLANNED.
        difference: from the plan before to this one.
        conflicts: rules that cannot all be kept, when the outcome is INFEASIBLE.
        seconds: from the edit to this answer.
    """

    number: int
    outcome: StepOutcome
    problem: AllocationProblem
    compared_with: int
    plan: AllocationPlan | None
    difference: PlanChange | None
    conflicts: tuple[Conflict, ...]
    seconds: float
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIfStep:
    """Both answers of one step."""

    relaxed: RelaxedStep
    planned: PlannedStep


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All steps of a what-if.

    Attributes:
        problem_sha256: the problem the plan was given for.
        is_chain: True = each step was made on top of those before.
    """

    problem_sha256: str
    is_chain: bool
    steps: tuple[WhatIfStep, ...]
