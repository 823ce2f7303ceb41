"""Grow a proof by cases: divide until every last case is proven to stay below a target, in exact fractions.

The case with the highest bound is divided first. Which division is best is found by trying a few on the
relaxation (strong branching) and remembering what divisions of that kind have paid: with a good order ten
cases prove what a poor one does not prove in a thousand.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from optimizer.engines.interface import EngineSettings
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import ProofTree, Situation
from optimizer.solving.proof_growth import NEAR, Division, OpenCase, ProofGrowth
from optimizer.solving.proof_model import Look, ProofModel
from optimizer.verify import audit_levels

if TYPE_CHECKING:
    from optimizer.engines.interface import Numbers
    from optimizer.solving.search import Search

SECONDS_EACH = 60.0
MOST_TRIALS = 4
"""Divisions tried before one is taken; with eight, trees are 3 % smaller and take as long."""
SMALLEST_PART = 1e-6
"""What is divided less than this is whole."""


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
        self._shortfall_vnd = 0 if soft is None else int(soft.right_side)
        self._model = ProofModel(search.draft, search.engine, settings, self._shortfall_vnd)
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
        growth = ProofGrowth(self._rows, self._model, target, most_leaves, perf_counter() + seconds)
        looks_before = self._model.look_count
        is_proven = growth.begin(forced) and self._close_all(growth)
        return ProofAttempt(
            growth.tree() if is_proven else None,
            self._audited(growth.rival, target),
            growth.leaf_count(),
            self._model.look_count - looks_before,
        )

    def _close_all(self, growth: ProofGrowth) -> bool:
        """Divide open cases until none is left; False = no proof."""
        while growth.open:
            if growth.is_spent():
                return False
            case = heapq.heappop(growth.open)
            divisions = self._divisions(case)
            if divisions:
                self._divide(growth, case, divisions)
            elif not self._refuse_whole(growth, case):
                growth.rival = case.look.values
                return False
        return True

    def _refuse_whole(self, growth: ProofGrowth, case: OpenCase) -> bool:
        """Go on where the relaxation is a plan; False = it is one in fact, and so there is no proof.

        The engine keeps rows within its tolerance only. A plan that oversteps by one đồng is divided by the
        candidates that weigh most in the row it breaks, until nothing else is left in the case.
        """
        if case.look.values is None or self._audited(case.look.values, growth.target) is not None:
            return False
        chosen = self._chosen(case.look.values)
        if growth.close_whole(case, chosen):
            return True
        for candidate_id in growth.doubtful_candidates(chosen):
            left = self._model.choices(case.situation, candidate_id)
            others = tuple(choice for choice in left if choice != chosen.get(candidate_id))
            if 0 < len(others) < len(left):
                division = Division(1.0, candidate_id, ((chosen.get(candidate_id),), others))
                looks = [(item, self._model.look(item)) for item in division.situations(case.situation)]
                growth.split(case.step, division, looks)
                return True
        return False

    def _chosen(self, values: Numbers) -> dict[str, str]:
        """Return the levels that whole values mean."""
        return {
            candidate_id: level_id
            for candidate_id, columns in self._model.columns.items()
            for level_id, column in columns.items()
            if values[column] > 0.5
        }

    def _divide(self, growth: ProofGrowth, case: OpenCase, divisions: list[Division]) -> None:
        """Try the best divisions on the relaxation and take the one that lowers both bounds most."""
        best: tuple[float, Division, list[tuple[Situation, Look]]] | None = None
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

    def _divisions(self, case: OpenCase) -> list[Division]:
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
                found.append(Division(float(part), count, None))
        return sorted(found, key=lambda item: (-self._usual_gain(item.key), -round(item.part, 6), item.key))

    def _usual_gain(self, key: str) -> float:
        gains = self._gains.get(key)
        return math.inf if gains is None else sum(gains) / len(gains)

    def _choice_division(self, situation: Situation, candidate_id: str, values: Numbers) -> Division | None:
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
        return Division(best, candidate_id, (left[:edge], left[edge:])) if edge else None

    def _audited(self, values: Numbers | None, target: Fraction) -> dict[str, str] | None:
        """Return the plan that whole values mean, if the exact audit finds that it reaches the target."""
        if values is None:
            return None
        level_ids = self._chosen(values)
        report = audit_levels(self._problem, level_ids)
        is_lawful = report.is_kept and report.shortfall_vnd <= self._shortfall_vnd
        return level_ids if is_lawful and report.score_points >= target else None


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
