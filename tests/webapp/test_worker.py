"""The worker does what waits, survives what breaks, and lets go when asked to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from finance.database import SessionFactory, reading, transaction
from finance.errors import RuleBroken
from finance.jobs.operations import ClaimedJob, LeaseLost, claim_job, finish_job, request_job
from finance.jobs.queries import JobRow, job_status
from finance.jobs.records import JobState
from finance.scenarios.runs import RUN_JOB_KIND
from webapp import worker
from webapp.worker import INTERNAL_ERROR_VI, JOB_OPERATIONS, LEASE_SECONDS, work

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

Does = Callable[[SessionFactory, ClaimedJob, Callable[[], datetime]], None]


def clock() -> datetime:
    return NOW


def done(factory: SessionFactory, claimed: ClaimedJob, now: Callable[[], datetime]) -> None:
    with transaction(factory) as session:
        finish_job(session, claimed, now=now())


@pytest.fixture
def ask(session_factory: SessionFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Ask for a job of a kind, and say what the worker is to do for that kind."""
    operations: dict[str, Does] = {}
    monkeypatch.setattr(worker, "JOB_OPERATIONS", operations)

    def ask_for(kind: str = "TEST", does: Does | None = done) -> int:
        if does is not None:
            operations[kind] = does
        with transaction(session_factory) as session:
            return request_job(session, kind=kind, subject_id=7, requested_by_id=3, at=NOW).id

    return ask_for


@pytest.fixture
def status(session_factory: SessionFactory) -> Callable[[int], JobRow]:
    def look(job_id: int) -> JobRow:
        with reading(session_factory) as session:
            return job_status(session, job_id)

    return look


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "phanbo.worker")


def test_runs_of_scenarios_are_the_workers_business() -> None:
    assert set(JOB_OPERATIONS) == {RUN_JOB_KIND}


def test_all_waiting_jobs_are_done_in_order(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    order: list[int] = []

    def note(factory: SessionFactory, claimed: ClaimedJob, now: Callable[[], datetime]) -> None:
        order.append(claimed.id)
        done(factory, claimed, now)

    asked = [ask(does=note) for _ in range(3)]
    assert work(session_factory, clock, is_once=True) == 0
    assert order == asked
    assert {status(job_id).state for job_id in asked} == {JobState.DONE}


def test_nothing_waiting_is_nothing_to_do(session_factory: SessionFactory) -> None:
    assert work(session_factory, clock, is_once=True) == 0


def test_a_crash_is_noted_in_words_and_the_next_job_is_done(
    session_factory: SessionFactory,
    ask: Callable[..., int],
    status: Callable[[int], JobRow],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def crash(*_given: object) -> None:
        raise ZeroDivisionError("a secret detail")

    broken, sound = ask("BROKEN", crash), ask()
    work(session_factory, clock, is_once=True)
    row = status(broken)
    assert (row.state, row.error, row.finished_at) == (JobState.FAILED, INTERNAL_ERROR_VI, NOW)
    assert "secret" not in row.error
    assert "ZeroDivisionError" in caplog.text, "the log knows what the person need not"
    assert status(sound).state is JobState.DONE


def test_a_refusal_is_told_in_its_own_words(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    def refuse(*_given: object) -> None:
        raise RuleBroken("Không còn dự án nào trong phương án.")

    job_id = ask(does=refuse)
    work(session_factory, clock, is_once=True)
    assert (status(job_id).state, status(job_id).error) == (
        JobState.FAILED,
        "Không còn dự án nào trong phương án.",
    )


def test_a_job_of_a_kind_nobody_knows_fails_and_does_not_stand_in_the_way(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    unknown, sound = ask("NOBODY_KNOWS", None), ask()
    work(session_factory, clock, is_once=True)
    assert status(unknown).state is JobState.FAILED
    assert status(sound).state is JobState.DONE


def test_a_job_that_went_to_another_worker_is_left_to_it(
    session_factory: SessionFactory,
    ask: Callable[..., int],
    status: Callable[[int], JobRow],
    caplog: pytest.LogCaptureFixture,
) -> None:
    later = NOW + timedelta(seconds=LEASE_SECONDS + 1)

    def be_slow(factory: SessionFactory, claimed: ClaimedJob, now: Callable[[], datetime]) -> None:
        with transaction(factory) as session:
            assert claim_job(session, worker="another", now=later, lease_seconds=LEASE_SECONDS)
        done(factory, claimed, now)

    job_id = ask(does=be_slow)
    work(session_factory, clock, is_once=True)
    assert (status(job_id).state, status(job_id).attempt, status(job_id).error) == (JobState.RUNNING, 2, "")
    assert "went to another worker" in caplog.text


def test_a_crash_after_the_lease_was_lost_says_nothing_about_the_others_work(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    later = NOW + timedelta(seconds=LEASE_SECONDS + 1)

    def be_slow_and_crash(factory: SessionFactory, claimed: ClaimedJob, _now: object) -> None:
        with transaction(factory) as session:
            claim_job(session, worker="another", now=later, lease_seconds=LEASE_SECONDS)
        raise ZeroDivisionError

    job_id = ask(does=be_slow_and_crash)
    work(session_factory, clock, is_once=True)
    assert (status(job_id).state, status(job_id).error) == (JobState.RUNNING, "")


def test_a_killed_workers_job_is_done_again_by_the_next(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    def be_killed(*_given: object) -> None:
        raise KeyboardInterrupt  # nothing of the worker's own runs after this

    job_id = ask(does=be_killed)
    with pytest.raises(KeyboardInterrupt):
        work(session_factory, clock, is_once=True)
    assert status(job_id).state is JobState.RUNNING
    ask(does=done)
    work(session_factory, lambda: NOW + timedelta(seconds=LEASE_SECONDS + 1), is_once=True)
    assert (status(job_id).state, status(job_id).attempt) == (JobState.DONE, 2)


@pytest.fixture
def handlers() -> list[object]:
    return [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_the_job_in_hand_and_claims_no_other(
    session_factory: SessionFactory,
    ask: Callable[..., int],
    status: Callable[[int], JobRow],
    handlers: list[object],
    number: signal.Signals,
) -> None:
    def be_stopped(factory: SessionFactory, claimed: ClaimedJob, now: Callable[[], datetime]) -> None:
        os.kill(os.getpid(), number)
        done(factory, claimed, now)

    in_hand, next_one = ask(does=be_stopped), ask("LATER")
    assert work(session_factory, clock) == 0
    assert (status(in_hand).state, status(next_one).state) == (JobState.DONE, JobState.WAITING)
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_beside_the_main_thread_it_works_without_hearing_signals(
    session_factory: SessionFactory, ask: Callable[..., int], status: Callable[[int], JobRow]
) -> None:
    job_id = ask()
    thread = threading.Thread(target=work, args=(session_factory, clock), kwargs={"is_once": True})
    thread.start()
    thread.join(timeout=30)
    assert status(job_id).state is JobState.DONE


def test_losing_a_lease_has_words() -> None:
    assert LeaseLost().sentence_vi == "Công việc đã được chuyển cho tiến trình khác."
