"""The province is made by the acts people do: whole, once, and in an order the procedure allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from finance.actions import Action
from finance.actors import Function
from finance.agencies.installation import installation_actor
from finance.agencies.sign_ins import sign_in
from finance.audit import AuditEntry, find_broken_entry
from finance.clock import Moment
from finance.database import SessionFactory, reading, transaction
from finance.errors import RuleBroken
from finance.estimates.queries import (
    EstimateRow,
    current_version,
    estimate_findings,
    load_draft,
    version_projects,
)
from finance.estimates.queries import estimate_row as row_of
from finance.estimates.totals import draft_total, estimate_total
from finance.estimates.workflow import EstimateStatus
from finance.findings import blocking_findings
from finance.programme.operations import load_programme
from finance.reports.consolidation import Grouping, consolidate_round
from finance.reports.worklist import worklist
from finance.reviews.queries import pool_projects
from finance.rounds.queries import get_round, list_envelopes
from finance.scenarios.rules import RunOutcome
from tests.builders import a_round
from tests.demonstration.conftest import a_clock
from webapp.demonstration import province
from webapp.demonstration.allocation import find_run
from webapp.demonstration.estimate_files import read_estimate_drafts
from webapp.demonstration.files import read_estimate_files
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS, Staff
from webapp.demonstration.province import Until, is_province_loaded, load_province
from webapp.demonstration.round import find_demonstration_round
from webapp.demonstration.story import Story


@contextmanager
def looking(factory: SessionFactory) -> Iterator[Story]:
    """The loaded story, for looking only."""
    with reading(factory) as session:
        row = find_demonstration_round(session)
        assert row is not None
        yield Story(session, Staff(session, a_clock()), row.id)


def files_of(story: Story) -> dict[str, EstimateRow]:
    """Every office's estimate, seen by its own preparer."""
    return {
        file.agency_code: row_of(
            story.session, story.person(file.preparer, "today"), story.estimate_of(file.agency_code)
        )
        for file in read_estimate_files()
    }


def count_of_acts(factory: SessionFactory) -> int:
    with reading(factory) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_the_story_loads_on_both_stores_and_a_repeat_changes_nothing(session_factory: SessionFactory) -> None:
    assert not is_province_loaded(session_factory)
    report = load_province(session_factory, a_clock())
    assert is_province_loaded(session_factory)
    assert (report.agency_count, report.project_count) == (7, 20)
    assert "số liệu minh họa" in report.sentence_vi
    acts = count_of_acts(session_factory)
    assert load_province(session_factory, a_clock()) == report
    assert count_of_acts(session_factory) == acts
    with looking(session_factory) as story:
        assert find_broken_entry(story.session) is None
        run = find_run(story)
        assert run is not None
        assert run.outcome is RunOutcome.PROVEN


def test_every_desk_is_where_the_files_say(busy: SessionFactory) -> None:
    with looking(busy) as story:
        stands = {code: row.status for code, row in files_of(story).items()}
        assert stands == {file.agency_code: file.stops_at for file in read_estimate_files()}
        assert list(stands.values()).count(EstimateStatus.APPRAISED) == 4
        assert stands["H_NHATRANG"] is EstimateStatus.DRAFT
        row = get_round(story.session, story.round_id)
        assert row.is_demonstration
        assert row.business_on == story.day("today")


def test_the_listed_people_find_work(busy: SessionFactory) -> None:
    with looking(busy) as story:
        assert worklist(story.session, story.person("soanthao", "today"))
        assert worklist(story.session, story.holder(Function.CONTENT_APPRAISAL, "today"))
        assert worklist(story.session, story.holder(Function.ESTIMATE_APPRAISAL, "today"))
        assert worklist(story.session, story.holder(Function.IT_OPINION, "today"))
        assert worklist(story.session, story.holder(Function.ALLOCATION_CONSOLIDATION, "today"))


def test_the_listed_people_can_sign_in(busy: SessionFactory) -> None:
    now = datetime(2026, 1, 6, tzinfo=UTC)
    with transaction(busy) as session:
        for one in DEMONSTRATION_SIGN_INS:
            moment = Moment(now, now)
            assert sign_in(
                session, moment, login=one.login, password=one.password, remote_address="test"
            ).token


def test_no_draft_has_a_mistake_that_stops_it(busy: SessionFactory) -> None:
    with looking(busy) as story:
        for code, row in files_of(story).items():
            assert not blocking_findings(estimate_findings(story.session, row.id)), code


