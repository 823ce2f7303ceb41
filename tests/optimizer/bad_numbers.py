"""Random problems made as hard on floating point as a lawful file can be.

Money from one đồng to a thousand billion in odd đồng, ceilings that are exactly the sum of some choice or
one đồng less, rules that say nearly the same thing twice, yields from a thousandth to a million, weights
from a thousandth to a thousand.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from optimizer import (
    AllocationProblem,
    Candidate,
    FundingLevel,
    FundingSource,
    Limit,
    LimitScope,
    Output,
    OutputKind,
)
from tests.optimizer.small_problems import YEARS, random_problem

POWERS = (0, 3, 6, 9, 12)


def bad_problem(draw: Random) -> AllocationProblem:
    """Return a small problem whose coefficients span fifteen powers of ten."""
    problem = random_problem(draw)
    candidates = tuple(_with_wild_costs(item, draw) for item in problem.candidates)
    scale = Fraction(10) ** draw.randint(-3, 4)
    outputs = tuple(_with_wild_amounts(item, scale, draw) for item in problem.outputs)
    problem = replace(problem, candidates=candidates, outputs=outputs)
    problem = replace(problem, sources=tuple(_just_enough(problem, item, draw) for item in problem.sources))
    return replace(problem, limits=(*problem.limits, *_said_twice(problem, draw)))


def _with_wild_costs(candidate: Candidate, draw: Random) -> Candidate:
    unit = 10 ** draw.choice(POWERS)
    return replace(
        candidate,
        levels=tuple(_dearer(level, unit, draw.randint(0, 9)) for level in candidate.levels),
    )


def _dearer(level: FundingLevel, unit: int, odd: int) -> FundingLevel:
    costs = {
        source_id: {year: amount * unit + odd if amount else 0 for year, amount in by_year.items()}
        for source_id, by_year in level.cost_vnd.items()
    }
    return replace(level, cost_vnd=costs)


def _with_wild_amounts(output: Output, scale: Fraction, draw: Random) -> Output:
    """Return an output with a wild weight; a chain keeps its order, so all targets share one scale."""
    if output.kind is OutputKind.OUTCOME:
        return output
    weight = output.weight * Fraction(10) ** draw.randint(-3, 3)
    if output.kind is not OutputKind.QUANTITY or output.target is None:
        return replace(output, weight=weight)
    least = None if output.at_least is None else output.at_least * scale
    base = None if output.baseline is None else output.baseline * scale
    return replace(output, weight=weight, target=output.target * scale, baseline=base, at_least=least)


def _just_enough(problem: AllocationProblem, source: FundingSource, draw: Random) -> FundingSource:
    """Set the ceilings to what some choice spends, or one đồng beside it."""
    chosen = [draw.choice(item.levels) for item in problem.candidates if draw.random() < 0.6]
    spent = {year: sum(level.cost_vnd.get(source.id, {}).get(year, 0) for level in chosen) for year in YEARS}
    return replace(
        source,
        ceiling_vnd={year: max(0, amount + draw.choice((-1, 0, 0, 1))) for year, amount in spent.items()},
    )


def _said_twice(problem: AllocationProblem, draw: Random) -> list[Limit]:
    """Return ceilings on one source that differ from its own by a đồng."""
    source = draw.choice(problem.sources)
    return [
        Limit(
            f"N{year}",
            f"Nhắc lại trần năm {year}",
            LimitScope(source_ids=(source.id,), years=(year,)),
            at_most_vnd=amount + draw.choice((0, 1)),
        )
        for year, amount in source.ceiling_vnd.items()
    ]
