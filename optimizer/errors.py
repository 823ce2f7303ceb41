"""What the optimizer refuses to do, and the facts a person needs to mend it.

    OptimizerError
     ├ InvalidProblem(mistakes)    the file or object is wrong; every mistake with its place
     ├ InvalidPlan(mistakes)       the plan file is wrong
     ├ NoFeasiblePlan(conflicts)   the question is sound, but no plan keeps every hard rule
     ├ NoPlanInTime(seconds)       stopped before the first audited plan was found
     └ SolverFailure(reason)       the engine failed or its answer did not survive the exact audit

The words inside mistakes and conflicts are Vietnamese sentences for the people who prepare the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from optimizer.proofs.steps import ProofTree
from optimizer.repair import Repair


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a problem or plan, with its place.

    Attributes:
        path: JSON path of the wrong value, for instance ``$.candidates[3].levels[0].cost_vnd``.
        words: Vietnamese sentence saying what is wrong.
    """

    path: str
    words: str


class ConflictProof(Enum):
    """What shows that the rules of a conflict cannot all be kept."""

    ARITHMETIC = "arithmetic"
    """Adding up suffices; anyone can repeat it."""
    FRACTIONS = "fractions"
    """A proof by cases comes with it, to be re-added in exact fractions without any solver."""
    SEARCH = "search"
    """The engine searched all choices, in a model loaded afresh."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why no plan exists, with the cheapest repair that was found.

    Attributes:
        rule_ids: the rules that cannot all be kept, as ids of the problem.
        words: Vietnamese sentence naming the rules and amounts.
        repair_words: Vietnamese sentences with the smallest change that resolves it and what may be done
            instead, or None.
        is_minimal: True when without any single one of the rules the others can all be kept.
        repairs: the cheapest first; each was carried out and a plan of the repaired problem audited. Empty
            for contradictions found before any solving.
        proof_tree: shows that the problem with these rules alone has no plan (optimizer.conflict_audit);
            None where none was grown.
    """

    rule_ids: tuple[str, ...]
    words: str
    repair_words: str | None = None
    is_minimal: bool = False
    proof: ConflictProof = ConflictProof.ARITHMETIC
    repairs: tuple[Repair, ...] = ()
    proof_tree: ProofTree | None = None


class OptimizerError(Exception):
    """Root of everything the optimizer raises on purpose."""


class InvalidProblem(OptimizerError):
    """The problem contradicts its own form; carries every mistake at once."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{mistake.path}: {mistake.words}" for mistake in mistakes))
        self.mistakes = mistakes


class InvalidPlan(OptimizerError):
    """The plan file is not a plan; carries every mistake at once."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{mistake.path}: {mistake.words}" for mistake in mistakes))
        self.mistakes = mistakes


class NoFeasiblePlan(OptimizerError):
    """No plan keeps every hard rule; confirmed by arithmetic or by a proof of the engine."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__("; ".join(conflict.words for conflict in conflicts))
        self.conflicts = conflicts


class NoPlanInTime(OptimizerError):
    """The search was stopped before any plan passed the exact audit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Dừng sau {seconds:.1f} giây khi chưa có phương án nào qua được kiểm toán chính xác."
        )
        self.seconds = seconds


class SolverFailure(OptimizerError):
    """The engine failed, or an answer could not be made to pass the exact audit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
