"""The steps of a proof by cases, as frozen facts. Standard library only.

A tree divides the plans into cases that together leave nothing out, and gives every last case prices:

    step 0   P17 not funded                -> step 1      or      P17 at "toi-thieu" or "day-du"  -> step 2
    step 1   prices 0: no plan of this case is worth more than 86,2 points
    step 2   prices 1: nothing keeps the rows in this case

Steps are a numbered list; step 0 is the beginning, every other step is the next of exactly one case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.proofs.certificate import ChoiceId


class RefusedProof(ValueError):
    """The tree is no proof; says at which step and why."""

    def __init__(self, step: int | None, words: str) -> None:
        super().__init__(words if step is None else f"bước {step}: {words}")
        self.step = step


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a division: the choices that are left to the candidate, and the step that follows."""

    choices: tuple[ChoiceId, ...]
    next_step: int


@dataclass(frozen=True, slots=True)
class ChoiceSplit:
    """A division by what a candidate gets; the cases name every choice it has left exactly once."""

    candidate_id: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class CountSplit:
    """A division by a counting variable that is 0 or 1 in every plan, for instance ``done:J``."""

    count: str
    zero_step: int
    one_step: int


@dataclass(frozen=True, slots=True)
class BoundCase:
    """A last case: with these prices no plan of the case is worth more than the bound.

    Attributes:
        prices: position in the tree's list of prices.
        bound: what they add up to, in points, exactly.
    """

    prices: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class EmptyCase:
    """A last case without plans: without any points the prices add up to less than 0 (the bound)."""

    prices: int
    bound: Fraction


@dataclass(frozen=True, slots=True)
class NoChoiceCase:
    """A last case without plans: the candidate has no choice left."""

    candidate_id: str


Step = ChoiceSplit | CountSplit | BoundCase | EmptyCase | NoChoiceCase


@dataclass(frozen=True, slots=True)
class ProofTree:
    """Steps, and the prices (points per unit of a row, by row id) that their last cases use."""

    prices: tuple[Mapping[str, Fraction], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where in the tree a step stands: choices left by candidate id, counting variables already given."""

    kept: Mapping[str, tuple[ChoiceId, ...]]
    fixed: Mapping[str, int]

    def keeping(self, candidate_id: str, choices: tuple[ChoiceId, ...]) -> Situation:
        """Return the case in which a candidate has only these choices left."""
        return Situation({**self.kept, candidate_id: choices}, self.fixed)

    def fixing(self, count: str, value: int) -> Situation:
        """Return the case in which a counting variable has this value."""
        return Situation(self.kept, {**self.fixed, count: value})
