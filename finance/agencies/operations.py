"""Acts on offices, persons and their seats. Each is found, permitted, done and audited in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.agencies.passwords import hash_password
from finance.agencies.queries import get_agency
from finance.agencies.records import (
    Agency,
    FunctionAssignment,
    Person,
    Position,
    SignInSession,
)
from finance.agencies.rules import MAX_LOGIN_LENGTH, login_problem, password_problem
from finance.audit import Change, Subject, record_change
from finance.clock import Moment
from finance.errors import NotFound, ReasonMissing, RuleBroken
from finance.permissions import require
from finance.vietnamese.collation import sort_key
from finance.vietnamese.dates import format_date
from finance.vietnamese.fold import fold
from finance.vietnamese.normal import nfc


@dataclass(frozen=True, slots=True)
class NewAgency:
    """What must be known to register an office."""

    code: str
    name_vi: str
    short_vi: str
    kind: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    budget_code: str | None = None


@dataclass(frozen=True, slots=True)
class NewPosition:
    """A seat to be given to a person between two dates."""

    agency_id: int
    function: Function
    capacity: Capacity
    title_vi: str
    valid_from: date
    valid_to: date | None = None


def register_agency(session: Session, actor: Actor, new: NewAgency) -> Agency:
    """Register an office; an office with an old name but a new code is a new office.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: the code is taken, a name is missing, or the last day lies before the first.
    """
    seat = require(actor, Action.REGISTER_AGENCY)
    _require_agency_sound(new)
    if session.scalar(select(Agency.id).where(Agency.code == new.code)) is not None:
        raise RuleBroken(f"Mã cơ quan “{new.code}” đã được dùng; mời chọn mã khác.")
    agency = Agency(
        code=new.code,
        name_vi=nfc(new.name_vi),
        short_vi=nfc(new.short_vi),
        kind=new.kind,
        budget_code=new.budget_code,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        source=nfc(new.source),
        search_key=fold(f"{new.name_vi} {new.short_vi}")[:300],
        sort_key=sort_key(new.name_vi)[:600],
    )
    session.add(agency)
    session.flush()  # the audit row needs the new id
    record_change(session, actor, Action.REGISTER_AGENCY, agency_subject(agency), seat=seat, change=Change())
    return agency


def assign_function(
    session: Session, actor: Actor, agency_id: int, *, function: Function, valid_from: date, source: str
) -> FunctionAssignment:
    """Give an office a function from a date on (by a decision named in `source`).

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such office.
        RuleBroken: the office holds the function on or after that date, or no decision is named.
    """
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.ASSIGN_FUNCTION)
    if not source.strip():
        raise RuleBroken("Phải ghi văn bản giao chức năng.")
    held = find_assignment(session, agency.id, function, valid_from)
    if held is not None:
        since = format_date(held.valid_from)
        raise RuleBroken(f"{agency.short_vi} đã có chức năng “{function.label_vi}” từ {since}.")
    assignment = FunctionAssignment(
        function=function, agency_id=agency.id, valid_from=valid_from, valid_to=None, source=nfc(source)
    )
    session.add(assignment)
    change = Change(to_state=function.label_vi, reason=nfc(source), details={"from": valid_from.isoformat()})
    record_change(session, actor, Action.ASSIGN_FUNCTION, agency_subject(agency), seat=seat, change=change)
    return assignment


def end_function(
    session: Session, actor: Actor, agency_id: int, *, function: Function, last_day: date, source: str
) -> FunctionAssignment:
    """Take a function from an office after its last day (by a decision); every seat of it dies then.

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such office.
        RuleBroken: the office does not hold the function on that day, or no decision is named.
    """
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.ASSIGN_FUNCTION)
    if not source.strip():
        raise RuleBroken("Phải ghi văn bản giao chức năng.")
    held = find_assignment(session, agency.id, function, last_day)
    if held is None or held.valid_from > last_day:
        day = format_date(last_day)
        raise RuleBroken(f"{agency.short_vi} không có chức năng “{function.label_vi}” vào ngày {day}.")
    held.valid_to = last_day
    change = Change(
        from_state=function.label_vi,
        to_state=f"thôi sau ngày {format_date(last_day)}",
        reason=nfc(source),
        details={"function": function.value, "last_day": last_day.isoformat()},
    )
    record_change(session, actor, Action.ASSIGN_FUNCTION, agency_subject(agency), seat=seat, change=change)
    return held


def find_assignment(
    session: Session, agency_id: int, function: Function, on: date
) -> FunctionAssignment | None:
    """The first assignment of the function to the office that is in force on the date or later, or None."""
    query = select(FunctionAssignment).where(
        FunctionAssignment.agency_id == agency_id,
        FunctionAssignment.function == function,
        or_(FunctionAssignment.valid_to.is_(None), FunctionAssignment.valid_to >= on),
    )
    return session.scalar(query.order_by(FunctionAssignment.valid_from).limit(1))


def add_person(session: Session, actor: Actor, *, login: str, full_name: str, password: str) -> Person:
    """Add someone who can sign in.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: the login is taken or misshapen, the name is missing, or the password is too short
            or too long.
    """
    seat = require(actor, Action.ADD_PERSON)
    login, full_name = nfc(login).strip().lower(), " ".join(nfc(full_name).split())
    _require_free_login(session, login)
    if not full_name:
        raise RuleBroken("Phải ghi họ và tên.")
    require_good_password(password)
    person = Person(
        login=login,
        full_name=full_name,
        password_hash=hash_password(password),
        is_active=True,
        sort_key=name_sort_key(full_name)[:600],
    )
    session.add(person)
    session.flush()  # the audit row needs the new id
    record_change(session, actor, Action.ADD_PERSON, person_subject(person), seat=seat, change=Change())
    return person


def grant_position(session: Session, actor: Actor, person_id: int, *, position: NewPosition) -> Position:
    """Give a person a seat between two dates.

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such person or office.
        RuleBroken: the last day lies before the first, or the title is missing.
    """
    person = get_person(session, person_id)
    agency = get_agency(session, position.agency_id)
    seat = require(actor, Action.GRANT_POSITION)
    if position.valid_to is not None and position.valid_to < position.valid_from:
        raise RuleBroken("Ngày cuối không được trước ngày đầu.")
    if not position.title_vi.strip():
        raise RuleBroken("Phải ghi chức danh.")
    row = Position(
        person_id=person.id,
        agency_id=agency.id,
        function=position.function,
        capacity=position.capacity,
        title_vi=nfc(position.title_vi),
        valid_from=position.valid_from,
        valid_to=position.valid_to,
    )
    session.add(row)
    change = Change(
        to_state=f"{row.title_vi}, {agency.short_vi}: {position.function.label_vi}",
        details={
            "from": position.valid_from.isoformat(),
            "last_day": position.valid_to.isoformat() if position.valid_to else "",
        },
    )
    record_change(session, actor, Action.GRANT_POSITION, person_subject(person), seat=seat, change=change)
    return row


def end_position(session: Session, actor: Actor, position_id: int, *, last_day: date) -> Position:
    """End a position with the given last day (it is never deleted).

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such position.
        RuleBroken: the last day lies before the first, the position ends by then already, or nobody
            would administer afterwards.
    """
    row = session.get(Position, position_id)
    if row is None:
        raise NotFound("vị trí công tác", position_id)
    seat = require(actor, Action.END_POSITION)
    if last_day < row.valid_from:
        raise RuleBroken("Ngày thôi vị trí không được trước ngày bắt đầu.")
    if row.valid_to is not None and row.valid_to <= last_day:
        # A page made before somebody else ended the position must not bring the seat back to life.
        raise RuleBroken(f"Vị trí này đã thôi từ {format_date(row.valid_to)}; mời xem lại.")
    if row.function is Function.ADMINISTRATION:
        _require_other_administrator(session, row, last_day)
    row.valid_to = last_day
    person = get_person(session, row.person_id)
    change = Change(
        from_state=row.title_vi,
        to_state=f"thôi sau ngày {format_date(last_day)}",
        details={"last_day": last_day.isoformat()},
    )
    record_change(session, actor, Action.END_POSITION, person_subject(person), seat=seat, change=change)
    return row


def deactivate_person(session: Session, actor: Actor, person_id: int, *, reason: str) -> None:
    """Lock an account and end its sessions at once.

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such person.
        ReasonMissing: no reason is written.
        RuleBroken: the account is locked already.
    """
    person = get_person(session, person_id)
    seat = require(actor, Action.DEACTIVATE_PERSON)
    if not reason.strip():
        raise ReasonMissing(Action.DEACTIVATE_PERSON.label_vi)
    if not person.is_active:
        raise RuleBroken("Tài khoản này đã bị khóa từ trước.")
    person.is_active = False
    end_sessions(session, person.id, actor.moment)
    change = Change(reason=nfc(reason))
    record_change(session, actor, Action.DEACTIVATE_PERSON, person_subject(person), seat=seat, change=change)


def reactivate_person(session: Session, actor: Actor, person_id: int, *, reason: str) -> None:
    """Open a locked account again; the person signs in with the old password.

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such person.
        ReasonMissing: no reason is written.
        RuleBroken: the account is not locked.
    """
    person = get_person(session, person_id)
    seat = require(actor, Action.REACTIVATE_PERSON)
    if not reason.strip():
        raise ReasonMissing(Action.REACTIVATE_PERSON.label_vi)
    if person.is_active:
        raise RuleBroken("Tài khoản này không bị khóa.")
    person.is_active = True
    change = Change(reason=nfc(reason))
    record_change(session, actor, Action.REACTIVATE_PERSON, person_subject(person), seat=seat, change=change)


def get_person(session: Session, person_id: int) -> Person:
    """The person with this id.

    Raises:
        NotFound: no such person.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("người dùng", person_id)
    return person


