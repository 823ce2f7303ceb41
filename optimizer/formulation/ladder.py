"""Family "ladder": one plan per rung of money, nested, in one model: more money never un-funds.

    copies m = 1..M of all other families, each with the ceilings of its rung
    sum_{k' >= k} x[p,k',m] <= sum_{k' >= k} x[p,k',m+1]         for every candidate p, level k, rung m < M
    score = sum_m v[m] score[m]

Sets: m rungs from the least money to the most; p candidates, k their levels. v[m] > 0 are the stated weights
of the rungs. Units: both sides are numbers of levels; the score is in points times weights. Reason: a
candidate that was promised money at a rung keeps its level, or gets a higher one, when there is more money;
so a province can publish one order of funding instead of plans that contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import gcd

import pulp

from optimizer.formulation.assemble import collector_at_rest, write_families
from optimizer.formulation.draft import Draft, Term, in_order, linear_expression, money_quantum_vnd
from optimizer.problem import AllocationProblem


@dataclass(slots=True)
class RungDraft(Draft):
    """One copy of the model; in the common model its names carry the number of the rung."""

    rung: int = 0

    def add_row(self, name: str, terms: Iterable[Term], sense: str, right_side: Fraction | int) -> None:
        """Add one row under the name of the rung."""
        # Not super(): a dataclass with slots is another class than the one super() would look for.
        Draft.add_row(self, rung_name(self.rung, name), terms, sense, right_side)

    def add_variable(
        self, name: str, largest: Fraction | int | None = None, *, is_binary: bool = False
    ) -> pulp.LpVariable:
        """Add a variable under the name of the rung."""
        return Draft.add_variable(self, rung_name(self.rung, name), largest, is_binary=is_binary)


@dataclass(frozen=True, slots=True)
class LadderDraft:
    """The common model of all rungs.

    Attributes:
        rungs: the copies, from the least money to the most; their money is counted in the same quantum.
        points: terms of the weighted score.
        shortfalls: terms of the shortfall of all rungs together, in quanta.
    """

    model: pulp.LpProblem
    rungs: tuple[RungDraft, ...]
    points: tuple[Term, ...]
    shortfalls: tuple[Term, ...]


def formulate_ladder(problems: Sequence[AllocationProblem], weights: Sequence[Fraction]) -> LadderDraft:
    """Return the common model of nested plans.

    Args:
        problems: one per rung, free of mistakes; they differ in their ceilings only, which rise.
        weights: what a point counts at each rung, above 0.
    """
    model = pulp.LpProblem("ladder", pulp.LpMaximize)
    ordered = [in_order(spendable(problem)) for problem in problems]
    quantum_vnd = common_quantum_vnd(ordered)
    positions = {candidate.id: place for place, candidate in enumerate(ordered[0].candidates)}
    with collector_at_rest():
        rungs = tuple(
            RungDraft(problem, model, quantum_vnd, positions=positions, rung=number)
            for number, problem in enumerate(ordered, start=1)
        )
        for rung in rungs:
            write_families(rung)
        for lower, upper in pairwise(rungs):
            add_nesting(lower, upper)
        points = tuple(
            (variable, amount * weight)
            for rung, weight in zip(rungs, weights, strict=True)
            for variable, amount in rung.points
        )
        model.setObjective(linear_expression(points))
    return LadderDraft(model, rungs, points, tuple(term for rung in rungs for term in rung.shortfalls))


def add_nesting(lower: RungDraft, upper: RungDraft) -> None:
    """Let no candidate stand lower at the upper rung than at the lower one."""
    for place, candidate in enumerate(lower.problem.candidates):
        for position in range(len(candidate.levels)):
            below = lower.funding_terms(candidate.id, position)
            above = [(variable, -1) for variable, _ in upper.funding_terms(candidate.id, position)]
            if (place, position) in lower.fund:
                lower.add_row(f"nested_{place}_{position}", [*below, *above], "<=", 0)


def rung_name(rung: int, name: str) -> str:
    """Return the name of a row or variable of a rung in the common model."""
    return f"rung{rung}_{name}"


def common_quantum_vnd(problems: Sequence[AllocationProblem]) -> int:
    """Return one quantum of money for all rungs: that of a problem with the ceilings of all of them."""
    sources = tuple(source for problem in problems for source in problem.sources)
    return money_quantum_vnd(replace(problems[0], sources=sources))


def spendable(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with ceilings rounded down to what levels can spend exactly.

    Every sum of costs is a multiple of their common divisor, so nothing is lost, and shares of ceilings do
    not make the rows count in single đồng. With transfers ceilings are added up first: they stay.
    """
    if any(source.transfers_to_ids for source in problem.sources):
        return problem
    divisor = gcd(
        *(
            amount
            for candidate in problem.candidates
            for level in candidate.levels
            for by_year in level.cost_vnd.values()
            for amount in by_year.values()
        )
    )
    if not divisor:
        return problem
    return replace(
        problem,
        sources=tuple(
            replace(
                source,
                ceiling_vnd={year: amount - amount % divisor for year, amount in source.ceiling_vnd.items()},
            )
            for source in problem.sources
        ),
    )
