"""Every needed task can be funded, nothing counts twice, and every office gets its answer."""

from __future__ import annotations

import pytest

from finance.actors import Function
from finance.agencies.queries import find_agency_by_code
from finance.allocations.answers import answer_of_agency
from finance.allocations.queries import decision_money, decision_row, list_awards
from finance.allocations.rules import DecisionStatus
from finance.audit import find_broken_entry
from finance.database import SessionFactory, transaction
from finance.reviews.pool import PoolProject
from finance.reviews.queries import pool_projects
from finance.scenarios.operations import NewLock, copy_scenario, set_lock
from finance.scenarios.queries import scenario_row
from finance.scenarios.rules import LockKind, RunOutcome
from finance.scenarios.run_queries import awards_of_run, list_runs
from finance.scenarios.run_results import results_of_levels
from finance.scenarios.runs import request_run
from tests.demonstration.conftest import a_clock
from tests.demonstration.test_province import looking
from webapp.demonstration.allocation import answer_waiting_runs, find_run
from webapp.demonstration.files import read_estimate_files
from webapp.demonstration.people import Staff
from webapp.demonstration.province import Until, load_province
from webapp.demonstration.round import find_demonstration_round
from webapp.demonstration.story import Story

NEEDED_TASKS = ("4b", "4c", "4đ", "5a", "5b", "6c")


def pool_of(story: Story) -> dict[tuple[str, str], PoolProject]:
    return {(one.agency_code, one.project_key): one for one in pool_projects(story.session, story.round_id)}


def test_every_needed_task_can_be_funded_as_asked(appraised: SessionFactory) -> None:
    """Each is pinned at its requested level in a scenario of its own; the best plan then funds it."""
    pinned: dict[str, tuple[int, int]] = {}
    with transaction(appraised) as session:
        row = find_demonstration_round(session)
        assert row is not None
        story = Story(session, Staff(session, a_clock()), row.id)
        first = find_run(story)
        assert first is not None
        for task in NEEDED_TASKS:
            project = next(one for one in pool_of(story).values() if one.task_code == task)
            planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "today")
            copy = copy_scenario(session, planner, first.scenario_id, name_vi=f"Ghim nhiệm vụ {task}")
            lock = NewLock(project.project_id, LockKind.PINNED, "Thử", project.requested_level_id)
            set_lock(session, planner, copy.id, lock=lock, seen_edit=copy.edit_number)
            edit = scenario_row(session, planner, copy.id).edit_number
            request_run(session, planner, copy.id, seen_edit=edit)
            pinned[task] = (copy.id, project.project_id)
    answer_waiting_runs(appraised, a_clock())
    with looking(appraised) as story:
        planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "today")
        for task, (scenario_id, project_id) in pinned.items():
            run = list_runs(story.session, planner, scenario_id)[0]
            assert run.outcome is RunOutcome.PROVEN, task
            awards = {award.project_id: award for award in awards_of_run(story.session, planner, run.id)}
            assert awards[project_id].proposed_vnd == awards[project_id].appraised_vnd > 0, task


def test_the_same_communes_named_by_two_offices_count_once(appraised: SessionFactory) -> None:
    alone = {
        "home affairs": _communes_reached(appraised, {("SNV", "DA01"), ("STTTT", "DA02")}),
        "the city": _communes_reached(appraised, {("H_NHATRANG", "DA01")}),
    }
    together = _communes_reached(appraised, {("SNV", "DA01"), ("STTTT", "DA02"), ("H_NHATRANG", "DA01")})
    nothing = _communes_reached(appraised, set())
    gained = {who: reached - nothing for who, reached in alone.items()}
    assert all(gained.values())
    assert together - nothing < sum(gained.values())
    assert together == len(_named_communes(appraised)) + nothing


