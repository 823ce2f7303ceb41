"""compare: two plans side by side, and why their scores differ."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.options import add_seed, add_threads, add_time_limit
from optimizer.commands.reporting import Told, plan_from, say, write_json
from optimizer.exchange import read_problem

HELP = "so sánh hai phương án, tách từng nguyên nhân của chênh lệch điểm"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for two problems with a plan each, and how to find the causes."""
    parser.add_argument(
        "problem_a", metavar="BÀI_TOÁN_A", type=Path, help="bài toán trước (phanbo-problem/1)"
    )
    parser.add_argument("plan_a", metavar="PHƯƠNG_ÁN_A", type=Path, help="phương án trước (phanbo-plan/1)")
    parser.add_argument("problem_b", metavar="BÀI_TOÁN_B", type=Path, help="bài toán sau")
    parser.add_argument("plan_b", metavar="PHƯƠNG_ÁN_B", type=Path, help="phương án sau")
    parser.add_argument(
        "--by", choices=["change", "group"], default="change", help="tách từng thay đổi hay nhóm"
    )
    parser.add_argument("--shapley", action="store_true", help="thêm bình quân trên mọi thứ tự")
    parser.add_argument("--out", metavar="TỆP", type=Path, help="tệp kết quả (phanbo-comparison/1)")
    add_time_limit(parser, 120.0, "giây cho mọi bước")
    add_threads(parser)
    add_seed(parser)


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
