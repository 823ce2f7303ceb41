"""The stored plan: one row an office and year, its versions, and what each version sets out to do.

A version is written while it is open and never after it was sent; comments hang on a sent version,
progress and projects hang on the activity's key, which stays the same over versions.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.plans.workflow import CommentKind, PlanStatus, ProgressState
from finance.record_base import CodeColumn, Record, ThousandthsColumn, UtcMoment, codes_check


class ReformPlan(Record):
    """The plan (kế hoạch cải cách hành chính) of one office for one year."""

    __tablename__ = "reform_plan"
    __table_args__ = (codes_check("status", PlanStatus), UniqueConstraint("agency_id", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    status: Mapped[PlanStatus] = mapped_column(CodeColumn(PlanStatus))
    version_number: Mapped[int] = mapped_column(default=1)
    edit_number: Mapped[int] = mapped_column(default=1)
    status_since: Mapped[datetime] = mapped_column(UtcMoment)


class PlanVersion(Record):
    """One version (lần) of a plan; frozen once sent."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("reform_plan.id"), index=True)
    number: Mapped[int]
    aims_vi: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)
    sent_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    sent_by: Mapped[str] = mapped_column(String(200), default="")
    sent_to: Mapped[str] = mapped_column(String(400), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    return_reason: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    agreed_by: Mapped[str] = mapped_column(String(200), default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")
    document_on: Mapped[date | None]
    issued_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    issued_by: Mapped[str] = mapped_column(String(200), default="")


class PlanActivity(Record):
    """An activity (hoạt động) of one version; `origin_*` name the office under this one that planned it."""

    __tablename__ = "plan_activity"
    __table_args__ = (UniqueConstraint("version_id", "activity_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)
    activity_key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    name_vi: Mapped[str] = mapped_column(Text)
    task_id: Mapped[int] = mapped_column(ForeignKey("programme_task.id"))
    product_vi: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    responsible_vi: Mapped[str] = mapped_column(String(300), default="")
    partners_vi: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    carried_from: Mapped[int | None]
    origin_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    origin_key: Mapped[str] = mapped_column(String(40), default="")


class PlanTarget(Record):
    """A target of the programme that an activity serves, and the value of this year."""

    __tablename__ = "plan_target"
    __table_args__ = (UniqueConstraint("activity_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("plan_activity.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))
    value_thousandths: Mapped[int | None] = mapped_column(ThousandthsColumn)
    words_vi: Mapped[str] = mapped_column(String(300), default="")


class PlanComment(Record):
    """What the appraising office says about an activity of a sent version, and the office's answer."""

    __tablename__ = "plan_comment"
    __table_args__ = (codes_check("kind", CommentKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("reform_plan.id"), index=True)
    version_number: Mapped[int]
    activity_key: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[CommentKind] = mapped_column(CodeColumn(CommentKind))
    words: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    given_at: Mapped[datetime] = mapped_column(UtcMoment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class PlanLink(Record):
    """A project of an estimate carries out an activity; a project counts for one activity only."""

    __tablename__ = "plan_link"
    __table_args__ = (UniqueConstraint("estimate_id", "project_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("reform_plan.id"), index=True)
    activity_key: Mapped[str] = mapped_column(String(40))
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    project_key: Mapped[str] = mapped_column(String(40))


class PlanProgress(Record):
    """How far an activity of an issued plan has come, as last recorded; earlier words are in the audit."""

    __tablename__ = "plan_progress"
    __table_args__ = (codes_check("state", ProgressState), UniqueConstraint("plan_id", "activity_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("reform_plan.id"), index=True)
    activity_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[ProgressState] = mapped_column(CodeColumn(ProgressState))
    words: Mapped[str] = mapped_column(Text, default="")
    person_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
