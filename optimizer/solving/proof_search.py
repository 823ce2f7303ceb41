"""Grow a proof by cases: divide until every last case is proven to stay below a target, in exact fractions.

The most promising case is divided first. Which division is best is found by trying a few on the relaxation
(strong branching): with a good order a tree of ten cases proves what a poor one cannot prove in a thousand.
A case is closed only by prices re-added in fractions; the engine's numbers decide nothing but the order.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from optimizer.certificate import PricedRows
from optimizer.engines.interface import EngineSettings
from optimizer.proof_tree import (
    BoundCase,
    Case,
    ChoiceSplit,
    CountSplit,
    EmptyCase,
    NoChoiceCase,
    ProofTree,
    Situation,
    Step,
    stated_bound,
)
from optimizer.solving.proof_model import Look, ProofModel
from optimizer.verify import audit_levels

if TYPE_CHECKING:
    from optimizer.certificate import ChoiceId
    from optimizer.engines.interface import Numbers
    from optimizer.solving.search import Search

SECONDS_EACH = 60.0
MOST_TRIALS = 8
"""Divisions tried before one is taken."""
SMALLEST_PART = 1e-6
"""What is divided less than this is whole."""
NEAR = 1e-9
"""Bounds of the engine this near to the target are left to the exact addition."""
DIGITS = (4, 6, 8, 11)
"""Decimal digits of prices, tried from short to long: short ones are easier to re-add by hand."""
ROUNDING_SHARE = 300.0
"""Prices of d digits may move a bound by about so many times 10^-d points."""


@dataclass(frozen=True, slots=True)
class ProofAttempt:
    """What came of growing a proof.

    Attributes:
        tree: the proof; None = none was found.
        rival_level_ids: why there is none: an audited plan of the case that reaches the target; None = the
            leaves or the time ran out.
        leaf_count: last cases, closed and open, when the growing ended.
        look_count: relaxations solved.
    """

    tree: ProofTree | None
    rival_level_ids: Mapping[str, str] | None
    leaf_count: int
    look_count: int


@dataclass(frozen=True, slots=True)
class _Division:
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
class _OpenCase:
    """A case not yet closed; the one with the highest bound comes first, then the oldest."""

    order: tuple[float, int]
    step: int = field(compare=False)
    situation: Situation = field(compare=False)
    look: Look = field(compare=False)


class ProofGrower:
    """Grows proofs for one problem; the loaded relaxation stays warm from one proof to the next."""

    def __init__(self, search: Search, rows: PricedRows) -> None:
        """Load the relaxation.

        Args:
            search: gives model, engine and settings; it is not changed.
            rows: the rows of the same problem, with the shortfall of the plans compared.
        """
        self._problem = search.draft.problem
        self._rows = rows
        soft = rows.book.rows.get("soft")
        settings = EngineSettings(SECONDS_EACH, 0.0, search.limits.threads, search.limits.seed)
        shortfall_vnd = 0 if soft is None else int(soft.right_side)
        self._model = ProofModel(search.draft, search.engine, settings, shortfall_vnd)
        self._gains: dict[str, list[float]] = {}

    def grow(
        self,
        forced: tuple[str, bool] | None,
        target: Fraction,
        *,
        most_leaves: int = 400,
        seconds: float = 10.0,
    ) -> ProofAttempt:
        """Prove that no plan with a forced decision reaches a target.

        Args:
            forced: candidate id, and whether it is funded in all plans in question; None = all plans.
            target: points that no such plan is to reach.
            most_leaves: give up beyond so many last cases.
            seconds: give up after so much time; a guard, the leaves are the limit that repeats.
        """
        growth = _Growth(self._rows, self._model, target, most_leaves, perf_counter() + seconds)
        looks_before = self._model.look_count
        is_proven = growth.begin(forced) and self._close_all(growth)
        return ProofAttempt(
            growth.tree() if is_proven else None,
            self._audited(growth.rival, target),
            growth.leaf_count(),
            self._model.look_count - looks_before,
        )

    def _close_all(self, growth: _Growth) -> bool:
        """Divide open cases until none is left; False = no proof."""
        while growth.open:
            if growth.is_spent():
                return False
            case = heapq.heappop(growth.open)
            divisions = self._divisions(case)
            if not divisions:
                growth.rival = case.look.values
                return False
            self._divide(growth, case, divisions)
        return True

    def _divide(self, growth: _Growth, case: _OpenCase, divisions: list[_Division]) -> None:
        """Try the best divisions on the relaxation and take the one that lowers both bounds most."""
        best: tuple[float, _Division, list[tuple[Situation, Look]]] | None = None
        room = case.look.bound - float(growth.target) + NEAR
        for division in divisions[:MOST_TRIALS]:
            looks = [(item, self._model.look(item)) for item in division.situations(case.situation)]
            gains = [min(max(case.look.bound - look.bound, 0.0), room) for _, look in looks]
            worth = max(gains[0], NEAR) * max(gains[1], NEAR)
            self._gains.setdefault(division.key, []).append(worth)
            if best is None or worth > best[0]:
                best = (worth, division, looks)
            if min(gains) >= room:
                break
        if best is not None:
            growth.split(case.step, best[1], best[2])

    def _divisions(self, case: _OpenCase) -> list[_Division]:
        """Return the ways to divide a case, those that paid most so far first, then the most divided."""
        if case.look.values is None:
            return []
        found = [
            division
            for key in self._model.columns
            if (division := self._choice_division(case.situation, key, case.look.values)) is not None
        ]
        for count, column in self._model.counts.items():
            part = min(case.look.values[column], 1 - case.look.values[column])
            if part > SMALLEST_PART and count not in case.situation.fixed:
                found.append(_Division(float(part), count, None))
        return sorted(found, key=lambda item: (-self._usual_gain(item.key), -round(item.part, 6), item.key))

    def _usual_gain(self, key: str) -> float:
        gains = self._gains.get(key)
        return math.inf if gains is None else sum(gains) / len(gains)

    def _choice_division(self, situation: Situation, candidate_id: str, values: Numbers) -> _Division | None:
        """Cut the ordered choices where the shares taken on both sides are largest."""
        left = self._model.choices(situation, candidate_id)
        columns = self._model.columns[candidate_id]
        taken = [0.0 if choice is None else float(values[columns[choice]]) for choice in left]
        if None in left:
            taken[0] = max(0.0, 1.0 - sum(taken))
        best, edge, below = SMALLEST_PART, 0, 0.0
        for position, share in enumerate(taken[:-1], start=1):
            below += share
            if min(below, 1.0 - below) > best:
                best, edge = min(below, 1.0 - below), position
        return _Division(best, candidate_id, (left[:edge], left[edge:])) if edge else None

    def _audited(self, values: Numbers | None, target: Fraction) -> dict[str, str] | None:
        """Return the plan that whole values mean, if the exact audit finds that it reaches the target."""
        if values is None:
            return None
        level_ids = {
            candidate_id: level_id
            for candidate_id, columns in self._model.columns.items()
            for level_id, column in columns.items()
            if values[column] > 0.5
        }
        report = audit_levels(self._problem, level_ids)
        return level_ids if report.is_kept and report.score_points >= target else None


class _Growth:
    """A tree under growth: steps so far, tables of prices, and the cases not yet closed."""

    def __init__(
        self, rows: PricedRows, model: ProofModel, target: Fraction, most_leaves: int, ends: float
    ) -> None:
        self.target = target
        self.open: list[_OpenCase] = []
        self.rival: Numbers | None = None
        self._rows = rows
        self._model = model
        self._most_leaves = most_leaves
        self._ends = ends
        self._steps: list[Step | None] = []
        self._prices: list[dict[str, Fraction]] = []

    def begin(self, forced: tuple[str, bool] | None) -> bool:
        """Look at the first case; False = the engine has no answer."""
        situation = Situation({}, {})
        if forced is not None:
            candidate_id, is_funded = forced
            if candidate_id not in self._model.columns:
                left: tuple[ChoiceId, ...] = () if is_funded else (None,)
            else:
                every = self._model.choices(situation, candidate_id)
                left = tuple(choice for choice in every if (choice is not None) == is_funded)
            if not left:
                self._steps.append(NoChoiceCase(candidate_id))
                return True
            if candidate_id in self._model.columns:
                situation = situation.keeping(candidate_id, left)
        self._place(situation, self._model.look(situation))
        return all(case.look.values is not None for case in self.open)

    def split(self, step: int, division: _Division, looks: list[tuple[Situation, Look]]) -> None:
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
            heapq.heappush(self.open, _OpenCase((-look.bound, number), number, situation, look))
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
            prices = self._model.prices(look.duals, digits)
            bound = self._rows.priced(prices).bound_in_case(situation.kept, situation.fixed)
            if bound is not None and bound < self.target:
                return BoundCase(self._table(prices), stated_bound(bound))
        return None

    def _contradicted(self, situation: Situation) -> Step | None:
        """Return the last case without plans, with the prices that show it."""
        look = self._model.look_for_contradiction(situation)
        if look.duals is None or look.bound >= 0:
            return None
        for digits in DIGITS:
            prices = self._model.prices(look.duals, digits)
            priced = self._rows.priced(prices, is_scored=False)
            bound = priced.bound_in_case(situation.kept, situation.fixed)
            if bound is not None and bound < 0:
                return EmptyCase(self._table(prices), stated_bound(bound))
        return None

    def _table(self, prices: dict[str, Fraction]) -> int:
        if prices in self._prices:
            return self._prices.index(prices)
        self._prices.append(prices)
        return len(self._prices) - 1


def grow_proof(
    search: Search,
    rows: PricedRows,
    forced: tuple[str, bool] | None,
    target: Fraction,
    *,
    most_leaves: int = 400,
    seconds: float = 10.0,
) -> ProofTree | None:
    """Return a proof that no plan with a forced decision reaches a target; None = none was found.

    For many questions on one problem make one ProofGrower and ask it: its relaxation stays warm.
    """
    grower = ProofGrower(search, rows)
    return grower.grow(forced, target, most_leaves=most_leaves, seconds=seconds).tree


def prove_plan(
    search: Search,
    rows: PricedRows,
    score_points: Fraction,
    *,
    epsilon_points: Fraction = Fraction(1, 100_000),
    most_leaves: int = 2000,
) -> ProofTree | None:
    """Return a proof that no plan reaches a score plus epsilon; None = none was found."""
    return grow_proof(search, rows, None, score_points + epsilon_points, most_leaves=most_leaves)
