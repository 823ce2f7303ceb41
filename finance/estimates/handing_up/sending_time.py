"""Until when an office may write, sign and hand its estimate on: the round's hour, or one of its own.

The round has one hour for everybody. Sở Tài chính may give an office a longer time; the office that
consolidates may set an earlier hour for those below, so that it has time to read; and a file that was
given back may be answered as long as the one who gave it back can still use the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.hierarchy import consolidating_parents
from finance.agencies.queries import get_agency
from finance.clock import VIETNAM_TIME, Moment
from finance.errors import RoundClosed
from finance.estimates.estimate_lookup import was_returned
from finance.estimates.handing_up.lookup import who_gave_back
from finance.estimates.handing_up.records import EstimateHandover
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateKind
from finance.rounds.deadlines import live_extensions
from finance.rounds.queries import find_deadline, get_round
from finance.rounds.records import LowerDeadline
from finance.rounds.rules import RoundStage


@dataclass(frozen=True, slots=True)
class SendingTime:
    """The hour that binds one office now, and whose it is.

    Attributes:
        at: None when nothing binds.
        stage: of the round's stages the one that ends then.
        set_by: the office above that set it, if one did.
        is_longer: it is the longer time that Sở Tài chính gave the office.
    """

    at: datetime | None
    stage: RoundStage = RoundStage.SUBMISSION
    set_by: int | None = None
    is_longer: bool = False


@dataclass(frozen=True, slots=True)
class RoundHours:
    """Every hour by which offices of a round hand on.

    Attributes:
        general: for everybody; None when none was set.
        longer: office -> until when Sở Tài chính lets it send.
        set_below: office -> the hour it set for the offices below it.
        last_above: the same offices -> until when they can hand on their own at all.
        parents: office -> who consolidates for it.
    """

    general: datetime | None
    longer: Mapping[int, datetime]
    set_below: Mapping[int, datetime]
    last_above: Mapping[int, datetime | None]
    parents: Mapping[int, int]

    def of_office(self, agency_id: int) -> datetime | None:
        """The office's own hour; None when nothing binds it."""
        usual, longer = self._usual(agency_id), self.longer.get(agency_id)
        return max(usual, longer) if usual is not None and longer is not None else usual

    def time_of(self, agency_id: int) -> SendingTime:
        """The same with whose hour it is."""
        at, usual, upper = self.of_office(agency_id), self._usual(agency_id), self.parents.get(agency_id)
        return SendingTime(
            at,
            set_by=upper if upper in self.set_below and at == usual else None,
            is_longer=at is not None and at != usual,
        )

    def _usual(self, agency_id: int) -> datetime | None:
        upper = self.parents.get(agency_id)
        return self.general if upper is None else self.of_those_below(upper)

    def of_those_below(self, upper: int) -> datetime | None:
        """What binds the offices for which this one consolidates, their own longer times aside."""
        if upper not in self.set_below:
            return self.general
        above = self.last_above[upper]
        # The round's hour may have been moved forward since.
        return min(self.set_below[upper], above) if above is not None else self.set_below[upper]


def round_hours(session: Session, round_id: int, on: date) -> RoundHours:
    """The hours of a round as they stand on a day."""
    rows = select(LowerDeadline.agency_id, LowerDeadline.due_at).where(LowerDeadline.round_id == round_id)
    # Of several the newest stands.
    set_below = dict(session.execute(rows.order_by(LowerDeadline.id)).all())
    general = find_deadline(session, round_id, RoundStage.SUBMISSION)
    hours = RoundHours(general, live_extensions(session, round_id), {}, {}, {})
    if not set_below:
        return hours
    return replace(
        hours,
        set_below=set_below,
        last_above={upper: _last_of(session, round_id, upper, hours) for upper in set_below},
        parents=consolidating_parents(session, on),
    )


def sending_time(session: Session, estimate: Estimate, on: date) -> SendingTime:
    """Until when the office may hand this estimate on.

    Who was sent on time and then returned to be completed must be able to answer: until the appraisal
    itself ends when the appraisers returned it, until the office above must hand on its own when that
    one gave it back. Withdrawing one's own file gives no such time.
    """
    if was_returned(session, estimate.id):
        stage = RoundStage.ESTIMATE_APPRAISAL
        return SendingTime(find_deadline(session, estimate.round_id, stage), stage)
    hours = round_hours(session, estimate.round_id, on)
    own, giver = hours.time_of(estimate.agency_id), who_gave_back(session, estimate.id)
    if giver is None or own.at is None:
        return own
    above = sending_time_of_office(session, estimate.round_id, giver, on)
    return SendingTime(above.at, above.stage) if above.at is None or above.at > own.at else own


def sending_times(session: Session, estimates: Sequence[Estimate], on: date) -> dict[int, SendingTime]:
    """The same for a list, by id; what the appraisers returned stands there with its usual hour."""
    hours = {round_id: round_hours(session, round_id, on) for round_id in {e.round_id for e in estimates}}
    given_back = select(EstimateHandover.estimate_id).where(
        EstimateHandover.estimate_id.in_([estimate.id for estimate in estimates]),
        EstimateHandover.state == HandoverState.RETURNED,
    )
    again = set(session.scalars(given_back))
    return {
        one.id: sending_time(session, one, on)
        if one.id in again
        else hours[one.round_id].time_of(one.agency_id)
        for one in estimates
    }


def sending_time_of_office(session: Session, round_id: int, agency_id: int, on: date) -> SendingTime:
    """The same for an office, whether it has begun its estimate or not."""
    estimate = _yearly_estimate(session, round_id, agency_id)
    if estimate is not None:
        return sending_time(session, estimate, on)
    return round_hours(session, round_id, on).time_of(agency_id)


def require_sending_time(session: Session, estimate: Estimate, moment: Moment) -> None:
    """Refuse an act of the submission after the office's hour or in a closed round.

    Raises:
        RoundClosed: the time is over, or the round was closed; says whom to ask for more.
    """
    time = sending_time(session, estimate, moment.business_on)
    is_late = time.at is not None and moment.business_at > time.at
    if not is_late and get_round(session, estimate.round_id).is_open:
        return
    closed_at = time.at or moment.business_at
    text = closed_at.astimezone(VIETNAM_TIME).strftime("%H:%M %d/%m/%Y")
    if time.set_by is None:
        raise RoundClosed(time.stage.label_vi, closed_at, text)
    raise RoundClosed(time.stage.label_vi, closed_at, text, get_agency(session, time.set_by).short_vi)


def _last_of(session: Session, round_id: int, agency_id: int, hours: RoundHours) -> datetime | None:
    """Until when an office that sends by itself can do so: longer when the appraisers returned its file."""
    estimate = _yearly_estimate(session, round_id, agency_id)
    if estimate is not None and was_returned(session, estimate.id):
        return find_deadline(session, round_id, RoundStage.ESTIMATE_APPRAISAL)
    return hours.of_office(agency_id)


def _yearly_estimate(session: Session, round_id: int, agency_id: int) -> Estimate | None:
    query = select(Estimate).where(
        Estimate.round_id == round_id,
        Estimate.agency_id == agency_id,
        Estimate.kind == EstimateKind.ANNUAL,
    )
    return session.scalar(query)
