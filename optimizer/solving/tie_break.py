"""The last word between plans that every stage finds equally good: a fixed order of the data.

    candidates by id; each prefers a lower level to a higher one, and any level to none

Among equal plans the one is taken that is best for the first candidate, then for the second, and so on. So
the plan is a function of the data alone: no seed, thread or machine decides. Usually one question shows
that no other plan is equal; only where there is one are the candidates asked in order, a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import perf_counter

from optimizer.engines.interface import EngineAnswer, EngineSettings, EngineStatus
from optimizer.solving.limits import ShouldStop
from optimizer.solving.search import Search

LARGEST_WEIGHT = 2**24
"""Preferences of candidates decided together are digits of one number; engines read up to this exactly."""
MOST_ROOM = 0.5
"""Preferences are whole numbers: a bound less than this above the best leaves room for nothing better."""

Weights = Mapping[tuple[int, int], float]


def settle_ties(search: Search, seconds: float, should_stop: ShouldStop | None = None) -> bool:
    """Replace the best plan by the first of all plans that are equal in every stage held.

    Args:
        search: a search in which every stage is held.
        seconds: wall clock guard.
        should_stop: asked between questions.
    Returns:
        True when it is proven that no other plan stands before this one.
    """
    if search.best is None:
        return False
    ends = perf_counter() + seconds
    decided: set[int] = set()
    for block in _blocks(search):
        if should_stop is not None and should_stop():
            return False
        is_alone = _ask(search, _otherness(search, decided), ends, stops_at_first=True)
        if is_alone is None:
            return False
        if is_alone:
            return True
        if _ask(search, _preferences(search, block), ends) is None:
            return False
        for place in block:
            _fix(search, place)
            decided.add(place)
    return True


def _ask(search: Search, weights: Weights, ends: float, *, stops_at_first: bool = False) -> bool | None:
    """Look for a plan worth more than the best one; keep what is found.

    Args:
        weights: worth of each choice, in whole numbers.
        stops_at_first: any better plan will do, and it is not kept: the question is whether there is one.
    Returns:
        True = proven that none is worth more (the best one is then the plan found); False = there was one,
        and it is now the best unless stops_at_first; None = not settled in time.
    """
    costs = search.costs_of(weights)
    search.session.set_costs(costs)
    is_improved = False
    while perf_counter() < ends:
        least = _worth(search, weights) + 0.5
        answer = _run(search, ends, least if stops_at_first else None)
        if answer.values is None:
            return None
        chosen = search.read(answer.values)
        worth = sum(weights.get(key, 0.0) for key in chosen.items())
        if worth <= least:
            return (not is_improved) if _is_proven(answer, _worth(search, weights)) else None
        cuts = search.refusals(chosen)
        if not cuts:
            if stops_at_first:
                return False
            search.adopt(chosen)
            is_improved = True
            if _is_proven(answer, worth):
                return False
        for cut in cuts:
            search.add_cut(cut)
    return None


def _run(search: Search, ends: float, least: float | None) -> EngineAnswer:
    limits = search.limits
    left = max(ends - perf_counter(), 0.05)
    enough = None if least is None else lambda best, _: best > least
    settings = EngineSettings(left, 0.0, limits.threads, limits.seed, enough)
    return search.session.solve(settings, search.start())


def _is_proven(answer: EngineAnswer, worth: float) -> bool:
    """Tell whether a bound leaves no room for a plan worth one more."""
    leaves_room = answer.bound is not None and answer.bound > worth + MOST_ROOM
    return answer.status is EngineStatus.PROVEN and not leaves_room


def _worth(search: Search, weights: Weights) -> float:
    chosen = search.best.chosen if search.best is not None else {}
    return sum(weights.get(key, 0.0) for key in chosen.items())


def _otherness(search: Search, decided: set[int]) -> Weights:
    """Every candidate not yet decided that stands otherwise than in the best plan counts 1."""
    chosen = search.best.chosen if search.best is not None else {}
    return {
        key: -1.0 if chosen.get(key[0]) == key[1] else 0.0 if key[0] in chosen else 1.0
        for key in search.draft.fund
        if key[0] not in decided
    }


def _preferences(search: Search, block: list[int]) -> Weights:
    """Digits of one number: the first candidate of the block has the highest place."""
    weights: dict[tuple[int, int], float] = {}
    place_value = 1
    for place in reversed(block):
        count = len(search.draft.problem.candidates[place].levels)
        for position in range(count):
            if (place, position) in search.draft.fund:
                weights[place, position] = float(place_value * (count - position))
        place_value *= count + 1
    return weights


def _blocks(search: Search) -> Iterator[list[int]]:
    """Candidates in order of id, as many together as one number holds."""
    block: list[int] = []
    size = 1
    for place, candidate in enumerate(search.draft.problem.candidates):
        digits = len(candidate.levels) + 1
        if block and size * digits > LARGEST_WEIGHT:
            yield block
            block, size = [], 1
        block.append(place)
        size *= digits
    if block:
        yield block


def _fix(search: Search, place: int) -> None:
    """Hold a candidate where the best plan has it."""
    chosen = search.best.chosen if search.best is not None else {}
    count = len(search.draft.problem.candidates[place].levels)
    for position in range(count):
        if (place, position) in search.draft.fund:
            is_chosen = float(chosen.get(place) == position)
            search.set_column_bounds(search.column((place, position)), is_chosen, is_chosen)
