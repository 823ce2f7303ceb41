"""The least extra money with which a decision costs no points, everyone free to move.

    minimise   sum_b d[b]
    subject to sum c x - sum_{b feeds S} d[b] <= B[S,t]    for every group S of sources and year t
               Z(x) >= Z*, the decision, and every other rule;   d[b] >= 0

Sets: b named ceilings (source, year). Units: đồng in quanta; Z points. Reason: "how much more money would it
take" is a question about the best plan, not about the plan as it stands.

The choice found is measured again in whole đồng and audited with that money. No smaller sum suffices: by the
engine's bound, or added up from prices mu of the original problem (points per đồng) with the decision made,

    Z* <= L(mu) + max_b (sum of mu over the ceilings that b feeds) x sum_b d[b].
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter

from optimizer.answer_prices import BoundOrigin, LeastMoney
from optimizer.answers.question import Question
from optimizer.answers.widened_search import search_holding_score, searched, widened
from optimizer.edits import CeilingEdit, apply_edits
from optimizer.engines.interface import EngineAnswer, EngineStatus
from optimizer.problem import AllocationProblem, allowed_level_ids
from optimizer.proofs.bound_rows import row_name
from optimizer.solving.search import Search
from optimizer.spending import group_ceiling_vnd, source_groups, spent_vnd
from optimizer.verify import audit_levels

NOISE_QUANTA = 1e-6
SMALLEST_PRICE = 1e-12

Purse = tuple[str, int]
"""A ceiling that may be raised: source id and year."""


@dataclass(frozen=True, slots=True)
class FoundMoney:
    """What the search for the least money found; not possible = the engine says that no money suffices."""

    is_possible: bool
    money: LeastMoney | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A choice of levels and the đồng each ceiling really needs for it."""

    level_ids: Mapping[str, str]
    extra_vnd: Mapping[Purse, int]


def capped_places(problem: AllocationProblem) -> tuple[Purse, ...]:
    """Return every ceiling of a problem, by source id and year."""
    capped = (source for source in problem.sources if not source.is_uncapped)
    return tuple(sorted((source.id, year) for source in capped for year in source.ceiling_vnd))


def least_money(question: Question, candidate_id: str, purses: Sequence[Purse], seconds: float) -> FoundMoney:
    """Return the least extra money on some ceilings with which the opposite decision costs no points.

    Args:
        question: the plan; its score is to be reached.
        candidate_id: funded in every plan considered if the plan leaves it out, and the other way round.
        purses: the ceilings that may be raised; none = is the decision possible without loss at all?
        seconds: wall clock.
    """
    ends = perf_counter() + seconds
    search, score_row = search_holding_score(question, question.problem)
    row = search.choice_row(question.places[candidate_id])
    if row is None:
        return FoundMoney(is_possible=False, money=None)
    edge = 0.0 if candidate_id in question.level_ids else 1.0
    search.set_row_bounds(row, edge, edge)
    session = search.engine.load(widened(search, _fed_rows(search, purses), [math.inf] * len(purses)))
    relaxed = session.relax(question.settings(seconds))
    if relaxed.status is EngineStatus.INFEASIBLE:
        return FoundMoney(is_possible=False, money=None)
    proven_vnd = _proven_least(question, (candidate_id, purses), (search, relaxed, score_row))

    def measure(level_ids: Mapping[str, str], quanta: Sequence[float]) -> _Choice | None:
        return _measured(
            question, level_ids, dict(zip(purses, quanta, strict=True)), search.draft.quantum_vnd
        )

    near = None
    if candidate_id not in question.level_ids:
        near = {**question.level_ids, candidate_id: allowed_level_ids(question.candidates[candidate_id])[0]}
    answer = searched(question, search, session, ends - perf_counter(), measure, near=near)
    if answer.found is None:
        return FoundMoney(answer.is_possible, None)
    told_vnd = None if answer.least_quanta is None else in_dong(search, answer.least_quanta)
    return FoundMoney(is_possible=True, money=_told(answer.found, proven_vnd, told_vnd))


def _measured(
    question: Question, level_ids: Mapping[str, str], quanta: Mapping[Purse, float], quantum_vnd: int
) -> _Choice | None:
    """Return the đồng each ceiling really needs for a choice; None = the audit refuses it even so."""
    # A quantum more than the engine says; what the choice does not need is taken back to the đồng.
    ample = {purse: (math.floor(max(amount, 0.0)) + 1) * quantum_vnd for purse, amount in quanta.items()}
    extra = least_for(question.problem, level_ids, ample)
    report = audit_levels(with_money(question.problem, extra), level_ids)
    is_lawful = report.is_kept and report.shortfall_vnd <= question.report.shortfall_vnd
    return _Choice(level_ids, extra) if is_lawful and report.score_points >= question.score else None


