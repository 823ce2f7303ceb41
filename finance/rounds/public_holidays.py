"""Days off and made-up working days (ngày nghỉ lễ, ngày làm bù): a dated table, by which working days count.

The lunar days and the days the Government exchanges are known only once they are announced; a day that is
not in the table counts by the week alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.errors import ReasonMissing, RuleBroken
from finance.labels import LabelledEnum
from finance.permissions import require
from finance.programme.reference_cells import Cells, read_table
from finance.record_base import CodeColumn, Record, codes_check
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

FILE_NAME = "public_holidays.csv"
COLUMNS = ("day", "kind", "name_vi", "legal_reference")
SATURDAY = 5
LONGEST_NAME = 200
LONGEST_REFERENCE = 300


class DayKind(LabelledEnum):
    """What a day of the table is, whatever the week says."""

    OFF = "OFF", "ngày nghỉ"
    MAKE_UP = "MAKE_UP", "ngày làm bù"


class PublicHoliday(Record):
    """One day that is off, or worked although the week has it off."""

    __tablename__ = "public_holiday"
    __table_args__ = (codes_check("kind", DayKind), UniqueConstraint("day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(CodeColumn(DayKind))
    name_vi: Mapped[str] = mapped_column(String(LONGEST_NAME))
    legal_reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE))


HolidayFacts = tuple[date, DayKind, str, str]


def list_holidays(session: Session) -> list[HolidayFacts]:
    """Every day of the table as (day, kind, name, legal reference), the latest first."""
    query = select(PublicHoliday).order_by(PublicHoliday.day.desc())
    return [(row.day, row.kind, row.name_vi, row.legal_reference) for row in session.scalars(query)]


def working_days_left(session: Session, today: date, due_on: date) -> int:
    """Working days from today to the last day, that day included and today left out; 0 on the day itself."""
    query = select(PublicHoliday.day, PublicHoliday.kind).where(
        PublicHoliday.day > today, PublicHoliday.day <= due_on
    )
    return count_working_days(today, due_on, dict(session.execute(query).all()))


def count_working_days(today: date, due_on: date, table: Mapping[date, DayKind]) -> int:
    """Working days after today up to the last day: Mondays to Fridays but days off, and made-up days."""
    days = (today + timedelta(ahead) for ahead in range(1, (due_on - today).days + 1))
    return sum(table.get(day, _by_the_week(day)) is DayKind.MAKE_UP for day in days)


def set_holiday(
    session: Session, actor: Actor, *, day: date, kind: DayKind, name_vi: str, legal_reference: str
) -> None:
    """Say that a day is off, or worked; one in the table is corrected, and the audit keeps both.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: no name, a text is too long, or the day says no more than the week does.
        ReasonMissing: no document is named.
    """
    seat = require(actor, Action.SET_HOLIDAY)
    name, reference = nfc(name_vi).strip(), nfc(legal_reference).strip()
    if not name or len(name) > LONGEST_NAME or len(reference) > LONGEST_REFERENCE:
        raise RuleBroken(f"Tên ngày không được để trống, dài nhất {LONGEST_NAME} ký tự.")
    if not reference:
        raise ReasonMissing(Action.SET_HOLIDAY.label_vi, "văn bản làm căn cứ")
    row = session.scalar(select(PublicHoliday).where(PublicHoliday.day == day))
    if row is None and kind is _by_the_week(day):
        week = "ngày nghỉ hằng tuần" if kind is DayKind.OFF else "ngày làm việc bình thường"
        raise RuleBroken(f"{format_date(day)} đã là {week}; không cần ghi.")
    if row is not None and (row.kind, row.name_vi, row.legal_reference) == (kind, name, reference):
        return
    before = f"{row.kind.label_vi}: {row.name_vi}" if row else ""
    _put(session, (day, kind, name, reference))
    change = Change(before[:80], f"{kind.label_vi}: {name}"[:80], reference, {"day": day.isoformat()})
    subject = Subject("public_holiday", day.toordinal(), f"ngày {format_date(day)}")
    record_change(session, actor, Action.SET_HOLIDAY, subject, seat=seat, change=change)


def load_public_holidays(session: Session, actor: Actor, *, file: Path | Traversable | None = None) -> int:
    """Take over the days of a file that the table does not know; what stands in the table stays. Repeatable.

    Args:
        file: another table; the one packaged with the program when not given.

    Returns:
        How many days were new.

    Raises:
        NotAllowed: the actor does not administer.
        ReferenceFileWrong: the file is wrong; nothing is stored.
    """
    seat = require(actor, Action.LOAD_PROGRAMME)
    table = file or files("finance.programme") / "data" / FILE_NAME
    known = set(session.scalars(select(PublicHoliday.day)))
    new = [facts for facts in read_table(table, COLUMNS, _facts, key=("day",)) if facts[0] not in known]
    for facts in new:
        _put(session, facts)
    if new:
        subject = Subject("public_holiday", 0, "Bảng ngày nghỉ lễ, ngày làm bù")
        change = Change(details={"days": len(new)})
        record_change(session, actor, Action.LOAD_PROGRAMME, subject, seat=seat, change=change)
    return len(new)


def _facts(cells: Cells) -> HolidayFacts:
    day = cells.day_or_none("day")
    if day is None:
        raise cells.wrong("day", "ô bắt buộc đang để trống")
    cells.provenance()
    return day, cells.member("kind", DayKind), cells.text("name_vi"), cells.text("legal_reference")


def _put(session: Session, facts: HolidayFacts) -> None:
    day, kind, name_vi, legal_reference = facts
    row = session.scalar(select(PublicHoliday).where(PublicHoliday.day == day))
    if row is None:
        session.add(PublicHoliday(day=day, kind=kind, name_vi=name_vi, legal_reference=legal_reference))
    else:
        row.kind, row.name_vi, row.legal_reference = kind, name_vi, legal_reference
    session.flush()  # what counts days next must see it


def _by_the_week(day: date) -> DayKind:
    return DayKind.MAKE_UP if day.weekday() < SATURDAY else DayKind.OFF
