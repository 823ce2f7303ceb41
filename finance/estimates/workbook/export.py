"""The office's own workbook: an empty template, or its draft to be worked on in a spreadsheet."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.agencies.queries import get_agency
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import get_current_version, get_visible_estimate
from finance.estimates.parts.joining import own_draft
from finance.estimates.parts.money import visible_part_charges
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workbook.base_sheet import WorkbookBase
from finance.estimates.workbook.simple_template import simple_template_holds, write_simple_template
from finance.estimates.workbook.template import write_template
from finance.labels import LabelledEnum
from finance.rounds.queries import get_round


class WorkbookKind(LabelledEnum):
    """Which of an office's workbooks."""

    FILLED = "FILLED", "tệp có số liệu đang lưu"
    EMPTY = "EMPTY", "mẫu trống"
    SIMPLE = "SIMPLE", "mẫu giản đơn"


def export_workbook(
    session: Session, actor: Actor, estimate_id: int, *, kind: WorkbookKind = WorkbookKind.FILLED
) -> tuple[str, bytes]:
    """File name and bytes of the estimate's workbook.

    Args:
        session: open session; nothing is written.
        actor: must be able to see the estimate.
        estimate_id: whose template.
        kind: with the current version's content, empty, or the one-sheet template, which is filled
            when it can say everything that is stored.

    Returns:
        A workbook that carries what was taken out of the store as its base. An empty one was given
        nothing: what comes back in it is added to the estimate.

    Raises:
        NotFound: no such estimate, or none he may know of.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    made_at, today = actor.moment.business_at, actor.moment.business_on
    context = check_context(session, estimate.round_id, estimate.agency_id, on=today)
    # Figures of parts that are not sent are the two offices' own.
    year, agency_id = context.fiscal_year, estimate.agency_id
    in_parts = visible_part_charges(session, actor, estimate.round_id, agency_id, year)
    context = replace(context, parts_bound=in_parts, parts_competing={})
    version = get_current_version(session, estimate)
    # Lines that co-agencies joined are not the lead's to edit in a file.
    stored = own_draft(session, version.id, draft_of_rows(read_version(session, version.id)))
    agency = get_agency(session, estimate.agency_id)
    name = f"du-toan-{agency.code}-{get_round(session, estimate.round_id).code}"
    base = WorkbookBase(stored, estimate.edit_number)
    if kind is WorkbookKind.FILLED:
        content = write_template(context, stored, made_at=made_at, base=base)
        return f"{name}-lan-{version.number}.xlsx", content
    nothing = WorkbookBase(EstimateDraft(), estimate.edit_number)
    if kind is WorkbookKind.EMPTY:
        return f"{name}-mau.xlsx", write_template(context, made_at=made_at, base=nothing)
    is_filled = bool(stored.projects) and simple_template_holds(context, stored, made_at=made_at)
    draft, simple_base = (stored, base) if is_filled else (None, nothing)
    content = write_simple_template(context, draft, made_at=made_at, base=simple_base)
    return f"{name}-gian-don.xlsx", content