def agency_subject(agency: Agency) -> Subject:
    """How the audit names an office."""
    return Subject("agency", agency.id, agency.name_vi)


def person_subject(person: Person) -> Subject:
    """How the audit names a person."""
    return Subject("person", person.id, f"{person.full_name} ({person.login})")


def tidy_login(login: str) -> str:
    """The form in which sign-in names are stored, looked up and counted."""
    return nfc(login).strip().lower()[:MAX_LOGIN_LENGTH]


def name_sort_key(full_name: str) -> str:
    """Vietnamese persons are listed by given name, which is written last."""
    parts = nfc(full_name).split()
    return sort_key(" ".join([parts[-1], *parts[:-1]])) if parts else ""


def end_sessions(session: Session, person_id: int, moment: Moment) -> None:
    """End every open browser session of the person."""
    open_sessions = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    for row in session.scalars(open_sessions):
        row.ended_at = moment.recorded_at


def _require_agency_sound(new: NewAgency) -> None:
    if not (new.code.strip() and new.name_vi.strip() and new.short_vi.strip()):
        raise RuleBroken("Phải ghi mã, tên đầy đủ và tên ngắn của cơ quan.")
    if len(new.code) > 40 or len(new.name_vi) > 200 or len(new.short_vi) > 80:
        raise RuleBroken("Mã tối đa 40, tên đầy đủ 200, tên ngắn 80 ký tự.")
    if new.valid_from is not None and new.valid_to is not None and new.valid_to < new.valid_from:
        raise RuleBroken("Ngày cuối không được trước ngày đầu.")


def _require_free_login(session: Session, login: str) -> None:
    problem = login_problem(login)
    if problem is not None:
        raise RuleBroken(problem)
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise RuleBroken(f"Tên đăng nhập “{login}” đã được dùng; mời chọn tên khác.")


def require_good_password(password: str) -> None:
    """Refuse a new password that is too short or too long.

    Raises:
        RuleBroken: it is.
    """
    problem = password_problem(nfc(password))
    if problem is not None:
        raise RuleBroken(problem)


def _require_other_administrator(session: Session, ending: Position, last_day: date) -> None:
    """Refuse to leave the program without anybody who may give seats."""
    query = (
        select(Position.id)
        .join(Person, Person.id == Position.person_id)
        .where(
            Position.function == Function.ADMINISTRATION,
            Position.id != ending.id,
            Person.is_active,
            or_(Position.valid_to.is_(None), Position.valid_to > last_day),
        )
    )
    if session.scalar(query.limit(1)) is None:
        raise RuleBroken("Đây là người quản trị cuối cùng; mời giao quản trị cho người khác trước khi thôi.")
