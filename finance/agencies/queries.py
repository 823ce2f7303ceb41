"""Reading offices, persons and seats as small frozen rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat, SeatLoan
from finance.agencies.records import (
    Agency,
    AgencyGroup,
    AgencyGroupMember,
    AgencyStanding,
    BudgetLevel,
    Delegation,
    FunctionAssignment,
    OfficeChain,
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


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A written delegation as the page of the own office lists it."""

    id: int
    function: Function
    giver_name: str
    delegate_name: str
    acts: tuple[Action, ...]
    valid_from: date
    valid_to: date
    document_number: str
    document_on: date
    revoked_at: datetime | None
    revoke_reason: str
    is_in_force: bool
    is_over: bool


def list_agencies(session: Session, on: date) -> list[AgencyRow]:
    """Offices in force on the date, in Vietnamese alphabetical order."""
    level = (
        select(AgencyStanding.agency_id, BudgetLevel.code.label("level_code"))
        .join(BudgetLevel, BudgetLevel.id == AgencyStanding.level_id)
        .where(AgencyStanding.valid_from <= on, _open_until(AgencyStanding.valid_to, on))
        .subquery()
    )
    query = (
        select(Agency.id, Agency.code, Agency.name_vi, Agency.short_vi, level.c.level_code, Agency.sort_key)
        .outerjoin(level, level.c.agency_id == Agency.id)
        .where(or_(Agency.valid_from.is_(None), Agency.valid_from <= on), _open_until(Agency.valid_to, on))
        .order_by(Agency.sort_key, Agency.id)
    )
    return [AgencyRow(row[0], row[1], row[2], row[3], row[4] or "", row[5]) for row in session.execute(query)]


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


def bodies_of_agency(session: Session, agency_code: str) -> frozenset[str]:
    """Every body code that means the office: its own, and those of the groups it is a member of."""
    query = (
        select(AgencyGroup.code, Agency.code)
        .join(AgencyGroupMember, AgencyGroupMember.group_id == AgencyGroup.id)
        .join(Agency, Agency.id == AgencyGroupMember.agency_id)
    )
    members = session.execute(query).all()
    groups = {group for group, member in members if member == agency_code}
    # A group named like the office means its members, not the office.
    own = set() if any(group == agency_code for group, _member in members) else {agency_code}
    return frozenset(groups | own)


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


def list_persons_of(
    session: Session, agency_id: int, on: date, capacity: Capacity | None = None
) -> list[PersonRow]:
    """Those who sit in the office on the date (in this capacity), each with the titles held there."""
    titles: dict[int, list[str]] = {}
    query = (
        select(Position.person_id, Position.title_vi, Position.function, Position.capacity)
        .where(Position.agency_id == agency_id, Position.valid_from <= on, _open_until(Position.valid_to, on))
        .order_by(Position.id)
    )
    if capacity is not None:
        query = query.where(Position.capacity == capacity)
    for person_id, title, function, seat in session.execute(query):
        held = function.label_vi if seat is Capacity.OFFICER else f"{function.label_vi}, {seat.label_vi}"
        titles.setdefault(person_id, []).append(f"{title} ({held})")
    persons = session.scalars(
        select(Person).where(Person.id.in_(titles)).order_by(Person.sort_key, Person.id)
    )
    return [
        PersonRow(p.id, p.login, p.full_name, p.is_active, tuple(dict.fromkeys(titles[p.id])))
        for p in persons
    ]


def names_of_seat(
    session: Session, agency_id: int, function: Function, capacity: Capacity, on: date
) -> list[str]:
    """Names of the active persons who hold the function of the office in this capacity on the date."""
    query = (
        select(Person.full_name)
        .join(Position, Position.person_id == Person.id)
        .where(
            Position.agency_id == agency_id,
            Position.function == function,
            Position.capacity == capacity,
            Position.valid_from <= on,
            _open_until(Position.valid_to, on),
            Person.is_active,
        )
        .order_by(Person.sort_key, Person.id)
    )
    return list(dict.fromkeys(session.scalars(query)))


