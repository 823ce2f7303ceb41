"""Reading runs: how far, how honest, what is proposed, what it reaches, what it costs, how two differ.

Everything about a finished run is read from what the run itself keeps, never from data that may change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.errors import NotFound, RuleBroken
from finance.jobs.queries import JobRow, job_status
from finance.jobs.records import JobState
from finance.permissions import require
from finance.scenarios.frozen_question import (
    FrozenProject,
    Standing,
    freeze_question,
    level_label,
    thaw_projects,
)
from finance.scenarios.problem_builder import build_problem
from finance.scenarios.records import ProposedAward, Scenario, ScenarioRun
from finance.scenarios.rules import RunOutcome, outcome_sentence


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: who asked, how far it is, how it ended and how sure the answer is.

    Attributes:
        outcome_vi: one honest sentence with points, bound and gap.
        score_thousandths: points of the plan, in thousandths; None without a plan.
        gap_thousandths: no plan scores more than this above it, rounded up; None when unknown.
    """

    id: int
    scenario_id: int
    scenario_name: str
    round_id: int
    job: JobRow
    requested_at: datetime
    requested_by: str
    finished_at: datetime | None
    outcome: RunOutcome | None
    outcome_vi: str
    score_thousandths: int | None
    gap_thousandths: int | None
    findings_vi: tuple[str, ...]
    problem_hash: str

    @property
    def is_waiting(self) -> bool:
        """True until a worker has taken the run."""
        return self.job.state is JobState.WAITING

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen."""
        return self.outcome is not None or self.job.is_over

    @property
    def has_plan(self) -> bool:
        """True when there is something to read and adopt."""
        return self.score_thousandths is not None


@dataclass(frozen=True, slots=True)
class RivalRow:
    """A project whose level would change if the opposite were decided; empty label = not funded."""

    name_vi: str
    agency_short: str
    before_vi: str
    after_vi: str


@dataclass(frozen=True, slots=True)
class ProposedAwardRow:
    """What a run proposes for one project; amounts in đồng, from the pool's sources only.

    Attributes:
        level_vi: proposed level, empty for none.
        ranking_level_vi: the level in the plain value-for-money ranking, empty for none.
        facts: verdict, proof and points of the explanation, in whole thousandths; empty without one.
        rivals: what would change in the best plan with the opposite decision.
    """

    project_id: int
    candidate_id: str
    standing: Standing
    agency_id: int
    agency_short: str
    name_vi: str
    area_code: str
    priority: int
    asked_vnd: int
    appraised_vnd: int
    proposed_vnd: int
    level_id: int | None
    level_vi: str
    ranking_level_vi: str
    verdict_vi: str
    sentences_vi: tuple[str, ...]
    facts: Mapping[str, Any]
    rivals: tuple[RivalRow, ...]

    @property
    def differs_from_ranking(self) -> bool:
        """True when the plain ranking would decide otherwise."""
        return self.standing is Standing.CHOICE and self.level_vi != self.ranking_level_vi


@dataclass(frozen=True, slots=True)
class AwardChange:
    """One project in two runs; amounts in đồng, None where the run did not know the project."""

    name_vi: str
    agency_short: str
    first_level_vi: str
    first_vnd: int | None
    second_level_vi: str
    second_vnd: int | None

    @property
    def is_changed(self) -> bool:
        """True when level or amount differ."""
        return (self.first_level_vi, self.first_vnd) != (self.second_level_vi, self.second_vnd)

    @property
    def difference_vnd(self) -> int:
        """Second less first, đồng; an unknown project counts as 0."""
        return (self.second_vnd or 0) - (self.first_vnd or 0)


def get_run(session: Session, run_id: int) -> ScenarioRun:
    """The stored run with this id.

    Raises:
        NotFound: no such run.
    """
    run = session.get(ScenarioRun, run_id)
    if run is None:
        raise NotFound("lượt chạy", run_id)
    return run


def run_row(session: Session, actor: Actor, run_id: int) -> RunRow:
    """One run.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    return _run_row(session, run, session.get_one(Scenario, run.scenario_id))


def list_runs(session: Session, actor: Actor, scenario_id: int) -> list[RunRow]:
    """Runs of a scenario, newest first.

    Raises:
        NotAllowed: the actor may not see scenarios.
    """
    require(actor, Action.VIEW_SCENARIOS)
    query = select(ScenarioRun).where(ScenarioRun.scenario_id == scenario_id).order_by(ScenarioRun.id.desc())
    scenario = session.get_one(Scenario, scenario_id)
    return [_run_row(session, run, scenario) for run in session.scalars(query)]


def list_round_runs(session: Session, actor: Actor, round_id: int) -> list[RunRow]:
    """Finished runs with a plan in all scenarios of a round, newest first.

    Raises:
        NotAllowed: the actor may not see scenarios.
    """
    require(actor, Action.VIEW_SCENARIOS)
    query = (
        select(ScenarioRun, Scenario)
        .join(Scenario, Scenario.id == ScenarioRun.scenario_id)
        .where(Scenario.round_id == round_id)
        .order_by(ScenarioRun.id.desc())
    )
    rows = [_run_row(session, run, scenario) for run, scenario in session.execute(query)]
    return [row for row in rows if row.has_plan]


