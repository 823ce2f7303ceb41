"""What money, results and rules are worth at a plan, as facts: hints of the relaxation and confirmed amounts.

A price of the relaxation is a hint. What an agency may be told is confirmed: an audited plan shows that the
amount suffices, and a bound shows that less does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

Money = Mapping[str, Mapping[int, int]]
"""Đồng by source id, then fiscal year."""


class BoundOrigin(Enum):
    """Where a bound comes from: added up by anyone, or told by the engine."""

    CERTIFICATE = "certificate"
    ENGINE = "engine"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the origin."""
        return {
            BoundOrigin.CERTIFICATE: "cận cộng lại được bằng phân số",
            BoundOrigin.ENGINE: "cận của bộ giải",
        }[self]


@dataclass(frozen=True, slots=True)
class ConfirmedPrice:
    """What a step on a row of money really brings, by solving again.

    Attributes:
        step_vnd: đồng by which a ceiling is raised or a floor lowered.
        gained_points: gain of the best audited plan found.
        most_points: no plan gains more; None without a bound.
        level_ids: that plan.
    """

    step_vnd: int
    gained_points: Fraction
    most_points: Fraction | None
    most_origin: BoundOrigin
    level_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What one more billion đồng on a row of money would be worth by the relaxation: a hint, never a reason.

    Attributes:
        row_id: ``ceiling:SOURCE:YEAR``, ``cap:LIMIT`` or ``floor:LIMIT``; a floor's price is for lowering it.
        points_per_billion: points per 1.000.000.000 đồng; the relaxation gains at most this.
        confirmed: what a step really brings, where that was asked.
    """

    row_id: str
    points_per_billion: Fraction
    confirmed: ConfirmedPrice | None = None


@dataclass(frozen=True, slots=True)
class WorthHint:
    """One level at the prices of the relaxation, in points: a hint for planners, never a reason.

        margin = value - money - rules

    Attributes:
        value_points: what its results are worth: yields, units and parts at the prices of the outputs.
        money_points: what its money is worth at the prices of the ceilings.
        rule_points: what it uses up of limits, links and hard minimums; negative where it helps to keep them.
    """

    level_id: str
    value_points: Fraction
    money_points: Fraction
    rule_points: Fraction

    @property
    def margin_points(self) -> Fraction:
        """What funding at this level adds, after money and rules are paid."""
        return self.value_points - self.money_points - self.rule_points

    @property
    def value_to_money(self) -> Fraction | None:
        """Worth of the results per worth of the money; None when the money costs nothing."""
        return self.value_points / self.money_points if self.money_points > 0 else None

    @property
    def needed_results_share(self) -> Fraction | None:
        """The share of its results at which the margin is 0; None when they are worth nothing."""
        return (self.money_points + self.rule_points) / self.value_points if self.value_points > 0 else None

    @property
    def bearable_cost_share(self) -> Fraction | None:
        """The share of its cost at which the margin is 0; None when its money costs nothing."""
        return (self.value_points - self.rule_points) / self.money_points if self.money_points > 0 else None


@dataclass(frozen=True, slots=True)
class LevelLoss:
    """What the best plan with a candidate at one level loses against the plan.

    Attributes:
        is_possible: False = no plan has the candidate at this level.
        loss_at_least_points: every such plan loses at least this much; None without a bound.
        loss_points: the best audited plan found loses this much; None = none found.
    """

    level_id: str
    is_possible: bool
    loss_at_least_points: Fraction | None
    least_origin: BoundOrigin
    loss_points: Fraction | None
    level_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CostCut:
    """The largest cost at which one level of a candidate would be funded within the same money.

    Attributes:
        appraised_vnd: cost of the level as it stands.
        largest_vnd: with this cost a plan with the candidate scores no less than the plan; every amount is
            cut by the same share and rounded up to the đồng. None = not found, or not even for nothing.
        cost_vnd: these amounts.
        below_vnd: with this cost or more no plan does; None = not known.
        below_origin: where that comes from.
        level_ids: the audited plan at largest_vnd.
    """

    level_id: str
    appraised_vnd: int
    largest_vnd: int | None
    cost_vnd: Money
    below_vnd: int | None
    below_origin: BoundOrigin
    level_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class YearShift:
    """What the best plan gains when a candidate could begin some years later (+) or earlier (-).

    Attributes:
        gained_points: the best audited plan with the candidate begun then, less the plan; None = none found.
        most_points: no such plan gains more; None = none exists or no bound.
        is_possible: False = no plan has the candidate begun then.
    """

    years: int
    is_possible: bool
    gained_points: Fraction | None
    most_points: Fraction | None
    most_origin: BoundOrigin
    level_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LeastMoney:
    """The least extra money on named ceilings with which a decision costs no points.

    Attributes:
        extra_vnd: what each ceiling needs.
        total_vnd: their sum.
        at_least_vnd: no smaller sum suffices; None without a bound.
        level_ids: the audited plan with that money; it scores no less than the plan.
    """

    extra_vnd: Money
    total_vnd: int
    at_least_vnd: int | None
    least_origin: BoundOrigin
    level_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplacementCost:
    """What the results of a funded candidate would cost if the other candidates had to bring them.

    Attributes:
        is_possible: False = proven that the others cannot bring them for any money.
        extra: the least extra money without the candidate; None = not found or not possible.
        others_vnd: what the others then spend more than in the plan; at most the candidate's cost and the
            extra money together.
    """

    is_possible: bool
    extra: LeastMoney | None
    others_vnd: int | None


@dataclass(frozen=True, slots=True)
class CandidatePrices:
    """What it would take to decide otherwise about one candidate; empty where it was not asked.

    Attributes:
        levels: by level other than the plan's, what the best plan with it loses.
        cuts: by allowed level, the largest cost that would be funded (candidates that are out).
        shifts: by start one year earlier or later, what that would gain.
        least_extra: least extra money with everyone free to move (candidates that are out).
        replacement: what its results cost from others (candidates that are in).
    """

    levels: tuple[LevelLoss, ...] = ()
    cuts: tuple[CostCut, ...] = ()
    shifts: tuple[YearShift, ...] = ()
    least_extra: LeastMoney | None = None
    replacement: ReplacementCost | None = None
