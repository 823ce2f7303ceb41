"""Finding a plan for somebody: who may know of it, which version he reads, whether his page is old."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function, Seat
from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.records import Agency
from finance.audit import AuditEntry, Change, Subject, audit_sentence, record_change
from finance.errors import NotFound, RecordDamaged, StaleVersion
from finance.permissions import may
from finance.plans.records import PlanVersion, ReformPlan

PLAN_SUBJECT = "reform_plan"


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """A plan found for a reader: the version he may read, and how he stands to it."""

    plan: ReformPlan
    version: PlanVersion
    is_own: bool
    is_below: bool


def get_seen_plan(session: Session, actor: Actor, plan_id: int) -> SeenPlan:
    """The plan, if this person may know of it.

    The owning office reads the version it works on; everybody else the last one that was sent.

    Raises:
        NotFound: no such plan, or none he may know of; both look the same.
    """
    plan = session.get(ReformPlan, plan_id)
    if plan is None:
        raise NotFound("kế hoạch", plan_id)
    seen = see_plan(
        session, actor, plan, consolidating_parent(session, plan.agency_id, actor.moment.business_on)
    )
    if seen is None:
        raise NotFound("kế hoạch", plan_id)
    return seen


def see_plan(session: Session, actor: Actor, plan: ReformPlan, parent_id: int | None) -> SeenPlan | None:
    """How the person sees the plan, or None when he may not know of it.

    Args:
        parent_id: the office that consolidates for the owner today.
    """
    own_offices = actor.agencies_of([Function.PREPARE])
    if plan.agency_id in own_offices:
        return SeenPlan(plan, get_plan_version(session, plan), is_own=True, is_below=False)
    is_below = parent_id in own_offices
    if not is_below and not may(actor, Action.VIEW_PLAN, plan.agency_id):
        return None
    sent = session.scalar(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan.id, PlanVersion.sent_at.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    return None if sent is None else SeenPlan(plan, sent, is_own=False, is_below=is_below)


def get_plan_version(session: Session, plan: ReformPlan) -> PlanVersion:
    """The version the plan stands at.

    Raises:
        RecordDamaged: the plan names a version that is not there.
    """
    version = session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == plan.version_number)
    )
    if version is None:
        raise RecordDamaged(f"plan {plan.id} has no version {plan.version_number}")
    return version


def find_plan(session: Session, agency_id: int, year: int) -> ReformPlan | None:
    """The office's plan for the year, or None."""
    return session.scalar(
        select(ReformPlan).where(ReformPlan.agency_id == agency_id, ReformPlan.year == year)
    )


def plan_subject(session: Session, plan: ReformPlan) -> Subject:
    """How the audit names a plan."""
    return Subject(PLAN_SUBJECT, plan.id, plan_label(session, plan))


def plan_label(session: Session, plan: ReformPlan) -> str:
    """Year and office, as people name a plan."""
    agency = session.get_one(Agency, plan.agency_id)
    return f"Kế hoạch cải cách hành chính năm {plan.year} của {agency.short_vi}"


def require_seen_plan(session: Session, plan: ReformPlan, seen_edit: int) -> None:
    """Refuse an act decided on an old page.

    Raises:
        StaleVersion: somebody wrote since; the differences name every act since then.
    """
    if plan.edit_number != seen_edit:
        raise StaleVersion(seen_edit, plan.edit_number, _acts_since(session, plan.id, seen_edit))


def note_plan_edit(
    session: Session, actor: Actor, plan: ReformPlan, action: Action, *, seat: Seat, change: Change
) -> int:
    """Raise the edit number and write the act into the audit; every write on a plan ends here.

    Returns:
        The new edit number.
    """
    plan.edit_number += 1
    details = {"edit": plan.edit_number, "version": plan.version_number, **(change.details or {})}
    noted = Change(change.from_state, change.to_state, change.reason, details)
    record_change(session, actor, action, plan_subject(session, plan), seat=seat, change=noted)
    return plan.edit_number


def _acts_since(session: Session, plan_id: int, seen_edit: int) -> tuple[str, ...]:
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == PLAN_SUBJECT, AuditEntry.subject_id == plan_id
    )
    return tuple(
        audit_sentence(entry)
        for entry in session.scalars(query.order_by(AuditEntry.id))
        if entry.details.get("edit", 0) > seen_edit
    )
