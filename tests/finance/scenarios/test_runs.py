"""A run is frozen, solved outside any transaction, and answered exactly once, whatever dies on the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from finance.actions import Action
from finance.audit import AuditEntry, find_broken_entry
from finance.database import SessionFactory, reading, transaction
from finance.errors import NotAllowed, NotReady, StaleVersion
from finance.jobs.operations import ClaimedJob, claim_job
from finance.jobs.records import Job, JobState
from finance.scenarios.operations import NewLock, set_lock, set_weights
from finance.scenarios.problem_builder import build_problem
from finance.scenarios.records import ProposedAward, ScenarioRun
from finance.scenarios.rules import LockKind, RunOutcome
from finance.scenarios.run_queries import awards_of_run, compare_runs, list_round_runs, run_row
from finance.scenarios.run_results import money_of_run, ranking_of_run, results_of_run
from finance.scenarios.runs import RUN_JOB_KIND, cancel_run, request_run, run_job
from optimizer.exchange import plan_from_json, problem_from_json
from optimizer.verify import verify_plan
from tests.finance.scenarios.appraised import RECORDED_AT, level_ids_of, project_id_of
from tests.finance.scenarios.conftest import Pool

LATER = RECORDED_AT + timedelta(minutes=5)


def now() -> datetime:
    return LATER


def asked(factory: SessionFactory, pool: Pool, seen_edit: int = 1) -> int:
    with transaction(factory) as session:
        return request_run(session, pool.province.planner, pool.scenario_id, seen_edit=seen_edit).id


def claimed(factory: SessionFactory, worker: str = "w1", at: datetime = LATER) -> ClaimedJob:
    with transaction(factory) as session:
        job = claim_job(session, worker=worker, now=at, lease_seconds=60)
    assert job is not None
    assert job.kind == RUN_JOB_KIND
    return job


def answered(factory: SessionFactory, pool: Pool, seen_edit: int = 1) -> int:
    run_id = asked(factory, pool, seen_edit)
    assert run_job(factory, claimed(factory), now=now) is True
    return run_id


def test_a_run_is_proven_audited_and_says_so(session_factory: SessionFactory, pool: Pool) -> None:
    run_id = answered(session_factory, pool)
    planner = pool.province.planner
    with reading(session_factory) as session:
        row = run_row(session, planner, run_id)
        run = session.get_one(ScenarioRun, run_id)
        report = verify_plan(problem_from_json(run.problem["question"]), plan_from_json(run.plan["plan"]))
        job_state = session.get_one(Job, run.job_id).state
        awards = awards_of_run(session, planner, run_id)
        money = money_of_run(session, planner, run_id)
        results = {one.code: one for one in results_of_run(session, planner, run_id)}
        ranking = ranking_of_run(session, planner, run_id)
        assert find_broken_entry(session) is None
    assert report.is_kept
    assert (row.outcome, job_state) == (RunOutcome.PROVEN, JobState.DONE)
    assert row.outcome_vi.startswith("Đã chứng minh là tốt nhất: ")
    by_name = {award.candidate_id: award for award in awards if award.candidate_id}
    # 5.5 triệu of recurrent money in 2012: training costs 5 triệu and brings a tenth of its target.
    assert by_name["H_NHATRANG.DA1"].proposed_vnd == 5_000_000
    # Both offices name the same communes: money is given to one of them only.
    assert [one.proposed_vnd > 0 for one in (by_name["H_NHATRANG.DA2"], by_name["H_KHANHVINH.DB1"])].count(
        True
    ) == 1
    assert results["MOT_CUA_XA"].attained_thousandths == 4_000
    assert results["HAI_LONG"].is_outcome
    assert sum(one.used_vnd for one in money) == sum(award.proposed_vnd for award in awards)
    assert all(one.left_vnd >= 0 for one in money)
    assert ranking is not None
    assert ranking.ranking_thousandths is not None
    assert ranking.ranking_thousandths <= ranking.plan_thousandths


def test_every_award_has_at_most_three_sentences_with_a_verdict(
    session_factory: SessionFactory, pool: Pool
) -> None:
    run_id = answered(session_factory, pool)
    with reading(session_factory) as session:
        awards = awards_of_run(session, pool.province.planner, run_id)
    assert len(awards) == 4
    for award in awards:
        assert 2 <= len(award.sentences_vi) <= 3
        assert award.sentences_vi[0].startswith("Đề nghị ")
        assert award.verdict_vi.startswith(("có chứng cứ", "trong sai số", "theo quy tắc", "chưa đo được"))
        assert award.verdict_vi[1:10] in " ".join(award.sentences_vi)


def test_a_killed_workers_run_is_done_again_and_stored_once(
    session_factory: SessionFactory, pool: Pool
) -> None:
    run_id = asked(session_factory, pool)
    dead = claimed(session_factory, "dead")
    second = claimed(session_factory, "second", at=LATER + timedelta(seconds=61))
    assert (second.id, second.attempt) == (dead.id, 2)
    # The first worker wakes up and finishes its work: nothing of it is stored.
    assert run_job(session_factory, dead, now=now) is False
    with reading(session_factory) as session:
        assert session.get_one(ScenarioRun, run_id).outcome is None
    assert run_job(session_factory, second, now=now) is True
    assert run_job(session_factory, second, now=now) is False
    with reading(session_factory) as session:
        awards = session.scalar(select(func.count()).select_from(ProposedAward))
        entries = session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.action == Action.RECORD_RUN)
        )
    assert (awards, entries) == (4, 1)


def test_a_worker_killed_after_the_answer_was_stored_changes_nothing(
    session_factory: SessionFactory, pool: Pool
) -> None:
    run_id = answered(session_factory, pool)
    with transaction(session_factory) as session:
        # As if the end of the job had been lost: the job is claimed again.
        job = session.get_one(Job, session.get_one(ScenarioRun, run_id).job_id)
        job.state, job.lease_until = JobState.RUNNING, RECORDED_AT
        before = session.get_one(ScenarioRun, run_id).plan
    assert run_job(session_factory, claimed(session_factory, "third"), now=now) is False
    with reading(session_factory) as session:
        assert session.get_one(ScenarioRun, run_id).plan == before
        assert session.scalar(select(func.count()).select_from(ProposedAward)) == 4


def test_the_same_question_is_not_asked_twice_at_once(session_factory: SessionFactory, pool: Pool) -> None:
    assert asked(session_factory, pool) == asked(session_factory, pool)


def test_a_contradiction_is_refused_in_words_before_any_run(
    session_factory: SessionFactory, pool: Pool
) -> None:
    planner = pool.province.planner
    with transaction(session_factory) as session:
        for place, key in enumerate(("DA2", "DB1"), start=1):
            level_id = level_ids_of(session, key)[-1]
            lock = NewLock(project_id_of(session, key), LockKind.PINNED, "Đã hứa", level_id)
            set_lock(session, planner, pool.scenario_id, lock=lock, seen_edit=place)
    with pytest.raises(NotReady) as refused:
        asked(session_factory, pool, seen_edit=3)
    words = " ".join(finding.message_vi for finding in refused.value.findings)
    assert "111.111.102 đồng" in words
    assert "trần là 70.000.000 đồng" in words
    with reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_run_keeps_its_question_when_the_scenario_changes(
    session_factory: SessionFactory, pool: Pool
) -> None:
    planner = pool.province.planner
    first = answered(session_factory, pool)
    with transaction(session_factory) as session:
        frozen = session.get_one(ScenarioRun, first).problem_hash
        lock = NewLock(project_id_of(session, "DA1"), LockKind.BARRED, "Để năm sau")
        set_lock(session, planner, pool.scenario_id, lock=lock, seen_edit=1)
    second = answered(session_factory, pool, seen_edit=2)
    with reading(session_factory) as session:
        assert session.get_one(ScenarioRun, first).problem_hash == frozen
        assert build_problem(session, pool.scenario_id).problem_hash != frozen
        changes = compare_runs(session, planner, first, second)
        assert [row.id for row in list_round_runs(session, planner, pool.province.round_id)] == [
            second,
            first,
        ]
        barred = next(
            one for one in awards_of_run(session, planner, second) if one.candidate_id == "H_NHATRANG.DA1"
        )
    assert changes[0].is_changed
    assert (changes[0].first_vnd, changes[0].second_vnd) == (5_000_000, 0)
    assert barred.verdict_vi == "theo quy tắc"
    assert "Để năm sau" in barred.sentences_vi[1]


def test_a_waiting_run_can_be_stopped_and_a_finished_one_cannot(
    session_factory: SessionFactory, pool: Pool
) -> None:
    run_id = asked(session_factory, pool)
    with transaction(session_factory) as session:
        cancel_run(session, pool.province.planner, run_id)
    with reading(session_factory) as session:
        row = run_row(session, pool.province.planner, run_id)
    assert row.is_over
    assert not row.has_plan
    with pytest.raises(Exception, match="đã kết thúc"), transaction(session_factory) as session:
        cancel_run(session, pool.province.planner, run_id)


def test_a_running_run_that_is_stopped_keeps_the_best_plan(
    session_factory: SessionFactory, pool: Pool
) -> None:
    run_id = asked(session_factory, pool)
    job = claimed(session_factory)
    with transaction(session_factory) as session:
        cancel_run(session, pool.province.planner, run_id)
    assert run_job(session_factory, job, now=now) is True
    with reading(session_factory) as session:
        row = run_row(session, pool.province.planner, run_id)
    # The greedy plan is there before the engine starts; the search may even end before it hears the word.
    assert row.outcome in {RunOutcome.STOPPED, RunOutcome.PROVEN}
    assert row.has_plan


def test_only_the_consolidating_office_asks_and_only_from_a_fresh_page(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with transaction(session_factory) as session:
        with pytest.raises(NotAllowed):
            request_run(session, pool.province.estimate_appraiser, pool.scenario_id, seen_edit=1)
        with pytest.raises(StaleVersion):
            request_run(session, pool.province.planner, pool.scenario_id, seen_edit=7)
        with pytest.raises(NotAllowed):
            set_weights(session, pool.province.approver, pool.scenario_id, weights={}, seen_edit=1)
