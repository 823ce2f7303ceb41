"""Asking for a run, carrying it out in three steps, stopping it.

The optimizer never computes inside a transaction: (a) the frozen question is read, (b) it is solved and
explained while the lease is kept alive, (c) the plan is audited in whole đồng and stored, fenced off by the
attempt that holds the job. A killed worker's job is claimed again; the answer is stored once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, record_change
from finance.database import SessionFactory, reading, transaction
from finance.errors import NotFound, NotReady, RuleBroken, StaleVersion
from finance.findings import Finding, Location, Severity, blocking_findings
from finance.jobs.operations import ClaimedJob, LeaseLost, finish_job, request_cancel, request_job
from finance.jobs.queries import job_status
from finance.jobs.records import Job, JobState
from finance.money import format_vnd
from finance.permissions import require
from finance.scenarios.award_reasons import award_reasons
from finance.scenarios.frozen_question import FrozenProject, freeze_question, thaw_projects
from finance.scenarios.lease_keeper import LeaseKeeper
from finance.scenarios.operations import scenario_subject
from finance.scenarios.plan_recorder import RunAnswer, record_plan
from finance.scenarios.problem_builder import BuiltProblem, build_problem
from finance.scenarios.queries import get_scenario
from finance.scenarios.records import ScenarioRun
from finance.scenarios.rules import RunOutcome
from optimizer.baselines import value_for_money_levels
from optimizer.contradictions import find_contradictions
from optimizer.errors import InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.exchange import problem_from_json
from optimizer.plan import AllocationPlan, Outcome
from optimizer.precheck import check_problem
from optimizer.problem import AllocationProblem, Limit, StageName
from optimizer.solving.limits import SolveLimits, SolveProgress
from optimizer.spending import effective_floor_vnd

RUN_JOB_KIND = "SCENARIO_RUN"
EXPLAINING = "explaining"  # the stage after the search, in the job's progress
LEASE_SECONDS = 60
TIME_LIMIT_SECONDS = 120.0  # a guard only: at a province's size runs end by proof within seconds

_OUTCOMES = {
    Outcome.PROVEN: RunOutcome.PROVEN,
    Outcome.WITHIN_GAP: RunOutcome.WITHIN_GAP,
    Outcome.STOPPED: RunOutcome.STOPPED,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What step (a) reads."""

    run_id: int
    problem: AllocationProblem
    projects: Mapping[str, FrozenProject]
    is_answered: bool


def request_run(session: Session, actor: Actor, scenario_id: int, *, seen_edit: int) -> ScenarioRun:
    """Freeze the scenario's question and ask a worker to answer it.

    The same question already waiting or running is not asked twice.

    Returns:
        The run; its job says how far it is.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
        NotReady: the question has mistakes or contradicts itself; carries every one in words.
    """
    scenario = get_scenario(session, scenario_id)
    seat = require(actor, Action.REQUEST_RUN)
    if scenario.edit_number != seen_edit:
        raise StaleVersion(seen_edit, scenario.edit_number)
    built = build_problem(session, scenario_id)
    stopping = blocking_findings(question_findings(built))
    if stopping:
        raise NotReady(stopping)
    under_way = _find_unfinished_run(session, scenario_id, built.problem_hash)
    if under_way is not None:
        return under_way
    # The job's lease goes by the machine's hour; what people read goes by the business date.
    job = request_job(
        session,
        kind=RUN_JOB_KIND,
        subject_id=scenario_id,
        requested_by_id=actor.person_id,
        at=actor.moment.recorded_at,
    )
    run = ScenarioRun(
        scenario_id=scenario_id,
        job_id=job.id,
        requested_at=actor.moment.business_at,
        requested_by=actor.full_name,
        problem=freeze_question(built),
        problem_hash=built.problem_hash,
        plan={},
        findings_vi=[],
    )
    session.add(run)
    session.flush()  # the audit row needs the new id
    change = Change(details={"run": run.id, "problem_hash": run.problem_hash})
    record_change(session, actor, Action.REQUEST_RUN, scenario_subject(scenario), seat=seat, change=change)
    return run


