"""The one clock: business time (what the procedure goes by) beside recorded time (what happened).

This file alone reads the machine's clock. A demonstration round carries its own business date;
`business_moment` lays the present hour over it, so that the demonstration of 2012 can be lived
through in any year while the audit keeps the true hour too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

# Viet Nam has had one time zone without daylight saving since 1975 (QĐ 134/2002/QĐ-TTg): a fixed
# offset needs no time-zone database, which a bare Debian does not carry.
VIETNAM_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done.

    Attributes:
        business_at: aware time by which deadlines, positions and norms are judged.
        recorded_at: aware time of the machine, kept for the audit.
    """

    business_at: datetime
    recorded_at: datetime

    def __post_init__(self) -> None:
        """Refuse naive times: a deadline is one instant."""
        if self.business_at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("a Moment needs aware datetimes")

    @property
    def business_on(self) -> date:
        """The business date in Viet Nam."""
        return self.business_at.astimezone(VIETNAM_TIME).date()


def machine_now() -> datetime:
    """The machine's present time, aware, in UTC."""
    return datetime.now(UTC)


def business_moment(recorded_at: datetime, set_to_on: date | None) -> Moment:
    """Judge by `set_to_on` when a demonstration has set the date, else by the true time.

    Args:
        recorded_at: the machine's time, aware.
        set_to_on: the demonstration's business date, or None.

    Returns:
        A Moment whose business time has the given date and the present hour of the day.
    """
    if set_to_on is None:
        return Moment(recorded_at, recorded_at)
    local = recorded_at.astimezone(VIETNAM_TIME)
    return Moment(datetime.combine(set_to_on, local.timetz()), recorded_at)
