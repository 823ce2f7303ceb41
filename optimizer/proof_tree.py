"""A proof by cases that no plan scores more than a bound: a tree anyone can re-add. Standard library only.

One set of prices (optimizer.certificate) often leaves a candidate at the margin undecided. A tree divides
the plans into cases that together leave nothing out, and gives every last case prices of its own:

    step 0   P17 not funded                -> step 1      or      P17 at "toi-thieu" or "day-du"  -> step 2
    step 1   prices 0: no plan of this case is worth more than 86,2 points
    step 2   prices 1: nothing keeps the rows in this case

What is proven is the largest of the last cases' bounds. Steps are a numbered list; step 0 is the beginning,
and every other step is the next of exactly one case before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from optimizer.bound_rows import WHOLE_COUNTS
from optimizer.certificate import ChoiceId, PricedProblem, PricedRows
from optimizer.problem import AllocationProblem

BOUND_UNIT = 1_000_000
"""Bounds of last cases are stated in millionths of a point, rounded up."""

Forced = tuple[str, bool]
"""Candidate id, and whether it is funded in every plan that the proof speaks of."""


class RefusedProof(ValueError):
    """The tree is no proof; says at which step and why."""

    def __init__(self, step: int | None, words: str) -> None:
        super().__init__(words if step is None else f"bước {step}: {words}")
        self.step = step


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a division: the choices that are left to the candidate, and the step that follows."""

    choices: tuple[ChoiceId, ...]
    next_step: int


@dataclass(frozen=True, slots=True)
class ChoiceSplit:
    """A division by what a candidate gets; the cases name every choice it has left exactly once."""

    candidate_id: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class CountSplit:
    """A division by a counting variable that is 0 or 1 in every plan, for instance ``done:J``."""

    count: str
    zero_step: int
    one_step: int


@dataclass(frozen=True, slots=True)
class BoundCase:
    """A last case: with these prices no plan of the case is worth more than the bound.

    Attributes:
        prices: position in the tree's list of prices.
        bound: what they add up to, in points, rounded up to millionths.
    """

    prices: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class EmptyCase:
    """A last case without plans: without any points the prices add up to less than 0 (the bound)."""

    prices: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class NoChoiceCase:
    """A last case without plans: the candidate has no choice left."""

    candidate_id: str


Step = ChoiceSplit | CountSplit | BoundCase | EmptyCase | NoChoiceCase


