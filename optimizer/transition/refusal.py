"""A total that no corridor can hold: by how much, at which end, and the smallest change that helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from optimizer.errors import Conflict, NoFeasiblePlan
from optimizer.transition.facts import TransitionAgency, TransitionYear, corridor_bounds_vnd
from optimizer.wording import amount_words, number_words

STEPS = 10_000
"""A wider corridor is proposed in steps of 0,01 %."""
WIDEST_UP_STEPS = 10 * STEPS
"""Beyond tenfold a wider corridor is no repair."""


class OutsideCorridor(NoFeasiblePlan):
    """The year's total lies outside what floors and caps allow together.

    Attributes:
        year: the fiscal year.
        end: "floor" where all floors together exceed the total, "cap" where the total exceeds all caps.
        amount_vnd: by how much, in đồng.
        widened_share: the smallest corridor (in steps of 0,01 %) at that end that holds the total, or None.
    """

    def __init__(
        self, year: int, end: str, amount_vnd: int, widened_share: Fraction | None, conflict: Conflict
    ) -> None:
        super().__init__((conflict,))
        self.year, self.end, self.amount_vnd, self.widened_share = year, end, amount_vnd, widened_share


def require_feasible_corridor(
    year: TransitionYear, bounds_vnd: Mapping[str, tuple[int, int]], agencies: Mapping[str, TransitionAgency]
) -> None:
    """Refuse a total outside sum of floors <= total <= sum of caps.

    Args:
        bounds_vnd: floor and cap by agency code; the total stands for "no cap".
        agencies: amounts of the year before, by code.
    Raises:
        OutsideCorridor: with the exact amount and the end.
    """
    floors_vnd = sum(low for low, _ in bounds_vnd.values())
    caps_vnd = sum(high for _, high in bounds_vnd.values())
    known = [agencies[code].last_year_vnd for code in bounds_vnd]
    last_years_vnd = [amount for amount in known if amount is not None]
    if floors_vnd > year.total_vnd:
        raise _below_floors(year, floors_vnd, last_years_vnd)
    if caps_vnd < year.total_vnd:
        raise _above_caps(year, caps_vnd, last_years_vnd)


def _below_floors(year: TransitionYear, floors_vnd: int, last_years_vnd: Sequence[int]) -> OutsideCorridor:
    missing_vnd = floors_vnd - year.total_vnd

    def holds(steps: int) -> bool:
        wider = replace(year.corridor, down=Fraction(steps, STEPS))
        return sum(corridor_bounds_vnd(vnd, wider)[0] for vnd in last_years_vnd) <= year.total_vnd

    share = _least_share(1 - Fraction(year.total_vnd, sum(last_years_vnd)), STEPS, holds)
    conflict = Conflict(
        (f"corridor:floor:{year.year}",),
        f"Năm {year.year}: tổng mức sàn của hành lang là {amount_words(floors_vnd)}, vượt tổng kinh phí "
        f"{amount_words(year.total_vnd)} là {amount_words(missing_vnd)}.",
        f"Tăng tổng kinh phí thêm ít nhất {amount_words(missing_vnd)}"
        + _wider_words("giảm", share, year.corridor.down),
    )
    return OutsideCorridor(year.year, "floor", missing_vnd, share, conflict)


def _above_caps(year: TransitionYear, caps_vnd: int, last_years_vnd: Sequence[int]) -> OutsideCorridor:
    left_vnd = year.total_vnd - caps_vnd

    def holds(steps: int) -> bool:
        wider = replace(year.corridor, up=Fraction(steps, STEPS))
        return sum(corridor_bounds_vnd(vnd, wider)[1] or 0 for vnd in last_years_vnd) >= year.total_vnd

    before_vnd = sum(last_years_vnd)
    share = None
    if before_vnd:
        share = _least_share(Fraction(year.total_vnd, before_vnd) - 1, WIDEST_UP_STEPS, holds)
    conflict = Conflict(
        (f"corridor:cap:{year.year}",),
        f"Năm {year.year}: tổng kinh phí {amount_words(year.total_vnd)} vượt tổng mức trần của hành lang "
        f"{amount_words(caps_vnd)} là {amount_words(left_vnd)}.",
        f"Giảm tổng kinh phí ít nhất {amount_words(left_vnd)}"
        + _wider_words("tăng", share, year.corridor.up),
    )
    return OutsideCorridor(year.year, "cap", left_vnd, share, conflict)


def _least_share(exact: Fraction, most_steps: int, holds: Callable[[int], bool]) -> Fraction | None:
    """Return the least share in whole steps that holds the total, or None up to the widest.

    The exact share ignores that floors and caps are whole đồng; a few đồng more may ask for a step more.
    """
    steps = ceil(exact * STEPS)
    while steps <= most_steps:
        if holds(steps):
            return Fraction(steps, STEPS)
        steps += 1
    return None


def _wider_words(way: str, share: Fraction | None, today: Fraction) -> str:
    if share is None:
        return "."
    return (
        f", hoặc cho phép {way} đến {number_words(share * 100, 2)}% so với năm trước "
        f"(đang là {number_words(today * 100, 2)}%)."
    )
