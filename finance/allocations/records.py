"""The stored decision: what was proposed, what was awarded, why it differs, and who approved."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.allocations.rules import DecisionStatus
from finance.programme.classification import Nature
from finance.record_base import CodeColumn, JsonText, Record, UtcMoment, VndColumn, codes_check


class AllocationDecision(Record):
    """The decision on one round (quyết định phân bổ), from an adopted run to the signed number."""

    __tablename__ = "allocation_decision"
    __table_args__ = (
        codes_check("status", DecisionStatus),
        UniqueConstraint("round_id"),
        CheckConstraint(
            "status <> 'APPROVED' OR (number <> '' AND signed_on IS NOT NULL)", name="approved_is_numbered"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("scenario_run.id"))
    status: Mapped[DecisionStatus] = mapped_column(CodeColumn(DecisionStatus))
    edit_number: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(60), default="")
    signed_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(String(200), default="")
    approved_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    return_reason: Mapped[str] = mapped_column(Text, default="")


class Award(Record):
    """What one project is given: a level or nothing; a departure from the plan needs a reason."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("decision_id", "project_id"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("allocation_decision.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"), index=True)
    proposed_level_id: Mapped[int | None] = mapped_column(ForeignKey("project_level.id"))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("project_level.id"))
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
    is_unmeasured: Mapped[bool] = mapped_column(default=False)
    departure_reason: Mapped[str] = mapped_column(Text, default="")
    verdict_vi: Mapped[str] = mapped_column(String(120), default="")
    sentences_vi: Mapped[list[str]] = mapped_column(JsonText, default=list)


class AwardMoney(Record):
    """An award split by source, nature and year; the parts sum to the award."""

    __tablename__ = "award_money"
    __table_args__ = (
        codes_check("nature", Nature),
        UniqueConstraint("award_id", "source_id", "nature", "year"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("funding_source.id"))
    nature: Mapped[Nature] = mapped_column(CodeColumn(Nature))
    year: Mapped[int]
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
