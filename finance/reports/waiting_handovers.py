"""What waits between an office and the one that consolidates for it: estimates handed up, and those above."""

from __future__ import annotations

from collections.abc import Iterator

from finance.actions import Action
from finance.actors import Capacity, Function
from finance.agencies.queries import get_agency
from finance.estimates.handing_up.queries import HandoverRow, handover_of_version, list_handovers
from finance.estimates.handing_up.sending_time import round_hours
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.queries import EstimateRow, current_version
from finance.estimates.workflow import EstimateStatus
from finance.money import format_vnd
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.work_items import Place, SentItem, WorkItem, work_item
from finance.vietnamese.dates import date_in_vietnam

_WITH_THE_UPPER = frozenset({HandoverState.OFFERED, HandoverState.TAKEN})


def estimates_from_below(desk: Desk) -> Iterator[WorkItem]:
    """For an officer of a consolidating office: each estimate handed up and not settled."""
    if not any(
        seat.function is Function.PREPARE and seat.capacity is Capacity.OFFICER for seat in desk.actor.seats
    ):
        return
    hours = round_hours(desk.session, desk.round.id, desk.today)
    for row in list_handovers(desk.session, desk.actor, desk.round.id):
        if row.state is HandoverState.OFFERED:
            yield work_item(
                "Tổng hợp",
                f"Dự toán {row.agency_short} gửi lên",
                f"{desk.round.name_vi} · {row.project_count} dự án, {format_vnd(row.asked_vnd)} đồng",
                due_at=hours.of_office(row.upper_agency_id),
                today=desk.today,
                place=Place("estimates.lower_page", {"handover_id": row.id}),
            )


def estimates_above(desk: Desk) -> Iterator[SentItem]:
    """Own estimates that lie with the office above."""
    for file in desk.files:
        row = lies_above(desk, file)
        if row is not None and may(desk.actor, Action.SUBMIT_ESTIMATE_UP, file.agency_id):
            yield SentItem(
                title_vi=f"Dự toán, {file.agency_short}",
                status_vi=row.state.label_vi,
                status_code="SUBMITTED_UP" if row.state is HandoverState.OFFERED else "TAKEN",
                holder_vi=get_agency(desk.session, row.upper_agency_id).short_vi,
                days_held=max((desk.today - date_in_vietnam(row.offered_at)).days, 0),
                place=Place("estimates.estimate_page", {"estimate_id": file.id}),
            )


def lies_above(desk: Desk, file: EstimateRow) -> HandoverRow | None:
    """The handover of a signed file that the office above holds, or None."""
    if file.status is not EstimateStatus.SIGNED:
        return None
    row = handover_of_version(desk.session, current_version(desk.session, file.id).id)
    return row if row is not None and row.state in _WITH_THE_UPPER else None
