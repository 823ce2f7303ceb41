"""The money missing to fund a candidate on top of a plan, taking nothing from anyone: exact, no search."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.answer import ExtraMoney
from optimizer.problem import AllocationProblem, Candidate, allowed_level_ids
from optimizer.verify import audit_levels


def extra_money(
    problem: AllocationProblem, level_ids: Mapping[str, str], candidate: Candidate
) -> ExtraMoney | None:
    """Return the money missing to add a candidate to a plan at its least allowed level.

    Args:
        problem: the question.
        level_ids: an audited plan without the candidate.
        candidate: the candidate to add.
    Returns:
        The exact amounts above the ceilings; None when another rule than a ceiling stands in the way, or
        when sources with transfers leave more than one way to find the money.
    """
    allowed = allowed_level_ids(candidate)
    if not allowed or any(source.transfers_to_ids for source in problem.sources):
        return None
    before = audit_levels(problem, level_ids)
    after = audit_levels(problem, {**level_ids, candidate.id: allowed[0]})
    if any(not rule.rule_id.startswith("ceiling:") for rule in after.broken):
        return None
    ceilings = {source.id: source.ceiling_vnd for source in problem.sources if not source.is_uncapped}
    missing: dict[str, dict[int, int]] = {}
    for source_id, by_year in after.money_vnd.items():
        for year, spent in by_year.items():
            over = spent - ceilings[source_id].get(year, 0) if source_id in ceilings else 0
            if over > 0:
                missing.setdefault(source_id, {})[year] = over
    total = sum(amount for by_year in missing.values() for amount in by_year.values())
    return ExtraMoney(allowed[0], missing, total, after.score_points - before.score_points)
