"""The append-only record of acts: who, for whom, what, from, to, why, chained by hash.

Each row carries the hash of the row before it, so a changed, removed or inserted row shows.
Rows are written in the transaction of the act itself: what is not written did not happen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.clock import VIETNAM_TIME
from finance.errors import NotAllowed
from finance.record_base import CodeColumn, JsonText, Record, UtcMoment, canonical_json, codes_check
from finance.vietnamese.dates import format_date

FIRST_HASH = "0" * 64

_BATCH = 1000  # rows held at a time while the chain is walked
_BEFORE_ALL = -(2**31)


class AuditEntry(Record):
    """One act. Never changed, never removed (database triggers refuse both)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        codes_check("action", Action),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_person", "person_id", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    business_at: Mapped[datetime] = mapped_column(UtcMoment)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    person_id: Mapped[int | None] = mapped_column(index=False)
    person_name: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int | None]
    action: Mapped[Action] = mapped_column(CodeColumn(Action))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_label: Mapped[str] = mapped_column(String(300))
    from_state: Mapped[str] = mapped_column(String(80), default="")
    to_state: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JsonText)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    entry_hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: a kind, an id and the words people know it by."""

    kind: str
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain at some time: how many rows it had, and the hash of the last one."""

    count: int
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an act changed: states in Vietnamese words, the reason, and any figures."""

    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    details: dict[str, Any] | None = None


def record_change(
    session: Session, actor: Actor, action: Action, subject: Subject, *, seat: Seat | None, change: Change
) -> AuditEntry:
    """Append the act to the chain, inside the act's own transaction.

    Args:
        session: open write session (it holds the writer's turn, so the chain has one end).
        actor: who acted.
        action: the act.
        subject: what it was about.
        seat: the seat acted from ("for whom"); None for acts before any seat.
        change: states, reason and figures.

    Returns:
        The stored entry.
    """
    last_hash = session.scalar(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1))
    # As they will be read back: a tuple or a number as a key would otherwise break the chain by itself.
    details = json.loads(canonical_json({**(change.details or {}), **_on_behalf(seat)}))
    entry = AuditEntry(
        business_at=actor.moment.business_at,
        recorded_at=actor.moment.recorded_at,
        person_id=actor.person_id or None,
        person_name=actor.full_name,
        agency_id=(seat.agency_id or None) if seat else None,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=_shortened(subject.label, 300),
        from_state=_shortened(change.from_state, 80),
        to_state=_shortened(change.to_state, 80),
        reason=change.reason,
        details=details,
        previous_hash=last_hash or FIRST_HASH,
    )
    entry.entry_hash = entry_digest(entry)
    session.add(entry)
    session.flush()  # the next entry of the same transaction must find this one as the chain's end
    return entry


def entry_digest(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says and over the hash of the entry before it."""
    said = [
        entry.business_at.astimezone(UTC).isoformat(),
        entry.recorded_at.astimezone(UTC).isoformat(),
        entry.person_id,
        entry.person_name,
        entry.agency_id,
        entry.action.value,
        entry.subject_kind,
        entry.subject_id,
        entry.subject_label,
        entry.from_state,
        entry.to_state,
        entry.reason,
        entry.details,
        entry.previous_hash,
    ]
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def find_broken_entry(session: Session) -> int | None:
    """Id of the first audit row that does not fit the chain, or None when all fit.

    A chain rewritten from some row to its end fits again; `holds_head` shows that one.
    """
    expected, after_id, size = FIRST_HASH, _BEFORE_ALL, _BATCH
    while True:
        try:
            batch = _entries_after(session, after_id, size)
        except (TypeError, ValueError):
            # A forged cell cannot even be read: go on row by row to name the row, not its batch.
            if size == 1:
                unreadable: int | None = session.scalar(_after(select(AuditEntry.id), after_id, 1))
                return unreadable
            size = 1
            continue
        if not batch:
            return None
        for entry in batch:
            if entry.previous_hash != expected or entry_digest(entry) != entry.entry_hash:
                return entry.id
            expected, after_id = entry.entry_hash, entry.id


def chain_head(session: Session) -> ChainHead:
    """Where the chain ends now: to be noted outside the store and shown to `holds_head` later."""
    count = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    last = session.scalar(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1))
    return ChainHead(count, last or FIRST_HASH)


def latest_moment(session: Session) -> datetime | None:
    """The machine's time of the last act, or None when nothing was ever done."""
    query = select(AuditEntry.recorded_at).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(query)


