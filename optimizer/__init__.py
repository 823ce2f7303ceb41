"""Which projects, at which level, give most reform results inside the money and the rules.

A package that stands alone: no database, no web, no spreadsheets. The door is this module; PuLP and HiGHS
are loaded only when something is solved, so that auditing a plan needs neither.

    problem = read_problem(text)            or build AllocationProblem in Python
    plan = solve(problem, SolveLimits(time_limit_seconds=60))
    report = verify_plan(problem, plan)     exact, without any solver
    answers = explain(problem, plan)        why in, why out, with proofs where there are proofs
    steps = what_if(problem, plan, [EditStep("", (CeilingEdit("tinh", 2012, 9_000_000_000),))])
    frontier = money_frontier(problem)      less and more money; rule_prices, nested_ladder likewise
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.answer import (
        CandidateAnswer,
        Displacement,
        Explanation,
        ExtraMoney,
        ProofKind,
        RulePrice,
        Verdict,
    )
    from optimizer.answer_exchange import explanation_from_json, explanation_to_json
    from optimizer.answers.comparison import compare
    from optimizer.answers.comparison_exchange import comparison_to_json
    from optimizer.answers.comparison_facts import CauseDetail, Comparison, ComparisonSettings
    from optimizer.answers.explanation import AskedBeyond, explain
    from optimizer.answers.ladder import nested_ladder, scaled_rungs
    from optimizer.answers.ladder_answer import Rung
    from optimizer.answers.price_to_fund import DeepQuestion
    from optimizer.answers.robustness import robustness
    from optimizer.answers.robustness_exchange import robustness_to_json
    from optimizer.answers.robustness_facts import DrawWay, Robustness, RobustnessAnswer, RobustnessSettings
    from optimizer.answers.rule_switch import rule_prices
    from optimizer.answers.sweep import money_frontier
    from optimizer.answers.sweep_answer import FrontierRange
    from optimizer.answers.whatif import stream_what_if, what_if
    from optimizer.baselines import ProRataShare, audit_pro_rata, pro_rata_shares, value_for_money_levels
    from optimizer.canonical import fingerprint_of, problem_to_json
    from optimizer.conflict_audit import is_shown_conflict, is_working_repair
    from optimizer.contradictions import find_contradictions
    from optimizer.draws import DrawRanges
    from optimizer.edits import CeilingEdit, EditStep, LimitEdit, StateEdit, WeightEdit, apply_edits
    from optimizer.edits_exchange import read_edits, write_edits
    from optimizer.errors import (
        Conflict,
        ConflictProof,
        InvalidPlan,
        InvalidProblem,
        Mistake,
        NoFeasiblePlan,
        NoPlanInTime,
        OptimizerError,
        SolverFailure,
    )
    from optimizer.exchange import (
        plan_from_json,
        plan_to_json,
        problem_from_json,
        read_plan,
        read_problem,
        write_plan,
        write_problem,
    )
    from optimizer.plan import AllocationPlan, AuditNote, Certificate, EngineNote, Outcome, StageRecord
    from optimizer.precheck import check_problem
    from optimizer.problem import (
        AllocationProblem,
        Candidate,
        CandidateState,
        FundingLevel,
        FundingSource,
        GroupLink,
        GroupRule,
        Limit,
        LimitScope,
        Nature,
        Output,
        OutputKind,
        Requires,
        StageName,
    )
    from optimizer.repair import ChangeKind, Repair, RuleChange, apply_repair
    from optimizer.solving.limits import SolveLimits, SolveProgress
    from optimizer.solving.live import LiveAllocation
    from optimizer.solving.solve import solve
    from optimizer.verify import AuditReport, BrokenRule, audit_levels, verify_plan

_ROOMS = {
    "optimizer.answer": (
        "CandidateAnswer",
        "Displacement",
        "Explanation",
        "ExtraMoney",
        "ProofKind",
        "RulePrice",
        "Verdict",
    ),
    "optimizer.answer_exchange": ("explanation_from_json", "explanation_to_json"),
    "optimizer.answers.comparison": ("compare",),
    "optimizer.answers.comparison_exchange": ("comparison_to_json",),
    "optimizer.answers.comparison_facts": ("CauseDetail", "Comparison", "ComparisonSettings"),
    "optimizer.answers.explanation": ("AskedBeyond", "explain"),
    "optimizer.answers.ladder": ("nested_ladder", "scaled_rungs"),
    "optimizer.answers.ladder_answer": ("Rung",),
    "optimizer.answers.price_to_fund": ("DeepQuestion",),
    "optimizer.answers.robustness": ("robustness",),
    "optimizer.answers.robustness_exchange": ("robustness_to_json",),
    "optimizer.answers.robustness_facts": ("DrawWay", "Robustness", "RobustnessAnswer", "RobustnessSettings"),
    "optimizer.answers.rule_switch": ("rule_prices",),
    "optimizer.answers.sweep": ("money_frontier",),
    "optimizer.answers.sweep_answer": ("FrontierRange",),
    "optimizer.answers.whatif": ("stream_what_if", "what_if"),
    "optimizer.baselines": ("ProRataShare", "audit_pro_rata", "pro_rata_shares", "value_for_money_levels"),
    "optimizer.canonical": ("fingerprint_of", "problem_to_json"),
    "optimizer.conflict_audit": ("is_shown_conflict", "is_working_repair"),
    "optimizer.contradictions": ("find_contradictions",),
    "optimizer.draws": ("DrawRanges",),
    "optimizer.edits": ("CeilingEdit", "EditStep", "LimitEdit", "StateEdit", "WeightEdit", "apply_edits"),
    "optimizer.edits_exchange": ("read_edits", "write_edits"),
    "optimizer.errors": (
        "Conflict",
        "ConflictProof",
        "InvalidPlan",
        "InvalidProblem",
        "Mistake",
        "NoFeasiblePlan",
        "NoPlanInTime",
        "OptimizerError",
        "SolverFailure",
    ),
    "optimizer.exchange": (
        "plan_from_json",
        "plan_to_json",
        "problem_from_json",
        "read_plan",
        "read_problem",
        "write_plan",
        "write_problem",
    ),
    "optimizer.plan": ("AllocationPlan", "AuditNote", "Certificate", "EngineNote", "Outcome", "StageRecord"),
    "optimizer.precheck": ("check_problem",),
    "optimizer.problem": (
        "AllocationProblem",
        "Candidate",
        "CandidateState",
        "FundingLevel",
        "FundingSource",
        "GroupLink",
        "GroupRule",
        "Limit",
        "LimitScope",
        "Nature",
        "Output",
        "OutputKind",
        "Requires",
        "StageName",
    ),
    "optimizer.repair": ("ChangeKind", "Repair", "RuleChange", "apply_repair"),
    "optimizer.solving.limits": ("SolveLimits", "SolveProgress"),
    "optimizer.solving.live": ("LiveAllocation",),
    "optimizer.solving.solve": ("solve",),
    "optimizer.verify": ("AuditReport", "BrokenRule", "audit_levels", "verify_plan"),
}
"""The names of the door by the module each comes from; loaded when first asked for.

