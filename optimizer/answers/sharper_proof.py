"""A proven loss that comes near the loss that was found, for the few candidates somebody asks about.

A proof that decides a candidate only shows that the opposite scores less; how much less it does not try to
show. Once the best rival is known, the same proof by cases is grown against a lower target.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from time import perf_counter

from optimizer.answers.best_with import BestWith
from optimizer.answers.evidence import OWN_LEAVES, Evidence, EvidenceBook
from optimizer.proofs.steps import BoundCase
from optimizer.proofs.tree import rows_tree_bound

SHARES_OF_LOSS = (Fraction(9, 10), Fraction(1, 2))
"""Shares of the loss found that are tried to be proven, the most first."""
PART_OF_TIME = 0.6
"""Share of the time left for the first try; the rest is for the second."""


def sharpen(book: EvidenceBook, rivals: Mapping[str, BestWith], seconds: float) -> None:
    """Prove more of the loss of candidates whose opposite is proven to be worse, while time lasts.

    Args:
        book: the proofs so far; better ones are kept.
        rivals: the best plan found with the opposite decision, by candidate id.
        seconds: wall clock.
    """
    ends = perf_counter() + seconds
    waiting = [key for key in book.by_id if _has_room(book, key, rivals.get(key))]
    for number, key in enumerate(waiting):
        share = (ends - perf_counter()) / (len(waiting) - number)
        if share > 0:
            _sharpen_one(book, key, rivals[key], share)


def _has_room(book: EvidenceBook, key: str, rival: BestWith | None) -> bool:
    """Tell whether less of the loss is proven than the most that is tried."""
    bound, score = book.by_id[key].bound, book.question.score
    if bound is None or bound >= score or rival is None or rival.score_points is None:
        return False
    return score - bound < SHARES_OF_LOSS[0] * (score - rival.score_points)


def _sharpen_one(book: EvidenceBook, key: str, rival: BestWith, seconds: float) -> None:
    question, ends = book.question, perf_counter() + seconds
    loss = question.score - (rival.score_points or Fraction(0))
    forced = (key, key not in question.level_ids)
    for share in SHARES_OF_LOSS:
        bound = book.by_id[key].bound
        target = question.score - share * loss
        left = ends - perf_counter()
        if left <= 0 or (bound is not None and bound <= target):
            return
        limit = left * PART_OF_TIME if share is SHARES_OF_LOSS[0] else left
        grown = question.grower.grow(forced, target, most_leaves=OWN_LEAVES, seconds=limit)
        if grown.tree is not None and any(isinstance(step, BoundCase) for step in grown.tree.steps):
            book.take(key, Evidence(rows_tree_bound(question.rows, grown.tree, forced), tree=grown.tree))
            return
