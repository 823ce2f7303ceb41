"""Stored files and the places they are attached to. The bytes themselves lie in `store`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.attachments.rules import FileKind, ScanState
from finance.record_base import CodeColumn, Record, UtcMoment, codes_check


class StoredFile(Record):
    """One content, however often it is attached; what a scanner said of it."""

    __tablename__ = "stored_file"
    __table_args__ = (
        codes_check("kind", FileKind),
        codes_check("scan_state", ScanState),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(CodeColumn(FileKind))
    scan_state: Mapped[ScanState] = mapped_column(CodeColumn(ScanState))
    scan_words: Mapped[str] = mapped_column(String(300), default="")
    scanned_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class AttachedFile(Record):
    """A file attached to a project of a version as a paper of some kind.

    Frozen with its version: rows of a signed or sent version are neither added nor removed.
    """

    __tablename__ = "attached_file"
    __table_args__ = (UniqueConstraint("version_id", "project_key", "paper_code", "file_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    paper_code: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    attached_at: Mapped[datetime] = mapped_column(UtcMoment)
    attached_by: Mapped[str] = mapped_column(String(200))