def awards_of_run(session: Session, actor: Actor, run_id: int) -> list[ProposedAwardRow]:
    """What a run proposes: funded projects first, each group by office and the office's own order.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    if not run.plan:
        return []
    projects = thaw_projects(run.problem)
    awards = session.scalars(select(ProposedAward).where(ProposedAward.run_id == run_id))
    rows = [_award_row(award, projects, run.plan["value_for_money"]) for award in awards]
    return sorted(
        rows, key=lambda row: (row.standing.value, row.level_id is None, row.agency_short, row.priority)
    )


def compare_runs(session: Session, actor: Actor, first_id: int, second_id: int) -> list[AwardChange]:
    """Every project of two runs side by side, the changed ones first.

    Raises:
        NotFound, NotAllowed: as their names say.
        RuleBroken: the runs belong to two rounds.
    """
    first, second = run_row(session, actor, first_id), run_row(session, actor, second_id)
    if first.round_id != second.round_id:
        raise RuleBroken("Chỉ so sánh được hai lượt chạy của cùng một đợt.")
    left = {row.project_id: row for row in awards_of_run(session, actor, first_id)}
    right = {row.project_id: row for row in awards_of_run(session, actor, second_id)}
    changes = []
    for project_id in dict.fromkeys([*left, *right]):
        before, after = left.get(project_id), right.get(project_id)
        known = after or left[project_id]
        changes.append(
            AwardChange(
                known.name_vi,
                known.agency_short,
                before.level_vi if before else "",
                before.proposed_vnd if before else None,
                after.level_vi if after else "",
                after.proposed_vnd if after else None,
            )
        )
    return sorted(changes, key=lambda change: (not change.is_changed, -abs(change.difference_vnd)))


def is_current(session: Session, actor: Actor, run_id: int) -> bool:
    """True while the run may be adopted: the present data still give the question it answered.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    run = get_run(session, run_id)
    require(actor, Action.VIEW_SCENARIOS)
    return is_run_current(session, run)


def is_run_current(session: Session, run: ScenarioRun) -> bool:
    """True while the present data give the very question the run answered, and the same projects.

    Args:
        session: open session.
        run: the stored run.
    """
    built = build_problem(session, run.scenario_id)
    same_question = built.problem_hash == run.problem_hash
    return same_question and bool(freeze_question(built)["projects"] == run.problem["projects"])


def _run_row(session: Session, run: ScenarioRun, scenario: Scenario) -> RunRow:
    job = job_status(session, run.job_id)
    plan = run.plan["plan"] if run.plan else None
    score = _points(plan["score"]) if plan else None
    bound = _points(plan["bound"]) if plan and plan.get("bound") is not None else None
    shown = None if score is None else round(score * 1000)
    # Up: the gap shown is never smaller than the true one.
    gap = None if score is None or bound is None else max(0, ceil((bound - score) * 1000))
    return RunRow(
        id=run.id,
        scenario_id=scenario.id,
        scenario_name=scenario.name_vi,
        round_id=scenario.round_id,
        job=job,
        requested_at=run.requested_at,
        requested_by=run.requested_by,
        finished_at=run.finished_at or job.finished_at,
        outcome=run.outcome,
        outcome_vi=_outcome_words(run, job, shown, gap),
        score_thousandths=shown,
        gap_thousandths=gap,
        findings_vi=tuple(run.findings_vi or ()),
        problem_hash=run.problem_hash,
    )


def _outcome_words(run: ScenarioRun, job: JobRow, score: int | None, gap: int | None) -> str:
    if run.outcome is not None:
        return outcome_sentence(run.outcome, score, gap)
    if job.state is JobState.FAILED:
        return f"Không hoàn thành: {job.error or 'tiến trình tính toán dừng đột ngột.'}"
    return job.state.label_vi


def _award_row(
    award: ProposedAward, projects: Sequence[FrozenProject], ranking: Mapping[str, str]
) -> ProposedAwardRow:
    project = next(one for one in projects if one.project_id == award.project_id)
    level, ranked = project.level_of(award.level_id), project.level_chosen(ranking.get(project.candidate_id))
    return ProposedAwardRow(
        project_id=project.project_id,
        candidate_id=project.candidate_id,
        standing=project.standing,
        agency_id=project.agency_id,
        agency_short=project.agency_short,
        name_vi=project.name_vi,
        area_code=project.area_code,
        priority=project.priority,
        asked_vnd=project.asked_vnd,
        appraised_vnd=project.appraised_vnd,
        proposed_vnd=award.amount_vnd,
        level_id=award.level_id,
        level_vi=level_label(level),
        ranking_level_vi=level_label(ranked),
        verdict_vi=award.verdict_vi,
        sentences_vi=tuple(award.sentences_vi),
        facts=award.facts or {},
        rivals=_rivals(award.facts or {}, projects),
    )


def _rivals(facts: Mapping[str, Any], projects: Sequence[FrozenProject]) -> tuple[RivalRow, ...]:
    by_candidate = {project.candidate_id: project for project in projects if project.candidate_id}
    return tuple(
        RivalRow(
            by_candidate[candidate_id].name_vi,
            by_candidate[candidate_id].agency_short,
            level_label(by_candidate[candidate_id].level_chosen(before)),
            level_label(by_candidate[candidate_id].level_chosen(after)),
        )
        for candidate_id, before, after in facts.get("displaced", ())
    )


def _points(number: Any) -> Fraction:
    """Points as a plan file writes them: a decimal number."""
    return Fraction(str(number))
