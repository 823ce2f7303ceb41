"""A few worker processes, each with its own pipe, so that it is known which job a death belongs to.

The pool of the standard library breaks as a whole when one of its processes is killed, and cannot say whose
job it was. Here a dead worker is replaced, its job is tried once more, and every other job goes on.

Workers are started anew (spawn), never forked: a fork would copy a solver's threads in the middle of a run.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic
from types import TracebackType
from typing import Any

from optimizer.batch.worker_process import DONE, Opener, serve

MOST_ATTEMPTS = 2
SECONDS_TO_END = 5.0


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class PoolJob:
    """One job and what became of it.

    Attributes:
        payload: what the worker is told; given back to memory when the job has ended.
        most_seconds: wall clock after which its worker is ended and the job failed; None = no limit.
        result: what the worker answered; only when DONE.
        words: why the job failed, in Vietnamese; only when FAILED.
    """

    number: int
    payload: Any
    most_seconds: float | None = None
    state: JobState = JobState.WAITING
    attempts: int = 0
    result: Any = None
    words: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: PoolJob | None = None
    began: float = 0.0
    knows_shared: bool = False
    has_answered: bool = False

    def is_overdue(self) -> bool:
        """Whether the job has had more time than it may take."""
        most = None if self.job is None else self.job.most_seconds
        return most is not None and monotonic() - self.began > most


class WorkerPool:
    """Worker processes and the jobs they share out; one thread at a time may use it."""

    def __init__(self, opener: Opener, shared: Any = None, workers: int = 2) -> None:
        """Prepare a pool; processes start when there is work for them.

        Args:
            opener: run once in each worker with what all jobs share; returns the function for one job.
            shared: what all jobs share, sent to each worker once.
            workers: most processes at a time, at least 1.
        Raises:
            ValueError: no workers.
        """
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._context = get_context("spawn")
        self._opener, self._shared, self._most = opener, shared, workers
        self._workers: list[_Worker] = []
        self._waiting: deque[PoolJob] = deque()
        self._count = 0

    def __enter__(self) -> WorkerPool:
        """Use the pool in a with block; leaving it ends every worker."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every worker, at once when something went wrong."""
        self.close(at_once=kind is not None)

    @property
    def process_ids(self) -> dict[int, int]:
        """Process id of the worker of each running job, by job number."""
        return {
            worker.job.number: worker.process.pid
            for worker in self._workers
            if worker.job is not None and worker.process.pid is not None
        }

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not self._waiting and not any(worker.job for worker in self._workers)

    def submit(self, payload: Any, most_seconds: float | None = None) -> PoolJob:
        """Take a job; it begins at once where a worker is free."""
        job = PoolJob(self._count, payload, most_seconds)
        self._count += 1
        self._waiting.append(job)
        self._hand_out()
        return job

    def cancel(self, job: PoolJob) -> None:
        """Take a job back; a running one ends together with its worker."""
        if job.has_ended:
            return
        if job.state is JobState.WAITING:
            self._waiting.remove(job)
        for worker in [item for item in self._workers if item.job is job]:
            self._drop(worker)
        _end(job, JobState.CANCELLED)
        self._hand_out()

    def advance(self, seconds: float | None = None, wake: Connection | None = None) -> list[PoolJob]:
        """Wait until a job ends (or the seconds are over, or the pipe wakes) and return what has ended.

        Raises:
            OSError: no process can be started.
        """
        self._hand_out()
        busy = [worker for worker in self._workers if worker.job is not None]
        if not busy and wake is None:
            return []
        asked = [item for worker in busy for item in (worker.pipe, worker.process.sentinel)]
        ready = set(wait([*asked, *([wake] if wake else [])], self._patience(busy, seconds)))
        ended = []
        for worker in busy:
            job = worker.job
            if worker.pipe in ready or worker.process.sentinel in ready:
                self._hear(worker)
            elif worker.is_overdue():
                self._drop(worker)
                _fail(job, "Bị dừng vì chạy quá thời gian cho phép.")
            if job is not None and job.has_ended:
                ended.append(job)
        self._hand_out()
        return ended

    def close(self, *, at_once: bool = False) -> None:
        """End every worker; jobs that have not ended are cancelled."""
        for job in [*self._waiting, *(worker.job for worker in self._workers if worker.job)]:
            _end(job, JobState.CANCELLED)
        self._waiting.clear()
        for worker in [*self._workers]:
            self._drop(worker, is_asked=worker.job is None and not at_once)

    def _patience(self, busy: Sequence[_Worker], seconds: float | None) -> float | None:
        """Wait no longer than until the first job is overdue."""
        left = [
            worker.began + worker.job.most_seconds - monotonic()
            for worker in busy
            if worker.job is not None and worker.job.most_seconds is not None
        ]
        times = [*left, *([] if seconds is None else [seconds])]
        return max(0.0, min(times)) if times else None

    def _hand_out(self) -> None:
        """Give waiting jobs to free workers, starting some where there are too few."""
        while self._waiting:
            worker = next((item for item in self._workers if item.job is None), None)
            if worker is None:
                if len(self._workers) >= self._most:
                    return
                worker = self._start()
            job = self._waiting.popleft()
            job.attempts += 1
            try:
                if not worker.knows_shared:
                    worker.pipe.send(self._shared)
                    worker.knows_shared = True
                worker.pipe.send(job.payload)
            except OSError:
                # One that died after its last job is not this job's fault; one that never lived may be.
                job.attempts -= worker.has_answered
                self._drop(worker)
                self._try_again(job, worker.process.exitcode)
                continue
            job.state, worker.job, worker.began = JobState.RUNNING, job, monotonic()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # FRAGILE: only little may go in args. Python writes them to a pipe whose other end it holds open
        # itself, so much of it blocks for ever when the process dies at its start.
        process = self._context.Process(target=serve, args=(theirs, self._opener), daemon=True)
        with _no_interrupts():
            process.start()
        theirs.close()  # or the end of the worker would not be the end of the pipe
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _hear(self, worker: _Worker) -> None:
        """Read a worker's answer; silence means that it died."""
        job = worker.job
        try:
            said, answer = worker.pipe.recv() if worker.pipe.poll() else ("", None)
        except (EOFError, OSError):
            said, answer = "", None
        if said == "":
            self._drop(worker)
            self._try_again(job, worker.process.exitcode)
            return
        worker.job, worker.has_answered = None, True
        if job is not None and said == DONE:
            job.result = answer
            _end(job, JobState.DONE)
        else:
            _fail(job, str(answer))

    def _try_again(self, job: PoolJob | None, exit_code: int | None) -> None:
        if job is None:
            return
        if job.attempts < MOST_ATTEMPTS:
            job.state = JobState.WAITING
            self._waiting.appendleft(job)
        else:
            _fail(job, f"Tiến trình giải bị dừng đột ngột {job.attempts} lần ({_death_words(exit_code)}).")

    def _drop(self, worker: _Worker, *, is_asked: bool = False) -> None:
        """Take a worker out; an idle one may be asked to leave, a busy one is killed."""
        self._workers.remove(worker)
        if is_asked:
            try:
                worker.pipe.send(None)
            except OSError:
                is_asked = False
        if not is_asked:
            worker.process.kill()
        worker.process.join(SECONDS_TO_END)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.pipe.close()


def run_jobs(
    opener: Opener,
    shared: Any,
    payloads: Sequence[Any],
    workers: int,
    on_end: Callable[[PoolJob], None] | None = None,
) -> list[PoolJob]:
    """Do all jobs and return them in their order; each has ended, done or failed."""
    with WorkerPool(opener, shared, max(1, min(workers, len(payloads)))) as pool:
        jobs = [pool.submit(payload) for payload in payloads]
        while not pool.is_idle:
            for job in pool.advance():
                if on_end is not None:
                    on_end(job)
    return jobs


def _end(job: PoolJob, state: JobState) -> None:
    job.state, job.payload = state, None


def _fail(job: PoolJob | None, words: str) -> None:
    if job is not None:
        job.words = words
        _end(job, JobState.FAILED)


def _death_words(exit_code: int | None) -> str:
    if exit_code is None:
        return "không rõ nguyên nhân"
    return f"tín hiệu {-exit_code}" if exit_code < 0 else f"mã thoát {exit_code}"


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from a process that is being started; it inherits what is blocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
