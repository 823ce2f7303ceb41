"""The difference between two best scores, cause by cause, adding up exactly.

In the published order (problem_changes) the changes are made one after the other, and after each the best
plan is searched anew: the effect of a change is the best score after it minus the best score before it.

    V(all changes) - V(no change) = sum over steps of [V(after the step) - V(before the step)]

A change that would leave no plan at all waits until others are made; changes of which none can be made alone
are one cause together. Over few causes the same may be averaged over all orders (Shapley's value): every
order in which each step leaves a plan adds up, hence so does their average.

Where a search was not proven, V is only known to lie between two numbers. Then a cause gets what is proven of
its effect, and the rest of what was found is kept apart as "phần chưa chứng minh". Units: points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial

from optimizer.answers.comparison_facts import Attribution, Cause
from optimizer.answers.comparison_words import cause_sentence
from optimizer.answers.mixture_values import Made, MixtureValues
from optimizer.answers.problem_changes import CauseGroup, Change
from optimizer.errors import SolverFailure
from optimizer.solving.best_score import BestScore

MOST_AVERAGED = 6
"""Causes that may be averaged over all orders: 2^6 searches."""
Player = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Effect:
    """What one step does to the best score: found, proven of it, and the range it lies in."""

    found: Fraction
    proven: Fraction
    low: Fraction
    high: Fraction


def each_change(changes: Sequence[Change]) -> tuple[Player, ...]:
    """Return every change as a cause of its own."""
    return tuple((change,) for change in changes)


def by_group(changes: Sequence[Change]) -> tuple[Player, ...]:
    """Return the changes of each group as one cause, in the published order."""
    groups = (tuple(item for item in changes if item.group is group) for group in CauseGroup)
    return tuple(group for group in groups if group)


def in_published_order(players: Sequence[Player], values: MixtureValues) -> Attribution:
    """Return the causes one after the other.

    Args:
        players: what counts as one cause, in order.
        values: best scores; those of no change and of all changes must exist.
    Returns:
        As many causes as players, or fewer where some could only be made together.
    Raises:
        SolverFailure: a best score that must exist was not found.
    """
    values.expect(len(players) + 1)
    walk = _Walk(values)
    pending = list(players)
    while pending:
        postponed = [player for player in pending if not walk.make(player)]
        if len(postponed) == len(pending):
            together = next(
                (size for size in range(2, len(pending) + 1) if walk.make(_joined(pending[:size]))), None
            )
            if together is None:
                raise SolverFailure("Không tìm được phương án cho bài toán sau mọi thay đổi.")
            postponed = pending[together:]
        pending = postponed
    return Attribution(tuple(walk.causes), walk.unproven)


class _Walk:
    """From no change towards all of them, one step at a time."""

    def __init__(self, values: MixtureValues) -> None:
        self._values = values
        self._made: Made = frozenset()
        self._now = best_that_exists(values, self._made)
        self.causes: list[Cause] = []
        self.unproven = Fraction(0)

    def make(self, step: Player) -> bool:
        """Make the changes of a step and note their effect; False = that leaves no plan, nothing was made."""
        made = self._made | keys_of(step)
        later = self._values.best(made, self._now.level_ids)
        if later is None:
            return False
        effect = _effect(self._now, later)
        self.causes.append(_cause(step, effect))
        self.unproven += effect.found - effect.proven
        self._made, self._now = made, later
        return True


def averaged_over_orders(players: Sequence[Player], values: MixtureValues) -> Attribution | None:
    """Return the causes averaged over every order in which each step leaves a plan.

    With n causes, f(S) orders that lead from no change to the set S, and g(S) from S to all changes:

        effect of i = sum over S without i of f(S) g(S + i) [V(S + i) - V(S)] / f(all)

    Args:
        players: at most MOST_AVERAGED causes.
        values: best scores.
    Returns:
        None = no order leaves a plan at every step.
    """
    orders = _Orders(players, values)
    if not orders.count:
        return None
    causes, unproven = [], Fraction(0)
    for place, player in enumerate(players):
        effect = orders.effect(place)
        causes.append(_cause(player, effect))
        unproven += effect.found - effect.proven
    return Attribution(tuple(causes), unproven, orders.count, factorial(len(players)))


class _Orders:
    """All sets of causes, which of them leave a plan, and how many orders pass through each."""

    def __init__(self, players: Sequence[Player], values: MixtureValues) -> None:
        self._places = range(len(players))
        values.expect(2 ** len(players))
        self._best: dict[frozenset[int], BestScore] = {}
        for members in self._sets():
            near = next((self._best[members - {i}] for i in members if members - {i} in self._best), None)
            made = frozenset(key for place in members for key in keys_of(players[place]))
            found = values.best(made, None if near is None else near.level_ids)
            if found is not None:
                self._best[members] = found
        self._to = self._ways(list(self._sets()), is_upwards=True)
        self._from = self._ways(list(self._sets())[::-1], is_upwards=False)
        self.count = self._to.get(frozenset(self._places), 0)

    def effect(self, place: int) -> _Effect:
        """Return the effect of one cause, averaged over the orders."""
        total = _Effect(Fraction(0), Fraction(0), Fraction(0), Fraction(0))
        for members in self._best:
            with_it = members | {place}
            if place in members or with_it not in self._best:
                continue
            share = Fraction(self._to[members] * self._from[with_it], self.count)
            one = _effect(self._best[members], self._best[with_it])
            total = _Effect(
                total.found + share * one.found,
                total.proven + share * one.proven,
                total.low + share * one.low,
                total.high + share * one.high,
            )
        return total

    def _sets(self) -> Iterator[frozenset[int]]:
        for size in range(len(self._places) + 1):
            yield from (frozenset(members) for members in combinations(self._places, size))

    def _ways(self, sets: Sequence[frozenset[int]], *, is_upwards: bool) -> dict[frozenset[int], int]:
        """Count the ways from the first set to each, one cause at a time, through sets with a plan."""
        ways: dict[frozenset[int], int] = {}
        for members in sets:
            if members not in self._best:
                continue
            if members == sets[0]:
                ways[members] = 1
                continue
            steps = members if is_upwards else frozenset(self._places) - members
            ways[members] = sum(ways.get(members ^ {place}, 0) for place in steps)
        return ways


def keys_of(player: Player) -> Made:
    """Return the keys of a cause's changes."""
    return frozenset((change.kind, change.subject) for change in player)


def best_that_exists(values: MixtureValues, made: Made) -> BestScore:
    """Return the best score of a mixture that has a plan.

    Raises:
        SolverFailure: none was found all the same.
    """
    found = values.best(made)
    if found is None:
        raise SolverFailure("Không tìm lại được phương án của một trong hai bài toán.")
    return found


def _joined(players: Sequence[Player]) -> Player:
    return tuple(change for player in players for change in player)


def _effect(before: BestScore, after: BestScore) -> _Effect:
    """Return what is known of V(after) - V(before); what is certain of it is the end nearest to 0."""
    low = after.least_points - before.bound_points
    high = after.bound_points - before.least_points
    proven = low if low > 0 else min(high, Fraction(0))
    return _Effect(after.score_points - before.score_points, proven, low, high)


def _cause(player: Player, effect: _Effect) -> Cause:
    words = cause_sentence(player, (effect.proven, effect.low, effect.high))
    return Cause(player, effect.proven, effect.low, effect.high, words)
