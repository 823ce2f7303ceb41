"""Work for later: claimed in order, held by lease, ended once, whoever dies on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from finance.database import SessionFactory, reading, transaction
from finance.errors import NotFound
from finance.jobs.operations import (
    MAX_ATTEMPTS,
    ClaimedJob,
    LeaseLost,
    cancel_job,
    claim_job,
    fail_job,
    finish_job,
    renew_lease,
    request_cancel,
    request_job,
)
from finance.jobs.queries import JobRow, count_unfinished_jobs, has_waiting_job, job_status
from finance.jobs.records import JobState

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
LEASE = 20
NOWHERE = 999_999


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def asked(session: Session, kind: str = "SCENARIO_RUN", subject_id: int = 7) -> int:
    return request_job(session, kind=kind, subject_id=subject_id, requested_by_id=3, at=START).id


def claimed(session: Session, seconds: float = 0, worker: str = "first") -> ClaimedJob | None:
    return claim_job(session, worker=worker, now=at(seconds), lease_seconds=LEASE)


def claimed_for_sure(session: Session, seconds: float = 0, worker: str = "first") -> ClaimedJob:
    job = claimed(session, seconds, worker)
    assert job is not None
    return job


def state(session: Session, job_id: int) -> JobRow:
    return job_status(session, job_id)


def test_a_job_asked_for_waits_and_says_so(session: Session) -> None:
    assert not has_waiting_job(session, START)
    row = state(session, asked(session))
    assert (row.state, row.attempt, row.is_over, row.error) == (JobState.WAITING, 0, False, "")
    assert has_waiting_job(session, START)
    assert count_unfinished_jobs(session) == 1


def test_jobs_are_claimed_in_the_order_they_were_asked(session: Session) -> None:
    asked_ids = [asked(session, subject_id=number) for number in range(3)]
    taken = [claimed_for_sure(session, worker=f"worker {number}") for number in range(3)]
    assert [job.id for job in taken] == asked_ids
    assert [(job.kind, job.subject_id, job.requested_by_id) for job in taken] == [
        ("SCENARIO_RUN", number, 3) for number in range(3)
    ]
    assert claimed(session) is None
    assert not has_waiting_job(session, START)


def test_a_held_job_is_nobody_elses_until_its_lease_runs_out(session: Session) -> None:
    job_id = asked(session)
    assert claimed_for_sure(session).attempt == 1
    assert claimed(session, LEASE, "second") is None
    second = claimed_for_sure(session, LEASE + 0.001, "second")
    assert (second.id, second.attempt) == (job_id, 2)


def test_a_renewed_lease_holds_longer_and_keeps_the_progress(session: Session) -> None:
    job_id = asked(session)
    job = claimed_for_sure(session)
    is_to_stop = renew_lease(session, job, now=at(15), lease_seconds=LEASE, progress={"seconds": 15})
    assert not is_to_stop
    assert state(session, job_id).progress == {"seconds": 15}
    assert claimed(session, 34, "second") is None
    assert claimed_for_sure(session, 36, "second").attempt == 2
    assert state(session, job_id).progress == {}, "the second attempt begins anew"


def test_every_late_word_of_a_worker_whose_lease_went_on_is_refused(session: Session) -> None:
    job_id = asked(session)
    first = claimed_for_sure(session)
    second = claimed_for_sure(session, 60, "second")
    for late_word in (
        lambda: renew_lease(session, first, now=at(61), lease_seconds=LEASE, progress={"x": 1}),
        lambda: finish_job(session, first, now=at(61)),
        lambda: fail_job(session, first, now=at(61), error="…"),
        lambda: cancel_job(session, first, now=at(61)),
    ):
        with pytest.raises(LeaseLost) as refusal:
            late_word()
        assert refusal.value.sentence_vi == "Công việc đã được chuyển cho tiến trình khác."
    row = state(session, job_id)
    assert (row.state, row.progress, row.attempt) == (JobState.RUNNING, {}, 2)
    finish_job(session, second, now=at(62))


def test_a_late_worker_whom_nobody_replaced_may_still_finish(session: Session) -> None:
    job_id = asked(session)
    job = claimed_for_sure(session)
    finish_job(session, job, now=at(500))
    assert state(session, job_id).state is JobState.DONE


def test_a_job_ends_once(session: Session) -> None:
    job_id = asked(session)
    job = claimed_for_sure(session)
    finish_job(session, job, now=at(5))
    for again in (finish_job, cancel_job):
        with pytest.raises(LeaseLost):
            again(session, job, now=at(6))
    row = state(session, job_id)
    assert (row.state, row.finished_at, row.is_over) == (JobState.DONE, at(5), True)
    assert claimed(session, 10_000) is None
    assert count_unfinished_jobs(session) == 0


def test_a_result_and_the_end_of_the_job_are_one_transaction(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        job_id = asked(session)
    with transaction(session_factory) as session:
        job = claimed_for_sure(session)

    def end_and_die() -> None:
        with transaction(session_factory) as session:
            finish_job(session, job, now=at(5))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        end_and_die()
    with reading(session_factory) as session:
        assert state(session, job_id).state is JobState.RUNNING


def test_a_failed_job_keeps_its_words(session: Session) -> None:
    job_id = asked(session)
    fail_job(session, claimed_for_sure(session), now=at(3), error="Không tìm được phương án.")
    row = state(session, job_id)
    assert (row.state, row.error, row.finished_at) == (JobState.FAILED, "Không tìm được phương án.", at(3))


def test_a_job_that_kills_its_workers_is_given_up_with_words(session: Session) -> None:
    deadly, harmless = asked(session), None
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claimed_for_sure(session, attempt * 100).attempt == attempt
    harmless = asked(session, subject_id=8)
    assert claimed_for_sure(session, 10_000).id == harmless, "and does not stand in the others' way"
    row = state(session, deadly)
    assert (row.state, row.attempt) == (JobState.FAILED, MAX_ATTEMPTS)
    assert row.error == "Tiến trình xử lý đã dừng đột ngột quá nhiều lần."


def test_a_job_given_up_leaves_nothing_to_claim(session: Session) -> None:
    asked(session)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed_for_sure(session, attempt * 100)
    assert claimed(session, 10_000) is None
    assert not has_waiting_job(session, at(20_000))


def test_a_waiting_job_is_cancelled_at_once(session: Session) -> None:
    job_id = asked(session)
    request_cancel(session, job_id, now=at(1))
    row = state(session, job_id)
    assert (row.state, row.finished_at) == (JobState.CANCELLED, at(1))
    assert claimed(session, 2) is None


def test_a_running_job_hears_the_wish_at_its_next_sign_of_life(session: Session) -> None:
    job_id = asked(session)
    job = claimed_for_sure(session)
    request_cancel(session, job_id, now=at(1))
    assert state(session, job_id).state is JobState.RUNNING
    assert renew_lease(session, job, now=at(2), lease_seconds=LEASE, progress={})
    cancel_job(session, job, now=at(3))
    assert state(session, job_id).state is JobState.CANCELLED


def test_an_ended_job_cannot_be_cancelled_any_more(session: Session) -> None:
    job_id = asked(session)
    finish_job(session, claimed_for_sure(session), now=at(1))
    request_cancel(session, job_id, now=at(2))
    row = state(session, job_id)
    assert (row.state, row.is_cancel_requested) == (JobState.DONE, False)


def test_no_such_job(session: Session) -> None:
    with pytest.raises(NotFound):
        request_cancel(session, NOWHERE, now=START)
    with pytest.raises(NotFound):
        job_status(session, NOWHERE)


def test_ten_workers_at_once_take_each_job_once(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        ids = [asked(session) for _ in range(4)]
    together = Barrier(10)

    def take(number: int) -> ClaimedJob | None:
        together.wait(timeout=30)
        with transaction(session_factory) as session:
            return claimed(session, worker=f"worker {number}")

    with ThreadPoolExecutor(10) as pool:
        taken = [job for job in pool.map(take, range(10)) if job is not None]
    assert sorted(job.id for job in taken) == ids
    assert {job.attempt for job in taken} == {1}
