"""What is remembered of a copied project: where it came from and which figures came with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.record_base import JsonText, Record, ThousandthsColumn, UtcMoment


class CopiedProject(Record):
    """A project of an estimate that began as a copy.

    `origin` is the project as it stood where it was copied from, `copied` as it came into the draft:
    a line that still stands as it came was not looked at yet, until somebody confirms the rest.
    """

    __tablename__ = "copied_project"
    __table_args__ = (UniqueConstraint("estimate_id", "project_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    origin_label: Mapped[str] = mapped_column(String(300))
    origin: Mapped[dict[str, Any]] = mapped_column(JsonText)
    copied: Mapped[dict[str, Any]] = mapped_column(JsonText)
    price_percent_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)
    price_basis: Mapped[str] = mapped_column(String(300))
    copied_at: Mapped[datetime] = mapped_column(UtcMoment)
    copied_by: Mapped[str] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")
