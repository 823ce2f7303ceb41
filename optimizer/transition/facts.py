"""What the transition from headcount to results is computed from, and what it answers, as frozen facts.

Money is whole đồng; everything else is an exact fraction. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One result of an agency, valued at a published price.

    Attributes:
        price_vnd: đồng per unit of the result.
        quality: coefficient of quality, 1 = as required.
        place_factor: coefficient of the place (remote, mountainous …), 1 = ordinary.
        verified: output of the year before, as verified; None = not verified yet.
        planned: output of the appraised plan; counts only while nothing is verified.
        planned_at_most: how much of a plan may count, so that promises never outweigh what was verified.
    """

    name: str
    price_vnd: int
    quality: Fraction = Fraction(1)
    place_factor: Fraction = Fraction(1)
    verified: Fraction | None = None
    planned: Fraction | None = None
    planned_at_most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TransitionAgency:
    """An agency and its amount of the year before the first one; None = it had none, so no corridor."""

    code: str
    name: str
    last_year_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class AgencyFigures:
    """Headcount and results of one agency, as they count for one year."""

    code: str
    headcount: int
    results: tuple[ResultLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Corridor:
    """How far an amount may fall and rise against the year before, as shares of it."""

    down: Fraction
    up: Fraction


@dataclass(frozen=True, slots=True)
class TransitionYear:
    """One fiscal year to be shared out.

    Attributes:
        norm_vnd: the year's norm per head, đồng; it states what headcount alone would cost.
        total_vnd: what there is for all agencies together, đồng.
    """

    year: int
    norm_vnd: int
    total_vnd: int
    corridor: Corridor
    agencies: tuple[AgencyFigures, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """The whole question.

    Attributes:
        calendar: weight of results (theta) by year, from 0 to 1, never falling; published before it binds.
        years: fiscal years, one after the other without a gap.
    """

    title: str
    calendar: Mapping[int, Fraction]
    agencies: tuple[TransitionAgency, ...]
    years: tuple[TransitionYear, ...]


class DecidingRule(Enum):
    """What decided an agency's amount; label_vi is what people read."""

    SHARE = "share"
    FLOOR = "floor"
    CAP = "cap"
    REMAINDER = "remainder"

    @property
    def label_vi(self) -> str:
        """Return the rule in words."""
        return {
            DecidingRule.SHARE: "theo công thức",
            DecidingRule.FLOOR: "giữ ở sàn hành lang",
            DecidingRule.CAP: "giữ ở trần hành lang",
            DecidingRule.REMAINDER: "nhận phần còn lại",
        }[self]


@dataclass(frozen=True, slots=True)
class AgencyBlock:
    """What one agency gets in one year, and why.

    Attributes:
        headcount_vnd: headcount x norm.
        results_vnd: value of its results.
        headcount_share, result_share: its part of everybody's headcount and results.
        raw_vnd: the mix of both shares of the total, before the corridor.
        floor_vnd, cap_vnd: the corridor in whole đồng; cap None = no year before, no corridor.
        exact_vnd: multiplier x raw inside the corridor, before rounding.
        amount_vnd: the answer.
        unverified_count: results that count by plan because nothing is verified.
        sentences: the same for people to read.
    """

    code: str
    name: str
    headcount: int
    headcount_vnd: int
    results_vnd: Fraction
    headcount_share: Fraction
    result_share: Fraction
    raw_vnd: Fraction
    floor_vnd: int
    cap_vnd: int | None
    exact_vnd: Fraction
    amount_vnd: int
    rule: DecidingRule
    unverified_count: int
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearBlocks:
    """One year shared out.

    Attributes:
        headcount_block_vnd, result_block_vnd: the total cut by theta; they sum to it.
        multiplier: common factor lambda; None where every agency with a share stands at its cap.
        agencies: sorted by code.
    """

    year: int
    theta: Fraction
    total_vnd: int
    headcount_block_vnd: int
    result_block_vnd: int
    multiplier: Fraction | None
    agencies: tuple[AgencyBlock, ...]
    sentences: tuple[str, ...] = ()


def counted_output(line: ResultLine) -> Fraction:
    """Return how much of a result counts: what is verified, else the appraised plan up to its cap."""
    if line.verified is not None:
        return line.verified
    if line.planned is None or line.planned_at_most is None:
        return Fraction(0)
    return min(line.planned, line.planned_at_most)


def results_value_vnd(figures: AgencyFigures) -> Fraction:
    """Return O_a = sum of price x quality x place factor x counted output, in đồng."""
    return sum(
        (
            line.price_vnd * line.quality * line.place_factor * counted_output(line)
            for line in figures.results
        ),
        Fraction(0),
    )


def corridor_bounds_vnd(last_year_vnd: int | None, corridor: Corridor) -> tuple[int, int | None]:
    """Return floor and cap of an agency in whole đồng, rounded into the corridor.

    The amount of the year before is whole and inside, so rounding never empties the corridor. Without a
    year before: no floor and no cap.
    """
    if last_year_vnd is None:
        return 0, None
    return ceil(last_year_vnd * (1 - corridor.down)), floor(last_year_vnd * (1 + corridor.up))
