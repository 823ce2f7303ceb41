"""One case of "nothing fits": the question, what may not be moved, and the parts it falls into."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.engines.interface import Engine
from optimizer.problem import AllocationProblem
from optimizer.repair import RuleChange
from optimizer.solving.elastic_question import SearchClock
from optimizer.solving.minimal_set import RuleSet


@dataclass(frozen=True, slots=True)
class ConflictWishes:
    """What the asker takes as settled, and how much is wanted.

    Attributes:
        kept: rules that no repair may move; they are named like all others.
        supposed: rules that only say "suppose that": never moved, never named.
        is_brief: True = the rules matter, not the repair: one good repair, without any search for the best.
    """

    kept: frozenset[str] = frozenset()
    supposed: frozenset[str] = frozenset()
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class ConflictCase:
    """A problem without a plan, and with what it is searched."""

    problem: AllocationProblem
    engine: Engine
    clock: SearchClock
    wishes: ConflictWishes

    @property
    def fixed(self) -> frozenset[str]:
        """The rules that no repair may move."""
        return self.wishes.kept | self.wishes.supposed


@dataclass(frozen=True, slots=True)
class ConflictPart:
    """One conflict and the changes of the cheapest repair that belong to it."""

    rule_set: RuleSet
    changes: tuple[RuleChange, ...]
