"""Which money a plan spends and which ceilings and floors speak of it, in exact đồng.

Standard library only: the audit, the prechecks and the formulation all read the rules of money here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    Limit,
    LimitScope,
)

MoneyPlace = tuple[str, int]
"""Source id and fiscal year."""


def level_cost_vnd(level: FundingLevel) -> int:
    """Return the whole cost of a level over all sources and years, in đồng."""
    return sum(amount for by_year in level.cost_vnd.values() for amount in by_year.values())


def cost_items(level: FundingLevel) -> Iterator[tuple[MoneyPlace, int]]:
    """Yield ((source id, year), đồng) for every amount of a level that is not zero."""
    for source_id, by_year in level.cost_vnd.items():
        for year, amount_vnd in by_year.items():
            if amount_vnd:
                yield (source_id, year), amount_vnd


def spent_vnd(levels: Iterable[FundingLevel]) -> dict[MoneyPlace, int]:
    """Return what the chosen levels spend together, in đồng by source and year."""
    spent: dict[MoneyPlace, int] = {}
    for level in levels:
        for place, amount_vnd in cost_items(level):
            spent[place] = spent.get(place, 0) + amount_vnd
    return spent


class ScopeIndex:
    """Candidates by agency, area and place, so that a limit asks only those it may speak of."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._all = tuple(candidates)
        self._by_agency: dict[str, list[Candidate]] = {}
        self._by_area: dict[str, list[Candidate]] = {}
        self._by_place: dict[str, list[Candidate]] = {}
        for candidate in self._all:
            self._by_agency.setdefault(candidate.agency, []).append(candidate)
            self._by_area.setdefault(candidate.area, []).append(candidate)
            self._by_place.setdefault(candidate.place, []).append(candidate)

    def within(self, scope: LimitScope) -> list[Candidate]:
        """Return the candidates whose agency, area and place a scope names."""
        found: Iterable[Candidate] = self._all
        if scope.agencies:
            found = _of_marks(self._by_agency, scope.agencies)
        elif scope.areas:
            found = _of_marks(self._by_area, scope.areas)
        elif scope.places:
            found = _of_marks(self._by_place, scope.places)
        return [candidate for candidate in found if is_in_scope(scope, candidate)]


def _of_marks(by_mark: Mapping[str, list[Candidate]], marks: Iterable[str]) -> list[Candidate]:
    return [candidate for mark in sorted(set(marks)) for candidate in by_mark.get(mark, ())]


def is_in_scope(scope: LimitScope, candidate: Candidate) -> bool:
    """Tell whether a limit speaks of a candidate: its agency, area and place are named or not restricted."""
    return (
        (not scope.agencies or candidate.agency in scope.agencies)
        and (not scope.areas or candidate.area in scope.areas)
        and (not scope.places or candidate.place in scope.places)
    )


def scope_source_ids(sources: Iterable[FundingSource], scope: LimitScope) -> frozenset[str]:
    """Return the sources whose money a limit speaks of: those it names, or those of the nature it names."""
    return frozenset(
        source.id
        for source in sources
        if (not scope.source_ids or source.id in scope.source_ids)
        and (not scope.natures or source.nature in scope.natures)
    )


def cost_within_vnd(source_ids: Collection[str], years: Collection[int], level: FundingLevel) -> int:
    """Return the đồng a level spends from some sources in some years; no years named = every year."""
    return sum(
        amount_vnd
        for source_id, by_year in level.cost_vnd.items()
        if source_id in source_ids
        for year, amount_vnd in by_year.items()
        if not years or year in years
    )


def scoped_cost_vnd(
    sources: Mapping[str, FundingSource], scope: LimitScope, candidate: Candidate, level: FundingLevel
) -> int:
    """Return the part of a level's cost that a limit speaks of, in đồng."""
    if not is_in_scope(scope, candidate):
        return 0
    return cost_within_vnd(scope_source_ids(sources.values(), scope), scope.years, level)


def effective_floor_vnd(
    problem: AllocationProblem, limit: Limit, candidates: ScopeIndex | None = None
) -> int:
    """Return the floor that a limit may really demand, in đồng.

    A floor counts at most up to the sum of the least levels of the candidates in its scope that are not
    barred: it must never be filled with files nobody appraised.

    Args:
        problem: the whole question.
        limit: one of its limits; without a floor the answer is 0.
        candidates: the problem's candidates by mark, where many limits are asked about; None = made here.
    """
    if limit.at_least_vnd is None:
        return 0
    index = candidates or ScopeIndex(problem.candidates)
    source_ids = scope_source_ids(problem.sources, limit.scope)
    available_vnd = sum(
        cost_within_vnd(source_ids, limit.scope.years, candidate.levels[0])
        for candidate in index.within(limit.scope)
        if candidate.state is not CandidateState.BARRED
    )
    return min(limit.at_least_vnd, available_vnd)


def source_groups(sources: Iterable[FundingSource]) -> list[tuple[str, ...]]:
    """Return the groups of capped sources whose common spending has a ceiling.

    Without transfers these are the single sources. Where money may move between sources, a way of moving
    it exists exactly when every group of connected sources spends no more than its own ceilings and those
    of the sources that may give to it (Hall's condition), so no transfer variable is needed anywhere.

    Returns:
        Tuples of source ids, each sorted; the list is sorted by size, then ids.
    """
    capped = sorted((source for source in sources if not source.is_uncapped), key=lambda item: item.id)
    groups: list[tuple[str, ...]] = []
    for block in connected_sources(capped):
        for size in range(1, len(block) + 1):
            groups.extend(combinations(block, size))
    return sorted(groups, key=lambda group: (len(group), group))


def connected_sources(sources: Iterable[FundingSource]) -> list[tuple[str, ...]]:
    """Return the blocks of sources linked by transfers in either direction, sorted."""
    blocks: list[set[str]] = []
    known = {source.id for source in sources}
    for source in sources:
        block = {source.id} | (set(source.transfers_to_ids) & known)
        apart = [other for other in blocks if not other & block]
        for other in blocks:
            if other & block:
                block |= other
        blocks = [*apart, block]
    return sorted(tuple(sorted(block)) for block in blocks)


def group_ceiling_vnd(sources: Iterable[FundingSource], group: tuple[str, ...], year: int) -> int | None:
    """Return how much a group of sources may spend in a year, in đồng; None = no ceiling."""
    ceiling_vnd = 0
    for source in sources:
        if source.id in group or set(source.transfers_to_ids) & set(group):
            if source.is_uncapped:
                return None
            ceiling_vnd += source.ceiling_vnd.get(year, 0)
    return ceiling_vnd