def holds_head(session: Session, head: ChainHead) -> bool:
    """True when the chain still runs through a formerly noted head, at the same place.

    Who rewrites rows with fitting hashes, or cuts off the end, cannot bring the noted hash back.
    """
    if head == ChainHead(0, FIRST_HASH):
        return True
    entry_id = session.scalar(select(AuditEntry.id).where(AuditEntry.entry_hash == head.entry_hash))
    if entry_id is None:
        return False
    up_to_it = select(func.count()).select_from(AuditEntry).where(AuditEntry.id <= entry_id)
    return session.scalar(up_to_it) == head.count


def has_touched(session: Session, person_id: int, subject: Subject, actions: frozenset[Action]) -> bool:
    """True when the person has done one of the acts on the subject."""
    return _first_touch(session, person_id, subject.kind, [subject.id], actions) is not None


def who_touched(session: Session, subject: Subject, actions: frozenset[Action]) -> frozenset[int]:
    """Ids of the persons who have done one of the acts on the subject."""
    query = select(AuditEntry.person_id).where(
        AuditEntry.subject_kind == subject.kind,
        AuditEntry.subject_id == subject.id,
        AuditEntry.action.in_(list(actions)),
        AuditEntry.person_id.is_not(None),
    )
    return frozenset(session.scalars(query.distinct()))


def require_untouched(
    session: Session, actor: Actor, action: Action, *subjects: Subject, touching: frozenset[Action]
) -> None:
    """Refuse the act to anyone who did one of the `touching` acts on a subject; all are of one kind.

    Raises:
        NotAllowed: the person prepared (or appraised) this very file; says what he did, when and where.

    Source:
        design rule "nobody appraises or approves what he touched", kept by person, not by office.
    """
    (kind,) = {subject.kind for subject in subjects}
    ids = [subject.id for subject in subjects]
    entry = _first_touch(session, actor.person_id, kind, ids, touching)
    if entry is not None:
        raise refuse_earlier_hand(action, earlier_act_vi(entry))


def refuse_earlier_hand(action: Action, what_vi: str) -> NotAllowed:
    """The refusal of an act to somebody who made what it judges; `what_vi` says what he did and where."""
    rule = "Người đã tham gia lập hồ sơ không được thẩm định, phê duyệt nó."
    return NotAllowed(action.label_vi, f"{rule} {what_vi}.")


def earlier_act_vi(entry: AuditEntry) -> str:
    """Who did what on which day and where, without a full stop."""
    day = format_date(entry.business_at.astimezone(VIETNAM_TIME).date())
    return f"{entry.person_name} đã {entry.action.label_vi} ngày {day} – {entry.subject_label}"


def audit_sentence(entry: AuditEntry) -> str:
    """The act as one Vietnamese sentence (without the hour)."""
    giver = entry.details.get("on_behalf_of", "")
    who = f"{entry.person_name} (thay mặt {giver})" if giver else entry.person_name
    sentence = f"{who} {entry.action.label_vi}: {entry.subject_label}"
    if entry.from_state:
        sentence += f" ({entry.from_state} → {entry.to_state or '…'})"
    elif entry.to_state:
        sentence += f" ({entry.to_state})"
    if entry.reason:
        sentence += f". Lý do: {entry.reason}"
    return sentence


def _first_touch(
    session: Session, person_id: int, kind: str, ids: Collection[int], actions: frozenset[Action]
) -> AuditEntry | None:
    query = select(AuditEntry).where(
        AuditEntry.person_id == person_id,
        AuditEntry.subject_kind == kind,
        AuditEntry.subject_id.in_(ids),
        AuditEntry.action.in_(list(actions)),
    )
    return session.scalar(query.order_by(AuditEntry.id).limit(1))


def _entries_after(session: Session, after_id: int, size: int) -> list[AuditEntry]:
    query = _after(select(AuditEntry), after_id, size)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _after(query: Select[Any], after_id: int, size: int) -> Select[Any]:
    return query.where(AuditEntry.id > after_id).order_by(AuditEntry.id).limit(size)


def _on_behalf(seat: Seat | None) -> dict[str, Any]:
    """For whom a delegate acts and by which document; nothing for one's own seat."""
    if seat is None or seat.loan is None:
        return {}
    return {
        "on_behalf_of": seat.loan.giver_name,
        "giver": seat.loan.giver_id,
        "delegation_document": seat.loan.document_number,
    }


def _shortened(text: str, length: int) -> str:
    """The text as far as its column holds it; a cut is shown."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
