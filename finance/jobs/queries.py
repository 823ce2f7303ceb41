"""Reading jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from finance.errors import NotFound
from finance.jobs.records import Job, JobState


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as pages show it."""

    id: int
    kind: str
    subject_id: int
    state: JobState
    attempt: int
    progress: dict[str, Any]
    error: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_cancel_requested: bool

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen to the job."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


def job_status(session: Session, job_id: int) -> JobRow:
    """The job with this id.

    Raises:
        NotFound: no such job.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("công việc", job_id)
    return JobRow(
        job.id,
        job.kind,
        job.subject_id,
        job.state,
        job.attempt,
        job.progress or {},
        job.error,
        job.requested_at,
        job.started_at,
        job.finished_at,
        job.is_cancel_requested,
    )


def has_waiting_job(session: Session, now: datetime) -> bool:
    """True when some job waits, or its worker's lease has run out."""
    query = select(Job.id).where(claimable(now)).limit(1)
    return session.scalar(query) is not None


def count_unfinished_jobs(session: Session) -> int:
    """How many jobs wait or run (the readiness page shows it)."""
    query = select(func.count()).where(Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    return session.scalar(query) or 0


def claimable(now: datetime) -> ColumnElement[bool]:
    """The condition under which a worker may take a job."""
    return or_(Job.state == JobState.WAITING, (Job.state == JobState.RUNNING) & (Job.lease_until < now))
