"""The stored programme: everything the decision and the classification fix, each row with its source."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.programme.classification import BodyRole, Nature, Operator, OutputKind
from finance.record_base import CodeColumn, JsonText, Record, ThousandthsColumn, VndColumn, codes_check


class ReformArea(Record):
    """One of the six contents of reform (decision section III.1-6)."""

    __tablename__ = "reform_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))


class Target(Record):
    """A target (mục tiêu) of section II, or of the pilots of III.6.a."""

    __tablename__ = "target"
    __table_args__ = (codes_check("kind", OutputKind), codes_check("operator", Operator))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    sort: Mapped[int]
    period: Mapped[str] = mapped_column(String(20))
    area_id: Mapped[int] = mapped_column(ForeignKey("reform_area.id"))
    kind: Mapped[OutputKind] = mapped_column(CodeColumn(OutputKind))
    name_vi: Mapped[str] = mapped_column(String(300))
    unit_name: Mapped[str] = mapped_column(String(60))
    scope_vi: Mapped[str] = mapped_column(String(120))
    operator: Mapped[Operator] = mapped_column(CodeColumn(Operator))
    value_thousandths: Mapped[int | None] = mapped_column(ThousandthsColumn)
    year: Mapped[int]
    quarter: Mapped[int | None]
    is_year_explicit: Mapped[bool]
    is_ambiguous: Mapped[bool]
    exception_vi: Mapped[str] = mapped_column(String(300))
    follows_code: Mapped[str | None] = mapped_column(String(20))
    components: Mapped[list[str]] = mapped_column(JsonText, default=list)
    source_line: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)


class ProgrammeTask(Record):
    """A task (nhiệm vụ) of the annex 2011-2015."""

    __tablename__ = "programme_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    sort: Mapped[int]
    area_id: Mapped[int] = mapped_column(ForeignKey("reform_area.id"))
    name_vi: Mapped[str] = mapped_column(String(300))
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]
    deadline_vi: Mapped[str] = mapped_column(String(300))
    deliverables_vi: Mapped[str] = mapped_column(Text)
    needs_it_opinion: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))


class TaskDeliverable(Record):
    """A product an annex task must hand over; a task without a numbered target is scored by it."""

    __tablename__ = "task_deliverable"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("programme_task.id"), index=True)
    name_vi: Mapped[str] = mapped_column(String(300))
    year: Mapped[int]
    quarter: Mapped[int | None]
    is_year_explicit: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))


class TaskBody(Record):
    """An office or a group of offices with a role in a task."""

    __tablename__ = "task_body"
    __table_args__ = (codes_check("role", BodyRole), UniqueConstraint("task_id", "role", "body_code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("programme_task.id"), index=True)
    role: Mapped[BodyRole] = mapped_column(CodeColumn(BodyRole))
    body_code: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))


class TaskTarget(Record):
    """A task serves a target."""

    __tablename__ = "task_target"
    __table_args__ = (UniqueConstraint("task_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("programme_task.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))


class FundingSource(Record):
    """A funding source (nguồn kinh phí) of section VI."""

    __tablename__ = "funding_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    sort: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(200))
    nature: Mapped[Nature] = mapped_column(CodeColumn(Nature))
    level_code: Mapped[str] = mapped_column(String(20))
    enters_pool: Mapped[bool]
    is_certain: Mapped[bool]
    source: Mapped[str] = mapped_column(String(200))


class BudgetCode(Record):
    """One code of the state budget classification (mục lục ngân sách), text with its zeros."""

    __tablename__ = "budget_code"
    __table_args__ = (UniqueConstraint("segment", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    segment: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    name_vi: Mapped[str] = mapped_column(String(200))
    is_confirmed: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)


class SpendingNorm(Record):
    """A spending norm (định mức chi): the most that one unit of an item may cost, by dates.

    One row is one version: a changed norm is a new row that names the code it replaces, so that a cost
    line keeps the version it was estimated by. `is_kept_here` marks what was written or ended on the
    pages: loading the reference files leaves it alone.
    """

    __tablename__ = "spending_norm"
    __table_args__ = (CheckConstraint("max_vnd > 0", name="max_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    item_vi: Mapped[str] = mapped_column(String(300))
    unit_name: Mapped[str] = mapped_column(String(80))
    max_vnd: Mapped[int] = mapped_column(VndColumn)
    legal_reference: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    is_confirmed: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    level_code: Mapped[str] = mapped_column(String(20), default="")
    is_firm: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[str] = mapped_column(String(200), default="")
    ended_by: Mapped[str] = mapped_column(String(300), default="")
    replaces_code: Mapped[str] = mapped_column(String(20), default="")
    is_kept_here: Mapped[bool] = mapped_column(default=False)
    edit_number: Mapped[int] = mapped_column(default=1)
