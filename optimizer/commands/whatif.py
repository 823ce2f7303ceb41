"""whatif: edits of a problem, each answered by a bound at once and by an audited plan after it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from optimizer.answers.whatif_answer import PlannedStep, RelaxedStep, StepOutcome, WhatIf, WhatIfStep
from optimizer.answers.whatif_exchange import what_if_to_json
from optimizer.commands.exit_codes import FAILED, FOUND, INFEASIBLE
from optimizer.commands.interruption import stopping_on_interrupt
from optimizer.commands.options import add_gap, add_seed, add_threads, add_time_limit
from optimizer.commands.reporting import (
    Told,
    add_plan_argument,
    add_problem_argument,
    complain,
    plan_from,
    problem_from,
    say,
    write_json,
)
from optimizer.commands.whole_files import write_whole
from optimizer.edits import EditStep, apply_edits
from optimizer.edits_exchange import read_edits
from optimizer.errors import InvalidProblem, Mistake
from optimizer.problem import AllocationProblem

OVERDUE_SECONDS, OVERDUE_TIMES = 300.0, 3.0
"""So long after its limits a run is given up."""
HELP = "nếu sửa thì sao: phương án mới gần phương án đang xét"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for problem and plan, the files of edits, and the limits of each step."""
    add_problem_argument(parser)
    add_plan_argument(parser)
    parser.add_argument(
        "--set", type=Path, action="append", required=True, metavar="TỆP", dest="files",
        help="tệp sửa đổi (phanbo-edits/1); mỗi tệp là một bước",
    )  # fmt: skip
    parser.add_argument("--chain", action="store_true", help="mỗi bước sửa tiếp trên các bước trước")
    add_time_limit(parser, 20.0, "giây cho mỗi bước")
    add_gap(parser)
    parser.add_argument(
        "--tolerance", type=_points, default=Fraction(0), metavar="ĐIỂM",
        help="số điểm được phép kém tốt nhất để giữ gần phương án đang xét",
    )  # fmt: skip
    add_threads(parser)
    add_seed(parser)
    parser.add_argument("--out", type=Path, metavar="TỆP", help="tệp kết quả (phanbo-whatif/1)")
    parser.add_argument(
        "--plans", type=Path, metavar="THƯ_MỤC", help="thư mục để ghi bài toán và phương án từng bước"
    )


def run(asked: Namespace) -> Told:
    """Answer the steps one after the other; say each answer as it comes.

    The interrupt key ends the running step with its best plan and leaves the rest.
    Exit code: 0 when every step has a plan; else 4 when one was stopped or failed; else 3.
    """
    most_seconds = OVERDUE_SECONDS + OVERDUE_TIMES * asked.time_limit * len(asked.files)
    with stopping_on_interrupt(most_seconds) as should_stop:
        return _answered(asked, should_stop)


def _answered(asked: Namespace, should_stop: Callable[[], bool]) -> Told:
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answers.whatif import stream_what_if
    from optimizer.solving.limits import SolveLimits

    problem, plan = problem_from(asked), plan_from(asked.plan)
    steps = _read_steps(problem, asked.files, is_chain=asked.chain)
    limits = SolveLimits(
        time_limit_seconds=asked.time_limit,
        relative_gap_share=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
        score_tolerance_points=asked.tolerance,
    )
    relaxed: list[RelaxedStep] = []
    planned: list[PlannedStep] = []
    try:
        for answer in stream_what_if(
            problem, plan, steps, limits, is_chain=asked.chain, should_stop=should_stop
        ):
            if isinstance(answer, RelaxedStep):
                relaxed.append(answer)
            else:
                planned.append(answer)
                _write_step(asked.plans, answer)
            say(*answer.sentences)
    except KeyboardInterrupt:
        if not planned:
            raise
    is_ended = len(planned) < len(steps)
    if is_ended:
        complain(f"Đã dừng theo yêu cầu; giữ kết quả của {len(planned)} trên {len(steps)} bước.")
    pairs = tuple(WhatIfStep(*pair) for pair in zip(relaxed, planned, strict=False))
    data = what_if_to_json(WhatIf(plan.problem_sha256, asked.chain, pairs))
    if asked.out is not None:
        write_json(asked.out, data)
    return FAILED if is_ended else _exit_code(planned), {"whatif": data}


def _read_steps(problem: AllocationProblem, files: Sequence[Path], *, is_chain: bool) -> list[EditStep]:
    """Read every file; the mistakes of all of them are told at once, with the file's name in the path."""
    steps: list[EditStep] = []
    mistakes: list[Mistake] = []
    standing = problem
    for path in files:
        try:
            step = read_edits(path.read_text(encoding="utf-8"), standing)
        except InvalidProblem as error:
            mistakes += [Mistake(f"{path.name} {item.path}", item.words) for item in error.mistakes]
            continue
        steps.append(step)
        if is_chain:
            standing = apply_edits(standing, step.edits)
    if mistakes:
        raise InvalidProblem(tuple(mistakes))
    return steps


def _write_step(folder: Path | None, step: PlannedStep) -> None:
    """Write what `verify` needs to check a step from outside."""
    if folder is None:
        return
    from optimizer.exchange import write_plan, write_problem

    folder.mkdir(parents=True, exist_ok=True)
    problem_file = folder / f"step-{step.number}.problem.json"
    write_whole(problem_file, write_problem(step.problem))
    if step.plan is not None:
        write_whole(folder / f"step-{step.number}.plan.json", write_plan(step.plan))


def _exit_code(planned: Sequence[PlannedStep]) -> int:
    outcomes = {step.outcome for step in planned}
    if outcomes & {StepOutcome.STOPPED, StepOutcome.FAILED}:
        return FAILED
    return INFEASIBLE if StepOutcome.INFEASIBLE in outcomes else FOUND


def _points(text: str) -> Fraction:
    """Read a number of points, not below 0."""
    try:
        points = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ArgumentTypeError(f"“{text}” không phải là số điểm") from error
    if points < 0:
        raise ArgumentTypeError("số điểm không được âm")
    return points
