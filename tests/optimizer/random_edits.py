"""Random edits of a problem, of every kind, as a planner in doubt would make them."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from optimizer import AllocationProblem, CandidateState, OutputKind
from optimizer.edits import CeilingEdit, Edit, LimitEdit, StateEdit, WeightEdit


def random_edits(draw: Random, problem: AllocationProblem) -> tuple[Edit, ...]:
    """Return one to three edits of a problem, each of any kind."""
    return tuple(_random_edit(draw, problem) for _ in range(draw.randint(1, 3)))


def _random_edit(draw: Random, problem: AllocationProblem) -> Edit:
    kind = draw.choice(("ceiling", "ceiling", "state", "state", "weight", "limit"))
    if kind == "limit" and problem.limits:
        return _random_limit(draw, problem)
    if kind == "weight":
        scored = [item for item in problem.outputs if item.kind is not OutputKind.OUTCOME]
        return WeightEdit(draw.choice(scored).id, Fraction(draw.randint(1, 60), draw.choice((1, 2, 4))))
    if kind == "state":
        item = draw.choice(problem.candidates)
        state = draw.choice(tuple(CandidateState))
        may_name_level = state in (CandidateState.PINNED, CandidateState.COMMITTED)
        is_named = may_name_level and draw.random() < 0.5
        return StateEdit(item.id, state, draw.choice(item.levels).id if is_named else None)
    source = draw.choice([item for item in problem.sources if not item.is_uncapped])
    year, ceiling_vnd = draw.choice(sorted(source.ceiling_vnd.items()))
    # Odd amounts on purpose: what is left need not be a multiple of anything.
    return CeilingEdit(source.id, year, ceiling_vnd * draw.randint(60, 140) // 100 + draw.randint(0, 1))


def _random_limit(draw: Random, problem: AllocationProblem) -> LimitEdit:
    limit = draw.choice(problem.limits)
    usual_vnd = limit.at_least_vnd or limit.at_most_vnd or 1
    floor, cap = (usual_vnd * draw.randint(50, 150) // 100 for _ in range(2))
    sides = draw.choice(
        ((min(floor, cap), None), (None, max(floor, cap)), (min(floor, cap), max(floor, cap)))
    )
    return LimitEdit(limit.id, *sides)
