"""An estimate handed to the office that consolidates, and the projects that came into its own from there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.estimates.handing_up.states import HandoverState
from finance.record_base import CodeColumn, Record, UtcMoment, codes_check


class EstimateHandover(Record):
    """One signed version in the hands of the office above; a new version is handed up anew."""

    __tablename__ = "estimate_handover"
    __table_args__ = (codes_check("state", HandoverState), UniqueConstraint("version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"))
    upper_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[HandoverState] = mapped_column(CodeColumn(HandoverState))
    offered_at: Mapped[datetime] = mapped_column(UtcMoment)
    offered_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    settled_by: Mapped[str] = mapped_column(String(200), default="")


class TakenProject(Record):
    """A project of an upper office's estimate that an office below asked for; the key stays over versions."""

    __tablename__ = "taken_project"
    __table_args__ = (UniqueConstraint("estimate_id", "project_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    handover_id: Mapped[int] = mapped_column(ForeignKey("estimate_handover.id"), index=True)
    origin_key: Mapped[str] = mapped_column(String(40))
