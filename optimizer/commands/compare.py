"""compare: two plans side by side, and why their scores differ."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from optimizer.commands.options import engine_seed, seconds, thread_count
from optimizer.commands.reporting import FOUND, Told, plan_from, say, write_json
from optimizer.exchange import read_problem

HELP = "so sánh hai phương án, tách từng nguyên nhân của chênh lệch điểm"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for two problems with a plan each, and how to find the causes."""
    parser.add_argument("problem_a", type=Path, help="bài toán trước (phanbo-problem/1)")
    parser.add_argument("plan_a", type=Path, help="phương án trước (phanbo-plan/1)")
    parser.add_argument("problem_b", type=Path, help="bài toán sau")
    parser.add_argument("plan_b", type=Path, help="phương án sau")
    parser.add_argument(
        "--by", choices=["change", "group"], default="change", help="tách từng thay đổi hay nhóm"
    )
    parser.add_argument("--shapley", action="store_true", help="thêm bình quân trên mọi thứ tự")
    parser.add_argument("--out", type=Path, help="tệp kết quả (phanbo-comparison/1)")
    parser.add_argument("--time-limit", type=seconds, default=120.0, help="giây cho mọi bước")
    parser.add_argument("--threads", type=thread_count, default=1)
    parser.add_argument("--seed", type=engine_seed, default=0, help="số gieo của bộ giải")


def run(asked: Namespace) -> Told:
    """Compare the plans and say what was found."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answers.comparison import compare
    from optimizer.answers.comparison_exchange import comparison_to_json
    from optimizer.answers.comparison_facts import CauseDetail, ComparisonSettings

    pairs = [
        (read_problem(problem.read_text(encoding="utf-8")), plan_from(plan))
        for problem, plan in ((asked.problem_a, asked.plan_a), (asked.problem_b, asked.plan_b))
    ]
    settings = ComparisonSettings(
        detail=CauseDetail(asked.by),
        is_averaged=asked.shapley,
        seconds=asked.time_limit,
        threads=asked.threads,
        seed=asked.seed,
    )
    comparison = compare(pairs[0], pairs[1], settings)
    data = comparison_to_json(comparison)
    if asked.out is not None:
        write_json(asked.out, data)
    say(*comparison.sentences)
    return FOUND, {"comparison": data}
