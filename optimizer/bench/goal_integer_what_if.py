"""Goal 3: one ceiling −5 % at 5,000 candidates, a plan in whole levels with a proven gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import process_time

from optimizer.bench.findings import Finding
from optimizer.bench.measuring import middle, timed
from optimizer.bench.occasion import LARGE, Occasion
from optimizer.bench.peer_plans import Budget, PeerPlan, plan_by_cbc, plan_by_highspy
from optimizer.bench.questions import Question, ceiling_questions
from optimizer.edits import apply_edits
from optimizer.errors import NoPlanInTime, SolverFailure
from optimizer.solving.limits import SolveLimits
from optimizer.solving.live import LiveAllocation

TITLE = "What if: one ceiling −5 %, a plan in whole levels with a proven gap"
OUR_GAP, PEER_GAP = 5e-4, 1e-3
CPU_LIMIT = 60.0
QUESTIONS, PEER_QUESTIONS = 3, 1
OURS, BARE, BY_CBC = "ours: loaded before", "highspy cold", "PuLP lpSum rebuilt + CBC"


def measure_integer_what_if(occasion: Occasion) -> Finding:
    """Measure goal 3 at the large size."""
    finding = Finding(3, TITLE)
    if LARGE not in occasion.sizes:
        finding.remark("P=5,000 is not part of this run.")
        return finding
    problem, model = occasion.problem(LARGE), occasion.model(LARGE)
    questions = ceiling_questions(problem, model, 95)[:QUESTIONS]
    occasion.told("goal 3, ours")
    ours = _ours(occasion, questions)
    for number, plan in enumerate(ours):
        finding.measured(f"{OURS}, question {number + 1}, to 0.05 %", LARGE, plan.cpu_seconds, plan.words())
    budget, peers = Budget(CPU_LIMIT, PEER_GAP), {BARE: plan_by_highspy, BY_CBC: plan_by_cbc}
    found: dict[str, list[PeerPlan]] = {who: [] for who in peers}
    for question in questions[:PEER_QUESTIONS]:
        asked, edited = model.with_sides(question.sides), apply_edits(problem, question.edits)
        for who, planner in peers.items():
            occasion.told(f"goal 3, {who}")
            found[who].append(planner(edited, asked, budget))
            told = found[who][-1]
            finding.measured(f"{who}, to 0.1 %", LARGE, told.cpu_seconds, told.words())
    _judge(finding, ours, found)
    return finding


def _ours(occasion: Occasion, questions: list[Question]) -> list[PeerPlan]:
    """Ask a live allocation, which has planned the unedited problem before; that is not measured."""
    limits = SolveLimits(Budget(CPU_LIMIT).wall_seconds(), OUR_GAP, is_score_only=True)
    live = LiveAllocation(occasion.problem(LARGE), limits)
    live.relax()
    near = live.plan().level_ids
    plans = []
    for question in questions:
        ends = process_time() + CPU_LIMIT
        live.reset()
        plans.append(_one(live, question, near, ends))
    return plans


def _one(live: LiveAllocation, question: Question, near: Mapping[str, str], ends: float) -> PeerPlan:
    def act() -> PeerPlan:
        live.edit(*question.edits)
        plan = live.plan(near=near, should_stop=lambda: process_time() >= ends)
        bound = None if plan.bound_points is None else float(plan.bound_points)
        return PeerPlan(0.0, plan.outcome.value, float(plan.score_points), bound)

    try:
        seconds, plan = timed(act)
    except (NoPlanInTime, SolverFailure) as error:
        return PeerPlan(CPU_LIMIT, type(error).__name__, None, None, str(error))
    return replace(plan, cpu_seconds=seconds)


def _judge(finding: Finding, ours: list[PeerPlan], found: Mapping[str, list[PeerPlan]]) -> None:
    finding.at_most("proven gap of ours, the largest", 100 * max(p.gap_share for p in ours), 0.05, " %")
    seconds = middle([plan.cpu_seconds for plan in ours])
    for who, goal in ((BY_CBC, 5), (BARE, 4)):
        theirs = middle([plan.cpu_seconds for plan in found[who]])
        finding.at_least(f"less CPU than {who} to 0.1 %", theirs / seconds, goal)
        for plan in found[who]:
            if plan.trouble or plan.score is None or theirs >= 0.95 * CPU_LIMIT:
                finding.remark(f"{who} was stopped or failed at {theirs:.0f} CPU-s: {plan.words()}")