def preparers_of(session: Session, agency_id: int, on: date) -> frozenset[int]:
    """Ids of the active persons who prepare estimates for the office on the date, in whatever capacity."""
    seated = select(Position.person_id).join(Person, Person.id == Position.person_id)
    query = seated.where(
        Position.agency_id == agency_id,
        Position.function == Function.PREPARE,
        Position.valid_from <= on,
        _open_until(Position.valid_to, on),
        Person.is_active,
    )
    return frozenset(session.scalars(query))


def has_section_step(session: Session, agency_id: int) -> bool:
    """True when the office's estimates pass the head of a section before the head signs."""
    query = select(OfficeChain.has_section_step).where(OfficeChain.agency_id == agency_id)
    return bool(session.scalar(query))


def offices_with_section_step(session: Session) -> frozenset[int]:
    """Ids of the offices whose estimates pass the head of a section."""
    return frozenset(session.scalars(select(OfficeChain.agency_id).where(OfficeChain.has_section_step)))


def list_delegations(session: Session, agency_id: int, on: date) -> list[DelegationRow]:
    """Every delegation the office ever gave, the newest first."""
    giver, delegate = aliased(Person), aliased(Person)
    query = (
        select(Delegation, giver.full_name, delegate.full_name)
        .join(giver, giver.id == Delegation.giver_id)
        .join(delegate, delegate.id == Delegation.delegate_id)
        .where(Delegation.agency_id == agency_id)
        .order_by(Delegation.valid_from.desc(), Delegation.id.desc())
    )
    return [
        DelegationRow(
            row.id,
            row.function,
            giver_name,
            delegate_name,
            tuple(Action.of(code) for code in row.acts),
            row.valid_from,
            row.valid_to,
            row.document_number,
            row.document_on,
            row.revoked_at,
            row.revoke_reason,
            is_in_force=row.revoked_at is None and row.valid_from <= on <= row.valid_to,
            is_over=row.revoked_at is not None or row.valid_to < on,
        )
        for row, giver_name, delegate_name in session.execute(query)
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
    holds the function on that date. Seats lent by a delegation come last, each only while the giver
    holds it and the person still sits in the office.

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
    return Actor(
        person.id, person.full_name, (*seats, *_lent_seats(session, person_id, on, assigned)), moment
    )


def _lent_seats(
    session: Session, person_id: int, on: date, assigned: set[tuple[Function, int]]
) -> Iterator[Seat]:
    """The seats lent to the person on the date: never more than the giver has himself on that day."""
    for row, giver_name in session.execute(_loans_to_a_person(), {"delegate": person_id, "day": on}):
        if row.function is Function.PREPARE or (row.function, row.agency_id) in assigned:
            acts = frozenset(Action.of(code) for code in row.acts)
            loan = SeatLoan(row.id, row.giver_id, giver_name, acts, row.document_number)
            yield Seat(row.function, row.capacity, row.agency_id, loan)


@cache  # every request of every page asks this: putting the question together cost more than its answer
def _loans_to_a_person() -> Select[Delegation, str]:
    """What is lent to the person `delegate` on the date `day`."""
    day = bindparam("day", type_=Date)
    giver = aliased(Person)
    givers_seat = aliased(Position)
    return (
        select(Delegation, giver.full_name)
        .join(giver, giver.id == Delegation.giver_id)
        .where(
            Delegation.delegate_id == bindparam("delegate"),
            Delegation.valid_from <= day,
            Delegation.valid_to >= day,
            Delegation.revoked_at.is_(None),
            giver.is_active,
            _sits(givers_seat, Delegation.giver_id, day)
            .where(givers_seat.function == Delegation.function, givers_seat.capacity == Delegation.capacity)
            .exists(),
            _sits(aliased(Position), Delegation.delegate_id, day).exists(),
        )
        .order_by(Delegation.id)
    )


def _sits(seat: Any, person_id: InstrumentedAttribute[int], day: BindParameter[date]) -> Select[Any]:
    """The positions the person holds on the date in the office of the delegation."""
    return select(seat.id).where(
        seat.person_id == person_id,
        seat.agency_id == Delegation.agency_id,
        seat.valid_from <= day,
        or_(seat.valid_to.is_(None), seat.valid_to >= day),
    )


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