@dataclass(frozen=True, slots=True)
class ProofTree:
    """Steps, and the prices (points per unit of a row, by row id) that their last cases use."""

    prices: tuple[Mapping[str, Fraction], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where in the tree a step stands: choices left by candidate id, counting variables already given."""

    kept: Mapping[str, tuple[ChoiceId, ...]]
    fixed: Mapping[str, int]

    def keeping(self, candidate_id: str, choices: tuple[ChoiceId, ...]) -> Situation:
        """Return the case in which a candidate has only these choices left."""
        return Situation({**self.kept, candidate_id: choices}, self.fixed)

    def fixing(self, count: str, value: int) -> Situation:
        """Return the case in which a counting variable has this value."""
        return Situation(self.kept, {**self.fixed, count: value})


def tree_bound(
    problem: AllocationProblem, tree: ProofTree, shortfall_vnd: int, forced: Forced | None = None
) -> Fraction | None:
    """Return the bound that a tree proves, every last case re-added in exact fractions.

    Args:
        problem: the question.
        tree: the proof; nothing in it is trusted.
        shortfall_vnd: shortfall allowed against limits that are not hard, in đồng.
        forced: the decision that all plans in question share; None = all plans.
    Returns:
        No such plan is worth more points; None = there is no such plan at all.
    Raises:
        RefusedProof: the tree is no proof, or states a bound it does not add up to.
    """
    return rows_tree_bound(PricedRows(problem, shortfall_vnd), tree, forced)


def rows_tree_bound(rows: PricedRows, tree: ProofTree, forced: Forced | None = None) -> Fraction | None:
    """Return the same as tree_bound, for rows that are written already."""
    used: set[int] = set()
    priced: dict[tuple[int, bool], PricedProblem] = {}
    bounds = []
    for number, situation in _last_cases(rows, tree, forced):
        step = tree.steps[number]
        if isinstance(step, NoChoiceCase):
            if choices_left(rows, situation, step.candidate_id):
                raise RefusedProof(number, f"“{step.candidate_id}” còn lựa chọn")
        elif isinstance(step, BoundCase | EmptyCase):
            key = (step.prices, isinstance(step, BoundCase))
            used.add(step.prices)
            if key not in priced:
                priced[key] = _price(rows, tree, number, step)
            bounds += _last_bound(number, step, priced[key].bound_in_case(situation.kept, situation.fixed))
    if used != set(range(len(tree.prices))):
        raise RefusedProof(None, "có bảng giá không dùng đến")
    return max(bounds, default=None)


def first_situation(rows: PricedRows, forced: Forced | None) -> Situation:
    """Return the situation of step 0: only the forced decision is given."""
    everything = Situation({}, {})
    if forced is None:
        return everything
    candidate_id, is_funded = forced
    left = choices_left(rows, everything, candidate_id)
    return everything.keeping(candidate_id, tuple(item for item in left if (item is not None) == is_funded))


def choices_left(rows: PricedRows, situation: Situation, candidate_id: str) -> tuple[ChoiceId, ...]:
    """Return what a candidate may still get; None stands for "not funded".

    Raises:
        RefusedProof: the problem has no such candidate.
    """
    if candidate_id in situation.kept:
        return situation.kept[candidate_id]
    if candidate_id not in rows.book.numbers:
        raise RefusedProof(None, f"không có dự án “{candidate_id}”")
    levels = tuple(rows.book.numbers[candidate_id])
    return (None, *levels) if candidate_id in rows.book.may_be_left_out else levels


def stated_bound(bound: Fraction) -> Fraction:
    """Return a bound as trees state it: rounded up to millionths of a point."""
    return Fraction(ceil(bound * BOUND_UNIT), BOUND_UNIT)


def _last_cases(rows: PricedRows, tree: ProofTree, forced: Forced | None) -> Iterator[tuple[int, Situation]]:
    """Walk the tree; yield every last case with its situation.

    Raises:
        RefusedProof: a division leaves something out, or a step is reached twice or never.
    """
    waiting = [(0, first_situation(rows, forced))]
    reached: set[int] = set()
    while waiting:
        number, situation = waiting.pop()
        if not 0 <= number < len(tree.steps) or number in reached:
            raise RefusedProof(number, "không có bước này, hoặc bước được dùng hai lần")
        reached.add(number)
        step = tree.steps[number]
        if isinstance(step, ChoiceSplit):
            waiting += _choice_cases(rows, number, step, situation)
        elif isinstance(step, CountSplit):
            waiting += _count_cases(rows, number, step, situation)
        else:
            yield number, situation
    if len(reached) != len(tree.steps):
        raise RefusedProof(None, "có bước không dùng đến")


def _choice_cases(
    rows: PricedRows, number: int, step: ChoiceSplit, situation: Situation
) -> list[tuple[int, Situation]]:
    """Every choice the candidate has left stands in exactly one case."""
    left = choices_left(rows, situation, step.candidate_id)
    named = [choice for case in step.cases for choice in case.choices]
    if len(named) != len(left) or set(named) != set(left):
        raise RefusedProof(number, f"các trường hợp của “{step.candidate_id}” thừa hoặc thiếu lựa chọn")
    return [(case.next_step, situation.keeping(step.candidate_id, case.choices)) for case in step.cases]


def _count_cases(
    rows: PricedRows, number: int, step: CountSplit, situation: Situation
) -> list[tuple[int, Situation]]:
    """Only a variable that is 0 or 1 in every plan may be divided so."""
    is_whole = step.count.split(":")[0] in WHOLE_COUNTS and step.count in rows.book.largest
    if not is_whole or step.count in situation.fixed:
        raise RefusedProof(number, f"không thể chia trường hợp theo “{step.count}”")
    return [
        (step.zero_step, situation.fixing(step.count, 0)),
        (step.one_step, situation.fixing(step.count, 1)),
    ]


def _price(rows: PricedRows, tree: ProofTree, number: int, step: BoundCase | EmptyCase) -> PricedProblem:
    if not 0 <= step.prices < len(tree.prices):
        raise RefusedProof(number, "không có bảng giá này")
    try:
        return rows.priced(tree.prices[step.prices], is_scored=isinstance(step, BoundCase))
    except ValueError as error:
        raise RefusedProof(number, str(error)) from error


def _last_bound(number: int, step: BoundCase | EmptyCase, added: Fraction | None) -> list[Fraction]:
    """Compare what was added up with what is stated; cases without plans bound nothing."""
    if added is None:
        raise RefusedProof(number, "trường hợp không còn lựa chọn nào mà lại nêu giá")
    if stated_bound(added) != step.bound:
        raise RefusedProof(number, f"ghi cận {float(step.bound):.6f}, cộng lại là {float(added):.6f}")
    if isinstance(step, BoundCase):
        return [added]
    if added >= 0:
        raise RefusedProof(number, "bảng giá không chứng minh được là không có phương án")
    return []
