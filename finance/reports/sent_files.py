"""What this person's office has handed on, and which function of which office holds it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from finance.actions import Action
from finance.actors import Function
from finance.agencies.queries import agencies_with_function
from finance.allocations.answers import signed_allocation
from finance.allocations.rules import DecisionStatus
from finance.estimates.queries import EstimateRow
from finance.estimates.workflow import EstimateStatus
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.waiting_allocations import submitted_decision
from finance.reports.waiting_estimates import file_title, forward_step, is_own_step
from finance.reports.work_items import Place, SentItem
from finance.reviews.rules import holding_function
from finance.vietnamese.dates import date_in_vietnam


def own_files_elsewhere(desk: Desk) -> Iterator[SentItem]:
    """Estimates of the actor's own offices that somebody else must move on."""
    own = desk.actor.agencies_of({Function.PREPARE})
    for file in desk.files:
        if file.agency_id in own and file.status is EstimateStatus.APPRAISED and _is_decided(desk):
            continue  # the money of the round is allocated: nobody holds the file any more
        step = forward_step(file.status, has_section_step=file.has_section_step)
        is_mine_to_move = step is not None and is_own_step(desk, file, step)
        if file.agency_id in own and not is_mine_to_move:
            yield _file_item(desk, file, Place("estimates.estimate_page", {"estimate_id": file.id}))


def _is_decided(desk: Desk) -> bool:
    return signed_allocation(desk.session, desk.round.id) is not None


def returned_files(desk: Desk) -> Iterator[SentItem]:
    """For those who may return: estimates that lie with their office again."""
    if not may(desk.actor, Action.RETURN_ESTIMATE):
        return
    for file in desk.files:
        if file.status is EstimateStatus.RETURNED:
            yield _file_item(desk, file, Place("reviews.overview_page", {"estimate_id": file.id}))


def decisions_elsewhere(desk: Desk) -> Iterator[SentItem]:
    """The allocation decision while the approving authority has it."""
    for decision_id, title, since in submitted_decision(desk):
        status = DecisionStatus.SUBMITTED
        yield SentItem(
            title_vi=title,
            status_vi=status.label_vi,
            status_code=status.value,
            holder_vi=_offices_with(desk, Function.APPROVAL),
            days_held=_days(desk, since),
            place=Place("allocations.decision_page", {"decision_id": decision_id}),
        )


def _file_item(desk: Desk, file: EstimateRow, place: Place) -> SentItem:
    return SentItem(
        title_vi=file_title(file),
        status_vi=file.status.label_vi,
        status_code=file.status.value,
        holder_vi=_holder(desk, file),
        days_held=_days(desk, file.status_since),
        place=place,
    )


def _holder(desk: Desk, file: EstimateRow) -> str:
    """Who has the file on the desk: the owning office, or the office of the next function."""
    if file.status in {EstimateStatus.CHECKED, EstimateStatus.SECTION_PASSED}:
        waits_at_section = file.has_section_step and file.status is EstimateStatus.CHECKED
        return f"{'Lãnh đạo phòng' if waits_at_section else 'Thủ trưởng'}, {file.agency_short}"
    function = holding_function(file.status)
    return file.agency_short if function is Function.PREPARE else _offices_with(desk, function)


def _offices_with(desk: Desk, function: Function) -> str:
    names = [row.short_vi for row in agencies_with_function(desk.session, function, desk.today)]
    label = function.label_vi
    said = f"{label[:1].upper()}{label[1:]}"
    return f"{', '.join(names)} ({label})" if names else f"{said}: chưa giao cho cơ quan nào"


def _days(desk: Desk, since: datetime) -> int:
    """Whole days held; a demonstration whose date was moved back counts none."""
    return max((desk.today - date_in_vietnam(since)).days, 0)
