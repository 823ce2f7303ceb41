"""Which projects, at which level, give most reform results inside the money and the rules.

A package that stands alone: no database, no web, no spreadsheets. The door is this module; PuLP and HiGHS
are loaded only when something is solved, so that auditing a plan needs neither.

    problem = read_problem(text)            or build AllocationProblem in Python
    plan = solve(problem, SolveLimits(time_limit_seconds=60))
    report = verify_plan(problem, plan)     exact, without any solver
    answers = explain(problem, plan)        why in, why out, with proofs where there are proofs
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
    from optimizer.answers.explanation import explain
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
    from optimizer.solving.solve import solve

_LATE = {
    "SolveLimits": "optimizer.solving.limits",
    "SolveProgress": "optimizer.solving.limits",
    "explain": "optimizer.answers.explanation",
    "explanation_from_json": "optimizer.answer_exchange",
    "explanation_to_json": "optimizer.answer_exchange",
    "plan_from_json": "optimizer.exchange",
    "plan_to_json": "optimizer.exchange",
    "problem_from_json": "optimizer.exchange",
    "read_plan": "optimizer.exchange",
    "read_problem": "optimizer.exchange",
    "solve": "optimizer.solving.solve",
    "write_plan": "optimizer.exchange",
    "write_problem": "optimizer.exchange",
}
"""Names that load a solver or a schema checker, with the module they come from."""

__all__ = [
    "AllocationPlan",
    "AllocationProblem",
    "AuditNote",
    "AuditReport",
    "BrokenRule",
    "Candidate",
    "CandidateAnswer",
    "CandidateState",
    "Certificate",
    "ChangeKind",
    "Conflict",
    "ConflictProof",
    "Displacement",
    "EngineNote",
    "Explanation",
    "ExtraMoney",
    "FundingLevel",
    "FundingSource",
    "GroupLink",
    "GroupRule",
    "InvalidPlan",
    "InvalidProblem",
    "Limit",
    "LimitScope",
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
    "RuleChange",
    "RulePrice",
    "SolveLimits",
    "SolveProgress",
    "SolverFailure",
    "StageName",
    "StageRecord",
    "Verdict",
    "apply_repair",
    "audit_levels",
    "audit_pro_rata",
    "check_problem",
    "explain",
    "explanation_from_json",
    "explanation_to_json",
    "find_contradictions",
    "fingerprint_of",
    "is_shown_conflict",
    "is_working_repair",
    "plan_from_json",
    "plan_to_json",
    "pro_rata_shares",
    "problem_from_json",
    "problem_to_json",
    "read_plan",
    "read_problem",
    "solve",
    "value_for_money_levels",
    "verify_plan",
    "write_plan",
    "write_problem",
]


def __getattr__(name: str) -> Any:
    """Load what needs a solver when it is first asked for."""
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'optimizer' has no attribute {name!r}")
