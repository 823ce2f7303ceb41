"""The door kept by processes of this machine; the pattern for doors to other machines, and their stand-in.

One thread owns the pool: it hands out jobs and hears answers while nobody asks. Callers from any thread
leave word with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import Pipe
from threading import Condition, Thread
from types import TracebackType
from typing import Any, TypeVar

from optimizer.batch.job_answer import FAILED, FOUND
from optimizer.batch.job_options import options_of, patience_seconds
from optimizer.batch.pool import JobState, PoolJob, WorkerPool
from optimizer.batch.worker_process import Act, Opener
from optimizer.canonical import fingerprint_of
from optimizer.exchange import read_problem
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.remote.door import PlanNotReady, Ticket, TicketState, TicketUnknown, believed_plan
from optimizer.solving.limits import SolveLimits

Answer = TypeVar("Answer")
_UNFINISHED = {
    JobState.WAITING: TicketState.WAITING,
    JobState.RUNNING: TicketState.RUNNING,
    JobState.CANCELLED: TicketState.CANCELLED,
    JobState.FAILED: TicketState.FAILED,
}


def open_texts(_: Any) -> Act:
    """Return what a worker does with the text of a problem and the options of its search."""
    # Loaded in the worker alone: who keeps the door needs no solver.
    from optimizer.batch.answering import answer_text_job

    return answer_text_job


@dataclass(frozen=True, slots=True)
class _Submitted:
    """What is remembered of a ticket: the problem as we read it, and its job."""

    ticket: Ticket
    problem: AllocationProblem
    job: PoolJob


class LocalDoor:
    """A RemoteDoor over a pool of processes; end it with close, or use it in a with block."""

    def __init__(self, workers: int = 2, opener: Opener = open_texts) -> None:
        """Open the door; processes start with the first problem.

        Args:
            workers: processes at a time.
            opener: what the workers do, told (problem text, options) per job and answering a JobAnswer.
        """
        self._pool = WorkerPool(opener, None, workers)
        self._submitted: dict[str, _Submitted] = {}
        self._words_left: deque[Callable[[], None]] = deque()
        self._heard, self._bell = Pipe(duplex=False)
        self._changed = Condition()
        self._is_closed = False
        self._thread = Thread(target=self._keep, name="local-door", daemon=True)
        self._thread.start()

    def __enter__(self) -> LocalDoor:
        """Use the door in a with block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every worker."""
        self.close()

    @property
    def process_ids(self) -> dict[str, int]:
        """Process id of the worker of each running ticket."""
        return {str(number): process_id for number, process_id in self._pool.process_ids.items()}

    def submit(self, problem_text: str, limits: SolveLimits | None = None) -> Ticket:
        """Hand in a problem and return its ticket at once; see RemoteDoor."""
        problem = read_problem(problem_text)
        limits = limits or SolveLimits()
        payload = (problem_text, options_of(limits))
        job = self._by_keeper(lambda: self._pool.submit(payload, patience_seconds(limits)))
        ticket = Ticket(str(job.number), fingerprint_of(problem))
        self._submitted[ticket.id] = _Submitted(ticket, problem, job)
        return ticket

    def state(self, ticket: Ticket) -> TicketState:
        """Return where a problem stands; see RemoteDoor."""
        job = self._known(ticket).job
        if job.state is not JobState.DONE:
            return _UNFINISHED[job.state]
        return {FOUND: TicketState.READY, FAILED: TicketState.FAILED}.get(
            job.result.exit_code, TicketState.REFUSED
        )

    def fetch(self, ticket: Ticket, wait_seconds: float = 0.0) -> AllocationPlan:
        """Return the plan, audited here; see RemoteDoor."""
        known = self._known(ticket)
        with self._changed:
            self._changed.wait_for(lambda: known.job.has_ended, wait_seconds)
        state = self.state(ticket)
        if state is not TicketState.READY:
            words = known.job.result.words if known.job.state is JobState.DONE else known.job.words
            raise PlanNotReady(ticket, state, words)
        return believed_plan(known.problem, known.job.result.plan_text or "")

    def cancel(self, ticket: Ticket) -> None:
        """Give a problem up; see RemoteDoor."""
        job = self._known(ticket).job
        self._by_keeper(lambda: self._pool.cancel(job))

    def close(self) -> None:
        """End every worker; problems that have not ended are cancelled."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
        self._bell.send_bytes(b"!")
        self._thread.join()
        self._bell.close()
        self._heard.close()

    def _known(self, ticket: Ticket) -> _Submitted:
        known = self._submitted.get(ticket.id)
        if known is None or known.ticket != ticket:
            raise TicketUnknown(ticket)
        return known

    def _by_keeper(self, act: Callable[[], Answer]) -> Answer:
        """Have something done by the thread that owns the pool.

        Raises:
            RuntimeError: the door is closed.
        """
        told: Future[Answer] = Future()

        def do() -> None:
            try:
                told.set_result(act())
            except Exception as error:
                # Whatever it is belongs to who asked, not to the thread that keeps the door.
                told.set_exception(error)

        with self._changed:
            if self._is_closed:
                raise RuntimeError("the door is closed")
            self._words_left.append(do)
            self._bell.send_bytes(b"!")
        return told.result()

    def _keep(self) -> None:
        """Do what callers left word of, hear the workers, and tell those who wait."""
        try:
            while not self._is_closed:
                self._pool.advance(wake=self._heard)
                self._do_what_is_asked()
                with self._changed:
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._is_closed = True
            self._do_what_is_asked()
            self._pool.close(at_once=True)
            with self._changed:
                self._changed.notify_all()

    def _do_what_is_asked(self) -> None:
        while self._heard.poll():
            self._heard.recv_bytes()
        while self._words_left:
            self._words_left.popleft()()
