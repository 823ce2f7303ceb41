"""A proof by cases under growth: steps so far, tables of prices, and the cases not yet closed.

A case is closed only by prices re-added in fractions, or by the case having no plan, also re-added; what
the engine says of a case is a hint where to look.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import (
    BoundCase,
    Case,
    ChoiceSplit,
    CountSplit,
    EmptyCase,
    NoChoiceCase,
    ProofTree,
    Situation,
    Step,
)
from optimizer.proofs.tree import first_situation
from optimizer.solving.proof_model import Look, ProofModel

if TYPE_CHECKING:
    from optimizer.engines.interface import Numbers
    from optimizer.proofs.certificate import ChoiceId

NEAR = 1e-9
"""Bounds of the engine this near to the target are not closed but divided."""
DIGITS = (4, 6, 8, 11)
"""Decimal digits of prices, tried from short to long: short ones are easier to re-add by hand."""
ROUNDING_SHARE = 300.0
"""Prices of d digits may move a bound by about so many times 10^-d points."""


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide a case; part is the smaller share that moves to either side."""

    part: float
    key: str
    sides: tuple[tuple[ChoiceId, ...], tuple[ChoiceId, ...]] | None

    def situations(self, situation: Situation) -> tuple[Situation, Situation]:
        """Return the two cases."""
        if self.sides is None:
            return situation.fixing(self.key, 0), situation.fixing(self.key, 1)
        return situation.keeping(self.key, self.sides[0]), situation.keeping(self.key, self.sides[1])


@dataclass(order=True, slots=True)
class OpenCase:
    """A case not yet closed; the one with the highest bound comes first, then the oldest."""

    order: tuple[float, int]
    step: int = field(compare=False)
    situation: Situation = field(compare=False)
    look: Look = field(compare=False)


