"""What if: edits of a problem, each answered by a bound with prices at once and by an audited plan after it.

The plan given stays the reference: among plans of the same score the one that changes fewest levels is
taken (stage "stability"), and the search starts from it where it still keeps the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

from optimizer.answers.money_rows import money_hints, money_row_words
from optimizer.answers.plan_change import Standing, plan_change
from optimizer.answers.whatif_answer import PlannedStep, RelaxedStep, StepOutcome, WhatIf, WhatIfStep
from optimizer.answers.whatif_words import (
    asked_sentence,
    conflict_sentences,
    planned_sentences,
    relaxed_sentences,
)
from optimizer.edits import EditStep, apply_edits, check_edits
from optimizer.errors import (
    Conflict,
    InvalidPlan,
    InvalidProblem,
    Mistake,
    NoFeasiblePlan,
    NoPlanInTime,
    SolverFailure,
)
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.live import LiveAllocation
from optimizer.verify import verify_plan


def what_if(
    problem: AllocationProblem,
    plan: AllocationPlan,
    steps: Sequence[EditStep],
    limits: SolveLimits | None = None,
    *,
    is_chain: bool = False,
    should_stop: ShouldStop | None = None,
) -> WhatIf:
    """Answer what-if steps on a problem and its plan.

    Args:
        problem: the question.
        plan: an audited plan for it; every step stays as near to it as its score allows.
        steps: edits made together, step by step.
        limits: limits of each step; None = the defaults of SolveLimits.
        is_chain: True = each step on top of those before, compared with the last plan found.
        should_stop: asked often; True ends the running step with the best plan so far and leaves the rest.
    Raises:
        InvalidProblem: an edit names what the problem does not have, or an impossible amount.
        InvalidPlan: the audit refuses the plan.
    """
    told = list(stream_what_if(problem, plan, steps, limits, is_chain=is_chain, should_stop=should_stop))
    relaxed = [item for item in told if isinstance(item, RelaxedStep)]
    planned = [item for item in told if isinstance(item, PlannedStep)]
    pairs = tuple(WhatIfStep(*pair) for pair in zip(relaxed, planned, strict=True))
    return WhatIf(plan.problem_sha256, is_chain, pairs)


def stream_what_if(
    problem: AllocationProblem,
    plan: AllocationPlan,
    steps: Sequence[EditStep],
    limits: SolveLimits | None = None,
    *,
    is_chain: bool = False,
    should_stop: ShouldStop | None = None,
) -> Iterator[RelaxedStep | PlannedStep]:
    """Yield the answers of what_if as they come: of every step the relaxed one, then the planned one."""
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in report.broken))
    _refuse_wrong_edits(problem, steps)
    limits = limits or SolveLimits()
    live = LiveAllocation(problem, limits)
    before = _Before(Standing(problem, plan.level_ids), 0)
    stage = problem
    for number, step in enumerate(steps, start=1):
        if should_stop is not None and should_stop():
            return
        asked = _Asked(live, number, step, limits, should_stop)
        start = stage if is_chain else problem
        stage = apply_edits(replace(start, reference_plan=dict(before.standing.level_ids)), step.edits)
        began = perf_counter()
        live.turn_to(stage)
        yield _relaxed_step(asked, start, began)
        answer = _planned_step(asked, before, began)
        yield answer
        if is_chain and answer.plan is not None:
            before = _Before(Standing(stage, answer.plan.level_ids), number)


@dataclass(frozen=True, slots=True)
class _Before:
    """The plan a step is compared with, and the number of the step it comes from."""

    standing: Standing
    number: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """One step under way; the live model stands for its problem."""

    live: LiveAllocation
    number: int
    step: EditStep
    limits: SolveLimits
    should_stop: ShouldStop | None


def _refuse_wrong_edits(problem: AllocationProblem, steps: Sequence[EditStep]) -> None:
    """Edits touch no name that other edits use, so all of them can be checked before the first is made."""
    mistakes = tuple(
        Mistake(f"$.steps[{place}]{item.path.removeprefix('$')}", item.words)
        for place, step in enumerate(steps)
        for item in check_edits(problem, step.edits)
    )
    if mistakes:
        raise InvalidProblem(mistakes)


def _relaxed_step(asked: _Asked, start: AllocationProblem, began: float) -> RelaxedStep:
    relaxed = asked.live.relax()
    bound = None if relaxed.bound_points is None else Fraction(repr(relaxed.bound_points))
    hints = money_hints(money_row_words(asked.live.problem()), asked.live.prices(relaxed))
    words = asked_sentence(start, asked.number, asked.step)
    return RelaxedStep(
        number=asked.number,
        title=asked.step.title,
        edits=asked.step.edits,
        is_feasible=relaxed.is_feasible,
        bound_points=bound,
        hints=hints,
        seconds=perf_counter() - began,
        sentences=relaxed_sentences(words, bound, hints, is_feasible=relaxed.is_feasible),
    )


def _planned_step(asked: _Asked, before: _Before, began: float) -> PlannedStep:
    """Search for the step's plan; what stands in the way becomes its outcome."""
    problem, near = asked.live.problem(), before.standing.level_ids
    try:
        plan = asked.live.plan(asked.limits, near, should_stop=asked.should_stop)
    except NoFeasiblePlan as error:
        return _without_plan(asked, before, (StepOutcome.INFEASIBLE, error.conflicts, ()), began)
    except NoPlanInTime as error:
        return _without_plan(asked, before, (StepOutcome.STOPPED, (), (str(error),)), began)
    except SolverFailure as error:
        return _without_plan(asked, before, (StepOutcome.FAILED, (), (str(error),)), began)
    difference = plan_change(before.standing, Standing(problem, plan.level_ids))
    return PlannedStep(
        number=asked.number,
        outcome=StepOutcome.PLANNED,
        problem=problem,
        compared_with=before.number,
        plan=plan,
        difference=difference,
        conflicts=(),
        seconds=perf_counter() - began,
        sentences=planned_sentences(problem, plan, difference),
    )


def _without_plan(
    asked: _Asked,
    before: _Before,
    ended: tuple[StepOutcome, tuple[Conflict, ...], tuple[str, ...]],
    began: float,
) -> PlannedStep:
    outcome, conflicts, sentences = ended
    return PlannedStep(
        number=asked.number,
        outcome=outcome,
        problem=asked.live.problem(),
        compared_with=before.number,
        plan=None,
        difference=None,
        conflicts=conflicts,
        seconds=perf_counter() - began,
        sentences=sentences or conflict_sentences(conflicts),
    )
