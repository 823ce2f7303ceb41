"""The office's own workbook: an empty template, or its draft to be worked on in a spreadsheet."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.queries import get_agency
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import get_current_version, get_visible_estimate
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workbook.base_sheet import WorkbookBase
from finance.estimates.workbook.template import write_template
from finance.rounds.queries import get_round


def export_workbook(
    session: Session, actor: Actor, estimate_id: int, *, is_filled: bool = True
) -> tuple[str, bytes]:
    """File name and bytes of the estimate's workbook.

    Args:
        session: open session; nothing is written.
        actor: must be able to see the estimate.
        estimate_id: whose template.
        is_filled: with the current version's content; False gives the empty template.

    Raises:
        NotFound: no such estimate, or none he may know of.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    context = check_context(session, estimate.round_id, estimate.agency_id)
    version = get_current_version(session, estimate)
    stored = draft_of_rows(read_version(session, version.id))
    # An empty template adds to the estimate when it comes back: nothing of it was taken out to be worked on.
    base = WorkbookBase(stored if is_filled else EstimateDraft(), estimate.edit_number)
    content = write_template(
        context, stored if is_filled else None, made_at=actor.moment.business_at, base=base
    )
    agency = get_agency(session, estimate.agency_id)
    name = f"du-toan-{agency.code}-{get_round(session, estimate.round_id).code}"
    return f"{name}-lan-{version.number}.xlsx" if is_filled else f"{name}-mau.xlsx", content
