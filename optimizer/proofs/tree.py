"""A proof by cases that no plan scores more than a bound: a tree anyone can re-add. Standard library only.

One set of prices (optimizer.proofs.certificate) often leaves a candidate at the margin undecided. A tree
(optimizer.proofs.steps) divides the plans into cases and prices every last case on its own. What is proven
is the largest of the last cases' bounds. The audit here checks that every division leaves nothing out,
re-adds every last case in exact fractions and refuses whatever states another figure than it adds up to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.problem import AllocationProblem
from optimizer.proofs.bound_rows import WHOLE_COUNTS
from optimizer.proofs.certificate import ChoiceId, PricedProblem, PricedRows
from optimizer.proofs.steps import (
    BoundCase,
    ChoiceSplit,
    CountSplit,
    EmptyCase,
    NoChoiceCase,
    ProofTree,
    RefusedProof,
    Situation,
    Step,
)

__all__ = ["ProofTree", "RefusedProof", "opposite_bounds", "rows_tree_bound", "tree_bound"]

Forced = tuple[str, bool]
"""Candidate id, and whether it is funded in every plan that the proof speaks of."""


@dataclass(frozen=True, slots=True)
class AuditedCase:
    """A last case that has been re-added; one that has no plans has neither prices nor bound."""

    situation: Situation
    priced: PricedProblem | None
    bound: Fraction | None


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
    bounds = (case.bound for case in _audited_cases(rows, tree, forced))
    return max((bound for bound in bounds if bound is not None), default=None)


def opposite_bounds(
    rows: PricedRows, tree: ProofTree, level_ids: Mapping[str, str]
) -> dict[str, Fraction | None]:
    """Ask a proof about all plans once more: what if one decision of a plan were the opposite?

    In every last case the candidate's best choice is replaced by its best choice of the other kind.

    Args:
        rows: the rows of the problem.
        tree: a proof about all plans (no forced decision).
        level_ids: the plan, level id by candidate id.
    Returns:
        By candidate id: no plan with the opposite decision is worth more; None = there is no such plan.
    Raises:
        RefusedProof: the tree is no proof.
    """
    bounds: dict[str, Fraction | None] = dict.fromkeys(rows.book.numbers)
    for case in _audited_cases(rows, tree, None):
        if case.priced is None or case.bound is None:
            continue
        for candidate_id, choices in case.priced.worth.items():
            left = case.situation.kept.get(candidate_id, tuple(choices))
            wanted = [item for item in left if (item is None) == (candidate_id in level_ids)]
            if wanted:
                lost = max(choices[item] for item in left) - max(choices[item] for item in wanted)
                known = bounds[candidate_id]
                bounds[candidate_id] = case.bound - lost if known is None else max(known, case.bound - lost)
    return bounds


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


def first_situation(rows: PricedRows, forced: Forced | None) -> Situation:
    """Return the situation of step 0: only the forced decision is given."""
    everything = Situation({}, {})
    if forced is None:
        return everything
    candidate_id, is_funded = forced
    left = choices_left(rows, everything, candidate_id)
    return everything.keeping(candidate_id, tuple(item for item in left if (item is not None) == is_funded))


def _audited_cases(rows: PricedRows, tree: ProofTree, forced: Forced | None) -> Iterator[AuditedCase]:
    """Walk the tree and re-add every last case; refuse at the first thing that is not true."""
    used: set[int] = set()
    priced: dict[tuple[int, bool], PricedProblem] = {}
    for number, step, situation in _last_steps(rows, tree, forced):
        if isinstance(step, NoChoiceCase):
            if choices_left(rows, situation, step.candidate_id):
                raise RefusedProof(number, f"“{step.candidate_id}” còn lựa chọn")
            yield AuditedCase(situation, None, None)
        elif isinstance(step, BoundCase | EmptyCase):
            key = (step.prices, isinstance(step, BoundCase))
            if key not in priced:
                priced[key] = _priced_table(rows, tree, number, step)
            used.add(step.prices)
            yield _audited_case(number, step, situation, priced[key])
    if used != set(range(len(tree.prices))):
        raise RefusedProof(None, "có bảng giá không dùng đến")


def _last_steps(
    rows: PricedRows, tree: ProofTree, forced: Forced | None
) -> Iterator[tuple[int, Step, Situation]]:
    """Yield every last case with its number and situation; every step must be reached exactly once."""
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
            yield number, step, situation
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
    zero, one = situation.fixing(step.count, 0), situation.fixing(step.count, 1)
    return [(step.zero_step, zero), (step.one_step, one)]


def _priced_table(
    rows: PricedRows, tree: ProofTree, number: int, step: BoundCase | EmptyCase
) -> PricedProblem:
    """Price the rows with the table of a last case; a case without plans is priced without points."""
    if not 0 <= step.prices < len(tree.prices):
        raise RefusedProof(number, "không có bảng giá này")
    try:
        return rows.priced(tree.prices[step.prices], is_scored=isinstance(step, BoundCase))
    except ValueError as error:
        raise RefusedProof(number, str(error)) from error


def _audited_case(
    number: int, step: BoundCase | EmptyCase, situation: Situation, priced: PricedProblem
) -> AuditedCase:
    """Re-add a last case and compare with what it states."""
    added = priced.bound_in_case(situation.kept, situation.fixed)
    if added is None:
        raise RefusedProof(number, "trường hợp không còn lựa chọn nào mà lại nêu giá")
    if added != step.bound:
        raise RefusedProof(number, f"ghi cận {float(step.bound):.6f}, cộng lại là {float(added):.6f}")
    if isinstance(step, BoundCase):
        return AuditedCase(situation, priced, added)
    if added >= 0:
        raise RefusedProof(number, "bảng giá không chứng minh được là không có phương án")
    return AuditedCase(situation, None, None)
