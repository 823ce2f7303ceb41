"""batch: every problem of a folder, over several processes; begun again, it goes on where it was."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.commands.exit_codes import FAILED, FOUND, INFEASIBLE, INVALID
from optimizer.commands.interruption import raising_on_interrupt
from optimizer.commands.options import add_engine, add_gap, add_seed, add_stages, add_threads, add_time_limit
from optimizer.commands.reporting import Told, refused, say
from optimizer.errors import Mistake

if TYPE_CHECKING:
    from optimizer.batch.results_folder import JobResult

HELP = "giải mọi bài toán trong một thư mục"
MOST_WORKERS = 256
GRAVEST_FIRST = (FAILED, INVALID, INFEASIBLE, FOUND)


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for both folders, how many processes, and the limits of each search."""
    parser.add_argument("problems", type=Path, metavar="VÀO", help="thư mục tệp bài toán (phanbo-problem/1)")
    parser.add_argument("plans", type=Path, metavar="RA", help="thư mục nhận phương án")
    parser.add_argument("--workers", metavar="SỐ", type=int, default=2, help="số tiến trình cùng lúc")
    add_gap(parser)
    add_time_limit(parser, 60.0, "giây cho mỗi bài toán")
    add_threads(parser, "số luồng của mỗi tiến trình")
    add_engine(parser)
    add_seed(parser)
    add_stages(parser)


def run(asked: Namespace) -> Told:
    """Solve what is not solved yet; the exit code is that of the job that went worst."""
    if not 1 <= asked.workers <= MOST_WORKERS:
        return refused([Mistake("--workers", f"Số tiến trình phải từ 1 đến {MOST_WORKERS}.")])
    # Loaded here so that the other verbs run without any solver.
    from optimizer.batch.solve_all import solve_all
    from optimizer.solving.limits import SolveLimits

    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
        engine_name=asked.engine,
        is_score_only=asked.stages == "score",
    )
    results: list[JobResult] = []

    def tell(result: JobResult) -> None:
        results.append(result)
        before = " (đã có từ lượt trước)" if result.is_from_before else ""
        say(f"{result.id}: {result.words}{before}")

    try:
        with raising_on_interrupt():
            solve_all(asked.problems, asked.plans, asked.workers, limits=limits, on_result=tell)
    except KeyboardInterrupt:
        say("Đã dừng theo yêu cầu; chạy lại cùng lệnh để làm tiếp phần còn lại.")
        return FAILED, {"interrupted": True, **_told(results)}
    say(f"Xong {len(results)} bài toán, {sum(item.exit_code == FOUND for item in results)} có phương án.")
    codes = {item.exit_code for item in results} or {FOUND}
    return next(code for code in GRAVEST_FIRST if code in codes), _told(results)


def _told(results: list[JobResult]) -> dict[str, Any]:
    from optimizer.batch.results_folder import result_data  # as above

    return {"jobs": [result_data(item) for item in sorted(results, key=lambda item: item.id)]}
