"""The stored round: money there is, money indicated, and what the results are measured against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.programme.classification import Nature, OutputKind
from finance.record_base import (
    CodeColumn,
    JsonText,
    Record,
    ThousandthsColumn,
    UtcMoment,
    VndColumn,
    codes_check,
)
from finance.rounds.rules import RoundKind, RoundStage


class BudgetRound(Record):
    """One estimate round (đợt lập dự toán) of a fiscal year."""

    __tablename__ = "budget_round"
    __table_args__ = (
        codes_check("kind", RoundKind),
        CheckConstraint("last_year >= fiscal_year", name="years_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    fiscal_year: Mapped[int]
    last_year: Mapped[int]
    kind: Mapped[RoundKind] = mapped_column(CodeColumn(RoundKind))
    is_open: Mapped[bool] = mapped_column(default=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    is_practice: Mapped[bool] = mapped_column(default=False)
    business_on: Mapped[date | None]
    edit_number: Mapped[int] = mapped_column(default=1)


class RoundDeadline(Record):
    """The last instant of a stage."""

    __tablename__ = "round_deadline"
    __table_args__ = (codes_check("stage", RoundStage), UniqueConstraint("round_id", "stage"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    stage: Mapped[RoundStage] = mapped_column(CodeColumn(RoundStage))
    due_at: Mapped[datetime] = mapped_column(UtcMoment)


class DeadlineExtension(Record):
    """A longer time to send, for one named office with its reason; the newest row of an office counts."""

    __tablename__ = "deadline_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    until_at: Mapped[datetime] = mapped_column(UtcMoment)
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = mapped_column(UtcMoment)
    granted_by: Mapped[str] = mapped_column(String(200))


class LowerDeadline(Record):
    """Until when offices hand their estimates to the one that consolidates; its newest row counts."""

    __tablename__ = "lower_deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    due_at: Mapped[datetime] = mapped_column(UtcMoment)
    set_at: Mapped[datetime] = mapped_column(UtcMoment)
    set_by: Mapped[str] = mapped_column(String(200))


class OfficeReminder(Record):
    """The appraising office reminded an office of the deadline."""

    __tablename__ = "office_reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcMoment)
    sent_by: Mapped[str] = mapped_column(String(200))


class Ceiling(Record):
    """The control figure (số kiểm tra) of one office from one source."""

    __tablename__ = "ceiling"
    __table_args__ = (
        UniqueConstraint("round_id", "agency_id", "source_id"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("funding_source.id"))
    amount_vnd: Mapped[int] = mapped_column(VndColumn)


class Envelope(Record):
    """The money there is (khả năng cân đối) from one source, nature and year.

    `contingency_vnd` is kept back; `unmeasured_vnd` is the line decided by hand for projects
    whose result cannot yet be measured. The rest is allocated by results.
    """

    __tablename__ = "envelope"
    __table_args__ = (
        codes_check("nature", Nature),
        UniqueConstraint("round_id", "source_id", "nature", "year"),
        CheckConstraint("contingency_vnd >= 0 AND unmeasured_vnd >= 0", name="parts_not_negative"),
        CheckConstraint("amount_vnd >= contingency_vnd + unmeasured_vnd", name="parts_within_amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("funding_source.id"))
    nature: Mapped[Nature] = mapped_column(CodeColumn(Nature))
    year: Mapped[int]
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
    contingency_vnd: Mapped[int] = mapped_column(VndColumn, default=0)
    unmeasured_vnd: Mapped[int] = mapped_column(VndColumn, default=0)


class ScopeUnit(Record):
    """A named unit that coverage is counted in: a commune, a department, a procedure."""

    __tablename__ = "scope_unit"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(600))


class RoundOutput(Record):
    """A result of this round's catalogue with its measured baseline.

    The baseline comes from the monitoring office with source and date, never from the bidder.
    `curve` is a list of [share of the way, share of the weight] pairs in thousandths; `components`
    a list of {"code", "name_vi"} that must all be there for a unit or milestone to count.
    """

    __tablename__ = "round_output"
    __table_args__ = (codes_check("kind", OutputKind), UniqueConstraint("round_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    code: Mapped[str] = mapped_column(String(40))
    sort: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(300))
    kind: Mapped[OutputKind] = mapped_column(CodeColumn(OutputKind))
    unit_name: Mapped[str] = mapped_column(String(60))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("programme_task.id"))
    start_thousandths: Mapped[int] = mapped_column(ThousandthsColumn, default=0)
    baseline_thousandths: Mapped[int] = mapped_column(ThousandthsColumn, default=0)
    target_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)
    year: Mapped[int]
    follows_code: Mapped[str | None] = mapped_column(String(40))
    curve: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    components: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    measured_on: Mapped[date | None]
    measured_source: Mapped[str] = mapped_column(Text, default="")
    is_invented: Mapped[bool] = mapped_column(default=False)


class RoundOutputUnit(Record):
    """A unit within an output's scope: exempt, or already holding some components."""

    __tablename__ = "round_output_unit"
    __table_args__ = (UniqueConstraint("output_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    output_id: Mapped[int] = mapped_column(ForeignKey("round_output.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("scope_unit.id"))
    is_exempt: Mapped[bool] = mapped_column(default=False)
    reached_components: Mapped[list[str]] = mapped_column(JsonText, default=list)
