"""A folder of problems in, a folder of plans out; what was done before is not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from optimizer.batch.job_answer import JobAnswer, failed_answer
from optimizer.batch.job_options import patience_seconds
from optimizer.batch.manifest import BatchJob, read_jobs
from optimizer.batch.pool import JobState, PoolJob, WorkerPool
from optimizer.batch.results_folder import (
    JobResult,
    held_folder,
    result_from_before,
    store_answer,
    store_results,
)
from optimizer.batch.worker_process import Act, Opener
from optimizer.solving.limits import SolveLimits

OnResult = Callable[[JobResult], None]


def solve_all(
    folder_in: Path,
    folder_out: Path,
    workers: int = 2,
    *,
    limits: SolveLimits | None = None,
    on_result: OnResult | None = None,
) -> list[JobResult]:
    """Solve every problem of a folder over several processes and write the plans into another.

    Args:
        folder_in: problem files, with or without a manifest (see optimizer.batch.manifest).
        folder_out: made where it is missing; see optimizer.batch.results_folder for what it will hold.
        workers: processes at a time.
        limits: of every job whose manifest does not say otherwise; threads count per process.
        on_result: told each result as soon as it is on disk, those of earlier runs first.
    Returns:
        One result per job, sorted by id. Plans have passed the exact audit.
    Raises:
        InvalidProblem: the manifest is wrong, or another batch is writing to the folder.
        OSError: a folder cannot be read or written, or no process can be started.
        KeyboardInterrupt: as it came; workers are ended first, and what is done stays done.
    """
    return _solve_all_with(open_files, Path(folder_in), Path(folder_out), workers, (limits, on_result))


def open_files(_: Any) -> Act:
    """Return what a worker does with one problem file."""
    # Loaded in the worker alone: who shares out the work needs no solver.
    from optimizer.batch.answering import answer_file

    return answer_file


def _solve_all_with(
    opener: Opener,
    folder_in: Path,
    folder_out: Path,
    workers: int,
    asked: tuple[SolveLimits | None, OnResult | None],
) -> list[JobResult]:
    """Do what solve_all promises with any opener, so that a test may send workers that die."""
    limits, on_result = asked
    jobs = read_jobs(folder_in, limits or SolveLimits())
    results: dict[str, JobResult] = {}

    def keep(result: JobResult) -> None:
        results[result.id] = result
        if on_result is not None:
            on_result(result)

    with held_folder(folder_out):
        try:
            left = []
            for job in jobs:
                before = result_from_before(folder_out, job)
                if before is None:
                    left.append(job)
                else:
                    keep(before)
            _work_off(left, (opener, workers), folder_out, keep)
        finally:
            store_results(folder_out, [results[job.id] for job in jobs if job.id in results])
    return [results[job.id] for job in jobs]


def _work_off(jobs: list[BatchJob], how: tuple[Opener, int], folder: Path, keep: OnResult) -> None:
    """Share the jobs out to workers and store each answer as it comes; this process alone writes."""
    opener, workers = how
    with WorkerPool(opener, None, max(1, min(workers, len(jobs)))) as pool:
        by_number = {}
        for job in jobs:
            payload = (job.problem_file, job.limits)
            by_number[pool.submit(payload, patience_seconds(job.limits)).number] = job
        while not pool.is_idle:
            for ended in pool.advance():
                job = by_number[ended.number]
                answer, problem_sha256 = _answer_of(ended)
                keep(store_answer(folder, job, answer, problem_sha256))


def _answer_of(ended: PoolJob) -> tuple[JobAnswer, str]:
    if ended.state is JobState.DONE:
        answer, problem_sha256 = ended.result
        return answer, problem_sha256
    return failed_answer(ended.words), ""