def test_the_choice_is_a_real_one(busy: SessionFactory) -> None:
    with looking(busy) as story:
        planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "today")
        run = find_run(story)
        assert run is not None
        awards = awards_of_run(story.session, planner, run.id)
        full = [one for one in awards if one.proposed_vnd == one.appraised_vnd]
        part = [one for one in awards if 0 < one.proposed_vnd < one.appraised_vnd]
        left_out = [one for one in awards if one.proposed_vnd == 0]
        assert full
        assert part
        assert left_out
        assert any(one.differs_from_ranking for one in awards)
        assert all(one.sentences_vi for one in awards)


@pytest.fixture(
    params=["appraised", pytest.param("empty_postgres_factory", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
)
def approved(request: pytest.FixtureRequest) -> SessionFactory:
    """The story told to its end, on both stores."""
    factory: SessionFactory = request.getfixturevalue(request.param)
    load_province(factory, a_clock(), until=Until.APPROVED)
    return factory


def test_the_story_ends_with_an_approved_decision_and_an_answer_for_every_office(
    approved: SessionFactory,
) -> None:
    with looking(approved) as story:
        session = story.session
        planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
        decision = decision_row(session, planner, story.round_id)
        assert decision is not None
        assert decision.status is DecisionStatus.APPROVED
        assert decision.departure_count == 1
        awards = list_awards(session, planner, decision.id)
        by_hand = [award for award in awards if award.is_unmeasured]
        assert len(by_hand) == 1
        assert by_hand[0].amount_vnd > 0
        assert by_hand[0].departure_reason
        for use in decision_money(session, planner, decision.id):
            assert use.pool_left_vnd >= 0
            assert use.by_hand_left_vnd >= 0
        answered = 0
        for file in read_estimate_files():
            agency = find_agency_by_code(session, file.agency_code)
            assert agency is not None
            reader = story.person(file.preparer, "decided")
            answer = answer_of_agency(session, reader, story.round_id, agency.id)
            assert answer.is_decided
            assert all(award.sentences_vi for award in answer.awards)
            answered += answer.allocated_vnd
        assert answered == decision.awarded_vnd
        assert find_broken_entry(session) is None
    acts_before = _awards_of(approved)
    load_province(approved, a_clock(), until=Until.APPROVED)
    assert _awards_of(approved) == acts_before


def _awards_of(factory: SessionFactory) -> list[tuple[int, int]]:
    with looking(factory) as story:
        planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
        decision = decision_row(story.session, planner, story.round_id)
        assert decision is not None
        awards = list_awards(story.session, planner, decision.id)
        return [(award.id, award.amount_vnd) for award in awards]


def _communes_reached(factory: SessionFactory, funded: set[tuple[str, str]]) -> int:
    """How many communes are complete when these projects get their highest level, in the run's own count."""
    with looking(factory) as story:
        run = find_run(story)
        assert run is not None
        levels = {
            project.project_id: project.levels[-1].id if place in funded else None
            for place, project in pool_of(story).items()
        }
        rows = results_of_levels(story.session, run.id, levels)
        return next(row for row in rows if row.code == "MCHD_XA").attained_thousandths // 1000


def _named_communes(factory: SessionFactory) -> set[str]:
    """Communes that get every missing component from the three projects at their highest level."""
    components: dict[str, set[str]] = {}
    with looking(factory) as story:
        for place, project in pool_of(story).items():
            if place not in {("SNV", "DA01"), ("STTTT", "DA02"), ("H_NHATRANG", "DA01")}:
                continue
            for promise in project.levels[-1].promises:
                if promise.output_code == "MCHD_XA":
                    for unit in promise.unit_codes:
                        components.setdefault(unit, set()).add(promise.component)
    with_room = {"NT-PHUOC-HAI", "NT-TAN-LAP", "KV-TT-KHANH-VINH"}
    needed = {"PHONG", "PHAN_MEM", "NHAN_SU"}
    return {
        unit
        for unit, parts in components.items()
        if needed <= parts | ({"PHONG"} if unit in with_room else set())
    }
