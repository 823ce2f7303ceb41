"""An upper bound of the score that anyone can re-add: a Lagrangian bound in exact fractions.

Every rule that ties candidates together is written as a row "left side <= right side". Give each row a
price (multiplier) of at least 0 points per unit. Then no plan is worth more than

    sum of price x right side
    + for every candidate, its best level after paying the prices (or nothing, if it may be left out)
    + for every counting variable, its points after paying the prices, if positive, times its largest value,

because a plan that keeps the rows pays at least nothing for them. This holds for *any* prices; good prices
(the engine's) only make the bound tight. Standard library only; the auditor repeats the addition here.

Prices that, with no points at all, add up to less than 0 prove that no plan keeps the rows: a plan without
points is worth 0. One addition takes time in proportion to what the rows contain, whatever their number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm

from optimizer.problem import AllocationProblem
from optimizer.proofs.bound_rows import Row, RowBook, group_row, open_book, requires_row, row_name
from optimizer.proofs.output_rows import add_output_rows
from optimizer.proofs.rule_rows import add_ceiling_rows, add_limit_rows, add_link_rows

__all__ = ["PricedProblem", "PricedRows", "group_row", "lagrangian_bound", "requires_row", "row_name"]

ChoiceId = str | None
"""Level id, or None = not funded."""


def lagrangian_bound(
    problem: AllocationProblem, multipliers: Mapping[str, Fraction], shortfall_vnd: int = 0
) -> Fraction:
    """Return the upper bound of the score that the multipliers prove.

    Args:
        problem: the question.
        multipliers: price of each row in points per unit of the row (ids: optimizer.proofs.bound_rows).
        shortfall_vnd: shortfall allowed against limits that are not hard, in đồng.
    Raises:
        ValueError: a row id is unknown, a price is negative, or a candidate has no possible choice.
    """
    return PricedRows(problem, shortfall_vnd).priced(multipliers).bound()


class PricedRows:
    """All rows of a problem, written once and priced as often as needed."""

    def __init__(self, problem: AllocationProblem, shortfall_vnd: int = 0) -> None:
        """Write the rows.

        Args:
            problem: the question.
            shortfall_vnd: how far the plans compared may stay from the limits that are not hard, in đồng.
        """
        self._book = book = open_book(problem)
        add_ceiling_rows(book, problem)
        add_limit_rows(book, problem, shortfall_vnd)
        add_link_rows(book, problem)
        add_output_rows(book, problem)
        self._least_unit = lcm(*(points.denominator for points in book.points.values()))
        self._count_unit = lcm(*(largest.denominator for largest in book.largest.values()))

    @property
    def book(self) -> RowBook:
        """The rows themselves."""
        return self._book

    def row_ids(self) -> tuple[str, ...]:
        """Return every row id."""
        return tuple(self._book.rows)

    def priced(self, multipliers: Mapping[str, Fraction], *, is_scored: bool = True) -> PricedProblem:
        """Return what the candidates and counts are worth after paying the prices.

        Nothing is rounded: all amounts are whole numbers of one part of a point, small enough for all.

        Args:
            multipliers: price by row id, at least 0.
            is_scored: False leaves the points out: what remains shows whether any plan keeps the rows.
        Raises:
            ValueError: a row id is unknown or a price is negative.
        """
        rows = [(self._row(row_id, price), price) for row_id, price in multipliers.items() if price != 0]
        parts = self._count_unit * lcm(self._least_unit, *(_parts(row, price) for row, price in rows))
        right_sides, paid = 0, [0] * len(self._book.levels)
        counts = {
            key: points.numerator * (parts // points.denominator) if is_scored and points else 0
            for key, points in self._book.points.items()
        }
        for row, price in rows:
            whole = price.numerator * (parts // price.denominator)
            right_sides += whole * row.right_side.numerator // row.right_side.denominator
            each = whole // row.scale
            for number, amount in row.choices.items():
                paid[number] += each * amount
            for key, amount in row.counts.items():
                counts[key] -= each * amount
        return PricedProblem(self._book, parts, right_sides, paid, counts)

    def _row(self, row_id: str, price: Fraction) -> Row:
        row = self._book.rows.get(row_id)
        if row is None or price < 0:
            raise ValueError(f"nhân tử của hàng “{row_id}” không hợp lệ")
        return row


def _parts(row: Row, price: Fraction) -> int:
    """Return into how many parts a point must be cut so that what the row costs is whole."""
    return price.denominator * lcm(row.scale, row.right_side.denominator)


class PricedProblem:
    """The bound taken apart: right sides, choices of every candidate, and counting variables."""

    def __init__(
        self, book: RowBook, parts: int, right_sides: int, paid: list[int], counts: Mapping[str, int]
    ) -> None:
        """Take the sums of the prices.

        Args:
            book: the rows.
            parts: every amount below is a whole number of so many parts of a point.
            right_sides: sum of price x right side.
            paid: what every choice pays, by choice number.
            counts: points of every counting variable per unit, less what it pays.
        """
        self._parts = parts
        self._right_sides = right_sides
        self._worth: dict[str, dict[ChoiceId, int]] = {}
        for candidate_id, numbers in book.numbers.items():
            choices = self._worth[candidate_id] = {}
            if candidate_id in book.may_be_left_out:
                choices[None] = 0
            for level_id, number in numbers.items():
                choices[level_id] = -paid[number]
        self._counts = {
            key: points * book.largest[key].numerator // book.largest[key].denominator
            for key, points in counts.items()
            if points
        }
        self._open_counts = sum(points for points in self._counts.values() if points > 0)

    @cached_property
    def worth(self) -> Mapping[str, Mapping[ChoiceId, Fraction]]:
        """By candidate id: points by level id; key None = not funded (0), where that is allowed."""
        return {
            candidate_id: {choice: Fraction(points, self._parts) for choice, points in choices.items()}
            for candidate_id, choices in self._worth.items()
        }

    def bound(self) -> Fraction:
        """Return the bound for all plans.

        Raises:
            ValueError: a candidate has no possible choice.
        """
        bound = self.bound_in_case({}, {})
        if bound is None:
            raise ValueError("một dự án không còn lựa chọn nào")
        return bound

    def bound_with(self, candidate_id: str, *, is_funded: bool) -> Fraction | None:
        """Return the bound for the plans in which a candidate is (or is not) funded; None = no such plan."""
        kept = [choice for choice in self._worth[candidate_id] if (choice is not None) == is_funded]
        return self.bound_in_case({candidate_id: kept}, {})

    def bound_in_case(
        self, kept: Mapping[str, Collection[ChoiceId]], fixed: Mapping[str, int]
    ) -> Fraction | None:
        """Return the bound for the plans of one case; None = a candidate has no choice left, no such plan.

        Args:
            kept: by candidate id, the choices that are left; an absent candidate keeps all of its own.
            fixed: counting variables whose value is given: 0, or 1 = the largest.
        """
        total = self._right_sides + self._open_counts
        for candidate_id, choices in self._worth.items():
            left = kept.get(candidate_id)
            if left is None:
                left = choices
            if not left:
                return None
            total += max(choices[choice] for choice in left)
        for key, value in fixed.items():
            points = self._counts.get(key, 0)
            total += points * value - max(points, 0)
        return Fraction(total, self._parts)
