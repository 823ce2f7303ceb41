"""Keeping the table of papers that projects must attach: rows are added and ended, never changed.

Find -> may -> sound -> done -> audited. A row begins and ends from today on, so that nobody is asked for
a paper, or let off one, backwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.dossiers.records import RequiredPaper
from finance.dossiers.rules import PaperRequirement, paper_problem
from finance.errors import NotFound, ReasonMissing, RuleBroken
from finance.permissions import require
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

LONGEST_REFERENCE = 300
SUBJECT_KIND = "required_paper"


def add_required_paper(session: Session, actor: Actor, new: PaperRequirement) -> int:
    """Ask projects of some kind for a paper from a day on.

    Args:
        new: the row; its first day is today or later.

    Returns:
        The row's id.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        RuleBroken: a text is missing or too long, the days are wrong, or a row of the same code, kind of
            project and nature of money is in force on one of the days.
    """
    seat = require(actor, Action.ADD_REQUIRED_PAPER)
    tidy = replace(
        new,
        code=nfc(new.code).strip().upper(),
        name_vi=nfc(new.name_vi).strip(),
        legal_reference=nfc(new.legal_reference).strip(),
        note=nfc(new.note).strip(),
    )
    problem = paper_problem(tidy, actor.moment.business_on)
    if problem:
        raise RuleBroken(problem)
    _require_alone(session, tidy)
    place = session.scalar(select(func.max(RequiredPaper.position))) or 0
    record = RequiredPaper(
        position=place + 1,
        code=tidy.code,
        name_vi=tidy.name_vi,
        project_kind=tidy.project_kind,
        nature=tidy.nature,
        least_vnd=tidy.least_vnd,
        only_continuing=tidy.only_continuing,
        severity=tidy.severity,
        valid_from=tidy.valid_from,
        valid_to=tidy.valid_to,
        legal_reference=tidy.legal_reference,
        note=tidy.note,
    )
    session.add(record)
    session.flush()  # the audit row needs the new id
    change = Change(
        to_state=f"từ {format_date(tidy.valid_from)}",
        reason=tidy.legal_reference,
        details={"code": tidy.code, "severity": tidy.severity.value, "least_vnd": tidy.least_vnd},
    )
    record_change(session, actor, Action.ADD_REQUIRED_PAPER, _subject(record), seat=seat, change=change)
    return record.id


def end_required_paper(
    session: Session, actor: Actor, paper_id: int, *, last_day: date, legal_reference: str
) -> None:
    """Ask for a paper until a day and no longer; ending it again on the same day changes nothing.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such row.
        RuleBroken: the day lies in the past or before the row's first day, or the row ended earlier.
        ReasonMissing: no document is named.
    """
    seat = require(actor, Action.END_REQUIRED_PAPER)
    record = session.get(RequiredPaper, paper_id)
    if record is None:
        raise NotFound("giấy tờ phải có", paper_id)
    if record.valid_to == last_day:
        return
    reference = nfc(legal_reference).strip()[:LONGEST_REFERENCE]
    if not reference:
        raise ReasonMissing(Action.END_REQUIRED_PAPER.label_vi, "văn bản làm căn cứ")
    if last_day < max(actor.moment.business_on, record.valid_from):
        raise RuleBroken("Ngày cuối không được ở quá khứ, cũng không trước ngày bắt đầu của dòng này.")
    if record.valid_to is not None and record.valid_to < last_day:
        raise RuleBroken(
            f"Dòng này chỉ có hiệu lực đến {format_date(record.valid_to)}; cần tiếp thì thêm dòng mới."
        )
    before = f"đến {format_date(record.valid_to)}" if record.valid_to else "chưa có ngày cuối"
    record.valid_to = last_day
    change = Change(before, f"đến {format_date(last_day)}", reference, {"code": record.code})
    record_change(session, actor, Action.END_REQUIRED_PAPER, _subject(record), seat=seat, change=change)


def _require_alone(session: Session, new: PaperRequirement) -> None:
    """Two rows of one paper for the same projects on the same day would contradict each other."""
    query = select(RequiredPaper).where(
        RequiredPaper.code == new.code,
        RequiredPaper.project_kind.is_(None)
        if new.project_kind is None
        else RequiredPaper.project_kind == new.project_kind,
        RequiredPaper.nature.is_(None) if new.nature is None else RequiredPaper.nature == new.nature,
        or_(RequiredPaper.valid_to.is_(None), RequiredPaper.valid_to >= new.valid_from),
    )
    if new.valid_to is not None:
        query = query.where(RequiredPaper.valid_from <= new.valid_to)
    standing = session.scalars(query.order_by(RequiredPaper.valid_from)).first()
    if standing is not None:
        raise RuleBroken(
            f"Mã {new.code} đã có dòng hiệu lực từ {format_date(standing.valid_from)} cho cùng loại dự án và "
            "tính chất nguồn; ghi ngày cuối cho dòng ấy trước, hoặc chọn ngày bắt đầu muộn hơn."
        )


def _subject(record: RequiredPaper) -> Subject:
    return Subject(SUBJECT_KIND, record.id, f"{record.name_vi} ({record.code})")
