"""Placing an office at a level and under a parent from a date on; the earlier place stays on record."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.hierarchy import list_levels
from finance.agencies.operations import agency_subject
from finance.agencies.queries import get_agency
from finance.agencies.records import AgencyStanding
from finance.audit import Change, record_change
from finance.errors import RuleBroken
from finance.permissions import require
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

LONGEST_CHAIN = 20


def place_agency(
    session: Session,
    actor: Actor,
    agency_id: int,
    *,
    level_code: str,
    parent_id: int | None,
    valid_from: date,
    source: str,
) -> AgencyStanding:
    """Let an office stand at this level under this parent from a date on (by the decision named).

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such office.
        RuleBroken: no decision is named, the level is not in force, the office would stand under
            itself, or it was placed anew on or after that date already.
    """
    agency = get_agency(session, agency_id)
    parent = get_agency(session, parent_id) if parent_id is not None else None
    seat = require(actor, Action.PLACE_AGENCY)
    if not source.strip():
        raise RuleBroken("Phải ghi văn bản quy định cấp và cơ quan cấp trên.")
    level = next((row for row in list_levels(session, valid_from) if row.code == level_code), None)
    if level is None:
        raise RuleBroken(f"Ngày {format_date(valid_from)} không có cấp “{level_code}”; mời chọn cấp khác.")
    _require_no_circle(session, agency_id, parent_id, valid_from)
    _end_earlier(session, agency_id, valid_from)
    standing = AgencyStanding(
        agency_id=agency_id, level_id=level.id, parent_id=parent_id, valid_from=valid_from, valid_to=None
    )
    session.add(standing)
    under = parent.short_vi if parent is not None else ""
    change = Change(
        to_state=f"{level.name_vi}, thuộc {under}" if under else level.name_vi,
        reason=nfc(source).strip(),
        details={"from": valid_from.isoformat(), "agency": under},
    )
    record_change(session, actor, Action.PLACE_AGENCY, agency_subject(agency), seat=seat, change=change)
    return standing


def _end_earlier(session: Session, agency_id: int, valid_from: date) -> None:
    """The place held until now ends the day before."""
    held = session.scalars(
        select(AgencyStanding).where(
            AgencyStanding.agency_id == agency_id,
            or_(AgencyStanding.valid_to.is_(None), AgencyStanding.valid_to >= valid_from),
        )
    ).all()
    if any(row.valid_from >= valid_from for row in held):
        raise RuleBroken(
            f"Cơ quan này đã được xếp cấp từ ngày {format_date(valid_from)} hoặc sau đó; "
            "mời chọn ngày muộn hơn."
        )
    for row in held:
        row.valid_to = valid_from - timedelta(days=1)


def _require_no_circle(session: Session, agency_id: int, parent_id: int | None, on: date) -> None:
    above = parent_id
    for _step in range(LONGEST_CHAIN):
        if above is None:
            return
        if above == agency_id:
            raise RuleBroken("Cơ quan cấp trên không được là chính cơ quan này hoặc cơ quan trực thuộc nó.")
        above = session.scalar(
            select(AgencyStanding.parent_id).where(
                AgencyStanding.agency_id == above,
                AgencyStanding.valid_from <= on,
                or_(AgencyStanding.valid_to.is_(None), AgencyStanding.valid_to >= on),
            )
        )
