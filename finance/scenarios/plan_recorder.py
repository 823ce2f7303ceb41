"""Storing what a run found: the audited plan and one proposed award per project, exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.rounds.queries import business_moment_of
from finance.scenarios.award_reasons import AwardReason, plain_reason
from finance.scenarios.frozen_question import FrozenProject, Standing, thaw_projects
from finance.scenarios.records import ProposedAward, Scenario, ScenarioRun
from finance.scenarios.rules import RunOutcome
from optimizer.exchange import plan_to_json, problem_from_json
from optimizer.plan import AllocationPlan
from optimizer.verify import verify_plan

MACHINE_NAME = "Tiến trình tính toán"


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """What the computation brought back.

    Attributes:
        plan: the best plan, or None.
        reasons: why in or out, by candidate id.
        value_for_money: level id by candidate id of the plain ranking beside the plan.
        words_vi: what a person must know: conflicts, mistakes, why it stopped.
    """

    outcome: RunOutcome
    plan: AllocationPlan | None = None
    reasons: Mapping[str, AwardReason] = field(default_factory=dict)
    value_for_money: Mapping[str, str] = field(default_factory=dict)
    words_vi: tuple[str, ...] = ()


def record_plan(session: Session, run_id: int, *, answer: RunAnswer, recorded_at: datetime) -> bool:
    """Store the answer of a run and its proposed awards, once.

    The plan is audited again here, in whole đồng and without any solver, against the frozen question; a
    plan the audit refuses is not stored.

    Args:
        session: open write session in which the caller has ended the job by its attempt.
        run_id: the run.
        answer: from the computation.
        recorded_at: machine time, aware.

    Returns:
        False when the run was answered before; nothing is changed then.
    """
    run = session.get_one(ScenarioRun, run_id, with_for_update=True)
    if run.outcome is not None:
        return False
    answer = _audited(run.problem, answer)
    run.outcome = answer.outcome
    run.findings_vi = list(answer.words_vi)
    run.finished_at = recorded_at
    if answer.plan is not None:
        run.plan = {"plan": plan_to_json(answer.plan), "value_for_money": dict(answer.value_for_money)}
        for project in thaw_projects(run.problem):
            session.add(_proposed_award(run.id, project, answer))
    _write_audit_row(session, run, recorded_at)
    return True


def _audited(frozen: Mapping[str, Any], answer: RunAnswer) -> RunAnswer:
    """The answer, or a failure in words when the exact audit refuses its plan."""
    if answer.plan is None:
        return answer
    report = verify_plan(problem_from_json(dict(frozen["question"])), answer.plan)
    if report.is_kept:
        return answer
    words = tuple(f"Kiểm toán chính xác từ chối phương án: {broken.words}" for broken in report.broken)
    return RunAnswer(RunOutcome.FAILED, words_vi=words)


def _proposed_award(run_id: int, project: FrozenProject, answer: RunAnswer) -> ProposedAward:
    chosen = answer.plan.level_ids.get(project.candidate_id) if answer.plan else None
    level = project.level_chosen(chosen)
    reason = answer.reasons.get(project.candidate_id) or plain_reason(project)
    return ProposedAward(
        run_id=run_id,
        project_id=project.project_id,
        level_id=level.id if level else None,
        amount_vnd=level.appraised_vnd if level else 0,
        is_unmeasured=project.standing is Standing.UNMEASURED,
        verdict_vi=reason.verdict_vi,
        sentences_vi=list(reason.sentences_vi),
        facts=reason.facts,
    )


def _write_audit_row(session: Session, run: ScenarioRun, recorded_at: datetime) -> None:
    scenario = session.get_one(Scenario, run.scenario_id)
    actor = Actor(0, MACHINE_NAME, (), business_moment_of(session, recorded_at))
    outcome = run.outcome.label_vi if run.outcome else ""
    change = Change(to_state=outcome, details={"run": run.id, "problem_hash": run.problem_hash})
    subject = Subject("scenario", scenario.id, scenario.name_vi)
    record_change(session, actor, Action.RECORD_RUN, subject, seat=None, change=change)
