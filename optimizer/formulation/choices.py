"""Family "choices": each candidate at no level or at exactly one.

    x[p,k] in {0,1} = 1 when candidate p is carried out at level k
    sum_k x[p,k] <= 1        open candidates
    sum_k x[p,k]  = 1        committed and pinned candidates

Sets: p candidates by id; k the levels that p's state allows (barred: none; committed: from the agreed
level up; pinned: the level decided by hand). Units: both sides are numbers of levels. Reason: a level is
complete in itself, so two levels of one candidate would pay for the same work twice.
"""

from __future__ import annotations

from optimizer.formulation.draft import Draft
from optimizer.problem import CandidateState, allowed_level_ids


def add_choices(draft: Draft) -> None:
    """Add the choice variables and the rows that allow one level per candidate."""
    for place, candidate in enumerate(draft.problem.candidates):
        allowed = allowed_level_ids(candidate)
        for position, level in enumerate(candidate.levels):
            if level.id in allowed:
                draft.add_choice((place, position))
        must = candidate.state in (CandidateState.COMMITTED, CandidateState.PINNED)
        draft.add_row(choice_row_name(place), draft.funding_terms(candidate.id), "=" if must else "<=", 1)


def choice_row_name(place: int) -> str:
    """Return the name of the row that allows one level of the candidate at a position."""
    return f"one_level_{place}"
