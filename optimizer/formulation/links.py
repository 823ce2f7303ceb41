"""Family "links": candidates that need, exclude or accompany each other.

    sum_k x[p,k] <= sum_{k >= min} x[q,k]        p requires q (at a level not below min)
    sum_{p in G} sum_k x[p,k] <= 1               at most one, exactly one of a group G
    sum_{p in G} sum_k x[p,k] >= n               exactly one (n = 1), at least n

Units: both sides are numbers of candidates. Reason: a software needs its server room; two variants of one
scheme exclude each other; a rule asks for a least number of pilots.
"""

from __future__ import annotations

from optimizer.formulation.draft import Draft
from optimizer.problem import GroupRule, Requires
from optimizer.proofs.certificate import group_row, requires_row


def add_links(draft: Draft) -> None:
    """Add one row per requirement and one or two per group."""
    candidates = {candidate.id: candidate for candidate in draft.problem.candidates}
    for number, link in enumerate(draft.problem.links):
        if isinstance(link, Requires):
            ids = [level.id for level in candidates[link.needs_id].levels]
            from_level = 0 if link.min_level_id is None else ids.index(link.min_level_id)
            needed = [(variable, -1) for variable, _ in draft.funding_terms(link.needs_id, from_level)]
            terms = [*draft.funding_terms(link.candidate_id), *needed]
            draft.add_row(f"requires_{number}", terms, "<=", 0)
            draft.mean(f"requires_{number}", requires_row(link))
            continue
        terms = [term for item in link.candidate_ids for term in draft.funding_terms(item)]
        if link.rule is not GroupRule.AT_LEAST:
            draft.add_row(f"most_{number}", terms, "<=", 1)
            draft.mean(f"most_{number}", group_row("most", link))
        if link.rule is not GroupRule.AT_MOST_ONE:
            draft.add_row(
                f"least_{number}", terms, ">=", link.count if link.rule is GroupRule.AT_LEAST else 1
            )
            draft.mean(f"least_{number}", group_row("least", link))
