"""What every chapter of the loading holds: the open transaction, the people, the round, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from finance.actors import Actor, Function
from finance.database import Session
from finance.errors import NotFound
from finance.estimates.queries import find_estimate
from finance.estimates.workflow import EstimateKind
from finance.rounds.operations import set_clock
from finance.rounds.queries import get_round
from webapp.demonstration.files import read_calendar
from webapp.demonstration.people import Staff, agency_id_of


@dataclass(frozen=True, slots=True)
class Story:
    """The province while it is being made; steps are named in calendar.csv."""

    session: Session
    staff: Staff
    round_id: int

    def day(self, step: str) -> date:
        """The business date of a step."""
        return read_calendar()[step]

    def person(self, login: str, step: str) -> Actor:
        """This person, acting on the step's day."""
        return self.staff.person(login, self.day(step))

    def holder(self, function: Function, step: str) -> Actor:
        """Whoever holds the function, acting on the step's day."""
        return self.staff.holder(function, self.day(step))

    def round_edit(self) -> int:
        """The round's present edit number."""
        return get_round(self.session, self.round_id).edit_number

    def move_clock(self, step: str) -> None:
        """Let the administrator move the round's business date to the step's day."""
        administrator = self.holder(Function.ADMINISTRATION, step)
        set_clock(
            self.session,
            administrator,
            self.round_id,
            business_on=self.day(step),
            seen_edit=self.round_edit(),
        )

    def estimate_of(self, agency_code: str) -> int:
        """Id of the office's yearly estimate.

        Raises:
            NotFound: the office has not begun it.
        """
        agency_id = agency_id_of(self.session, agency_code)
        found = find_estimate(self.session, self.round_id, agency_id, EstimateKind.ANNUAL)
        if found is None:
            raise NotFound("dự toán", agency_code)
        return found
