"""Stored opinions and appraised figures. They stand beside the asked figures and never replace them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.actors import Function
from finance.record_base import CodeColumn, Record, ThousandthsColumn, UtcMoment, VndColumn, codes_check
from finance.reviews.rules import CutReason, Verdict


class Opinion(Record):
    """What one function says of one project of one frozen version."""

    __tablename__ = "opinion"
    __table_args__ = (
        codes_check("function", Function),
        codes_check("verdict", Verdict),
        UniqueConstraint("project_id", "function"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"), index=True)
    function: Mapped[Function] = mapped_column(CodeColumn(Function))
    verdict: Mapped[Verdict] = mapped_column(CodeColumn(Verdict))
    words: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(UtcMoment)


class LineAppraisal(Record):
    """The appraised price of a cost line, its ground and words; quantities stand per level."""

    __tablename__ = "line_appraisal"
    __table_args__ = (
        codes_check("reason", CutReason),
        CheckConstraint("unit_price_vnd >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("cost_line.id"), unique=True)
    unit_price_vnd: Mapped[int] = mapped_column(VndColumn)
    reason: Mapped[CutReason | None] = mapped_column(CodeColumn(CutReason))
    words: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    appraised_at: Mapped[datetime] = mapped_column(UtcMoment)


class QuantityAppraisal(Record):
    """The appraised quantity of a line in one level and its amount, rounded half up once."""

    __tablename__ = "quantity_appraisal"
    __table_args__ = (
        UniqueConstraint("appraisal_id", "level_id"),
        CheckConstraint("quantity_thousandths >= 0 AND amount_vnd >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("line_appraisal.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("project_level.id"))
    quantity_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)
    amount_vnd: Mapped[int] = mapped_column(VndColumn)


class OutputAppraisal(Record):
    """What is accepted of a promised result: the quantity, and for coverage the accepted units."""

    __tablename__ = "output_appraisal"
    __table_args__ = (CheckConstraint("quantity_thousandths >= 0", name="quantity_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promised_output.id"), unique=True)
    is_accepted: Mapped[bool]
    quantity_thousandths: Mapped[int] = mapped_column(ThousandthsColumn, default=0)
    words: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    appraised_at: Mapped[datetime] = mapped_column(UtcMoment)


class RefusedUnit(Record):
    """A promised scope unit that the appraisal did not accept."""

    __tablename__ = "refused_unit"
    __table_args__ = (UniqueConstraint("appraisal_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("output_appraisal.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("scope_unit.id"))
