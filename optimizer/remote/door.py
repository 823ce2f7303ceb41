"""What any place that solves problems for us promises, and what we believe of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from optimizer.errors import InvalidPlan, OptimizerError
from optimizer.exchange import read_plan
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.solving.limits import SolveLimits
from optimizer.verify import verify_plan


class TicketState(Enum):
    """Where a submitted problem stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    """A plan can be fetched; it is not audited yet."""
    REFUSED = "refused"
    """The other side says that the problem is wrong or has no plan; that too is a claim."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (TicketState.WAITING, TicketState.RUNNING)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The receipt for a submitted problem.

    Attributes:
        id: as the place that solves knows it.
        problem_sha256: fingerprint of the problem submitted, so that an answer to another one is noticed.
    """

    id: str
    problem_sha256: str


class TicketUnknown(OptimizerError):
    """The ticket was not given out here, or its answer has been thrown away."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"Không có phiếu “{ticket.id}”.")
        self.ticket = ticket


class PlanNotReady(OptimizerError):
    """There is no plan to fetch: not yet, or not any more."""

    def __init__(self, ticket: Ticket, state: TicketState, words: str = "") -> None:
        super().__init__(words or f"Phiếu “{ticket.id}” chưa có phương án để lấy về.")
        self.ticket = ticket
        self.state = state


class PlanNotBelieved(OptimizerError):
    """What came back is no plan of the problem submitted, or breaks a rule; nothing of it is used."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("Không tin được phương án lấy về: " + "; ".join(reasons))
        self.reasons = reasons


class RemoteDoor(Protocol):
    """A place that solves problems for us, here or on another machine.

    Problems and plans cross it as the texts of their files, limits as the options of the solve verb.
    """

    def submit(self, problem_text: str, limits: SolveLimits | None = None) -> Ticket:
        """Hand in a problem and return its ticket at once.

        Raises:
            InvalidProblem: the text is no problem; nothing was handed in.
        """

    def state(self, ticket: Ticket) -> TicketState:
        """Return where a problem stands.

        Raises:
            TicketUnknown: not given out here.
        """

    def fetch(self, ticket: Ticket, wait_seconds: float = 0.0) -> AllocationPlan:
        """Return the plan, audited here.

        Args:
            wait_seconds: how long to wait for it.
        Raises:
            TicketUnknown: not given out here.
            PlanNotReady: there is none yet, or none will come; carries the state and the other side's words.
            PlanNotBelieved: the audit refuses what came back.
        """

    def cancel(self, ticket: Ticket) -> None:
        """Give a problem up; one that has ended stays as it is.

        Raises:
            TicketUnknown: not given out here.
        """


def believed_plan(problem: AllocationProblem, plan_text: str) -> AllocationPlan:
    """Return the plan in a text if it is a plan of this very problem and keeps every rule and every figure.

    Raises:
        PlanNotBelieved: with every reason.
    """
    try:
        plan = read_plan(plan_text)
    except InvalidPlan as error:
        raise PlanNotBelieved(tuple(f"{item.path}: {item.words}" for item in error.mistakes)) from error
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise PlanNotBelieved(tuple(rule.words for rule in report.broken))
    return plan
