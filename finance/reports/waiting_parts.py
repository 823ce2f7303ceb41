"""What waits in the parts of co-agencies: to take, to write, to sign, to sign anew."""

from __future__ import annotations

from collections.abc import Iterator

from finance.actions import Action
from finance.estimates.handing_up.sending_time import round_hours
from finance.estimates.part_queries import PartRow, list_parts, part_acts
from finance.estimates.parts.rules import PartStatus
from finance.reports.desk import Desk
from finance.reports.work_items import Place, WorkItem, work_item


def parts_waiting(desk: Desk) -> Iterator[WorkItem]:
    """For the people of a co-agency: the parts on which something is theirs to do now."""
    for row in list_parts(desk.session, desk.actor, desk.round.id):
        verb = _verb_of(desk, row)
        if verb:
            # The lead must send in time, so the lead's deadline presses on the partner.
            hours = round_hours(desk.session, desk.round.id, desk.today)
            yield work_item(
                verb,
                row.label_vi,
                f"{desk.round.name_vi} · {row.status.label_vi} · {row.words}",
                due_at=hours.of_office(row.lead_id),
                today=desk.today,
                place=Place("estimates.part_page", {"part_id": row.id}),
            )


def _verb_of(desk: Desk, row: PartRow) -> str:
    acts = part_acts(desk.actor, row)
    if Action.ACCEPT_PART in acts:
        return "Nhận"
    if Action.SIGN_PART in acts and (row.lines or row.status is PartStatus.SIGNED):
        return "Ký"
    return "Soạn" if Action.SAVE_PART in acts else ""
