"""The first act of an installation, before anybody holds a seat."""

from __future__ import annotations

from finance.actors import Actor, Capacity, Function, Seat
from finance.clock import Moment

NO_AGENCY = 0


def installation_actor(moment: Moment) -> Actor:
    """Who loads the programme and names the first administrator: the command line itself.

    The audit shows the name and no person, so that nobody's account is blamed for it.
    """
    seat = Seat(Function.ADMINISTRATION, Capacity.HEAD, NO_AGENCY)
    return Actor(0, "Cài đặt hệ thống", (seat,), moment)
