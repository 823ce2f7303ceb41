"""Which projects of the office's estimates carry out which activity of its plan, and what they ask.

The link hangs on the activity's and the project's keys, which stay the same over versions of both; it
is no part of what was sent, so it may be made while either lies elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change
from finance.errors import NotFound, RuleBroken
from finance.estimates.estimate_lookup import may_see, private_estimates
from finance.estimates.queries import current_version, version_projects
from finance.estimates.records import Estimate
from finance.estimates.rows import ProjectRow, PromiseRow
from finance.estimates.totals import parts_of_row, requested_level, sum_of
from finance.money import format_quantity
from finance.permissions import require
from finance.plans.content import read_plan_draft
from finance.plans.plan_lookup import SeenPlan, get_seen_plan, note_plan_edit, require_seen_plan, see_plan
from finance.plans.records import PlanLink, ReformPlan
from finance.rounds.records import BudgetRound


@dataclass(frozen=True, slots=True)
class LinkedProject:
    """A project of the office beside its plan: what it asks and promises at the level requested.

    Attributes:
        activity_key: the activity it carries out, empty for none.

    Units:
        đồng; `asked_in_year_vnd` is the part of the plan's year.
    """

    estimate_id: int
    round_name: str
    project_key: str
    name_vi: str
    task_code: str
    asked_vnd: int
    asked_in_year_vnd: int
    promises_vi: tuple[str, ...]
    activity_key: str


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """The projects beside a plan, sorted by activity; what is left over on either side."""

    by_activity: Mapping[str, tuple[LinkedProject, ...]]
    without_activity: tuple[LinkedProject, ...]
    activities_without: tuple[str, ...]

    @property
    def projects(self) -> tuple[LinkedProject, ...]:
        """Every project, linked ones first."""
        linked = [project for group in self.by_activity.values() for project in group]
        return (*linked, *self.without_activity)

    @property
    def asked_vnd(self) -> int:
        """Asked by all projects that carry out an activity."""
        return sum(one.asked_vnd for group in self.by_activity.values() for one in group)


@dataclass(frozen=True, slots=True)
class ActivityOfProject:
    """The activity a project carries out, as the estimate's page names it."""

    plan_id: int
    activity_key: str
    name_vi: str
    year: int


def link_project(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    activity_key: str,
    estimate_id: int,
    project_key: str,
    seen_edit: int,
) -> int:
    """Let a project of the office's own estimate carry out an activity; an earlier link is replaced.

    An empty activity key takes the link away.

    Returns:
        The plan's new edit number.

    Raises:
        NotFound: no such plan, activity or project.
        NotAllowed, StaleVersion: as their names say.
        RuleBroken: the project belongs to another office.
    """
    seen = get_seen_plan(session, actor, plan_id)
    seat = require(actor, Action.LINK_PROJECT, seen.plan.agency_id)
    require_seen_plan(session, seen.plan, seen_edit)
    project = _own_project(session, seen.plan, estimate_id, project_key)
    known = {one.activity_key: one for one in read_plan_draft(session, seen.version).activities}
    if activity_key and activity_key not in known:
        raise NotFound("hoạt động", activity_key)
    held = session.scalar(
        select(PlanLink).where(PlanLink.estimate_id == estimate_id, PlanLink.project_key == project_key)
    )
    before = held.activity_key if held else ""
    if held is not None and held.plan_id != seen.plan.id:
        raise RuleBroken("Dự án này đã gắn với kế hoạch của năm khác; mời bỏ gắn ở kế hoạch đó trước.")
    if before == activity_key:
        return seen.plan.edit_number
    if held is not None:
        session.delete(held)
        session.flush()  # the project may have one link only
    if activity_key:
        session.add(
            PlanLink(
                plan_id=seen.plan.id,
                activity_key=activity_key,
                estimate_id=estimate_id,
                project_key=project_key,
            )
        )
    way = f"{before or 'chưa gắn'} → {activity_key or 'không gắn'}"
    said = f"Dự án {project_key} ({project.name_vi[:100]}): {way}"
    change = Change(details={"changes": [said]})
    return note_plan_edit(session, actor, seen.plan, Action.LINK_PROJECT, seat=seat, change=change)


