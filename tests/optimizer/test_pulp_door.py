"""Our solver class for people who write PuLP: the same optimum, an honest status, a live model."""

from __future__ import annotations

from random import Random

import pulp
import pytest

from optimizer.engines.interface import EngineProgress, EngineSettings, EngineStatus
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.solving.pulp_solver import InProcessHighs

SENSES = (pulp.LpMaximize, pulp.LpMinimize)


def a_random_model(draw: Random) -> pulp.LpProblem:
    """A small model with every kind of variable, bound and row that PuLP 4 keeps; some have no point."""
    problem = pulp.LpProblem("random", draw.choice(SENSES))
    columns = [
        problem.add_variable(
            f"v{place}",
            draw.choice((0, 0, -3)),
            draw.choice((1, 4, 7.5)),
            draw.choice((pulp.LpInteger, pulp.LpContinuous)),
        )
        for place in range(draw.randint(4, 9))
    ]
    for number in range(draw.randint(2, 6)):
        chosen = draw.sample(columns, draw.randint(1, len(columns)))
        terms = pulp.LpAffineExpression([(column, draw.randint(-5, 9)) for column in chosen])
        relation = draw.choice((pulp.LpConstraintLE, pulp.LpConstraintGE, pulp.LpConstraintLE))
        edge = draw.randint(2, 15) if relation == pulp.LpConstraintLE else draw.randint(-15, 4)
        problem.addConstraint(pulp.LpConstraint(terms, relation, f"row{number}", edge))
    worth = [(column, draw.randint(-9, 9) / 2) for column in columns]
    problem.setObjective(pulp.LpAffineExpression(worth, constant=draw.choice((0, 12.5))))
    return problem


def a_province(candidates: int, seed: int) -> pulp.LpProblem:
    return formulate(generate_problem(Random(seed), candidates)).model


def optimum_of(problem: pulp.LpProblem) -> float | None:
    """The value at hand; None unless it is proven."""
    return pulp.value(problem.objective) if problem.status == pulp.LpStatusOptimal else None


def test_the_optimum_is_that_of_the_stock_door() -> None:
    ends = set()
    for seed in range(20):
        ours, stock = a_random_model(Random(seed)), a_random_model(Random(seed))
        solver = InProcessHighs()
        ours.solve(solver)
        stock.solve(pulp.HiGHS(msg=False))
        assert ours.status == stock.status
        assert ours.sol_status == stock.sol_status
        ends.add(ours.status)
        if ours.status != pulp.LpStatusOptimal:
            assert all(item.varValue is None for item in ours.variables())
            continue
        assert optimum_of(ours) == pytest.approx(optimum_of(stock), abs=1e-6)
        assert ours.valid(1e-6)
        assert solver.answer is not None
        assert solver.answer.objective == pytest.approx(optimum_of(ours), abs=1e-6)
        assert solver.answer.bound == pytest.approx(optimum_of(ours), abs=1e-6)
    assert ends == {pulp.LpStatusOptimal, pulp.LpStatusInfeasible}


def test_a_stop_without_proof_is_not_called_optimal() -> None:
    problem = a_province(150, 3)
    stock = pulp.HiGHS(msg=False, timeLimit=0.25, threads=1)
    problem.solve(stock)
    assert pulp.LpStatus[problem.status] == "Optimal", "the claim that this test is about"
    solver = InProcessHighs(EngineSettings(time_limit_seconds=0.25))
    problem.solve(solver)
    assert pulp.LpStatus[problem.status] == "Not Solved"
    assert pulp.LpSolution[problem.sol_status] == "Solution Found"
    answer = solver.answer
    assert answer is not None
    assert answer.status is EngineStatus.STOPPED
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.objective < answer.bound - 1e-6
    assert pulp.value(problem.objective) == pytest.approx(answer.objective)


def test_a_gap_that_was_asked_for_is_not_called_optimal_either() -> None:
    problem = a_province(40, 4)
    solver = InProcessHighs(EngineSettings(relative_gap_share=0.05))
    problem.solve(solver)
    assert solver.answer is not None
    assert solver.answer.status is EngineStatus.WITHIN_GAP
    assert problem.status == pulp.LpStatusNotSolved
    assert problem.sol_status == pulp.LpSolutionIntegerFeasible


def test_no_point_leaves_no_values() -> None:
    problem = a_province(40, 3)
    problem.solve(InProcessHighs(stop_asked=lambda: True))
    assert problem.status == pulp.LpStatusNotSolved
    if problem.sol_status == pulp.LpSolutionNoSolutionFound:
        assert all(item.varValue is None for item in problem.variables())


