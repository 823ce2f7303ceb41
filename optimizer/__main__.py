"""The door for files: ``python -m optimizer VERB ...`` without a database, Flask or the rest of the program.

Exit codes: 0 a plan was found and audited, or the plan keeps every rule; 1 (verify) the plan breaks a rule;
2 the file or command is wrong, every mistake listed; 3 no feasible plan, confirmed; 4 stopped without a
plan, or the solver failed. With --json one JSON object goes to standard output and nothing else; messages
go to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from optimizer.errors import InvalidPlan, InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.exchange import read_plan, read_problem, write_plan, write_problem
from optimizer.generator import generate_problem
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.verify import verify_plan
from optimizer.wording import points_words

FOUND, BROKEN, INVALID, INFEASIBLE, FAILED = 0, 1, 2, 3, 4


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    asked = _parser().parse_args(arguments)
    verbs = {"solve": _solve, "verify": _verify, "explain": _explain, "generate": _generate}
    try:
        code, told = verbs[asked.verb](asked)
    except (InvalidProblem, InvalidPlan) as error:
        code, told = (
            INVALID,
            {"mistakes": [{"path": item.path, "words": item.words} for item in error.mistakes]},
        )
        _say(
            f"Tệp có {len(error.mistakes)} lỗi:", *(f"  {item.path}: {item.words}" for item in error.mistakes)
        )
    except NoFeasiblePlan as error:
        code, told = INFEASIBLE, {"conflicts": _conflicts(error)}
        _say("Không có phương án nào giữ được mọi quy tắc cứng (đã xác nhận):")
        _say(*(f"  {item.words} {item.repair_words or ''}".rstrip() for item in error.conflicts))
    except (NoPlanInTime, SolverFailure) as error:
        code, told = FAILED, {"failure": str(error)}
        _say(str(error))
    except (OSError, UnicodeDecodeError) as error:
        code, told = INVALID, {"mistakes": [{"path": "$", "words": f"Không mở được tệp: {error}"}]}
        _say(f"Không mở được tệp: {error}")
    if asked.json:
        sys.stdout.write(json.dumps({"exit_code": code, **told}, ensure_ascii=False) + "\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m optimizer", description="Phân bổ kinh phí theo kết quả.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    solving = verbs.add_parser("solve", help="tìm một phương án")
    solving.add_argument("problem", type=Path)
    solving.add_argument("--out", type=Path, required=True)
    solving.add_argument("--gap", type=float, default=0.0)
    solving.add_argument("--time-limit", type=float, default=60.0)
    solving.add_argument("--threads", type=int, default=1)
    solving.add_argument("--engine", choices=["highs", "cbc"], default="highs")
    solving.add_argument("--seed", type=int, default=0)
    solving.add_argument("--stages", choices=["score", "all"], default="all")
    checking = verbs.add_parser("verify", help="kiểm toán chính xác một phương án, không dùng bộ giải")
    checking.add_argument("problem", type=Path)
    checking.add_argument("plan", type=Path)
    explaining = verbs.add_parser("explain", help="vì sao được cấp, vì sao chưa")
    explaining.add_argument("problem", type=Path)
    explaining.add_argument("plan", type=Path)
    explaining.add_argument("--candidate", action="append", metavar="ID")
    explaining.add_argument("--all", action="store_true", help="mọi dự án (mặc định)")
    explaining.add_argument("--time-limit", type=float, default=20.0)
    making = verbs.add_parser("generate", help="tạo một bài toán thử")
    making.add_argument("--projects", type=int, required=True)
    making.add_argument("--seed", type=int, required=True)
    making.add_argument("--years", type=int, default=1)
    making.add_argument("--tight", type=float, default=0.55)
    making.add_argument("--out", type=Path)
    for verb in (solving, checking, explaining, making):
        verb.add_argument("--json", action="store_true")
    return parser


def _say(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(line + "\n")


def _read(asked: argparse.Namespace) -> tuple[AllocationProblem, AllocationPlan]:
    problem = read_problem(asked.problem.read_text(encoding="utf-8"))
    return problem, read_plan(asked.plan.read_text(encoding="utf-8"))


def _solve(asked: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    # Loaded here so that the other verbs run without any solver.
    from optimizer.solving.limits import SolveLimits
    from optimizer.solving.solve import solve

    problem = read_problem(asked.problem.read_text(encoding="utf-8"))
    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
        engine_name=asked.engine,
        is_score_only=asked.stages == "score",
    )
    plan = solve(problem, limits)
    asked.out.write_text(write_plan(plan), encoding="utf-8")
    bound = "" if plan.bound_points is None else f", cận trên {points_words(plan.bound_points)}"
    _say(f"Phương án {points_words(plan.score_points)}{bound}: {plan.outcome.label_vi}.")
    return FOUND, {"plan": json.loads(write_plan(plan))}


def _verify(asked: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    problem, plan = _read(asked)
    report = verify_plan(problem, plan)
    if report.is_kept:
        _say(f"Phương án giữ mọi quy tắc; điểm tính lại: {points_words(report.score_points)}.")
    else:
        _say("Phương án vi phạm:", *(f"  {rule.words}" for rule in report.broken))
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


def _explain(asked: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answer_exchange import explanation_to_json
    from optimizer.answers.explanation import explain

    problem, plan = _read(asked)
    wanted = None if asked.all else asked.candidate
    unknown = sorted(set(wanted or ()) - {candidate.id for candidate in problem.candidates})
    if unknown:
        _say(f"Không có dự án “{unknown[0]}”.")
        return INVALID, {"mistakes": [{"path": "--candidate", "words": f"Không có dự án “{unknown[0]}”."}]}
    explanation = explain(problem, plan, candidate_ids=wanted, time_limit_seconds=asked.time_limit)
    for answer in explanation.answers:
        _say(f"{answer.candidate_id}:", *(f"  {sentence}" for sentence in answer.sentences))
    return FOUND, {"explanation": explanation_to_json(explanation)}


def _generate(asked: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    if asked.projects < 4 or asked.years < 1:
        _say("Cần ít nhất 4 dự án và 1 năm.")
        return INVALID, {"mistakes": [{"path": "--projects", "words": "Cần ít nhất 4 dự án và 1 năm."}]}
    # Not for secrets: a stated seed makes the same benchmark again.
    draw = Random(asked.seed)  # noqa: S311
    text = write_problem(generate_problem(draw, asked.projects, asked.years, asked.tight))
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
        return FOUND, {"problem": str(asked.out)}
    if not asked.json:
        sys.stdout.write(text)
    return FOUND, {"problem": json.loads(text)}


def _conflicts(error: NoFeasiblePlan) -> list[dict[str, Any]]:
    return [
        {"rules": list(item.rule_ids), "words": item.words, "repair": item.repair_words}
        for item in error.conflicts
    ]


if __name__ == "__main__":
    sys.exit(main())
