"""The door for other machines, kept by processes of this one: tickets, cancel, deaths and forged plans."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from optimizer import InvalidProblem, SolveLimits, verify_plan
from optimizer.exchange import write_plan, write_problem
from optimizer.remote.door import (
    PlanNotBelieved,
    PlanNotReady,
    RemoteDoor,
    Ticket,
    TicketState,
    TicketUnknown,
    believed_plan,
)
from optimizer.remote.local_door import LocalDoor
from optimizer.solving.solve import solve
from tests.optimizer.builders import MILLION
from tests.optimizer.pool_work import light_main, open_forger, open_sleeper
from tests.optimizer.test_batch import two_projects

__all__ = ["light_main"]  # a fixture
pytestmark = pytest.mark.usefixtures("light_main")
PATIENCE = 90.0


def wait_until_running(door: LocalDoor, ticket: Ticket, not_by: int | None = None) -> int:
    """Return the process that works on a ticket, another than the given one."""
    ends = time.monotonic() + PATIENCE
    while True:
        process_id = door.process_ids.get(ticket.id)
        if process_id is not None and process_id != not_by:
            return process_id
        assert time.monotonic() < ends, "nobody works on it"
        time.sleep(0.02)


def is_gone(process_id: int) -> bool:
    """Tell whether a process has ended."""
    return not Path(f"/proc/{process_id}").exists()


def test_a_problem_goes_out_and_an_audited_plan_comes_back() -> None:
    problem = two_projects()
    with LocalDoor(workers=1) as door:
        kept: RemoteDoor = door
        ticket = kept.submit(write_problem(problem), SolveLimits(time_limit_seconds=20, seed=5))
        waiting = kept.submit(write_problem(two_projects(70 * MILLION)))
        with pytest.raises(PlanNotReady) as refusal:
            kept.fetch(waiting)
        assert not refusal.value.state.is_final
        plan = kept.fetch(ticket, PATIENCE)
        assert verify_plan(problem, plan).is_kept
        assert (dict(plan.level_ids), plan.engine.seed) == ({"P2": "day-du"}, 5)
        assert kept.state(ticket) is TicketState.READY
        assert set(kept.fetch(waiting, PATIENCE).level_ids) == {"P1", "P2"}
        with pytest.raises(InvalidProblem):
            kept.submit("{}")
        with pytest.raises(TicketUnknown):
            kept.state(Ticket("99", ticket.problem_sha256))
        with pytest.raises(TicketUnknown):
            kept.cancel(Ticket(ticket.id, "another problem"))
    with pytest.raises(RuntimeError, match="closed"):
        door.submit(write_problem(problem))


def test_a_worker_is_killed_and_a_ticket_cancelled() -> None:
    text = write_problem(two_projects())
    with LocalDoor(workers=1, opener=open_sleeper) as door:
        killed, cancelled, given_up = (door.submit(text) for _ in range(3))
        first = wait_until_running(door, killed)
        os.kill(first, signal.SIGKILL)
        second = wait_until_running(door, killed, not_by=first)
        assert door.state(killed) is TicketState.RUNNING
        os.kill(second, signal.SIGKILL)
        with pytest.raises(PlanNotReady, match="dừng đột ngột 2 lần") as refusal:
            door.fetch(killed, PATIENCE)
        assert refusal.value.state is door.state(killed) is TicketState.FAILED
        worker = wait_until_running(door, cancelled)
        door.cancel(cancelled)
        assert door.state(cancelled) is TicketState.CANCELLED
        assert is_gone(worker)
        last = wait_until_running(door, given_up)
    assert is_gone(last)
    assert door.state(given_up) is TicketState.CANCELLED


def test_a_forged_plan_is_not_believed() -> None:
    with LocalDoor(workers=1, opener=open_forger) as door:
        ticket = door.submit(write_problem(two_projects()))
        with pytest.raises(PlanNotBelieved):
            door.fetch(ticket, PATIENCE)
        assert door.state(ticket) is TicketState.READY


def test_every_kind_of_forgery_is_refused_with_its_reasons() -> None:
    problem = two_projects()
    text = write_plan(solve(problem, SolveLimits(time_limit_seconds=20)))
    assert believed_plan(problem, text).level_ids == {"P2": "day-du"}
    plan = json.loads(text)
    better_score = {**plan, "score": plan["score"] * 2, "bound": plan["score"] * 2}
    too_much = {**plan, "levels": {"P1": "day-du", "P2": "day-du"}}
    for forged in ("", "{}", json.dumps(better_score), json.dumps(too_much)):
        with pytest.raises(PlanNotBelieved) as refusal:
            believed_plan(problem, forged)
        assert refusal.value.reasons
    with pytest.raises(PlanNotBelieved):
        believed_plan(two_projects(70 * MILLION), text)
