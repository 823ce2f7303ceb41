"""Stored parts of co-agencies, and which lines of a version came from which part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.estimates.parts.rules import PartStatus
from finance.record_base import CodeColumn, JsonText, Record, UtcMoment, codes_check


class ProjectPart(Record):
    """What one co-agency does and asks in a project of another office; `lines` as the partner wrote them."""

    __tablename__ = "project_part"
    __table_args__ = (codes_check("status", PartStatus),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    status: Mapped[PartStatus] = mapped_column(CodeColumn(PartStatus))
    edit_number: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(Text, default="")
    signed_frame: Mapped[str] = mapped_column(String(64), default="")
    signed_lines: Mapped[str] = mapped_column(String(64), default="")
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class JoinedLine(Record):
    """A line of a version that came from a part when the version was handed on."""

    __tablename__ = "joined_line"
    __table_args__ = (UniqueConstraint("version_id", "project_key", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    part_id: Mapped[int] = mapped_column(ForeignKey("project_part.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
