"""Stored scenarios, their settings, their runs and what each run proposed. Runs never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from finance.record_base import (
    CodeColumn,
    JsonText,
    Record,
    ThousandthsColumn,
    UtcMoment,
    VndColumn,
    codes_check,
)
from finance.scenarios.rules import LinkKind, LockKind, RunOutcome


class Scenario(Record):
    """One set of weights, limits, locks and links (phương án phân bổ)."""

    __tablename__ = "scenario"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("budget_round.id"), index=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    purpose_vi: Mapped[str] = mapped_column(Text, default="")
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    edit_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    created_by: Mapped[str] = mapped_column(String(200))


class ScenarioWeight(Record):
    """Points given to one output of the round; they sum to 100 over the scenario."""

    __tablename__ = "scenario_weight"
    __table_args__ = (
        UniqueConstraint("scenario_id", "output_id"),
        CheckConstraint("weight_thousandths >= 0", name="weight_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    output_id: Mapped[int] = mapped_column(ForeignKey("round_output.id"))
    weight_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)


class ScenarioLimit(Record):
    """A floor or ceiling in đồng on any mix of office, area, source, nature and year."""

    __tablename__ = "scenario_limit"
    __table_args__ = (
        CheckConstraint("at_least_vnd IS NOT NULL OR at_most_vnd IS NOT NULL", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    words_vi: Mapped[str] = mapped_column(String(300))
    legal_reference: Mapped[str] = mapped_column(String(200), default="")
    applies_to: Mapped[dict[str, Any]] = mapped_column(JsonText)
    at_least_vnd: Mapped[int | None] = mapped_column(VndColumn)
    at_most_vnd: Mapped[int | None] = mapped_column(VndColumn)
    is_hard: Mapped[bool] = mapped_column(default=True)


class ScenarioLock(Record):
    """A project committed, pinned to a level or barred, with the reason."""

    __tablename__ = "scenario_lock"
    __table_args__ = (codes_check("kind", LockKind), UniqueConstraint("scenario_id", "project_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"))
    kind: Mapped[LockKind] = mapped_column(CodeColumn(LockKind))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("project_level.id"))
    reason_vi: Mapped[str] = mapped_column(Text)


class ScenarioLink(Record):
    """A rule between projects: `project_ids` in order (REQUIRES: the one that needs, then the needed)."""

    __tablename__ = "scenario_link"
    __table_args__ = (codes_check("kind", LinkKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(CodeColumn(LinkKind))
    project_ids: Mapped[list[int]] = mapped_column(JsonText)
    reason_vi: Mapped[str] = mapped_column(Text, default="")


class ScenarioRun(Record):
    """One run: the whole question, the whole answer, and how honest the answer is.

    `problem` is the frozen question (phanbo-problem/1) with the projects behind its candidates
    (`frozen_question`), `problem_hash` the question's SHA-256; a plan may be adopted only while the
    present data still give the same hash. `plan` is the plan (phanbo-plan/1) with the plain ranking
    beside it, or empty. Filled once, by `plan_recorder`.
    """

    __tablename__ = "scenario_run"
    __table_args__ = (codes_check("outcome", RunOutcome),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), unique=True)
    requested_at: Mapped[datetime] = mapped_column(UtcMoment)
    requested_by: Mapped[str] = mapped_column(String(200))
    problem: Mapped[Any] = mapped_column(JsonText)
    problem_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[RunOutcome | None] = mapped_column(CodeColumn(RunOutcome))
    plan: Mapped[Any] = mapped_column(JsonText)
    findings_vi: Mapped[list[str]] = mapped_column(JsonText, default=list)
    finished_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class ProposedAward(Record):
    """What a run proposes for one project: a level with its amount, or none, and why."""

    __tablename__ = "proposed_award"
    __table_args__ = (
        UniqueConstraint("run_id", "project_id"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scenario_run.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("estimate_project.id"))
    level_id: Mapped[int | None] = mapped_column(ForeignKey("project_level.id"))
    amount_vnd: Mapped[int] = mapped_column(VndColumn)
    is_unmeasured: Mapped[bool] = mapped_column(default=False)
    verdict_vi: Mapped[str] = mapped_column(String(120), default="")
    sentences_vi: Mapped[list[str]] = mapped_column(JsonText, default=list)
    facts: Mapped[Any] = mapped_column(JsonText)
