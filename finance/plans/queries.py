"""Reading plans as small frozen rows: one plan, the plans of a year, what was said, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.agencies.hierarchy import consolidating_parents
from finance.agencies.queries import list_agencies
from finance.agencies.records import Agency, Position
from finance.audit import AuditEntry, audit_sentence
from finance.errors import NotFound
from finance.findings import Finding
from finance.plans.checks import check_plan
from finance.plans.content import read_plan_draft
from finance.plans.context_of_plan import plan_context
from finance.plans.draft import ActivityDraft, PlanDraft
from finance.plans.plan_lookup import PLAN_SUBJECT, SeenPlan, get_seen_plan, plan_label, see_plan
from finance.plans.records import PlanActivity, PlanComment, PlanProgress, PlanVersion, ReformPlan
from finance.plans.rows import (
    ActivityRow,
    CommentRow,
    PlanActRow,
    PlanRow,
    PlanVersionRow,
    TargetValueRow,
)
from finance.plans.target_words import programme_value_words, target_value_words
from finance.programme.queries import TargetRow, TaskRow, list_targets, list_tasks


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """One office of the year's board: its plan as far as it may be known, or none yet.

    Attributes:
        plan: None when the office has none, or none the reader may open.
        status_vi: where it stands; a draft's content stays closed, that it is being written does not.
        through: short name of the office that consolidates for it, empty for none.
    """

    agency_id: int
    agency_short: str
    status_code: str
    status_vi: str
    plan: PlanRow | None
    through: str


def plan_row(session: Session, actor: Actor, plan_id: int) -> PlanRow:
    """The plan as the person may see it.

    Raises:
        NotFound: no such plan, or none he may know of.
    """
    return _row(session, get_seen_plan(session, actor, plan_id))


def list_plans(session: Session, actor: Actor, year: int | None = None) -> list[PlanRow]:
    """The plans (of a year) the person may see: newest year first, offices in Vietnamese order."""
    query = select(ReformPlan).join(Agency, Agency.id == ReformPlan.agency_id)
    if year is not None:
        query = query.where(ReformPlan.year == year)
    parents = consolidating_parents(session, actor.moment.business_on)
    ordered = query.order_by(ReformPlan.year.desc(), Agency.sort_key, Agency.id)
    seen = (see_plan(session, actor, plan, parents.get(plan.agency_id)) for plan in session.scalars(ordered))
    return [_row(session, one) for one in seen if one is not None]


def plan_years(session: Session) -> list[int]:
    """Every year for which a plan was begun, newest first."""
    return list(session.scalars(select(ReformPlan.year).distinct().order_by(ReformPlan.year.desc())))


def plan_board(session: Session, actor: Actor, year: int) -> list[OfficePlan]:
    """Every office that prepares, with where its plan of the year stands; for the guiding office."""
    on = actor.moment.business_on
    parents = consolidating_parents(session, on)
    offices = {row.id: row for row in list_agencies(session, on)}
    visible = {row.agency_id: row for row in list_plans(session, actor, year)}
    plans = dict(
        session.execute(select(ReformPlan.agency_id, ReformPlan.status).where(ReformPlan.year == year)).all()
    )
    wanted = _preparing_offices(session, on) | plans.keys()
    board = []
    for agency_id, office in offices.items():
        if agency_id in wanted:
            status, through = plans.get(agency_id), offices.get(parents.get(agency_id, -1))
            board.append(
                OfficePlan(
                    agency_id,
                    office.short_vi,
                    status.value if status else "",
                    status.label_vi if status else "chưa lập",
                    visible.get(agency_id),
                    through.short_vi if through else "",
                )
            )
    return board


def plan_versions(session: Session, seen: SeenPlan) -> list[PlanVersionRow]:
    """The versions this reader may read, newest first."""
    query = select(PlanVersion).where(PlanVersion.plan_id == seen.plan.id)
    if not seen.is_own:
        query = query.where(PlanVersion.sent_at.is_not(None))
    return [_version_row(row) for row in session.scalars(query.order_by(PlanVersion.number.desc()))]


def plan_version(session: Session, seen: SeenPlan, number: int | None) -> PlanVersion:
    """One version the reader may read (the present one unless told).

    Raises:
        NotFound: no such version, or none he may read.
    """
    if number is None:
        return seen.version
    found = session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == seen.plan.id, PlanVersion.number == number)
    )
    if found is None or not (seen.is_own or found.sent_at):
        raise NotFound("lần kế hoạch", number)
    return found


def plan_activities(session: Session, seen: SeenPlan, version: PlanVersion) -> list[ActivityRow]:
    """The activities of a version in their order, with names of tasks and targets and their progress."""
    tasks = {row.code: row for row in list_tasks(session)}
    targets = {row.code: row for row in list_targets(session)}
    offices = dict(session.execute(select(Agency.code, Agency.short_vi)).all())
    progress = {
        row.activity_key: row
        for row in session.scalars(select(PlanProgress).where(PlanProgress.plan_id == seen.plan.id))
    }
    return [
        _activity_row(place, one, tasks, targets, offices.get(one.origin_code, ""), progress)
        for place, one in enumerate(read_plan_draft(session, version).activities, start=1)
    ]


def plan_findings(session: Session, seen: SeenPlan, on: date) -> list[Finding]:
    """Everything the checks say of the version on the desk."""
    return check_plan(read_plan_draft(session, seen.version), plan_context(session, seen.plan, on))


def plan_draft(session: Session, seen: SeenPlan) -> PlanDraft:
    """What the version on the desk says."""
    return read_plan_draft(session, seen.version)


def plan_comments(session: Session, seen: SeenPlan) -> list[CommentRow]:
    """What was said and not taken back, oldest first; of the versions this reader may read."""
    query = (
        select(PlanComment, Agency.short_vi)
        .join(Agency, Agency.id == PlanComment.agency_id)
        .where(PlanComment.plan_id == seen.plan.id, PlanComment.withdrawn_at.is_(None))
        .order_by(PlanComment.id)
    )
    return [_comment_row(row, short_vi) for row, short_vi in session.execute(query)]


def plan_history(session: Session, plan_id: int, limit: int) -> list[PlanActRow]:
    """The last acts on the plan, newest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == PLAN_SUBJECT, AuditEntry.subject_id == plan_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        PlanActRow(entry.business_at, audit_sentence(entry), tuple(entry.details.get("changes", ())))
        for entry in session.scalars(query)
    ]


