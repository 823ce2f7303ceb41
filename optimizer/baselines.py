"""What a province does without an optimizer, for comparison: pro rata, and plain value for money.

Neither is proposed to anyone; both are re-scored by the same exact rules, so that the gain of a plan can be
stated against them. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from optimizer.attainment import earlier_outputs, earned_points, final_count
from optimizer.ceiling_room import CeilingRoom
from optimizer.problem import AllocationProblem, Candidate, CandidateState, FundingLevel, allowed_level_ids
from optimizer.spending import cost_items, level_cost_vnd
from optimizer.verify import AuditReport, audit_levels

MUST_STATES = (CandidateState.COMMITTED, CandidateState.PINNED)


@dataclass(frozen=True, slots=True)
class ProRataShare:
    """What one candidate gets when every request of a source and year is cut by the same share.

    Attributes:
        asked_vnd: cost of the candidate's highest level.
        given_vnd: amount after the common cut, rounded down to the đồng.
        level_id: the highest level the amount pays for in every source and year; None = not even the least.
    """

    candidate_id: str
    asked_vnd: int
    given_vnd: int
    level_id: str | None


def value_for_money_levels(problem: AllocationProblem) -> dict[str, str]:
    """Return the greedy choice: steps in order of points per đồng, each taken if it still fits.

    Candidates that must be funded come first at their least allowed level. A step funds a candidate or
    raises it to a higher level; it is taken only if it earns points and breaks no rule that was kept
    before. After each pass the steps are ranked anew, until a pass takes none.

    Returns:
        Level id by candidate id.
    """
    candidates = sorted(problem.candidates, key=lambda item: item.id)
    chosen = {item.id: allowed_level_ids(item)[0] for item in candidates if item.state in MUST_STATES}
    levels = {(item.id, level.id): level for item in candidates for level in item.levels}
    room = CeilingRoom(problem, (levels[key] for key in chosen.items()))
    report = audit_levels(problem, chosen)
    while True:
        moved: set[str] = set()
        for _, candidate_id, level_id in _ranked_steps(problem, candidates, chosen):
            step = levels[candidate_id, level_id]
            held = levels[candidate_id, chosen[candidate_id]] if candidate_id in chosen else None
            # Most steps fail for money: the ceilings are asked first, the audit only where they allow it.
            if candidate_id in moved or room.excesses(step, held):
                continue
            trial = {**chosen, candidate_id: level_id}
            after = audit_levels(problem, trial)
            known = {rule.rule_id for rule in report.broken}
            if after.score_points > report.score_points and all(i.rule_id in known for i in after.broken):
                chosen, report = trial, after
                room.take(step, held)
                moved.add(candidate_id)
        if not moved:
            return chosen


def _ranked_steps(
    problem: AllocationProblem, candidates: list[Candidate], chosen: dict[str, str]
) -> list[tuple[Fraction, str, str]]:
    """Return (minus points per đồng, candidate id, level id) of every step upward that earns points."""
    levels = {(item.id, level.id): level for item in candidates for level in item.levels}
    base = {item: levels[item, level] for item, level in chosen.items()}
    earlier = earlier_outputs(problem)
    now = {
        output.id: earned_points(output, earlier[output.id], final_count(output, base.values()))
        for output in problem.outputs
    }
    steps = []
    for candidate in candidates:
        held = base.get(candidate.id)
        others = [level for item, level in base.items() if item != candidate.id]
        allowed = allowed_level_ids(candidate)
        for level_id in allowed[allowed.index(held.id) + 1 if held is not None else 0 :]:
            level = levels[candidate.id, level_id]
            touched = [
                item for item in problem.outputs if _speaks_of(level, item.id) or _speaks_of(held, item.id)
            ]
            gain = sum(
                (
                    earned_points(item, earlier[item.id], final_count(item, [*others, level])) - now[item.id]
                    for item in touched
                ),
                Fraction(0),
            )
            paid_vnd = level_cost_vnd(level) - (level_cost_vnd(held) if held is not None else 0)
            if gain > 0:
                steps.append((-gain / max(paid_vnd, 1), candidate.id, level_id))
    return sorted(steps)


def _speaks_of(level: FundingLevel | None, output_id: str) -> bool:
    return level is not None and (
        output_id in level.yields or output_id in level.covers or output_id in level.delivers
    )


def pro_rata_shares(problem: AllocationProblem) -> tuple[ProRataShare, ...]:
    """Return the equal cut: in each source and year every request is cut by the same share.

    Requests are the highest allowed levels of all candidates that are not barred; where they fit, nothing
    is cut. Amounts are rounded down, so no ceiling is ever exceeded.
    """
    asked: dict[tuple[str, int], int] = {}
    wishes = [
        (item, item.levels[-1]) for item in problem.candidates if item.state is not CandidateState.BARRED
    ]
    for _, level in wishes:
        for place, amount_vnd in cost_items(level):
            asked[place] = asked.get(place, 0) + amount_vnd
    ceilings = {
        (source.id, year): source.ceiling_vnd.get(year, 0)
        for source in problem.sources
        if not source.is_uncapped
        for year in {year for _, year in asked}
    }
    shares = []
    for candidate, level in sorted(wishes, key=lambda item: item[0].id):
        given = {
            place: min(amount_vnd, amount_vnd * ceilings.get(place, asked[place]) // asked[place])
            for place, amount_vnd in cost_items(level)
        }
        affordable = [
            item.id
            for item in candidate.levels
            if item.id in allowed_level_ids(candidate)
            and all(amount_vnd <= given.get(place, 0) for place, amount_vnd in cost_items(item))
        ]
        level_id = affordable[-1] if affordable else None
        shares.append(ProRataShare(candidate.id, level_cost_vnd(level), sum(given.values()), level_id))
    return tuple(shares)


def audit_pro_rata(problem: AllocationProblem) -> AuditReport:
    """Return the audit (score included) of the plan that pro rata cutting leaves possible."""
    shares = pro_rata_shares(problem)
    return audit_levels(
        problem, {item.candidate_id: item.level_id for item in shares if item.level_id is not None}
    )
