"""One problem asked with many sets of edits, or beside many problems of its shape: an audited plan of each.

Every worker loads the problem once, begins at the basis where the parent's relaxation ended and offers the
parent's plan as a first one where it still keeps the rules. What differs by edits alone is edited in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.batch.job_answer import FAILED, INFEASIBLE, INVALID
from optimizer.batch.pool import JobState, PoolJob, run_jobs
from optimizer.edits import Edit, apply_edits
from optimizer.engines.carried_basis import CarriedBasis, begin_at, carried_basis
from optimizer.errors import InvalidProblem, NoFeasiblePlan, NoPlanInTime, SolverFailure
from optimizer.plan import AllocationPlan
from optimizer.precheck import check_problem
from optimizer.problem import AllocationProblem
from optimizer.solving.limits import SolveLimits
from optimizer.solving.live import LiveAllocation

Variant = AllocationProblem | tuple[Edit, ...]
"""Edits of the problem as it stands, or another problem (another draw of costs, say)."""


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """The answer to one variant.

    Attributes:
        plan: audited against the variant; None = see why.
        exit_code: as of the solve verb.
        words: why there is no plan, in Vietnamese; empty when there is one.
    """

    plan: AllocationPlan | None
    exit_code: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every worker gets once."""

    problem: AllocationProblem
    limits: SolveLimits
    basis: CarriedBasis | None
    near: Mapping[str, str] | None


def plan_variants(
    live: LiveAllocation,
    variants: Sequence[Variant],
    near: Mapping[str, str] | None = None,
    workers: int = 2,
) -> list[PlannedVariant]:
    """Return an audited plan of every variant, in their order; one that fails takes no other with it.

    Args:
        live: the loaded problem as it stands, with the limits of each search.
        variants: each on its own, not on top of one another.
        near: a plan to start from, levels by candidate.
        workers: processes; 1 = none but this one.
    """
    live.relax()
    basis = carried_basis(live.search.session)
    shared = _Shared(live.problem(), live.limits, basis, None if near is None else dict(near))
    if workers == 1:
        plan = open_plans(shared)
        return [plan(variant) for variant in variants]
    return [_answer_of(job) for job in run_jobs(open_plans, shared, variants, workers)]


def open_plans(shared: _Shared) -> Callable[[Variant], PlannedVariant]:
    """Load the problem into a worker."""
    live = LiveAllocation(shared.problem, shared.limits)
    begin_at(live.search.session, shared.basis, len(live.search.model.row_names))
    return lambda variant: _planned(live, shared, variant)


def _planned(live: LiveAllocation, shared: _Shared, variant: Variant) -> PlannedVariant:
    try:
        live.turn_to(_checked(variant, shared.problem))
        return PlannedVariant(live.plan(near=shared.near))
    except InvalidProblem as error:
        return PlannedVariant(None, INVALID, str(error))
    except NoFeasiblePlan as error:
        return PlannedVariant(None, INFEASIBLE, str(error))
    except (NoPlanInTime, SolverFailure) as error:
        return PlannedVariant(None, FAILED, str(error))


def _checked(variant: Variant, base: AllocationProblem) -> AllocationProblem:
    """Return the variant's problem; edits check themselves, a whole problem is checked here.

    Raises:
        InvalidProblem: with every mistake.
    """
    if not isinstance(variant, AllocationProblem):
        return apply_edits(base, variant)
    mistakes = check_problem(variant)
    if mistakes:
        raise InvalidProblem(mistakes)
    return variant


def _answer_of(job: PoolJob) -> PlannedVariant:
    if job.state is JobState.DONE:
        answer: PlannedVariant = job.result
        return answer
    return PlannedVariant(None, FAILED, job.words)
