"""ladder: nested plans for rising money; more money never un-funds."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from fractions import Fraction
from pathlib import Path

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.options import add_gap, add_seed, add_threads, add_time_limit
from optimizer.commands.reporting import Told, add_problem_argument, problem_from, refused, say, write_json
from optimizer.errors import Mistake, NoFeasiblePlan

HELP = "thang phương án lồng nhau: thêm tiền không làm mất dự án nào"
USUAL_PERCENTS = "80,90,100,110,120"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem, the rungs and their weights, and the limits of the search."""
    add_problem_argument(parser)
    parser.add_argument(
        "--steps", type=_numbers, default=_numbers(USUAL_PERCENTS), metavar="SỐ,SỐ,…",
        help=f"phần trăm các trần ở từng bậc, tăng dần; mặc định {USUAL_PERCENTS.replace(',', ', ')}",
    )  # fmt: skip
    parser.add_argument(
        "--weights", type=_numbers, metavar="SỐ,SỐ,…", help="trọng số của từng bậc; mặc định bằng nhau"
    )
    add_time_limit(parser, 60.0, "giây cho tất cả")
    add_gap(parser)
    add_threads(parser)
    add_seed(parser)
    parser.add_argument("--out", type=Path, metavar="TỆP", help="tệp kết quả (phanbo-ladder/1)")


def run(asked: Namespace) -> Told:
    """Climb the ladder."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answers.ladder import nested_ladder, scaled_rungs
    from optimizer.answers.ladder_exchange import ladder_to_json
    from optimizer.solving.limits import SolveLimits

    problem = problem_from(asked)
    if asked.weights is not None and len(asked.weights) != len(asked.steps):
        return refused([Mistake("--weights", "Số trọng số phải bằng số bậc.")])
    rungs = scaled_rungs(problem, [percent / 100 for percent in asked.steps], asked.weights)
    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
    )
    try:
        ladder = nested_ladder(problem, rungs, limits)
    except NoFeasiblePlan:
        say(f"Bậc thấp nhất ({rungs[0].title} mức hiện nay) không có phương án nào.")
        raise
    say(*ladder.sentences)
    data = ladder_to_json(ladder)
    if asked.out is not None:
        write_json(asked.out, data)
    return FOUND, {"ladder": data}


def _numbers(text: str) -> list[Fraction]:
    """Read numbers that are separated by commas."""
    try:
        numbers = [Fraction(part.strip()) for part in text.split(",")]
    except (ValueError, ZeroDivisionError) as error:
        raise ArgumentTypeError(f"“{text}” không phải là các số cách nhau bằng dấu phẩy") from error
    if min(numbers) < 0:
        raise ArgumentTypeError("số không được âm")
    return numbers