def question_findings(built: BuiltProblem) -> tuple[Finding, ...]:
    """Return everything that stands against a run, or is worth knowing before it.

    Args:
        built: the question; its own findings come first, then mistakes, then contradictions.
    """
    mistakes = check_problem(built.problem)
    found = [*built.findings]
    found += [_capped_floor(limit, floor) for limit, floor in _capped_floors(built.problem)]
    found += [Finding("problem-mistake", Severity.BLOCKS, mistake.words) for mistake in mistakes]
    if not mistakes:
        found += [
            Finding("problem-contradiction", Severity.BLOCKS, one.words, remedy_vi=one.repair_words or "")
            for one in find_contradictions(built.problem)
        ]
    return tuple(found)


def _capped_floors(problem: AllocationProblem) -> list[tuple[Limit, int]]:
    """The floors that ask for more than the least levels in their scope cost, with what they can ask."""
    floors = ((limit, effective_floor_vnd(problem, limit)) for limit in problem.limits)
    return [(limit, floor) for limit, floor in floors if limit.at_least_vnd and floor < limit.at_least_vnd]


def _capped_floor(limit: Limit, floor_vnd: int) -> Finding:
    words = (
        f"Mức sàn của “{limit.words}” chỉ có hiệu lực đến {format_vnd(floor_vnd)} đồng, là tổng mức thấp "
        "nhất của các dự án đã qua thẩm định trong phạm vi đó; phần còn lại không ép lấp bằng dự án khác."
    )
    return Finding("floor-capped", Severity.WARNS, words, Location(words="Giới hạn"))


def cancel_run(session: Session, actor: Actor, run_id: int) -> None:
    """Stop a run; what was found so far is kept.

    Raises:
        NotFound, NotAllowed: as their names say.
        RuleBroken: the run has ended already.
    """
    run = session.get(ScenarioRun, run_id)
    if run is None:
        raise NotFound("lượt chạy", run_id)
    seat = require(actor, Action.CANCEL_RUN)
    if run.outcome is not None or job_status(session, run.job_id).is_over:
        raise RuleBroken("Lượt chạy đã kết thúc, không còn gì để dừng.")
    request_cancel(session, run.job_id, now=actor.moment.recorded_at)
    if job_status(session, run.job_id).state is JobState.CANCELLED:
        run.outcome = RunOutcome.FAILED
        run.findings_vi = ["Lượt chạy được dừng trước khi bắt đầu tính."]
        run.finished_at = actor.moment.recorded_at
    scenario = get_scenario(session, run.scenario_id)
    change = Change(details={"run": run.id})
    record_change(session, actor, Action.CANCEL_RUN, scenario_subject(scenario), seat=seat, change=change)


def run_job(
    factory: SessionFactory,
    claimed: ClaimedJob,
    *,
    now: Callable[[], datetime],
    lease_seconds: int = LEASE_SECONDS,
    time_limit_seconds: float = TIME_LIMIT_SECONDS,
) -> bool:
    """Carry out a claimed run in three steps; the answer is stored once or not at all.

    Args:
        factory: makes sessions; no session is open while the optimizer computes.
        claimed: what the worker holds.
        now: the machine's clock.
        lease_seconds: how long the job is held between two signs of life.
        time_limit_seconds: guard of the search.

    Returns:
        True when this attempt stored the answer; False when another attempt has the job or had answered.
    """
    with reading(factory) as session:
        asked = _load_asked(session, claimed.id)
    answer = None
    if not asked.is_answered:
        with LeaseKeeper(factory, claimed, now=now, lease_seconds=lease_seconds) as keeper:
            answer = _compute_answer(asked, keeper, SolveLimits(time_limit_seconds=time_limit_seconds))
    try:
        with transaction(factory) as session:
            finish_job(session, claimed, now=now())
            if answer is None:
                return False
            return record_plan(session, asked.run_id, answer=answer, recorded_at=now())
    except LeaseLost:
        return False


