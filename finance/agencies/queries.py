"""Reading offices, persons and seats as small frozen rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from finance.actors import Actor, Capacity, Function, Seat
from finance.agencies.records import (
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    AgencyStanding,
    BudgetLevel,
    FunctionAssignment,
    Person,
    Position,
    SignInSession,
)
from finance.agencies.rules import is_session_live
from finance.clock import Moment
from finance.errors import NotFound


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An office as lists show it."""

    id: int
    code: str
    name_vi: str
    short_vi: str
    level_code: str
    sort_key: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the titles held on a date."""

    id: int
    login: str
    full_name: str
    is_active: bool
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position as the administration page shows it."""

    id: int
    agency_id: int
    agency_short: str
    function: Function
    capacity: Capacity
    title_vi: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function an office holds between two dates, and the decision that gave it."""

    agency_id: int
    function: Function
    valid_from: date
    valid_to: date | None
    source: str


def list_agencies(session: Session, on: date) -> list[AgencyRow]:
    """Offices in force on the date, in Vietnamese alphabetical order."""
    level = (
        select(AgencyStanding.agency_id, BudgetLevel.code.label("level_code"))
        .join(BudgetLevel, BudgetLevel.id == AgencyStanding.level_id)
        .where(AgencyStanding.valid_from <= on, _open_until(AgencyStanding.valid_to, on))
        .subquery()
    )
    query = (
        select(Agency, level.c.level_code)
        .outerjoin(level, level.c.agency_id == Agency.id)
        .where(or_(Agency.valid_from.is_(None), Agency.valid_from <= on), _open_until(Agency.valid_to, on))
        .order_by(Agency.sort_key, Agency.id)
    )
    return [
        AgencyRow(agency.id, agency.code, agency.name_vi, agency.short_vi, code or "", agency.sort_key)
        for agency, code in session.execute(query)
    ]


def get_agency(session: Session, agency_id: int) -> Agency:
    """The office with this id.

    Raises:
        NotFound: no such office.
    """
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("cơ quan", agency_id)
    return agency


def find_agency_by_code(session: Session, code: str) -> Agency | None:
    """The office with this code, or None."""
    return session.scalar(select(Agency).where(Agency.code == code))


def agencies_with_function(session: Session, function: Function, on: date) -> list[AgencyRow]:
    """Offices that hold the function on the date ("Nơi nhận" is printed from this)."""
    query = select(FunctionAssignment.agency_id).where(
        FunctionAssignment.function == function,
        FunctionAssignment.valid_from <= on,
        _open_until(FunctionAssignment.valid_to, on),
    )
    holders = set(session.scalars(query))
    return [row for row in list_agencies(session, on) if row.id in holders]


def list_functions(session: Session, agency_id: int | None = None) -> list[FunctionRow]:
    """Every function ever given (to one office), oldest first; who holds it on a date is in the dates."""
    query = select(FunctionAssignment).order_by(FunctionAssignment.valid_from, FunctionAssignment.id)
    if agency_id is not None:
        query = query.where(FunctionAssignment.agency_id == agency_id)
    return [
        FunctionRow(row.agency_id, row.function, row.valid_from, row.valid_to, row.source)
        for row in session.scalars(query)
    ]


def codes_of_body(session: Session, body_code: str) -> frozenset[str]:
    """Codes of the offices meant by a body code: the office itself, or a group's members."""
    query = (
        select(Agency.code)
        .join(AgencyGroupMember, AgencyGroupMember.agency_id == Agency.id)
        .join(AgencyGroup, AgencyGroup.id == AgencyGroupMember.group_id)
        .where(AgencyGroup.code == body_code)
    )
    members = frozenset(session.scalars(query))
    return members or frozenset({body_code})


def list_persons(session: Session, on: date) -> list[PersonRow]:
    """Everybody who can sign in, with the titles held on the date."""
    titles: dict[int, list[str]] = {}
    query = (
        select(Position.person_id, Position.title_vi, Agency.short_vi)
        .join(Agency, Agency.id == Position.agency_id)
        .where(Position.valid_from <= on, _open_until(Position.valid_to, on))
        .order_by(Position.id)
    )
    for person_id, title, office in session.execute(query):
        titles.setdefault(person_id, []).append(f"{title}, {office}")
    persons = session.scalars(select(Person).order_by(Person.sort_key, Person.id))
    return [
        PersonRow(p.id, p.login, p.full_name, p.is_active, tuple(dict.fromkeys(titles.get(p.id, []))))
        for p in persons
    ]


def list_persons_of(session: Session, agency_id: int, on: date) -> list[PersonRow]:
    """Those who sit in the office on the date, each with the titles held there."""
    titles: dict[int, list[str]] = {}
    query = (
        select(Position.person_id, Position.title_vi, Position.function)
        .where(Position.agency_id == agency_id, Position.valid_from <= on, _open_until(Position.valid_to, on))
        .order_by(Position.id)
    )
    for person_id, title, function in session.execute(query):
        titles.setdefault(person_id, []).append(f"{title} ({function.label_vi})")
    persons = session.scalars(
        select(Person).where(Person.id.in_(titles)).order_by(Person.sort_key, Person.id)
    )
    return [
        PersonRow(p.id, p.login, p.full_name, p.is_active, tuple(dict.fromkeys(titles[p.id])))
        for p in persons
    ]


def positions_of(session: Session, person_id: int) -> list[PositionRow]:
    """All positions a person ever held, newest first."""
    query = (
        select(Position, Agency.short_vi)
        .join(Agency, Agency.id == Position.agency_id)
        .where(Position.person_id == person_id)
        .order_by(Position.valid_from.desc(), Position.id.desc())
    )
    return [
        PositionRow(p.id, p.agency_id, short, p.function, p.capacity, p.title_vi, p.valid_from, p.valid_to)
        for p, short in session.execute(query)
    ]


def actor_for(session: Session, person_id: int, moment: Moment) -> Actor:
    """The person with the seats held at the moment.

    A seat counts when the position is in force and, except for preparing, the office itself
    holds the function on that date.

    Raises:
        NotFound: no such person, or the account is locked.
    """
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound("người dùng", person_id)
    on = moment.business_on
    held = select(FunctionAssignment.function, FunctionAssignment.agency_id).where(
        FunctionAssignment.valid_from <= on, _open_until(FunctionAssignment.valid_to, on)
    )
    assigned = {(function, agency_id) for function, agency_id in session.execute(held)}
    positions = session.scalars(
        select(Position)
        .where(Position.person_id == person_id, Position.valid_from <= on, _open_until(Position.valid_to, on))
        .order_by(Position.id)
    )
    seats = tuple(
        Seat(position.function, position.capacity, position.agency_id)
        for position in positions
        if position.function is Function.PREPARE or (position.function, position.agency_id) in assigned
    )
    return Actor(person.id, person.full_name, seats, moment)


def find_signed_in_person(session: Session, token: str, moment: Moment) -> int | None:
    """Id of the person whose live session this token names, or None (ended, idle or too old)."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    if row is None or row.ended_at is not None:
        return None
    if not is_session_live(row.created_at, row.last_seen_at, moment.recorded_at):
        return None
    person = session.get(Person, row.person_id)
    return row.person_id if person is not None and person.is_active else None


def hash_token(token: str) -> str:
    """What is stored of a session token: a copy of the database opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open_until(column: InstrumentedAttribute[date | None], on: date) -> ColumnElement[bool]:
    return or_(column.is_(None), column >= on)
