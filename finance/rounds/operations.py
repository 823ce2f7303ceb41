"""Acts on a round: opening it, dating it, and saying what money and which results it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import actor_for, get_agency
from finance.audit import AuditEntry, Change, Subject, audit_sentence, record_change
from finance.clock import business_moment
from finance.errors import NotFound, RuleBroken, StaleVersion
from finance.money import format_vnd
from finance.permissions import may, require
from finance.programme.classification import Nature
from finance.programme.records import FundingSource
from finance.rounds.records import (
    BudgetRound,
    Ceiling,
    Envelope,
    RoundDeadline,
)
from finance.rounds.rules import MOST_ROUND_YEARS, RoundKind, RoundStage, pool_vnd
from finance.vietnamese.dates import format_date, format_moment
from finance.vietnamese.normal import nfc


@dataclass(frozen=True, slots=True)
class NewRound:
    """What must be known to open a round."""

    code: str
    name_vi: str
    fiscal_year: int
    last_year: int
    kind: RoundKind
    is_demonstration: bool = False
    business_on: date | None = None


@dataclass(frozen=True, slots=True)
class EnvelopeEntry:
    """The money of one source, nature and year and what is kept back of it, in đồng."""

    source_code: str
    nature: Nature
    year: int
    amount_vnd: int
    contingency_vnd: int = 0
    unmeasured_vnd: int = 0


def open_round(session: Session, actor: Actor, new: NewRound) -> BudgetRound:
    """Open an estimate round (mở đợt lập dự toán).

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        RuleBroken: the code is taken or empty, the years are out of order or too many, or a real
            round and the demonstration would share one clock.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.5.b.
    """
    seat = require(actor, Action.OPEN_ROUND)
    if session.scalar(select(BudgetRound.id).where(BudgetRound.code == new.code)) is not None:
        raise RuleBroken(f"Mã đợt “{new.code}” đã được dùng; mời chọn mã khác.")
    _require_round_sound(session, new)
    record = BudgetRound(
        code=new.code,
        name_vi=nfc(new.name_vi),
        fiscal_year=new.fiscal_year,
        last_year=new.last_year,
        kind=new.kind,
        is_open=True,
        is_demonstration=new.is_demonstration,
        business_on=new.business_on,
        edit_number=1,
    )
    session.add(record)
    session.flush()  # the audit row needs the new id
    change = Change(to_state="đang mở", details={"edit": record.edit_number, "years": list(_years(record))})
    record_change(session, actor, Action.OPEN_ROUND, round_subject(record), seat=seat, change=change)
    return record


def set_deadline(
    session: Session, actor: Actor, round_id: int, *, stage: RoundStage, due_at: datetime, seen_edit: int
) -> None:
    """Set or move the last instant of a stage.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.SET_DEADLINE, seen_edit)
    row = session.scalar(
        select(RoundDeadline).where(RoundDeadline.round_id == round_id, RoundDeadline.stage == stage)
    )
    before = format_moment(row.due_at) if row else ""
    after = format_moment(due_at)
    if row is None:
        session.add(RoundDeadline(round_id=round_id, stage=stage, due_at=due_at))
    else:
        row.due_at = due_at
    details = {"stage": stage.value, "before": before, "after": after}
    change = Change(from_state=before, to_state=f"{after}, {stage.label_vi}", details=details)
    save_round_change(session, actor, record, Action.SET_DEADLINE, seat, change)


