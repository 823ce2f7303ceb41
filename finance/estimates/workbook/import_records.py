"""Workbooks on their way: those looked at and not taken in yet, and what an import replaced, for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.record_base import Record, UtcMoment


class WaitingWorkbook(Record):
    """An uploaded workbook that is looked at; it goes when its time is over."""

    __tablename__ = "waiting_workbook"
    __table_args__ = (UniqueConstraint("estimate_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime] = mapped_column(UtcMoment)
    uploaded_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)


class WorkbookImport(Record):
    """One import: what the draft was before and after it, so that it can be undone for a day.

    `edit_number` is the estimate's after the import; later edits have higher ones. Moments here are
    the machine's: a day is a day, whatever date the round goes by.
    """

    __tablename__ = "workbook_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"))
    edit_number: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    before_text: Mapped[str] = mapped_column(Text)
    after_text: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(UtcMoment)
    taken_by: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcMoment)
