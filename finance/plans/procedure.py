"""The way of a plan: send, go up, return, take in, request changes, agree, issue, revise.

Every act: find -> may -> page not old -> the table has the step -> reason -> own precondition -> done ->
audited. The table is finance/plans/workflow.py, the rights are finance/permissions.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function, Seat
from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.queries import agencies_with_function, get_agency
from finance.audit import Change
from finance.errors import NotReady, RecordDamaged, RuleBroken
from finance.findings import blocking_findings
from finance.permissions import require
from finance.plans.checks import check_plan
from finance.plans.content import plan_digest, read_plan_draft, write_plan_draft
from finance.plans.context_of_plan import plan_context
from finance.plans.plan_lookup import (
    get_plan_version,
    get_seen_plan,
    note_plan_edit,
    require_seen_plan,
)
from finance.plans.records import PlanComment, PlanVersion, ReformPlan
from finance.plans.separation import require_no_hand_in_plan
from finance.plans.taken_in import put_in_upper_plan, take_out_of_upper_plan
from finance.plans.workflow import (
    CommentKind,
    PlanParty,
    PlanStatus,
    PlanStep,
    plan_step_for,
    require_plan_reason,
)
from finance.vietnamese.normal import nfc

LONGEST_PLAN_NUMBER = 60


@dataclass(frozen=True, slots=True)
class PlanAct:
    """An act found, permitted and in the table, not yet done."""

    plan: ReformPlan
    version: PlanVersion
    seat: Seat
    step: PlanStep
    reason: str


def send_plan(session: Session, actor: Actor, plan_id: int, *, seen_edit: int) -> int:
    """Send the plan to the office that appraises content; the version is frozen.

    Returns:
        The new edit number, like every act of this file.

    Raises:
        NotReady: blocking findings stand in the way; all of them are carried.
        RuleBroken: an upper office consolidates for this one, or nobody appraises content.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: like every act of this file.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.2.d, VII.2.đ.
    """
    act = permit_plan_act(session, actor, plan_id, Action.SEND_PLAN, seen_edit)
    on = actor.moment.business_on
    upper = consolidating_parent(session, act.plan.agency_id, on)
    if upper is not None:
        raise RuleBroken(f"Kế hoạch này gửi qua {get_agency(session, upper).short_vi} để tổng hợp.")
    appraisers = agencies_with_function(session, Function.CONTENT_APPRAISAL, on)
    if not appraisers:
        raise RuleBroken("Chưa cơ quan nào được giao thẩm định nội dung; mời báo quản trị.")
    return _hand_over(session, actor, act, "; ".join(row.name_vi for row in appraisers))


def submit_plan_up(session: Session, actor: Actor, plan_id: int, *, seen_edit: int) -> int:
    """Hand the plan to the office that consolidates for this one; the version is frozen.

    Raises:
        NotReady: blocking findings stand in the way.
        RuleBroken: no office consolidates for this one.
    """
    act = permit_plan_act(session, actor, plan_id, Action.SUBMIT_PLAN_UP, seen_edit)
    upper = consolidating_parent(session, act.plan.agency_id, actor.moment.business_on)
    if upper is None:
        raise RuleBroken("Cơ quan này không có cấp trên tổng hợp; mời gửi thẩm định trực tiếp.")
    return _hand_over(session, actor, act, get_agency(session, upper).name_vi)


def withdraw_plan(session: Session, actor: Actor, plan_id: int, *, reason: str, seen_edit: int) -> int:
    """Take a sent plan back before anybody has decided on it.

    Raises:
        ReasonMissing: no reason was written.
    """
    act = permit_plan_act(session, actor, plan_id, Action.WITHDRAW_PLAN, seen_edit, reason)
    act.version.return_reason = act.reason
    return change_plan_status(session, actor, act)


def request_plan_changes(session: Session, actor: Actor, plan_id: int, *, reason: str, seen_edit: int) -> int:
    """Give a plan back to be changed; the reasons stand at the activities.

    Raises:
        RuleBroken: no activity has a request of this version.
        NotAllowed: the person took part in preparing it.
    """
    act = permit_plan_act(session, actor, plan_id, Action.REQUEST_PLAN_CHANGES, seen_edit, reason)
    if not _standing_requests(session, act):
        raise RuleBroken("Chưa hoạt động nào có “yêu cầu sửa”; mời ghi yêu cầu ở từng hoạt động cần sửa.")
    act.version.return_reason = act.reason
    return change_plan_status(session, actor, act)


def agree_plan(session: Session, actor: Actor, plan_id: int, *, seen_edit: int) -> int:
    """The content is agreed (thống nhất); the office may issue the plan.

    Raises:
        RuleBroken: a request of this version still stands.
        NotAllowed: the person took part in preparing it.
    """
    act = permit_plan_act(session, actor, plan_id, Action.AGREE_PLAN, seen_edit)
    standing = _standing_requests(session, act)
    if standing:
        raise RuleBroken(
            f"Còn {standing} yêu cầu sửa; mời rút các yêu cầu ấy, hoặc chuyển lại cơ quan lập kế hoạch."
        )
    act.version.agreed_at = actor.moment.business_at
    act.version.agreed_by = actor.full_name
    return change_plan_status(session, actor, act)


def return_plan_down(session: Session, actor: Actor, plan_id: int, *, reason: str, seen_edit: int) -> int:
    """The upper office gives the plan back; what it had taken in leaves its own draft again.

    Raises:
        ReasonMissing: no reason was written.
        RuleBroken: the plan was taken in and the upper plan is no longer being drafted.
    """
    act = permit_plan_act(session, actor, plan_id, Action.RETURN_PLAN_DOWN, seen_edit, reason)
    if act.plan.status is PlanStatus.TAKEN:
        take_out_of_upper_plan(session, actor, act.plan, act.seat)
    act.version.return_reason = act.reason
    return change_plan_status(session, actor, act)


def take_plan(session: Session, actor: Actor, plan_id: int, *, seen_edit: int) -> int:
    """The upper office takes the plan's activities into its own, as they are, with their origin.

    Raises:
        RuleBroken: the upper office has no plan of the year that is being drafted.
    """
    act = permit_plan_act(session, actor, plan_id, Action.TAKE_PLAN, seen_edit)
    count = put_in_upper_plan(session, actor, act.plan, act.version, act.seat)
    return change_plan_status(session, actor, act, {"count": count})


def revise_plan(session: Session, actor: Actor, plan_id: int, *, reason: str = "", seen_edit: int) -> int:
    """Open the next version (lần) with the content of the present one, which stays as it was.

    Raises:
        ReasonMissing: an agreed or issued plan is changed and no reason was written.
    """
    act = permit_plan_act(session, actor, plan_id, Action.REVISE_PLAN, seen_edit, reason)
    draft = read_plan_draft(session, act.version)
    act.plan.version_number += 1
    new_version = PlanVersion(
        plan_id=act.plan.id, number=act.plan.version_number, opened_at=actor.moment.business_at
    )
    session.add(new_version)
    edit_number = change_plan_status(session, actor, act)
    session.flush()  # the copied rows need the version's id
    write_plan_draft(session, act.plan, new_version, draft)
    return edit_number


def issue_plan(
    session: Session, actor: Actor, plan_id: int, *, document_number: str, document_on: date, seen_edit: int
) -> int:
    """The head issues the plan under a number and date (ban hành).

    Raises:
        RuleBroken: no number, or a date after today.
        RecordDamaged: the content is not what was sent.
    """
    act = permit_plan_act(session, actor, plan_id, Action.ISSUE_PLAN, seen_edit)
    number = nfc(document_number).strip()
    if not number or len(number) > LONGEST_PLAN_NUMBER:
        raise RuleBroken(f"Mời ghi số văn bản ban hành kế hoạch, nhiều nhất {LONGEST_PLAN_NUMBER} ký tự.")
    if document_on > actor.moment.business_on:
        raise RuleBroken("Ngày ban hành không được sau ngày hôm nay.")
    if plan_digest(read_plan_draft(session, act.version)) != act.version.content_hash:
        raise RecordDamaged(f"plan version {act.version.id} is not what was sent")
    act.version.document_number = number
    act.version.document_on = document_on
    act.version.issued_at = actor.moment.business_at
    act.version.issued_by = actor.full_name
    return change_plan_status(
        session, actor, act, {"document": number, "document_on": document_on.isoformat()}
    )


def change_plan_status(
    session: Session, actor: Actor, act: PlanAct, details: Mapping[str, object] | None = None
) -> int:
    """Do a permitted step: the only place that writes a plan's status.

    Returns:
        The new edit number.
    """
    before = act.plan.status
    act.plan.status = act.step.next_status
    act.plan.status_since = actor.moment.business_at
    change = Change(before.label_vi, act.step.next_status.label_vi, act.reason, dict(details or {}))
    return note_plan_edit(session, actor, act.plan, act.step.action, seat=act.seat, change=change)


def permit_plan_act(
    session: Session, actor: Actor, plan_id: int, action: Action, seen_edit: int, reason: str = ""
) -> PlanAct:
    """Find the plan and the step, or refuse; nothing is changed.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, ReasonMissing: as their names say.
    """
    plan = get_seen_plan(session, actor, plan_id).plan
    party = party_of(action)
    owner: int | None = plan.agency_id
    if party is PlanParty.UPPER:
        # The upper office acts by its own seat; an office without one above has nobody who may.
        owner = consolidating_parent(session, plan.agency_id, actor.moment.business_on)
    seat = require(actor, action, owner)
    require_seen_plan(session, plan, seen_edit)
    step = plan_step_for(plan.status, action, party)
    require_plan_reason(step, reason)
    if party is PlanParty.APPRAISER:
        require_no_hand_in_plan(session, actor, action, plan)
    return PlanAct(plan, get_plan_version(session, plan), seat, step, nfc(reason).strip())


def party_of(action: Action) -> PlanParty:
    """By which party the act is done; each act belongs to one."""
    if action in {Action.RETURN_PLAN_DOWN, Action.TAKE_PLAN}:
        return PlanParty.UPPER
    if action in {Action.REQUEST_PLAN_CHANGES, Action.AGREE_PLAN, Action.COMMENT_PLAN}:
        return PlanParty.APPRAISER
    return PlanParty.OWNER


def _hand_over(session: Session, actor: Actor, act: PlanAct, sent_to: str) -> int:
    draft = read_plan_draft(session, act.version)
    standing = blocking_findings(check_plan(draft, plan_context(session, act.plan, actor.moment.business_on)))
    if standing:
        raise NotReady(standing)
    act.version.sent_at = actor.moment.business_at
    act.version.sent_by = actor.full_name
    act.version.sent_to = sent_to[:400]
    act.version.content_hash = plan_digest(draft)
    details = {"recipients": act.version.sent_to, "content_hash": act.version.content_hash}
    return change_plan_status(session, actor, act, details)


def _standing_requests(session: Session, act: PlanAct) -> int:
    query = select(PlanComment.id).where(
        PlanComment.plan_id == act.plan.id,
        PlanComment.version_number == act.version.number,
        PlanComment.kind == CommentKind.REQUEST,
        PlanComment.withdrawn_at.is_(None),
    )
    return len(session.scalars(query).all())
