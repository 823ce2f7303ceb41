"""Reading handovers: what lies with the office above, where an own version lies, who asked for what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Agency
from finance.errors import NotFound
from finance.estimates.estimate_lookup import estimate_label, get_current_version
from finance.estimates.handing_up.lookup import find_handover
from finance.estimates.handing_up.records import EstimateHandover, TakenProject
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.rows import ProjectRow
from finance.estimates.totals import estimate_total
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EstimateKind
from finance.permissions import may


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """An estimate below, as the office above (and its own) sees it."""

    id: int
    estimate_id: int
    version_id: int
    round_id: int
    kind: EstimateKind
    agency_id: int
    upper_agency_id: int
    upper_short: str
    agency_short: str
    agency_name: str
    label_vi: str
    version_number: int
    state: HandoverState
    offered_at: datetime
    offered_by: str
    reason: str
    edit_number: int
    project_count: int
    asked_vnd: int


@dataclass(frozen=True, slots=True)
class ProjectOrigin:
    """Who asked for a project of a consolidated estimate; `is_changed` when it now asks something else."""

    project_key: str
    name_vi: str
    agency_short: str
    origin_key: str
    is_changed: bool


def list_handovers(session: Session, actor: Actor, round_id: int) -> list[HandoverRow]:
    """What offices below have handed to the actor's offices in the round, in Vietnamese order."""
    query = (
        select(EstimateHandover)
        .join(Estimate, Estimate.id == EstimateHandover.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(Estimate.round_id == round_id)
        .order_by(Agency.sort_key, EstimateHandover.id)
    )
    return [
        _handover_row(session, row)
        for row in session.scalars(query)
        if may(actor, Action.TAKE_ESTIMATE, row.upper_agency_id)
    ]


def get_handover(session: Session, actor: Actor, handover_id: int) -> HandoverRow:
    """One of them.

    Raises:
        NotFound: no such handover, or none that lies with the actor's office.
    """
    return _handover_row(session, find_upper_handover(session, actor, handover_id))


def handed_up_projects(session: Session, actor: Actor, handover_id: int) -> list[ProjectRow]:
    """What the version handed up asks.

    Raises:
        NotFound: no such handover, or none that lies with the actor's office.
    """
    return list(read_version(session, find_upper_handover(session, actor, handover_id).version_id))


def handover_of_version(session: Session, version_id: int) -> HandoverRow | None:
    """Where an own version lies, for the office's own page."""
    handover = find_handover(session, version_id)
    return _handover_row(session, handover) if handover is not None else None


def origins_of_projects(session: Session, estimate_id: int) -> list[ProjectOrigin]:
    """Which projects of a consolidated estimate came from below, and which ask something else by now."""
    estimate = session.get_one(Estimate, estimate_id)
    current = get_current_version(session, estimate)
    now = {one.project_key: one for one in draft_of_rows(read_version(session, current.id)).projects}
    query = (
        select(TakenProject, EstimateHandover.version_id, Agency.short_vi)
        .join(EstimateHandover, EstimateHandover.id == TakenProject.handover_id)
        .join(Estimate, Estimate.id == EstimateHandover.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(TakenProject.estimate_id == estimate_id)
        .order_by(Agency.sort_key, TakenProject.id)
    )
    found = []
    for row, version_id, office in session.execute(query):
        project = now.get(row.project_key)
        if project is not None:
            asked = {
                one.project_key: one for one in draft_of_rows(read_version(session, version_id)).projects
            }
            was = asked[row.origin_key]
            same = replace(project, project_key=was.project_key, priority=was.priority) == was
            found.append(ProjectOrigin(row.project_key, project.name_vi, office, row.origin_key, not same))
    return found


def find_upper_handover(session: Session, actor: Actor, handover_id: int) -> EstimateHandover:
    """The stored handover, if it lies with an office of the actor.

    Raises:
        NotFound: no such handover, or none that lies with the actor's office.
    """
    handover = session.get(EstimateHandover, handover_id)
    if handover is None or not may(actor, Action.TAKE_ESTIMATE, handover.upper_agency_id):
        raise NotFound("dự toán", handover_id)
    return handover


def _handover_row(session: Session, handover: EstimateHandover) -> HandoverRow:
    estimate = session.get_one(Estimate, handover.estimate_id)
    agency = session.get_one(Agency, estimate.agency_id)
    projects = read_version(session, handover.version_id)
    return HandoverRow(
        id=handover.id,
        estimate_id=estimate.id,
        version_id=handover.version_id,
        round_id=estimate.round_id,
        kind=estimate.kind,
        agency_id=agency.id,
        upper_agency_id=handover.upper_agency_id,
        upper_short=session.get_one(Agency, handover.upper_agency_id).short_vi,
        agency_short=agency.short_vi,
        agency_name=agency.name_vi,
        label_vi=estimate_label(session, estimate),
        version_number=session.get_one(EstimateVersion, handover.version_id).number,
        state=handover.state,
        offered_at=handover.offered_at,
        offered_by=handover.offered_by,
        reason=handover.reason,
        edit_number=estimate.edit_number,
        project_count=len(projects),
        asked_vnd=estimate_total(projects),
    )
