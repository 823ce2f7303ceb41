"""The largest cost at which one level of a candidate would be funded within the same money.

    minimise   d
    subject to sum c x - (share of the level's cost that counts in the row) d <= right side
               x[p,k] = 1;   Z(x) >= Z*;   every other rule;   0 <= d <= cost of the level

Sets: p,k the level; rows: ceilings and limits. Units: quanta of money. Reason: an agency is told by how much
its estimate is too dear; every amount is cut by the same share, and rounded up to the đồng.

For the choice found the cost is measured again in whole đồng: one đồng more does not fit. That no other
choice allows more is the engine's bound, or a proof by cases for the problem with the next higher cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

from optimizer.answer_prices import BoundOrigin, CostCut
from optimizer.answers.least_money import NOISE_QUANTA
from optimizer.answers.question import Question
from optimizer.answers.widened_search import search_holding_score, searched, widened
from optimizer.edits import StateEdit, apply_edits
from optimizer.formulation.assemble import formulate
from optimizer.formulation.draft import money_quantum_vnd
from optimizer.problem import AllocationProblem, Candidate, CandidateState, FundingLevel, Limit
from optimizer.proofs.bound_rows import row_name
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import ProofTree
from optimizer.solving.proof_search import ProofGrower
from optimizer.solving.search import Search
from optimizer.spending import cost_items, level_cost_vnd, scoped_cost_vnd, source_groups
from optimizer.verify import audit_levels

PROOF_LEAVES = 400
PROOF_SHARE = 0.5
PROOF_STEPS = (Fraction(0), Fraction(1, 1000), Fraction(1, 100))
"""Proofs are tried at one đồng above the cost found, then at these shares of the cost more."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The level in question, in a problem in which its candidate is pinned to it."""

    question: Question
    pinned: AllocationProblem
    candidate: Candidate
    level: FundingLevel

    @property
    def appraised_vnd(self) -> int:
        return level_cost_vnd(self.level)

    def at(self, nominal_vnd: int) -> AllocationProblem:
        """Return the pinned problem in which the level costs so much."""
        return with_cost(self.pinned, self.candidate.id, cut_level(self.level, nominal_vnd))

    def cost_at(self, nominal_vnd: int) -> int:
        return level_cost_vnd(cut_level(self.level, nominal_vnd))


@dataclass(frozen=True, slots=True)
class _Choice:
    """A choice of levels and the largest cost of the level with which it holds, before rounding up."""

    level_ids: Mapping[str, str]
    nominal_vnd: int


def cost_cut(question: Question, candidate: Candidate, level: FundingLevel, seconds: float) -> CostCut:
    """Return the largest cost at which a level would be funded without any loss of points.

    Args:
        question: a plan that leaves the candidate out.
        candidate: the candidate.
        level: one of its allowed levels, with a cost.
        seconds: wall clock.
    """
    ends = perf_counter() + seconds
    pinned = apply_edits(question.problem, [StateEdit(candidate.id, CandidateState.PINNED, level.id)])
    asked = _Level(question, pinned, candidate, level)
    search, _ = search_holding_score(question, pinned)
    whole = asked.appraised_vnd / search.draft.quantum_vnd
    session = search.engine.load(widened(search, _cut_rows(search, asked), [whole]))
    share = (1 - PROOF_SHARE) * seconds
    quantum_vnd = search.draft.quantum_vnd
    answer = searched(
        question,
        search,
        session,
        share,
        lambda level_ids, cut: _measured(asked, level_ids, asked.appraised_vnd - cut[0] * quantum_vnd),
        near={**question.level_ids, candidate.id: level.id},
    )
    nothing = CostCut(level.id, asked.appraised_vnd, None, {}, None, BoundOrigin.ENGINE, {})
    if not answer.is_possible:
        return replace(nothing, below_vnd=0) if _floors_stand(asked) else nothing
    if answer.found is None:
        return nothing
    nominal_vnd = answer.found.nominal_vnd
    found = replace(
        nothing,
        largest_vnd=asked.cost_at(nominal_vnd),
        cost_vnd=cut_level(level, nominal_vnd).cost_vnd,
        level_ids=answer.found.level_ids,
    )
    if nominal_vnd >= asked.appraised_vnd:
        return found
    return _bounded(asked, found, (nominal_vnd, answer.least_quanta), ends)


