"""The nested ladder: plans for rising money in which nobody loses what a smaller budget gave.

    max sum_m v[m] score[m]      one model for all rungs (optimizer.formulation.ladder)

First each rung is planned freely, which tells what nesting costs; then a ladder is climbed greedily, so that
there is one whatever happens; then the common model is searched from it. Every rung's plan is audited at its
own ceilings, and the nesting is checked in the plans themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from time import perf_counter

from optimizer.answers.ladder_answer import Ladder, LadderStep, Rung
from optimizer.answers.ladder_words import ladder_sentences
from optimizer.answers.plan_change import level_changes
from optimizer.answers.sweep import scaled_ceilings
from optimizer.answers.sweep_answer import FrontierRange
from optimizer.answers.sweep_words import share_words
from optimizer.edits import StateEdit, apply_edits, check_edits
from optimizer.errors import InvalidProblem, Mistake, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.formulation.ladder import formulate_ladder
from optimizer.plan import AllocationPlan, Outcome
from optimizer.problem import AllocationProblem, CandidateState, StageName
from optimizer.solving.ladder_search import LadderFound, LadderSearch
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.live import LiveAllocation
from optimizer.verify import audit_levels

FREE_SHARE, CLIMB_SHARE = 0.35, 0.15
"""Shares of the time for the free plans and for the greedy ladder; the common model has the rest."""
RUNG_STAGES = (StageName.LEGAL_MINIMUMS, StageName.SCORE)
LEAST_SECONDS = 0.2
DECIDED = (CandidateState.PINNED, CandidateState.BARRED)


def scaled_rungs(
    problem: AllocationProblem, shares: Sequence[Fraction], weights: Sequence[Fraction] | None = None
) -> tuple[Rung, ...]:
    """Return rungs at shares of today's ceilings.

    Args:
        problem: the question.
        shares: for instance 4/5, 1, 6/5.
        weights: one per rung; None = every rung counts 1.
    """
    weights = weights or [Fraction(1)] * len(shares)
    return tuple(
        Rung(share_words(share), scaled_ceilings(problem, FrontierRange(), share), weight)
        for share, weight in zip(shares, weights, strict=True)
    )


def nested_ladder(
    problem: AllocationProblem,
    rungs: Sequence[Rung],
    limits: SolveLimits | None = None,
    *,
    should_stop: ShouldStop | None = None,
) -> Ladder:
    """Return nested plans for rising money that are together worth most.

    Args:
        problem: the question.
        rungs: at least two, from the least money to the most.
        limits: the time limit is for everything together; None = the defaults of SolveLimits.
        should_stop: asked often; True ends the search with the best ladder so far.
    Raises:
        InvalidProblem: the rungs or the problem have mistakes.
        NoFeasiblePlan: the lowest rung leaves no plan, confirmed; or today's ceilings already do.
        NoPlanInTime, SolverFailure: as solve, for the lowest rung.
    """
    began = perf_counter()
    mistakes = rung_mistakes(problem, rungs)
    if mistakes:
        raise InvalidProblem(mistakes)
    limits = limits or SolveLimits()
    stages = tuple(stage for stage in problem.stages if stage in RUNG_STAGES) or (StageName.SCORE,)
    calm = replace(problem, stages=stages)
    climb = _Climb(
        LiveAllocation(calm, limits),
        tuple(apply_edits(calm, rung.ceilings) for rung in rungs),
        limits,
        should_stop,
    )
    free = climb.free_plans(limits.time_limit_seconds * FREE_SHARE)
    weights = [rung.weight for rung in rungs]
    draft = formulate_ladder(climb.problems, weights)
    search = LadderSearch(draft, (climb.problems, weights), limits, should_stop)
    search.offer(climb.greedy(free[0].level_ids, limits.time_limit_seconds * CLIMB_SHARE))
    left = limits.time_limit_seconds - (perf_counter() - began)
    found = search.run(max(left, LEAST_SECONDS))
    if not isinstance(found, LadderFound):
        raise SolverFailure("Bộ giải không trả về thang phương án nào qua được kiểm toán.")
    ladder = _ladder(climb.problems, rungs, free, found, perf_counter() - began)
    return replace(ladder, sentences=ladder_sentences(ladder))


def rung_mistakes(problem: AllocationProblem, rungs: Sequence[Rung]) -> tuple[Mistake, ...]:
    """Return what is wrong with rungs, every mistake at once."""
    mistakes = [] if len(rungs) > 1 else [Mistake("$.rungs", "Thang phải có ít nhất hai bậc.")]
    for place, rung in enumerate(rungs):
        path = f"$.rungs[{place}]"
        mistakes += [Mistake(path, found.words) for found in check_edits(problem, rung.ceilings)]
        if rung.weight <= 0:
            mistakes.append(Mistake(f"{path}.weight", "Trọng số của bậc phải lớn hơn 0."))
    if mistakes:
        return tuple(mistakes)
    ceilings = [_ceilings(apply_edits(problem, rung.ceilings)) for rung in rungs]
    for place, (lower, upper) in enumerate(pairwise(ceilings), start=1):
        fallen = [key for key in lower if upper[key] < lower[key]]
        if fallen or lower == upper:
            words = "Tiền phải tăng theo bậc: không trần nào thấp hơn bậc trước, ít nhất một trần cao hơn."
            mistakes.append(Mistake(f"$.rungs[{place}]", words))
    return tuple(mistakes)


def _ceilings(problem: AllocationProblem) -> dict[tuple[str, int], int]:
    return {
        (source.id, year): amount for source in problem.sources for year, amount in source.ceiling_vnd.items()
    }


@dataclass(frozen=True, slots=True)
class _FreePlan:
    """The best plan found for one rung alone."""

    level_ids: Mapping[str, str]
    score_points: Fraction
    shortfall_vnd: int
    bound_points: Fraction | None
    is_proven: bool

    def worth(self) -> tuple[int, Fraction]:
        """Return the order of comparison: law first, then the score."""
        return -self.shortfall_vnd, self.score_points


@dataclass(slots=True)
class _Climb:
    """Plans rung by rung on one live model."""

    live: LiveAllocation
    problems: tuple[AllocationProblem, ...]
    limits: SolveLimits
    should_stop: ShouldStop | None

    def free_plans(self, seconds: float) -> list[_FreePlan]:
        """Plan every rung alone, each from the plan below, which always fits."""
        ends = perf_counter() + seconds
        found: list[_FreePlan] = []
        for place, problem in enumerate(self.problems):
            below = found[-1] if found else None
            left = (ends - perf_counter()) / (len(self.problems) - place)
            plan = self._plan(problem, below.level_ids if below else None, left, must=below is None)
            if plan is not None:
                found.append(_free(problem, plan.level_ids, plan))
            elif below is not None:
                found.append(_free(problem, below.level_ids, None))
        return found

    def greedy(self, lowest: Mapping[str, str], seconds: float) -> list[Mapping[str, str]]:
        """Climb from the plan of the lowest rung: whoever is funded is committed at that level or above."""
        ends = perf_counter() + seconds
        ladder = [lowest]
        for place, problem in enumerate(self.problems[1:], start=1):
            standing = ladder[-1]
            left = (ends - perf_counter()) / (len(self.problems) - place)
            plan = self._plan(_committed(problem, standing), standing, left, must=False)
            ladder.append(standing if plan is None else plan.level_ids)
        return ladder

    def _plan(
        self, problem: AllocationProblem, near: Mapping[str, str] | None, seconds: float, *, must: bool
    ) -> AllocationPlan | None:
        """Plan one rung; without a plan raise where there must be one, else return None."""
        self.live.turn_to(problem)
        limits = replace(self.limits, time_limit_seconds=max(seconds, LEAST_SECONDS))
        try:
            return self.live.plan(limits, near, should_stop=self.should_stop)
        except (NoFeasiblePlan, NoPlanInTime, SolverFailure):
            if must:
                raise
            return None


def _committed(problem: AllocationProblem, standing: Mapping[str, str]) -> AllocationProblem:
    edits = [
        StateEdit(item.id, CandidateState.COMMITTED, standing[item.id])
        for item in problem.candidates
        if item.id in standing and item.state not in DECIDED
    ]
    return apply_edits(problem, edits)


def _free(problem: AllocationProblem, level_ids: Mapping[str, str], plan: AllocationPlan | None) -> _FreePlan:
    report = audit_levels(problem, level_ids)
    return _FreePlan(
        level_ids,
        report.score_points,
        report.shortfall_vnd,
        None if plan is None else plan.bound_points,
        plan is not None and plan.outcome is Outcome.PROVEN,
    )


def _ladder(
    problems: Sequence[AllocationProblem],
    rungs: Sequence[Rung],
    free: Sequence[_FreePlan],
    found: LadderFound,
    seconds: float,
) -> Ladder:
    """Gather the facts; every figure is added up again by the audit."""
    steps: list[LadderStep] = []
    below: Mapping[str, str] = {}
    for place, (problem, rung, level_ids) in enumerate(zip(problems, rungs, found.level_ids, strict=True)):
        steps.append(_step((place + 1, rung), problem, (below, level_ids), free[place]))
        below = level_ids
    bounds = [found.bound_points] if found.bound_points is not None else []
    frees = [step.free_bound_points for step in steps]
    if not any(step.shortfall_vnd for step in steps) and None not in frees:
        weighted = zip(rungs, frees, strict=True)
        bounds.append(sum((rung.weight * (bound or 0) for rung, bound in weighted), Fraction(0)))
    return Ladder(
        steps=tuple(steps),
        weighted_points=found.worth.points,
        bound_points=max(min(bounds), found.worth.points) if bounds else None,
        is_proven=found.is_proven,
        seconds=seconds,
    )


def _step(
    named: tuple[int, Rung],
    problem: AllocationProblem,
    levels: tuple[Mapping[str, str], Mapping[str, str]],
    free: _FreePlan,
) -> LadderStep:
    number, rung = named
    below, level_ids = levels
    report = audit_levels(problem, level_ids)
    if not report.is_kept:
        raise SolverFailure("; ".join(rule.words for rule in report.broken))
    own = _FreePlan(level_ids, report.score_points, report.shortfall_vnd, free.bound_points, is_proven=False)
    if own.worth() > free.worth():
        # The plan of the ladder is a plan for this rung too.
        free = own
    bound = free.bound_points
    return LadderStep(
        number=number,
        rung=rung,
        total_vnd=sum(_ceilings(problem).values()),
        level_ids=level_ids,
        score_points=report.score_points,
        shortfall_vnd=report.shortfall_vnd,
        spent_vnd=sum(vnd for by_year in report.money_vnd.values() for vnd in by_year.values()),
        changes=level_changes(below, level_ids),
        free_points=free.score_points,
        free_shortfall_vnd=free.shortfall_vnd,
        free_bound_points=None if bound is None else max(bound, free.score_points),
        is_free_proven=free.is_proven,
    )
