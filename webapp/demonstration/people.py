"""The people of the demonstration: their sign-ins, their seats, and who acts for a function when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from finance.actors import Actor, Function
from finance.agencies.installation import installation_actor
from finance.agencies.operations import NewAgency, NewPosition, add_person, grant_position, register_agency
from finance.agencies.queries import actor_for, find_agency_by_code, list_persons
from finance.agencies.standings import place_agency
from finance.clock import VIETNAM_TIME, Moment
from finance.database import Session
from finance.errors import NotFound
from webapp.demonstration.files import PersonEntry, PositionEntry, read_calendar, read_people, read_positions
from webapp.demonstration.plan_files import read_communes

Clock = Callable[[], datetime]

SEATS_SINCE = date(2011, 12, 14)  # the decision's own date: functions are held from then on
OFFICE_OPENS = time(8, 0, tzinfo=VIETNAM_TIME)
OFFICE_MINUTES = 9 * 60


@dataclass(frozen=True, slots=True)
class DemonstrationSignIn:
    """A name and password that `phanbo sign-ins` prints; all share one invented password."""

    login: str
    password: str
    role_vi: str
    full_name: str


DEMONSTRATION_SIGN_INS = tuple(
    DemonstrationSignIn(person.login, person.password, person.role_vi, person.full_name)
    for person in read_people()
    if person.is_listed
)
# Officers and heads of departments, districts and communes: co-agencies and handing up need them.
OTHER_SIGN_INS = tuple(
    DemonstrationSignIn(person.login, person.password, person.role_vi, person.full_name)
    for person in read_people()
    if not person.is_listed
)


class Staff:
    """Who acts for whom: each act a minute after the one before it, within office hours of its day."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._positions = read_positions()
        self._ids = {row.login: row.id for row in list_persons(session, read_calendar()["opened"])}
        self._known: dict[tuple[str, date], Actor] = {}
        self._acts: dict[date, int] = {}

    def person(self, login: str, on: date) -> Actor:
        """This person, acting now on the business date.

        Raises:
            NotFound: nobody of the demonstration has this login.
        """
        if login not in self._ids:
            raise NotFound("người dùng của tỉnh minh họa", login)
        moment = self.moment(on)
        known = self._known.get((login, on))
        if known is None:
            known = actor_for(self._session, self._ids[login], moment)
            self._known[login, on] = known
        return replace(known, moment=moment)

    def holder(self, function: Function, on: date) -> Actor:
        """Whoever holds the function, acting now on the business date.

        Raises:
            NotFound: nobody of the demonstration holds it.
        """
        for position in self._positions:
            if position.function is function:
                return self.person(position.login, on)
        raise NotFound("người giữ chức năng", function.label_vi)

    def moment(self, on: date) -> Moment:
        """The next minute of the business date, recorded at the machine's true time."""
        minute = self._acts.get(on, 0)
        self._acts[on] = min(minute + 1, OFFICE_MINUTES - 1)
        business_at = datetime.combine(on, OFFICE_OPENS) + timedelta(minutes=minute)
        return Moment(business_at, self._clock())


def add_staff(session: Session, clock: Clock) -> Staff:
    """Let the installation name the administrator, and the administrator everybody else.

    Returns:
        Everybody, ready to act.
    """
    on = read_calendar()["opened"]
    persons = {person.login: person for person in read_people()}
    seats: dict[str, list[PositionEntry]] = {}
    for position in read_positions():
        seats.setdefault(position.login, []).append(position)
    administrator = next(
        position.login for position in read_positions() if position.function is Function.ADMINISTRATION
    )
    now = clock()
    first = installation_actor(Moment(datetime.combine(on, OFFICE_OPENS), now))
    _add_one(session, first, persons.pop(administrator), seats.pop(administrator))
    staff = Staff(session, clock)
    _add_communes(session, staff, administrator)
    for login, person in persons.items():
        _add_one(session, staff.person(administrator, on), person, seats[login])
    return Staff(session, clock)


def agency_id_of(session: Session, code: str) -> int:
    """Id of the office with this code.

    Raises:
        NotFound: the programme has no such office.
    """
    agency = find_agency_by_code(session, code)
    if agency is None:
        raise NotFound("cơ quan", code)
    return agency.id


def _add_communes(session: Session, staff: Staff, administrator: str) -> None:
    """Communes are no part of the programme's list: the administrator registers and places them."""
    on = read_calendar()["opened"]
    for entry in read_communes():
        new = NewAgency(
            code=entry.code,
            name_vi=entry.name_vi,
            short_vi=entry.short_vi,
            kind="commune_committee",
            source="Số liệu minh họa",
            valid_from=SEATS_SINCE,
        )
        agency_id = register_agency(session, staff.person(administrator, on), new).id
        place_agency(
            session,
            staff.person(administrator, on),
            agency_id,
            level_code="xa",
            parent_id=agency_id_of(session, entry.parent_code),
            valid_from=SEATS_SINCE,
            source="Số liệu minh họa",
        )


def _add_one(session: Session, actor: Actor, person: PersonEntry, positions: list[PositionEntry]) -> None:
    person_id = add_person(
        session, actor, login=person.login, full_name=person.full_name, password=person.password
    ).id
    for position in positions:
        seat = NewPosition(
            agency_id=agency_id_of(session, position.agency_code),
            function=position.function,
            capacity=position.capacity,
            title_vi=position.title_vi,
            valid_from=SEATS_SINCE,
        )
        grant_position(session, actor, person_id, position=seat)
