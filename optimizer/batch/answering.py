"""What a worker does with one job: read, solve, write; everything that may go wrong is an answer.

Workers load this when they open; the process that shares out the work needs no solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimizer.batch.job_answer import FOUND, INFEASIBLE, JobAnswer, failed_answer, refused_answer
from optimizer.batch.job_options import limits_with
from optimizer.batch.results_folder import digest
from optimizer.errors import (
    Conflict,
    InvalidProblem,
    Mistake,
    NoFeasiblePlan,
    NoPlanInTime,
    SolverFailure,
)
from optimizer.exchange import read_problem, write_plan
from optimizer.solving.limits import SolveLimits
from optimizer.solving.solve import solve
from optimizer.wording import points_words

FileJob = tuple[Path, SolveLimits]
TextJob = tuple[str, dict[str, Any]]


def answer_text(problem_text: str, limits: SolveLimits) -> JobAnswer:
    """Solve the problem in a text."""
    try:
        plan = solve(read_problem(problem_text), limits)
    except InvalidProblem as error:
        return refused_answer(error.mistakes)
    except NoFeasiblePlan as error:
        words = f"Không có phương án nào giữ được mọi quy tắc cứng: {error}"
        return JobAnswer(INFEASIBLE, words, facts={"conflicts": _conflict_facts(error.conflicts)})
    except (NoPlanInTime, SolverFailure) as error:
        return failed_answer(str(error))
    words = f"Phương án {points_words(plan.score_points)}: {plan.outcome.label_vi}."
    return JobAnswer(FOUND, words, write_plan(plan))


def answer_text_job(job: TextJob) -> JobAnswer:
    """Solve the text of a problem with the options of its search."""
    return answer_text(job[0], limits_with(job[1], SolveLimits()))


def answer_file(job: FileJob) -> tuple[JobAnswer, str]:
    """Solve the problem in a file; say also which bytes the answer is about."""
    file, limits = job
    try:
        content = file.read_bytes()
    except OSError as error:
        return failed_answer(f"Không mở được tệp: {error.strerror or error}"), ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return refused_answer([Mistake("$", "Tệp không phải là văn bản UTF-8.")]), digest(content)
    return answer_text(text, limits), digest(content)


def _conflict_facts(conflicts: Sequence[Conflict]) -> list[dict[str, Any]]:
    return [
        {"rules": list(item.rule_ids), "words": item.words, "repair": item.repair_words} for item in conflicts
    ]