def test_what_was_stored_is_what_the_files_say_and_every_page_adds_up_alike(busy: SessionFactory) -> None:
    drafts = read_estimate_drafts()
    with looking(busy) as story:
        asked = 0
        for code, row in files_of(story).items():
            version = current_version(story.session, row.id)
            stored = version_projects(story.session, version.id)
            assert row.asked_vnd == draft_total(drafts[code]) == estimate_total(stored)
            assert draft_total(load_draft(story.session, row.id)) == row.asked_vnd
            asked += row.asked_vnd if row.status is not EstimateStatus.DRAFT else 0
        planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "today")
        for grouping in Grouping:
            table = consolidate_round(story.session, planner, story.round_id, grouping=grouping)
            assert table.total.asked_vnd == asked == sum(one.asked_vnd for one in table.rows)


def test_the_money_is_enough_for_a_good_half_of_what_is_appraised(appraised: SessionFactory) -> None:
    with looking(appraised) as story:
        wanted = 0
        for project in pool_projects(story.session, story.round_id):
            if project.is_measured:
                levels = {level.id: level.appraised_vnd for level in project.levels}
                wanted += levels[project.requested_level_id]
        pool = sum(row.pool_vnd for row in list_envelopes(story.session, story.round_id))
        assert 55 <= pool * 100 / wanted <= 65


def test_nobody_judges_what_he_prepared(appraised: SessionFactory) -> None:
    prepares = {Action.START_ESTIMATE, Action.SAVE_DRAFT, Action.CHECK_ESTIMATE, Action.SIGN_ESTIMATE}
    judges = {Action.RECEIVE_ESTIMATE, Action.GIVE_CONTENT_OPINION, Action.APPRAISE_LINE, Action.PASS_CONTENT}
    with reading(appraised) as session:
        acts = session.execute(select(AuditEntry.person_id, AuditEntry.action)).all()
    preparing = {person for person, action in acts if action in prepares}
    judging = {person for person, action in acts if action in judges}
    assert preparing
    assert judging
    assert not preparing & judging


def test_acts_stand_in_the_order_of_the_calendar(appraised: SessionFactory) -> None:
    with reading(appraised) as session:
        days = [entry.business_at for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    # The programme itself is loaded by the installation, at the machine's own time.
    told = [day for day in days if day.year == 2012]
    assert [day.date() for day in told] == sorted(day.date() for day in told)


def test_a_loading_that_breaks_leaves_nothing_and_the_next_one_begins_anew(
    sqlite_factory: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ConnectionError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(province, "receive_estimates", broken)
        with pytest.raises(ConnectionError):
            load_province(sqlite_factory, a_clock())
    assert count_of_acts(sqlite_factory) == 0
    load_province(sqlite_factory, a_clock(), until=Until.ROUND_OPENED)
    assert not is_province_loaded(sqlite_factory)


def test_a_run_that_was_cut_off_is_answered_by_the_next_loading(
    busy_without_run: SessionFactory,
) -> None:
    assert not is_province_loaded(busy_without_run)
    late = a_clock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC) + timedelta(hours=1))
    report = load_province(busy_without_run, late)
    assert is_province_loaded(busy_without_run)
    assert "Phương án phân bổ:" in report.sentence_vi


@pytest.fixture
def busy_without_run(sqlite_factory: SessionFactory, monkeypatch: pytest.MonkeyPatch) -> SessionFactory:
    """The province loaded by a program that was killed while it computed the run."""

    def killed(*_arguments: object, **_named: object) -> bool:
        raise ConnectionError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("webapp.demonstration.allocation.run_job", killed)
        with pytest.raises(ConnectionError):
            load_province(sqlite_factory, a_clock())
    return sqlite_factory


def test_a_database_with_other_peoples_rounds_is_refused(sqlite_factory: SessionFactory) -> None:
    with transaction(sqlite_factory) as session:
        a_round(session)
    with pytest.raises(RuleBroken, match="trống"):
        load_province(sqlite_factory, a_clock())
    with reading(sqlite_factory) as session:
        assert find_demonstration_round(session) is None


def test_a_database_that_holds_only_the_programme_is_taken(sqlite_factory: SessionFactory) -> None:
    with transaction(sqlite_factory) as session:
        now = datetime(2026, 1, 5, tzinfo=UTC)
        load_programme(session, installation_actor(Moment(now, now)))
    load_province(sqlite_factory, a_clock(), until=Until.ROUND_OPENED)
    with looking(sqlite_factory) as story:
        assert get_round(story.session, story.round_id).is_demonstration
