"""What waits in the estimates: the next step of each file, and the opinions still missing.

Which step is next says the workflow table, who may take it the table of permissions, and that
nobody judges what he prepared says the audit; nothing of it is written down here again.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from finance.actions import Action
from finance.actors import Capacity, Function
from finance.agencies.records import Agency
from finance.audit import Subject, has_touched
from finance.estimates.estimate_lookup import SUBJECT_KIND
from finance.estimates.procedure import PREPARING_ACTS
from finance.estimates.queries import EstimateRow, current_version
from finance.estimates.workflow import EstimateKind, EstimateStatus, Step, steps_from
from finance.money import format_vnd
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.work_items import Place, WorkItem, work_item
from finance.reviews.queries import appraised_projects
from finance.reviews.rules import OPINION_RULES
from finance.rounds.rules import RoundStage

# The word on the button of each step; a new step of the workflow needs its word here.
VERBS: dict[Action, str] = {
    Action.START_ESTIMATE: "Lập",
    Action.CHECK_ESTIMATE: "Trình",
    Action.SIGN_ESTIMATE: "Ký",
    Action.SEND_ESTIMATE: "Gửi",
    Action.REVISE_ESTIMATE: "Lập lại",
    Action.RECEIVE_ESTIMATE: "Tiếp nhận",
    Action.BEGIN_CONTENT_APPRAISAL: "Thẩm định",
    Action.PASS_CONTENT: "Thẩm định",
    Action.CONCLUDE_APPRAISAL: "Thẩm định",
}

_OPINION_WORDS = {
    Function.IT_OPINION: "cần ý kiến chuyên ngành công nghệ thông tin",
    Function.ALLOCATION_CONSOLIDATION: "xin phân bổ, cần ý kiến",
}


def estimates_to_start(desk: Desk) -> Iterator[WorkItem]:
    """For an officer who prepares: each own office that has no estimate in the round yet."""
    own = {
        seat.agency_id
        for seat in desk.actor.seats
        if seat.function is Function.PREPARE and seat.capacity is Capacity.OFFICER
    }
    started = {file.agency_id for file in desk.files if file.kind is EstimateKind.ANNUAL}
    offices = select(Agency.id, Agency.short_vi).where(Agency.id.in_(own - started)).order_by(Agency.sort_key)
    for agency_id, short_vi in desk.session.execute(offices):
        if may(desk.actor, Action.START_ESTIMATE, agency_id):
            yield work_item(
                VERBS[Action.START_ESTIMATE],
                f"Dự toán năm {desk.round.fiscal_year}, {short_vi}",
                f"{desk.round.name_vi} · chưa lập",
                due_at=desk.deadlines.get(RoundStage.SUBMISSION),
                today=desk.today,
                place=Place("estimates.list_page"),
            )


def next_steps(desk: Desk) -> Iterator[WorkItem]:
    """The step that takes each file forward, where this person may take it."""
    for file in desk.files:
        step = forward_step(file.status)
        if step is not None and may_take(desk, file, step):
            yield work_item(
                VERBS[step.action],
                file_title(file),
                _detail(desk, file),
                due_at=file.due_at,
                today=desk.today,
                place=place_of_file(file, step.function),
            )


def missing_opinions(desk: Desk) -> Iterator[WorkItem]:
    """Files with projects that wait for the opinion of a function this person sits in.

    The content opinion is part of the content appraisal itself and is not listed twice.
    """
    rules = [
        rule
        for rule in OPINION_RULES
        if rule.function is not Function.CONTENT_APPRAISAL and may(desk.actor, rule.action)
    ]
    for file in desk.files:
        due = [rule for rule in rules if file.status in rule.statuses]
        if not due or _has_prepared(desk, file):
            continue
        projects = appraised_projects(desk.session, current_version(desk.session, file.id).id)
        for rule in due:
            waiting = sum(rule.function in project.opinions_missing for project in projects)
            if waiting:
                yield work_item(
                    "Cho ý kiến",
                    file_title(file),
                    f"{desk.round.name_vi} · {waiting} dự án {_OPINION_WORDS[rule.function]}",
                    due_at=desk.deadlines.get(RoundStage.ESTIMATE_APPRAISAL),
                    today=desk.today,
                    place=place_of_file(file, rule.function),
                )


def forward_step(status: EstimateStatus) -> Step | None:
    """The one step of the workflow that leads on from here; None after the last.

    Steps back need a reason or reopen the draft; the procedure has one way forward.
    """
    ahead = (
        step
        for step in steps_from(status)
        if not step.needs_reason and step.action is not Action.REOPEN_ESTIMATE
    )
    return next(ahead, None)


def may_take(desk: Desk, file: EstimateRow, step: Step) -> bool:
    """True when the person may do this step on this file: by right, and not having prepared it."""
    if not may(desk.actor, step.action, file.agency_id):
        return False
    return step.function is Function.PREPARE or not _has_prepared(desk, file)


def file_title(file: EstimateRow) -> str:
    """The file as a list names it."""
    kind = file.kind.label_vi
    return f"{kind[:1].upper()}{kind[1:]}, {file.agency_short}"


def place_of_file(file: EstimateRow, function: Function) -> Place:
    """The page of the file for who prepares it, or for who judges it."""
    feature = "estimates" if function is Function.PREPARE else "reviews"
    return Place(f"{feature}.estimate_page", {"estimate_id": file.id})


def _has_prepared(desk: Desk, file: EstimateRow) -> bool:
    subject = Subject(SUBJECT_KIND, file.id, file.label_vi)
    return has_touched(desk.session, desk.actor.person_id, subject, PREPARING_ACTS)


def _detail(desk: Desk, file: EstimateRow) -> str:
    again = f", lần {file.version_number}" if file.version_number > 1 else ""
    said = f"{desk.round.name_vi} · {file.status.label_vi}{again}"
    if file.status is EstimateStatus.RETURNED:
        reason = current_version(desk.session, file.id).return_reason
        return f"{said}: {reason}" if reason else said
    if not file.project_count:
        return f"{said} · chưa có dự án nào"
    return f"{said} · {file.project_count} dự án, {format_vnd(file.asked_vnd)} đồng"
