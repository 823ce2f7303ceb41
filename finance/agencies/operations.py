"""Acts on offices, persons and sign-ins. Each is found, permitted, done and audited in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.agencies.passwords import NOBODYS_HASH, hash_password, is_right_password
from finance.agencies.queries import get_agency, hash_token
from finance.agencies.records import (
    Agency,
    FunctionAssignment,
    Person,
    Position,
    SignInAttempt,
    SignInSession,
)
from finance.agencies.rules import FAILED_TRIES_WINDOW, MAX_FAILED_TRIES, password_problem
from finance.audit import Change, Subject, record_change
from finance.clock import Moment
from finance.errors import NotFound, RuleBroken, SignInRefused
from finance.permissions import require
from finance.vietnamese.collation import sort_key
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


@dataclass(frozen=True, slots=True)
class SignInResult:
    """A session was opened: the token goes to the browser and is stored only hashed."""

    person_id: int
    token: str


def register_agency(session: Session, actor: Actor, new: NewAgency) -> Agency:
    """Register an office; an office with an old name but a new code is a new office.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: the code is taken.
    """
    seat = require(actor, Action.REGISTER_AGENCY)
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
        source=new.source,
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
    """
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.ASSIGN_FUNCTION)
    assignment = FunctionAssignment(
        function=function, agency_id=agency.id, valid_from=valid_from, valid_to=None, source=source
    )
    session.add(assignment)
    change = Change(to_state=function.label_vi, reason=source, details={"from": valid_from.isoformat()})
    record_change(session, actor, Action.ASSIGN_FUNCTION, agency_subject(agency), seat=seat, change=change)
    return assignment


