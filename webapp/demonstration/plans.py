"""The offices' plans of 2012: entered, handed up or sent, spoken about, agreed, issued."""

from __future__ import annotations

from dataclasses import dataclass

from finance.actors import Function
from finance.errors import NotFound
from finance.plans.comments import give_plan_comment
from finance.plans.operations import save_activity, start_plan
from finance.plans.plan_lookup import find_plan
from finance.plans.procedure import (
    agree_plan,
    issue_plan,
    request_plan_changes,
    send_plan,
    submit_plan_up,
    take_plan,
)
from finance.plans.project_links import link_project
from finance.plans.workflow import CommentKind, PlanStatus
from webapp.demonstration.files import read_round
from webapp.demonstration.people import agency_id_of
from webapp.demonstration.plan_files import (
    PlanFile,
    read_communes,
    read_plan_comments,
    read_plan_files,
    read_planned_activities,
)
from webapp.demonstration.story import Story

_S = PlanStatus
_HANDED_UP = frozenset({_S.SUBMITTED_UP, _S.TAKEN})
_SENT = frozenset({_S.SENT, _S.RETURNED, _S.AGREED, _S.ISSUED})


@dataclass(frozen=True, slots=True)
class PlanNow:
    """A plan and the edit number a fresh page would show."""

    id: int
    edit_number: int


def enter_plans(story: Story) -> None:
    """Every office enters what it plans and ties its projects to it; communes hand theirs up."""
    planned = read_planned_activities()
    for file in read_plan_files():
        session, agency_id = story.session, agency_id_of(story.session, file.agency_code)
        plan_id = start_plan(
            session, story.person(file.preparer, "prepared"), agency_id=agency_id, year=_year()
        )
        for place, one in enumerate(planned[file.agency_code], start=1):
            preparer, edit = (
                story.person(file.preparer, "prepared"),
                _plan(story, file.agency_code).edit_number,
            )
            saved = save_activity(session, preparer, plan_id, activity=one.activity, seen_edit=edit)
            if one.project_key:
                link_project(
                    session,
                    preparer,
                    plan_id,
                    activity_key=f"HD{place:02}",
                    estimate_id=story.estimate_of(file.agency_code),
                    project_key=one.project_key,
                    seen_edit=saved.edit_number,
                )
        if file.stops_at in _HANDED_UP:
            edit = _plan(story, file.agency_code).edit_number
            submit_plan_up(session, story.person(file.preparer, "prepared"), plan_id, seen_edit=edit)


def send_plans(story: Story) -> None:
    """Districts take in what was handed up to them; the offices that are ready send theirs."""
    upper = {commune.code: commune.parent_code for commune in read_communes()}
    files = {file.agency_code: file for file in read_plan_files()}
    for file in files.values():
        plan = _plan(story, file.agency_code)
        if file.stops_at is _S.TAKEN:
            officer = story.person(files[upper[file.agency_code]].preparer, "sent")
            take_plan(story.session, officer, plan.id, seen_edit=plan.edit_number)
        if file.stops_at in _SENT:
            officer = story.person(file.preparer, "sent")
            send_plan(story.session, officer, plan.id, seen_edit=plan.edit_number)


def speak_about_plans(story: Story) -> None:
    """Home affairs writes its comments and gives back what must be changed."""
    for comment in read_plan_comments():
        plan = _plan(story, comment.agency_code)
        give_plan_comment(
            story.session,
            story.holder(Function.CONTENT_APPRAISAL, "received"),
            plan.id,
            activity_key=f"HD{comment.place:02}",
            kind=comment.kind,
            words=comment.words,
            seen_edit=plan.edit_number,
        )
    wanted = {one.agency_code for one in read_plan_comments() if one.kind is CommentKind.REQUEST}
    for file in read_plan_files():
        if file.stops_at is _S.RETURNED and file.agency_code in wanted:
            plan = _plan(story, file.agency_code)
            appraiser = story.holder(Function.CONTENT_APPRAISAL, "received")
            request_plan_changes(story.session, appraiser, plan.id, reason="", seen_edit=plan.edit_number)


def settle_plans(story: Story) -> None:
    """Home affairs agrees to what is in order; the heads that are ready issue their plan."""
    for file in read_plan_files():
        if file.stops_at in {_S.AGREED, _S.ISSUED}:
            plan = _plan(story, file.agency_code)
            appraiser = story.holder(Function.CONTENT_APPRAISAL, "content")
            agree_plan(story.session, appraiser, plan.id, seen_edit=plan.edit_number)
        if file.stops_at is _S.ISSUED:
            _issue(story, file)


def _issue(story: Story, file: PlanFile) -> None:
    plan = _plan(story, file.agency_code)
    issue_plan(
        story.session,
        story.person(file.head, "content"),
        plan.id,
        document_number=file.document_number,
        document_on=story.day("content"),
        seen_edit=plan.edit_number,
    )


def _plan(story: Story, agency_code: str) -> PlanNow:
    plan = find_plan(story.session, agency_id_of(story.session, agency_code), _year())
    if plan is None:
        raise NotFound("kế hoạch", agency_code)
    return PlanNow(plan.id, plan.edit_number)


def _year() -> int:
    return read_round().fiscal_year
