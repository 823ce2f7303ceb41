"""One loaded model that can stand for every problem which differs from its own only by edits.

    ceilings of sources · states of candidates · weights of outputs
    floors and ceilings of limits, hard minimums, links: moved or lifted, as far as the model has their rows

Every candidate is written as open and its state is a bound. What is not a bound or a right side (costs,
yields, a rule the model has no row for) is another model. Right sides of money are written as đồng over the
quantum, whole or not: amounts of levels are whole quanta, so nothing that fits is lost and nothing else is
let in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from optimizer.attainment import ONE_TIME_KINDS, baseline_count
from optimizer.engines.interface import EngineAnswer, Numbers
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import Draft
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    Output,
    Requires,
    StageName,
    allowed_level_ids,
)
from optimizer.solving.dual_value import dual_value
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import SolveLimits
from optimizer.solving.search import Search
from optimizer.spending import (
    cost_within_vnd,
    effective_floor_vnd,
    group_ceiling_vnd,
    is_in_scope,
    scope_source_ids,
    source_groups,
)

MUST_STATES = (CandidateState.COMMITTED, CandidateState.PINNED)
Item = TypeVar("Item")


class EditedModel:
    """A loaded model and the problem it stands for now."""

    def __init__(self, problem: AllocationProblem, limits: SolveLimits) -> None:
        """Load a problem whose lists are sorted by id."""
        opened = replace(problem, candidates=tuple(_opened(item) for item in problem.candidates))
        self.loaded = problem
        self._draft: Draft = replace(formulate(opened), problem=problem, _scopes=None)
        self.search = Search(self._draft, engine_named(limits.engine_name), limits)
        self._exact_rows = {row.name: row for row in self._draft.exact_rows}
        self._loaded_points = list(self._draft.points)
        self._limit_numbers = {limit.id: number for number, limit in enumerate(problem.limits)}
        self.costs: Numbers = self.search.objective(StageName.SCORE)
        self._restate_ceilings()
        self._restate_limits(self._limit_numbers)
        for candidate in problem.candidates:
            if candidate.state is not CandidateState.OPEN:
                self._restate_state(candidate)
        self.search.session.set_costs(self.costs)

    @property
    def problem(self) -> AllocationProblem:
        """The problem the model stands for."""
        return self._draft.problem

    @property
    def draft(self) -> Draft:
        """The model as it was written, with the problem it stands for."""
        return self._draft

    def can_become(self, problem: AllocationProblem) -> bool:
        """Tell whether the model has every row and column that another problem (lists sorted) asks for."""
        # What no edit has touched is the same object; most questions touch little.
        loaded, limits = self.loaded, {limit.id: limit for limit in self.loaded.limits}
        return (
            loaded.years == problem.years
            and _all_alike(loaded.sources, problem.sources, _fixed_source)
            and _all_alike(loaded.candidates, problem.candidates, _fixed_candidate)
            and _all_alike(loaded.outputs, problem.outputs, _fixed_output)
            and all(_can_be_written(*pair) for pair in zip(loaded.outputs, problem.outputs, strict=True))
            and (
                problem.limits is loaded.limits
                or all(limit.id in limits and _has_sides(limits[limit.id], limit) for limit in problem.limits)
            )
            and (problem.links is loaded.links or not Counter(problem.links) - Counter(loaded.links))
        )

    def become(self, problem: AllocationProblem) -> None:
        """Let the model stand for another problem.

        Args:
            problem: one that can_become allows.
        """
        before = self._draft.problem
        self._draft = replace(self._draft, problem=problem, _scopes=None)
        self.search.draft = self._draft
        if before.sources != problem.sources:
            self._restate_ceilings()
        pairs = zip(before.candidates, problem.candidates, strict=True)
        is_same = before.candidates is problem.candidates
        moved = [] if is_same else [pair for pair in pairs if _is_moved(*pair)]
        for _, candidate in moved:
            self._restate_state(candidate)
        self._restate_limits(_touched_limits(before, problem, [pair[1] for pair in moved if _is_bar(*pair)]))
        if before.links is not problem.links:
            self._restate_links()
        if before.outputs != problem.outputs:
            self._restate_outputs()

    def dual_value(self, answer: EngineAnswer) -> float | None:
        """Re-add the bound that the prices of a relaxation prove, from our own arrays; None = no prices."""
        if answer.row_duals is None:
            return None
        return dual_value(self.search.model_with(self.costs), answer.row_duals)

    def _restate_ceilings(self) -> None:
        problem = self._draft.problem
        for number, group in enumerate(source_groups(problem.sources)):
            for year in problem.years:
                ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
                if ceiling_vnd is not None:
                    self._set_most(f"ceiling_{number}_{year}", ceiling_vnd)

    def _restate_state(self, candidate: Candidate) -> None:
        place, search = self._draft.positions[candidate.id], self.search
        allowed = allowed_level_ids(candidate)
        for position, level in enumerate(candidate.levels):
            search.set_column_bounds(search.column((place, position)), 0.0, float(level.id in allowed))
        row = search.choice_row(place)
        if row is not None:
            search.set_row_bounds(row, 1.0 if candidate.state in MUST_STATES else -math.inf, 1.0)

    def _restate_limits(self, limit_ids: Iterable[str]) -> None:
        """Write the floor and the ceiling of limits; a side that is gone is lifted."""
        problem = self._draft.problem
        limits = {limit.id: limit for limit in problem.limits}
        for limit_id in limit_ids:
            number, limit = self._limit_numbers[limit_id], limits.get(limit_id)
            self._set_most(f"cap_{number}", None if limit is None else limit.at_most_vnd)
            floor_vnd = None
            if limit is not None and limit.at_least_vnd is not None:
                floor_vnd = effective_floor_vnd(problem, limit, self._draft.scopes())
            self._set_least(f"floor_{number}", floor_vnd)

    def _restate_links(self) -> None:
        """Write every link that the problem has; lift the others."""
        left = Counter(self._draft.problem.links)
        for number, link in enumerate(self.loaded.links):
            is_kept = left[link] > 0
            left[link] -= 1
            for family, lower, upper in _link_sides(link):
                row = self.search.row_named(f"{family}_{number}")
                if row is not None:
                    sides = (lower, upper) if is_kept else (-math.inf, math.inf)
                    self.search.set_row_bounds(row, *sides)

    def _restate_outputs(self) -> None:
        """Points of an output follow its weight, its hard minimum is moved or lifted."""
        factors = {}
        outputs = zip(self.loaded.outputs, self._draft.problem.outputs, strict=True)
        for number, (loaded, output) in enumerate(outputs):
            if loaded.weight != output.weight:
                factors[str(number)] = output.weight / loaded.weight
            if loaded.at_least is not None:
                self._set_minimum(number, output)
        self._draft.points[:] = [
            (variable, amount * factors.get(variable.name.split("_")[1], 1))
            for variable, amount in self._loaded_points
        ]
        self.costs = self.search.objective(StageName.SCORE)
        self.search.session.set_costs(self.costs)

    def _set_minimum(self, number: int, output: Output) -> None:
        name = f"minimum_{number}"
        row = self.search.row_named(name)
        if row is None:
            return
        before = Fraction(0) if output.kind in ONE_TIME_KINDS else baseline_count(output)
        missing = None if output.at_least is None else output.at_least - before
        self.search.set_row_bounds(row, -math.inf if missing is None else float(missing), math.inf)
        exact = self._exact_rows.get(name)
        if exact is not None:
            exact.edge = Fraction(0) if missing is None else missing

    def _set_most(self, name: str, edge_vnd: int | None) -> None:
        row = self.search.row_named(name)
        if row is None:
            return
        upper = math.inf if edge_vnd is None else edge_vnd / self._draft.quantum_vnd
        self.search.set_row_bounds(row, -math.inf, upper)
        exact = self._exact_rows.get(name)
        if exact is not None:
            # Without an edge the row refuses nothing: more than everything together is never spent.
            exact.edge = sum(exact.amounts.values()) if edge_vnd is None else edge_vnd

    def _set_least(self, name: str, edge_vnd: int | None) -> None:
        row = self.search.row_named(name)
        if row is None:
            return
        lower = -math.inf if edge_vnd is None else edge_vnd / self._draft.quantum_vnd
        self.search.set_row_bounds(row, lower, math.inf)
        exact = self._exact_rows.get(name)
        if exact is not None:
            exact.edge = edge_vnd or 0


def _opened(candidate: Candidate) -> Candidate:
    return replace(candidate, state=CandidateState.OPEN, min_level_id=None, pinned_level_id=None)


def _fixed_source(source: FundingSource) -> object:
    """What an edit cannot change in place."""
    return replace(source, name="", ceiling_vnd=dict.fromkeys(source.ceiling_vnd, 0))


def _fixed_candidate(candidate: Candidate) -> object:
    return replace(_opened(candidate), name="")


def _fixed_output(output: Output) -> object:
    return replace(output, name="", weight=Fraction(0), at_least=None)


def _all_alike(ones: Sequence[Item], others: Sequence[Item], fixed: Callable[[Item], object]) -> bool:
    """Tell whether two lists differ only in what edits change."""
    if ones is others:
        return True
    return len(ones) == len(others) and all(
        one is other or fixed(one) == fixed(other) for one, other in zip(ones, others, strict=True)
    )


def _can_be_written(loaded: Output, output: Output) -> bool:
    """Tell whether the model has points to scale and a row for the hard minimum of an output."""
    has_row = output.at_least is None or loaded.at_least is not None
    return has_row and (loaded.weight == output.weight or loaded.weight > 0)


def _has_sides(loaded: Limit, limit: Limit) -> bool:
    """Tell whether the model has the rows that a limit asks for."""
    return (
        loaded.scope == limit.scope
        and loaded.is_hard == limit.is_hard
        and (limit.at_least_vnd is None or loaded.at_least_vnd is not None)
        and (limit.at_most_vnd is None or loaded.at_most_vnd is not None)
    )


def _is_moved(before: Candidate, after: Candidate) -> bool:
    return before is not after and (before.state, before.min_level_id, before.pinned_level_id) != (
        after.state,
        after.min_level_id,
        after.pinned_level_id,
    )


def _is_bar(before: Candidate, after: Candidate) -> bool:
    """Tell whether a candidate was barred or released, which moves the floors it is in."""
    return (before.state is CandidateState.BARRED) != (after.state is CandidateState.BARRED)


def _touched_limits(
    before: AllocationProblem, after: AllocationProblem, barred: Sequence[Candidate]
) -> list[str]:
    """Return the limits whose sides are no longer what they were."""
    if before.limits is after.limits and not barred:
        return []
    known = {limit.id: limit for limit in before.limits}
    now = {limit.id: limit for limit in after.limits}
    touched = [key for key in known if key not in now]
    for limit in after.limits:
        old = known.get(limit.id)
        is_same = old is limit or (old is not None and _sides(old) == _sides(limit))
        if not is_same or _moves_floor(after, limit, barred):
            touched.append(limit.id)
    return touched


def _sides(limit: Limit) -> tuple[int | None, int | None]:
    return limit.at_least_vnd, limit.at_most_vnd


def _moves_floor(problem: AllocationProblem, limit: Limit, barred: Sequence[Candidate]) -> bool:
    if limit.at_least_vnd is None or not barred:
        return False
    source_ids = scope_source_ids(problem.sources, limit.scope)
    return any(
        is_in_scope(limit.scope, item) and cost_within_vnd(source_ids, limit.scope.years, item.levels[0])
        for item in barred
    )


def _link_sides(link: Requires | GroupLink) -> Iterator[tuple[str, float, float]]:
    """Yield (family of the row, least, most) for every row of a link."""
    if isinstance(link, Requires):
        yield "requires", -math.inf, 0.0
        return
    if link.rule is not GroupRule.AT_LEAST:
        yield "most", -math.inf, 1.0
    if link.rule is not GroupRule.AT_MOST_ONE:
        yield "least", float(link.count if link.rule is GroupRule.AT_LEAST else 1), math.inf
