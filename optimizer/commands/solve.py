"""solve: one plan for one problem."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.interruption import stopping_on_interrupt
from optimizer.commands.options import add_engine, add_gap, add_seed, add_stages, add_threads, add_time_limit
from optimizer.commands.reporting import Told, add_problem_argument, problem_from, say
from optimizer.commands.whole_files import write_whole
from optimizer.wording import points_words

HELP = "tìm một phương án"
OVERDUE_SECONDS, OVERDUE_TIMES = 300.0, 3.0
"""So long after its limit a run is given up: reading, conflicts and the last audit come on top of it."""


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem, where the plan goes, and the limits of the search."""
    add_problem_argument(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="TỆP", help="tệp nhận phương án (phanbo-plan/1)"
    )
    add_gap(parser)
    add_time_limit(parser, 60.0)
    add_threads(parser)
    add_engine(parser)
    add_seed(parser)
    add_stages(parser)


def run(asked: Namespace) -> Told:
    """Solve and write the plan; the interrupt key keeps the best one."""
    with stopping_on_interrupt(OVERDUE_SECONDS + OVERDUE_TIMES * asked.time_limit) as should_stop:
        return _solved(asked, should_stop)


def _solved(asked: Namespace, should_stop: Callable[[], bool]) -> Told:
    # Loaded here so that the other verbs run without any solver.
    from optimizer.exchange import write_plan
    from optimizer.solving.limits import SolveLimits
    from optimizer.solving.solve import solve

    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
        engine_name=asked.engine,
        is_score_only=asked.stages == "score",
    )
    plan = solve(problem_from(asked), limits, should_stop=should_stop)
    text = write_plan(plan)
    write_whole(asked.out, text)
    bound = "" if plan.bound_points is None else f", cận trên {points_words(plan.bound_points)}"
    say(f"Phương án {points_words(plan.score_points)}{bound}: {plan.outcome.label_vi}.")
    return FOUND, {"plan": json.loads(text)}
