"""One person's desk in one open round: read once, looked at by every kind of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.estimates.queries import EstimateRow, list_estimates
from finance.rounds.queries import RoundRow, list_deadlines
from finance.rounds.rules import RoundStage


@dataclass(frozen=True, slots=True)
class Desk:
    """The person, the round, its deadlines, and the estimates the person may know of."""

    session: Session
    actor: Actor
    round: RoundRow
    deadlines: Mapping[RoundStage, datetime]
    files: tuple[EstimateRow, ...]

    @property
    def today(self) -> date:
        """The business date."""
        return self.actor.moment.business_on

    @property
    def where(self) -> Mapping[str, int]:
        """What the address of one of the round's pages needs."""
        return {"round_id": self.round.id}


def open_desk(session: Session, actor: Actor, row: RoundRow) -> Desk:
    """Lay everything of the round before the person."""
    deadlines = {deadline.stage: deadline.due_at for deadline in list_deadlines(session, row.id)}
    return Desk(session, actor, row, deadlines, tuple(list_estimates(session, actor, row.id)))