class ProofGrowth:
    """A tree under growth: steps so far, tables of prices, and the cases not yet closed."""

    def __init__(
        self, rows: PricedRows, model: ProofModel, target: Fraction, most_leaves: int, ends: float
    ) -> None:
        self.target = target
        self.open: list[OpenCase] = []
        self.rival: Numbers | None = None
        self._rows = rows
        self._model = model
        self._most_leaves = most_leaves
        self._ends = ends
        self._steps: list[Step | None] = []
        self._prices: list[dict[str, Fraction]] = []
        self._tables: dict[frozenset[tuple[str, int, int]], int] = {}
        self._split_count = 0

    def begin(self, forced: tuple[str, bool] | None) -> bool:
        """Look at the first case; False = the engine has no answer."""
        situation = first_situation(self._rows, forced)
        if forced is not None and not situation.kept[forced[0]]:
            self._steps.append(NoChoiceCase(forced[0]))
            return True
        self._place(situation, self._model.look(situation))
        return all(case.look.values is not None for case in self.open)

    def split(self, step: int, division: Division, looks: list[tuple[Situation, Look]]) -> None:
        """Write a division as a step and place its two cases."""
        self._split_count += 1
        first, second = [self._place(situation, look) for situation, look in looks]
        if division.sides is None:
            self._steps[step] = CountSplit(division.key, first, second)
        else:
            cases = (Case(division.sides[0], first), Case(division.sides[1], second))
            self._steps[step] = ChoiceSplit(division.key, cases)

    def is_spent(self) -> bool:
        """Tell whether leaves or time have run out."""
        return self.leaf_count() > self._most_leaves or perf_counter() > self._ends

    def leaf_count(self) -> int:
        """Return the last cases so far, closed and open."""
        return len(self._steps) - self._split_count

    def tree(self) -> ProofTree:
        """Return the finished tree."""
        return ProofTree(tuple(self._prices), tuple(step for step in self._steps if step is not None))

    def _place(self, situation: Situation, look: Look) -> int:
        """Close a case if that can be done exactly, else keep it open; return its step."""
        number = len(self._steps)
        self._steps.append(self._closed(situation, look))
        if self._steps[number] is None:
            heapq.heappush(self.open, OpenCase((-look.bound, number), number, situation, look))
        return number

    def _closed(self, situation: Situation, look: Look) -> Step | None:
        """Return the last case that exact addition allows; None = not closed."""
        if look.bound == -math.inf:
            return self._contradicted(situation)
        if look.duals is None or look.bound >= float(self.target) - NEAR:
            return None
        return self._bounded(situation, look.duals, float(self.target) - look.bound)

    def close_whole(self, case: OpenCase, chosen: Mapping[str, str]) -> bool:
        """Close a case whose relaxation is a plan that the exact audit refuses; False = not yet possible.

        Either exact addition tells the case from the target where the engine could not, or the plan breaks a
        row and so does everything that is left in the case.

        Args:
            case: an open case.
            chosen: level id by candidate id, what its relaxation takes.
        """
        step = None if case.look.duals is None else self._bounded(case.situation, case.look.duals, 0.0)
        for row_id in self._broken_rows(chosen) if step is None else ():
            prices = {row_id: Fraction(1)}
            priced = self._rows.priced(prices, is_scored=False)
            bound = priced.bound_in_case(case.situation.kept, case.situation.fixed)
            if bound is not None and bound < 0:
                step = EmptyCase(self._table(prices), bound)
                break
        self._steps[case.step] = step
        return step is not None

    def doubtful_candidates(self, chosen: Mapping[str, str]) -> list[str]:
        """Return all candidates, those that may weigh most in the rows a refused plan breaks first."""
        book = self._rows.book
        weights = dict.fromkeys(book.numbers, Fraction(0))
        for row_id in self._broken_rows(chosen):
            row = book.rows[row_id]
            for candidate_id, numbers in book.numbers.items():
                amounts = [abs(row.choices.get(number, 0)) for number in numbers.values()]
                weights[candidate_id] += Fraction(max(amounts, default=0), row.scale)
        return sorted(weights, key=lambda key: (-weights[key], key))

    def _broken_rows(self, chosen: Mapping[str, str]) -> list[str]:
        """Return the rows of choices alone that a choice of levels breaks."""
        book = self._rows.book
        numbers = [book.numbers[candidate_id][level_id] for candidate_id, level_id in chosen.items()]
        return [
            row_id
            for row_id, row in book.rows.items()
            if not row.counts
            and sum(row.choices.get(number, 0) for number in numbers) > row.right_side * row.scale
        ]

    def _bounded(self, situation: Situation, duals: Numbers, room: float) -> Step | None:
        """Return the last case with the shortest prices that stay below the target; None = none do."""
        for digits in DIGITS:
            if digits < DIGITS[-1] and ROUNDING_SHARE * 10.0**-digits > room:
                continue
            prices = self._prices_of(duals, digits)
            bound = self._rows.priced(prices).bound_in_case(situation.kept, situation.fixed)
            if bound is not None and bound < self.target:
                return BoundCase(self._table(prices), bound)
        return None

    def _contradicted(self, situation: Situation) -> Step | None:
        """Return the last case without plans, with the prices that show it."""
        look = self._model.look_for_contradiction(situation)
        if look.duals is None or look.bound >= 0:
            return None
        for digits in DIGITS:
            prices = self._prices_of(look.duals, digits)
            priced = self._rows.priced(prices, is_scored=False)
            bound = priced.bound_in_case(situation.kept, situation.fixed)
            if bound is not None and bound < 0:
                return EmptyCase(self._table(prices), bound)
        return None

    def _prices_of(self, duals: Numbers, digits: int) -> dict[str, Fraction]:
        """Return the prices of the rows that the certificate knows; a live model may keep emptied ones."""
        known = self._rows.book.rows
        return {row: price for row, price in self._model.prices(duals, digits).items() if row in known}

    def _table(self, prices: dict[str, Fraction]) -> int:
        key = frozenset((row, price.numerator, price.denominator) for row, price in prices.items())
        if key not in self._tables:
            self._tables[key] = len(self._prices)
            self._prices.append(prices)
        return self._tables[key]