So the command line listens to the interrupt key before anything that takes time is loaded.
"""
_LATE = {name: module for module, names in _ROOMS.items() for name in names}

__all__ = [
    "AllocationPlan",
    "AllocationProblem",
    "AskedBeyond",
    "AuditNote",
    "AuditReport",
    "BrokenRule",
    "Candidate",
    "CandidateAnswer",
    "CandidateState",
    "CauseDetail",
    "CeilingEdit",
    "Certificate",
    "ChangeKind",
    "Comparison",
    "ComparisonSettings",
    "Conflict",
    "ConflictProof",
    "DeepQuestion",
    "Displacement",
    "DrawRanges",
    "DrawWay",
    "EditStep",
    "EngineNote",
    "Explanation",
    "ExtraMoney",
    "FrontierRange",
    "FundingLevel",
    "FundingSource",
    "GroupLink",
    "GroupRule",
    "InvalidPlan",
    "InvalidProblem",
    "Limit",
    "LimitEdit",
    "LimitScope",
    "LiveAllocation",
    "Mistake",
    "Nature",
    "NoFeasiblePlan",
    "NoPlanInTime",
    "OptimizerError",
    "Outcome",
    "Output",
    "OutputKind",
    "ProRataShare",
    "ProofKind",
    "Repair",
    "Requires",
    "Robustness",
    "RobustnessAnswer",
    "RobustnessSettings",
    "RuleChange",
    "RulePrice",
    "Rung",
    "SolveLimits",
    "SolveProgress",
    "SolverFailure",
    "StageName",
    "StageRecord",
    "StateEdit",
    "Verdict",
    "WeightEdit",
    "apply_edits",
    "apply_repair",
    "audit_levels",
    "audit_pro_rata",
    "check_problem",
    "compare",
    "comparison_to_json",
    "explain",
    "explanation_from_json",
    "explanation_to_json",
    "find_contradictions",
    "fingerprint_of",
    "is_shown_conflict",
    "is_working_repair",
    "money_frontier",
    "nested_ladder",
    "plan_from_json",
    "plan_to_json",
    "pro_rata_shares",
    "problem_from_json",
    "problem_to_json",
    "read_edits",
    "read_plan",
    "read_problem",
    "robustness",
    "robustness_to_json",
    "rule_prices",
    "scaled_rungs",
    "solve",
    "stream_what_if",
    "value_for_money_levels",
    "verify_plan",
    "what_if",
    "write_edits",
    "write_plan",
    "write_problem",
]


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for."""
    if name not in _LATE:
        raise AttributeError(f"module 'optimizer' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_LATE[name]), name)
    return found
