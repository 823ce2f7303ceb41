"""PuLP as most people use it: lpSum of products, the solvers that come with it, a new model each time.

And, to be fair, PuLP as its manual advises when the model is kept: changeRHS and solve again.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pulp

from optimizer.bench.neutral_rows import NeutralModel, NeutralRow


@dataclass(slots=True)
class PulpModel:
    """A PuLP problem with its variables and rows in the order of the neutral model."""

    problem: Any
    variables: list[Any]
    rows: list[Any]

    def values(self) -> list[float]:
        """Return the value PuLP gives each variable; 0 where it gives none."""
        return [variable.varValue or 0.0 for variable in self.variables]

    def objective(self) -> float:
        """Return the value of the objective as PuLP tells it."""
        return float(pulp.value(self.problem.objective) or 0.0)


def built_by_sums(model: NeutralModel) -> PulpModel:
    """Build the model as tutorials do: lpSum of products, compared with a number."""
    problem = pulp.LpProblem("allocation", pulp.LpMaximize)
    variables = _variables(problem, model)
    problem += pulp.lpSum(points * variables[place] for place, points in model.objective)
    rows = []
    for row in model.rows:
        total = pulp.lpSum(amount * variables[place] for place, amount in row.terms)
        relation, edge = sense_of(row)
        made = total <= edge if relation == -1 else total >= edge if relation == 1 else total == edge
        problem += made, row.name
        rows.append(made)
    return PulpModel(problem, variables, rows)


def built_in_bulk(model: NeutralModel) -> PulpModel:
    """Build the model as our formulation does: expressions from finished pairs."""
    problem = pulp.LpProblem("allocation", pulp.LpMaximize)
    variables = _variables(problem, model)
    rows = []
    for row in model.rows:
        total = pulp.LpAffineExpression([(variables[place], amount) for place, amount in row.terms])
        relation, edge = sense_of(row)
        made = pulp.LpConstraint(total, relation, row.name, edge)
        problem.addConstraint(made)
        rows.append(made)
    problem.setObjective(
        pulp.LpAffineExpression([(variables[place], points) for place, points in model.objective])
    )
    return PulpModel(problem, variables, rows)


def _variables(problem: Any, model: NeutralModel) -> list[Any]:
    return [
        problem.add_variable(
            name,
            None if math.isinf(lower) else lower,
            None if math.isinf(upper) else upper,
            pulp.LpInteger if is_whole else pulp.LpContinuous,
        )
        for name, lower, upper, is_whole in model.variables
    ]


def sense_of(row: NeutralRow) -> tuple[int, float]:
    """Return PuLP's sense and the right side of a row."""
    if row.lower == row.upper:
        return pulp.LpConstraintEQ, row.upper
    if math.isinf(row.upper):
        return pulp.LpConstraintGE, row.lower
    return pulp.LpConstraintLE, row.upper


@contextmanager
def as_people_call_it() -> Iterator[None]:
    """Let PuLP's announcements of its next version pass: the peer is what people use today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def cbc(
    *, is_relaxed: bool = False, gap_share: float | None = None, seconds: float | None = None
) -> pulp.LpSolver:
    """Return PuLP's own CBC, one thread."""
    with as_people_call_it():
        return pulp.PULP_CBC_CMD(
            mip=not is_relaxed, msg=False, gapRel=gap_share, timeLimit=seconds, threads=1
        )


def stock_highs(
    *, is_relaxed: bool = False, gap_share: float | None = None, seconds: float | None = None
) -> pulp.LpSolver:
    """Return PuLP's own door to HiGHS, one thread."""
    return pulp.HiGHS(mip=not is_relaxed, msg=False, gapRel=gap_share, timeLimit=seconds, threads=1)


def handed_to_stock_highs(model: PulpModel) -> Any:
    """Hand a model over as PuLP's door to HiGHS does, without solving it."""
    solver = stock_highs()
    solver.createAndConfigureSolver(model.problem)
    solver.buildSolverModel(model.problem)
    return model.problem.solverModel


def solved(model: PulpModel, solver: pulp.LpSolver) -> PulpModel:
    """Solve a model and return it."""
    with as_people_call_it():
        model.problem.solve(solver)
    return model
