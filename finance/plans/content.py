"""Reading and writing what a version of a plan says; only here are those rows written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.agencies.records import Agency
from finance.errors import NotInThisStatus, RecordDamaged
from finance.plans.draft import ActivityDraft, PlanDraft, TargetValue
from finance.plans.records import PlanActivity, PlanTarget, PlanVersion, ReformPlan
from finance.plans.workflow import PLAN_EDITABLE
from finance.programme.records import ProgrammeTask, Target
from finance.record_base import canonical_json


def read_plan_draft(session: Session, version: PlanVersion) -> PlanDraft:
    """What the version says, activities in their order."""
    query = (
        select(PlanActivity, ProgrammeTask.code, Agency.code)
        .join(ProgrammeTask, ProgrammeTask.id == PlanActivity.task_id)
        .outerjoin(Agency, Agency.id == PlanActivity.origin_agency_id)
        .where(PlanActivity.version_id == version.id)
        .order_by(PlanActivity.position, PlanActivity.id)
    )
    targets = _targets(session, version.id)
    return PlanDraft(
        version.aims_vi,
        tuple(
            _activity_draft(row, task_code, origin or "", tuple(targets.get(row.id, ())))
            for row, task_code, origin in session.execute(query)
        ),
    )


def write_plan_draft(session: Session, plan: ReformPlan, version: PlanVersion, draft: PlanDraft) -> None:
    """Replace everything the open version says by the draft.

    Raises:
        NotInThisStatus: the plan is not being drafted.
        RecordDamaged: the version is frozen although the plan says it is open.
    """
    if plan.status not in PLAN_EDITABLE:
        raise NotInThisStatus(plan.status.label_vi, Action.SAVE_PLAN.label_vi)
    is_current = version.plan_id == plan.id and version.number == plan.version_number
    if not is_current or version.sent_at or version.content_hash:
        raise RecordDamaged(f"version {version.number} of plan {plan.id} is frozen")
    version.aims_vi = draft.aims_vi
    old = select(PlanActivity.id).where(PlanActivity.version_id == version.id)
    session.execute(delete(PlanTarget).where(PlanTarget.activity_id.in_(old)))
    session.execute(delete(PlanActivity).where(PlanActivity.version_id == version.id))
    tasks = _ids_by_code(session, ProgrammeTask)
    targets = _ids_by_code(session, Target)
    offices = dict(session.execute(select(Agency.code, Agency.id)).all())
    for position, activity in enumerate(draft.activities, start=1):
        row = _activity_record(version.id, position, activity, tasks[activity.task_code])
        row.origin_agency_id = offices[activity.origin_code] if activity.origin_code else None
        session.add(row)
        session.flush()  # the targets need the activity's id
        session.add_all(_target_records(row.id, activity, targets))
    session.flush()  # what is read next must see the new rows


def plan_digest(draft: PlanDraft) -> str:
    """SHA-256 of everything a version says: stored at sending, compared ever after."""
    said = asdict(draft)
    for activity in said["activities"]:
        activity["due_on"] = activity["due_on"].isoformat() if activity["due_on"] else ""
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _activity_draft(
    row: PlanActivity, task_code: str, origin_code: str, targets: tuple[TargetValue, ...]
) -> ActivityDraft:
    return ActivityDraft(
        activity_key=row.activity_key,
        name_vi=row.name_vi,
        task_code=task_code,
        product_vi=row.product_vi,
        due_on=row.due_on,
        responsible_vi=row.responsible_vi,
        partners_vi=row.partners_vi,
        note=row.note,
        targets=targets,
        carried_from=row.carried_from,
        origin_code=origin_code,
        origin_key=row.origin_key,
    )


def _activity_record(version_id: int, position: int, activity: ActivityDraft, task_id: int) -> PlanActivity:
    return PlanActivity(
        version_id=version_id,
        activity_key=activity.activity_key,
        position=position,
        name_vi=activity.name_vi,
        task_id=task_id,
        product_vi=activity.product_vi,
        due_on=activity.due_on,
        responsible_vi=activity.responsible_vi,
        partners_vi=activity.partners_vi,
        note=activity.note,
        carried_from=activity.carried_from,
        origin_key=activity.origin_key,
    )


def _target_records(activity_id: int, activity: ActivityDraft, ids: Mapping[str, int]) -> list[PlanTarget]:
    return [
        PlanTarget(
            activity_id=activity_id,
            target_id=ids[one.target_code],
            value_thousandths=one.value_thousandths,
            words_vi=one.words_vi,
        )
        for one in activity.targets
    ]


def _targets(session: Session, version_id: int) -> dict[int, list[TargetValue]]:
    query = (
        select(PlanTarget, Target.code)
        .join(PlanActivity, PlanActivity.id == PlanTarget.activity_id)
        .join(Target, Target.id == PlanTarget.target_id)
        .where(PlanActivity.version_id == version_id)
    )
    found: dict[int, list[TargetValue]] = {}
    for row, code in session.execute(query):
        found.setdefault(row.activity_id, []).append(TargetValue(code, row.value_thousandths, row.words_vi))
    # As a tidied draft has them, so that what is read equals what was written.
    return {key: sorted(values, key=lambda one: one.target_code) for key, values in found.items()}


def _ids_by_code(session: Session, kind: type[ProgrammeTask] | type[Target]) -> dict[str, int]:
    return dict(session.execute(select(kind.code, kind.id)).all())
