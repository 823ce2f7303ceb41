"""Goal 4: the first plan of 20,000 candidates, beside PuLP + CBC on the relaxation alone."""

from __future__ import annotations

from optimizer.bench.findings import Finding
from optimizer.bench.measuring import timed
from optimizer.bench.occasion import LARGEST, Occasion
from optimizer.bench.peer_plans import Budget, plan_by_ours
from optimizer.bench.stock_pulp import PulpModel, built_by_sums, cbc, solved

TITLE = "The first plan of 20,000 candidates"
GAP, CPU_LIMIT = 5e-4, 60.0
CBC_SECONDS = 400.0


def measure_cold_plan(occasion: Occasion) -> Finding:
    """Measure goal 4 at the largest size; each peer once, both take a while."""
    finding = Finding(4, TITLE)
    if LARGEST not in occasion.sizes:
        finding.remark("P=20,000 is not part of this run.")
        return finding
    problem, model = occasion.problem(LARGEST), occasion.model(LARGEST)
    occasion.told("goal 4, ours")
    ours = plan_by_ours(problem, model, Budget(CPU_LIMIT, GAP))
    finding.measured("ours: from problem to audited plan, to 0.05 %", LARGEST, ours.cpu_seconds, ours.words())
    occasion.told("goal 4, PuLP + CBC, relaxation alone")

    def by_cbc() -> PulpModel:
        return solved(built_by_sums(model), cbc(is_relaxed=True, seconds=CBC_SECONDS))

    seconds, relaxed = timed(by_cbc)
    value = relaxed.objective()
    is_solved = relaxed.problem.status == 1
    told = f"{value:.5f}" if is_solved else "not solved in time"
    finding.measured("PuLP lpSum + CBC: relaxation alone", LARGEST, seconds, told)
    finding.at_most("proven gap of ours", 100 * ours.gap_share, 0.05, " %")
    finding.at_least("less CPU than PuLP + CBC's relaxation", seconds / ours.cpu_seconds, 5)
    if is_solved and ours.bound is not None and value < (ours.score or 0.0):
        finding.remark(f"CBC's relaxation, {value:.5f}, is below our audited plan: it is wrong.")
    return finding
