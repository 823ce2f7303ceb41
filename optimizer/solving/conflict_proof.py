"""A proof, for anyone to re-add, that the rules of a conflict cannot all be kept."""

from __future__ import annotations

from fractions import Fraction

from optimizer.conflict_audit import rules_alone
from optimizer.formulation.assemble import formulate
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.steps import ProofTree
from optimizer.proofs.tree import tree_bound
from optimizer.solving.conflict_case import ConflictCase
from optimizer.solving.limits import SolveLimits
from optimizer.solving.proof_search import ProofGrower
from optimizer.solving.search import Search

MOST_CASES = 200
MOST_SECONDS = 5.0


def conflict_proof(case: ConflictCase, rule_ids: tuple[str, ...]) -> ProofTree | None:
    """Return a proof by cases that the problem with some rules alone has no plan; None = none was grown.

    Args:
        case: the question, its engine and the time left.
        rule_ids: the rules of a conflict.
    """
    settings = case.clock.settings()
    seconds = min(MOST_SECONDS, settings.time_limit_seconds)
    alone = rules_alone(case.problem, rule_ids)
    limits = SolveLimits(time_limit_seconds=seconds, threads=settings.threads, seed=settings.seed)
    grower = ProofGrower(Search(formulate(alone), case.engine, limits), PricedRows(alone, 0))
    # Nothing is scored, so only cases without any plan stay below nought.
    tree = grower.grow(None, Fraction(0), most_leaves=MOST_CASES, seconds=seconds).tree
    return tree if tree is not None and tree_bound(alone, tree, 0) is None else None
