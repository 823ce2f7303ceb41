"""Examples that stand beside a norm: a price on a day, and whether the norm allows it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from finance.norms.rules import ExampleVerdict
from finance.record_base import CodeColumn, Record, VndColumn, codes_check


class NormExample(Record):
    """One example of a norm's version; it held when the norm was stored and never changes."""

    __tablename__ = "norm_example"
    __table_args__ = (
        codes_check("verdict", ExampleVerdict),
        CheckConstraint("unit_price_vnd >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    norm_id: Mapped[int] = mapped_column(ForeignKey("spending_norm.id"), index=True)
    position: Mapped[int]
    unit_price_vnd: Mapped[int] = mapped_column(VndColumn)
    on_date: Mapped[date]
    level_code: Mapped[str] = mapped_column(String(20), default="")
    verdict: Mapped[ExampleVerdict] = mapped_column(CodeColumn(ExampleVerdict))
