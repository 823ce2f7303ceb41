"""How many points the best plan of a problem has: law first, then score, and nothing after it.

For answers that compare many problems. No stages after the score, no certificate: what is proven here rests
on the engine's proof, confirmed against the exact value of an audited plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.engines.interface import EngineStatus
from optimizer.errors import NoPlanInTime, SolverFailure
from optimizer.formulation.assemble import formulate
from optimizer.formulation.protection import add_protection
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.confirm import confirmed_run
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.score_stage import run_score_stage
from optimizer.solving.search import Search, StageRun
from optimizer.solving.second_question import settled_run
from optimizer.solving.stage_values import stage_step, stage_value

LEAST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class BestScore:
    """The best plan found for one problem, and how much better another can be.

    Attributes:
        score_points: exact score of an audited plan.
        bound_points: no plan scores more; the score itself when that is proven.
        least_points: the best score is at least this; below score_points only where it is not proven that
            the shortfall against limits that are not hard, which comes first, is smallest.
        is_within_gap: True when the search ended by itself; False = stopped by the clock.
    """

    score_points: Fraction
    bound_points: Fraction
    least_points: Fraction
    is_within_gap: bool
    level_ids: Mapping[str, str]

    @property
    def is_proven(self) -> bool:
        """True when the best score is exactly this."""
        return self.least_points == self.score_points == self.bound_points


def best_score(
    problem: AllocationProblem,
    limits: SolveLimits,
    near: Mapping[str, str] | None = None,
    should_stop: ShouldStop | None = None,
) -> BestScore | None:
    """Return the best plan by law and score.

    Args:
        problem: a problem free of mistakes.
        limits: time, gap, threads, seed and engine.
        near: a plan to start from, where it keeps the rules; what it names and the problem lacks is left out.
        should_stop: asked often; True ends the search and keeps the best plan.
    Returns:
        None = no plan keeps every hard rule, said by the engine twice.
    Raises:
        NoPlanInTime: stopped before any plan passed the audit.
        SolverFailure: the engine failed or contradicted the audit.
    """
    search = Search(formulate(problem), engine_named(limits.engine_name), limits)
    if near:
        search.offer(_places_of(search, near))
    return _by_law_and_score(search, should_stop)


def best_protected_score(
    problem: AllocationProblem,
    limits: SolveLimits,
    protection: tuple[int, Fraction, Collection[int]],
    should_stop: ShouldStop | None = None,
) -> BestScore | None:
    """Return the best plan whose ceilings hold when some candidates overrun their costs.

    Args:
        problem: a problem free of mistakes.
        limits: time, gap, threads, seed and engine.
        protection: candidates that may overrun at once, largest overrun as a share of the cost, fiscal years
            whose costs may overrun (empty = all).
        should_stop: asked often; True ends the search and keeps the best plan.
    Returns:
        None = no such plan, said by the engine twice; the bound speaks of protected plans only.
    Raises:
        NoPlanInTime, SolverFailure: as best_score.
    """
    draft = formulate(problem)
    add_protection(draft, *protection)
    # No plan is offered to start from: the audit would accept one that is not protected.
    return _by_law_and_score(Search(draft, engine_named(limits.engine_name), limits), should_stop)


def _by_law_and_score(search: Search, should_stop: ShouldStop | None) -> BestScore | None:
    is_law_proven = True
    if search.draft.shortfalls and StageName.LEGAL_MINIMUMS in search.draft.problem.stages:
        run = search.run_stage(StageName.LEGAL_MINIMUMS, _left(search), should_stop=should_stop)
        if not _has_plan(search, run):
            return None
        run = settled_run(search, StageName.LEGAL_MINIMUMS, run, _left(search), should_stop)
        is_law_proven = _confirmed(search, StageName.LEGAL_MINIMUMS, run).status is EngineStatus.PROVEN
        search.hold(StageName.LEGAL_MINIMUMS)
    run = run_score_stage(search, _left(search), should_stop=should_stop)
    if not _has_plan(search, run) or search.best is None:
        return None
    run = _confirmed(search, StageName.SCORE, run)
    score = search.best.report.score_points
    return BestScore(
        score,
        score if run.status is EngineStatus.PROVEN else max(score, _bound(search, run)),
        score if is_law_proven else Fraction(0),
        run.status in (EngineStatus.PROVEN, EngineStatus.WITHIN_GAP),
        dict(sorted(search.level_ids(search.best.chosen).items())),
    )


def _places_of(search: Search, level_ids: Mapping[str, str]) -> dict[int, int]:
    chosen = {}
    for place, candidate in enumerate(search.draft.problem.candidates):
        ids = [level.id for level in candidate.levels]
        if level_ids.get(candidate.id) in ids:
            chosen[place] = ids.index(level_ids[candidate.id])
    return chosen


def _left(search: Search) -> float:
    return max(LEAST_SECONDS, search.limits.time_limit_seconds - search.seconds())


def _has_plan(search: Search, run: StageRun) -> bool:
    """Tell whether a plan was found; False = none exists."""
    if search.best is not None:
        return True
    if run.status is EngineStatus.INFEASIBLE:
        return False
    if run.status is EngineStatus.UNKNOWN:
        raise SolverFailure("Bộ giải dừng mà không cho biết kết quả.")
    raise NoPlanInTime(search.seconds())


def _confirmed(search: Search, stage: StageName, run: StageRun) -> StageRun:
    """Return a run as far as the exact value of its plan confirms it."""
    if search.best is None:
        return run
    value = stage_value(search.draft, stage, search.best.chosen, search.best.report)
    value = -value if stage is StageName.LEGAL_MINIMUMS else value
    return confirmed_run(run, stage, value, stage_step(search.draft, stage))


def _bound(search: Search, run: StageRun) -> Fraction:
    """Return a bound of the score; without one of the engine, what all weights and counts could ever give."""
    if run.bound is not None:
        return Fraction(repr(run.bound))
    most = (Fraction(amount) * Fraction(variable.upBound) for variable, amount in search.draft.points)
    return sum(most, Fraction(0))