def _preparing_offices(session: Session, on: date) -> set[int]:
    """Offices in which somebody sits who prepares on the date."""
    query = select(Position.agency_id).where(
        Position.function == Function.PREPARE,
        Position.valid_from <= on,
        or_(Position.valid_to.is_(None), Position.valid_to >= on),
    )
    return set(session.scalars(query.distinct()))


def _row(session: Session, seen: SeenPlan) -> PlanRow:
    plan, agency = seen.plan, session.get_one(Agency, seen.plan.agency_id)
    count = session.scalar(
        select(func.count()).select_from(PlanActivity).where(PlanActivity.version_id == seen.version.id)
    )
    return PlanRow(
        id=plan.id,
        agency_id=agency.id,
        agency_code=agency.code,
        agency_name=agency.name_vi,
        agency_short=agency.short_vi,
        year=plan.year,
        status=plan.status,
        version_number=plan.version_number,
        shown_number=seen.version.number,
        edit_number=plan.edit_number,
        status_since=plan.status_since,
        activity_count=count or 0,
        is_own=seen.is_own,
        is_below=seen.is_below,
        label_vi=plan_label(session, plan),
    )


def _version_row(version: PlanVersion) -> PlanVersionRow:
    return PlanVersionRow(
        id=version.id,
        plan_id=version.plan_id,
        number=version.number,
        aims_vi=version.aims_vi,
        opened_at=version.opened_at,
        sent_at=version.sent_at,
        sent_by=version.sent_by,
        sent_to=version.sent_to,
        return_reason=version.return_reason,
        agreed_at=version.agreed_at,
        agreed_by=version.agreed_by,
        document_number=version.document_number,
        document_on=version.document_on,
        issued_at=version.issued_at,
        issued_by=version.issued_by,
    )


def _activity_row(
    place: int,
    activity: ActivityDraft,
    tasks: Mapping[str, TaskRow],
    targets: Mapping[str, TargetRow],
    origin_short: str,
    progress: Mapping[str, PlanProgress],
) -> ActivityRow:
    task, stood = tasks[activity.task_code], progress.get(activity.activity_key)
    return ActivityRow(
        key=activity.activity_key,
        position=place,
        name_vi=activity.name_vi,
        task_code=task.code,
        task_name=task.name_vi,
        area_code=task.area_code,
        product_vi=activity.product_vi,
        due_on=activity.due_on,
        responsible_vi=activity.responsible_vi,
        partners_vi=activity.partners_vi,
        note=activity.note,
        targets=tuple(
            TargetValueRow(
                one.target_code,
                targets[one.target_code].name_vi,
                target_value_words(one.value_thousandths, one.words_vi, targets[one.target_code].unit_name),
                programme_value_words(targets[one.target_code]),
            )
            for one in activity.targets
        ),
        carried_from=activity.carried_from,
        origin_short=origin_short,
        progress=stood.state if stood else None,
        progress_words=stood.words if stood else "",
    )


def _comment_row(comment: PlanComment, agency_short: str) -> CommentRow:
    return CommentRow(
        id=comment.id,
        version_number=comment.version_number,
        activity_key=comment.activity_key,
        kind=comment.kind,
        words=comment.words,
        person_name=comment.person_name,
        agency_short=agency_short,
        given_at=comment.given_at,
        answer=comment.answer,
        answered_by=comment.answered_by,
        answered_at=comment.answered_at,
    )
