"""Engines as people usually call them, with their own tolerances and no audit, on a plain knapsack."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import pulp


@dataclass(frozen=True)
class Knapsack:
    """Projects under one ceiling; worth in hundredths of a point."""

    costs_vnd: Sequence[int]
    worth: Sequence[int]
    ceiling_vnd: int

    def spent_vnd(self, chosen: Collection[int]) -> int:
        """Return what the chosen projects cost, in whole đồng."""
        return sum(self.costs_vnd[place] for place in chosen)

    def best_worth(self, extra_vnd: int = 0) -> int:
        """Return the most that fits when the ceiling is raised by so much."""
        return sum(self.worth[place] for place in self.best_set(extra_vnd))

    def best_set(self, extra_vnd: int = 0) -> list[int]:
        """Return a most valuable set that fits, by meeting in the middle: every half meets every other."""
        middle, count = len(self.costs_vnd) // 2, len(self.costs_vnd)
        costs, worth = self._subsets(0, middle)
        other_costs, other_worth = self._subsets(middle, count)
        order = np.argsort(other_costs, kind="stable")
        sorted_worth = other_worth[order]
        most = np.maximum.accumulate(sorted_worth)
        room = self.ceiling_vnd + extra_vnd - costs
        affordable = np.searchsorted(other_costs[order], room, side="right")
        total = np.where(affordable > 0, worth + most[affordable - 1], -1)
        half = int(np.argmax(total))
        other = int(order[np.argmax(sorted_worth[: affordable[half]])])
        return [
            *(place for place in range(middle) if half >> place & 1),
            *(middle + place for place in range(count - middle) if other >> place & 1),
        ]

    def _subsets(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Return cost and worth of every set of the projects in a range."""
        costs, worth = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for place in range(first, last):
            costs = np.concatenate([costs, costs + self.costs_vnd[place]])
            worth = np.concatenate([worth, worth + self.worth[place]])
        return costs, worth


@dataclass(frozen=True)
class BareAnswer:
    """What an engine says of itself, and the projects whose variables it left near 1."""

    status: str
    chosen: list[int]


def ask_highs(knapsack: Knapsack, unit_vnd: int) -> BareAnswer:
    """Ask HiGHS with its usual settings, money in units of so many đồng."""
    count = len(knapsack.costs_vnd)
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = count, 1, highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array(knapsack.worth, dtype=np.double) / 100
    lp.col_lower_, lp.col_upper_ = np.zeros(count), np.ones(count)
    lp.row_lower_ = np.array([-np.inf])
    lp.row_upper_ = np.array([knapsack.ceiling_vnd / unit_vnd])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * count
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([0, count], dtype=np.int32)
    lp.a_matrix_.index_ = np.arange(count, dtype=np.int32)
    lp.a_matrix_.value_ = np.array([cost / unit_vnd for cost in knapsack.costs_vnd])
    engine.passModel(lp)
    engine.run()
    values = engine.getSolution().col_value
    return BareAnswer(
        engine.modelStatusToString(engine.getModelStatus()),
        [place for place, value in enumerate(values) if value > 0.5],
    )


def ask_cbc(knapsack: Knapsack, unit_vnd: int) -> BareAnswer:
    """Ask PuLP's own CBC, money in units of so many đồng."""
    model = pulp.LpProblem("knapsack", pulp.LpMaximize)
    take = [model.add_variable(f"x{place}", 0, 1, pulp.LpInteger) for place in range(len(knapsack.costs_vnd))]
    model.setObjective(
        pulp.LpAffineExpression([(x, w / 100) for x, w in zip(take, knapsack.worth, strict=True)])
    )
    money = pulp.LpAffineExpression(
        [(x, cost / unit_vnd) for x, cost in zip(take, knapsack.costs_vnd, strict=True)]
    )
    edge = knapsack.ceiling_vnd / unit_vnd
    model.addConstraint(pulp.LpConstraint(money, pulp.LpConstraintLE, "ceiling", edge))
    status = run_stock_cbc(model)
    return BareAnswer(status, [place for place, x in enumerate(take) if x.value() > 0.5])


def ask_scip(knapsack: Knapsack, unit_vnd: int) -> BareAnswer:
    """Ask SCIP with its usual settings, money in units of so many đồng."""
    # Loaded here because it is an optional second opinion.
    from pyscipopt import Model, quicksum

    model = Model()
    model.hideOutput()
    take = [model.addVar(f"x{place}", "B") for place in range(len(knapsack.costs_vnd))]
    money = (x * (cost / unit_vnd) for x, cost in zip(take, knapsack.costs_vnd, strict=True))
    model.addCons(quicksum(money) <= knapsack.ceiling_vnd / unit_vnd)
    worth = (x * (w / 100) for x, w in zip(take, knapsack.worth, strict=True))
    model.setObjective(quicksum(worth), "maximize")
    model.optimize()
    return BareAnswer(model.getStatus(), [place for place, x in enumerate(take) if model.getVal(x) > 0.5])


def run_stock_cbc(model: pulp.LpProblem) -> str:
    """Solve with PuLP's own CBC as PuLP's manual shows it; return the word of its status."""
    with warnings.catch_warnings():
        # PuLP announces that its next release no longer brings this program along.
        warnings.simplefilter("ignore", DeprecationWarning)
        model.solve(pulp.PULP_CBC_CMD(msg=False))
    return str(pulp.LpStatus[model.status])


def small_money_model() -> pulp.LpProblem:
    """Return the reduced model of coin-or/pulp issue 662 (coin-or/Cbc issue 632): x all 1, c all 0 keeps it.

    The names are part of it: with others the same program finds the answer.
    """
    model = pulp.LpProblem("money", pulp.LpMinimize)
    x = [model.add_variable(f"x_{number}", 0, 1, pulp.LpInteger) for number in range(3)]
    c = [model.add_variable(f"c_{number}", 0, 1, pulp.LpInteger) for number in range(2)]
    model.setObjective(pulp.LpAffineExpression([(c[0], 1), (c[1], 1)]))
    rows = (
        ([(x[0], 1), (c[1], 1)], pulp.LpConstraintEQ, 1),
        ([(x[0], 1), (c[0], 1)], pulp.LpConstraintGE, 1),
        ([(x[1], 1), (c[1], 1)], pulp.LpConstraintLE, 1),
        ([(c[0], 1), (c[1], 1)], pulp.LpConstraintLE, 1),
        ([(x[2], 1)], pulp.LpConstraintEQ, 1),
        ([(x[1], 9000), (x[2], 7200), (c[1], 10800)], pulp.LpConstraintGE, 16200),
    )
    for number, (terms, sense, edge) in enumerate(rows):
        model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"row_{number}", edge))
    return model