def plan_money(session: Session, actor: Actor, seen: SeenPlan) -> PlanMoney:
    """Every project of the office whose round covers the plan's year, as far as the reader may see it."""
    links = {
        (link.estimate_id, link.project_key): link.activity_key
        for link in session.scalars(select(PlanLink).where(PlanLink.plan_id == seen.plan.id))
    }
    keys = [one.activity_key for one in read_plan_draft(session, seen.version).activities]
    projects = [
        _linked(session, estimate, name, project, links, seen.plan.year)
        for estimate, name in _estimates(session, actor, seen.plan)
        for project in version_projects(session, current_version(session, estimate.id).id)
    ]
    by_activity = {
        key: tuple(one for one in projects if one.activity_key == key)
        for key in keys
        if any(one.activity_key == key for one in projects)
    }
    return PlanMoney(
        by_activity,
        tuple(one for one in projects if one.activity_key not in keys),
        tuple(key for key in keys if key not in by_activity),
    )


def activities_of_projects(session: Session, actor: Actor, estimate_id: int) -> dict[str, ActivityOfProject]:
    """The activities that an estimate's projects carry out, by the project's key, as the reader sees them."""
    found: dict[str, ActivityOfProject] = {}
    for link in session.scalars(select(PlanLink).where(PlanLink.estimate_id == estimate_id)):
        plan = session.get_one(ReformPlan, link.plan_id)
        seen = see_plan(session, actor, plan, parent_id=None)
        if seen is None:
            continue
        for activity in read_plan_draft(session, seen.version).activities:
            if activity.activity_key == link.activity_key:
                found[link.project_key] = ActivityOfProject(
                    plan.id, activity.activity_key, activity.name_vi, plan.year
                )
    return found


def _own_project(session: Session, plan: ReformPlan, estimate_id: int, project_key: str) -> ProjectRow:
    estimate = session.get(Estimate, estimate_id)
    if estimate is None or estimate.agency_id != plan.agency_id:
        raise NotFound("dự án", project_key)
    if session.get_one(BudgetRound, estimate.round_id).is_practice:
        raise RuleBroken("Dự án của đợt tập huấn không gắn với kế hoạch thật.")
    projects = version_projects(session, current_version(session, estimate_id).id)
    for project in projects:
        if project.project_key == project_key:
            return project
    raise NotFound("dự án", project_key)


def _estimates(session: Session, actor: Actor, plan: ReformPlan) -> list[tuple[Estimate, str]]:
    query = (
        select(Estimate, private_estimates(), BudgetRound.name_vi)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .where(
            Estimate.agency_id == plan.agency_id,
            BudgetRound.fiscal_year <= plan.year,
            BudgetRound.last_year >= plan.year,
            # Practice is counted nowhere.
            BudgetRound.is_practice.is_(False),
        )
        .order_by(BudgetRound.fiscal_year, BudgetRound.id, Estimate.id)
    )
    return [
        (estimate, name)
        for estimate, is_private, name in session.execute(query)
        if may_see(actor, estimate.agency_id, is_private=is_private)
    ]


def _linked(
    session: Session,
    estimate: Estimate,
    round_name: str,
    project: ProjectRow,
    links: Mapping[tuple[int, str], str],
    year: int,
) -> LinkedProject:
    level = requested_level(project)
    parts = parts_of_row(project, level)
    return LinkedProject(
        estimate_id=estimate.id,
        round_name=round_name,
        project_key=project.project_key,
        name_vi=project.name_vi,
        task_code=project.task_code,
        asked_vnd=sum_of(parts),
        asked_in_year_vnd=sum_of(part for part in parts if part.year == year),
        promises_vi=tuple(_promises(project, level)),
        activity_key=links.get((estimate.id, project.project_key), ""),
    )


def _promises(project: ProjectRow, level: int) -> Sequence[str]:
    said: dict[str, list[str]] = {}
    for promise in project.promises:
        if promise.level_ordinal == level:
            said.setdefault(promise.output_name, []).append(f"{_amount_of(promise)} ({promise.year})")
    return [f"{name}: {', '.join(dict.fromkeys(words))}" for name, words in said.items()]


def _amount_of(promise: PromiseRow) -> str:
    """How much is promised; coverage counts the units it names, whatever the result's own unit is."""
    if promise.unit_codes:
        return f"{len(promise.unit_codes)} đơn vị"
    if promise.quantity_thousandths:
        return f"{format_quantity(promise.quantity_thousandths)} {promise.unit_name}"
    return "hoàn thành"
