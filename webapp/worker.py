"""The worker process: claims waiting jobs one by one and does them.

Which operation a kind of job calls is decided in the one table JOB_OPERATIONS. A worker that is
killed leaves a lease that runs out; another worker (or the same, restarted) does the job again,
and the result is stored once.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from finance.database import SessionFactory, reading, transaction
from finance.errors import FinanceError
from finance.jobs.operations import ClaimedJob, LeaseLost, claim_job, fail_job
from finance.jobs.queries import has_waiting_job
from finance.scenarios.runs import RUN_JOB_KIND, run_job

log = logging.getLogger("phanbo.worker")

LEASE_SECONDS = 20
POLL_SECONDS = 0.5
INTERNAL_ERROR_VI = (
    "Lượt chạy gặp lỗi nội bộ và đã dừng; dữ liệu không thay đổi. Mời chạy lại hoặc báo quản trị."
)

Clock = Callable[[], datetime]
# Opens its own short transactions, and ends the job in the last of them.
JobOperation = Callable[[SessionFactory, ClaimedJob, Clock], None]


def _run_scenario(factory: SessionFactory, claimed: ClaimedJob, clock: Clock) -> None:
    run_job(factory, claimed, now=clock, lease_seconds=LEASE_SECONDS)


JOB_OPERATIONS: Mapping[str, JobOperation] = {RUN_JOB_KIND: _run_scenario}


def work(factory: SessionFactory, clock: Clock, *, is_once: bool = False) -> int:
    """Do waiting jobs until told to stop.

    Args:
        factory: makes sessions.
        clock: the machine's time.
        is_once: stop when nothing waits (for tests and cron).
    """
    name = f"{socket.gethostname()}:{os.getpid()}"
    with _stop_on_signals() as stopping:
        while not stopping.is_set():
            claimed = _claim(factory, clock, name)
            if claimed is not None:
                _do(factory, claimed, clock)
            elif is_once:
                break
            else:
                stopping.wait(POLL_SECONDS)
    return 0


def _claim(factory: SessionFactory, clock: Clock, name: str) -> ClaimedJob | None:
    # Looking costs nothing; the writer's turn is taken only when there is something to claim.
    with reading(factory) as session:
        if not has_waiting_job(session, clock()):
            return None
    with transaction(factory) as session:
        return claim_job(session, worker=name, now=clock(), lease_seconds=LEASE_SECONDS)


def _do(factory: SessionFactory, claimed: ClaimedJob, clock: Clock) -> None:
    operation = JOB_OPERATIONS.get(claimed.kind)
    try:
        if operation is None:
            raise LookupError(f"no operation for jobs of kind {claimed.kind!r}")
        operation(factory, claimed, clock)
    except LeaseLost:
        log.warning("job %s attempt %s went to another worker", claimed.id, claimed.attempt)
    except Exception as error:  # the last handler: a broken job must not stop the jobs behind it
        log.exception("job %s attempt %s failed", claimed.id, claimed.attempt)
        words = error.sentence_vi if isinstance(error, FinanceError) else INTERNAL_ERROR_VI
        _note_failure(factory, claimed, clock, words)


def _note_failure(factory: SessionFactory, claimed: ClaimedJob, clock: Clock, words: str) -> None:
    try:
        with transaction(factory) as session:
            fail_job(session, claimed, now=clock(), error=words)
    except LeaseLost:
        log.warning("job %s was taken over before its failure could be noted", claimed.id)


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl-C sets: the job in hand is finished, no further one is claimed."""
    stopping = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopping  # only the main thread hears signals
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda _number, _frame: stopping.set()) for number in numbers]
    try:
        yield stopping
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
