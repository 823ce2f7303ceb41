"""Việc của tôi: what waits for a person, oldest deadline first, and who holds what he sent.

Each kind of work is one small function below; a new kind is one more line in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.permissions import may, require
from finance.reports.desk import Desk, open_desk
from finance.reports.sent_files import decisions_elsewhere, own_files_elsewhere, returned_files
from finance.reports.waiting_allocations import answers_to_read, decision_steps, round_setup, scenario_steps
from finance.reports.waiting_estimates import (
    estimates_to_start,
    next_steps,
    reminders_waiting,
    reviews_waiting,
)
from finance.reports.waiting_handovers import estimates_above, estimates_from_below
from finance.reports.waiting_norms import lines_on_norms_ended
from finance.reports.waiting_parts import parts_waiting
from finance.reports.waiting_plans import plans_elsewhere, plans_waiting
from finance.reports.work_items import Place, SentItem, WorkItem, in_order, work_item
from finance.rounds.queries import RoundRow, list_rounds

WAITING: tuple[Callable[[Desk], Iterator[WorkItem]], ...] = (
    reminders_waiting,
    parts_waiting,
    next_steps,
    estimates_to_start,
    estimates_from_below,
    reviews_waiting,
    scenario_steps,
    decision_steps,
    round_setup,
    answers_to_read,
    lines_on_norms_ended,
)

SENT: tuple[Callable[[Desk], Iterator[SentItem]], ...] = (
    own_files_elsewhere,
    returned_files,
    estimates_above,
    decisions_elsewhere,
)


def worklist(session: Session, actor: Actor) -> list[WorkItem]:
    """Everything that waits for the actor in the open rounds and in plans, oldest deadline first.

    Raises:
        NotAllowed: the actor holds no seat at all.
    """
    require(actor, Action.VIEW_WORKLIST)
    rounds = _open_rounds(session)
    plans = list(plans_waiting(session, actor))
    if not rounds and may(actor, Action.OPEN_ROUND):
        return [_round_to_open(actor), *plans]
    desks = [open_desk(session, actor, row) for row in rounds]
    return in_order([*(item for desk in desks for source in WAITING for item in source(desk)), *plans])


def sent_items(session: Session, actor: Actor) -> list[SentItem]:
    """What the actor's offices have handed on in the open rounds, longest held first.

    Raises:
        NotAllowed: the actor holds no seat at all.
    """
    require(actor, Action.VIEW_WORKLIST)
    desks = [open_desk(session, actor, row) for row in _open_rounds(session)]
    items = [item for desk in desks for source in SENT for item in source(desk)]
    items += plans_elsewhere(session, actor)
    return sorted(items, key=lambda item: -item.days_held)


def _open_rounds(session: Session) -> list[RoundRow]:
    return [row for row in list_rounds(session, with_practice=True) if row.is_open]


def _round_to_open(actor: Actor) -> WorkItem:
    return work_item(
        "Mở đợt",
        "Đợt lập dự toán",
        "Chưa có đợt nào đang mở; các cơ quan chưa lập dự toán được.",
        due_at=None,
        today=actor.moment.business_on,
        place=Place("rounds.open_page"),
    )
