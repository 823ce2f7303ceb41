"""conflicts: which rules stand against each other, and the cheapest way to make a plan possible."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from optimizer.commands.exit_codes import FAILED, FOUND, INFEASIBLE
from optimizer.commands.options import add_engine, add_threads, add_time_limit
from optimizer.commands.reporting import (
    Told,
    add_problem_argument,
    conflicts_data,
    problem_from,
    refused,
    say,
    write_json,
)
from optimizer.errors import Conflict, InvalidProblem, Mistake
from optimizer.problem import AllocationProblem

HELP = "quy tắc nào mâu thuẫn nhau, sửa thế nào rẻ nhất"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for the problem, the rules that must stay, and the limits of the search."""
    add_problem_argument(parser)
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="QUY_TẮC",
        help="quy tắc không được sửa, ví dụ ceiling:tinh:2012",
    )
    parser.add_argument(
        "--repaired", type=Path, metavar="TỆP", help="ghi bài toán sau khi sửa theo cách rẻ nhất"
    )
    add_time_limit(parser, 60.0)
    add_threads(parser)
    add_engine(parser)


def run(asked: Namespace) -> Told:
    """Name the conflicts; exit code 0 = there is none, 3 = no plan keeps every rule."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.engines.interface import EngineSettings
    from optimizer.precheck import check_problem
    from optimizer.rule_book import rules_of
    from optimizer.solving.conflict_case import ConflictWishes
    from optimizer.solving.conflicts import find_conflicts
    from optimizer.solving.engine_choice import engine_named

    problem = problem_from(asked)
    mistakes = check_problem(problem)
    if mistakes:
        raise InvalidProblem(mistakes)
    unknown = sorted(set(asked.keep) - rules_of(problem).keys())
    if unknown:
        return refused([Mistake("--keep", f"Bài toán không có quy tắc cứng “{name}”.") for name in unknown])
    settings = EngineSettings(asked.time_limit, threads=asked.threads)
    wishes = ConflictWishes(kept=frozenset(asked.keep))
    conflicts = find_conflicts(problem, engine_named(asked.engine), settings, wishes)
    if conflicts is None:
        say("Chưa xác nhận được trong thời gian cho phép.")
        return FAILED, {"outcome": "unknown"}
    if not conflicts:
        say("Không có mâu thuẫn: có phương án giữ được mọi quy tắc cứng.")
        return FOUND, {"outcome": "none", "conflicts": []}
    _say_conflicts(conflicts)
    if asked.repaired is not None and all(item.repairs for item in conflicts):
        _write_repaired(asked.repaired, problem, conflicts)
    return INFEASIBLE, {"outcome": "conflicts", "conflicts": conflicts_data(conflicts)}


def _say_conflicts(conflicts: tuple[Conflict, ...]) -> None:
    say("Không có phương án nào giữ được mọi quy tắc cứng (đã xác nhận):")
    for number, item in enumerate(conflicts, start=1):
        say(f"{number}. {item.words}")
        say(*(f"   - {repair.words}" for repair in item.repairs))
        if not item.repairs and item.repair_words:
            say(f"   {item.repair_words}")


def _write_repaired(path: Path, problem: AllocationProblem, conflicts: tuple[Conflict, ...]) -> None:
    """Write the problem after the first repair of every conflict."""
    from optimizer.canonical import problem_to_json
    from optimizer.repair import apply_changes

    repaired = apply_changes(problem, [one for item in conflicts for one in item.repairs[0].changes])
    write_json(path, problem_to_json(repaired))
    say(f"Đã ghi bài toán sau khi sửa: {path}")
