"""From which day a warning blocks: one row for each time somebody set it, the newest counts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from finance.record_base import Record, UtcMoment


class RuleDate(Record):
    """A day set for a rule, or taken back (no day). Rows are only added."""

    __tablename__ = "rule_date"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), index=True)
    blocks_from: Mapped[date | None]
    legal_reference: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcMoment)
