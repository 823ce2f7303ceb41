"""A proof by cases under growth: steps so far, tables of prices, and the cases not yet closed.

A case is closed only by prices re-added in fractions, or by the case having no plan, also re-added; what
the engine says of a case is a hint where to look.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from optimizer.certificate import PricedRows
from optimizer.proof_steps import (
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
from optimizer.proof_tree import first_situation
from optimizer.solving.proof_model import Look, ProofModel

if TYPE_CHECKING:
    from optimizer.certificate import ChoiceId
    from optimizer.engines.interface import Numbers

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
        return sum(1 for step in self._steps if not isinstance(step, ChoiceSplit | CountSplit))

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
        room = float(self.target) - look.bound
        for digits in DIGITS:
            if digits < DIGITS[-1] and ROUNDING_SHARE * 10.0**-digits > room:
                continue
            prices = self._prices_of(look.duals, digits)
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
        if prices in self._prices:
            return self._prices.index(prices)
        self._prices.append(prices)
        return len(self._prices) - 1
