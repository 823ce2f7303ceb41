"""verify: the exact audit of a plan, without any solver."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from optimizer.commands.reporting import (
    BROKEN,
    FOUND,
    Told,
    add_plan_argument,
    add_problem_argument,
    plan_from,
    problem_from,
    say,
)
from optimizer.verify import verify_plan
from optimizer.wording import points_words

HELP = "kiểm toán chính xác một phương án, không dùng bộ giải"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem and the plan."""
    add_problem_argument(parser)
    add_plan_argument(parser)


def run(asked: Namespace) -> Told:
    """Audit the plan; exit code 0 = keeps every rule, 1 = broken."""
    report = verify_plan(problem_from(asked), plan_from(asked.plan))
    if report.is_kept:
        say(f"Phương án giữ mọi quy tắc; điểm tính lại: {points_words(report.score_points)}.")
    else:
        say("Phương án vi phạm:", *(f"  {rule.words}" for rule in report.broken))
    broken = [
        {
            "rule": rule.rule_id,
            "words": rule.words,
            "amount": None if rule.amount is None else str(rule.amount),
        }
        for rule in report.broken
    ]
    told = {"kept": report.is_kept, "score": float(report.score_points), "broken": broken}
    return FOUND if report.is_kept else BROKEN, told
