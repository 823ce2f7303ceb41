"""The hour an office sets for those it consolidates: dated, by a named person, in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.hierarchy import consolidated_children
from finance.agencies.queries import AgencyRow, get_agency
from finance.audit import Change, record_change
from finance.errors import NotFound, RuleBroken, StaleVersion
from finance.estimates.handing_up.sending_time import round_hours, sending_time_of_office
from finance.permissions import may, require
from finance.rounds.operations import round_subject
from finance.rounds.records import BudgetRound, LowerDeadline
from finance.vietnamese.dates import format_moment


@dataclass(frozen=True, slots=True)
class LowerDeadlineRow:
    """What binds the offices below one office of a round.

    Attributes:
        offices: those it consolidates for.
        due_at: as it was set; None as long as only the round's own hour binds.
        binding_due: what binds those below now, longer times of single offices aside.
        own_due: until when the office itself hands on; no later hour can be set.
        edit_number: how often it was set, for a form to name what it has seen.
    """

    agency_id: int
    agency_short: str
    offices: tuple[AgencyRow, ...]
    due_at: datetime | None
    set_at: datetime | None
    set_by: str
    own_due: datetime | None
    binding_due: datetime | None
    edit_number: int


def lower_deadlines(session: Session, actor: Actor, round_id: int) -> list[LowerDeadlineRow]:
    """One row for each of the actor's offices that consolidates for others today."""
    own = sorted({seat.agency_id for seat in actor.seats})
    rows = [_row(session, actor, round_id, id_) for id_ in own if may(actor, Action.SET_LOWER_DEADLINE, id_)]
    return [row for row in rows if row.offices]


def set_lower_deadline(
    session: Session, actor: Actor, round_id: int, *, agency_id: int, due_at: datetime, seen_edit: int
) -> None:
    """Set until when the offices below hand their estimates to this one; the newest hour stands.

    Args:
        agency_id: the office that consolidates.
        due_at: not after the hour by which this office hands on its own.
        seen_edit: `edit_number` of the row the hour was chosen on.

    Raises:
        NotAllowed: the actor does not prepare for the office.
        NotFound: no such round or office.
        RuleBroken: nobody stands below, the round was closed, or the hour is past or too late.
        StaleVersion: somebody set it since.
    """
    record = session.get(BudgetRound, round_id)
    if record is None:
        raise NotFound("đợt lập dự toán", round_id)
    seat = require(actor, Action.SET_LOWER_DEADLINE, get_agency(session, agency_id).id)
    now = _row(session, actor, round_id, agency_id)
    if now.edit_number != seen_edit:
        words = f"{now.set_by} đặt hạn {format_moment(now.due_at)}." if now.due_at else ""
        raise StaleVersion(seen_edit, now.edit_number, (words,) if words else ())
    _require_sound(actor, record, now, due_at)
    if now.set_at is not None and due_at == now.due_at:
        return
    session.add(
        LowerDeadline(
            round_id=round_id,
            agency_id=agency_id,
            due_at=due_at,
            set_at=actor.moment.business_at,
            set_by=actor.full_name,
        )
    )
    change = Change(
        from_state=format_moment(now.due_at) if now.due_at else "",
        to_state=f"{format_moment(due_at)}, đơn vị thuộc {now.agency_short}",
        details={"agency": get_agency(session, agency_id).code},
    )
    record_change(session, actor, Action.SET_LOWER_DEADLINE, round_subject(record), seat=seat, change=change)


def _require_sound(actor: Actor, record: BudgetRound, now: LowerDeadlineRow, due_at: datetime) -> None:
    if not now.offices:
        raise RuleBroken(f"{now.agency_short} không tổng hợp dự toán của đơn vị nào; không có hạn để đặt.")
    if not record.is_open:
        raise RuleBroken(f"{record.name_vi} đã khép lại.")
    if due_at <= actor.moment.business_at:
        raise RuleBroken("Hạn đặt cho đơn vị trực thuộc phải sau lúc này.")
    if now.own_due is not None and due_at > now.own_due:
        raise RuleBroken(
            f"{now.agency_short} phải gửi dự toán chậm nhất {format_moment(now.own_due)}; hạn của đơn vị "
            "trực thuộc không được muộn hơn."
        )


def _row(session: Session, actor: Actor, round_id: int, agency_id: int) -> LowerDeadlineRow:
    on = actor.moment.business_on
    query = select(LowerDeadline).where(
        LowerDeadline.round_id == round_id, LowerDeadline.agency_id == agency_id
    )
    rows = session.scalars(query.order_by(LowerDeadline.id)).all()
    own_due = sending_time_of_office(session, round_id, agency_id, on).at
    last = rows[-1] if rows else None
    return LowerDeadlineRow(
        agency_id=agency_id,
        agency_short=get_agency(session, agency_id).short_vi,
        offices=tuple(consolidated_children(session, agency_id, on)),
        due_at=last.due_at if last else None,
        set_at=last.set_at if last else None,
        set_by=last.set_by if last else "",
        own_due=own_due,
        binding_due=round_hours(session, round_id, on).of_those_below(agency_id),
        edit_number=len(rows),
    )
