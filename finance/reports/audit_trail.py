"""The audit as Vietnamese sentences: found by person, office, subject, act and day. Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.agencies.records import Agency
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.clock import VIETNAM_TIME
from finance.estimates.estimate_lookup import SUBJECT_KIND, kind_in_round, may_see, private_estimates
from finance.estimates.records import Estimate
from finance.permissions import require
from finance.plans.plan_lookup import PLAN_SUBJECT
from finance.plans.records import ReformPlan
from finance.plans.workflow import PLAN_EDITABLE
from finance.reports.audit_words import details_in_words, subject_kind_vi
from finance.reports.export_tables import Column, ColumnKind, ExportTable
from finance.rounds.records import BudgetRound
from finance.vietnamese.dates import format_date, format_moment
from finance.vietnamese.fold import fold

# That a draft was saved is everybody's business who reads the audit; what it says is the office's own.
CLOSED_VI = "Nội dung hồ sơ chỉ cơ quan lập và các cơ quan đã nhận hồ sơ được xem."


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which acts are wanted; empty means all."""

    person_name: str = ""
    agency_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    action: Action | None = None
    first_on: date | None = None
    last_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act as a person reads it."""

    id: int
    business_at: datetime
    recorded_at: datetime
    person_name: str
    agency_name: str
    action: Action
    subject_kind: str
    subject_kind_vi: str
    subject_id: int
    subject_label: str
    from_state: str
    to_state: str
    reason: str
    details_vi: tuple[str, ...]
    sentence_vi: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """Whether the chain of hashes is whole: number of rows, the last hash, the first row that breaks it."""

    count: int
    last_hash: str
    broken_id: int | None


def find_acts(
    session: Session, actor: Actor, wanted: AuditFilter, *, limit: int, offset: int = 0
) -> tuple[list[AuditRow], int]:
    """Acts that fit the filter, newest first, and how many there are in all.

    Raises:
        NotAllowed: the actor neither inspects nor administers.
    """
    require(actor, Action.VIEW_AUDIT)
    if wanted.words:
        # Searching without diacritics happens here: the text was never stored folded, and an
        # append-only table gets no second column for it.
        found = [row for row in _rows(session, actor, _filtered(wanted)) if _has_words(row, wanted.words)]
        return found[offset : offset + limit], len(found)
    query = _filtered(wanted)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return _rows(session, actor, query.limit(limit).offset(offset)), total


def audit_table(session: Session, actor: Actor, wanted: AuditFilter, *, at: datetime) -> ExportTable:
    """Every act that fits the filter as a table to take away, newest first as on the screen.

    Raises:
        NotAllowed: the actor neither inspects nor administers.
    """
    rows, _total = find_acts(session, actor, wanted, limit=2**31 - 1)
    headings = (
        "Thời điểm nghiệp vụ", "Thời điểm ghi", "Người thực hiện", "Cơ quan", "Việc làm", "Loại hồ sơ",
        "Hồ sơ", "Từ trạng thái", "Sang trạng thái", "Lý do", "Số liệu kèm theo", "Câu tóm tắt", "Mã băm",
    )  # fmt: skip
    return ExportTable(
        title="Nhật ký hệ thống",
        columns=(Column("Số", ColumnKind.WHOLE), *(Column(heading) for heading in headings)),
        rows=tuple(_export_row(row) for row in rows),
        notes=(f"Xuất lúc {format_moment(at)}",),
    )


def chain_state(session: Session, actor: Actor) -> ChainState:
    """Walk the whole chain and say whether every row still fits.

    Raises:
        NotAllowed: the actor neither inspects nor administers.
    """
    require(actor, Action.VIEW_AUDIT)
    count = session.scalar(select(func.count(AuditEntry.id))) or 0
    last = session.scalar(select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1))
    return ChainState(count, last or "", find_broken_entry(session))


def audit_choices(session: Session, actor: Actor) -> tuple[list[str], list[tuple[str, str]]]:
    """Names of persons and kinds of subjects that occur in the audit, for the filter.

    Raises:
        NotAllowed: the actor neither inspects nor administers.
    """
    require(actor, Action.VIEW_AUDIT)
    names = session.scalars(select(AuditEntry.person_name).distinct()).all()
    kinds = session.scalars(select(AuditEntry.subject_kind).distinct()).all()
    return sorted(names, key=fold), sorted(((kind, subject_kind_vi(kind)) for kind in kinds), key=_second)


def latest_acts(
    session: Session, subject_kind: str, subject_id: int, *, limit: int
) -> list[tuple[datetime, str]]:
    """The last acts on one subject as (business time, sentence), newest first.

    No permission is asked: the caller has found the subject for the reader already.
    """
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [(entry.business_at, audit_sentence(entry)) for entry in session.scalars(query)]


def _filtered(wanted: AuditFilter) -> Select[AuditEntry, str]:
    query: Select[AuditEntry, str] = (
        select(AuditEntry, Agency.short_vi)
        .outerjoin(Agency, Agency.id == AuditEntry.agency_id)
        .order_by(AuditEntry.id.desc())
    )
    if wanted.person_name:
        query = query.where(AuditEntry.person_name == wanted.person_name)
    if wanted.agency_id is not None:
        query = query.where(AuditEntry.agency_id == wanted.agency_id)
    if wanted.subject_kind:
        query = query.where(AuditEntry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.first_on is not None:
        query = query.where(AuditEntry.business_at >= _instant(wanted.first_on, time.min))
    if wanted.last_on is not None:
        query = query.where(AuditEntry.business_at <= _instant(wanted.last_on, time.max))
    return query


def _instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, VIETNAM_TIME).astimezone(UTC)


def _rows(session: Session, actor: Actor, query: Select[AuditEntry, str]) -> list[AuditRow]:
    found = session.execute(query).all()
    closed = _closed_files(session, actor, [entry for entry, _office in found])
    return [
        _audit_row(entry, office or "", is_closed=(entry.subject_kind, entry.subject_id) in closed)
        for entry, office in found
    ]


def _closed_files(session: Session, actor: Actor, entries: Sequence[AuditEntry]) -> set[tuple[str, int]]:
    """The estimates and plans among the subjects whose content the reader may not know of."""
    kinds = {entry.subject_kind for entry in entries}
    closed: set[tuple[str, int]] = set()
    if any(SUBJECT_KIND in kind for kind in kinds):
        files = select(
            Estimate.id, private_estimates(), Estimate.agency_id, BudgetRound.id, BudgetRound.is_practice
        ).join(BudgetRound, BudgetRound.id == Estimate.round_id)
        closed |= {
            (kind_in_round(SUBJECT_KIND, round_id if is_practice else None), id_)
            for id_, is_private, owner, round_id, is_practice in session.execute(files)
            if not may_see(actor, owner, is_private=is_private)
        }
    if PLAN_SUBJECT in kinds:
        own = actor.agencies_of([Function.PREPARE])
        plans = session.execute(select(ReformPlan.id, ReformPlan.status, ReformPlan.agency_id))
        closed |= {
            (PLAN_SUBJECT, id_)
            for id_, status, owner in plans
            if status in PLAN_EDITABLE and owner not in own
        }
    return closed


def _audit_row(entry: AuditEntry, office: str, *, is_closed: bool) -> AuditRow:
    return AuditRow(
        id=entry.id,
        business_at=entry.business_at,
        recorded_at=entry.recorded_at,
        person_name=entry.person_name,
        agency_name=office,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_kind_vi=subject_kind_vi(entry.subject_kind),
        subject_id=entry.subject_id,
        subject_label=entry.subject_label,
        from_state=entry.from_state,
        to_state=entry.to_state,
        reason=entry.reason,
        details_vi=(CLOSED_VI,) if is_closed and entry.details else details_in_words(entry.details),
        sentence_vi=audit_sentence(entry),
        entry_hash=entry.entry_hash,
    )


def _has_words(row: AuditRow, words: str) -> bool:
    text = fold(" ".join((row.sentence_vi, row.agency_name, row.subject_kind_vi, *row.details_vi)))
    return all(word in text for word in fold(words).split())


def _export_row(row: AuditRow) -> tuple[str | int | None, ...]:
    return (
        row.id,
        format_moment(row.business_at),
        format_moment(row.recorded_at),
        row.person_name,
        row.agency_name,
        row.action.label_vi,
        row.subject_kind_vi,
        row.subject_label,
        row.from_state,
        row.to_state,
        row.reason,
        "; ".join(row.details_vi),
        row.sentence_vi,
        row.entry_hash,
    )


def _second(pair: tuple[str, str]) -> str:
    return fold(pair[1])


def filter_in_words(wanted: AuditFilter, agency_name: str = "") -> str:
    """The filter as one Vietnamese line, for the head of the page and of what is exported."""
    parts = [
        f"người: {wanted.person_name}" if wanted.person_name else "",
        f"cơ quan: {agency_name}" if agency_name else "",
        f"loại hồ sơ: {subject_kind_vi(wanted.subject_kind)}" if wanted.subject_kind else "",
        f"việc: {wanted.action.label_vi}" if wanted.action else "",
        f"từ {format_date(wanted.first_on)}" if wanted.first_on else "",
        f"đến {format_date(wanted.last_on)}" if wanted.last_on else "",
        f"có chữ “{wanted.words}”" if wanted.words else "",
    ]
    return "; ".join(part for part in parts if part)
