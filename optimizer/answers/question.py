"""One plan under question: the problem loaded once, the rows written once, for all that is asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.answers.decision_proof import DecisionGrower
from optimizer.engines.interface import Engine, EngineSettings
from optimizer.errors import InvalidPlan, Mistake
from optimizer.formulation.assemble import formulate
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem, Candidate, StageName
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import BoundCase
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import SolveLimits
from optimizer.solving.search import Search
from optimizer.solving.solve import require_sound_problem
from optimizer.verify import AuditReport, audit_levels, verify_plan

BILLION_VND = 1_000_000_000


@dataclass(frozen=True)
class Question:
    """A problem and one of its plans, audited and loaded.

    Attributes:
        problem: the question, as it was put.
        plan: the plan that is explained.
        report: what the audit found.
        engine: the engine of every re-solve.
    """

    problem: AllocationProblem
    plan: AllocationPlan
    report: AuditReport
    engine: Engine

    @property
    def score(self) -> Fraction:
        """Exact score of the plan."""
        return self.report.score_points

    @property
    def level_ids(self) -> Mapping[str, str]:
        """Level id by candidate id, funded candidates only."""
        return self.plan.level_ids

    @cached_property
    def candidates(self) -> Mapping[str, Candidate]:
        """Candidates by id, in order of id."""
        return {item.id: item for item in sorted(self.problem.candidates, key=lambda item: item.id)}

    @cached_property
    def search(self) -> Search:
        """The loaded model; the score is its objective and the shortfall of the plan is held."""
        search = loaded_search(self.problem, self.engine, self.limits, self.level_ids)
        if search.draft.shortfalls:
            search.hold(StageName.LEGAL_MINIMUMS)
        search.aim(StageName.SCORE)
        return search

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Position in the loaded model by candidate id."""
        return {item.id: place for place, item in enumerate(self.search.draft.problem.candidates)}

    @cached_property
    def rows(self) -> PricedRows:
        """The rows that proofs are added up from."""
        return PricedRows(self.problem, self.report.shortfall_vnd)

    @cached_property
    def grower(self) -> DecisionGrower:
        """Grows the proofs; its relaxation stays warm."""
        return DecisionGrower(self.search, self.rows, self.level_ids)

    @cached_property
    def prices(self) -> Mapping[str, Fraction]:
        """Prices of the relaxation for all plans, points per unit of each row; empty without an answer."""
        tree = self.grower.first_look(None)
        return tree.prices[0] if tree is not None and isinstance(tree.steps[0], BoundCase) else {}

    @property
    def limits(self) -> SolveLimits:
        """Threads and seed as in the plan's own search."""
        return SolveLimits(threads=max(1, self.plan.engine.threads), seed=self.plan.engine.seed)

    def settings(self, seconds: float, gap_share: float = 0.0) -> EngineSettings:
        """Return the settings of one run of the engine."""
        return EngineSettings(max(seconds, 0.05), gap_share, self.limits.threads, self.limits.seed)

    def without_soft_limits(self) -> AllocationProblem:
        """Return the problem in which limits that the plan meets are law, whether or not they are hard."""
        return self.problem if self.report.shortfall_vnd else hardened(self.problem)


def open_question(problem: AllocationProblem, plan: AllocationPlan) -> Question:
    """Audit a plan and return the question.

    Raises:
        InvalidProblem, NoFeasiblePlan: the problem is not sound.
        InvalidPlan: the audit refuses the plan.
    """
    require_sound_problem(problem)
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in report.broken))
    return Question(problem, plan, report, engine_named("highs"))


def hardened(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with every limit hard."""
    return replace(problem, limits=tuple(replace(limit, is_hard=True) for limit in problem.limits))


def loaded_search(
    problem: AllocationProblem, engine: Engine, limits: SolveLimits, level_ids: Mapping[str, str]
) -> Search:
    """Return a loaded model that knows a plan, where the plan keeps the rules."""
    search = Search(formulate(problem), engine, limits)
    search.offer(positions_of(search, level_ids))
    search.aim(StageName.SCORE)
    return search


def positions_of(search: Search, level_ids: Mapping[str, str]) -> dict[int, int]:
    """Return a choice of levels as positions in a loaded model."""
    chosen = {}
    for place, candidate in enumerate(search.draft.problem.candidates):
        if candidate.id in level_ids:
            ids = [level.id for level in candidate.levels]
            chosen[place] = ids.index(level_ids[candidate.id])
    return chosen


def choice_columns(search: Search, level_ids: Mapping[str, str]) -> dict[int, float]:
    """Return a choice of levels as values of the columns of a loaded model."""
    chosen = positions_of(search, level_ids)
    return {search.column(key): float(chosen.get(key[0]) == key[1]) for key in search.draft.fund}


def score_of(problem: AllocationProblem, level_ids: Mapping[str, str]) -> Fraction:
    """Return the exact score of a choice of levels, lawful or not."""
    return audit_levels(problem, level_ids).score_points
