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

from optimizer.answer import (
    CandidateAnswer,
    Displacement,
    Explanation,
    ExtraMoney,
    ProofKind,
    RulePrice,
    Verdict,
)
from optimizer.baselines import ProRataShare, audit_pro_rata, pro_rata_shares, value_for_money_levels
from optimizer.canonical import fingerprint_of, problem_to_json
from optimizer.conflict_audit import is_shown_conflict, is_working_repair
from optimizer.contradictions import find_contradictions
from optimizer.edits import CeilingEdit, EditStep, LimitEdit, StateEdit, WeightEdit, apply_edits
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
from optimizer.verify import AuditReport, BrokenRule, audit_levels, verify_plan

if TYPE_CHECKING:
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
    from optimizer.draws import DrawRanges
    from optimizer.edits_exchange import read_edits, write_edits
    from optimizer.exchange import (
        plan_from_json,
        plan_to_json,
        problem_from_json,
        read_plan,
        read_problem,
        write_plan,
        write_problem,
    )
    from optimizer.solving.limits import SolveLimits, SolveProgress
    from optimizer.solving.live import LiveAllocation
    from optimizer.solving.solve import solve

_LATE = {
    "AskedBeyond": "optimizer.answers.explanation",
    "DeepQuestion": "optimizer.answers.price_to_fund",
    "CauseDetail": "optimizer.answers.comparison_facts",
    "Comparison": "optimizer.answers.comparison_facts",
    "ComparisonSettings": "optimizer.answers.comparison_facts",
    "DrawRanges": "optimizer.draws",
    "DrawWay": "optimizer.answers.robustness_facts",
    "FrontierRange": "optimizer.answers.sweep_answer",
    "LiveAllocation": "optimizer.solving.live",
    "Robustness": "optimizer.answers.robustness_facts",
    "RobustnessAnswer": "optimizer.answers.robustness_facts",
    "RobustnessSettings": "optimizer.answers.robustness_facts",
    "Rung": "optimizer.answers.ladder_answer",
    "SolveLimits": "optimizer.solving.limits",
    "SolveProgress": "optimizer.solving.limits",
    "compare": "optimizer.answers.comparison",
    "comparison_to_json": "optimizer.answers.comparison_exchange",
    "explain": "optimizer.answers.explanation",
    "explanation_from_json": "optimizer.answer_exchange",
    "explanation_to_json": "optimizer.answer_exchange",
    "money_frontier": "optimizer.answers.sweep",
    "nested_ladder": "optimizer.answers.ladder",
    "plan_from_json": "optimizer.exchange",
    "plan_to_json": "optimizer.exchange",
    "problem_from_json": "optimizer.exchange",
    "read_edits": "optimizer.edits_exchange",
    "read_plan": "optimizer.exchange",
    "read_problem": "optimizer.exchange",
    "robustness": "optimizer.answers.robustness",
    "robustness_to_json": "optimizer.answers.robustness_exchange",
    "rule_prices": "optimizer.answers.rule_switch",
    "scaled_rungs": "optimizer.answers.ladder",
    "solve": "optimizer.solving.solve",
    "stream_what_if": "optimizer.answers.whatif",
    "what_if": "optimizer.answers.whatif",
    "write_edits": "optimizer.edits_exchange",
    "write_plan": "optimizer.exchange",
    "write_problem": "optimizer.exchange",
}
"""Names that load a solver or a schema checker, with the module they come from."""

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
    """Load what needs a solver when it is first asked for."""
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'optimizer' has no attribute {name!r}")
