"""What waits in the annual plans: to write, send, take in, appraise, issue; and who holds one that was sent.

Plans belong to a year, not to a round: they wait whether a round is open or not.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.agencies.hierarchy import consolidating_parents
from finance.agencies.queries import agencies_with_function, get_agency
from finance.permissions import may
from finance.plans.plan_lookup import find_plan
from finance.plans.queries import list_plans
from finance.plans.rows import PlanRow
from finance.plans.workflow import PlanStatus
from finance.reports.work_items import Place, SentItem, WorkItem, work_item
from finance.vietnamese.dates import date_in_vietnam

_S = PlanStatus
# Status -> the act that takes the plan forward, the word on the button, and who presses it.
_FORWARD = {
    _S.DRAFT: (Action.SAVE_PLAN, "Soạn", Capacity.OFFICER),
    _S.RETURNED: (Action.REVISE_PLAN, "Sửa", Capacity.OFFICER),
    _S.AGREED: (Action.ISSUE_PLAN, "Ban hành", Capacity.HEAD),
}


def plans_waiting(session: Session, actor: Actor) -> Iterator[WorkItem]:
    """Every plan that this person takes forward, and own offices whose last year's plan has no successor."""
    for row in _recent(session, actor):
        verb = _verb(actor, row)
        if verb:
            yield work_item(
                verb,
                f"Kế hoạch cải cách hành chính năm {row.year}, {row.agency_short}",
                f"{row.status.label_vi} · {_amount(row)}",
                due_at=None,
                today=actor.moment.business_on,
                place=Place("plans.plan_page", {"plan_id": row.id}),
            )
    yield from _to_start(session, actor)


def plans_elsewhere(session: Session, actor: Actor) -> Iterator[SentItem]:
    """Own plans that lie with the appraisers or with the office above."""
    parents = consolidating_parents(session, actor.moment.business_on)
    for row in _recent(session, actor):
        if row.is_own and row.status in {_S.SENT, _S.SUBMITTED_UP}:
            yield SentItem(
                title_vi=f"Kế hoạch cải cách hành chính năm {row.year}, {row.agency_short}",
                status_vi=row.status.label_vi,
                status_code=row.status.value,
                holder_vi=_plan_holder(session, actor, row, parents.get(row.agency_id)),
                days_held=max((actor.moment.business_on - date_in_vietnam(row.status_since)).days, 0),
                place=Place("plans.plan_page", {"plan_id": row.id}),
            )


def _recent(session: Session, actor: Actor) -> list[PlanRow]:
    """Plans of last year and later: what was never finished before is history, not work."""
    first = actor.moment.business_on.year - 1
    return [row for row in list_plans(session, actor) if row.year >= first]


def _verb(actor: Actor, row: PlanRow) -> str:
    if row.status is _S.SENT:
        return "Thẩm định" if may(actor, Action.AGREE_PLAN, row.agency_id) and not row.is_own else ""
    if row.status is _S.SUBMITTED_UP:
        return "Tổng hợp" if row.is_below and not row.is_own and _is_officer(actor) else ""
    action, verb, capacity = _FORWARD.get(row.status, (None, "", None))
    if action is None or not row.is_own or not may(actor, action, row.agency_id):
        return ""
    seats = (seat for seat in actor.seats if seat.agency_id == row.agency_id)
    return (
        verb if any(seat.function is Function.PREPARE and seat.capacity is capacity for seat in seats) else ""
    )


def _is_officer(actor: Actor) -> bool:
    """True for who works on files, not only signs them."""
    seats = (seat for seat in actor.seats if seat.function is Function.PREPARE)
    return any(seat.capacity is Capacity.OFFICER for seat in seats)


def _amount(row: PlanRow) -> str:
    again = f", lần {row.version_number}" if row.version_number > 1 else ""
    return f"{row.activity_count} hoạt động{again}" if row.activity_count else f"chưa có hoạt động nào{again}"


def _to_start(session: Session, actor: Actor) -> Iterator[WorkItem]:
    year = actor.moment.business_on.year
    for agency_id in sorted(actor.agencies_of([Function.PREPARE])):
        has_last = find_plan(session, agency_id, year - 1) is not None
        if (
            has_last
            and find_plan(session, agency_id, year) is None
            and may(actor, Action.START_PLAN, agency_id)
        ):
            yield work_item(
                "Lập",
                f"Kế hoạch cải cách hành chính năm {year}, {get_agency(session, agency_id).short_vi}",
                f"chưa lập; chép được từ kế hoạch năm {year - 1}",
                due_at=None,
                today=actor.moment.business_on,
                place=Place("plans.list_page", {"nam": year}),
            )


def _plan_holder(session: Session, actor: Actor, row: PlanRow, parent_id: int | None) -> str:
    if row.status is _S.SUBMITTED_UP and parent_id is not None:
        return get_agency(session, parent_id).short_vi
    holders = agencies_with_function(session, Function.CONTENT_APPRAISAL, actor.moment.business_on)
    names = ", ".join(holder.short_vi for holder in holders)
    return f"{names} ({Function.CONTENT_APPRAISAL.label_vi})" if names else "chưa giao cho cơ quan nào"
