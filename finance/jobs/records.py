"""The stored job: one row is the truth about one piece of work, whoever carries it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from finance.labels import LabelledEnum
from finance.record_base import CodeColumn, JsonText, Record, UtcMoment, codes_check


class JobState(LabelledEnum):
    """Where a job stands."""

    WAITING = "WAITING", "đang chờ"
    RUNNING = "RUNNING", "đang chạy"
    DONE = "DONE", "đã xong"
    FAILED = "FAILED", "không hoàn thành"
    CANCELLED = "CANCELLED", "đã dừng"


class Job(Record):
    """A piece of work claimed by lease; `attempt` fences off a worker whose lease ran out."""

    __tablename__ = "job"
    __table_args__ = (codes_check("state", JobState), Index("ix_job_state_id", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    state: Mapped[JobState] = mapped_column(CodeColumn(JobState), default=JobState.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcMoment)
    progress: Mapped[Any] = mapped_column(JsonText, default=dict)
    is_cancel_requested: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(Text, default="")
    requested_by_id: Mapped[int]
    requested_at: Mapped[datetime] = mapped_column(UtcMoment)
    started_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    finished_at: Mapped[datetime | None] = mapped_column(UtcMoment)
