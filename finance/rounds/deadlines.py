"""The clock of the submission: longer times for named offices, and reminders.

After the deadline an office sends only with a longer time of its own, which Sở Tài chính gives with a
reason and which everybody can read on the round's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.queries import get_agency
from finance.agencies.records import Agency
from finance.audit import Change
from finance.errors import ReasonMissing, RuleBroken
from finance.rounds.operations import find_round_for, save_round_change
from finance.rounds.queries import find_deadline
from finance.rounds.records import DeadlineExtension, OfficeReminder
from finance.rounds.rules import RoundStage
from finance.vietnamese.dates import format_moment
from finance.vietnamese.normal import nfc

# One reminder an office and day is enough; a second click on the same day says so instead.
REMINDED_EVERY = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A longer time given to an office; `is_live` False when a later one took its place."""

    agency_id: int
    agency_short: str
    until_at: datetime
    reason: str
    granted_at: datetime
    granted_by: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """The last reminder an office was sent."""

    agency_id: int
    sent_at: datetime
    sent_by: str


def extend_deadline(
    session: Session,
    actor: Actor,
    round_id: int,
    *,
    agency_id: int,
    until_at: datetime,
    reason: str,
    seen_edit: int,
) -> None:
    """Give one office until an hour to send its estimate (gia hạn), with the reason everybody reads.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such round or office.
        ReasonMissing: no reason was written.
        RuleBroken: the round has no submission deadline or was closed, or the hour is no extension.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.EXTEND_DEADLINE, seen_edit)
    agency = get_agency(session, agency_id)
    if not reason.strip():
        raise ReasonMissing(Action.EXTEND_DEADLINE.label_vi)
    due_at = find_deadline(session, round_id, RoundStage.SUBMISSION)
    if due_at is None or not record.is_open:
        raise RuleBroken("Đợt chưa đặt hạn gửi dự toán hoặc đã khép lại; không có gì để gia hạn.")
    if until_at <= max(due_at, actor.moment.business_at):
        raise RuleBroken(f"Giờ gia hạn phải sau hạn chung ({format_moment(due_at)}) và sau lúc này.")
    before = live_extensions(session, round_id).get(agency_id)
    session.add(
        DeadlineExtension(
            round_id=round_id,
            agency_id=agency_id,
            until_at=until_at,
            reason=nfc(reason).strip(),
            granted_at=actor.moment.business_at,
            granted_by=actor.full_name,
        )
    )
    change = Change(
        from_state=format_moment(before or due_at),
        to_state=f"{format_moment(until_at)}, {agency.short_vi}",
        reason=nfc(reason).strip(),
        details={"agency": agency.code},
    )
    save_round_change(session, actor, record, Action.EXTEND_DEADLINE, seat, change)


def remind_office(session: Session, actor: Actor, round_id: int, *, agency_id: int, seen_edit: int) -> None:
    """Put a reminder of the deadline on the start page of everybody who prepares for the office.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such round or office.
        RuleBroken: the round was closed, or the office was reminded a moment ago.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.REMIND_OFFICE, seen_edit)
    agency = get_agency(session, agency_id)
    if not record.is_open:
        raise RuleBroken(f"{record.name_vi} đã khép lại.")
    last = last_reminders(session, round_id).get(agency_id)
    if last is not None and actor.moment.business_at - last.sent_at < REMINDED_EVERY:
        raise RuleBroken(
            f"Đã nhắc {agency.short_vi} lúc {format_moment(last.sent_at)}; mỗi ngày nhắc một lần."
        )
    session.add(
        OfficeReminder(
            round_id=round_id,
            agency_id=agency_id,
            sent_at=actor.moment.business_at,
            sent_by=actor.full_name,
        )
    )
    change = Change(to_state=agency.short_vi, details={"agency": agency.code})
    save_round_change(session, actor, record, Action.REMIND_OFFICE, seat, change)


def live_extensions(session: Session, round_id: int) -> dict[int, datetime]:
    """Until when each office with a longer time may send: office id -> hour."""
    query = select(DeadlineExtension.agency_id, DeadlineExtension.until_at).where(
        DeadlineExtension.round_id == round_id
    )
    # Of several the newest stands.
    return dict(session.execute(query.order_by(DeadlineExtension.id)).all())


def list_extensions(session: Session, round_id: int) -> list[ExtensionRow]:
    """Every longer time given in the round, newest first: public, with names and reasons."""
    query = (
        select(DeadlineExtension, Agency.short_vi)
        .join(Agency, Agency.id == DeadlineExtension.agency_id)
        .where(DeadlineExtension.round_id == round_id)
        .order_by(DeadlineExtension.id.desc())
    )
    seen: set[int] = set()
    rows = []
    for row, short_vi in session.execute(query):
        rows.append(
            ExtensionRow(
                row.agency_id,
                short_vi,
                row.until_at,
                row.reason,
                row.granted_at,
                row.granted_by,
                is_live=row.agency_id not in seen,
            )
        )
        seen.add(row.agency_id)
    return rows


def last_reminders(session: Session, round_id: int) -> dict[int, ReminderRow]:
    """The last reminder of each office that was reminded: office id -> row."""
    query = select(OfficeReminder).where(OfficeReminder.round_id == round_id).order_by(OfficeReminder.id)
    return {
        row.agency_id: ReminderRow(row.agency_id, row.sent_at, row.sent_by) for row in session.scalars(query)
    }
