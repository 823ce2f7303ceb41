"""What is proven about the opposite decision of every candidate, in exact fractions, cheapest proofs first.

    first_looks   the prices of all plans, asked about each candidate; then prices of its own where it is in
                  doubt, and where it is not, to know its loss better
    own_trees     a few cases per candidate that the prices leave in doubt
    plan_tree     one proof by cases for all that are still in doubt
    own_trees     longer ones for each that it leaves in doubt, the most promising first, while time lasts

Every step goes once over all candidates before the next begins, so that a time limit hurts evenly. What a
step proves is kept only where it is better than what was known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter

from optimizer.answers.question import Question
from optimizer.problem import CandidateState
from optimizer.proofs.steps import BoundCase, ProofTree
from optimizer.proofs.tree import opposite_bounds, rows_tree_bound
from optimizer.solving.limits import ShouldStop

FEW_LEAVES = 8
"""Cases of a proof short enough to be read."""
SHARPENING_SHARE, SHARED_SHARE = 0.2, 0.35
OWN_LEAVES = 2000
SHARED_LEAVES = 4000
FEW_IN_DOUBT = 3
"""So few candidates get proofs of their own rather than one for all."""
MOST_FAILURES = 3
"""Short proofs are given up where so many in a row were not enough."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is proven about the opposite decision about one candidate.

    Attributes:
        bound: no plan with the opposite decision is worth more; None = unknown, or there is none.
        is_impossible: True = proven that no plan decides the opposite.
        multipliers: prices that prove the bound, where one set does.
        tree: cases that prove it, where the candidate has a tree of its own.
        is_by_plan_tree: True when the tree about all plans proves it.
        row_ids: rows that cannot all be kept, when it is impossible and one set of prices shows it.
    """

    bound: Fraction | None = None
    is_impossible: bool = False
    multipliers: Mapping[str, Fraction] = field(default_factory=dict)
    tree: ProofTree | None = None
    is_by_plan_tree: bool = False
    row_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class EvidenceBook:
    """The evidence so far, the tree about all plans, and the rivals that were met on the way.

    Attributes:
        rivals: by candidate id, an audited plan with the opposite decision that loses nothing.
    """

    question: Question
    by_id: dict[str, Evidence] = field(default_factory=dict)
    plan_tree: ProofTree | None = None
    rivals: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def in_doubt(self) -> list[str]:
        """Return the candidates whose opposite is neither proven worse nor known to be as good."""
        return [
            key
            for key, evidence in self.by_id.items()
            if key not in self.rivals and not self._is_settled(evidence)
        ]

    def nearness(self, candidate_id: str) -> tuple[bool, Fraction, str]:
        """Return what sorts candidates by how little their opposite may still be worth, unknown ones last."""
        bound = self.by_id[candidate_id].bound
        return bound is None, bound or Fraction(0), candidate_id

    def _is_settled(self, evidence: Evidence) -> bool:
        is_worse = evidence.bound is not None and evidence.bound < self.question.score
        return is_worse or evidence.is_impossible

    def take(self, candidate_id: str, evidence: Evidence) -> None:
        """Keep evidence that says more than what is known."""
        known = self.by_id.get(candidate_id, Evidence())
        if known.is_impossible or (evidence.bound is None and not evidence.is_impossible):
            return
        if known.bound is None or evidence.bound is None or evidence.bound < known.bound:
            self.by_id[candidate_id] = evidence

    def meet(self, level_ids: Mapping[str, str]) -> None:
        """Remember a plan that loses nothing, for every candidate it decides otherwise."""
        for key in sorted(level_ids.keys() ^ self.question.level_ids.keys()):
            self.rivals.setdefault(key, level_ids)


def first_looks(book: EvidenceBook, candidate_ids: list[str], seconds: float) -> None:
    """Look once at the opposite of every candidate that no state decides.

    First the prices of all plans are asked about each of them: one addition, no search. It is what is left
    for candidates whose turn does not come before the time is up. Those in doubt come first; to know the
    loss of the others better only a share of the time is spent.
    """
    began = perf_counter()
    question = book.question
    priced = question.rows.priced(question.prices) if question.prices else None
    for key in candidate_ids:
        if question.candidates[key].state is CandidateState.OPEN:
            bound = None
            if priced is not None:
                bound = priced.bound_with(key, is_funded=key not in question.level_ids)
            book.by_id[key] = Evidence(bound, multipliers=question.prices)
    doubtful = book.in_doubt()
    decided = [key for key in book.by_id if key not in set(doubtful)]
    for keys, share in ((doubtful, 1.0), (decided, SHARPENING_SHARE)):
        for key in keys:
            if perf_counter() > began + share * seconds:
                break
            seen = _looked_at(question, (key, key not in question.level_ids))
            if seen is not None:
                book.take(key, seen)


def _looked_at(question: Question, forced: tuple[str, bool]) -> Evidence | None:
    """Return what one relaxation proves; None = the engine has no answer."""
    tree = question.grower.first_look(forced)
    if tree is None:
        return None
    step = tree.steps[0]
    if isinstance(step, BoundCase):
        prices = tree.prices[step.prices]
        return Evidence(rows_tree_bound(question.rows, tree, forced), multipliers=prices)
    return _impossible(tree)


def _impossible(tree: ProofTree) -> Evidence:
    """Return the evidence of a tree whose every last case has no plan."""
    priced = [table for table in tree.prices if any(price > 0 for price in table.values())]
    rows = dict.fromkeys(row_id for table in priced for row_id, price in table.items() if price > 0)
    return Evidence(is_impossible=True, tree=tree, row_ids=tuple(sorted(rows)))


def own_trees(book: EvidenceBook, most_leaves: int, ends: float, most_failures: int | None = None) -> None:
    """Grow a proof of its own for every candidate in doubt, while time lasts; each gets an even share.

    Those whose bound is nearest to the score come first: their proofs are the shortest.

    Args:
        book: what is known so far.
        most_leaves: last cases of one proof.
        ends: when to stop.
        most_failures: stop after so many candidates in a row without a proof; None = ask them all.
    """
    question, failures = book.question, 0
    waiting = sorted(book.in_doubt(), key=book.nearness)
    for number, key in enumerate(waiting):
        seconds = (ends - perf_counter()) / (len(waiting) - number)
        if seconds <= 0:
            return
        forced = (key, key not in question.level_ids)
        attempt = question.grower.grow(forced, question.score, most_leaves=most_leaves, seconds=seconds)
        if attempt.rival_level_ids is not None:
            book.meet(attempt.rival_level_ids)
        failures = 0 if attempt.tree is not None else failures + 1
        if failures == most_failures:
            return
        if attempt.tree is None:
            continue
        is_empty = all(not isinstance(step, BoundCase) for step in attempt.tree.steps)
        if is_empty:
            book.take(key, _impossible(attempt.tree))
        else:
            bound = rows_tree_bound(question.rows, attempt.tree, forced)
            book.take(key, Evidence(bound, tree=attempt.tree))


def grow_plan_tree(
    book: EvidenceBook, most_leaves: int, seconds: float, should_stop: ShouldStop | None = None
) -> None:
    """Grow one proof for all candidates and ask it about each of them."""
    question = book.question
    proof = question.grower.grow_for_all(
        question.score,
        set(book.in_doubt()),
        most_leaves=most_leaves,
        seconds=seconds,
        on_rival=book.meet,
        should_stop=should_stop,
    )
    if proof is None:
        return
    is_used = False
    for key, bound in opposite_bounds(question.rows, proof.tree, question.level_ids).items():
        if key in book.by_id and key in book.in_doubt():
            before = book.by_id[key]
            book.take(key, Evidence(bound, is_impossible=bound is None, is_by_plan_tree=True))
            is_used = is_used or book.by_id[key] is not before
    if is_used:
        book.plan_tree = proof.tree


def gather_evidence(
    question: Question,
    candidate_ids: list[str],
    seconds: float,
    should_stop: ShouldStop | None = None,
) -> EvidenceBook:
    """Return what can be proven about the opposite decisions of some candidates in some time.

    Args:
        question: the plan under question.
        candidate_ids: the candidates, in order of id.
        seconds: wall clock for all proofs.
        should_stop: asked between the steps and while the large proof grows; True = stop.
    """
    book = EvidenceBook(question)
    ends = perf_counter() + seconds
    first_looks(book, candidate_ids, seconds)
    if should_stop is not None and should_stop():
        return book
    own_trees(book, FEW_LEAVES, ends, MOST_FAILURES)
    left = book.in_doubt()
    if should_stop is not None and should_stop():
        return book
    if len(left) > FEW_IN_DOUBT:
        # Closing the tree and asking it about every candidate takes its time too.
        grow_plan_tree(book, SHARED_LEAVES, max(0.0, ends - perf_counter()) * SHARED_SHARE, should_stop)
    if should_stop is None or not should_stop():
        own_trees(book, OWN_LEAVES, ends)
    return book
