"""What a visitor may see of a round's money: an office its own control figures, reviewers all of it.

The envelopes stay with those who appraise and decide: who knows what is left asks for what is left.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.permissions import may
from finance.rounds.queries import CeilingRow, EnvelopeRow, list_ceilings, list_envelopes


def sees_all_money(actor: Actor) -> bool:
    """True for those who appraise, consolidate, approve or inspect."""
    return may(actor, Action.VIEW_REPORTS)


def visible_ceilings(session: Session, actor: Actor, round_id: int) -> list[CeilingRow]:
    """Control figures of the round: all of them, or those of the actor's own offices."""
    rows = list_ceilings(session, round_id)
    if sees_all_money(actor):
        return rows
    own = {seat.agency_id for seat in actor.seats}
    return [row for row in rows if row.agency_id in own]


def visible_envelopes(session: Session, actor: Actor, round_id: int) -> list[EnvelopeRow]:
    """The money there is, for those who may see all of it; else nothing."""
    return list_envelopes(session, round_id) if sees_all_money(actor) else []
