"""Goal 6: the size of a province, equal CPU, one thread: who finds the better plan, and who proves how good.

Before it, at 60 candidates, what each peer needs to a small gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from statistics import fmean

from optimizer.bench.findings import Finding
from optimizer.bench.occasion import PROVINCE, Occasion
from optimizer.bench.peer_plans import (
    Budget,
    PeerPlan,
    Planner,
    plan_by_cbc,
    plan_by_highspy,
    plan_by_ours,
    plan_by_scip,
    plan_by_stock_highs,
)

TITLE = "One plan at equal CPU (score alone, one thread)"
SMALL = 60
SEEDS, CPU_SECONDS, QUICK_CPU_SECONDS = 5, 20.0, 4.0
SMALL_GAP, SMALL_CPU_SECONDS = 1e-3, 30.0
OURS, BARE, BY_CBC = "ours", "highspy direct", "PuLP + CBC"
BY_HIGHS, BY_SCIP = "PuLP + stock pulp.HiGHS", "SCIP"

Plans = list[Mapping[str, PeerPlan]]


def measure_equal_time(occasion: Occasion) -> Finding:
    """Measure goal 6."""
    finding = Finding(6, TITLE)
    if find_spec("pyscipopt") is None:
        finding.remark("SCIP is not installed: left out.")
    if SMALL in occasion.sizes:
        _small(finding, occasion)
    if PROVINCE in occasion.sizes:
        _province(finding, occasion)
    return finding


def _peers(*more: tuple[str, Planner]) -> dict[str, Planner]:
    peers: dict[str, Planner] = {OURS: plan_by_ours, BARE: plan_by_highspy, BY_CBC: plan_by_cbc}
    if find_spec("pyscipopt") is not None:
        peers[BY_SCIP] = plan_by_scip
    return {**peers, **dict(more)}


def _small(finding: Finding, occasion: Occasion) -> None:
    budget = Budget(SMALL_CPU_SECONDS, SMALL_GAP)
    for who, planner in _peers((BY_HIGHS, plan_by_stock_highs)).items():
        occasion.told(f"goal 6, P={SMALL}, {who}")
        found = planner(occasion.problem(SMALL), occasion.model(SMALL), budget)
        finding.measured(f"{who}, to a gap of 0.1 %", SMALL, found.cpu_seconds, found.words())


def _province(finding: Finding, occasion: Occasion) -> None:
    seeds = range(occasion.seeds[0], occasion.seeds[0] + (1 if occasion.is_quick else SEEDS))
    budget = Budget(QUICK_CPU_SECONDS if occasion.is_quick else CPU_SECONDS)
    found: Plans = []
    for number, seed in enumerate(seeds):
        peers = _peers() if number == 0 else {OURS: plan_by_ours, BARE: plan_by_highspy, BY_CBC: plan_by_cbc}
        plans = {}
        for who, planner in peers.items():
            occasion.told(f"goal 6, P={PROVINCE}, seed {seed}, {who}")
            plans[who] = planner(occasion.problem(PROVINCE, seed), occasion.model(PROVINCE, seed), budget)
            finding.measured(f"{who}, seed {seed}", PROVINCE, plans[who].cpu_seconds, plans[who].words())
        found.append(plans)
    for who in (BARE, BY_CBC):
        _tell_troubles(finding, who, [plans[who] for plans in found])
    if occasion.is_quick:
        finding.remark(f"A quick run gives {budget.cpu_seconds:.0f} CPU-s and one seed: nothing is judged.")
    else:
        _judge(finding, found)


def _tell_troubles(finding: Finding, who: str, plans: Sequence[PeerPlan]) -> None:
    troubled = [plan for plan in plans if plan.trouble or plan.score is None]
    if troubled:
        words = "; ".join(sorted({plan.words() for plan in troubled}))
        finding.remark(f"{who} is not honest or failed in {len(troubled)} of {len(plans)} cases: {words}")


def _judge(finding: Finding, found: Plans) -> None:
    worst = max(plans[OURS].gap_share for plans in found)
    finding.at_most("proven gap of ours on 5 seeds, the largest", 100 * worst, 0.2, " %")
    against = _ratios(found, BARE)
    if against:
        lowest = 100 * (min(against) - 1)
        finding.at_least("our score against highspy direct's, the worst of the seeds", lowest, 0.0, " %")
    against = _ratios(found, BY_CBC)
    if against:
        mean = 100 * (fmean(against) - 1)
        words = f"our score above PuLP + CBC's, mean of the {len(against)} seeds in which CBC has a plan"
        finding.at_least(words, mean, 0.4, " %")
    else:
        finding.remark("PuLP + CBC has no plan that keeps the rules in any seed: nothing to compare with.")


def _ratios(found: Plans, who: str) -> list[float]:
    """Return our score over a peer's, where both have one."""
    pairs = [(plans[OURS].score, plans[who].score) for plans in found]
    return [ours / theirs for ours, theirs in pairs if ours is not None and theirs]
