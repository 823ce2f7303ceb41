"""Reading programme, offices and comments into the plain data a plan's checks need."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.hierarchy import consolidated_children
from finance.agencies.queries import bodies_of_agency, get_agency
from finance.plans.checks import PlanContext, PlanGoal, PlanTask
from finance.plans.records import PlanComment, ReformPlan
from finance.plans.target_words import is_counted_target
from finance.plans.workflow import CommentKind, PlanStatus
from finance.programme.classification import BodyRole
from finance.programme.queries import TargetRow, TaskRow, list_targets, list_tasks

# Taken in: what the office under this one planned stands in this plan already.
_TAKEN_IN = frozenset({PlanStatus.TAKEN, PlanStatus.ISSUED})


def plan_context(session: Session, plan: ReformPlan, on: date) -> PlanContext:
    """Everything the plan is held against on the date."""
    agency = get_agency(session, plan.agency_id)
    bodies = bodies_of_agency(session, agency.code)
    return PlanContext(
        year=plan.year,
        agency_name=agency.short_vi,
        tasks={row.code: _task(row, bodies) for row in list_tasks(session)},
        goals={row.code: _goal(row) for row in list_targets(session)},
        waiting_below=tuple(_waiting_below(session, plan, on)),
        unanswered=tuple(unanswered_requests(session, plan)),
    )


def unanswered_requests(session: Session, plan: ReformPlan) -> list[str]:
    """Keys of the activities about which a request of an earlier version waits for an answer."""
    query = select(PlanComment.activity_key).where(
        PlanComment.plan_id == plan.id,
        PlanComment.kind == CommentKind.REQUEST,
        PlanComment.version_number < plan.version_number,
        PlanComment.withdrawn_at.is_(None),
        PlanComment.answered_at.is_(None),
    )
    return list(session.scalars(query.order_by(PlanComment.id)))


def _waiting_below(session: Session, plan: ReformPlan, on: date) -> list[str]:
    children = consolidated_children(session, plan.agency_id, on)
    plans = select(ReformPlan.agency_id, ReformPlan.status).where(
        ReformPlan.year == plan.year, ReformPlan.agency_id.in_([child.id for child in children])
    )
    status_of = dict(session.execute(plans).all())
    return [child.short_vi for child in children if status_of.get(child.id) not in _TAKEN_IN]


def _task(row: TaskRow, bodies: Set[str]) -> PlanTask:
    return PlanTask(
        code=row.code,
        name_vi=row.name_vi,
        target_codes=frozenset(row.target_codes),
        is_led=any(body.role is BodyRole.LEAD and body.body_code in bodies for body in row.bodies),
        start_year=row.start_year,
        end_year=row.end_year,
    )


def _goal(row: TargetRow) -> PlanGoal:
    return PlanGoal(
        code=row.code,
        name_vi=row.name_vi,
        unit_name=row.unit_name,
        is_counted=is_counted_target(row),
        value_thousandths=row.value_thousandths,
        year=row.year,
    )
