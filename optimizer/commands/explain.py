"""explain: why each candidate is in or out of a plan."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from optimizer.commands.reporting import (
    FOUND,
    Told,
    add_plan_argument,
    add_problem_argument,
    plan_from,
    problem_from,
    refused,
    say,
)
from optimizer.errors import Mistake

HELP = "vì sao được cấp, vì sao chưa"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for problem and plan, and which candidates to explain."""
    add_problem_argument(parser)
    add_plan_argument(parser)
    parser.add_argument("--candidate", action="append", metavar="ID")
    parser.add_argument("--all", action="store_true", help="mọi dự án (mặc định)")
    parser.add_argument("--time-limit", type=float, default=20.0)


def run(asked: Namespace) -> Told:
    """Explain the plan."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answer_exchange import explanation_to_json
    from optimizer.answers.explanation import explain

    problem, plan = problem_from(asked), plan_from(asked.plan)
    wanted = None if asked.all else asked.candidate
    unknown = sorted(set(wanted or ()) - {candidate.id for candidate in problem.candidates})
    if unknown:
        return refused([Mistake("--candidate", f"Không có dự án “{name}”.") for name in unknown])
    explanation = explain(problem, plan, candidate_ids=wanted, time_limit_seconds=asked.time_limit)
    for answer in explanation.answers:
        say(f"{answer.candidate_id}:", *(f"  {sentence}" for sentence in answer.sentences))
    return FOUND, {"explanation": explanation_to_json(explanation)}
