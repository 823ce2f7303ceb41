"""One proof by cases for every candidate at once: what each opposite decision could still be worth.

A proof that no plan beats the plan divides all plans into cases; in each case the prices also say what the
plans with one decision turned round are worth at most (optimizer.proofs.tree.opposite_bounds). So one tree
serves all candidates. It is grown further than a proof of the plan needs: a case whose relaxation is a plan
of the same score is divided by the candidates it leaves in doubt, until each of them is decided or shown to
be a tie. Stopped early, the cases still open are closed with the prices they have, and the tree proves less.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import BoundCase, ProofTree
from optimizer.proofs.tree import choices_left
from optimizer.solving.limits import ShouldStop
from optimizer.solving.proof_growth import Division, OpenCase, ProofGrowth
from optimizer.solving.proof_search import ProofGrower

if TYPE_CHECKING:
    from optimizer.engines.interface import Numbers
    from optimizer.solving.search import Search

CLOSING_DIGITS = 10
"""Digits of the prices of cases that are closed where they stand."""

OnRival = Callable[[Mapping[str, str]], None]
"""Told an audited plan that scores no less than the plan and decides something otherwise."""


@dataclass(frozen=True, slots=True)
class DecisionProof:
    """A tree about all plans; settled = every candidate in doubt is decided or has a rival plan."""

    tree: ProofTree
    is_settled: bool
    leaf_count: int


class DecisionGrower(ProofGrower):
    """Grows proofs about opposite decisions: first looks, and one tree that decides every candidate."""

    def __init__(self, search: Search, rows: PricedRows, level_ids: Mapping[str, str]) -> None:
        """Load the relaxation.

        Args:
            search: gives model, engine and settings; it is not changed.
            rows: the rows of the same problem, with the shortfall of the plan.
            level_ids: the plan, level id by candidate id.
        """
        super().__init__(search, rows)
        self._level_ids = level_ids
        self._doubtful: set[str] = set()
        self._on_rival: OnRival | None = None
        self._should_stop: ShouldStop | None = None

    def first_look(self, forced: tuple[str, bool] | None) -> ProofTree | None:
        """Return the tree of one step that a single relaxation gives, whatever it proves.

        Args:
            forced: candidate id, and whether it is funded in all plans in question; None = all plans.
        Returns:
            None when the engine has no answer.
        """
        growth = _DecisionGrowth(self._rows, self._model, Fraction(0), 1, perf_counter())
        return growth.tree() if growth.begin(forced) else None

    def grow_for_all(
        self,
        score_points: Fraction,
        doubtful: set[str],
        *,
        most_leaves: int,
        seconds: float,
        on_rival: OnRival | None = None,
        should_stop: ShouldStop | None = None,
    ) -> DecisionProof | None:
        """Grow the tree; None = the engine has no answer for the first case.

        Args:
            score_points: exact score of the plan.
            doubtful: ids of the candidates whose opposite decision is not yet proven to be worse.
            most_leaves: stop beyond so many last cases.
            seconds: stop after so much time; a guard, the leaves are the limit that repeats.
            on_rival: told every plan found on the way that is at least as good.
            should_stop: asked before every division.
        """
        self._doubtful, self._on_rival, self._should_stop = set(doubtful), on_rival, should_stop
        ends = perf_counter() + seconds
        growth = _DecisionGrowth(self._rows, self._model, score_points, most_leaves, ends)
        if not growth.begin(None):
            return None
        is_settled = self._close_all(growth)
        return DecisionProof(growth.tree(), is_settled, growth.leaf_count())

    def _close_all(self, growth: ProofGrowth) -> bool:
        """Divide open cases until none is left or time is up; cases that are plans are settled."""
        if not isinstance(growth, _DecisionGrowth):
            return super()._close_all(growth)
        while growth.open:
            if growth.is_spent() or (self._should_stop is not None and self._should_stop()):
                return False
            case = heapq.heappop(growth.open)
            divisions = self._divisions(case)
            if divisions:
                self._divide(growth, case, divisions)
            else:
                self._settle(growth, case)
        return True

    def _settle(self, growth: _DecisionGrowth, case: OpenCase) -> None:
        """Divide a case that is a plan by the next candidate it leaves in doubt; none = close it."""
        self._meet(case.look.values, growth.target)
        in_doubt = next(growth.in_doubt(case, self._doubtful, self._level_ids), None)
        if in_doubt is None:
            growth.close(case)
            return
        left = self._model.choices(case.situation, in_doubt)
        funded = tuple(choice for choice in left if choice is not None)
        division = Division(1.0, in_doubt, ((None,), funded))
        looks = [(item, self._model.look(item)) for item in division.situations(case.situation)]
        growth.split(case.step, division, looks)

    def _meet(self, values: Numbers | None, target: Fraction) -> None:
        """A plan as good as the one in question: where it decides otherwise there is nothing to prove."""
        rival = self._audited(values, target)
        if rival is None or rival.keys() == self._level_ids.keys():
            return
        self._doubtful -= rival.keys() ^ self._level_ids.keys()
        if self._on_rival is not None:
            self._on_rival(rival)


class _DecisionGrowth(ProofGrowth):
    """A growth whose open cases can be closed where they stand."""

    def in_doubt(self, case: OpenCase, doubtful: set[str], level_ids: Mapping[str, str]) -> Iterator[str]:
        """Yield the candidates that, for all a case's prices say, may be decided otherwise without loss."""
        if case.look.duals is None:
            return
        kept = case.situation.kept
        priced = self._rows.priced(self._prices_of(case.look.duals, CLOSING_DIGITS))
        bound = priced.bound_in_case(kept, case.situation.fixed)
        if bound is None or bound < self.target:
            return
        for candidate_id in sorted(doubtful):
            worth = priced.worth[candidate_id]
            left = choices_left(self._rows, case.situation, candidate_id)
            wanted = [choice for choice in left if (choice is None) == (candidate_id in level_ids)]
            if not 0 < len(wanted) < len(left):
                continue
            lost = max(worth[item] for item in left) - max(worth[item] for item in wanted)
            if bound - lost >= self.target:
                yield candidate_id

    def close(self, case: OpenCase) -> None:
        """Close a case with the prices of its own relaxation, whatever they prove."""
        prices = {} if case.look.duals is None else self._prices_of(case.look.duals, CLOSING_DIGITS)
        bound = self._rows.priced(prices).bound_in_case(case.situation.kept, case.situation.fixed)
        if bound is not None:
            self._steps[case.step] = BoundCase(self._table(prices), bound)

    def tree(self) -> ProofTree:
        """Return the tree; cases still open are closed first."""
        while self.open:
            self.close(heapq.heappop(self.open))
        return super().tree()
