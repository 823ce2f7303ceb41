"""robustness: which candidates hang on the weights and costs, and what the kept plan risks."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from fractions import Fraction
from pathlib import Path
from random import Random

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.options import add_time_limit
from optimizer.commands.reporting import Told, add_problem_argument, plan_from, problem_from, say, write_json

HELP = "dự án nào chắc chắn, dự án nào nên bàn thêm khi trọng số và chi phí thay đổi"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem, the plan, how to draw, and the bounds of the verdicts."""
    add_problem_argument(parser)
    parser.add_argument("--plan", metavar="PHƯƠNG_ÁN", type=Path, help="phương án đang xét (phanbo-plan/1)")
    parser.add_argument("--draws", metavar="SỐ", type=int, default=200, help="số lượt thử của mỗi mẫu")
    parser.add_argument(
        "--seed", metavar="SỐ", type=int, required=True, help="số gieo; cùng số cho cùng kết quả"
    )
    parser.add_argument(
        "--weights", metavar="TỶ_LỆ", type=share, default="0.2", help="biên độ trọng số; 0 = giữ nguyên"
    )
    parser.add_argument(
        "--costs", metavar="TỶ_LỆ", type=share, default="0.15", help="chi phí tăng tối đa; 0 = giữ nguyên"
    )
    parser.add_argument(
        "--years", metavar="NĂM", type=int, nargs="+", default=[], help="chỉ các năm này đội chi phí"
    )
    parser.add_argument("--joint", action="store_true", help="mỗi lượt đổi cả trọng số lẫn chi phí")
    parser.add_argument(
        "--protect",
        metavar="SỐ",
        type=int,
        nargs="+",
        default=[],
        help="số dự án cùng đội giá mà phương án phải chịu được",
    )
    parser.add_argument(
        "--way",
        choices=["auto", "whole", "relaxed"],
        default="auto",
        help="whole: phương án nguyên từng lượt; relaxed: bài toán nới lỏng; auto (mặc định): theo số dự án",
    )
    parser.add_argument(
        "--gap", metavar="TỶ_LỆ", type=share, default="0.001", help="sai số của phương án từng lượt"
    )
    add_time_limit(parser, 600.0, "giây cho mỗi mẫu")
    parser.add_argument("--out", metavar="TỆP", type=Path, help="tệp kết quả (phanbo-robustness/1)")
    parser.add_argument(
        "--core-from",
        metavar="TỶ_LỆ",
        type=share,
        default="0.9",
        help="chắc chắn: đầu dưới của khoảng tin cậy từ mức này; mặc định 0.9",
    )
    parser.add_argument(
        "--outside-to",
        metavar="TỶ_LỆ",
        type=share,
        default="0.1",
        help="chưa tới lượt: đầu trên của khoảng tin cậy tới mức này; mặc định 0.1",
    )


def share(text: str) -> Fraction:
    """Return a share written as a decimal.

    Raises:
        ArgumentTypeError: no number.
    """
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ArgumentTypeError(f"“{text}” không phải là số") from error


def run(asked: Namespace) -> Told:
    """Draw, judge every candidate and say the summary."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answers.robustness import robustness
    from optimizer.answers.robustness_exchange import robustness_to_json
    from optimizer.answers.robustness_facts import DrawWay, RobustnessSettings, VerdictBounds
    from optimizer.draws import DrawRanges

    settings = RobustnessSettings(
        ranges=DrawRanges(asked.weights, asked.costs, tuple(sorted(set(asked.years)))),
        draws=asked.draws,
        is_joint=asked.joint,
        way=None if asked.way == "auto" else DrawWay(asked.way),
        gap_share=asked.gap,
        seconds=asked.time_limit,
        protect=tuple(sorted(set(asked.protect))),
        bounds=VerdictBounds(asked.core_from, asked.outside_to),
    )
    plan = None if asked.plan is None else plan_from(asked.plan)
    # Not for secrets: a stated seed makes the same draws again.
    answer = robustness(problem_from(asked), Random(asked.seed), settings, plan)  # noqa: S311
    data = robustness_to_json(answer)
    if asked.out is not None:
        write_json(asked.out, data)
    say(*answer.sentences, *(item.sentence for item in answer.candidates))
    return FOUND, {"seed": asked.seed, "robustness": data}
