"""Adding, replacing and repealing a norm. None is changed in place: lines rest on versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.records import BudgetLevel
from finance.audit import Change, Subject, record_change
from finance.errors import NotFound, NotReady, ReasonMissing, RuleBroken, StaleVersion
from finance.findings import Finding, Location, Severity
from finance.norms.queries import count_affected_lines
from finance.norms.records import NormExample
from finance.norms.rules import Example, NormText, check_norm_text, last_day_before, next_code
from finance.permissions import require
from finance.programme.records import SpendingNorm
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

LONGEST_CODE = 16  # the version's number follows it
LONGEST_ITEM, LONGEST_UNIT, LONGEST_REFERENCE, LONGEST_ENDING = 300, 80, 200, 300


def add_norm(
    session: Session, actor: Actor, code: str, norm: NormText, *, examples: Sequence[Example]
) -> int:
    """Write a new norm with the examples it must agree with.

    Args:
        session: open write session.
        actor: of the office that guides estimates.
        code: of the new norm, not used before.
        norm: what it says.
        examples: at least one price within and one above.

    Returns:
        Id of the norm.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotReady: the text is incomplete or an example contradicts it; one finding each.
        RuleBroken: the code is used.

    Source:
        Circular 167/2012/TT-BTC, Art. 4: ministries set the maximum, the provincial Council local figures.
    """
    seat = require(actor, Action.ADD_NORM)
    code, norm = nfc(code).strip(), _tidy(norm)
    findings = _findings(session, norm, examples)
    if not code or len(code) > LONGEST_CODE or "." in code:
        said = f"Mã có từ 1 đến {LONGEST_CODE} ký tự, không có dấu chấm (dấu chấm dành cho lần thay đổi)."
        findings.append(Finding("NORM_TEXT", Severity.BLOCKS, said, Location(field="code", words="Mã")))
    if findings:
        raise NotReady(findings)
    if session.scalar(select(SpendingNorm.id).where(SpendingNorm.code == code)) is not None:
        raise RuleBroken(f"Mã định mức “{code}” đã dùng; muốn đổi mức, mời dùng “Thay định mức”.")
    record = _store(session, actor, code, norm, examples)
    change = Change(to_state=_state(record), details=_details(record))
    record_change(session, actor, Action.ADD_NORM, norm_subject(record), seat=seat, change=change)
    return record.id


def replace_norm(
    session: Session,
    actor: Actor,
    norm_id: int,
    norm: NormText,
    *,
    examples: Sequence[Example],
    seen_edit: int,
) -> int:
    """Let a new version follow a norm from a day on; the old one ends the day before.

    Lines keep the version they name; every line of a running round that names the old one is told.

    Returns:
        Id of the new version.

    Raises:
        NotFound: no such norm.
        NotAllowed, NotReady: like `add_norm`.
        RuleBroken: the norm has ended already, or the new version begins before it.
        StaleVersion: somebody changed the norm since.
    """
    old, seat = _open(session, actor, norm_id, Action.REPLACE_NORM, seen_edit)
    norm = _tidy(norm)
    findings = _findings(session, norm, examples)
    if findings:
        raise NotReady(findings)
    if old.valid_from is not None and norm.valid_from <= old.valid_from:
        raise RuleBroken(
            f"Bản thay thế phải có hiệu lực sau ngày {format_date(old.valid_from)}, ngày bắt đầu của bản cũ."
        )
    before = _state(old)
    taken = frozenset(session.scalars(select(SpendingNorm.code)))
    record = _store(session, actor, next_code(old.code, taken), norm, examples, replaces=old.code)
    _end(old, last_day_before(norm.valid_from), norm.legal_reference)
    lines = count_affected_lines(session, old.id)
    details = {**_details(record), "affected_lines": lines}
    change = Change(before, _state(record), norm.legal_reference, details)
    record_change(session, actor, Action.REPLACE_NORM, norm_subject(old), seat=seat, change=change)
    return record.id


def repeal_norm(
    session: Session, actor: Actor, norm_id: int, *, last_day: date, ended_by: str, seen_edit: int
) -> int:
    """End a norm (bãi bỏ) without another in its place.

    Args:
        session: open write session.
        actor: of the office that guides estimates.
        norm_id: the version.
        last_day: on which it still holds.
        ended_by: the repealing document.
        seen_edit: the edit number the person saw.

    Returns:
        How many lines of the running rounds name it.

    Raises:
        NotFound: no such norm.
        NotAllowed: the actor's office does not guide estimates.
        ReasonMissing: no document is named.
        RuleBroken: the norm has ended already, or would end before it began.
        StaleVersion: somebody changed the norm since.
    """
    record, seat = _open(session, actor, norm_id, Action.REPEAL_NORM, seen_edit)
    document = nfc(ended_by).strip()[:LONGEST_ENDING]
    if not document:
        raise ReasonMissing(Action.REPEAL_NORM.label_vi, "văn bản bãi bỏ")
    if record.valid_from is not None and last_day < record.valid_from:
        raise RuleBroken(f"Định mức có hiệu lực từ {format_date(record.valid_from)}, không thể hết trước đó.")
    before = _state(record)
    _end(record, last_day, document)
    lines = count_affected_lines(session, norm_id)
    details = {**_details(record), "affected_lines": lines}
    change = Change(before, _state(record), document, details)
    record_change(session, actor, Action.REPEAL_NORM, norm_subject(record), seat=seat, change=change)
    return lines


def norm_subject(record: SpendingNorm) -> Subject:
    """How the audit names a norm."""
    return Subject("spending_norm", record.id, f"{record.code} – {record.item_vi}")


def _open(
    session: Session, actor: Actor, norm_id: int, action: Action, seen_edit: int
) -> tuple[SpendingNorm, Seat]:
    record = session.get(SpendingNorm, norm_id)
    if record is None:
        raise NotFound("định mức chi", norm_id)
    seat = require(actor, action)
    if record.edit_number != seen_edit:
        raise StaleVersion(seen_edit, record.edit_number)
    if record.ended_by:
        raise RuleBroken(f"Định mức {record.code} đã bị bãi bỏ hoặc thay thế ({record.ended_by}).")
    return record, seat


def _store(
    session: Session,
    actor: Actor,
    code: str,
    norm: NormText,
    examples: Sequence[Example],
    *,
    replaces: str = "",
) -> SpendingNorm:
    record = SpendingNorm(
        code=code,
        item_vi=norm.item_vi,
        unit_name=norm.unit_name,
        max_vnd=norm.max_vnd,
        legal_reference=norm.legal_reference,
        valid_from=norm.valid_from,
        valid_to=norm.valid_to,
        is_confirmed=norm.is_confirmed,
        note=norm.note,
        level_code=norm.level_code,
        is_firm=norm.is_firm,
        set_by=actor.full_name,
        replaces_code=replaces,
        is_kept_here=True,
    )
    session.add(record)
    session.flush()  # examples and audit need the norm's id
    session.add_all(
        NormExample(
            norm_id=record.id,
            position=position,
            unit_price_vnd=example.unit_price_vnd,
            on_date=example.on,
            level_code=example.level_code,
            verdict=example.verdict,
        )
        for position, example in enumerate(examples, start=1)
    )
    return record


def _end(record: SpendingNorm, last_day: date, document: str) -> None:
    record.valid_to = last_day
    record.ended_by = document
    record.is_kept_here = True
    record.edit_number += 1


def _findings(session: Session, norm: NormText, examples: Sequence[Example]) -> list[Finding]:
    findings = check_norm_text(norm, examples)
    levels = set(session.scalars(select(BudgetLevel.code)))
    if norm.level_code and norm.level_code not in levels:
        where = Location(field="level_code", words="Cấp áp dụng")
        findings.append(Finding("NORM_TEXT", Severity.BLOCKS, "Không có cấp này.", where))
    return findings


def _tidy(norm: NormText) -> NormText:
    return replace(
        norm,
        item_vi=nfc(norm.item_vi).strip()[:LONGEST_ITEM],
        unit_name=nfc(norm.unit_name).strip()[:LONGEST_UNIT],
        legal_reference=nfc(norm.legal_reference).strip()[:LONGEST_REFERENCE],
        note=nfc(norm.note).strip(),
    )


def _state(record: SpendingNorm) -> str:
    until = format_date(record.valid_to) if record.valid_to else "khi có thay đổi"
    return f"{record.code}, đến {until}"


def _details(record: SpendingNorm) -> dict[str, Any]:
    return {"codes": [record.code], "unit_price_vnd": record.max_vnd, "edit": record.edit_number}