def _told(choice: _Choice, proven_vnd: int, told_vnd: int | None) -> LeastMoney:
    """Write down what was found; the higher of the two bounds is told, with its origin."""
    total_vnd = sum(choice.extra_vnd.values())
    least, origin = min(proven_vnd, total_vnd), BoundOrigin.CERTIFICATE
    if told_vnd is not None and min(told_vnd, total_vnd) > least:
        least, origin = min(told_vnd, total_vnd), BoundOrigin.ENGINE
    by_source: dict[str, dict[int, int]] = {}
    for (source_id, year), amount_vnd in sorted(choice.extra_vnd.items()):
        if amount_vnd:
            by_source.setdefault(source_id, {})[year] = amount_vnd
    return LeastMoney(by_source, total_vnd, least, origin, choice.level_ids)


def in_dong(search: Search, quanta: float) -> int:
    """Return a lower bound in đồng; where all money is whole quanta, so is what is missing."""
    quantum_vnd = search.draft.quantum_vnd
    is_whole = all(
        amount % quantum_vnd == 0
        for row in search.draft.exact_rows
        if row.name.startswith("ceiling_")
        for amount in (*row.amounts.values(), row.edge)
    )
    least = math.ceil(quanta - NOISE_QUANTA) if is_whole else math.floor(quanta - NOISE_QUANTA)
    return max(0, least) * quantum_vnd


def with_money(problem: AllocationProblem, extra: Mapping[Purse, int]) -> AllocationProblem:
    """Return the problem with extra money on some ceilings."""
    ceilings = {source.id: source.ceiling_vnd for source in problem.sources}
    raised = [
        CeilingEdit(source_id, year, ceilings[source_id][year] + amount_vnd)
        for (source_id, year), amount_vnd in sorted(extra.items())
        if amount_vnd
    ]
    return apply_edits(problem, raised)


def least_for(
    problem: AllocationProblem, level_ids: Mapping[str, str], extra: Mapping[Purse, int]
) -> dict[Purse, int]:
    """Take back, ceiling by ceiling, what a choice of levels does not need of some extra money."""
    levels = {(item.id, level.id): level for item in problem.candidates for level in item.levels}
    spent = spent_vnd(levels[key] for key in level_ids.items())
    needed = dict(extra)
    for source_id, year in sorted(needed):
        raised = with_money(problem, needed)
        spare = [
            ceiling_vnd - sum(spent.get((member, year), 0) for member in group)
            for group in fed_groups(problem, source_id)
            if (ceiling_vnd := group_ceiling_vnd(raised.sources, group, year)) is not None
        ]
        needed[source_id, year] -= max(0, min([needed[source_id, year], *spare]))
    return needed


def fed_groups(problem: AllocationProblem, source_id: str) -> list[tuple[str, ...]]:
    """Return the groups of sources whose common ceiling grows with the ceiling of a source."""
    giver = next(source for source in problem.sources if source.id == source_id)
    mine = {source_id, *giver.transfers_to_ids}
    return [group for group in source_groups(problem.sources) if mine & set(group)]


def _fed_rows(search: Search, purses: Sequence[Purse]) -> list[tuple[str, int, float]]:
    """Return the entries of the columns of extra money: each feeds the ceilings it counts in."""
    problem = search.draft.problem
    numbers = {group: number for number, group in enumerate(source_groups(problem.sources))}
    return [
        (f"ceiling_{numbers[group]}_{year}", place, -1.0)
        for place, (source_id, year) in enumerate(purses)
        for group in fed_groups(problem, source_id)
    ]


def _proven_least(
    question: Question,
    asked: tuple[str, Sequence[Purse]],
    relaxation: tuple[Search, EngineAnswer, int],
) -> int:
    """Return the đồng that prices prove to be missing at least; 0 when they prove nothing."""
    (candidate_id, purses), (search, relaxed, score_row) = asked, relaxation
    if relaxed.row_duals is None or relaxed.row_duals[score_row] > -SMALLEST_PRICE:
        return 0
    per_point = Fraction(repr(float(-relaxed.row_duals[score_row])))
    prices = {
        row_id: Fraction(f"{float(price / per_point):.9e}")
        for row_id, price in search.multipliers(relaxed.row_duals).items()
        if row_id in question.rows.book.rows
    }
    is_funded = candidate_id not in question.level_ids
    bound = question.rows.priced(prices).bound_with(candidate_id, is_funded=is_funded)
    dearest = max((_price_of(question.problem, prices, purse) for purse in purses), default=Fraction(0))
    if bound is None or dearest <= 0 or bound >= question.score:
        return 0
    return math.ceil((question.score - bound) / dearest)


def _price_of(problem: AllocationProblem, prices: Mapping[str, Fraction], purse: Purse) -> Fraction:
    """Return what one đồng more on a ceiling is worth: the prices of all ceilings that it feeds."""
    source_id, year = purse
    rows = (row_name("ceiling", group, year) for group in fed_groups(problem, source_id))
    return sum((prices.get(row_id, Fraction(0)) for row_id in rows), Fraction(0))
