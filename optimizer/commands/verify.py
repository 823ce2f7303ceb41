"""verify: the exact audit of a plan, and of the proofs in its explanation, without any solver."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimizer.audit_report import AuditReport, BrokenRule
from optimizer.commands.exit_codes import BROKEN, FOUND
from optimizer.commands.reporting import (
    Told,
    add_plan_argument,
    add_problem_argument,
    plan_from,
    problem_from,
    say,
)
from optimizer.errors import InvalidPlan, Mistake
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.schema_check import UnreadableText, read_json
from optimizer.verify import verify_plan
from optimizer.verify_explanation import verify_explanation
from optimizer.wording import points_words

HELP = "kiểm toán chính xác một phương án, không dùng bộ giải"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem and the plan, and perhaps for the explanation whose proofs are re-added."""
    add_problem_argument(parser)
    add_plan_argument(parser)
    parser.add_argument(
        "--explanation",
        type=Path,
        metavar="TỆP",
        help="tệp giải trình (phanbo-explanation/1) có chứng cứ cần cộng lại",
    )


def run(asked: Namespace) -> Told:
    """Audit the plan; exit code 0 = keeps every rule and proves what it says, 1 = broken."""
    problem, plan = problem_from(asked), plan_from(asked.plan)
    report = verify_plan(problem, plan)
    if report.is_kept:
        say(f"Phương án giữ mọi quy tắc; điểm tính lại: {points_words(report.score_points)}.")
    else:
        say("Phương án vi phạm:", *(f"  {rule.words}" for rule in report.broken))
    certificate = None
    if plan.certificate is not None and not any(rule.rule_id == "certificate" for rule in report.broken):
        certificate = str(plan.certificate.bound)
        say(f"Chứng thư cộng lại: không phương án nào quá {points_words(plan.certificate.bound)}.")
    told: dict[str, Any] = {
        "kept": report.is_kept,
        "score": float(report.score_points),
        "exact_score": str(report.score_points),
        "certified_bound": certificate,
        "broken": broken_data(report.broken),
    }
    is_true = report.is_kept
    if asked.explanation is not None:
        told["explanation"] = explained = _explanation(problem, plan, report, asked.explanation)
        is_true = is_true and not explained["broken"] and not explained["unproven"]
    return FOUND if is_true else BROKEN, told


def _explanation(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport, path: Path
) -> dict[str, Any]:
    """Re-add the proofs of an explanation file and say what was found."""
    found = verify_explanation(problem, plan, report, _explanation_data(path))
    if found.broken:
        say("Giải trình không đúng:", *(f"  {rule.words}" for rule in found.broken))
    say(f"Chứng cứ cộng lại được cho {len(found.proven_ids)} dự án.")
    say(f"Quyết định ngược lại được chứng minh là không thể cho {len(found.impossible_ids)} dự án.")
    if found.unproven_ids:
        say(f"Ghi có chứng cứ nhưng không cộng lại được: {', '.join(found.unproven_ids)}.")
    return {
        "proven": list(found.proven_ids),
        "impossible": list(found.impossible_ids),
        "unproven": list(found.unproven_ids),
        "plan_bound": None if found.plan_bound is None else str(found.plan_bound),
        "broken": broken_data(found.broken),
    }


def _explanation_data(path: Path) -> object:
    """Read an explanation file, or what ``explain --json`` printed.

    Raises:
        InvalidPlan: the file is no JSON.
        OSError, UnicodeDecodeError: the file cannot be read.
    """
    try:
        data = read_json(path.read_text(encoding="utf-8"))
    except UnreadableText as error:
        raise InvalidPlan((Mistake("$", str(error)),)) from error
    return data["explanation"] if isinstance(data, dict) and "explanation" in data else data


def broken_data(broken: Sequence[BrokenRule]) -> list[dict[str, Any]]:
    """Return broken rules as JSON data."""
    return [
        {
            "rule": rule.rule_id,
            "words": rule.words,
            "amount": None if rule.amount is None else str(rule.amount),
        }
        for rule in broken
    ]