def issue_ceiling(
    session: Session,
    actor: Actor,
    round_id: int,
    *,
    agency_id: int,
    source_code: str,
    amount_vnd: int,
    seen_edit: int,
) -> None:
    """Give an office its control figure (thông báo số kiểm tra) from one source.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such office or source.
        RuleBroken: the amount is negative.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.ISSUE_CEILING, seen_edit)
    agency = get_agency(session, agency_id)
    source = get_source(session, source_code)
    _require_not_negative(amount_vnd)
    row = session.scalar(
        select(Ceiling).where(
            Ceiling.round_id == round_id, Ceiling.agency_id == agency_id, Ceiling.source_id == source.id
        )
    )
    before = row.amount_vnd if row else None
    if row is None:
        session.add(
            Ceiling(round_id=round_id, agency_id=agency_id, source_id=source.id, amount_vnd=amount_vnd)
        )
    else:
        row.amount_vnd = amount_vnd
    details = {"agency": agency.code, "source": source.code, "before": before, "after": amount_vnd}
    change = Change(
        from_state="" if before is None else f"{format_vnd(before)} đồng",
        to_state=f"{format_vnd(amount_vnd)} đồng, {agency.short_vi}, {source.name_vi}",
        details=details,
    )
    save_round_change(session, actor, record, Action.ISSUE_CEILING, seat, change)


def set_envelope(
    session: Session, actor: Actor, round_id: int, *, entry: EnvelopeEntry, seen_edit: int
) -> None:
    """Say how much money there is from one source, nature and year, and what is kept back.

    Raises:
        NotAllowed: the actor's office does not consolidate the allocation.
        RuleBroken: the year is outside the round, an amount is negative, more is kept back than there
            is, or the source does not serve this nature.
        StaleVersion: somebody changed the round since.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.6.b; contingency: Law 83/2015/QH13 Art. 10.
    """
    record, seat = find_round_for(session, actor, round_id, Action.SET_ENVELOPE, seen_edit)
    source = get_source(session, entry.source_code)
    _require_envelope_sound(record, entry)
    if source.nature not in (Nature.BOTH, entry.nature):
        raise RuleBroken(f"“{source.name_vi}” chỉ dùng cho {source.nature.label_vi}.")
    row = session.scalar(
        select(Envelope).where(
            Envelope.round_id == round_id,
            Envelope.source_id == source.id,
            Envelope.nature == entry.nature,
            Envelope.year == entry.year,
        )
    )
    before = _parts(row) if row else None
    if row is None:
        row = Envelope(round_id=round_id, source_id=source.id, nature=entry.nature, year=entry.year)
        session.add(row)
    row.amount_vnd = entry.amount_vnd
    row.contingency_vnd = entry.contingency_vnd
    row.unmeasured_vnd = entry.unmeasured_vnd
    details = {"source": source.code, "nature": entry.nature.value, "year": entry.year}
    change = Change(
        from_state=f"{format_vnd(before['amount_vnd'])} đồng" if before else "",
        to_state=f"{format_vnd(entry.amount_vnd)} đồng, năm {entry.year}, {source.name_vi}",
        details={**details, "before": before, "after": _parts(row)},
    )
    save_round_change(session, actor, record, Action.SET_ENVELOPE, seat, change)


def set_clock(session: Session, actor: Actor, round_id: int, *, business_on: date, seen_edit: int) -> None:
    """Move the demonstration's business date.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: the round is real: its clock is the clock on the wall; or on that date the actor
            holds no seat from which the clock could be moved back.
    """
    record, seat = find_round_for(session, actor, round_id, Action.SET_CLOCK, seen_edit)
    if not record.is_demonstration:
        raise RuleBroken("Chỉ đặt được ngày làm việc cho đợt minh họa; đợt thật theo ngày thật.")
    then = business_moment(actor.moment.recorded_at, business_on)
    if not may(actor_for(session, actor.person_id, then), Action.SET_CLOCK):
        raise RuleBroken(
            f"Ngày {format_date(business_on)} đồng chí không giữ vị trí quản trị nên sẽ không đổi lại "
            "được ngày làm việc; mời chọn ngày khác."
        )
    before = format_date(record.business_on) if record.business_on else ""
    record.business_on = business_on
    change = Change(from_state=before, to_state=format_date(business_on))
    save_round_change(session, actor, record, Action.SET_CLOCK, seat, change)


def get_source(session: Session, code: str) -> FundingSource:
    """The funding source with this code.

    Raises:
        NotFound: no such source.
    """
    source = session.scalar(select(FundingSource).where(FundingSource.code == code))
    if source is None:
        raise NotFound("nguồn kinh phí", code)
    return source


def round_subject(record: BudgetRound) -> Subject:
    """How the audit names a round."""
    return Subject("budget_round", record.id, record.name_vi)


def find_round_for(
    session: Session, actor: Actor, round_id: int, action: Action, seen_edit: int
) -> tuple[BudgetRound, Seat]:
    """Find the round, ask whether the actor may, and refuse a stale page.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    record = session.get(BudgetRound, round_id)
    if record is None:
        raise NotFound("đợt lập dự toán", round_id)
    seat = require(actor, action)
    if record.edit_number != seen_edit:
        raise StaleVersion(seen_edit, record.edit_number, _acts_since(session, record, seen_edit))
    return record, seat


