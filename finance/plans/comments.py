"""Guidance and requests at the activities of a sent plan, and the office's answers.

Source: decision 3377/QĐ-UBND, VII.2.d (guides how plans are made), VII.2.đ (appraises their content).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change
from finance.errors import NotFound, NotInThisStatus, ReasonMissing, RuleBroken
from finance.permissions import require
from finance.plans.content import read_plan_draft
from finance.plans.plan_lookup import (
    SeenPlan,
    get_seen_plan,
    note_plan_edit,
    require_seen_plan,
)
from finance.plans.records import PlanComment
from finance.plans.separation import require_no_hand_in_plan
from finance.plans.workflow import CommentKind, PlanStatus
from finance.vietnamese.normal import nfc


def give_plan_comment(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    activity_key: str,
    kind: CommentKind,
    words: str,
    seen_edit: int,
) -> int:
    """Say something about an activity of a plan that was sent (key empty: about the whole).

    Returns:
        The new edit number, like every act of this file.

    Raises:
        ReasonMissing: nothing was written.
        NotFound: no such plan or activity.
        NotAllowed: the person does not appraise content, or took part in preparing the plan.
        StaleVersion, NotInThisStatus: as their names say.
    """
    seen = _appraised_plan(session, actor, plan_id, seen_edit)
    said = nfc(words).strip()
    if not said:
        raise ReasonMissing(Action.COMMENT_PLAN.label_vi, "nội dung góp ý")
    known = {one.activity_key for one in read_plan_draft(session, seen.version).activities}
    if activity_key and activity_key not in known:
        raise NotFound("hoạt động", activity_key)
    seat = require(actor, Action.COMMENT_PLAN, seen.plan.agency_id)
    session.add(
        PlanComment(
            plan_id=seen.plan.id,
            version_number=seen.version.number,
            activity_key=activity_key,
            kind=kind,
            words=said,
            person_name=actor.full_name,
            agency_id=seat.agency_id,
            given_at=actor.moment.business_at,
        )
    )
    change = Change(reason=said, details={"kind": kind.label_vi, "activity": activity_key})
    return note_plan_edit(session, actor, seen.plan, Action.COMMENT_PLAN, seat=seat, change=change)


def withdraw_plan_comment(
    session: Session, actor: Actor, plan_id: int, *, comment_id: int, seen_edit: int
) -> int:
    """Take back what was said about the version on the desk; it stays in the audit."""
    seen = _appraised_plan(session, actor, plan_id, seen_edit)
    comment = _get_comment(session, plan_id, comment_id)
    if comment.version_number != seen.version.number or comment.withdrawn_at is not None:
        raise RuleBroken("Góp ý này thuộc bản trước hoặc đã được rút.")
    seat = require(actor, Action.COMMENT_PLAN, seen.plan.agency_id)
    comment.withdrawn_at = actor.moment.business_at
    change = Change(
        from_state=comment.kind.label_vi,
        to_state="đã rút",
        details={"activity": comment.activity_key, "comment": comment.words},
    )
    return note_plan_edit(session, actor, seen.plan, Action.COMMENT_PLAN, seat=seat, change=change)


def answer_plan_comment(
    session: Session, actor: Actor, plan_id: int, *, comment_id: int, answer: str, seen_edit: int
) -> int:
    """The office says what it did about a comment; may be said anew until the plan is sent again.

    Raises:
        ReasonMissing: nothing was written.
        NotInThisStatus: the plan is neither being drafted nor given back.
    """
    plan = get_seen_plan(session, actor, plan_id).plan
    seat = require(actor, Action.ANSWER_PLAN_COMMENT, plan.agency_id)
    require_seen_plan(session, plan, seen_edit)
    if plan.status not in {PlanStatus.DRAFT, PlanStatus.RETURNED}:
        raise NotInThisStatus(plan.status.label_vi, Action.ANSWER_PLAN_COMMENT.label_vi)
    comment = _get_comment(session, plan_id, comment_id)
    said = nfc(answer).strip()
    if not said:
        raise ReasonMissing(Action.ANSWER_PLAN_COMMENT.label_vi, "câu trả lời")
    comment.answer = said
    comment.answered_by = actor.full_name
    comment.answered_at = actor.moment.business_at
    details = {"activity": comment.activity_key, "comment": comment.words}
    change = Change(reason=said, details=details)
    return note_plan_edit(session, actor, plan, Action.ANSWER_PLAN_COMMENT, seat=seat, change=change)


def _appraised_plan(session: Session, actor: Actor, plan_id: int, seen_edit: int) -> SeenPlan:
    """A sent plan that this person may appraise."""
    seen = get_seen_plan(session, actor, plan_id)
    require(actor, Action.COMMENT_PLAN, seen.plan.agency_id)
    require_seen_plan(session, seen.plan, seen_edit)
    if seen.plan.status is not PlanStatus.SENT:
        raise NotInThisStatus(seen.plan.status.label_vi, Action.COMMENT_PLAN.label_vi)
    require_no_hand_in_plan(session, actor, Action.COMMENT_PLAN, seen.plan)
    return seen


def _get_comment(session: Session, plan_id: int, comment_id: int) -> PlanComment:
    comment = session.get(PlanComment, comment_id)
    if comment is None or comment.plan_id != plan_id:
        raise NotFound("góp ý", comment_id)
    return comment