def _compute_answer(asked: _Asked, keeper: LeaseKeeper, limits: SolveLimits) -> RunAnswer:
    """Solve and explain; what cannot be answered comes back as an outcome with words."""
    # The engine is loaded here: a page that only asks for a run must not wait for it.
    from optimizer.answers.explanation import explain
    from optimizer.solving.solve import solve

    problem = asked.problem

    def tell(progress: SolveProgress) -> None:
        keeper.tell(_progress_facts(progress))

    def tell_explained(done: int, wanted: int) -> None:
        keeper.tell({"stage": EXPLAINING, "done": done, "wanted": wanted})

    try:
        plan = solve(problem, limits, on_progress=tell, should_stop=keeper.should_stop)
    except InvalidProblem as error:
        return RunAnswer(RunOutcome.INVALID, words_vi=tuple(one.words for one in error.mistakes))
    except NoFeasiblePlan as error:
        words = [f"{one.words} {one.repair_words or ''}".strip() for one in error.conflicts]
        return RunAnswer(RunOutcome.INFEASIBLE, words_vi=tuple(words))
    except (NoPlanInTime, SolverFailure) as error:
        return RunAnswer(RunOutcome.FAILED, words_vi=(str(error),))
    explanation = explain(problem, plan, on_answer=tell_explained, should_stop=lambda: keeper.is_lost)
    return RunAnswer(
        outcome=_OUTCOMES[plan.outcome],
        plan=plan,
        reasons=award_reasons(problem, plan, explanation, asked.projects),
        value_for_money=value_for_money_levels(problem),
        words_vi=(*_words_of(plan, keeper), *_named(explanation.inversions, asked.projects)),
    )


def _named(sentences: Sequence[str], projects: Mapping[str, FrozenProject]) -> list[str]:
    """The optimizer's sentences with offices by their names: it knows their codes only."""
    names = {project.agency_code: project.agency_short for project in projects.values()}
    named = []
    for sentence in sentences:
        for code, name in names.items():
            sentence = sentence.replace(f"“{code}”", name)
        named.append(sentence)
    return named


def _words_of(plan: AllocationPlan, keeper: LeaseKeeper) -> tuple[str, ...]:
    if keeper.is_cancelled and plan.outcome is Outcome.STOPPED:
        return ("Lượt chạy được dừng theo yêu cầu; phương án tốt nhất đã tìm được được giữ lại.",)
    if plan.outcome is Outcome.STOPPED:
        return ("Hết thời gian dành cho việc tìm; phương án tốt nhất đã tìm được được giữ lại.",)
    return ()


def _progress_facts(progress: SolveProgress) -> dict[str, object]:
    """Whole numbers only: seconds, and points in thousandths while the score is searched."""
    facts: dict[str, object] = {"stage": progress.stage.value, "seconds": int(progress.seconds)}
    if progress.stage is StageName.SCORE:
        if progress.best_value is not None:
            facts["best_thousandths"] = round(progress.best_value * 1000)
        if progress.bound is not None:
            facts["bound_thousandths"] = round(progress.bound * 1000)
    return facts


def _find_unfinished_run(session: Session, scenario_id: int, problem_hash: str) -> ScenarioRun | None:
    query = (
        select(ScenarioRun)
        .join(Job, Job.id == ScenarioRun.job_id)
        .where(
            ScenarioRun.scenario_id == scenario_id,
            ScenarioRun.problem_hash == problem_hash,
            ScenarioRun.outcome.is_(None),
            Job.state.in_([JobState.WAITING, JobState.RUNNING]),
            Job.is_cancel_requested.is_(False),
        )
    )
    return session.scalar(query.order_by(ScenarioRun.id).limit(1))


def _load_asked(session: Session, job_id: int) -> _Asked:
    run = session.scalar(select(ScenarioRun).where(ScenarioRun.job_id == job_id))
    if run is None:
        raise NotFound("lượt chạy của công việc", job_id)
    projects = {one.candidate_id: one for one in thaw_projects(run.problem) if one.candidate_id}
    return _Asked(run.id, problem_from_json(run.problem["question"]), projects, run.outcome is not None)