def edit(problem: pulp.LpProblem, draw: Random) -> None:
    """Change a right side, the objective or a bound, as a planner would between two solves."""
    kind = draw.choice(("side", "objective", "bound"))
    if kind == "side":
        row = draw.choice(problem.constraints())
        row.changeRHS(-row.constant + draw.randint(-3, 5))
    elif kind == "objective":
        columns = problem.variables()
        worth = [(column, draw.randint(-9, 9)) for column in columns]
        problem.setObjective(pulp.LpAffineExpression(worth, constant=draw.randint(0, 3)))
    else:
        column = draw.choice(problem.variables())
        column.bounds(0, draw.choice((0, 1, 3, None)) if problem.sense == pulp.LpMinimize else 2)


@pytest.mark.parametrize("is_relaxed", [False, True])
def test_an_edited_model_solves_as_if_built_anew(is_relaxed: bool) -> None:
    for seed in range(12):
        draw, problem = Random(seed), a_random_model(Random(seed))
        solver = InProcessHighs(is_relaxed=is_relaxed)
        problem.solve(solver)
        columns = len(problem.variables())
        for _ in range(5):
            edit(problem, draw)
            problem.solve(solver) if draw.random() < 0.5 else problem.resolve()
            live = (problem.status, optimum_of(problem))
            problem.solve(InProcessHighs(is_relaxed=is_relaxed))
            assert live[0] == problem.status
            assert live[1] == pytest.approx(optimum_of(problem), abs=1e-6)
            problem.setSolver(solver)
        assert solver.hand_overs == 1 or len(problem.variables()) != columns


def test_a_changed_matrix_is_handed_over_anew() -> None:
    problem = pulp.LpProblem("small", pulp.LpMaximize)
    x, y = (problem.add_variable(name, 0, 10, pulp.LpInteger) for name in "xy")
    problem.setObjective(pulp.LpAffineExpression([(x, 1), (y, 1)]))
    row = pulp.LpConstraint(pulp.LpAffineExpression([(x, 2), (y, 1)]), pulp.LpConstraintLE, "row", 10)
    problem.addConstraint(row)
    solver = InProcessHighs()

    def solved() -> tuple[float | None, int]:
        problem.solve(solver)
        return optimum_of(problem), solver.hand_overs

    assert solved() == (10, 1)
    problem.addConstraint(
        pulp.LpConstraint(pulp.LpAffineExpression([(y, 1)]), pulp.LpConstraintLE, "second", 4)
    )
    assert solved() == (7, 2)
    row.expr[x] = 4
    assert solved() == (5, 3)
    y.cat = pulp.LpContinuous
    x.cat = pulp.LpContinuous
    assert solved() == (5.5, 4)
    z = problem.add_variable("z", 0, 3)
    problem.setObjective(pulp.LpAffineExpression([(x, 1), (y, 1), (z, 1)]))
    assert solved() == (8.5, 5)
    assert solved() == (8.5, 5)
    other = a_random_model(Random(1))
    other.solve(solver)
    assert solver.hand_overs == 6


def test_prices_are_worth_what_a_unit_more_brings() -> None:
    for sense, sign in ((pulp.LpMaximize, 1), (pulp.LpMinimize, -1)):
        problem = pulp.LpProblem("prices", sense)
        x, y = (problem.add_variable(name, 0, 1) for name in "xy")
        problem.setObjective(pulp.LpAffineExpression([(x, sign * 5), (y, sign * 4)], constant=100))
        row = pulp.LpConstraint(pulp.LpAffineExpression([(x, 3), (y, 2)]), pulp.LpConstraintLE, "money", 4)
        problem.addConstraint(row)
        solver = InProcessHighs(is_relaxed=True)
        problem.solve(solver)
        before = pulp.value(problem.objective)
        price, spare = row.pi, row.slack
        assert spare == pytest.approx(0)
        assert price == pytest.approx(sign * 5 / 3)
        assert (x.dj, y.dj) == (pytest.approx(0), pytest.approx(sign * (4 - 10 / 3)))
        row.changeRHS(4.3)
        problem.solve(solver)
        assert pulp.value(problem.objective) == pytest.approx(before + 0.3 * price)
        assert solver.hand_overs == 1


def test_progress_and_stop_reach_the_engine() -> None:
    news: list[EngineProgress] = []
    problem = a_province(60, 2)
    problem.solve(InProcessHighs(watcher=news.append, stop_asked=lambda: len(news) >= 3))
    assert len(news) >= 3
    assert problem.status == pulp.LpStatusNotSolved


def test_what_has_no_best_is_not_called_solved() -> None:
    problem = pulp.LpProblem("endless", pulp.LpMaximize)
    x = problem.add_variable("x", 0)
    problem.setObjective(pulp.LpAffineExpression([(x, 1)]))
    problem.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression([(x, 1)]), pulp.LpConstraintGE, "r", 1))
    problem.solve(InProcessHighs())
    assert problem.status == pulp.LpStatusNotSolved
    assert problem.sol_status == pulp.LpSolutionNoSolutionFound
    assert x.varValue is None