def save_round_change(
    session: Session, actor: Actor, record: BudgetRound, action: Action, seat: Seat, change: Change
) -> None:
    """Raise the edit number and write the audit row, which carries it for those whose page is older."""
    record.edit_number += 1
    noted = replace(change, details={"edit": record.edit_number, **(change.details or {})})
    record_change(session, actor, action, round_subject(record), seat=seat, change=noted)


def _acts_since(session: Session, record: BudgetRound, seen_edit: int) -> tuple[str, ...]:
    """Every act on the round after this edit number, oldest first, as sentences."""
    subject = round_subject(record)
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == subject.kind, AuditEntry.subject_id == subject.id
    )
    entries = session.scalars(query.order_by(AuditEntry.id))
    return tuple(audit_sentence(entry) for entry in entries if entry.details.get("edit", 0) > seen_edit)


def _years(record: BudgetRound) -> range:
    return range(record.fiscal_year, record.last_year + 1)


def _parts(envelope: Envelope) -> dict[str, int]:
    return {
        "amount_vnd": envelope.amount_vnd,
        "contingency_vnd": envelope.contingency_vnd,
        "unmeasured_vnd": envelope.unmeasured_vnd,
    }


def _require_round_sound(session: Session, new: NewRound) -> None:
    if not new.code.strip() or not new.name_vi.strip():
        raise RuleBroken("Phải ghi mã và tên đợt.")
    if new.last_year < new.fiscal_year:
        raise RuleBroken("Năm cuối không được trước năm ngân sách.")
    if new.last_year - new.fiscal_year >= MOST_ROUND_YEARS:
        raise RuleBroken(f"Một đợt không kéo dài quá {MOST_ROUND_YEARS} năm.")
    if new.business_on is not None and not new.is_demonstration:
        raise RuleBroken("Chỉ đặt được ngày làm việc cho đợt minh họa; đợt thật theo ngày thật.")
    others = select(BudgetRound.id).where(
        BudgetRound.is_demonstration != new.is_demonstration, BudgetRound.is_practice.is_(False)
    )
    if session.scalar(others.where(BudgetRound.is_open).limit(1)) is not None:
        # The demonstration's date is everybody's date: deadlines of a real round would go by it.
        raise RuleBroken("Đợt minh họa và đợt thật không được cùng mở trên một cơ sở dữ liệu.")


def _require_not_negative(amount_vnd: int) -> None:
    if amount_vnd < 0:
        raise RuleBroken("Số tiền không được âm.")


def _require_envelope_sound(record: BudgetRound, entry: EnvelopeEntry) -> None:
    if entry.year not in _years(record):
        raise RuleBroken(f"Năm {entry.year} không thuộc đợt này ({record.fiscal_year}-{record.last_year}).")
    if min(entry.amount_vnd, entry.contingency_vnd, entry.unmeasured_vnd) < 0:
        raise RuleBroken("Số tiền không được âm.")
    if pool_vnd(entry.amount_vnd, entry.contingency_vnd, entry.unmeasured_vnd) < 0:
        raise RuleBroken("Dự phòng và phần để lại vượt quá tổng nguồn; mời giảm bớt.")