def cut_level(level: FundingLevel, nominal_vnd: int) -> FundingLevel:
    """Return a level whose amounts are cut by one share, so that together they cost this, each rounded up."""
    whole_vnd = level_cost_vnd(level)
    cost_vnd = {
        source_id: {year: -(-amount * nominal_vnd // whole_vnd) for year, amount in by_year.items()}
        for source_id, by_year in level.cost_vnd.items()
    }
    return replace(level, cost_vnd=cost_vnd)


def with_cost(problem: AllocationProblem, candidate_id: str, level: FundingLevel) -> AllocationProblem:
    """Return the problem in which one level of a candidate is another of the same id."""
    return replace(
        problem,
        candidates=tuple(
            replace(item, levels=tuple(level if one.id == level.id else one for one in item.levels))
            if item.id == candidate_id
            else item
            for item in problem.candidates
        ),
    )


def _measured(asked: _Level, level_ids: Mapping[str, str], told_vnd: float) -> _Choice | None:
    """Return the largest cost with which a choice holds, by halving from what the engine tells upwards.

    A choice holds from what the floors need to what the ceilings leave; None = it holds nowhere near.
    """
    question = asked.question

    def holds(nominal_vnd: int) -> bool:
        report = audit_levels(asked.at(nominal_vnd), level_ids)
        is_lawful = report.is_kept and report.shortfall_vnd <= question.report.shortfall_vnd
        return is_lawful and report.score_points >= question.score

    high = asked.appraised_vnd
    if holds(high):
        return _Choice(level_ids, high)
    near = max(0, math.floor(told_vnd))
    low = next((trial for trial in dict.fromkeys((near, max(0, near - 1), 0)) if holds(trial)), None)
    if low is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return _Choice(level_ids, low)


def _bounded(asked: _Level, found: CostCut, known: tuple[int, float | None], ends: float) -> CostCut:
    """Add the cost from which on no plan funds the level without loss."""
    nominal_vnd, least_quanta = known
    if not _floors_stand(asked):
        return found
    for share in PROOF_STEPS:
        more = min(asked.appraised_vnd, nominal_vnd + 1 + int(share * asked.appraised_vnd))
        if perf_counter() < ends and _is_proven_from(asked, more, ends - perf_counter()):
            return replace(found, below_vnd=asked.cost_at(more), below_origin=BoundOrigin.CERTIFICATE)
    if least_quanta is None:
        return found
    cut_vnd = math.ceil((least_quanta - NOISE_QUANTA) * money_quantum_vnd(asked.pinned))
    more = min(max(nominal_vnd + 1, asked.appraised_vnd - cut_vnd + 1), asked.appraised_vnd)
    return replace(found, below_vnd=asked.cost_at(more))


def _is_proven_from(asked: _Level, nominal_vnd: int, seconds: float) -> bool:
    """Tell whether a proof by cases shows that the level is not funded without loss at this cost or more."""
    problem, question = asked.at(nominal_vnd), asked.question
    search = Search(formulate(problem), question.engine, question.limits)
    rows = PricedRows(problem, question.report.shortfall_vnd)
    grown = ProofGrower(search, rows).grow(None, question.score, most_leaves=PROOF_LEAVES, seconds=seconds)
    return grown.tree is not None and not _pays_for_cost(asked, grown.tree)


def _pays_for_cost(asked: _Level, tree: ProofTree) -> bool:
    """Tell whether some price rewards a dearer level; without one the proof holds for all dearer ones."""
    rewarding = {
        row_name("floor", limit.id) for limit in _limits_met(asked) if limit.at_least_vnd is not None
    }
    return any(table.get(row_id, 0) > 0 for table in tree.prices for row_id in rewarding)


def _floors_stand(asked: _Level) -> bool:
    """Tell whether no floor depends on what the level costs: it counts at most up to sums of least levels."""
    sources = {source.id: source for source in asked.pinned.sources}
    for limit in _limits_met(asked):
        if limit.at_least_vnd is None or asked.candidate.levels[0].id != asked.level.id:
            continue
        others_vnd = sum(
            scoped_cost_vnd(sources, limit.scope, item, item.levels[0])
            for item in asked.pinned.candidates
            if item.id != asked.candidate.id and item.state is not CandidateState.BARRED
        )
        if others_vnd < limit.at_least_vnd:
            return False
    return True


def _limits_met(asked: _Level) -> list[Limit]:
    """Return the limits that some of the level's money counts in."""
    sources = {source.id: source for source in asked.pinned.sources}
    return [
        limit
        for limit in asked.pinned.limits
        if scoped_cost_vnd(sources, limit.scope, asked.candidate, asked.level)
    ]


def _cut_rows(search: Search, asked: _Level) -> list[tuple[str, int, float]]:
    """Return the entries of the column "money cut": in every row of money, the level's part of its cost."""
    problem = search.draft.problem
    entries = []
    for number, group in enumerate(source_groups(problem.sources)):
        for year in problem.years:
            part = sum(
                vnd
                for (source_id, when), vnd in cost_items(asked.level)
                if source_id in group and when == year
            )
            entries.append((f"ceiling_{number}_{year}", 0, -part / asked.appraised_vnd))
    sources = {source.id: source for source in problem.sources}
    for number, limit in enumerate(problem.limits):
        part = scoped_cost_vnd(sources, limit.scope, asked.candidate, asked.level)
        entries += [(f"{family}_{number}", 0, -part / asked.appraised_vnd) for family in ("cap", "floor")]
    return [entry for entry in entries if entry[2]]
