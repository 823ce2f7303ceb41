"""From problem to audited plan: checks, stages, certificate, and the words for how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter, process_time

from optimizer.baselines import value_for_money_levels
from optimizer.canonical import fingerprint_of
from optimizer.contradictions import find_contradictions
from optimizer.engines.interface import EngineSettings, EngineStatus
from optimizer.errors import InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.formulation.assemble import formulate
from optimizer.formulation.stages import stage_terms
from optimizer.plan import AllocationPlan, AuditNote, Certificate, EngineNote, Outcome, StageRecord
from optimizer.precheck import check_problem
from optimizer.problem import ALL_STAGES, AllocationProblem, StageName
from optimizer.proofs.certificate import PricedProblem, PricedRows, lagrangian_bound
from optimizer.solving.confirm import confirmed_run
from optimizer.solving.conflicts import find_conflicts, repaired_conflicts
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import OnProgress, ShouldStop, SolveLimits
from optimizer.solving.score_stage import run_score_stage
from optimizer.solving.search import AuditedChoice, Search, StageRun
from optimizer.solving.second_question import settled_run
from optimizer.solving.stage_values import MAXIMISED_STAGES, stage_step, stage_value
from optimizer.solving.tie_break import settle_ties
from optimizer.verify import verify_plan

MOST_FOR_GREEDY_START = 100
"""Ranking re-audits the plan at every step; beyond this the engine finds a first plan sooner."""
SCORE_SHARE_OF_TIME = 0.8
"""Share of the time left that the score may use; the rest is kept for the stages after it."""

SECONDS_FOR_REPAIRS = 20.0
"""What adding up shows to be impossible is certain at once; this long a cheapest repair is looked for."""


def solve(
    problem: AllocationProblem,
    limits: SolveLimits | None = None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> AllocationPlan:
    """Return the best plan found, audited to the đồng, and how sure it is that none is better.

    Args:
        problem: the question; it is checked first.
        limits: time, gap, threads, seed and engine; None = the defaults of SolveLimits.
        on_progress: told stage, best value and bound while the engine runs.
        should_stop: asked often; True ends the search and keeps the best plan.
    Returns:
        A plan that ``verify_plan`` accepts. The same problem gives the same plan whatever the order of its
        lists, provided every stage record says "proven".
    Raises:
        InvalidProblem: the problem has mistakes; all of them are carried.
        NoFeasiblePlan: no plan keeps every hard rule, confirmed; carries the conflicts.
        NoPlanInTime: stopped before any plan passed the audit.
        SolverFailure: the engine failed or contradicted the audit.
    """
    limits = limits or SolveLimits()
    clocks = (perf_counter(), process_time())
    try:
        require_sound_problem(problem)
    except NoFeasiblePlan as told:
        seconds = min(limits.time_limit_seconds, SECONDS_FOR_REPAIRS)
        settings = EngineSettings(seconds, threads=limits.threads, seed=limits.seed)
        engine = engine_named(limits.engine_name)
        raise NoFeasiblePlan(repaired_conflicts(problem, engine, settings, told.conflicts)) from None
    engine = engine_named(limits.engine_name)
    search = Search(formulate(problem), engine, limits)
    _offer_greedy_plan(search)
    return plan_by_stages(problem, search, clocks, (on_progress, should_stop))


def plan_by_stages(
    problem: AllocationProblem,
    search: Search,
    clocks: tuple[float, float],
    asked: tuple[OnProgress | None, ShouldStop | None] = (None, None),
) -> AllocationPlan:
    """Run the stages a problem asks for on a loaded model and return the audited plan.

    Args:
        problem: the question the model stands for.
        search: the loaded model, begun with the limits of this run.
        clocks: wall and CPU clock when the work began.
        asked: who is told of progress, and who may end the search.
    Raises:
        NoFeasiblePlan, NoPlanInTime, SolverFailure: as solve.
    """
    limits = search.limits
    stages = (StageName.SCORE,) if limits.is_score_only else wanted_stages(problem)
    records: list[StageRecord] = []
    certificate: _Priced | None = None
    for stage in stages:
        is_empty = not stage_terms(search.draft, stage)
        if (is_empty and stage is not StageName.SCORE) or (records and search.was_interrupted):
            continue
        left = limits.time_limit_seconds - search.seconds()
        share = SCORE_SHARE_OF_TIME if stage is StageName.SCORE and not limits.is_score_only else 1.0
        run = _run_stage(search, stage, left * share, asked)
        best = _require_plan(problem, search, run)
        records.append(_record(search, stage, run, best))
        if stage is StageName.SCORE:
            certificate = _certify(search, best)
        search.hold(stage)
        if stage is StageName.SCORE and certificate is not None and not limits.is_score_only:
            search.narrow(certificate.priced, best.report.score_points - limits.score_tolerance_points)
    if StageName.RANK in stages and not limits.is_score_only:
        _settle(search, records, asked)
    return _finished_plan(problem, search, (records, certificate), clocks)


def _settle(
    search: Search, records: list[StageRecord], asked: tuple[OnProgress | None, ShouldStop | None]
) -> None:
    """Settle what the stages leave open; where that fails, the record of the order says so.

    Only where every stage is proven: elsewhere the plan is not the only one of its worth anyway.
    """
    if any(record.outcome is not Outcome.PROVEN for record in records) or search.was_interrupted:
        return
    began = perf_counter()
    left = max(search.limits.time_limit_seconds - search.seconds(), 0.05)
    is_settled = settle_ties(search, left, asked[1])
    last = records[-1]
    if last.name is not StageName.RANK:
        last = StageRecord(StageName.RANK, Outcome.PROVEN, Fraction(0), Fraction(0), 0.0)
        records.append(last)
    outcome = Outcome.PROVEN if is_settled else Outcome.STOPPED
    records[-1] = replace(last, outcome=outcome, seconds=last.seconds + perf_counter() - began)


def _run_stage(
    search: Search, stage: StageName, seconds: float, asked: tuple[OnProgress | None, ShouldStop | None]
) -> StageRun:
    seconds = max(seconds, 0.05)
    if stage is StageName.SCORE:
        return run_score_stage(search, seconds, *asked)
    began = perf_counter()
    run = search.run_stage(stage, seconds, *asked)
    return settled_run(search, stage, run, seconds - (perf_counter() - began), asked[1])


def require_sound_problem(problem: AllocationProblem) -> None:
    """Refuse a problem with mistakes or with contradictions that plain arithmetic shows.

    Raises:
        InvalidProblem: with every mistake.
        NoFeasiblePlan: with every contradiction.
    """
    mistakes = check_problem(problem)
    if mistakes:
        raise InvalidProblem(mistakes)
    contradictions = find_contradictions(problem)
    if contradictions:
        raise NoFeasiblePlan(contradictions)


def wanted_stages(problem: AllocationProblem) -> tuple[StageName, ...]:
    """Return the stages a problem asks for, in the order in which they count; the score is always one."""
    return tuple(stage for stage in ALL_STAGES if stage in problem.stages or stage is StageName.SCORE)


def _offer_greedy_plan(search: Search) -> None:
    """Start from the plain value-for-money plan where it keeps every rule, so that a stop has something."""
    if len(search.draft.problem.candidates) > MOST_FOR_GREEDY_START:
        return
    level_ids = value_for_money_levels(search.draft.problem)
    chosen = {}
    for place, candidate in enumerate(search.draft.problem.candidates):
        ids = [level.id for level in candidate.levels]
        if candidate.id in level_ids:
            chosen[place] = ids.index(level_ids[candidate.id])
    search.offer(chosen)


def _require_plan(problem: AllocationProblem, search: Search, run: StageRun) -> AuditedChoice:
    """Return the best audited choice, or raise what its absence means."""
    if search.best is not None:
        return search.best
    if run.status is EngineStatus.INFEASIBLE:
        settings = EngineSettings(max(10.0, search.limits.time_limit_seconds), 0.0, search.limits.threads)
        conflicts = find_conflicts(problem, search.engine, settings)
        if conflicts:
            raise NoFeasiblePlan(conflicts)
        raise SolverFailure("Bộ giải báo không có phương án, nhưng điều đó không được kiểm toán xác nhận.")
    if run.status is EngineStatus.UNKNOWN:
        raise SolverFailure("Bộ giải dừng mà không cho biết kết quả.")
    raise NoPlanInTime(search.seconds())


def _record(search: Search, stage: StageName, run: StageRun, best: AuditedChoice) -> StageRecord:
    value = stage_value(search.draft, stage, best.chosen, best.report)
    value = value if stage in MAXIMISED_STAGES else -value
    run = confirmed_run(run, stage, value, stage_step(search.draft, stage))
    outcome = {EngineStatus.PROVEN: Outcome.PROVEN, EngineStatus.WITHIN_GAP: Outcome.WITHIN_GAP}.get(
        run.status, Outcome.STOPPED
    )
    bound = None if run.bound is None else Fraction(repr(run.bound))
    if bound is not None and outcome is Outcome.PROVEN:
        bound = value
    return StageRecord(stage, outcome, value, bound, run.seconds)


@dataclass(frozen=True, slots=True)
class _Priced:
    """The prices of the relaxation and what they prove, as long as the shortfall stays what it was."""

    multipliers: Mapping[str, Fraction]
    priced: PricedProblem
    shortfall_vnd: int

    def certificate(self, problem: AllocationProblem, best: AuditedChoice) -> Certificate:
        """Return the bound for all plans no further from the soft limits than the best one."""
        if best.report.shortfall_vnd == self.shortfall_vnd:
            return Certificate(self.multipliers, self.priced.bound())
        bound = lagrangian_bound(problem, self.multipliers, best.report.shortfall_vnd)
        return Certificate(self.multipliers, bound)


def _certify(search: Search, best: AuditedChoice) -> _Priced | None:
    """Return what the prices of the relaxation prove; None when the engine has no prices."""
    relaxed = search.relax()
    if relaxed.row_duals is None:
        return None
    rows = PricedRows(search.draft.problem, best.report.shortfall_vnd)
    known = rows.book.rows
    # A live model keeps rows that states have emptied; the certificate does without them.
    prices = {
        row_id: price for row_id, price in search.multipliers(relaxed.row_duals).items() if row_id in known
    }
    return _Priced(prices, rows.priced(prices), best.report.shortfall_vnd)


def _finished_plan(
    problem: AllocationProblem,
    search: Search,
    found: tuple[list[StageRecord], _Priced | None],
    clocks: tuple[float, float],
) -> AllocationPlan:
    """Write the plan and let the audit read it once more, figures and certificate included."""
    records, priced = found
    best = search.best
    if best is None:
        raise NoPlanInTime(search.seconds())
    certificate = None if priced is None else priced.certificate(problem, best)
    engine = search.engine
    score = best.report.score_points
    by_stage: Mapping[StageName, StageRecord] = {record.name: record for record in records}
    scored = by_stage.get(StageName.SCORE)
    bounds = [
        bound
        for bound in (scored.bound if scored else None, certificate.bound if certificate else None)
        if bound is not None
    ]
    bound = max(min(bounds), score) if bounds else None
    plan = AllocationPlan(
        problem_sha256=fingerprint_of(problem),
        engine=EngineNote(engine.name, engine.version, search.limits.seed, search.limits.threads),
        outcome=_plan_outcome(by_stage),
        score_points=score,
        bound_points=bound,
        gap_share=None if bound is None else (bound - score) / max(abs(bound), Fraction(1)),
        seconds=perf_counter() - clocks[0],
        cpu_seconds=process_time() - clocks[1],
        level_ids=dict(sorted(search.level_ids(best.chosen).items())),
        money_vnd=best.report.money_vnd,
        outputs=best.report.outputs,
        certificate=certificate,
        audit=AuditNote(is_exact=True, broken=()),
        stages=tuple(records),
    )
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise SolverFailure(
            "Kiểm toán chính xác từ chối phương án: " + "; ".join(i.words for i in report.broken)
        )
    return plan


def _plan_outcome(by_stage: Mapping[StageName, StageRecord]) -> Outcome:
    """The plan is as sure as its law and its score; later stages speak for themselves."""
    told = [
        by_stage[stage].outcome for stage in (StageName.LEGAL_MINIMUMS, StageName.SCORE) if stage in by_stage
    ]
    if StageName.SCORE not in by_stage or Outcome.STOPPED in told:
        return Outcome.STOPPED
    return Outcome.WITHIN_GAP if Outcome.WITHIN_GAP in told else Outcome.PROVEN
