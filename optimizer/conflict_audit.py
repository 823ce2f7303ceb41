"""Is it true that these rules cannot all be kept, and that this repair helps? Checked without any solver.

For the auditor: the proof of a conflict is a tree whose cases are re-added in exact fractions on the problem
with the named rules alone; a repair is carried out and the plan that comes with it goes through the audit.
Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from optimizer.contradictions import find_contradictions
from optimizer.errors import Conflict
from optimizer.problem import AllocationProblem
from optimizer.proofs.steps import RefusedProof
from optimizer.proofs.tree import tree_bound
from optimizer.repair import Repair, apply_changes
from optimizer.rule_book import rules_of, without_rules
from optimizer.verify import audit_levels


def rules_alone(problem: AllocationProblem, rule_ids: Sequence[str]) -> AllocationProblem:
    """Return the problem with some of its hard rules alone and nothing to be scored.

    Args:
        problem: a problem free of mistakes.
        rule_ids: the rules that stay.
    """
    left = without_rules(problem, rules_of(problem).keys() - set(rule_ids))
    return replace(
        left,
        limits=tuple(limit for limit in left.limits if limit.is_hard),
        outputs=tuple(replace(item, weight=Fraction(0), follows_id=None, curve=()) for item in left.outputs),
        reference_plan=None,
    )


def is_shown_conflict(problem: AllocationProblem, conflict: Conflict) -> bool:
    """Tell whether it can be re-added that the rules of a conflict cannot all be kept.

    Args:
        problem: the question.
        conflict: the claim; its proof is not trusted.
    """
    alone = rules_alone(problem, conflict.rule_ids)
    if find_contradictions(alone):
        return True
    if conflict.proof_tree is None:
        return False
    try:
        return tree_bound(alone, conflict.proof_tree, 0) is None
    except RefusedProof:
        return False


def is_working_repair(problem: AllocationProblem, conflicts: Sequence[Conflict], repair: Repair) -> bool:
    """Tell whether the plan of a repair keeps every rule of the repaired problem.

    Args:
        problem: the question.
        conflicts: all conflicts; of those the repair does not belong to, the first repair is carried out.
        repair: a repair of one of them.
    """
    others = [item for item in conflicts if repair not in item.repairs]
    changes = [change for item in others for change in item.repairs[0].changes]
    return audit_levels(apply_changes(problem, (*changes, *repair.changes)), repair.level_ids).is_kept
