"""Việc của tôi: what waits for me, oldest deadline first; then what I sent and who holds it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from finance.actions import Action
from finance.reports.work_items import Place, SentItem, WorkItem
from finance.reports.worklist import sent_items, worklist
from finance.rounds.queries import current_round
from webapp.access import current_actor, requires
from webapp.request_scope import read

blueprint = Blueprint("home", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """An item with the address of its page."""

    item: WorkItem | SentItem
    url: str


@blueprint.get("/")
@requires(Action.VIEW_WORKLIST)
def worklist_page() -> str:
    """The start page."""
    actor = current_actor()
    with read() as session:
        waiting = worklist(session, actor)
        sent = sent_items(session, actor)
        row = current_round(session)
    return render_template(
        "home/worklist.html",
        waiting=[LinkedItem(item, _address(item.place)) for item in waiting],
        sent=[LinkedItem(item, _address(item.place)) for item in sent],
        budget_round=row,
        seats=actor.seats,
    )


def _address(place: Place) -> str:
    """The address of a page named by finance; the test of the worklist asks that every page exists."""
    arguments: dict[str, Any] = dict(place.arguments)
    return url_for(place.endpoint, **arguments)
