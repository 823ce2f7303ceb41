"""What every rule costs, as facts: the plan without it, or with a billion more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from optimizer.answers.plan_change import LevelChange


class SwitchKind(Enum):
    """What is done to the rule."""

    OFF = "off"
    """The rule is left out."""
    MORE = "more"
    """The ceiling is raised by the stated step; a ceiling cannot be left out."""


class SwitchOutcome(Enum):
    """How much is known about what the rule costs."""

    PROVEN = "proven"
    SEARCHED = "searched"
    HINT = "hint"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the outcome."""
        return {
            SwitchOutcome.PROVEN: "đã giải lại và chứng minh",
            SwitchOutcome.SEARCHED: "đã giải lại, chưa chứng minh hết",
            SwitchOutcome.HINT: "chỉ có gợi ý của bài toán nới lỏng",
        }[self]


@dataclass(frozen=True, slots=True)
class SwitchedRule:
    """One rule and the plan without it.

    Attributes:
        rule_id: as in the audit; sides of a limit are rules of their own.
        words: Vietnamese noun phrase with amounts and, where there is one, the legal reference.
        hint_per_billion: money rules: shadow price of the relaxation, points per 1.000.000.000 đồng.
        relaxed_gain_points: what the relaxation gains without the rule: a hint.
        gained_points: score of the best audited plan found without the rule, less the plan's; None = not
            searched, or nothing found in time.
        gained_at_most_points: no plan without the rule gains more over the plan.
        keeps_rule: True when that plan keeps the rule too: then the plan can be bettered without touching the
            rule, and the gain is not the rule's price.
        shortfall_change_vnd: what is then missing more (or, below 0, less) to the limits that are not hard.
        levels: who changes in that best plan.
        level_ids: that plan.
    """

    rule_id: str
    kind: SwitchKind
    words: str
    legal_reference: str
    outcome: SwitchOutcome
    hint_per_billion: Fraction | None = None
    relaxed_gain_points: Fraction | None = None
    gained_points: Fraction | None = None
    gained_at_most_points: Fraction | None = None
    keeps_rule: bool = False
    shortfall_change_vnd: int | None = None
    levels: tuple[LevelChange, ...] = ()
    level_ids: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePrices:
    """All rules of a problem, the dearest first.

    Attributes:
        step_vnd: đồng by which a ceiling is raised.
        score_points: score of the plan that all gains are counted from.
        bound_points: no plan with every rule scores more, by the relaxation.
    """

    problem_sha256: str
    step_vnd: int
    score_points: Fraction
    bound_points: Fraction | None
    rules: tuple[SwitchedRule, ...]