def add_person(session: Session, actor: Actor, *, login: str, full_name: str, password: str) -> Person:
    """Add someone who can sign in.

    Raises:
        NotAllowed: the actor does not administer.
        RuleBroken: the login is taken, or the password is too short or too long.
    """
    seat = require(actor, Action.ADD_PERSON)
    login = nfc(login).strip().lower()
    _require_free_login(session, login)
    _require_good_password(password)
    person = Person(
        login=login,
        full_name=nfc(full_name).strip(),
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
    """
    person = get_person(session, person_id)
    agency = get_agency(session, position.agency_id)
    seat = require(actor, Action.GRANT_POSITION)
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
    said = f"{position.title_vi}, {agency.short_vi}: {position.function.label_vi}"
    change = Change(to_state=said[:80], details={"from": position.valid_from.isoformat()})
    record_change(session, actor, Action.GRANT_POSITION, person_subject(person), seat=seat, change=change)
    return row


def end_position(session: Session, actor: Actor, position_id: int, *, last_day: date) -> Position:
    """End a position with the given last day (it is never deleted).

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such position.
        RuleBroken: the last day lies before the first.
    """
    row = session.get(Position, position_id)
    if row is None:
        raise NotFound("vị trí công tác", position_id)
    seat = require(actor, Action.END_POSITION)
    if last_day < row.valid_from:
        raise RuleBroken("Ngày thôi vị trí không được trước ngày bắt đầu.")
    row.valid_to = last_day
    person = get_person(session, row.person_id)
    change = Change(from_state=row.title_vi[:80], details={"last_day": last_day.isoformat()})
    record_change(session, actor, Action.END_POSITION, person_subject(person), seat=seat, change=change)
    return row


def deactivate_person(session: Session, actor: Actor, person_id: int, *, reason: str) -> None:
    """Lock an account and end its sessions at once.

    Raises:
        NotAllowed: the actor does not administer.
        NotFound: no such person.
    """
    person = get_person(session, person_id)
    seat = require(actor, Action.DEACTIVATE_PERSON)
    person.is_active = False
    _end_sessions(session, person.id, actor.moment)
    change = Change(reason=nfc(reason))
    record_change(session, actor, Action.DEACTIVATE_PERSON, person_subject(person), seat=seat, change=change)


def sign_in(
    session: Session, moment: Moment, *, login: str, password: str, remote_address: str
) -> SignInResult:
    """Open a session for the right name and password.

    Failed tries must be kept although signing in fails: the caller's transaction commits them
    because this function returns the refusal as an exception only after `note_failed_sign_in`
    was stored in a transaction of its own (see webapp/accounts).

    Raises:
        SignInRefused: unknown name, wrong password, locked account or too many tries; all alike.
    """
    login = nfc(login).strip().lower()
    waiting = seconds_to_wait(session, moment, login=login)
    if waiting:
        raise SignInRefused(waiting)
    person = session.scalar(select(Person).where(Person.login == login))
    stored_hash = person.password_hash if person is not None else NOBODYS_HASH
    is_right = is_right_password(stored_hash, password)
    if person is None or not is_right or not person.is_active:
        raise SignInRefused
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=hash_token(token),
            person_id=person.id,
            created_at=moment.recorded_at,
            last_seen_at=moment.recorded_at,
        )
    )
    actor = Actor(person.id, person.full_name, (), moment)
    change = Change(details={"address": remote_address})
    record_change(session, actor, Action.SIGN_IN, person_subject(person), seat=None, change=change)
    return SignInResult(person.id, token)


def note_failed_sign_in(session: Session, moment: Moment, *, login: str, remote_address: str) -> None:
    """Keep a failed try, so that guessing slows down."""
    session.add(
        SignInAttempt(
            login=nfc(login).strip().lower()[:80], remote_address=remote_address[:64], at=moment.recorded_at
        )
    )


def seconds_to_wait(session: Session, moment: Moment, *, login: str) -> int:
    """Seconds until this name may be tried again; 0 when it may be tried now."""
    since = moment.recorded_at - FAILED_TRIES_WINDOW
    tries, latest = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            SignInAttempt.login == login, SignInAttempt.at > since
        )
    ).one()
    if tries < MAX_FAILED_TRIES or latest is None:
        return 0
    # Each try beyond the limit doubles the wait, up to the window: a guesser gets about twenty
    # tries an hour, an officer who mistyped waits seconds.
    seconds = min(15 * 2 ** min(tries - MAX_FAILED_TRIES, 6), int(FAILED_TRIES_WINDOW.total_seconds()))
    passed = (moment.recorded_at - latest).total_seconds()
    return max(0, int(seconds - passed))


def keep_session_alive(session: Session, token: str, moment: Moment) -> None:
    """Note that the signed-in browser was seen now."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    if row is not None and row.ended_at is None:
        row.last_seen_at = moment.recorded_at


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End this browser's session."""
    row = session.scalar(select(SignInSession).where(SignInSession.token_hash == hash_token(token)))
    if row is not None and row.ended_at is None and row.person_id == actor.person_id:
        row.ended_at = actor.moment.recorded_at
        person = get_person(session, actor.person_id)
        record_change(session, actor, Action.SIGN_OUT, person_subject(person), seat=None, change=Change())


def change_password(session: Session, actor: Actor, *, old_password: str, new_password: str) -> None:
    """Change one's own password; every session of the account ends.

    Raises:
        SignInRefused: the old password is wrong.
        RuleBroken: the new one is too short or too long.
    """
    person = get_person(session, actor.person_id)
    if not is_right_password(person.password_hash, old_password):
        raise SignInRefused
    _require_good_password(new_password)
    person.password_hash = hash_password(new_password)
    _end_sessions(session, person.id, actor.moment)
    record_change(session, actor, Action.CHANGE_PASSWORD, person_subject(person), seat=None, change=Change())


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


def name_sort_key(full_name: str) -> str:
    """Vietnamese persons are listed by given name, which is written last."""
    parts = nfc(full_name).split()
    return sort_key(" ".join([parts[-1], *parts[:-1]])) if parts else ""


def _end_sessions(session: Session, person_id: int, moment: Moment) -> None:
    open_sessions = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    for row in session.scalars(open_sessions):
        row.ended_at = moment.recorded_at


def _require_free_login(session: Session, login: str) -> None:
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise RuleBroken(f"Tên đăng nhập “{login}” đã được dùng; mời chọn tên khác.")


def _require_good_password(password: str) -> None:
    problem = password_problem(nfc(password))
    if problem is not None:
        raise RuleBroken(problem)
