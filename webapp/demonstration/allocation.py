"""The planner's and the approver's acts: a scenario run, its plan adopted, one award changed, approved."""

from __future__ import annotations

from finance.actors import Function
from finance.allocations.operations import (
    adjust_award,
    adopt_run,
    approve_allocation,
    submit_allocation,
)
from finance.allocations.queries import AwardRow, DecisionRow, decision_row, list_awards
from finance.database import SessionFactory, transaction
from finance.jobs.operations import claim_job
from finance.reviews.pool import PoolProject
from finance.reviews.queries import pool_projects
from finance.rounds.queries import list_outputs
from finance.scenarios.operations import add_limit, create_scenario, set_weights
from finance.scenarios.queries import list_scenarios, scenario_row
from finance.scenarios.run_queries import RunRow, list_runs
from finance.scenarios.runs import RUN_JOB_KIND, request_run, run_job
from webapp.demonstration.decision_files import (
    AdjustmentEntry,
    read_adjustments,
    read_decision,
    read_scenario,
    read_scenario_limits,
)
from webapp.demonstration.estimate_files import ProjectPlace
from webapp.demonstration.measurement_files import read_catalogue
from webapp.demonstration.people import Clock
from webapp.demonstration.story import Story

WORKER_NAME = "load-demo"
LEASE_SECONDS = 60


def ask_for_run(story: Story) -> None:
    """Set the scenario up with weights and floors, and ask for its run."""
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "planned")
    entry = read_scenario()
    scenario_id = create_scenario(
        story.session, planner, story.round_id, name_vi=entry.name_vi, purpose_vi=entry.purpose_vi
    ).id
    set_weights(story.session, planner, scenario_id, weights=_weights(story), seen_edit=1)
    for limit in read_scenario_limits():
        edit = scenario_row(story.session, planner, scenario_id).edit_number
        add_limit(story.session, planner, scenario_id, limit=limit, seen_edit=edit)
    edit = scenario_row(story.session, planner, scenario_id).edit_number
    request_run(story.session, planner, scenario_id, seen_edit=edit)


def find_run(story: Story) -> RunRow | None:
    """The demonstration's run, answered or not; None when no scenario was set up."""
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "planned")
    name = read_scenario().name_vi
    for scenario in list_scenarios(story.session, planner, story.round_id):
        if scenario.name_vi == name:
            # The newest comes first: somebody may have asked again after a failure.
            return next(iter(list_runs(story.session, planner, scenario.id)), None)
    return None


def answer_waiting_runs(factory: SessionFactory, clock: Clock) -> None:
    """Do what the worker does, here: outside any transaction, each answer stored once."""
    while True:
        with transaction(factory) as session:
            claimed = claim_job(session, worker=WORKER_NAME, now=clock(), lease_seconds=LEASE_SECONDS)
        if claimed is None or claimed.kind != RUN_JOB_KIND:
            return
        run_job(factory, claimed, now=clock, lease_seconds=LEASE_SECONDS)


def decide(story: Story, run_id: int) -> None:
    """Adopt the run, change what a person wants changed, put it before the authority, approve."""
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
    adopt_run(story.session, planner, run_id)
    places = _places(story)
    for entry in read_adjustments():
        _adjust(story, entry, places)
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
    row = _decision(story)
    submit_allocation(story.session, planner, row.id, seen_edit=row.edit_number)
    decision = read_decision()
    approve_allocation(
        story.session,
        story.holder(Function.APPROVAL, "decided"),
        row.id,
        number=decision.document_number,
        signed_on=decision.signed_on,
        seen_edit=_decision(story).edit_number,
    )


def _adjust(story: Story, entry: AdjustmentEntry, places: dict[ProjectPlace, PoolProject]) -> None:
    project = places[entry.place]
    award = _award_of(story, project.project_id)
    adjust_award(
        story.session,
        story.holder(Function.ALLOCATION_CONSOLIDATION, "decided"),
        award.id,
        level_id=None if entry.level is None else project.levels[entry.level - 1].id,
        reason=entry.reason,
        seen_edit=_decision(story).edit_number,
    )


def _award_of(story: Story, project_id: int) -> AwardRow:
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
    awards = list_awards(story.session, planner, _decision(story).id)
    return next(award for award in awards if award.project_id == project_id)


def _decision(story: Story) -> DecisionRow:
    planner = story.holder(Function.ALLOCATION_CONSOLIDATION, "decided")
    row = decision_row(story.session, planner, story.round_id)
    if row is None:
        raise LookupError("the run was adopted, so there is a decision")
    return row


def _places(story: Story) -> dict[ProjectPlace, PoolProject]:
    projects = pool_projects(story.session, story.round_id)
    return {(project.agency_code, project.project_key): project for project in projects}


def _weights(story: Story) -> dict[int, int]:
    """Thousandths of a point by output id, for every result that may score."""
    weights = {entry.output.code: entry.weight_thousandths for entry in read_catalogue()}
    return {
        row.id: weight
        for row in list_outputs(story.session, story.round_id)
        if (weight := weights[row.code]) is not None
    }
