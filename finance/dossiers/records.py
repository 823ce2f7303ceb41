"""Stored dossiers: one a version and project, with its answers, results, earlier years and later costs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.dossiers.rules import AfterCosts, Continuity, OutturnKind, ResultCondition
from finance.findings import Severity
from finance.programme.classification import Nature, ProjectKind
from finance.record_base import CodeColumn, Record, ThousandthsColumn, UtcMoment, VndColumn, codes_check


class ProjectDossier(Record):
    """What proves one project of a version; `project_key` as in the version's projects.

    A project taken out of the draft keeps its dossier, so that putting it back loses nothing.
    """

    __tablename__ = "project_dossier"
    __table_args__ = (
        codes_check("continuity", Continuity),
        codes_check("after_costs", AfterCosts),
        UniqueConstraint("version_id", "project_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    project_key: Mapped[str] = mapped_column(String(40))
    minimum_level: Mapped[str] = mapped_column(String(40), default="")
    minimum_reason: Mapped[str] = mapped_column(Text, default="")
    continuity: Mapped[Continuity] = mapped_column(CodeColumn(Continuity))
    after_costs: Mapped[AfterCosts] = mapped_column(CodeColumn(AfterCosts))
    savings_vnd: Mapped[int | None] = mapped_column(VndColumn)
    savings_note: Mapped[str] = mapped_column(Text, default="")


class DossierCondition(Record):
    """One of the four conditions, answered."""

    __tablename__ = "dossier_condition"
    __table_args__ = (codes_check("condition", ResultCondition), UniqueConstraint("dossier_id", "condition"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("project_dossier.id"), index=True)
    condition: Mapped[ResultCondition] = mapped_column(CodeColumn(ResultCondition))
    is_met: Mapped[bool | None]
    evidence: Mapped[str] = mapped_column(Text, default="")


class DossierOutput(Record):
    """Baseline and verification of one promised result."""

    __tablename__ = "dossier_output"
    __table_args__ = (UniqueConstraint("dossier_id", "output_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("project_dossier.id"), index=True)
    output_code: Mapped[str] = mapped_column(String(40))
    is_unmeasured: Mapped[bool]
    baseline_thousandths: Mapped[int | None] = mapped_column(ThousandthsColumn)
    baseline_on: Mapped[date | None]
    baseline_source: Mapped[str] = mapped_column(Text, default="")
    data_source: Mapped[str] = mapped_column(Text, default="")
    verification: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(200), default="")


class DossierOutturn(Record):
    """Money of an earlier year with its cut-off date and method."""

    __tablename__ = "dossier_outturn"
    __table_args__ = (
        codes_check("kind", OutturnKind),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
        UniqueConstraint("dossier_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("project_dossier.id"), index=True)
    kind: Mapped[OutturnKind] = mapped_column(CodeColumn(OutturnKind))
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
    cut_off_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(Text, default="")


class DossierRunningCost(Record):
    """A cost a year that stays after the project."""

    __tablename__ = "dossier_running_cost"
    __table_args__ = (
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
        UniqueConstraint("dossier_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("project_dossier.id"), index=True)
    position: Mapped[int]
    item_vi: Mapped[str] = mapped_column(String(300))
    first_year: Mapped[int]
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
    source_vi: Mapped[str] = mapped_column(String(200), default="")
    payer_vi: Mapped[str] = mapped_column(String(200), default="")


class RequiredPaper(Record):
    """A paper asked for between two dates; loaded from a file, never changed in place."""

    __tablename__ = "required_paper"
    __table_args__ = (
        codes_check("project_kind", ProjectKind),
        codes_check("nature", Nature),
        codes_check("severity", Severity),
        CheckConstraint("least_vnd >= 0", name="least_not_negative"),
        UniqueConstraint("code", "project_kind", "nature", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    project_kind: Mapped[ProjectKind | None] = mapped_column(CodeColumn(ProjectKind))
    nature: Mapped[Nature | None] = mapped_column(CodeColumn(Nature))
    least_vnd: Mapped[int] = mapped_column(VndColumn)
    only_continuing: Mapped[bool]
    severity: Mapped[Severity] = mapped_column(CodeColumn(Severity))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    legal_reference: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")


class PassedWarning(Record):
    """A warning let stand for a stated reason; valid as long as the warning says the same words."""

    __tablename__ = "passed_warning"
    __table_args__ = (UniqueConstraint("version_id", "code", "words_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    words_hash: Mapped[str] = mapped_column(String(64))
    message_vi: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    passed_at: Mapped[datetime] = mapped_column(UtcMoment)
    passed_by: Mapped[str] = mapped_column(String(200))


class DossierSeal(Record):
    """The hash of all dossiers, papers and reasons of a version, taken when it was signed."""

    __tablename__ = "dossier_seal"

    version_id: Mapped[int] = mapped_column(ForeignKey("estimate_version.id"), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
