"""sweep: the money frontier (less and more money), or with --rules what every rule costs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.options import add_gap, add_seed, add_threads, add_time_limit
from optimizer.commands.reporting import (
    Told,
    add_problem_argument,
    plan_from,
    problem_from,
    refused,
    say,
    write_json,
)
from optimizer.errors import Mistake
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem

if TYPE_CHECKING:
    from optimizer.solving.limits import SolveLimits

HELP = "biên tiền – điểm; với --rules: giá của từng quy tắc"
SHARE_OF_TIME_FOR_PLAN = 3
"""Where no plan is given, prices of rules spend one part in so many on finding one."""


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem, perhaps a plan, which money, how finely, and the limits."""
    add_problem_argument(parser)
    parser.add_argument(
        "plan",
        type=Path,
        nargs="?",
        metavar="PHƯƠNG_ÁN",
        help="phương án đang xét (phanbo-plan/1), có thể bỏ qua",
    )
    parser.add_argument("--rules", action="store_true", help="bỏ từng quy tắc rồi giải lại")
    parser.add_argument(
        "--step-vnd",
        type=int,
        default=1_000_000_000,
        metavar="ĐỒNG",
        help="--rules: mỗi trần nâng thêm bao nhiêu",
    )
    parser.add_argument("--source", metavar="MÃ", help="chỉ quét nguồn này")
    parser.add_argument("--year", type=int, metavar="NĂM", help="chỉ quét năm này")
    parser.add_argument(
        "--from",
        type=Fraction,
        default=Fraction(50),
        dest="from_percent",
        metavar="SỐ",
        help="phần trăm đầu của các trần; mặc định 50",
    )
    parser.add_argument(
        "--to",
        type=Fraction,
        default=Fraction(150),
        dest="to_percent",
        metavar="SỐ",
        help="phần trăm cuối của các trần; mặc định 150",
    )
    parser.add_argument("--steps", metavar="SỐ", type=int, default=200, help="số bước của đường cong")
    parser.add_argument(
        "--knots", metavar="SỐ", type=int, default=11, help="số điểm có phương án; 0 = chỉ đường cong"
    )
    add_time_limit(parser, 60.0, "giây cho tất cả")
    add_gap(parser, 0.0005)
    add_threads(parser)
    add_seed(parser)
    parser.add_argument("--out", type=Path, metavar="TỆP", help="tệp kết quả")


def run(asked: Namespace) -> Told:
    """Sweep money or rules."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.solving.limits import SolveLimits

    problem = problem_from(asked)
    plan = None if asked.plan is None else plan_from(asked.plan)
    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
    )
    told = _rules(asked, problem, plan, limits) if asked.rules else _money(asked, problem, plan, limits)
    code, data = told
    if asked.out is not None and code == FOUND:
        write_json(asked.out, next(iter(data.values())))
    return told


def _money(
    asked: Namespace, problem: AllocationProblem, plan: AllocationPlan | None, limits: SolveLimits
) -> Told:
    from optimizer.answers.sweep import money_frontier, range_mistakes
    from optimizer.answers.sweep_answer import FrontierRange
    from optimizer.answers.sweep_exchange import frontier_to_json

    wanted = FrontierRange(
        asked.source, asked.year, asked.from_percent / 100, asked.to_percent / 100, asked.steps, asked.knots
    )
    mistakes = range_mistakes(problem, wanted)
    if mistakes:
        return refused([Mistake(f"--{item.path.removeprefix('$.')}", item.words) for item in mistakes])
    frontier = money_frontier(problem, wanted, limits, plan=plan)
    say(*frontier.sentences)
    return FOUND, {"sweep": frontier_to_json(frontier)}


def _rules(
    asked: Namespace, problem: AllocationProblem, plan: AllocationPlan | None, limits: SolveLimits
) -> Told:
    from dataclasses import replace

    from optimizer.answers.rule_switch import rule_prices
    from optimizer.answers.rule_switch_exchange import rule_prices_to_json
    from optimizer.solving.solve import solve

    if asked.step_vnd <= 0:
        return refused([Mistake("--step-vnd", "Bước nâng trần phải lớn hơn 0.")])
    if plan is None:
        part = limits.time_limit_seconds / SHARE_OF_TIME_FOR_PLAN
        plan = solve(problem, replace(limits, time_limit_seconds=part))
        limits = replace(limits, time_limit_seconds=limits.time_limit_seconds - part)
    prices = rule_prices(problem, plan, limits, step_vnd=asked.step_vnd)
    for rule in prices.rules:
        say(*rule.sentences)
    return FOUND, {"rule_prices": rule_prices_to_json(prices)}
