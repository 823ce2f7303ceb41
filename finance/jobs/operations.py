"""Asking for work, claiming it by lease, and ending it exactly once.

A worker that dies stops renewing its lease; another claims the job with the next attempt number.
Every later word of the first worker carries the old number and is refused (LeaseLost), so a
result is stored once however often the work was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.errors import FinanceError, NotFound
from finance.jobs.queries import claimable
from finance.jobs.records import Job, JobState

MAX_ATTEMPTS = 5


class LeaseLost(FinanceError):
    """Another worker has the job now; whatever this one has done is thrown away."""

    @property
    def sentence_vi(self) -> str:
        """That the work went to another worker."""
        return "Công việc đã được chuyển cho tiến trình khác."


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """What a worker holds: the job and the number that fences it off from other attempts."""

    id: int
    kind: str
    subject_id: int
    attempt: int
    requested_by_id: int


def request_job(session: Session, *, kind: str, subject_id: int, requested_by_id: int, at: datetime) -> Job:
    """Put a piece of work into the table; some worker will take it.

    Args:
        session: open write session.
        kind: which operation the worker calls (one table at the top decides).
        subject_id: what the work is about.
        requested_by_id: the person who asked.
        at: machine time, aware.
    """
    job = Job(kind=kind, subject_id=subject_id, requested_by_id=requested_by_id, requested_at=at, progress={})
    session.add(job)
    session.flush()  # the asker stores the id
    return job


def claim_job(session: Session, *, worker: str, now: datetime, lease_seconds: int) -> ClaimedJob | None:
    """Take the oldest job that waits or whose lease has run out.

    A job that has killed its workers MAX_ATTEMPTS times is marked failed instead of tried for ever.
    """
    query = select(Job).where(claimable(now)).order_by(Job.id).with_for_update(skip_locked=True)
    for job in session.scalars(query):
        if job.attempt >= MAX_ATTEMPTS:
            _end(job, JobState.FAILED, now, "Tiến trình xử lý đã dừng đột ngột quá nhiều lần.")
            continue
        job.state = JobState.RUNNING
        job.attempt += 1
        job.lease_owner = worker[:80]
        job.lease_until = now + timedelta(seconds=lease_seconds)
        job.started_at = now
        job.progress = {}
        return ClaimedJob(job.id, job.kind, job.subject_id, job.attempt, job.requested_by_id)
    return None


def renew_lease(
    session: Session, claimed: ClaimedJob, *, now: datetime, lease_seconds: int, progress: dict[str, Any]
) -> bool:
    """Say "still working"; keep the progress.

    Returns:
        True when a person asked to stop.

    Raises:
        LeaseLost: another attempt has the job.
    """
    job = held_job(session, claimed)
    job.lease_until = now + timedelta(seconds=lease_seconds)
    job.progress = progress
    return job.is_cancel_requested


def finish_job(session: Session, claimed: ClaimedJob, *, now: datetime) -> None:
    """End the job as done, in the same transaction that stores its result.

    Raises:
        LeaseLost: another attempt has the job.
    """
    _end(held_job(session, claimed), JobState.DONE, now, "")


def fail_job(session: Session, claimed: ClaimedJob, *, now: datetime, error: str) -> None:
    """End the job as failed with words for a person.

    Raises:
        LeaseLost: another attempt has the job.
    """
    _end(held_job(session, claimed), JobState.FAILED, now, error)


def cancel_job(session: Session, claimed: ClaimedJob, *, now: datetime) -> None:
    """End the job as stopped by a person before it had anything to keep.

    Raises:
        LeaseLost: another attempt has the job.
    """
    _end(held_job(session, claimed), JobState.CANCELLED, now, "")


def request_cancel(session: Session, job_id: int, *, now: datetime) -> None:
    """Ask the worker to stop and keep the best so far; a waiting job ends at once, an ended one stays.

    Raises:
        NotFound: no such job.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("công việc", job_id)
    if job.finished_at is not None:
        return
    job.is_cancel_requested = True
    if job.state is JobState.WAITING:
        _end(job, JobState.CANCELLED, now, "")


def held_job(session: Session, claimed: ClaimedJob) -> Job:
    """The job row, if this attempt still holds it.

    Raises:
        LeaseLost: it does not.
    """
    job = session.get(Job, claimed.id, populate_existing=True, with_for_update=True)
    if job is None or job.state is not JobState.RUNNING or job.attempt != claimed.attempt:
        raise LeaseLost(f"job {claimed.id}, attempt {claimed.attempt}")
    return job


def _end(job: Job, state: JobState, now: datetime, error: str) -> None:
    job.state = state
    job.error = error
    job.lease_until = None
    job.finished_at = now
