"""What a repealed norm leaves to do: the preparer's lines to mend, the appraiser's lines to look at again."""

from __future__ import annotations

from collections.abc import Iterator

from finance.actions import Action
from finance.estimates.queries import EstimateRow
from finance.estimates.workflow import PRIVATE, EstimateStatus
from finance.norms.queries import lines_on_ended_norms
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.waiting_estimates import file_title
from finance.reports.work_items import Place, WorkItem, work_item

_WITH_THE_OFFICE = PRIVATE | {EstimateStatus.RETURNED}
_UNDER_APPRAISAL = frozenset(
    {
        EstimateStatus.SENT,
        EstimateStatus.RECEIVED,
        EstimateStatus.CONTENT_APPRAISAL,
        EstimateStatus.ESTIMATE_APPRAISAL,
    }
)


def lines_on_norms_ended(desk: Desk) -> Iterator[WorkItem]:
    """Each file whose lines rest on norms that hold no more, for whoever has it in hand."""
    found = lines_on_ended_norms(
        desk.session, [file.id for file in desk.files], desk.round.fiscal_year, desk.today
    )
    for file in desk.files:
        if file.id not in found:
            continue
        count, codes = found[file.id]
        place = _place(desk, file)
        if place is not None:
            yield work_item(
                "Xem lại",
                file_title(file),
                f"{desk.round.name_vi} · {count} dòng chi dùng định mức đã hết hiệu lực ({', '.join(codes)})",
                due_at=file.due_at,
                today=desk.today,
                place=place,
            )


def _place(desk: Desk, file: EstimateRow) -> Place | None:
    """The page on which this person can do something about it."""
    if file.status in _WITH_THE_OFFICE and may(desk.actor, Action.SAVE_DRAFT, file.agency_id):
        return Place("estimates.estimate_page", {"estimate_id": file.id})
    if file.status in _UNDER_APPRAISAL and may(desk.actor, Action.APPRAISE_LINE, file.agency_id):
        return Place("reviews.lines_page", {"estimate_id": file.id})
    return None
