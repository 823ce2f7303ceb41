"""The stored estimate: one row an office and kind, its versions, and what each version asks.

A version is written while it is open and never after it is frozen; appraisals hang on the rows
of a frozen version. Asked, appraised, proposed and approved figures are separate rows for ever.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.estimates.levels import LevelCode
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.programme.classification import Nature, ProjectKind
from finance.record_base import CodeColumn, Record, ThousandthsColumn, UtcMoment, VndColumn, codes_check


class Estimate(Record):
    """The estimate of one office in one round. `edit_number` rises with every write."""

    __tablename__ = "estimate"
    __table_args__ = (
        codes_check("kind", EstimateKind),
        codes_check("status", EstimateStatus),
        UniqueConstraint("round_id", "agency_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[EstimateKind] = mapped_column(CodeColumn(EstimateKind))
    status: Mapped[EstimateStatus] = mapped_column(CodeColumn(EstimateStatus))
    version_number: Mapped[int] = mapped_column(default=1)
    edit_number: Mapped[int] = mapped_column(default=1)
    status_since: Mapped[datetime] = mapped_column(UtcMoment)


class EstimateVersion(Record):
    """One version (lần) of an estimate; frozen when signed, for ever once sent."""

    __tablename__ = "estimate_version"
    __table_args__ = (UniqueConstraint("estimate_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"), index=True)
    number: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)
    signed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    document_number: Mapped[str] = mapped_column(String(60), default="")
    document_on: Mapped[date | None]
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    return_reason: Mapped[str] = mapped_column(Text, default="")


class EstimateRecipient(Record):
    """An office to which a version was sent; printed under "Nơi nhận"."""

    __tablename__ = "estimate_recipient"
    __table_args__ = (UniqueConstraint("version_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    is_copy: Mapped[bool]


class EstimateProject(Record):
    """A scheme, project or task in one version; `project_key` stays the same over versions."""

    __tablename__ = "estimate_project"
    __table_args__ = (codes_check("kind", ProjectKind), UniqueConstraint("version_id", "project_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ProjectKind] = mapped_column(CodeColumn(ProjectKind))
    task_id: Mapped[int] = mapped_column(ForeignKey("programme_task.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    justification: Mapped[str] = mapped_column(Text, default="")


class ProjectTarget(Record):
    """A target the project serves."""

    __tablename__ = "project_target"
    __table_args__ = (UniqueConstraint("project_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))


class ProjectLevel(Record):
    """One ordered funding level of a project."""

    __tablename__ = "project_level"
    __table_args__ = (
        codes_check("code", LevelCode),
        UniqueConstraint("project_id", "ordinal"),
        UniqueConstraint("project_id", "code"),
        CheckConstraint("ordinal BETWEEN 1 AND 4", name="ordinal_1_to_4"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"), index=True)
    ordinal: Mapped[int]
    code: Mapped[LevelCode] = mapped_column(CodeColumn(LevelCode))


class CostLine(Record):
    """One cost line; its quantity stands per level in `line_quantity`."""

    __tablename__ = "cost_line"
    __table_args__ = (
        codes_check("nature", Nature),
        CheckConstraint("unit_price_vnd >= 0", name="price_not_negative"),
        CheckConstraint("frequency_thousandths > 0", name="frequency_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"), index=True)
    position: Mapped[int]
    item_vi: Mapped[str] = mapped_column(String(300))
    budget_code_id: Mapped[int | None] = mapped_column(ForeignKey("budget_code.id"))
    norm_id: Mapped[int | None] = mapped_column(ForeignKey("spending_norm.id"), index=True)
    over_norm_reason: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[int] = mapped_column(ForeignKey("funding_source.id"))
    nature: Mapped[Nature] = mapped_column(CodeColumn(Nature))
    year: Mapped[int]
    unit_name: Mapped[str] = mapped_column(String(60))
    unit_price_vnd: Mapped[int] = mapped_column(VndColumn)
    frequency_thousandths: Mapped[int] = mapped_column(ThousandthsColumn, default=1000)
    note: Mapped[str] = mapped_column(Text, default="")


class LineQuantity(Record):
    """The quantity of a line in one level and its amount, rounded half up once, here.

    A level that does not hold the line has quantity 0 and amount 0.
    """

    __tablename__ = "line_quantity"
    __table_args__ = (
        UniqueConstraint("line_id", "level_id"),
        CheckConstraint("quantity_thousandths >= 0", name="quantity_not_negative"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("cost_line.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("project_level.id"), index=True)
    quantity_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)
    amount_vnd: Mapped[int] = mapped_column(VndColumn)


class PromisedOutput(Record):
    """A result promised by one level in one year.

    `quantity_thousandths` counts for quantity outputs; coverage outputs name their units in
    `promised_unit`; milestones and deliverables name the component they deliver.
    """

    __tablename__ = "promised_output"
    __table_args__ = (
        UniqueConstraint("level_id", "output_id", "year", "component"),
        CheckConstraint("quantity_thousandths >= 0", name="quantity_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("project_level.id"), index=True)
    output_id: Mapped[int] = mapped_column(ForeignKey("round_output.id"))
    year: Mapped[int]
    component: Mapped[str] = mapped_column(String(40), default="")
    quantity_thousandths: Mapped[int] = mapped_column(ThousandthsColumn, default=0)


class PromisedUnit(Record):
    """A scope unit that a promised coverage names."""

    __tablename__ = "promised_unit"
    __table_args__ = (UniqueConstraint("promise_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promised_output.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("scope_unit.id"))


class UploadedWorkbook(Record):
    """A workbook as it came, kept with its hash beside what was read from it."""

    __tablename__ = "uploaded_workbook"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime] = mapped_column(UtcMoment)
    uploaded_by: Mapped[str] = mapped_column(String(200))
