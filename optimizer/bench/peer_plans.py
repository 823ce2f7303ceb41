"""One plan by each peer at an equal budget of CPU, read as its user would read it, then audited exactly.

A peer's score is what its plan is worth to the auditor, not what its status line says. A plan that breaks a
rule or leaves fractions has no score, and the record says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import Any

import highspy
import pulp

from optimizer.bench.bare_highs import arrays_of, loaded
from optimizer.bench.measuring import timed
from optimizer.bench.neutral_rows import NeutralModel
from optimizer.bench.stock_pulp import built_by_sums, cbc, solved, stock_highs
from optimizer.engines.interface import EngineSettings
from optimizer.errors import NoPlanInTime, SolverFailure
from optimizer.problem import AllocationProblem
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import SolveLimits
from optimizer.solving.solve import solve
from optimizer.verify import audit_levels

WHOLE = 1e-6
"""How far from a whole number a value may be before its user would be misled by rounding it."""
SPIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may use: CPU seconds of one thread, and the relative gap at which it may stop."""

    cpu_seconds: float
    gap_share: float = 0.0

    def wall_seconds(self) -> float:
        """Return the wall clock limit that gives about this much CPU on the machine as busy as it is now."""
        wall, cpu = perf_counter(), process_time()
        while process_time() - cpu < SPIN_SECONDS:
            pass
        return self.cpu_seconds * max(1.0, (perf_counter() - wall) / SPIN_SECONDS)


@dataclass(frozen=True, slots=True)
class PeerPlan:
    """What one peer achieved.

    Attributes:
        cpu_seconds: building, handing over, solving and reading, children included.
        status: the peer's own word.
        score: of the exact audit; None = no plan, or none that keeps the rules.
        bound: what the peer says no plan exceeds; None = it does not say.
        trouble: what is wrong with the plan; empty = nothing.
    """

    cpu_seconds: float
    status: str
    score: float | None
    bound: float | None
    trouble: str = ""

    @property
    def gap_share(self) -> float:
        """Relative gap between the peer's own bound and its audited score; infinite without both."""
        if self.score is None or self.bound is None:
            return math.inf
        return (self.bound - self.score) / max(abs(self.score), 1e-9)

    def words(self) -> str:
        """Return score, gap and status in one line."""
        score = "no plan" if self.score is None else f"{self.score:.4f}"
        gap = "" if math.isinf(self.gap_share) else f", gap {100 * self.gap_share:.3f} %"
        return f"{score}{gap}, says {self.status}{', BUT ' + self.trouble if self.trouble else ''}"


Planner = Callable[[AllocationProblem, NeutralModel, Budget], PeerPlan]


def plan_by_ours(problem: AllocationProblem, _: NeutralModel, budget: Budget) -> PeerPlan:
    """Solve as our users do, from the problem itself; score alone, as the others."""
    limits = SolveLimits(budget.wall_seconds(), budget.gap_share, is_score_only=True)
    ends = process_time() + budget.cpu_seconds
    try:
        seconds, plan = timed(lambda: solve(problem, limits, should_stop=lambda: process_time() >= ends))
    except (NoPlanInTime, SolverFailure) as error:
        return PeerPlan(budget.cpu_seconds, type(error).__name__, None, None, str(error))
    bound = None if plan.bound_points is None else float(plan.bound_points)
    return PeerPlan(seconds, plan.outcome.value, float(plan.score_points), bound)


def plan_by_highspy(problem: AllocationProblem, model: NeutralModel, budget: Budget) -> PeerPlan:
    """Solve with HiGHS's own door, arrays and default settings; one thread."""
    ends = process_time() + budget.cpu_seconds

    def act() -> Any:
        highs = loaded(arrays_of(model))
        highs.setOptionValue("mip_rel_gap", budget.gap_share)
        highs.cbMipInterrupt.subscribe(lambda event: event.interrupt(process_time() >= ends))
        highs.run()
        return highs

    seconds, highs = timed(act)
    info, status = highs.getInfo(), highs.modelStatusToString(highs.getModelStatus())
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = list(highs.getSolution().col_value) if has_plan else None
    bound = None if math.isinf(info.mip_dual_bound) else float(info.mip_dual_bound)
    return _read(problem, model, values, (seconds, str(status), bound))


def plan_by_cbc(problem: AllocationProblem, model: NeutralModel, budget: Budget) -> PeerPlan:
    """Solve with PuLP as it comes: lpSum, its own CBC, its own status."""
    return _plan_by_pulp(problem, model, budget, cbc)


def plan_by_stock_highs(problem: AllocationProblem, model: NeutralModel, budget: Budget) -> PeerPlan:
    """Solve with PuLP's own door to HiGHS."""
    return _plan_by_pulp(problem, model, budget, stock_highs)


def plan_by_scip(problem: AllocationProblem, model: NeutralModel, budget: Budget) -> PeerPlan:
    """Solve with SCIP, where it is installed, through our arrays."""
    settings = EngineSettings(budget.wall_seconds(), budget.gap_share)
    seconds, told = timed(lambda: engine_named("scip").load(model.arrays).solve(settings))
    values = None if told.values is None else told.values.tolist()
    return _read(problem, model, values, (seconds, told.status.value, told.bound))


def _plan_by_pulp(
    problem: AllocationProblem, model: NeutralModel, budget: Budget, engine: Callable[..., Any]
) -> PeerPlan:
    solver = engine(gap_share=budget.gap_share, seconds=budget.wall_seconds())
    seconds, built = timed(lambda: solved(built_by_sums(model), solver))
    status = f"{pulp.LpStatus[built.problem.status]} / {pulp.LpSolution[built.problem.sol_status]}"
    plan = _read(problem, model, built.values(), (seconds, status, None))
    if built.problem.status == pulp.LpStatusOptimal and built.problem.sol_status != pulp.LpSolutionOptimal:
        claims = "it calls the limit Optimal"
        plan = replace(plan, trouble=f"{plan.trouble} and {claims}" if plan.trouble else claims)
    return plan


def _read(
    problem: AllocationProblem,
    model: NeutralModel,
    values: Sequence[float] | None,
    told: tuple[float, str, float | None],
) -> PeerPlan:
    """Read a point as people do, above one half means funded, and let the auditor judge it."""
    seconds, status, bound = told
    if values is None:
        return PeerPlan(seconds, status, None, bound)
    chosen = {ids for place, ids in model.levels.items() if values[place] > 0.5}
    split = sum(1 for place in model.levels if min(abs(values[place]), abs(values[place] - 1.0)) > WHOLE)
    report = audit_levels(problem, dict(chosen))
    troubles = [f"{split} choices are fractions"] if split else []
    if not report.is_kept:
        troubles.append(f"{len(report.broken)} rules broken")
    score = float(report.score_points) if report.is_kept else None
    return PeerPlan(seconds, status, score, bound, " and ".join(troubles))
