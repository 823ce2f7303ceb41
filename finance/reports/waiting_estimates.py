"""What waits in the estimates: the next step of one's own files, and what the reviewers' desk lists.

Which step is next says the workflow table, who may take it the table of permissions, and what a
reviewer has to do the reviews themselves; nothing of it is decided here again.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from finance.actions import Action
from finance.actors import Capacity, Function
from finance.agencies.records import Agency
from finance.estimates.handing_up.sending_time import round_hours
from finance.estimates.queries import EstimateRow, current_version
from finance.estimates.workflow import PRIVATE, EstimateKind, EstimateStatus, Step, steps_from
from finance.money import format_vnd
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.waiting_handovers import lies_above
from finance.reports.work_items import Place, WorkItem, work_item
from finance.reviews.board import Sheet
from finance.reviews.queries import review_inbox
from finance.rounds.deadlines import last_reminders
from finance.rounds.public_holidays import working_days_left
from finance.vietnamese.dates import date_in_vietnam, format_moment

# The word on the button of each act; an act that may wait for somebody needs its word here.
VERBS: dict[Action, str] = {
    Action.START_ESTIMATE: "Lập",
    Action.CHECK_ESTIMATE: "Trình",
    Action.PASS_SECTION: "Duyệt",
    Action.SIGN_ESTIMATE: "Ký",
    Action.SEND_ESTIMATE: "Gửi",
    Action.REVISE_ESTIMATE: "Lập lại",
    Action.RECEIVE_ESTIMATE: "Tiếp nhận",
    Action.BEGIN_CONTENT_APPRAISAL: "Thẩm định",
    Action.GIVE_CONTENT_OPINION: "Thẩm định",
    Action.PASS_CONTENT: "Thông qua",
    Action.APPRAISE_LINE: "Thẩm định",
    Action.APPRAISE_OUTPUT: "Thẩm định",
    Action.CONCLUDE_APPRAISAL: "Kết luận",
    Action.GIVE_IT_OPINION: "Cho ý kiến",
    Action.GIVE_POOL_OPINION: "Cho ý kiến",
}

SHEET_PAGES: dict[Sheet, str] = {
    Sheet.OVERVIEW: "reviews.overview_page",
    Sheet.CONTENT: "reviews.content_page",
    Sheet.LINES: "reviews.lines_page",
    Sheet.OUTPUTS: "reviews.outputs_page",
    Sheet.POOL: "reviews.pool_page",
}


def estimates_to_start(desk: Desk) -> Iterator[WorkItem]:
    """For an officer who prepares: each own office that has no estimate in the round yet."""
    own = {
        seat.agency_id
        for seat in desk.actor.seats
        if seat.function is Function.PREPARE and seat.capacity is Capacity.OFFICER
    }
    started = {file.agency_id for file in desk.files if file.kind is EstimateKind.ANNUAL}
    hours = round_hours(desk.session, desk.round.id, desk.today)
    offices = select(Agency.id, Agency.short_vi).where(Agency.id.in_(own - started)).order_by(Agency.sort_key)
    for agency_id, short_vi in desk.session.execute(offices):
        if may(desk.actor, Action.START_ESTIMATE, agency_id):
            yield work_item(
                VERBS[Action.START_ESTIMATE],
                f"Dự toán năm {desk.round.fiscal_year}, {short_vi}",
                f"{desk.round.name_vi} · chưa lập",
                due_at=hours.of_office(agency_id),
                today=desk.today,
                place=Place("estimates.list_page", {"dot": desk.round.id}),
            )


def next_steps(desk: Desk) -> Iterator[WorkItem]:
    """The step that takes each of one's own files forward, where this person may take it."""
    for file in desk.files:
        step = forward_step(file.status, has_section_step=file.has_section_step)
        if step is not None and is_own_step(desk, file, step) and lies_above(desk, file) is None:
            yield work_item(
                VERBS[step.action],
                file_title(file),
                _detail(desk, file),
                due_at=file.due_at,
                today=desk.today,
                place=Place("estimates.estimate_page", {"estimate_id": file.id}),
            )


def reminders_waiting(desk: Desk) -> Iterator[WorkItem]:
    """Reminders of Sở Tài chính that still press on one's own offices: gone once the estimate has left."""
    reminders = last_reminders(desk.session, desk.round.id)
    hours = round_hours(desk.session, desk.round.id, desk.today)
    with_the_office = (*PRIVATE, EstimateStatus.RETURNED)
    sent = {
        file.agency_id
        for file in desk.files
        if file.status not in with_the_office or lies_above(desk, file) is not None
    }
    for agency_id in sorted(desk.actor.agencies_of({Function.PREPARE}) & (reminders.keys() - sent)):
        due_at = hours.of_office(agency_id)
        left = working_days_left(desk.session, desk.today, date_in_vietnam(due_at)) if due_at else None
        said = f", còn {left} ngày làm việc" if left is not None else ""
        file = next((one for one in desk.files if one.agency_id == agency_id), None)
        place = Place("estimates.estimate_page", {"estimate_id": file.id}) if file else None
        yield work_item(
            "Xem",
            f"Nhắc gửi dự toán, {desk.round.name_vi}",
            f"{reminders[agency_id].sent_by} nhắc lúc {format_moment(reminders[agency_id].sent_at)}{said}",
            due_at=due_at,
            today=desk.today,
            place=place or Place("estimates.list_page", {"dot": desk.round.id}),
        )


def reviews_waiting(desk: Desk) -> Iterator[WorkItem]:
    """Everything the reviewers' desk lists for this person's functions."""
    if not may(desk.actor, Action.VIEW_REVIEWS):
        return
    for row in review_inbox(desk.session, desk.actor, desk.round.id):
        yield work_item(
            VERBS[row.action],
            row.label_vi,
            f"{desk.round.name_vi} · {row.detail_vi}",
            due_at=row.due_at,
            today=desk.today,
            place=Place(SHEET_PAGES[row.sheet], {"estimate_id": row.estimate_id}),
        )


def forward_step(status: EstimateStatus, *, has_section_step: bool) -> Step | None:
    """The one step of the workflow that leads on from here; None after the last.

    Steps back need a reason or reopen the draft; the procedure has one way forward.
    """
    ahead = (
        step
        for step in steps_from(status, has_section_step=has_section_step)
        if not step.needs_reason and step.action is not Action.REOPEN_ESTIMATE
    )
    return next(ahead, None)


def is_own_step(desk: Desk, file: EstimateRow, step: Step) -> bool:
    """True when the step is the preparing office's, and this person may take it."""
    return step.function is Function.PREPARE and may(desk.actor, step.action, file.agency_id)


def file_title(file: EstimateRow) -> str:
    """The file as a list names it."""
    kind = file.kind.label_vi
    return f"{kind[:1].upper()}{kind[1:]}, {file.agency_short}"


def _detail(desk: Desk, file: EstimateRow) -> str:
    again = f", lần {file.version_number}" if file.version_number > 1 else ""
    said = f"{desk.round.name_vi} · {file.status.label_vi}{again}"
    if file.status is EstimateStatus.RETURNED:
        reason = current_version(desk.session, file.id).return_reason
        return f"{said}: {reason}" if reason else said
    if not file.project_count:
        return f"{said} · chưa có dự án nào"
    return f"{said} · {file.project_count} dự án, {format_vnd(file.asked_vnd)} đồng"
